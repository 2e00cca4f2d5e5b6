from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from sxsim import scores
from sxsim.errors import RequestError


def test_crps_of_draws_is_the_double_sum():
    paths = np.random.default_rng(1).normal(size=(7, 3))
    truth = np.array([0.1, -2.0, 1.0])
    found = scores.crps_draws(xr.DataArray(paths, dims=("draw", "year")), xr.DataArray(truth, dims="year"))
    pairs = np.abs(paths[:, None] - paths).sum(axis=(0, 1)) / (2 * 7 * 6)
    np.testing.assert_allclose(found, np.abs(paths - truth).mean(axis=0) - pairs, rtol=1e-13)


@pytest.mark.parametrize("count", [2, 5, 50])
def test_the_expectation_does_not_depend_on_the_number_of_draws(count):
    """20,000 repetitions against the closed form, 4 standard errors."""
    paths = np.random.default_rng(2).normal(size=(count, 20_000))
    each = scores.crps_draws(xr.DataArray(paths, dims=("draw", "case")), xr.DataArray(0.7))
    error = float(each.std()) / np.sqrt(each.size)
    assert abs(float(each.mean()) - float(scores.crps_normal(0.0, 1.0, 0.7))) < 4 * error


def test_only_what_lies_between_two_levels_counts():
    paths = xr.DataArray([0.0, 1.0, 5.0], dims="draw")
    everything = scores.crps_draws(paths, xr.DataArray(2.0))
    np.testing.assert_allclose(scores.crps_draws(paths, xr.DataArray(2.0), above=-1, below=6), everything)
    assert float(scores.crps_draws(paths, xr.DataArray(9.0), above=6)) == 3.0
    assert np.isnan(scores.crps_draws(paths, xr.DataArray(np.nan), above=6))
    with pytest.raises(RequestError, match=r"above=6, below=6\. Leave room between the two\."):
        scores.crps_draws(paths, xr.DataArray(9.0), above=6, below=6)


def test_a_single_draw_is_refused():
    with pytest.raises(RequestError, match=r"paths holds a single draw\. Simulate at least two\."):
        scores.crps_draws(xr.DataArray([1.0], dims="draw"), xr.DataArray(1.0))


def test_randomised_transform_of_counts_is_uniform():
    """Poisson counts, 20,000 of them; Kolmogorov-Smirnov at p > 0.001 with a fixed seed."""
    counts = np.random.default_rng(3).poisson(1.3, 20_000)
    high, low = (xr.DataArray(stats.poisson.cdf(counts - k, 1.3), dims="case") for k in (0, 1))
    u = scores.pit(high, low, rng=0)
    assert stats.kstest(u, "uniform").pvalue > 0.001
    assert float(scores.pit_distance(u)) < 1.63 / np.sqrt(u.size)


def test_ranks_among_few_tied_draws_are_uniform():
    rng = np.random.default_rng(4)
    paths = xr.DataArray(rng.poisson(1.3, (9, 20_000)), dims=("draw", "case"))
    u = scores.pit_draws(paths, xr.DataArray(rng.poisson(1.3, 20_000).astype(float), dims="case"), rng=0)
    assert stats.kstest(u, "uniform").pvalue > 0.001


def test_no_truth_no_transform():
    paths = xr.DataArray([1.0, 2.0], dims="draw")
    assert np.isnan(scores.pit_draws(paths, xr.DataArray(np.nan), rng=0))


def test_distance_from_uniform():
    assert float(scores.pit_distance(xr.DataArray([0.5] * 1000, dims="case"))) == pytest.approx(
        0.25, abs=1e-3
    )
    assert float(scores.pit_distance(xr.DataArray([1.0] * 1000, dims="case"))) == pytest.approx(0.5, abs=1e-3)
    both = xr.DataArray([[0.25, 0.75, np.nan], [np.nan] * 3], dims=("model", "case"))
    np.testing.assert_array_equal(scores.pit_distance(both, dim="case"), [0.0, np.nan])
