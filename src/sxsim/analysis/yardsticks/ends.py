"""The two ends of a target's way: the base it counts from, and the level it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite, nan

import xarray as xr

from sxsim.labels import YEAR
from sxsim.plan import Condition, Number, Plan, Relation, Target, fixed

_SIGNS = {Relation.AT_LEAST: 1.0, Relation.AT_MOST: -1.0}


@dataclass(frozen=True, kw_only=True, slots=True)
class Ends:
    """Base and goal of one target; NaN where there is none.

    Attributes
    ----------
    condition
        What has to hold, if it puts one indicator on one side of a level.
    direction
        +1 if the goal is to be reached from below, -1 from above.
    base_from
        "plan" if the plan states the base, "history" if it was measured in the plan's base year.
    figures
        What is known of its indicator, by year, the base included.
    members
        Whether the indicator has further dimensions, so that no single figure can be read.
    """

    condition: Condition | None = None
    goal: float = nan
    goal_year: float = nan
    direction: float = nan
    base: float = nan
    base_year: float = nan
    base_from: str = ""
    figures: Mapping[int, float] = field(default_factory=dict)
    members: bool = False


def ends_of(plan: Plan, target: Target) -> Ends:
    """Read base and goal of a target off its plan."""
    condition = _plain(target)
    if condition is None:
        return Ends()
    level = fixed(condition.level)
    figures, last = _figures(plan.history, condition.indicator), condition.years[-1]
    base, year, origin = nan, nan, ""
    if target.base is not None:
        base, year, origin = target.base.value, float(target.base.year), "plan"
    elif plan.base_year < last and isfinite(found := figures.get(plan.base_year, nan)):
        base, year, origin = found, float(plan.base_year), "history"
    return Ends(
        condition=condition,
        goal=level.value if isinstance(level, Number) else nan,
        goal_year=float(last),
        direction=_SIGNS[condition.relation],
        base=base,
        base_year=year,
        base_from=origin,
        figures=figures | ({int(year): base} if origin else {}),
        members=_members(plan.history, condition.indicator),
    )


def _plain(target: Target) -> Condition | None:
    """Return the condition of a target if it puts one indicator on one side of a level."""
    condition = target.condition
    return condition if isinstance(condition, Condition) and condition.relation in _SIGNS else None


def _figures(history: xr.Dataset, indicator: str) -> dict[int, float]:
    """Return the figures of an indicator by year; none of one that has members."""
    if indicator not in history or _members(history, indicator):
        return {}
    series = history[indicator]
    pairs = zip(series[YEAR].values.tolist(), series.values.tolist(), strict=True)
    return {int(year): float(value) for year, value in pairs if isfinite(value)}


def _members(history: xr.Dataset, indicator: str) -> bool:
    return indicator in history and history[indicator].dims != (YEAR,)
