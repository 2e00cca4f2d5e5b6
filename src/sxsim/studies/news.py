"""Why a probability changed: because a year passed, or because its figures were not those expected."""

from __future__ import annotations

import numpy as np
import xarray as xr

from sxsim import labels
from sxsim.analysis.forecast import forecast
from sxsim.processes import GrowthModel


def as_expected(model: GrowthModel, before: xr.Dataset, now: xr.Dataset) -> xr.Dataset:
    """Return the history as it would stand now, had every figure that came been the median forecast for it.

    Parameters
    ----------
    model, before
        What was believed and known before.
    now
        What is known now: it says which figures came. Figures that were restated since are left as they were.
    """
    years = now[labels.YEAR]
    medians = forecast(model, until=int(years.max()), quantiles=(0.5,)).isel({labels.QUANTILE: 0}, drop=True)
    old, changed = before.reindex({labels.YEAR: years}), {}
    for name, variable in now.data_vars.items():
        new = old[name] if name in old else xr.full_like(variable, np.nan)
        if name in medians:
            came = (years > model.last_year) & variable.notnull()
            new = medians[name].reindex({labels.YEAR: years}).where(came, new)
        changed[name] = new.copy(deep=False)
        changed[name].attrs = dict(variable.attrs)
    return now.assign(changed)
