"""Extra growth: what it adds to the levels of every year, and how much of it each path needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.event import Event, Leaf, Row, Sum, Values, leaves, link_shift
from sxsim.analysis.question import Question
from sxsim.links import Carrier, deciding
from sxsim.processes import GrowthModel
from sxsim.scenarios import Policy
from sxsim.studies.goals.span import Span, span_of, torn

Array = NDArray[np.float64]

_WIDEST, _HALVINGS = 64.0, 56  # link-scale growth a year that is searched, and how finely


@dataclass(frozen=True, kw_only=True, slots=True)
class Lift:
    """So much more growth a year on the link scale, from the first year ahead on.

    Attributes
    ----------
    directions
        What is lifted: 1 for what has to be high, -1 for what has to be low and is pushed down.
    last_year, horizon
        Last year without it, and for how many years it goes on.
    """

    directions: Mapping[str, float]
    last_year: int
    horizon: int

    @staticmethod
    def of(event: Event, last_year: int, horizon: int) -> Lift:
        """Lift what an event asks for, not what that is held against."""
        signs: dict[str, set[float]] = {}
        for leaf in leaves(event):
            signs.setdefault(leaf.indicator, set()).add(leaf.sign)
        return Lift(
            directions={name: -1.0 if found == {-1.0} else 1.0 for name, found in signs.items()},
            last_year=last_year,
            horizon=horizon,
        )

    def slope(self, name: str, year: int) -> float:
        """Return what a unit of it adds to an indicator in a year."""
        return self.directions.get(name, 0.0) * (year - self.last_year)

    def gain(self, leaf: Leaf) -> float:
        """Return what a unit of it adds to the margin of a leaf; of a sum, to that of its last year."""
        if isinstance(leaf, Sum):
            return leaf.sign * self.slope(leaf.indicator, leaf.year)
        return sum(sign * self.slope(name, year) for name, year, sign in leaf.terms)

    def tilt(self, leaf: Leaf) -> float:
        """Return whether it helps a leaf (1), hinders it (-1), or does not move it (0)."""
        return float(np.sign(self.gain(leaf)))

    def policy(self, policy: Policy, amount: Array) -> Policy:
        """Return a policy that adds an amount, ``(member,)``, to what another one does."""
        offsets, years = dict(policy.offsets), np.arange(1.0, self.horizon + 1.0)
        for name, direction in self.directions.items():
            size = policy.model.members(name)
            added = direction * np.broadcast_to(amount, (size,))[:, None] * years
            offsets[name] = offsets[name] + added if name in offsets else added
        return replace(policy, offsets=offsets)

    def span(self, leaf: Leaf, levels: Values, carriers: Mapping[str, Carrier], member: int) -> Span:
        """Return which amounts let paths clear a leaf; see :func:`sxsim.analysis.event.clears`."""
        gain = self.gain(leaf)
        if isinstance(leaf, Sum):
            return Span.beyond(self._summed(leaf, levels, carriers[leaf.indicator], member), gain)
        lack = leaf.sign * (_bar(leaf, levels, carriers, member) - levels(leaf.indicator, leaf.year))
        return Span.beyond(lack / gain, gain) if gain else Span.where(lack <= 0.0)

    def _summed(self, leaf: Sum, levels: Values, carrier: Carrier, member: int) -> Array:
        """Find by halving the amount at which every path adds up to exactly enough."""
        path = [levels(leaf.indicator, year) for year in leaf.years]
        slopes = [self.slope(leaf.indicator, year) for year in leaf.years]
        level, rising = leaf.level_of(member), slopes[-1] > 0
        low, high = np.full_like(path[0], -_WIDEST), np.full_like(path[0], _WIDEST)
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            total = sum(carrier.inverse(row + s * middle) for row, s in zip(path, slopes, strict=True))
            beyond = (total >= level) == rising
            low, high = np.where(beyond, low, middle), np.where(beyond, middle, high)
        found = high if leaf.sign * slopes[-1] > 0 else low
        edge = _WIDEST * (1.0 - 1e-9)
        return np.where(np.abs(found) < edge, found, np.sign(found) * np.inf)


def _bar(leaf: Row, levels: Values, carriers: Mapping[str, Carrier], member: int) -> Array:
    """Return the link-scale level a path has to pass."""
    own = carriers[leaf.indicator]
    if leaf.benchmark is None:
        return own.forward(np.asarray(leaf.level_of(member)))
    other, level = carriers.get(leaf.benchmark), levels(leaf.benchmark, leaf.other_year)
    shift = link_shift(own, other, leaf.times)
    if shift is not None:
        return level + shift
    value = deciding(own, leaf.times * (other.inverse(level) if other else level), leaf.sign)
    inside = (value > own.lower) & (value < own.upper)
    safe = own.forward(np.where(inside, value, own.inverse(np.zeros(1))))
    return np.where(inside, safe, np.where(value <= own.lower, -np.inf, np.inf))


def refusal(question: Question, model: GrowthModel, lift: Lift) -> str:
    """Say why no path can be asked how much growth it needs; empty if it can."""
    for name in lift.directions:
        if name not in model:
            return f"{name!r} is computed from others by an identity: ask about what it is computed from"
    for leaf in question.rows:
        if isinstance(leaf, Row) and leaf.benchmark and leaf.benchmark in lift.directions:
            own, other = model[leaf.indicator].carrier, model[leaf.benchmark].carrier
            if link_shift(own, other, leaf.times) is None:
                return f"growth moves {leaf.indicator!r} and what it is held against, each at another pace"
    if torn(question.whole, lift.tilt):
        return "more growth helps one of its alternatives and hinders another"
    return ""


def reader(
    questions: Sequence[Question], lifts: Sequence[Lift], model: GrowthModel
) -> Callable[[Values, int], list[Span]]:
    """Return what reads the amounts every path needs, question by question."""
    names = {name for question in questions for row in question.rows for name in row.names}
    carriers = {name: model[name].carrier for name in names if name in model}

    def one(question: Question, lift: Lift, levels: Values, member: int) -> Span:
        def leaf(leaf: Leaf) -> Span:
            return lift.span(leaf, levels, carriers, member)

        return span_of(question.whole, leaf, lift.tilt, member)

    def read(levels: Values, member: int) -> list[Span]:
        return [one(q, lift, levels, member) for q, lift in zip(questions, lifts, strict=True)]

    return read
