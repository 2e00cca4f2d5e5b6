from __future__ import annotations

import numpy as np
import pytest

from sxsim.fitting import Prior, fit, learned_prior
from sxsim.fitting.grid import Grid, operators
from sxsim.fitting.innovations import _driftless, standard_innovations
from sxsim.fitting.walk import posterior_of, summarise
from sxsim.links import Log
from sxsim.processes import Shape

PRIOR = Prior(drift=0.03, years=4.0, shape=1.5, spread=0.06)


def levels_of(years=14, seed=0, members=1):
    return np.random.default_rng(seed).normal(0.06, 0.1, (members, years)).cumsum(axis=1)


def walk_of(levels):
    return posterior_of(summarise(levels), PRIOR)


def of_walk(levels):
    walk = walk_of(levels)
    return standard_innovations(levels, walk, walk, None)


def of_cells(levels):
    data = np.exp(levels)
    import xarray as xr

    series = xr.Dataset({"y": (("member", "year"), data)}, coords={"year": np.arange(data.shape[1])})
    law = fit(series, prior=learned_prior())["y"].law
    return standard_innovations(levels, law, walk_of(levels), learned_prior().grid)


def recursive_residuals(changes):
    """Each change less the mean before it, scaled to the variance of a change, by hand."""
    return np.array([(changes[t] - changes[:t].mean()) / np.sqrt(1 + 1 / t) for t in range(1, len(changes))])


def test_a_random_walk_leaves_what_its_mean_growth_did_not_say():
    levels = levels_of()
    walk = walk_of(levels)
    expected = recursive_residuals(np.diff(levels[0])) / np.sqrt(walk.rate / walk.shape)
    expected /= np.sqrt((2 + (expected**2).sum()) / (2 + len(expected)))
    found = of_walk(levels)[0]
    assert np.isnan(found[:2]).all()
    np.testing.assert_allclose(found[2:], expected, rtol=1e-12)


def test_the_operator_of_the_random_walk_cell_does_the_same():
    grid = Grid.full()
    walks = [i for i, (shape, _) in enumerate(grid.kernels) if shape == Shape()]
    changes = np.diff(levels_of()[0])
    for kernel in _driftless(operators(grid, (1,) * len(changes)), len(changes))[walks]:
        np.testing.assert_allclose(kernel @ changes, recursive_residuals(changes), rtol=1e-6)


def test_every_cell_leaves_white_noise_free_of_any_drift():
    """Whatever the shape: applied to its own covariance the operator gives the identity, to a drift zero."""
    grid = Grid.full()
    gaps = (1, 2, 1, 1, 3, 1, 1)
    spans = np.repeat(np.eye(len(gaps)), gaps, axis=1)
    for (shape, _), operator in zip(grid.kernels, _driftless(operators(grid, gaps), len(gaps)), strict=True):
        covariance = spans @ shape.covariance(sum(gaps)) @ spans.T
        np.testing.assert_allclose(operator @ covariance @ operator.T, np.eye(len(gaps) - 1), atol=1e-6)
        np.testing.assert_allclose(operator @ np.array(gaps, float), 0.0, atol=1e-6)


@pytest.mark.parametrize("of", [of_walk, of_cells])
def test_a_faster_growth_changes_nothing_but_the_size_of_the_unit(of):
    """Innovations do not know that all series grow faster than the prior expects."""
    levels = levels_of()
    slow, fast = of(levels)[0, 2:], of(levels + 0.02 * np.arange(14))[0, 2:]
    assert np.corrcoef(slow, fast)[0, 1] > (0.9999 if of is of_walk else 0.95)


@pytest.mark.parametrize("of", [of_walk, of_cells])
def test_series_have_unit_variance(of):
    found = of(levels_of(members=30))[:, 2:]
    assert np.isfinite(found).all()
    np.testing.assert_allclose((found**2).mean(axis=1), 1.0, rtol=0, atol=0.35)


@pytest.mark.parametrize("of", [of_walk, of_cells])
def test_changes_over_several_years_are_left_out(of):
    levels = levels_of()
    levels[0, [4, 5, 9]] = np.nan
    found = of(levels)[0]
    assert np.flatnonzero(np.isfinite(found)).tolist() == [2, 3, 7, 8, 11, 12, 13]


@pytest.mark.parametrize("of", [of_walk, of_cells])
@pytest.mark.parametrize("points", [0, 1, 2])
def test_two_figures_say_nothing_about_a_year(of, points):
    levels = levels_of(members=2)
    levels[0, : 14 - points] = np.nan
    found = of(levels)
    assert np.isnan(found[0]).all()
    assert np.isfinite(found[1, 2:]).all()


@pytest.mark.parametrize("of", [of_walk, of_cells])
def test_a_constant_series_has_no_surprises(of):
    found = of(np.zeros((1, 8)))[0, 2:]
    np.testing.assert_allclose(found, 0.0, atol=1e-9)


def test_short_members_of_a_batch_are_walks(panel):
    """One member has the cells, one with three figures the random walk, one nothing."""
    panel["y"][2, -3:] = [3.0, 3.3, 3.2]
    grown = fit(panel)["y"]
    levels = Log().forward(panel["y"].to_numpy())
    walk = walk_of(levels)
    found = standard_innovations(levels, grown.law, walk, learned_prior().grid)
    assert np.isfinite(found).sum(axis=1).tolist() == [6, 3, 1]
    np.testing.assert_allclose(found[2], of_walk(levels)[2], rtol=1e-12)
    assert not np.allclose(found[0, 2:], of_walk(levels)[0, 2:])
