from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from sxsim import scores
from sxsim.errors import RequestError


def normal_quantiles(levels):
    return xr.DataArray(special.ndtri(levels), dims="quantile", coords={"quantile": levels})


def test_pinball_is_the_formula():
    levels = np.array([0.1, 0.5, 0.9])
    loss = scores.pinball(normal_quantiles(levels), xr.DataArray(0.3))
    missed = 0.3 - special.ndtri(levels)
    expected = np.where(missed > 0, levels * missed, (levels - 1) * missed)
    np.testing.assert_allclose(loss, expected, rtol=1e-14)


@pytest.mark.parametrize("truth", [-2.5, 0.0, 0.7])
def test_dense_quantiles_tend_to_the_crps(truth):
    """Midpoint rule with n levels; the integrand is Lipschitz but for tails that hold O(sqrt(log n)/n)."""
    count = 20_000
    levels = (np.arange(count) + 0.5) / count
    exact = float(scores.crps_normal(0.0, 1.0, truth))
    found = float(scores.crps_quantiles(normal_quantiles(levels), xr.DataArray(truth)))
    assert found == pytest.approx(exact, abs=10 / count)


def test_nineteen_levels_are_twice_their_mean_pinball():
    levels = np.arange(0.05, 0.951, 0.05)
    forecast = normal_quantiles(levels)
    found = scores.crps_quantiles(forecast, xr.DataArray(1.0))
    assert float(found) == pytest.approx(2 * float(scores.pinball(forecast, xr.DataArray(1.0)).mean()))


def test_a_forecast_with_a_hole_has_no_score():
    forecast = normal_quantiles(np.array([0.25, 0.5, 0.75]))
    forecast[0] = np.nan
    assert np.isnan(scores.crps_quantiles(forecast, xr.DataArray(1.0)))


@pytest.mark.parametrize("levels", [[0.1, 0.5, 0.95], [0.1, 0.2, 0.3], [0.2]])
def test_uneven_levels_are_refused(levels):
    with pytest.raises(RequestError, match=r"are not evenly spaced about 0\.5\. Select levels such as"):
        scores.crps_quantiles(normal_quantiles(np.array(levels)), xr.DataArray(1.0))


def test_both_ends_of_a_range():
    forecast = normal_quantiles(np.array([0.025, 0.5, 0.975]))
    low, high = scores.central(forecast, 0.95)
    assert [float(low), float(high)] == pytest.approx([-1.96, 1.96], abs=0.001)
    with pytest.raises(RequestError, match=r"has no quantile 0\.1; it has 0\.025, 0\.5, 0\.975\. Ask sx"):
        scores.central(forecast, 0.8)
    with pytest.raises(RequestError, match=r"level=1\.0\. Give a number between 0 and 1"):
        scores.central(forecast, 1.0)


@given(st.floats(-5, 5), st.floats(0, 4), st.floats(-9, 9), st.sampled_from([0.5, 0.8, 0.95]))
def test_the_interval_score_is_two_pinball_losses(low, width, truth, level):
    """Width plus penalty is the pinball loss of both ends, over half of what lies outside (Bracher 2021)."""
    half = (1 - level) / 2
    ends = xr.DataArray([low, low + width], dims="quantile", coords={"quantile": [half, 1 - half]})
    y = xr.DataArray(truth)
    both = float(scores.pinball(ends, y).sum()) / half
    found = float(scores.interval_score(*scores.central(ends, level), y, level=level))
    assert found == pytest.approx(both, rel=1e-9, abs=1e-9)


def test_coverage_counts_the_ends_and_skips_what_is_unknown():
    truth = xr.DataArray([1.0, 2.0, 3.0, np.nan], dims="year")
    found = scores.coverage(xr.DataArray(1.0), xr.DataArray(2.0), truth)
    np.testing.assert_array_equal(found, [1.0, 1.0, 0.0, np.nan])
    assert float(found.mean()) == float(scores.coverage(xr.DataArray(1.0), xr.DataArray(2.0), truth, dim=...))


def test_a_range_of_impossible_level_is_refused():
    with pytest.raises(RequestError, match=r"level=95\. Give a number between 0 and 1"):
        scores.interval_score(*(xr.DataArray(x) for x in (1.0, 2.0, 3.0)), level=95)
