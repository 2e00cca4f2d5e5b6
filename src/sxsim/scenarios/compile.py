"""A scenario's changes, compiled once to a policy that is replayed over the world."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import RequestError
from sxsim.plan import (
    PlannedGrowth,
    Pull,
    RandomEvent,
    Review,
    Rule,
    Scenario,
    Shock,
    TargetRevision,
)
from sxsim.processes import GrowthModel
from sxsim.scenarios.channels import Channels
from sxsim.scenarios.ground import Ground
from sxsim.scenarios.linked import Link, links_of
from sxsim.scenarios.network import channels_of
from sxsim.scenarios.policy import Moves, Policy, Sway
from sxsim.scenarios.push import Push
from sxsim.scenarios.rules import decider_of
from sxsim.scenarios.sources import blows_of, efforts_of
from sxsim.scenarios.sways import Chance, Uncertain
from sxsim.scenarios.variant import variant_of

Array = NDArray[np.float64]


def compile_scenarios(scenarios: Sequence[Scenario], model: GrowthModel, horizon: int) -> tuple[Policy, ...]:
    """Per scenario, what it does to the paths of the years after the model's last.

    A planned growth moves the median of every year after the model's last to the plan's stated path and
    keeps all the uncertainty. What levers, shocks, events and rules do is converted to the link scale at the
    trend median, added up there, and passed on to other indicators. What is the same on all paths becomes
    offsets, all else moves. Counts that are stepped move by whole numbers.

    Raises
    ------
    UnknownNameError
        A change names an indicator that neither the model nor its history knows.
    RequestError
        A value leaves the range of its indicator, a change lies outside the run, a unit means nothing for an
        indicator, transmissions have no finite answer, or batches do not fit.
    """
    ground = Ground(model=model, years=model.last_year + np.arange(1, horizon + 1))
    return tuple(_policy(scenario, ground) for scenario in scenarios)


def _policy(scenario: Scenario, ground: Ground) -> Policy:
    channels = channels_of(scenario, ground)
    sources = list(_sources(scenario, ground))
    middle = [push for _, pushes in sources for push in pushes]
    return Policy(
        scenario=scenario.id,
        model=variant_of(scenario, ground),
        offsets=_with_planned(scenario, ground, _spread(middle, channels, ground)),
        moves=_moves(scenario, ground, channels, sources),
        revisions=tuple(change for change in scenario.changes if isinstance(change, TargetRevision)),
    )


def _sources(scenario: Scenario, ground: Ground) -> Iterator[tuple[str, Sequence[Push]]]:
    """Levers and shocks: who owns their strength, and what they push."""
    for change in scenario.changes:
        if isinstance(change, Pull):
            yield change.lever.id, efforts_of(scenario, change, ground)
        elif isinstance(change, Shock):
            yield f"shock {change.id}", blows_of(scenario, change, ground)


def _spread(pushes: Sequence[Push], channels: Channels, ground: Ground) -> dict[str, Array]:
    """What is the same on all paths, with what is passed on, ``(year, member)``: pushes at their medians."""
    totals = {name: ground.zeros(name) for name in sorted(channels.reached([p.name for p in pushes]))}
    for push in pushes:
        totals[push.name] += push.addition(push.strength.at(np.zeros(1)))
    channels.spread(totals)
    return totals


def _with_planned(scenario: Scenario, ground: Ground, totals: Mapping[str, Array]) -> dict[str, Array]:
    """Offsets, ``(member, year)``: what is added, on the plan's own growth where it is the median."""
    offsets = {name: total.T for name, total in totals.items()}
    for change in scenario.changes:
        if isinstance(change, PlannedGrowth) and ground.holds(scenario, change, change.indicator):
            path = _to_planned_path(scenario, change, ground)
            name = change.indicator
            offsets[name] = path + offsets[name] if name in offsets else path
    return offsets


def _to_planned_path(scenario: Scenario, change: PlannedGrowth, ground: Ground) -> Array:
    years, grown = ground.years, ground.model[change.indicator]
    path = np.asarray(change.base_value * (1.0 + change.growth) ** (years - change.base_year), np.float64)
    inside = (path > grown.carrier.lower) & (path < grown.carrier.upper)
    if not inside.all():
        year, value = years[~inside][0], path[~inside][0]
        raise RequestError(
            f"Scenario {scenario.id!r}: the stated growth of {change.indicator!r} leads to {value:g} in "
            f"{year}, outside ({grown.carrier.lower:g}, {grown.carrier.upper:g}).",
            "Correct the stated growth or the kind of the indicator.",
        )
    moved = (grown.carrier.forward(path)[:, None] - ground.trend(change.indicator).levels).T
    return np.asarray(np.round(moved) if grown.counts else moved)


def _moves(
    scenario: Scenario, ground: Ground, channels: Channels, sources: Sequence[tuple[str, Sequence[Push]]]
) -> Moves | None:
    """What differs from path to path; None if nothing does."""
    sways = [*_uncertain(sources, links_of(scenario)), *_chances(scenario, ground)]
    rules = [change for change in scenario.changes if isinstance(change, Review | Rule)]
    deciders = [one for rule in rules if (one := decider_of(scenario, rule, ground, channels))]
    if not sways and not deciders:
        return None
    moved = {name for _, names in sways for name in names} | {one.rule.indicator for one in deciders}
    return Moves(
        sways=tuple(sway for sway, _ in sways),
        deciders=tuple(deciders),
        channels=channels,
        names=channels.reached(sorted(moved)),
    )


def _uncertain(
    sources: Iterable[tuple[str, Sequence[Push]]], links: Mapping[str, Link]
) -> Iterator[tuple[Sway, list[str]]]:
    """Levers and shocks of uncertain strength, and what they move."""
    for owner, pushes in sources:
        unsure = tuple(push for push in pushes if not push.strength.certain)
        if unsure:
            link = links.get(owner, Link())
            middles = tuple(push.addition(push.strength.at(np.zeros(1))) for push in unsure)
            sway = Uncertain(
                owner=owner,
                pushes=unsure,
                middles=middles,
                link=link.owner,
                correlation=link.correlation,
            )
            yield sway, [push.name for push in unsure]


def _chances(scenario: Scenario, ground: Ground) -> Iterator[tuple[Sway, list[str]]]:
    """Events that can happen, and what they move."""
    for change in scenario.changes:
        if isinstance(change, RandomEvent):
            blows = tuple(blows_of(scenario, change, ground))
            if blows and change.probability > 0:
                chance = Chance(
                    owner=change.id, probability=change.probability, once=change.once, blows=blows
                )
                yield chance, [blow.name for blow in blows]
