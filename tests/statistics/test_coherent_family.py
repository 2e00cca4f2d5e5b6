"""The family in a world of its own making: likelihood at its word, weights fixed, no discount."""

from __future__ import annotations

import numpy as np
import pytest

from sxsim.fitting import grid as settings
from sxsim.fitting.family import cell_posterior
from sxsim.fitting.features import COUNT
from sxsim.fitting.grid import DRIFTS, SHAPES, SPREADS, STRENGTH, WIDTHS, Grid
from sxsim.fitting.learned import LearnedPrior, level_table

FIGURES, AHEAD = 11, 3
# Log scale; random walk, two kinds of growth that lasts, noise, a level that returns; three drifts.
ROWS = np.array(
    [
        (0, s, w, m, spread, 0)
        for s, w in ((0, 1), (3, 0), (8, 2), (11, 1), (16, 0))
        for m, spread in ((1, 1), (3, 2))
    ]
)


@pytest.fixture
def prior(monkeypatch):
    """Weights that features and discounts leave alone, so that Bayes' rule holds from year to year."""
    monkeypatch.setattr(settings, "DISCOUNTS", (1.0, 1.0))
    grid = Grid(rows=ROWS)
    theta = np.zeros((len(level_table(grid)), COUNT))
    theta[:, 0] = np.random.default_rng(0).normal(0, 0.3, len(theta))
    return LearnedPrior(grid=grid, theta=theta, eta=1.0, source="a world")


def histories(prior, count, years, seed):
    """Draw cell, sigma and drift from the prior, then changes; their sums are the levels."""
    rng = np.random.default_rng(seed)
    weights = prior.weights(np.zeros((1, len(ROWS)), np.float32), np.eye(1, COUNT))[0]
    cells = rng.choice(len(ROWS), count, p=weights / weights.sum())
    levels = np.zeros((count, years))
    for cell, (_, shape, width, drift, spread, _) in enumerate(ROWS):
        members = np.flatnonzero(cells == cell)
        sigma = np.sqrt(STRENGTH * SPREADS[spread] ** 2 / rng.gamma(STRENGTH, size=len(members)))
        factor = np.linalg.cholesky(SHAPES[shape].covariance(years - 1) + WIDTHS[width] ** 2)
        changes = DRIFTS[drift] + sigma[:, None] * (rng.normal(size=(len(members), years - 1)) @ factor.T)
        levels[members, 1:] = changes.cumsum(axis=1)
    return levels


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("target", [-0.05, 0.1, 0.3])
def test_the_probability_is_a_martingale(prior, seed, target):
    """Averaged over what next year may bring, next year's probability is today's.

    Next year stands on 2,000 quantiles of equal weight. A probability that rises and falls at most once along
    them has a variation of at most 2, hence an error of at most 2 / 2,000; single precision adds 2e-4.
    """
    levels = histories(prior, 1, FIGURES, seed)
    law = cell_posterior(levels, prior)
    today = float(law.marginal(AHEAD).at_least(np.array([target]))[0])
    nodes = law.marginal(1).quantiles((np.arange(2000) + 0.5) / 2000)[:, 0]
    extended = np.column_stack([np.repeat(levels, 2000, axis=0), levels[0, -1] + nodes])
    tomorrow = cell_posterior(extended, prior).marginal(AHEAD - 1).at_least(target - nodes)
    assert abs(tomorrow.mean() - today) <= 2 / 2000 + 2e-4


@pytest.mark.parametrize("step", [1, AHEAD])
def test_what_is_announced_happens_that_often(prior, step):
    """The rank of the truth is uniform (Talts et al. 2018): twenty bins of 8,000 series within 4.5 errors."""
    count = 8_000
    levels = histories(prior, count, FIGURES + AHEAD, 7)
    law = cell_posterior(levels[:, :FIGURES], prior).marginal(step)
    rank = law.at_most(levels[:, FIGURES - 1 + step] - levels[:, FIGURES - 1])
    share = np.histogram(rank, 20, (0, 1))[0] / count
    assert np.abs(share - 0.05).max() <= 4.5 * np.sqrt(0.05 * 0.95 / count)
    announced = law.at_least(np.full(count, 0.1))
    happened = levels[:, FIGURES - 1 + step] - levels[:, FIGURES - 1] >= 0.1
    for low in np.arange(0.0, 1.0, 0.2):
        inside = (announced >= low) & (announced < low + 0.2)
        error = np.sqrt((announced * (1 - announced))[inside].sum()) / inside.sum()
        assert abs(happened[inside].mean() - announced[inside].mean()) <= 4.5 * error
