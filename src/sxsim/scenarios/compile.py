"""A scenario's changes, compiled once to offsets of the link-scale level: policy replayed over the world."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.plan import PlannedGrowth, Scenario
from sxsim.processes import Grown, GrowthModel
from sxsim.scenarios.policy import Policy

Array = NDArray[np.float64]
Years = NDArray[np.int64]


def compile_scenarios(scenarios: Sequence[Scenario], model: GrowthModel, horizon: int) -> tuple[Policy, ...]:
    """Per scenario, what it does to the paths of the years after the model's last.

    A planned growth moves the median of every year after the model's last to the plan's stated path and
    keeps all the uncertainty; counts move by whole numbers.

    Raises
    ------
    UnknownNameError
        A change names an indicator that neither the model nor its history knows.
    RequestError
        A stated path leaves the range of the indicator.
    """
    years = model.last_year + np.arange(1, horizon + 1)

    @cache
    def trend(name: str) -> Array:
        return _trend(model[name], years)

    return tuple(
        Policy(scenario=scenario.id, model=model, offsets=_offsets(scenario, model, years, trend))
        for scenario in scenarios
    )


def _offsets(
    scenario: Scenario, model: GrowthModel, years: Years, trend: Callable[[str], Array]
) -> Mapping[str, Array]:
    offsets: dict[str, Array] = {}
    for change in scenario.changes:
        assert isinstance(change, PlannedGrowth)
        name = change.indicator
        if name in model.absent:
            continue
        if name not in model:
            raise UnknownNameError(
                f"Scenario {scenario.id!r} changes {name!r}, which the model does not hold.",
                nearest(name, model.names),
            )
        offsets[name] = _to_planned_path(change, model[name], years, trend(name))
    return offsets


def _to_planned_path(change: PlannedGrowth, grown: Grown, years: Years, trend: Array) -> Array:
    path = np.asarray(change.base_value * (1.0 + change.growth) ** (years - change.base_year), np.float64)
    inside = (path > grown.carrier.lower) & (path < grown.carrier.upper)
    if not inside.all():
        year, value = years[~inside][0], path[~inside][0]
        raise RequestError(
            f"The stated growth of {change.indicator!r} leads to {value:g} in {year}, outside "
            f"({grown.carrier.lower:g}, {grown.carrier.upper:g}).",
            "Correct the stated growth or the kind of the indicator.",
        )
    moved = (grown.carrier.forward(path)[:, None] - trend).T
    return np.asarray(np.round(moved) if grown.counts else moved)


def _trend(grown: Grown, years: Years) -> Array:
    """Median level on the link scale, ``(year, member)``; one by one, so that more years keep the bits."""
    steps = years[:, None] - grown.last_years()
    return np.stack([grown.last_level() + grown.marginal(step).quantiles(0.5)[0] for step in steps])
