from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim import scores


@pytest.fixture
def history():
    """Two series; the second never changed, the first has a gap."""
    return xr.DataArray([[1.0, 3.0, np.nan, 2.0, 3.0], [4.0] * 5], dims=("series", "year"))


def test_smape_by_hand_and_for_zeros():
    found = scores.smape(xr.DataArray([90.0, 0.0, -5.0], dims="y"), xr.DataArray([110.0, 0.0, 5.0], dims="y"))
    np.testing.assert_allclose(found, [20.0, 0.0, 200.0])


def test_the_unit_is_the_mean_change_between_neighbours(history):
    np.testing.assert_array_equal(scores.mean_absolute_change(history), [1.5, np.nan])


def test_scaled_scores_by_hand(history):
    truth = xr.DataArray([6.0, 6.0], dims="series")
    np.testing.assert_array_equal(scores.mase(xr.DataArray(3.0), truth, history), [2.0, np.nan])
    low, high = xr.DataArray(1.0), xr.DataArray(4.0)
    np.testing.assert_allclose(scores.msis(low, high, truth, history), [(3 + 40 * 2) / 1.5, np.nan])
    assert float(scores.mase(xr.DataArray(3.0), truth, history, dim=...)) == 2.0


def test_scaled_scores_do_not_know_units(history):
    truth = xr.DataArray([6.0, 6.0], dims="series")
    one = scores.mase(xr.DataArray(3.0), truth, history)
    other = scores.mase(xr.DataArray(3000.0), 1000 * truth, 1000 * history)
    np.testing.assert_allclose(one, other)


def test_owa_is_one_for_the_reference():
    smape, mase = xr.DataArray([14.0, 16.0], dims="model"), xr.DataArray([3.0, 4.0], dims="model")
    found = scores.owa(smape, mase, smape.isel(model=1), mase.isel(model=1))
    np.testing.assert_allclose(found, [0.5 * (14 / 16 + 3 / 4), 1.0])
