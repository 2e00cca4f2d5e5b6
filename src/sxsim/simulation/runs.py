"""Scenarios grouped by the world they are replayed over."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sxsim.processes import GrowthModel
from sxsim.simulation.record import Setting
from sxsim.simulation.world import World, world_of
from sxsim.streams import Seed


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Run:
    """Some scenarios of a run, and their world.

    Attributes
    ----------
    slots
        Places of the scenarios among all.
    setting
        The run with these scenarios only.
    model, world
        What they are replayed over: indicators that are asked for, and those that decide them.
    """

    slots: tuple[int, ...]
    setting: Setting
    model: GrowthModel
    world: World


def runs_of(setting: Setting, seed: Seed) -> tuple[Run, ...]:
    """Group the scenarios: those of one model, and of the same needs beyond what is asked for, go together.

    So a scenario's numbers do not depend on which others stand beside it; all worlds have their streams in
    common, and what is asked for stands first in them, so that differences stay paired.
    """
    asked, groups = frozenset(setting.asked), dict[tuple[int, frozenset[str]], list[int]]()
    for slot, policy in enumerate(setting.policies):
        groups.setdefault((id(policy.model), policy.needs(asked)), []).append(slot)
    runs = []
    for (_, needed), slots in groups.items():
        policies = tuple(setting.policies[slot] for slot in slots)
        model = policies[0].model.select(tuple(needed))
        runs.append(
            Run(
                slots=tuple(slots),
                setting=replace(setting, policies=policies),
                model=model,
                world=world_of(model, len(setting.years), seed, setting.model.names),
            )
        )
    return tuple(runs)
