"""A scenario's changes, compiled once to offsets of the link-scale level: policy replayed over the world."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.plan import PlannedGrowth, Scenario
from sxsim.processes import Grown, GrowthModel

Array = NDArray[np.float64]


def compile_scenario(scenario: Scenario, model: GrowthModel, horizon: int) -> Mapping[str, Array]:
    """Offsets added to the trend of each changed indicator, ``(member, year)`` after the model's last year.

    A planned growth moves the median of every year to the plan's stated path and keeps all the uncertainty;
    counts move by whole numbers.

    Raises
    ------
    UnknownNameError
        A change names an indicator that neither the model nor its history knows.
    RequestError
        Two changes write to one indicator, or a stated path leaves the range of the indicator.
    """
    offsets: dict[str, Array] = {}
    for change in scenario.changes:
        if change.indicator in model.absent:
            continue
        if change.indicator not in model:
            raise UnknownNameError(
                f"Scenario {scenario.id!r} changes {change.indicator!r}, which the model does not hold.",
                nearest(change.indicator, model.names),
            )
        if change.indicator in offsets:
            raise RequestError(
                f"Scenario {scenario.id!r} changes {change.indicator!r} twice.",
                "Keep one change per indicator.",
            )
        offsets[change.indicator] = _to_planned_path(
            change, model[change.indicator], model.last_year, horizon
        )
    return offsets


def _to_planned_path(change: PlannedGrowth, grown: Grown, last_year: int, horizon: int) -> Array:
    years = last_year + np.arange(1, horizon + 1)
    path = np.asarray(change.base_value * (1.0 + change.growth) ** (years - change.base_year), np.float64)
    inside = (path > grown.carrier.lower) & (path < grown.carrier.upper)
    if not inside.all():
        year, value = years[~inside][0], path[~inside][0]
        raise RequestError(
            f"The stated growth of {change.indicator!r} leads to {value:g} in {year}, outside "
            f"({grown.carrier.lower:g}, {grown.carrier.upper:g}).",
            "Correct the stated growth or the kind of the indicator.",
        )
    steps = years[:, None] - grown.last_years()
    trend = np.stack([grown.last_level() + grown.marginal(step).quantiles(0.5)[0] for step in steps])
    moved = (grown.carrier.forward(path)[:, None] - trend).T
    return np.asarray(np.round(moved) if grown.counts else moved)
