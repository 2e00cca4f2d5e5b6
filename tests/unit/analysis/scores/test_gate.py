from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim import scores
from sxsim.errors import RequestError, UnknownNameError


@pytest.fixture
def cases():
    """Forecast and truth of three provinces in two years; one truth is missing."""
    coords = {"province": ["a", "b", "c"], "year": [2020, 2021]}
    forecast = xr.DataArray(np.arange(6.0).reshape(3, 2) + 10, dims=("province", "year"), coords=coords)
    truth = xr.DataArray(
        [[10.0, 12.0], [9.0, np.nan], [14.0, 18.0]], dims=("province", "year"), coords=coords
    )
    return forecast, truth


def test_dim_says_what_is_averaged_and_the_default_keeps_every_case(cases):
    each = scores.smape(*cases)
    assert each.dims == ("province", "year")
    assert np.isnan(each.sel(province="b", year=2021))
    assert scores.smape(*cases, dim="year").dims == ("province",)
    assert scores.smape(*cases, dim=("year", "province")).dims == ()
    everything = float(np.nanmean(each.to_numpy()))
    for dim in (..., None, ["province", "year"]):
        assert float(scores.smape(*cases, dim=dim)) == pytest.approx(everything, rel=1e-14)


def test_weights_weigh_the_cases(cases):
    weights = xr.DataArray([1.0, 0.0, np.nan], dims="province", coords={"province": ["a", "b", "c"]})
    alone = scores.smape(*cases).sel(province="a").mean()
    assert float(scores.smape(*cases, dim=..., weights=weights)) == pytest.approx(float(alone), rel=1e-14)


def test_the_order_of_dimensions_does_not_matter(cases):
    forecast, truth = cases
    turned = scores.smape(forecast, truth.transpose("year", "province"))
    xr.testing.assert_allclose(turned, scores.smape(forecast, truth))


def test_labels_that_differ_are_refused(cases):
    forecast, truth = cases
    with pytest.raises(RequestError, match=r"forecast and truth do not have the same labels\. Select"):
        scores.smape(forecast, truth.assign_coords(year=[2021, 2022]))


def test_a_dimension_that_is_not_there_is_refused(cases):
    with pytest.raises(UnknownNameError, match=r"no dimension 'yeer' to average over\. Did you mean 'year'"):
        scores.smape(*cases, dim="yeer")
    with pytest.raises(UnknownNameError, match=r"no dimension 'draw'"):
        scores.pit_distance(cases[1], dim="draw")


def test_arrays_without_labels_are_refused(cases):
    with pytest.raises(RequestError, match=r"truth is a ndarray without labels\. Give an xarray\.DataArray"):
        scores.smape(cases[0], cases[1].to_numpy())


def test_a_missing_dimension_of_the_forecast_is_refused(cases):
    with pytest.raises(RequestError, match=r"forecast has no dimension 'quantile'; it has province, year\."):
        scores.crps_quantiles(*cases)
    with pytest.raises(RequestError, match=r"paths has no dimension 'draw'; it has none\."):
        scores.crps_draws(xr.DataArray(1.0), xr.DataArray(1.0))
