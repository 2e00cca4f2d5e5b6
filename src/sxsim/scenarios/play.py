"""A policy replayed over the world's paths: year by year where a rule looks at what was published."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import RequestError
from sxsim.identities import Derivation
from sxsim.labels import YEAR
from sxsim.processes import GrowthModel, derivation, observed_figures
from sxsim.scenarios.channels import Channels
from sxsim.scenarios.policy import Decider, Moves, Numbers, Policy

Array = NDArray[np.float64]


def play(
    policy: Policy,
    world: Mapping[str, Array],
    numbers: Numbers,
    names: Sequence[str],
    *,
    place: int,
    shape: tuple[int, int],
    steps: Collection[int] | None = None,
) -> dict[str, Array]:
    """Return the levels ``(year, draw)`` of the indicators that a policy moves differently from draw to draw.

    Parameters
    ----------
    policy, world
        What is replayed over which levels ``(year, draw)``.
    numbers
        Random numbers of the draws.
    names
        Indicators that are moved and share a batch; those without a batch may pass on to them.
    place, shape
        Member of the batch; years and draws.
    steps
        Years that are wanted, counted from 0; None for all. Others are NaN where no rule needs them.

    Returns
    -------
    dict
        Levels by indicator, of those the world holds. A rule is handed copies of what was published up to its
        lag: what comes later has not been computed when it decides.
    """
    moves = policy.moves
    assert moves is not None
    totals = {name: np.zeros(shape) for name in _concerned(policy, moves, names)}
    deciders = [decider for decider in moves.deciders if _decides(policy, decider, names, world)]
    wanted = range(shape[0]) if steps is None or deciders else steps
    needed = moves.channels.behind(wanted)
    for sway in moves.sways:
        sway.add(numbers, totals, needed, place)
    if deciders:
        return _walk(policy, moves.channels, deciders, world, totals, place=place)
    for step in sorted(needed):
        moves.channels.step(totals, step)
    here = [name for name in totals if name in world]
    return {name: _moved(policy, world[name], totals[name], name, place=place, steps=wanted) for name in here}


def _moved(
    policy: Policy, world: Array, total: Array, name: str, *, place: int, steps: Collection[int]
) -> Array:
    """World levels with all that a policy adds, in some of the years."""
    out, offsets = np.full(total.shape, np.nan), policy.offsets.get(name)
    for step in steps:
        base = world[step] if offsets is None else world[step] + member_of(offsets, place)[step]
        np.add(base, total[step], out=out[step])
    return out


def _concerned(policy: Policy, moves: Moves, names: Sequence[str]) -> list[str]:
    """Some indicators, and those without a batch that may pass on to them."""
    if not names or not (moves.channels.names or moves.channels.lagged):
        return sorted(names)
    return sorted({*names, *(name for name in moves.names if policy.model[name].size == 1)})


def _decides(policy: Policy, decider: Decider, names: Sequence[str], world: Mapping[str, Array]) -> bool:
    """Whether a rule moves one of some indicators, and what it looks at has a path."""
    rule = decider.rule
    return rule.indicator in names and not any(
        np.isnan(world[part][:, 0]).all() for part in policy.parts(rule.reads)
    )


def base_levels(policy: Policy, world: Mapping[str, Array], name: str, place: int) -> Array:
    """World levels with what a policy adds to all paths alike; the world's own if it adds nothing."""
    offsets = policy.offsets.get(name)
    return world[name] if offsets is None else world[name] + member_of(offsets, place)[:, None]


def member_of(table: Array, place: int) -> Array:
    """One member's row; that of an indicator without a batch serves every member of another one's."""
    return np.asarray(table[place if len(table) > 1 else 0])


def _walk(
    policy: Policy,
    channels: Channels,
    deciders: Sequence[Decider],
    world: Mapping[str, Array],
    totals: dict[str, Array],
    *,
    place: int,
) -> dict[str, Array]:
    """Walk through the years; every year's levels are complete before the next one is begun."""
    model, shape = policy.model, next(iter(totals.values())).shape
    reads = sorted({name for decider in deciders for name in decider.rule.reads})
    known = {*totals, *policy.parts(reads)}
    here = [name for name in sorted(known) if name in world]
    base = {name: np.array(base_levels(policy, world, name, place)) for name in here}
    published = Published.of(policy, reads, place, shape)
    looked_at = max(year - one.rule.lag for one in deciders for year in one.rule.years)
    efforts, led_to = [np.zeros(shape) for _ in deciders], list[Array | None]([None] * len(deciders))
    for decider, effort in zip(deciders, efforts, strict=True):
        for year in (year for year in decider.rule.years if year <= model.last_year):
            _decide(decider, effort, published, year)
    for step in range(shape[0]):
        for d, (decider, effort) in enumerate(zip(deciders, efforts, strict=True)):
            if effort[: step + 1].any():
                reached = decider.conversion.reached(led_to[d], effort[step], step, place)
                totals[decider.rule.indicator][step] += decider.conversion.row(reached, step, place)
                led_to[d] = reached
        channels.step(totals, step)
        for name, level in base.items():
            if name in totals:
                level[step] += totals[name][step]
        if published.first + step <= looked_at:
            published.fill(step, base, model)
        for decider, effort in zip(deciders, efforts, strict=True):
            if model.last_year + 1 + step in decider.rule.years:
                _decide(decider, effort, published, model.last_year + 1 + step)
    return {name: base[name] for name in totals if name in base}


def _decide(decider: Decider, effort: Array, published: Published, year: int) -> None:
    """Add what a rule decides in a year to the efforts of the years after it."""
    rule, first = decider.rule, published.first
    years, seen = published.until(year - rule.lag, rule.reads)
    if not years.size:
        raise RequestError(
            f"Rule {rule.id!r} decides in {year}, and no figure up to {year - rule.lag} is known.",
            "Let it decide later, or see more.",
        )
    decided = np.asarray(rule.decide(seen, years, year), float)
    if decided.shape != effort.shape[1:] or not np.isfinite(decided).all():
        raise RequestError(
            f"Rule {rule.id!r} decides in {year} on {decided.shape} values, some of them no numbers, for "
            f"{effort.shape[1]} paths.",
            "Return one finite number for each path.",
        )
    begin = year + rule.delay
    end = None if rule.lasts is None else begin + rule.lasts
    for step in range(max(begin - first, 0), len(effort)):
        if end is None or first + step < end:
            effort[step] += decided * float(rule.ramp.share(np.asarray(first + step - begin, float)))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Published:
    """What has been published on every path.

    Attributes
    ----------
    first
        First year of the world.
    observed
        Figures of the years before, ``(year,)``, the latest last, of what rules look at.
    values
        Values of the years since, ``(year, draw)``, NaN until they are published; of what rules look at,
        and of what that is computed from.
    derivation
        How the derived ones follow from the others.
    """

    first: int
    observed: Mapping[str, Array]
    values: dict[str, Array]
    derivation: Derivation

    @staticmethod
    def of(policy: Policy, reads: Sequence[str], place: int, shape: tuple[int, ...]) -> Published:
        """Begin with the figures of one member."""
        derived = derivation_under(policy, tuple(reads), place)
        names = {*reads, *policy.parts(reads), *derived.names}
        return Published(
            first=policy.model.last_year + 1,
            observed={name: observed_under(policy, name, place) for name in reads},
            values={name: np.full(shape, np.nan) for name in names},
            derivation=derived,
        )

    def fill(self, step: int, levels: Mapping[str, Array], model: GrowthModel) -> None:
        """Publish a year, and what is derived from its figures."""
        for name in self.values.keys() & levels.keys():
            self.values[name][step] = model[name].carrier.inverse(levels[name][step])
        self.derivation.step(self.values, step)

    def until(self, year: int, names: Sequence[str]) -> tuple[NDArray[np.int64], Mapping[str, Array]]:
        """Years up to one of them, and copies of what was published of some indicators, ``(year, draw)``."""
        known = min(len(self.observed[name]) for name in names)
        years = np.arange(self.first - known, year + 1)
        seen = {}
        for name in names:
            figures, values = self.observed[name], self.values[name][: max(year - self.first + 1, 0)]
            past = np.repeat(figures[len(figures) - known :, None], values.shape[1], axis=1)
            seen[name] = np.concatenate([past, values])[: len(years)].copy()
        return years, seen


@lru_cache(maxsize=256)
def derivation_under(policy: Policy, names: tuple[str, ...], place: int) -> Derivation:
    """Prepare the identities behind some names, for one member of the batch."""
    return derivation(policy.model.select(names), place)


@lru_cache(maxsize=256)
def observed_under(policy: Policy, name: str, place: int) -> Array:
    """Figures up to the model's last year from the first one on, ``(year,)``; of one member of the batch."""
    model = policy.model
    if name in model.history:
        first = int(model.history[name][YEAR].min())
    elif name in model:
        first = int(model[name].last_years()[0])
    else:
        return np.zeros(0)
    return member_of(observed_figures(model, name, model.last_year - first + 1), place)
