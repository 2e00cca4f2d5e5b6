"""Which indicators move together: draws of the correlation of their yearly innovations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sxsim.fitting.expectation import expected_covariance, fill_holes
from sxsim.fitting.factorised import Belief, drawn, factors, log_evidence, spread_uniforms
from sxsim.fitting.unequal import Layout, layout_of
from sxsim.processes import Dependence
from sxsim.streams import Role, Seed

Array = NDArray[np.float64]

DRAWS = 128
MOST_ROWS = 2000
_SWEEPS = 12
_STRENGTHS = (2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
_COMMONS = np.linspace(-0.3, 0.9, 13)
_CENTRE, _WIDTH = 0.15, 0.3
_START = Belief(strength=np.array([8.0]), common=np.array([0.15]))


def joined_dependence(count: int, tables: Mapping[str, tuple[Sequence[int], Array]]) -> Dependence:
    """Return the dependence of ``count`` indicators, of which some have tables of innovations in common.

    Each table, under a label of its own, belongs to the indicators named by their places; indicators of
    different tables, and those without one, are independent.
    """
    draws = np.repeat(np.eye(count)[None], DRAWS if tables else 1, axis=0)
    years = np.zeros((count, count), np.int64)
    for label, (places, table) in tables.items():
        block = np.ix_(places, places)
        draws[:, block[0], block[1]] = correlation_draws(table, label=label)
        seen = np.isfinite(table).astype(np.int64)
        years[block] = seen.T @ seen
    return Dependence(draws=draws, common_years=years)


def correlation_draws(innovations: Array, *, draws: int = DRAWS, label: str = "") -> Array:
    """Draw from the posterior of the correlation of ``(year, indicator)``, NaN where not observed.

    The prior is worth 2 to 64 years at one correlation for all pairs; how many years and which correlation is
    weighed by the marginal likelihood, so that the shrinkage is learned and its own uncertainty kept. The
    common correlation is normal beforehand, 0.15 with a standard deviation of 0.3. Histories of different
    length are a staircase, for which the posterior is a chain of conjugate regressions and is drawn exactly;
    other holes are filled in turn with it (Schafer 1997, Analysis of Incomplete Multivariate Data, ch. 6).

    The same table gives the same draws; another ``label`` gives others. At most ``MOST_ROWS``
    rows are used, taken at random.

    Returns
    -------
    numpy.ndarray
        Correlation matrices, ``(draw, indicator, indicator)``, positive definite.
    """
    generator = Seed.of(0).generator(Role.CORRELATION, "posterior", label, 0)
    table = innovations[np.isfinite(innovations).any(axis=1)]
    if len(table) > MOST_ROWS:
        table = table[generator.permutation(len(table))[:MOST_ROWS]]
    layout = layout_of(np.isfinite(table))
    lower = _chains(table[:, layout.order], layout, draws, generator)
    lower = lower / np.sqrt((lower**2).sum(axis=2, keepdims=True))
    back = np.argsort(layout.order)
    correlation = (lower @ lower.transpose(0, 2, 1))[:, back[:, None], back]
    correlation[:, np.arange(len(back)), np.arange(len(back))] = 1.0
    return np.asarray(0.5 * (correlation + correlation.transpose(0, 2, 1)))


def _chains(table: Array, layout: Layout, draws: int, generator: np.random.Generator) -> Array:
    """Covariance factors of every chain; without holes the first sweep is exact and the last."""
    seen, holes = np.isfinite(table), bool(layout.holes.any())
    tables = np.repeat(np.where(seen, table, 0.0)[None], draws if holes else 1, axis=0)
    beliefs, log_prior = _beliefs(table.shape[1])
    lower = np.asarray(np.linalg.cholesky(expected_covariance(table, _START))[None], float)
    for _ in range(_SWEEPS if holes else 1):
        fill_holes(tables, seen, layout, lower, generator)
        weights = log_prior + log_evidence(tables, layout, beliefs)
        belief = _drawn_beliefs(weights, beliefs, draws, generator)
        lower = factors(tables, layout, belief, drawn(layout, belief, generator))
    return lower


def _beliefs(columns: int) -> tuple[Belief, Array]:
    """Every strength with every common correlation that so many columns can have, and its log prior."""
    possible = _COMMONS[_COMMONS * (columns - 1) > -0.95]
    strength, common = (part.ravel() for part in np.meshgrid(_STRENGTHS, possible))
    return Belief(strength=strength, common=common), -0.5 * ((common - _CENTRE) / _WIDTH) ** 2


def _drawn_beliefs(log_weights: Array, beliefs: Belief, draws: int, generator: np.random.Generator) -> Belief:
    """Pick one belief per chain by its weight."""
    weights = np.exp(log_weights - log_weights.max(axis=1, keepdims=True))
    steps = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)[:, :-1]
    uniforms = spread_uniforms(generator, draws, 1)
    return beliefs.take((steps < uniforms).sum(axis=1))
