from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scipy import special, stats

import sxsim as sx
from sxsim.fitting.gaussian_fit import fit_gaussian, shape_names
from sxsim.fitting.walk import posterior_of, summarise
from sxsim.processes.parameter import with_values

PRIOR = sx.Prior(drift=0.03, years=4.0, shape=1.5, spread=0.06)
RNG = np.random.default_rng(4)
LEVELS = np.cumsum(0.05 + 0.1 * RNG.standard_normal((3, 12)), axis=1)
LEVELS[0, [4, 7, 8]] = np.nan
LEVELS[1, :6] = np.nan
FAMILIES = [sx.AutoregressiveGrowth(), sx.TrendStationary(), sx.DampedTrend()]
each_family = pytest.mark.parametrize("family", FAMILIES, ids=lambda family: type(family).__name__)


def test_a_random_walk_is_the_conjugate_posterior():
    got, _ = fit_gaussian(LEVELS, sx.RandomWalk(), PRIOR)
    expected = posterior_of(summarise(LEVELS), PRIOR)
    for step in (1, 5, np.array([1, 2, 9])):
        one, other = got.marginal(step), expected.marginal(step)
        np.testing.assert_allclose(one.location[:, 0], other.location, rtol=1e-12)
        np.testing.assert_allclose(one.spread[:, 0], other.spread, rtol=1e-12)
        np.testing.assert_allclose(one.dof[:, 0], other.dof, rtol=1e-14)
        np.testing.assert_allclose(got.drift_share(step)[:, 0], expected.drift_share(step), rtol=1e-12)
    one, other = got.mixture(6, 1), expected.mixture(6, 1)
    np.testing.assert_allclose(one.factors, other.factors, atol=1e-12)
    np.testing.assert_allclose(one.locations, other.locations, rtol=1e-12)


@each_family
def test_members_of_a_batch_are_fitted_as_if_alone(family):
    together, _ = fit_gaussian(LEVELS, family, PRIOR)
    for member in range(3):
        alone, _ = fit_gaussian(LEVELS[member : member + 1], family, PRIOR)
        np.testing.assert_array_equal(together.weights[member], alone.weights[0])
        np.testing.assert_array_equal(together.mixture(5, member).locations, alone.mixture(5).locations)


@each_family
def test_the_joint_law_has_the_laws_of_its_years(family):
    law, _ = fit_gaussian(LEVELS, family, PRIOR)
    joint = law.mixture(7, 2)
    variance = np.einsum("dhi,dhi->dh", joint.factors, joint.factors) * joint.scales[:, None] ** 2
    for step in (1, 4, 7):
        year = law.marginal(step)
        np.testing.assert_allclose(joint.locations[:, step - 1], year.location[2], atol=1e-12)
        np.testing.assert_allclose(np.sqrt(variance[:, step - 1]), year.spread[2], rtol=1e-10)
    longer = law.mixture(11, 2)
    assert np.array_equal(longer.factors[:, :7, :8], joint.factors)
    assert np.array_equal(longer.locations[:, :7], joint.locations)


def by_hand(levels, family, names, grid):
    """Posterior predictive on a grid of shapes, by conditioning one long joint normal law."""
    laws, logs = [], []
    seen = np.flatnonzero(np.isfinite(levels))
    n, ahead = len(levels), 4
    for values in grid:
        process = with_values(family, dict(zip(names, values, strict=True)) | {"drift": 0.0, "sigma": 1.0})
        _, long = process.moments(200 + n + ahead)
        years = np.concatenate([200 + seen, [200 + n + ahead - 1]])
        change = np.zeros((len(seen), len(long)))
        for row, (a, b) in enumerate(pairwise(years)):
            change[row, [a, b]] = -1.0, 1.0
        gaps = np.diff(years).astype(float)
        joint = change @ long @ change.T + np.outer(gaps, gaps) / PRIOR.years
        x = np.diff(levels[seen]) - PRIOR.drift * gaps[:-1]
        past = joint[:-1, :-1]
        weights = np.linalg.solve(past, joint[:-1, -1])
        a, b = PRIOR.shape + len(x) / 2, PRIOR.rate + x @ np.linalg.solve(past, x) / 2
        spread = np.sqrt(b / a * (joint[-1, -1] - weights @ joint[:-1, -1]))
        laws.append(stats.t(2 * a, PRIOR.drift * gaps[-1] + weights @ x, spread))
        belief = sum(
            stats.beta(*p.belief, p.low, p.high - p.low).logpdf(v)
            for p, v in zip((p for p in family.parameters if p.name in names), values, strict=True)
        )
        logs.append(-a * np.log(b) - 0.5 * np.linalg.slogdet(past)[1] + belief)
    return laws, special.softmax(logs)


@pytest.mark.parametrize(
    ("family", "names", "count"),
    [
        (sx.AutoregressiveGrowth(), ["phi"], 60),
        (sx.TrendStationary(), ["rho"], 60),
        (sx.DampedTrend(phi=0.8), ["alpha", "beta"], 12),
    ],
    ids=["autoregressive", "trend stationary", "damped"],
)
def test_weighted_draws_agree_with_a_grid_over_a_long_joint_law(family, names, count):
    """Within 4 errors of the draws: sqrt(.25 / effective number), a tenth of it by quasi-random points."""
    described = {p.name: p for p in family.parameters}
    shares = (np.arange(count) + 0.5) / count
    axes = [described[n].low + (described[n].high - described[n].low) * shares for n in names]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(names))
    laws, weights = by_hand(LEVELS[0], family, names, grid)
    got, draws = fit_gaussian(LEVELS[:1], family, PRIOR)
    for level in (-0.2, 0.1, 0.3, 0.6):
        expected = sum(w * law.cdf(level) for law, w in zip(laws, weights, strict=True))
        p = float(got.marginal(4).at_most(np.array([level]))[0])
        assert abs(p - expected) < 4 * np.sqrt(0.25 / draws[0].effective()) / 10


def test_given_parameters_are_known():
    family = sx.DampedTrend(drift=0.02, phi=0.8, alpha=0.7, beta=0.2, sigma=0.1)
    assert shape_names(family) == []
    law, _ = fit_gaussian(LEVELS, family, PRIOR)
    assert law.weights.shape == (3, 1)
    assert np.isinf(law.dof).all()
    assert (law.scale == 0.1).all()
    assert (law.drift_share(5) == 0).all()
    assert law.mean[:, 0, -1].tolist() == [0.02] * 3
    only, _ = fit_gaussian(LEVELS, sx.AutoregressiveGrowth(phi=0.0), PRIOR)
    walk, _ = fit_gaussian(LEVELS, sx.RandomWalk(), PRIOR)
    np.testing.assert_allclose(only.marginal(5).spread, walk.marginal(5).spread, rtol=1e-12)


@each_family
def test_one_figure_leaves_the_prior(family):
    law, _ = fit_gaussian(np.array([[np.nan, 2.0, np.nan]]), family, PRIOR)
    assert (law.dof == 2 * PRIOR.shape).all()
    year = law.marginal(3)
    assert np.isfinite(year.spread).all()
    assert year.location == pytest.approx(np.full_like(year.location, 3 * PRIOR.drift), abs=1e-12)


@each_family
def test_a_constant_series_has_a_proper_answer(family):
    law, _ = fit_gaussian(np.full((1, 12), 3.0), family, PRIOR)
    low, high = law.marginal(5).quantiles([0.05, 0.95])[:, 0]
    assert -1.0 < low < 0.0 < high < 1.0


def test_a_bridge_widens_every_year():
    law, _ = fit_gaussian(LEVELS, sx.AutoregressiveGrowth(), PRIOR)
    wide = replace(law, bridge_sd=0.05)
    spread, wider = law.marginal(4).spread, wide.marginal(4).spread
    np.testing.assert_allclose(wider**2, spread**2 + (4 * 0.05) ** 2, rtol=1e-12)
    joint = wide.mixture(4, 1)
    variance = (joint.factors[:, 3] ** 2).sum(axis=1) * joint.scales**2
    np.testing.assert_allclose(np.sqrt(variance), wider[1], rtol=1e-10)
    assert (wide.drift_share(4) > law.drift_share(4)).all()
