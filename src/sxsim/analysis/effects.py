"""What each change of a scenario does by itself, on the link scale and in published units, and its cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.plan import Pull, Scenario, named
from sxsim.processes import GrowthModel
from sxsim.scenarios import Trend, alone, compile_scenarios, effort_made, median_additions, middle
from sxsim.simulation import as_scenarios, years_ahead
from sxsim.streams import provenance

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


def lever_effects(
    model: GrowthModel,
    scenarios: Scenario | Sequence[Scenario],
    *,
    until: int | None = None,
    horizon: int | None = None,
) -> xr.Dataset:
    """Return what every change of a scenario does by itself to the median path, and what its levers cost.

    Every change is taken alone, at the median of its sizes: a lever, a shock, the plan's own growth; an event
    as if it fell in the first year it can; a rule deciding on the trend. Effects add up on the link scale,
    not in published units; rules are the exception: beside other changes they see another path.

    Parameters
    ----------
    model
        From :func:`sxsim.fit`, or put together by hand.
    scenarios
        Whose changes.
    until, horizon
        Last year, or number of years after the model's last year; give one of them.

    Returns
    -------
    xarray.Dataset
        With the dims ``(scenario, change, indicator, year, *batch)`` the variables ``own``, what is added to
        the link-scale level of the indicators a change names; ``link``, the same with what is passed on; and
        ``units``, by how much that moves the median, in published units. NaN where a scenario does not have a
        change, or the change moves no level. ``assumption`` ``(scenario, change)`` says in words what was
        assumed, and on whose authority; ``cost`` ``(scenario, lever, year)`` what the effort of a year costs,
        in ``cost_unit`` ``(lever)``: dose times cost times share of full effort; NaN without a cost.

    Raises
    ------
    RequestError, UnknownNameError
        As :func:`sxsim.forecast` does for these scenarios.

    Examples
    --------
    >>> import sxsim as sx
    >>> walk = sx.RandomWalk(drift=0.05, sigma=0.1)
    >>> rd = sx.Grown(name="rd", carrier=sx.Log(), law=walk, last_value=100.0, last_year=2012)
    >>> more = sx.Effect(indicator="rd", size=2.0, unit=sx.EffectUnit.LOG_A_YEAR, origin="for the example")
    >>> fund = sx.Lever(id="L1", label="Research fund", effects=(more,), cost=3.0, cost_unit="million")
    >>> push = sx.Scenario(id="push", label="Push", changes=(sx.Pull(lever=fund, start=2014),))
    >>> effects = sx.lever_effects(sx.GrowthModel(indicators=(rd,), last_year=2012), push, until=2015)
    >>> effects.link.squeeze().values.round(12).tolist()
    [0.0, 0.02, 0.04]
    >>> effects.cost.squeeze().values.tolist()
    [0.0, 3.0, 3.0]
    """
    years = years_ahead(model, until, horizon)
    listed = as_scenarios(scenarios)
    compile_scenarios(listed, model, len(years))
    parts = _parts(model, listed, years)
    touched = sorted({name for part in parts for name in part.link})
    names = list(dict.fromkeys(named(change) for scenario in listed for change in scenario.changes))
    coords: dict[str, Sequence[object]] = {
        labels.SCENARIO: [scenario.id for scenario in listed],
        labels.CHANGE: names,
        labels.INDICATOR: touched,
        labels.YEAR: years.tolist(),
    }
    return xr.Dataset(
        _effects(model, parts, coords)
        | {"assumption": ((labels.SCENARIO, labels.CHANGE), _assumptions(listed, names))}
        | _costs(listed, years),
        coords=coords,
        attrs=dict(provenance(None, "exact", **model.vintage())),
    )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Part:
    """One change of one scenario: additions ``(year, member)`` by indicator, own and with all passed on."""

    scenario: str
    change: str
    own: Mapping[str, Array]
    link: Mapping[str, Array]


def _parts(model: GrowthModel, listed: Sequence[Scenario], years: Whole) -> list[_Part]:
    """Every change that moves a level, compiled alone; all in one go, so that trends are found once."""
    found = [
        (scenario, named(change), moving)
        for scenario in listed
        for change in scenario.changes
        if (moving := middle(change, int(years[0])))
    ]
    policies = compile_scenarios(
        [alone(scenario, change, passed_on=more) for scenario, _, change in found for more in (False, True)],
        model,
        len(years),
    )
    read = {name for policy in policies if policy.moves for name in policy.needs(policy.moves.names)}
    trend = {name: Trend.of(model[name], years).levels for name in sorted(read)}
    tables = [median_additions(policy, trend) for policy in policies]
    return [
        _Part(scenario=scenario.id, change=name, own=own, link=link)
        for (scenario, name, _), own, link in zip(found, tables[::2], tables[1::2], strict=True)
    ]


def _effects(
    model: GrowthModel, parts: Sequence[_Part], coords: Mapping[str, Sequence[object]]
) -> dict[str, xr.DataArray]:
    """Variables ``(scenario, change, indicator, year, *batch)``."""
    scenarios, changes, names, years = (list(one) for one in coords.values())
    tables: dict[str, list[xr.DataArray]] = {"own": [], "link": [], "units": []}
    for name in names:
        trend, batch = Trend.of(model[str(name)], np.asarray(years)), model.batch(str(name))
        inverse, shape = trend.grown.carrier.inverse, (len(scenarios), len(changes), *trend.levels.shape)
        own, link = np.full(shape, np.nan), np.full(shape, np.nan)
        for part in parts:
            place = scenarios.index(part.scenario), changes.index(part.change)
            own[place] = part.own.get(str(name), 0.0)
            link[place] = part.link.get(str(name), 0.0)
        units = inverse(trend.levels + link) - inverse(trend.levels)
        for key, table in (("own", own), ("link", link), ("units", units)):
            full = table.reshape(*shape[:3], *(c.size for c in batch.values()))
            dims = (labels.SCENARIO, labels.CHANGE, labels.YEAR, *batch)
            tables[key].append(xr.DataArray(full, dims=dims, coords=dict(batch)))
    return {key: _side_by_side(list(names), listed) for key, listed in tables.items() if listed}


def _side_by_side(names: Sequence[object], tables: Sequence[xr.DataArray]) -> xr.DataArray:
    """One table of all indicators; one without a batch has the same value for all members."""
    joined = xr.concat(xr.broadcast(*tables), dim=xr.Variable(labels.INDICATOR, list(names)))
    head = (labels.SCENARIO, labels.CHANGE, labels.INDICATOR, labels.YEAR)
    return joined.transpose(*head, ...)


def _assumptions(listed: Sequence[Scenario], names: Sequence[str]) -> NDArray[np.str_]:
    """Sentences of every change, ``(scenario, change)``; empty where a scenario does not have it."""
    words = {
        (scenario.id, named(change)): " ".join(
            f"{line}." for line in replace(scenario, changes=(change,)).assumptions()
        )
        for scenario in listed
        for change in scenario.changes
    }
    return np.array([[words.get((one.id, name), "") for name in names] for one in listed], dtype=str)


def _costs(listed: Sequence[Scenario], years: Whole) -> dict[str, xr.DataArray]:
    """Cost of the effort of every year, ``(scenario, lever, year)``, and its unit, ``(lever,)``."""
    pulls = {
        (scenario.id, change.lever.id): change
        for scenario in listed
        for change in scenario.changes
        if isinstance(change, Pull)
    }
    levers = {lever: pull.lever for (_, lever), pull in pulls.items()}
    table = np.full((len(listed), len(levers), len(years)), np.nan)
    for (scenario, lever), pull in pulls.items():
        if pull.lever.cost is not None:
            place = [one.id for one in listed].index(scenario), list(levers).index(lever)
            table[place] = pull.dose * pull.lever.cost * effort_made(pull, years)
    units = xr.DataArray(
        np.array([one.cost_unit for one in levers.values()], dtype=str),
        dims=labels.LEVER,
        coords={labels.LEVER: list(levers)},
    )
    return {
        "cost": xr.DataArray(table, dims=(labels.SCENARIO, labels.LEVER, labels.YEAR)),
        "cost_unit": units,
    }
