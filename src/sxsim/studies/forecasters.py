"""Forecasters that need no other library: the fit itself, plain walks, and a function of one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.errors import RequestError
from sxsim.fitting import fit
from sxsim.fitting.history import Series, read_history
from sxsim.links import Linear
from sxsim.processes import GrowthModel
from sxsim.studies.outlook import LEVELS, ModelOutlook, NormalOutlook, QuantileOutlook

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fitted:
    """Forecast with a growth model that is fitted anew at every origin.

    Attributes
    ----------
    fit
        From a history to a model; the default is :func:`sxsim.fit` itself. ``functools.partial(sx.fit,
        prior=...)`` is a fit with another prior.

    Examples
    --------
    >>> from functools import partial
    >>> import numpy as np
    >>> import sxsim as sx
    >>> textbook = sx.Fitted(fit=partial(sx.fit, prior=sx.Prior.flat()))
    >>> history = sx.load_plan("shanxi-2014").history[["rd_intensity"]].sel(year=slice(None, 2012))
    >>> textbook(history, 3).quantiles(np.array([0.5])).sizes["year"]
    3
    """

    fit: Callable[[xr.Dataset], GrowthModel] = fit

    def __call__(self, history: xr.Dataset, horizon: int) -> ModelOutlook:
        """Fit and look ahead."""
        return ModelOutlook(model=self.fit(history), horizon=horizon)


@dataclass(frozen=True, kw_only=True, slots=True)
class PlainWalk:
    """Forecast with a random walk whose estimates are taken at their word: the yardstick to be beaten.

    ``z_{n+h} ~ N(z_n + h mu, sigma^2 (h + h^2 / D))`` with the mean yearly change ``mu`` over ``D`` years and
    the standard deviation ``sigma`` of the changes about it; without drift ``mu = 0`` and ``sigma^2 h``,
    which is the naive forecast. A gap of several years counts as one change over as many.

    Attributes
    ----------
    drift
        Whether the walk goes on growing as it did.
    on_link
        Whether it walks on the link scale (logs, log odds) instead of on published values.

    Examples
    --------
    >>> import numpy as np
    >>> import sxsim as sx
    >>> history = sx.load_plan("shanxi-2014").history[["rd_intensity"]].sel(year=slice(None, 2012))
    >>> sx.PlainWalk()(history, 2).quantiles(np.array([0.5])).rd_intensity.values.round(2).tolist()
    [[1.09, 1.09]]
    """

    drift: bool = False
    on_link: bool = False

    def __call__(self, history: xr.Dataset, horizon: int) -> NormalOutlook:
        """Estimate the walk and look ahead."""
        door = read_history(history)
        years = int(door.years[-1]) + np.arange(1, horizon + 1)
        location, spread, drift_spread = {}, {}, {}
        for series in door.series:
            laws = self._walk(series, horizon)
            shape = [history.sizes[dim] for dim in series.batch]
            coords = {labels.YEAR: years} | {dim: history[dim] for dim in series.batch}
            location[series.name], spread[series.name], drift_spread[series.name] = (
                xr.DataArray(part.reshape(horizon, *shape), dims=(labels.YEAR, *series.batch), coords=coords)
                for part in laws
            )
        return NormalOutlook(
            location=xr.Dataset(location),
            spread=xr.Dataset(spread),
            drift_spread=xr.Dataset(drift_spread),
            carriers={s.name: s.carrier if self.on_link else Linear() for s in door.series},
        )

    def _walk(self, series: Series, horizon: int) -> tuple[Array, Array, Array]:
        """Location, spread, and what the drift adds to it, ``(year, member)``.

        NaN with fewer than two changes to judge by.
        """
        z = series.levels if self.on_link else series.values
        known = np.isfinite(z)
        columns = np.arange(z.shape[1])
        last_seen = np.maximum.accumulate(np.where(known, columns, -1), axis=1)
        before = np.concatenate([np.full((len(z), 1), -1), last_seen[:, :-1]], axis=1)
        is_change = known & (before >= 0)
        gap = np.where(is_change, columns - before, 1)
        change = np.where(is_change, z - np.take_along_axis(z, np.maximum(before, 0), 1), 0.0)
        years, count = np.where(is_change, gap, 0).sum(axis=1), is_change.sum(axis=1)
        mu = change.sum(axis=1) / np.maximum(years, 1) if self.drift else np.zeros(len(z))
        free = count - self.drift
        rest = np.where(is_change, (change - gap * mu[:, None]) ** 2 / gap, 0.0).sum(axis=1)
        variance = np.where(free > 0, rest / np.maximum(free, 1), np.nan)
        last = np.maximum(last_seen[:, -1], 0)
        steps = z.shape[1] - 1 - last + np.arange(1, horizon + 1)[:, None]
        start = np.take_along_axis(z, last[:, None], 1)[:, 0]
        extra = steps**2 / np.maximum(years, 1) if self.drift else np.zeros(steps.shape)
        spreads = (np.sqrt(variance * squares) for squares in (steps + extra, extra))
        return np.asarray(start + steps * mu), *spreads


@dataclass(frozen=True, kw_only=True, slots=True)
class FromQuantiles:
    """Forecast with a function of one's own.

    Attributes
    ----------
    forecast
        ``forecast(history, horizon, quantiles)`` returns a Dataset with the indicators as variables, dims
        ``(quantile, year, *batch)``, for the ``horizon`` years after the last year of the history.
        Probabilities of other levels are interpolated between the quantiles.

    Examples
    --------
    >>> import sxsim as sx
    >>> def mine(history, horizon, quantiles):
    ...     return sx.forecast(sx.fit(history), horizon=horizon, quantiles=quantiles)
    >>> history = sx.load_plan("shanxi-2014").history[["rd_intensity"]]
    >>> models = {"mine": sx.FromQuantiles(forecast=mine)}
    >>> found = sx.backtest(history, origins=[2015], horizon=2, models=models, draws=0)
    >>> bool(found["mean"].sel(score="mase").item() > 0)
    True
    """

    forecast: Callable[[xr.Dataset, int, Array], xr.Dataset]

    def __call__(self, history: xr.Dataset, horizon: int) -> QuantileOutlook:
        """Ask the function and check what it says."""
        found = self.forecast(history, horizon, LEVELS)
        last = int(history[labels.YEAR].max())
        years = found[labels.YEAR].to_numpy() if labels.YEAR in found.coords else None
        if (
            labels.QUANTILE not in found.dims
            or years is None
            or list(years) != list(range(last + 1, last + horizon + 1))
        ):
            raise RequestError(
                f"The forecast has the dimensions {', '.join(map(str, found.dims))} and the years {years}.",
                f"Return the dimensions quantile and year, with the years {last + 1} to {last + horizon}.",
            )
        return QuantileOutlook(forecast=found)
