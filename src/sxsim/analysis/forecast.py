"""Quantiles of every indicator in every year, in closed form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis.cap import farthest_change
from sxsim.errors import RequestError
from sxsim.plan import Scenario
from sxsim.processes import Grown, GrowthModel
from sxsim.scenarios import compile_scenario
from sxsim.simulation import as_scenarios, years_ahead
from sxsim.streams import provenance

Array = NDArray[np.float64]

QUANTILES = (0.05, 0.5, 0.95)


def forecast(
    model: GrowthModel,
    *,
    horizon: int | None = None,
    until: int | None = None,
    quantiles: Sequence[float] = QUANTILES,
    scenarios: Scenario | Sequence[Scenario] | None = None,
) -> xr.Dataset:
    """Return quantiles of every indicator in every year to come; medians are exact, means are not offered.

    With an unknown variance the mean of a log-normal-like law does not exist, so medians and quantiles are
    what can be reported honestly.

    Parameters
    ----------
    model
        From :func:`sxsim.fit`, or put together by hand.
    horizon, until
        Number of years after the model's last year, or the last year; give one of them.
    quantiles
        Probabilities between 0 and 1.
    scenarios
        Adds the dimension ``scenario``; without it the trend.

    Returns
    -------
    xarray.Dataset
        One variable per indicator in published units, dims ``([scenario,] quantile, year, *batch)``.

    Raises
    ------
    RequestError
        Neither or both of ``horizon`` and ``until``, a year not after the model's last, or a quantile not
        in (0, 1).

    Examples
    --------
    >>> import sxsim as sx
    >>> model = sx.fit(sx.load_plan("shanxi-2014").history, until=2012)
    >>> fan = sx.forecast(model, horizon=8)
    >>> float(fan.rd_intensity.sel(quantile=0.5, year=2020)) > 1.09
    True
    """
    years = years_ahead(model, until, horizon)
    levels = np.asarray(quantiles, float)
    if levels.ndim != 1 or not levels.size or not ((levels > 0) & (levels < 1)).all():
        raise RequestError(
            f"quantiles={quantiles!r}.", "Give a list of probabilities between 0 and 1, both excluded."
        )
    if scenarios is None:
        changed = [_table(model, years, levels, {})]
        names = None
    else:
        listed = as_scenarios(scenarios)
        changed = [_table(model, years, levels, compile_scenario(s, model, len(years))) for s in listed]
        names = [s.id for s in listed]
    coords = {labels.QUANTILE: levels, labels.YEAR: years}
    attrs = dict(provenance(None, "exact", **model.vintage()))
    tables = [xr.Dataset(table, coords=coords, attrs=attrs) for table in changed]
    if names is None:
        return tables[0]
    scenario = xr.DataArray(names, dims=labels.SCENARIO, name=labels.SCENARIO)
    joined: xr.Dataset = xr.concat(tables, dim=scenario, combine_attrs="override")
    return joined


def _table(
    model: GrowthModel, years: NDArray[np.int64], quantiles: Array, offsets: Mapping[str, Array]
) -> dict[str, xr.DataArray]:
    return {g.name: _variable(model, g, years, quantiles, offsets.get(g.name)) for g in model.indicators}


def _variable(
    model: GrowthModel, grown: Grown, years: NDArray[np.int64], quantiles: Array, offset: Array | None
) -> xr.DataArray:
    laws = [grown.law.marginal(year - grown.last_years()) for year in years]
    change = np.stack([law.quantiles(quantiles) for law in laws], axis=1)
    farthest = farthest_change(model, grown, np.asarray(years - model.last_year, np.float64))
    capped = int((np.abs(change) > farthest).sum())
    change = np.clip(change, -farthest, farthest)
    moved = change if offset is None else change + offset.T
    values = grown.carrier.inverse(grown.last_level() + moved)
    batch = model.batch(grown.name)
    shape = (len(quantiles), len(years), *[c.size for c in batch.values()])
    kept = dict(model.history[grown.name].attrs) if grown.name in model.history else {}
    if capped:
        kept[labels.CAPPED] = capped
    dims = (*labels.FORECAST_DIMS, *batch)
    return xr.DataArray(values.reshape(shape), dims=dims, coords=batch, attrs=kept)
