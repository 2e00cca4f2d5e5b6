"""Forecasters of other libraries, where they are installed: what a well-informed user would do otherwise."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from scipy import special

from sxsim import labels
from sxsim.errors import MissingExtraError
from sxsim.fitting.history import read_history
from sxsim.studies.outlook import LEVELS, QuantileOutlook

Array = NDArray[np.float64]

_FEWEST = 4


class StatsforecastModel(Enum):
    """Models of statsforecast for yearly series; the value is the name there."""

    AUTO_ETS = "AutoETS"
    AUTO_THETA = "AutoTheta"
    OPTIMISED_THETA = "DynamicOptimizedTheta"
    RANDOM_WALK_WITH_DRIFT = "RandomWalkWithDrift"
    NAIVE = "Naive"


class StatsmodelsModel(Enum):
    """Models of statsmodels for yearly series; the value says which."""

    DAMPED_TREND = "exponential smoothing with additive damped trend"
    LOCAL_TREND = "unobserved components with a local linear trend"


@dataclass(frozen=True, kw_only=True, slots=True)
class Statsforecast:
    """Forecast with a model of the library statsforecast, series by series.

    Attributes
    ----------
    model
        Which of them. Gaps between figures are filled in by straight lines, as these models know no gaps. A
        series that the library refuses gets no forecast.

    Examples
    --------
    >>> Statsforecast(model=StatsforecastModel.AUTO_ETS).model.value
    'AutoETS'
    """

    model: StatsforecastModel = StatsforecastModel.AUTO_ETS

    def __call__(self, history: xr.Dataset, horizon: int) -> QuantileOutlook:
        """Fit every series and look ahead."""
        make = getattr(_needed("statsforecast.models"), self.model.value)
        seasonal = self.model not in (StatsforecastModel.RANDOM_WALK_WITH_DRIFT, StatsforecastModel.NAIVE)
        model = make(season_length=1) if seasonal else make()
        ranges = sorted({round(100.0 * abs(1.0 - 2.0 * level), 6) for level in LEVELS if level != 0.5})

        def one(values: Array, steps: int) -> Array:
            said = model.forecast(y=values, h=steps, level=ranges)
            return np.stack([_side(said, level) for level in LEVELS])

        return _series_by_series(history, horizon, one)


@dataclass(frozen=True, kw_only=True, slots=True)
class Statsmodels:
    """Forecast with a model of the library statsmodels, series by series.

    Attributes
    ----------
    model
        Which of them. Gaps between figures are filled in by straight lines. A series that the library
        refuses gets no forecast.

    Examples
    --------
    >>> Statsmodels(model=StatsmodelsModel.DAMPED_TREND).model.value
    'exponential smoothing with additive damped trend'
    """

    model: StatsmodelsModel = StatsmodelsModel.DAMPED_TREND

    def __call__(self, history: xr.Dataset, horizon: int) -> QuantileOutlook:
        """Fit every series and look ahead."""
        damped = self.model is StatsmodelsModel.DAMPED_TREND
        law = _damped_trend() if damped else _local_trend()

        def one(values: Array, steps: int) -> Array:
            mean, variance = law(values, steps)
            return np.asarray(mean + special.ndtri(LEVELS)[:, None] * np.sqrt(variance))

        return _series_by_series(history, horizon, one)


def _damped_trend() -> Callable[[Array, int], tuple[Array, Array]]:
    ets = _needed("statsmodels.tsa.exponential_smoothing.ets")

    def law(values: Array, steps: int) -> tuple[Array, Array]:
        model = ets.ETSModel(pd.Series(values), error="add", trend="add", damped_trend=True)
        said = model.fit(disp=False).get_prediction(start=values.size, end=values.size + steps - 1)
        return np.asarray(said.predicted_mean), np.asarray(said.forecast_variance)

    return law


def _local_trend() -> Callable[[Array, int], tuple[Array, Array]]:
    structural = _needed("statsmodels.tsa.statespace.structural")

    def law(values: Array, steps: int) -> tuple[Array, Array]:
        said = (
            structural.UnobservedComponents(values, "local linear trend").fit(disp=False).get_forecast(steps)
        )
        return np.asarray(said.predicted_mean), np.asarray(said.var_pred_mean)

    return law


def _needed(module: str) -> Any:
    """Import an optional library, or say how to get it."""
    library = module.split(".")[0]
    try:
        return import_module(module)
    except ImportError:
        raise MissingExtraError(
            f"{library} is not installed.", f"Install it (pip install {library}), or leave this model out."
        ) from None


def _side(said: dict[str, Array], level: float) -> Array:
    if level == 0.5:
        return said["mean"]
    side = "lo" if level < 0.5 else "hi"
    wanted = 100.0 * abs(1.0 - 2.0 * level)
    for key, values in said.items():
        if key.startswith(side) and abs(float(key.split("-")[1]) - wanted) < 1e-4:
            return values
    raise KeyError(f"{side} {wanted}")


def _series_by_series(
    history: xr.Dataset, horizon: int, one: Callable[[Array, int], Array]
) -> QuantileOutlook:
    """Ask a library that knows one series at a time; whatever it refuses stays NaN, whyever it does."""
    door = read_history(history)
    years = int(door.years[-1]) + np.arange(1, horizon + 1)
    table = {}
    for series in door.series:
        out = np.full((len(LEVELS), horizon, len(series.values)), np.nan)
        for member, values in enumerate(series.values):
            known = np.flatnonzero(np.isfinite(values))
            if known.size < _FEWEST:
                continue
            span = np.arange(known[0], known[-1] + 1)
            late = values.size - 1 - int(known[-1])
            with warnings.catch_warnings(), np.errstate(all="ignore"), contextlib.suppress(Exception):
                warnings.simplefilter("ignore")
                out[:, :, member] = one(np.interp(span, known, values[known]), late + horizon)[:, late:]
        coords = {labels.QUANTILE: LEVELS, labels.YEAR: years} | {d: history[d] for d in series.batch}
        shape = (*out.shape[:2], *[history.sizes[d] for d in series.batch])
        table[series.name] = xr.DataArray(
            out.reshape(shape), dims=(*labels.FORECAST_DIMS, *series.batch), coords=coords
        )
    return QuantileOutlook(forecast=xr.Dataset(table))
