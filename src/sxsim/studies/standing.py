"""Where targets stand as of a year: last figure, forecast for the year asked for, and level."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis.forecast import forecast
from sxsim.errors import RequestError
from sxsim.plan import (
    REVISED,
    Benchmark,
    Between,
    Condition,
    Number,
    OwnPast,
    Scenario,
    Target,
    fixed,
)
from sxsim.processes import GrowthModel
from sxsim.studies.revised import revised_levels

Array = NDArray[np.float64]
Columns = Mapping[str, tuple[tuple[str, ...], object]]


def plain(target: Target) -> Condition | None:
    """Return the condition where it is about one indicator year by year, else None."""
    return target.condition if isinstance(target.condition, Condition) else None


def condition_names(target: Target) -> tuple[str, ...]:
    """Return the indicators a target looks at."""
    return target.condition.indicators if target.condition else ()


def last_year(target: Target) -> int:
    """Return the last year a target asks for; 0 where it asks for none."""
    return target.condition.years[-1] if target.condition else 0


def refuse_batch(targets: Sequence[Target], history: xr.Dataset) -> None:
    """Refuse targets on series of several members: years are told one series at a time."""
    for name in (name for target in targets for name in condition_names(target)):
        if name in history and history[name].dims != (labels.YEAR,):
            raise RequestError(f"{name!r} has a batch.", "Choose one member, as in history.sel().")


def standing(
    model: GrowthModel, rows: Sequence[str], targets: Sequence[Target], scenarios: Sequence[Scenario]
) -> Columns:
    """Return columns for the rows of a table of odds, each with its target; NaN, or year 0, where unknown."""
    courses = _courses(model, targets, scenarios)
    shape = (len(scenarios), len(rows))
    figure, year = np.full(shape[1], np.nan), np.zeros(shape[1], int)
    median, level = np.full(shape, np.nan), np.full(shape, np.nan)
    for i, (row, target) in enumerate(zip(rows, targets, strict=True)):
        condition = plain(target)
        if condition is None:
            continue
        if seen := _figures(model, condition.indicator):
            year[i], figure[i] = list(seen.items())[-1]
        due = condition.years[-1]
        median[:, i] = _in_year(model, courses, condition.indicator, due)
        level[:, i] = held_against(condition, partial(_in_year, model, courses))
        if row.endswith(REVISED):
            level[:, i] = revised_levels(target, scenarios)
    return {
        "last_figure": ((labels.TARGET,), figure),
        "last_figure_year": ((labels.TARGET,), year),
        "median": (labels.ODDS_DIMS, median),
        "level": (labels.ODDS_DIMS, level),
    }


def _courses(model: GrowthModel, targets: Sequence[Target], scenarios: Sequence[Scenario]) -> xr.Dataset:
    """Medians of all that is asked for in years to come; empty where nothing is."""
    asked = [(name, last_year(t)) for t in targets if plain(t) for name in condition_names(t)]
    ahead = {n: y for n, y in asked if y > model.last_year and (n in model or n in model.derived)}
    if not ahead:
        return xr.Dataset()
    last = max(y for n, y in asked if n in ahead)
    found = forecast(model, until=last, quantiles=(0.5,), scenarios=scenarios, indicators=list(ahead))
    return found.isel({labels.QUANTILE: 0}, drop=True)


def held_against(condition: Condition, in_year: Callable[[str, int], Array | float]) -> Array | float:
    """Return what the last year is held against: the median of what moves, the lower end of a range.

    Parameters
    ----------
    in_year
        Returns the figure of an indicator in a year, or its median under every scenario.
    """
    year = condition.years[-1]
    match condition.level:
        case Benchmark(indicator=name, times=times):
            return times * in_year(name, year)
        case OwnPast() as past:
            return past.times(year) * in_year(condition.indicator, past.year_before(year))
        case other:
            match fixed(other):
                case Number(value=value) | Between(lower=value):
                    return value
    return np.nan


def _figures(model: GrowthModel, name: str) -> dict[int, float]:
    if name not in model.history or model.history[name].dims != (labels.YEAR,):
        return {}
    known = model.history[name].dropna(labels.YEAR)
    return dict(zip(known[labels.YEAR].to_numpy().tolist(), known.to_numpy().tolist(), strict=True))


def _in_year(model: GrowthModel, courses: xr.Dataset, name: str, year: int) -> Array | float:
    """Return the figure of a year where it is known, else its median under every scenario."""
    if year <= model.last_year:
        return _figures(model, name).get(year, np.nan)
    if name not in courses:
        return np.nan
    return courses[name].sel({labels.YEAR: year}).transpose(labels.SCENARIO).to_numpy()
