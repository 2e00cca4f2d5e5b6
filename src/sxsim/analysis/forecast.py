"""What every indicator may be in every year, in closed form: quantiles, or the chance of given levels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis.chance import chance_table
from sxsim.analysis.fan import checked_quantiles, quantile_table
from sxsim.analysis.levels import Levels, levels_asked
from sxsim.errors import RequestError
from sxsim.plan import TREND, Relation, Scenario
from sxsim.processes import GrowthModel
from sxsim.scenarios import Policy, compile_scenarios
from sxsim.simulation import as_scenarios, years_ahead
from sxsim.streams import provenance

QUANTILES = (0.05, 0.5, 0.95)


def forecast(
    model: GrowthModel,
    *,
    horizon: int | None = None,
    until: int | None = None,
    quantiles: Sequence[float] | None = None,
    at_least: Levels | None = None,
    at_most: Levels | None = None,
    scenarios: Scenario | Sequence[Scenario] | None = None,
    indicators: str | Sequence[str] | None = None,
) -> xr.Dataset:
    """Return quantiles of every indicator in every year to come, or the probability of given levels.

    Both are closed forms; where a process has none, a fixed simulation whose size is the attribute
    ``fixed_draws`` of the variable. So they are, with 65,536 draws, where figures given for years to come
    make the law another (:meth:`sxsim.GrowthModel.given`), where a scenario moves paths differently from
    draw to draw, and of what is computed from others by an identity. Means are not offered: with an unknown
    spread growth has Student-t tails on the log scale, and the mean of its exponential is infinite; the
    quantile 0.5 is the median, exact under any link. A quantile far outside anything the history has seen is
    drawn in to the span of the history without its largest change, and a factor of two, and marked; a
    probability never is, and nothing that is simulated in this way.

    Parameters
    ----------
    model
        From :func:`sxsim.fit`, or put together by hand.
    horizon, until
        Number of years after the model's last year, or the last year; give one of them.
    quantiles
        Probabilities between 0 and 1; the default is 0.05, 0.5, 0.95.
    at_least, at_most
        Levels in published units, instead of ``quantiles``: a number, a list of numbers (the dimension
        ``level``), or a DataArray with the dimensions ``year`` and those of the batch, aligned by their
        labels, NaN where nothing is asked (a pandas Series or frame with named axes will do); or a mapping
        or Dataset of such, by name, for some indicators.
    scenarios
        Adds the dimension ``scenario``; without it the trend.
    indicators
        Names to return; the default is all.

    Returns
    -------
    xarray.Dataset
        One variable per indicator. Quantiles have published units and the dims ``([scenario,] quantile,
        year, *batch)``; where some were drawn in, the attribute ``capped`` counts them and the coordinate
        ``<name>_capped`` is true there. Probabilities have the dims ``([scenario,] [level,] year, *batch)``;
        a level on or beyond a bound of the indicator has exactly 0 or 1, and the attribute ``certain``
        counts them. A member without any figure has NaN.

    Raises
    ------
    RequestError
        Neither or both of ``horizon`` and ``until``, a year not after the model's last, a quantile not
        in (0, 1), two questions at once, or levels whose labels do not fit.
    UnknownNameError
        A level is given for an indicator the model does not hold.

    Examples
    --------
    >>> import sxsim as sx
    >>> model = sx.fit(sx.load_plan("shanxi-2014").history, until=2012)
    >>> fan = sx.forecast(model, horizon=8)
    >>> float(fan.rd_intensity.sel(quantile=0.5, year=2020)) > 1.09
    True
    >>> chance = sx.forecast(model, until=2020, at_least={"rd_intensity": [1.5, 2.5]})
    >>> chance.rd_intensity.sel(year=2020).round(2).values.tolist()
    [0.64, 0.06]
    """
    years = years_ahead(model, until, horizon)
    listed = None if scenarios is None else as_scenarios(scenarios)
    policies = compile_scenarios(listed or (TREND,), model, len(years))
    levels = _one_question(quantiles, at_least, at_most)
    if levels is None:
        chosen = checked_quantiles(QUANTILES if quantiles is None else quantiles)
        names = _chosen(model, indicators)
        tables = {name: quantile_table(policies, name, years, chosen) for name in names}
        coords = {labels.QUANTILE: chosen, labels.YEAR: years}
    else:
        tables = _chances(model, policies, years, *levels)
        coords = {labels.YEAR: years}
    attrs = dict(provenance(None, "exact", **model.vintage()))
    result = xr.Dataset(tables, coords=coords, attrs=attrs)
    if listed is None:
        return result.isel({labels.SCENARIO: 0})
    return result.assign_coords({labels.SCENARIO: [one.id for one in listed]})


def _chosen(model: GrowthModel, indicators: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the names asked for, all of them by default; refuse what the model does not know."""
    known = (*model.names, *model.derived)
    if indicators is None:
        return known
    names = (indicators,) if isinstance(indicators, str) else tuple(indicators)
    for name in names:
        if name not in known:
            model[name]  # says why it is not there
    return names


def _one_question(
    quantiles: Sequence[float] | None, at_least: Levels | None, at_most: Levels | None
) -> tuple[Levels, Relation] | None:
    """Return the levels and the side asked about; None where quantiles are."""
    given = {"quantiles": quantiles, "at_least": at_least, "at_most": at_most}
    named = [name for name, value in given.items() if value is not None]
    if len(named) > 1:
        raise RequestError(f"{' and '.join(named)} were given together.", "Ask for one of them at a time.")
    if at_least is not None:
        return at_least, Relation.AT_LEAST
    return None if at_most is None else (at_most, Relation.AT_MOST)


def _chances(
    model: GrowthModel,
    policies: Sequence[Policy],
    years: NDArray[np.int64],
    levels: Levels,
    relation: Relation,
) -> dict[str, xr.DataArray]:
    return {
        name: chance_table(policies, name, years, asked=asked, relation=relation)
        for name, asked in levels_asked(levels, model, years).items()
    }
