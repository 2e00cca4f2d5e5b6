"""What levers, shocks and events push, with all that makes no sense in this run refused."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import RequestError
from sxsim.plan import PILING, Pull, RandomEvent, Scenario, Shock
from sxsim.scenarios.effort import effort_felt, refuse_unsound
from sxsim.scenarios.ground import Ground, owner_of
from sxsim.scenarios.push import Blow, Effort, Push
from sxsim.scenarios.strength import Strength

Array = NDArray[np.float64]


def efforts_of(scenario: Scenario, pull: Pull, ground: Ground) -> list[Effort]:
    """Return what a pulled lever does to each indicator of the model.

    Of levels, what had been reached in the model's last year is in the figures already; of what piles up,
    the years up to then.
    """
    owner = owner_of(scenario, pull)
    felt = effort_felt(pull, np.concatenate([ground.years[:1] - 1, ground.years]))
    rise = {False: felt[1:] - felt[0], True: felt[1:]}
    _refuse_elsewhere(owner, pull, ground, rise)
    worth = pull.lever.returns.worth(pull.dose)
    refuse_unsound(owner, worth * felt)
    out = []
    for effect in pull.lever.effects:
        share = rise[effect.unit in PILING]
        if ground.holds(scenario, pull, effect.indicator) and (worth * share).any():
            effort = Effort(
                name=effect.indicator,
                strength=Strength.of(effect.size),
                scale=ground.scale(owner, effect.indicator, effect.unit),
                effort=worth * share,
            )
            _refuse_outside(owner, effort, ground)
            out.append(effort)
    return out


def blows_of(scenario: Scenario, change: Shock | RandomEvent, ground: Ground) -> list[Blow]:
    """Return what a shock or an event does to each indicator of the model, in the years it can fall in."""
    owner = owner_of(scenario, change)
    if isinstance(change, Shock):
        first = last = change.year
    else:
        first, last = change.first_year or ground.first, change.last_year or ground.last
    if first > ground.last or last < ground.first:
        raise RequestError(
            f"{owner} lies in {first}{f' to {last}' if last != first else ''}, outside the years "
            f"{ground.first} to {ground.last} of the run.",
            "Move it, leave it out, or run to a later year.",
        )
    out = []
    for effect in change.effects:
        if ground.holds(scenario, change, effect.indicator):
            blow = Blow(
                name=effect.indicator,
                strength=Strength.of(effect.size),
                scale=ground.scale(owner, effect.indicator, effect.unit),
                first=max(first, ground.first) - ground.first,
                last=min(last, ground.last) - ground.first,
                kept=1.0 if change.recovery is None else float(0.5 ** (1.0 / change.recovery)),
                years=len(ground.years),
            )
            _refuse_outside(owner, blow, ground)
            out.append(blow)
    return out


def _refuse_elsewhere(owner: str, pull: Pull, ground: Ground, rise: dict[bool, Array]) -> None:
    """Refuse a pull that begins after the run, or has ended before it and left nothing."""
    begin = pull.start + pull.lever.delay
    over = pull.end is not None and pull.end < ground.first
    idle = not any(rise[effect.unit in PILING].any() for effect in pull.lever.effects)
    if begin > ground.last or (over and idle):
        when = f"ended in {pull.end}" if over else f"is first felt in {begin}"
        raise RequestError(
            f"{owner} {when}, outside the years {ground.first} to {ground.last} of the run.",
            "Move it, leave it out, or run to a later year.",
        )


def _refuse_outside(owner: str, push: Push, ground: Ground) -> None:
    """Refuse sizes, or likely ones of an uncertain size, that leave the range of the indicator."""
    carrier = ground.model[push.name].carrier
    for size in push.strength.ends():
        if found := push.outside(size):
            step, value = found
            likely = "" if push.strength.certain else f", where its size is {size:g},"
            raise RequestError(
                f"{owner}{likely} leads {push.name!r} to {value:g} in {ground.first + step}, outside "
                f"({carrier.lower:g}, {carrier.upper:g}).",
                "Make it smaller, or state it in another unit.",
            )
