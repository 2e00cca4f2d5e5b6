"""Forecasters of other libraries against the plain walks, where those libraries are installed."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import sxsim as sx

LEVELS = np.array([0.025, 0.1, 0.5, 0.9, 0.975])


@pytest.fixture
def history() -> xr.Dataset:
    steps = np.random.default_rng(3).normal(0.5, 1.0, (2, 15))
    values = 30 + steps.cumsum(axis=1)
    return xr.Dataset({"y": (("series", "year"), values)}, coords={"year": np.arange(2000, 2015)})


def test_random_walk_with_drift(history: xr.Dataset) -> None:
    """The library divides the squared changes about the drift by their number 14, not by 13."""
    pytest.importorskip("statsforecast")
    theirs = sx.Statsforecast(model=sx.StatsforecastModel.RANDOM_WALK_WITH_DRIFT)(history, 4)
    ours = sx.PlainWalk(drift=True)(history, 4)
    fans = [one.quantiles(LEVELS)["y"].transpose("quantile", "year", "series") for one in (theirs, ours)]
    medians = [fan.sel(quantile=0.5, drop=True) for fan in fans]
    xr.testing.assert_allclose(*medians)
    np.testing.assert_allclose(fans[0] - medians[0], np.sqrt(13 / 14) * (fans[1] - medians[1]), atol=1e-9)


@pytest.mark.parametrize("model", list(sx.StatsforecastModel))
def test_statsforecast_models_answer(history: xr.Dataset, model: sx.StatsforecastModel) -> None:
    pytest.importorskip("statsforecast")
    found = sx.Statsforecast(model=model)(history, 3).quantiles(LEVELS)["y"]
    assert found.notnull().all()
    assert (found.diff("quantile") > 0).all()


@pytest.mark.parametrize("model", list(sx.StatsmodelsModel))
def test_statsmodels_models_answer(history: xr.Dataset, model: sx.StatsmodelsModel) -> None:
    pytest.importorskip("statsmodels")
    found = sx.Statsmodels(model=model)(history, 3).quantiles(LEVELS)["y"]
    assert found.notnull().all()
    assert (found.diff("quantile") > 0).all()
