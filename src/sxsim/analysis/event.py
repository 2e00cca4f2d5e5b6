"""What decides a question: rows that paths have to clear, and how many of them it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sxsim.links import Carrier, Count, Log

Array = NDArray[np.float64]
Masks = NDArray[np.bool_]
Levels = float | tuple[float, ...]
Values = Callable[[str, int], Array]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One indicator in one year: ``sign * (indicator - level) >= 0``.

    Attributes
    ----------
    indicator, year, sign
        What is looked at, and whether it has to reach the level (1) or must not exceed it (-1).
    level
        A number, or one for each member of the batch; None where the level moves.
    benchmark, since, times
        What moves: ``times`` the value of this indicator, in the same year or in that of ``since``.
    """

    indicator: str
    year: int
    sign: float
    level: Levels | None
    benchmark: str | None = None
    since: int | None = None
    times: float = 1.0

    @property
    def names(self) -> tuple[str, ...]:
        """Series the row compares."""
        other = (self.benchmark,) if self.benchmark and self.benchmark != self.indicator else ()
        return (self.indicator, *other)

    @property
    def years(self) -> tuple[int, ...]:
        """Years it looks at."""
        return tuple(sorted({self.year, self.other_year})) if self.benchmark else (self.year,)

    @property
    def other_year(self) -> int:
        """Year in which the level is taken."""
        return self.year if self.since is None else self.since

    @property
    def terms(self) -> tuple[tuple[str, int, float], ...]:
        """Indicator, year and sign of everything that enters the margin on the link scale."""
        own = (self.indicator, self.year, self.sign)
        return (own, (self.benchmark, self.other_year, -self.sign)) if self.benchmark else (own,)

    @property
    def fixed(self) -> bool:
        """Whether its level is a number."""
        return self.benchmark is None

    def level_of(self, member: int) -> float:
        """Return the number one member is held against."""
        return float(self.level[member] if isinstance(self.level, tuple) else np.asarray(self.level))

    def reversed(self) -> Row:
        """Return the row that holds where this one does not; the level itself has no weight."""
        return replace(self, sign=-self.sign)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sum:
    """A sum over years: ``sign * (sum of the indicator - level) >= 0``, in published units."""

    indicator: str
    years: tuple[int, ...]
    sign: float
    level: Levels

    benchmark = None
    fixed = False

    @property
    def names(self) -> tuple[str, ...]:
        """The series that is added up."""
        return (self.indicator,)

    @property
    def year(self) -> int:
        """Last year it looks at."""
        return self.years[-1]

    def level_of(self, member: int) -> float:
        """Return the number one member is held against."""
        return float(self.level[member] if isinstance(self.level, tuple) else self.level)

    def reversed(self) -> Sum:
        """Return the sum that holds where this one does not."""
        return replace(self, sign=-self.sign)


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """What figures have decided, by member of the batch."""

    holds: tuple[bool, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Several:
    """Holds where at least so many of its parts do."""

    least: int
    parts: tuple[Event, ...]


Leaf = Row | Sum
Event = Row | Sum | Settled | Several


def negated(event: Event) -> Event:
    """Return what holds where an event does not; levels themselves have no weight."""
    if isinstance(event, Settled):
        return Settled(holds=tuple(not held for held in event.holds))
    if not isinstance(event, Several):
        return event.reversed()
    parts = tuple(negated(part) for part in event.parts)
    return Several(least=len(parts) - event.least + 1, parts=parts)


def leaves(event: Event) -> Iterator[Leaf]:
    """Yield what paths have to clear."""
    if isinstance(event, Several):
        for part in event.parts:
            yield from leaves(part)
    elif not isinstance(event, Settled):
        yield event


def several(least: int, parts: Sequence[Event]) -> Event:
    """Combine events; what is settled for every member alike is taken out, and nests of one kind are one."""
    rest, left = list[Event](), least
    size = next((len(part.holds) for part in parts if isinstance(part, Settled)), 1)
    for part in parts:
        if isinstance(part, Settled) and len(set(part.holds)) == 1:
            left -= part.holds[0]
        else:
            rest.append(part)
    if left <= 0 or left > len(rest):
        return Settled(holds=(left <= 0,) * size)
    if len(rest) == 1:
        return rest[0]
    for whole in (True, False):
        if left == (len(rest) if whole else 1):
            flat = _flattened(rest, whole)
            return Several(least=len(flat) if whole else 1, parts=flat)
    return Several(least=left, parts=tuple(rest))


def _flattened(parts: Sequence[Event], whole: bool) -> tuple[Event, ...]:
    """Open the parts that are conjunctions, or alternatives, themselves; each part once."""
    flat = list[Event]()
    for part in parts:
        same = isinstance(part, Several) and part.least == (len(part.parts) if whole else 1)
        flat.extend(part.parts if isinstance(part, Several) and same else [part])
    return tuple(dict.fromkeys(flat))


def held_by(event: Event, leaf: Callable[[Leaf], Masks], place: int | slice = slice(None)) -> Masks:
    """Whether an event holds, given where its leaves do; ``place`` picks members of what is settled."""
    if isinstance(event, Settled):
        return np.asarray(np.array(event.holds)[place])
    if not isinstance(event, Several):
        return leaf(event)
    parts = [held_by(part, leaf, place) for part in event.parts]
    if event.least == len(parts):
        return np.asarray(_reduced(np.logical_and, parts))
    if event.least == 1:
        return np.asarray(_reduced(np.logical_or, parts))
    count = sum(part.astype(np.int8) for part in np.broadcast_arrays(*parts))
    return np.asarray(count >= event.least)


def _reduced(rule: np.ufunc, parts: Sequence[Masks]) -> Masks:
    found = parts[0]
    for part in parts[1:]:
        found = rule(found, part)
    return np.asarray(found)


def clears(leaf: Leaf, levels: Values, carriers: Mapping[str, Carrier], member: int) -> Masks:
    """Whether paths stand on the right side of a fixed level, or of one that moves, or add up to enough.

    Equal links are compared as they are; two different ones, and counts, in published units.

    Parameters
    ----------
    levels
        Returns levels on the link scale of an indicator in a year, ``(draw,)``; published values of one that
        has no carrier because it is derived.
    carriers
        Of the fitted indicators.
    member
        Whose level is meant.
    """

    def published(name: str, year: int) -> Array:
        found = levels(name, year)
        return carriers[name].inverse(found) if name in carriers else found

    if isinstance(leaf, Sum):
        total = published(leaf.indicator, leaf.years[0])
        for year in leaf.years[1:]:
            total = total + published(leaf.indicator, year)
        return _beyond(leaf.sign, total, np.asarray(leaf.level_of(member)))
    own = carriers.get(leaf.indicator)
    if leaf.benchmark is None:
        level = np.asarray(leaf.level_of(member))
        bar = own.forward(level) if own else level
        return _beyond(leaf.sign, levels(leaf.indicator, leaf.year), bar)
    shift = link_shift(own, carriers.get(leaf.benchmark), leaf.times)
    if shift is None:
        value = published(leaf.indicator, leaf.year)
        return _beyond(leaf.sign, value, leaf.times * published(leaf.benchmark, leaf.other_year))
    bar = levels(leaf.benchmark, leaf.other_year)
    return _beyond(leaf.sign, levels(leaf.indicator, leaf.year), bar + shift if shift else bar)


def link_shift(own: Carrier | None, other: Carrier | None, times: float) -> float | None:
    """Return what a multiple adds on the link scale; None where two links do not compare by a difference.

    Counts do not: what is published of them are whole numbers, which tie.
    """
    if own is None or own != other or isinstance(own, Count):
        return None
    if times == 1.0:
        return 0.0
    return float(np.log(times)) if isinstance(own, Log) else None


def _beyond(sign: float, value: Array, bar: Array) -> Masks:
    return np.asarray(value >= bar if sign > 0 else value <= bar)
