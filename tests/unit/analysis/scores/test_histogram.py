from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim import scores
from sxsim.errors import RequestError, UnknownNameError


def test_shares_of_equal_bins():
    values = xr.DataArray([[0.0, 0.3, 0.5, 1.0, np.nan], [np.nan] * 5], dims=("model", "case"))
    found = scores.pit_histogram(values, bins=4, dim="case")
    np.testing.assert_array_equal(found.share, [[0.25, 0.25, 0.25, 0.25], [np.nan] * 4])
    np.testing.assert_array_equal(found.cases, [4, 0])
    np.testing.assert_array_equal(found.pit_bin, [0.125, 0.375, 0.625, 0.875])


def test_the_band_holds_all_bins_of_a_right_forecast_together():
    """2,000 repetitions of 100 uniform values: at least as often as said, less four errors."""
    values = xr.DataArray(np.random.default_rng(5).random((2000, 100)), dims=("repetition", "case"))
    found = scores.pit_histogram(values, dim="case", level=0.8)
    inside = ((found.share >= found.low) & (found.share <= found.high)).all("pit_bin")
    assert 0.8 - 4 * np.sqrt(0.16 / 2000) < float(inside.mean()) < 0.97


def test_a_forecast_that_is_too_narrow_leaves_it():
    rng = np.random.default_rng(6)
    too_narrow = xr.DataArray(rng.beta(0.5, 0.5, 300), dims="case")
    found = scores.pit_histogram(too_narrow)
    assert (found.share[[0, -1]] > found.high[[0, -1]]).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"bins": 1}, r"bins=1\. Give a whole number of at least 2"),
        ({"level": 1.0}, r"level=1\.0\. Give a number between 0 and 1"),
    ],
)
def test_requests_that_cannot_be_answered(options, message):
    with pytest.raises(RequestError, match=message):
        scores.pit_histogram(xr.DataArray([0.5], dims="case"), **options)


def test_values_that_are_no_transforms():
    with pytest.raises(RequestError, match=r"values holds 1\.5\. Give numbers between 0 and 1"):
        scores.pit_histogram(xr.DataArray([1.5], dims="case"))
    with pytest.raises(UnknownNameError, match=r"There is no dimension 'cases'"):
        scores.pit_histogram(xr.DataArray([0.5], dims="case"), dim="cases")
