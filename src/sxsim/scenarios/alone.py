"""One change alone, at its middle: what it adds to the median path of the trend."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sxsim.plan import (
    Change,
    Effect,
    PlannedGrowth,
    Pull,
    RandomEvent,
    Review,
    Rule,
    Scenario,
    Shock,
    Transmission,
    median,
)
from sxsim.scenarios.play import play
from sxsim.scenarios.policy import Policy

Array = NDArray[np.float64]


def middle(change: Change, first_year: int) -> Change | None:
    """Return a change with every size at its median, and an event as a shock in the first year it can.

    None for what moves no level.
    """
    match change:
        case PlannedGrowth() | Review() | Rule():
            return change
        case Pull():
            return replace(change, lever=replace(change.lever, effects=_medians(change.lever.effects)))
        case Shock():
            return replace(change, effects=_medians(change.effects))
        case RandomEvent():
            return Shock(
                id=change.id,
                label=change.label,
                effects=_medians(change.effects),
                year=max(change.first_year or first_year, first_year),
                recovery=change.recovery,
            )
    return None


def alone(scenario: Scenario, change: Change, *, passed_on: bool) -> Scenario:
    """Return a scenario with one of its changes alone, and what passes it on if asked."""
    links = tuple(one for one in scenario.changes if isinstance(one, Transmission)) if passed_on else ()
    return replace(scenario, changes=(change, *links))


def median_additions(policy: Policy, trend: Mapping[str, Array]) -> dict[str, Array]:
    """Return what a policy without uncertain strengths adds to the trend ``(year, member)``, by indicator.

    A rule decides on the trend itself.
    """
    tables = {name: offsets.T for name, offsets in policy.offsets.items()}
    if policy.moves is None:
        return tables
    names = sorted(policy.moves.names)
    out = {name: np.zeros_like(trend[name]) for name in names}
    for place in range(max(trend[name].shape[1] for name in names)):
        world = {name: trend[name][:, place : place + 1] for name in policy.needs(names)}
        shape = next(iter(world.values())).shape
        played = play(policy, world, _NoNumbers(), names, place=place, shape=(shape[0], 1))
        for name, levels in played.items():
            out[name][:, place] = (levels - world[name])[:, 0]
    return out


def _medians(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    return tuple(replace(effect, size=median(effect.size)) for effect in effects)


@dataclass(frozen=True, slots=True)
class _NoNumbers:
    """What rules alone need: they draw nothing."""

    def strength(self, owner: str) -> Array:
        """Refuse: a middle is no number."""
        raise NotImplementedError(owner)

    def once(self, key: Hashable, make: Callable[[Array], Array], numbers: Array) -> Array:
        """Make it: nothing is kept."""
        del key
        return make(numbers)

    def events(self, owner: str) -> tuple[Array, Array]:
        """Refuse: an event in the middle is a shock."""
        raise NotImplementedError(owner)
