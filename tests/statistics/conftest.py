from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from sxsim.fitting import grid as settings
from sxsim.fitting.features import COUNT
from sxsim.fitting.grid import DRIFTS, SHAPES, SPREADS, STRENGTH, WIDTHS, Grid
from sxsim.fitting.learned import LearnedPrior, level_table

_Function = Callable[[np.ndarray], np.ndarray]


@pytest.fixture
def every_year() -> Callable[[_Function, _Function, Sequence[float], float], float]:
    """P(z_1 >= b_1, ..., z_H >= b_H) of a walk with independent steps, by a forward recursion.

    ``f_{t+1}(z) = int_{b_t} f_t(s) density(z - s) ds`` on 40 panels of 16 Gauss-Legendre nodes in ``asinh``
    of the distance from the bar, so that heavy tails are reached too.
    """

    def probability(density: _Function, tail: _Function, bars: Sequence[float], scale: float) -> float:
        x, w = np.polynomial.legendre.leggauss(16)
        edges = np.linspace(0.0, 14.0, 41)
        half = 0.5 * np.diff(edges)[:, None]
        u = (edges[:-1, None] + half * (x + 1.0)).ravel()
        weight = (half * w).ravel() * np.cosh(u) * scale
        at, mass = np.zeros(1), np.ones(1)
        for bar in bars[:-1]:
            z = bar + scale * np.sinh(u)
            mass = weight * (density(z[:, None] - at) @ mass)
            at = z
        return float(tail(bars[-1] - at) @ mass)

    return probability


@pytest.fixture
def family_prior(monkeypatch):
    """Weights that features and discounts leave alone, so that Bayes' rule holds from year to year."""
    # Log scale; random walk, two kinds of growth that lasts, noise, a level that returns; three drifts.
    rows = np.array(
        [
            (0, s, w, m, spread, 0)
            for s, w in ((0, 1), (3, 0), (8, 2), (11, 1), (16, 0))
            for m, spread in ((1, 1), (3, 2))
        ]
    )
    monkeypatch.setattr(settings, "DISCOUNTS", (1.0, 1.0))
    grid = Grid(rows=rows)
    theta = np.zeros((len(level_table(grid)), COUNT))
    theta[:, 0] = np.random.default_rng(0).normal(0, 0.3, len(theta))
    return LearnedPrior(grid=grid, theta=theta, eta=1.0, source="a world")


@pytest.fixture
def family_histories(family_prior):
    """Draw cell, sigma and drift from the prior, then changes; their sums are the levels."""

    def make(count, years, seed):
        rng = np.random.default_rng(seed)
        weights = family_prior.weights(np.zeros((1, len(family_prior.grid)), np.float32), np.eye(1, COUNT))[0]
        cells = rng.choice(len(family_prior.grid), count, p=weights / weights.sum())
        levels = np.zeros((count, years))
        for cell, (_, shape, width, drift, spread, _) in enumerate(family_prior.grid.rows):
            members = np.flatnonzero(cells == cell)
            sigma = np.sqrt(STRENGTH * SPREADS[spread] ** 2 / rng.gamma(STRENGTH, size=len(members)))
            factor = np.linalg.cholesky(SHAPES[shape].covariance(years - 1) + WIDTHS[width] ** 2)
            changes = DRIFTS[drift] + sigma[:, None] * (rng.normal(size=(len(members), years - 1)) @ factor.T)
            levels[members, 1:] = changes.cumsum(axis=1)
        return levels

    return make
