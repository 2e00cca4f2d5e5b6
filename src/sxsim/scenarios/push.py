"""What a change adds to one indicator, as a function of its size."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sxsim.scenarios.conversion import LinkScale
from sxsim.scenarios.strength import Strength

Array = NDArray[np.float64]

Outside = tuple[int, float]


class Push(Protocol):
    """An addition to the levels of one indicator, whose size may be uncertain."""

    @property
    def name(self) -> str:
        """Indicator that is moved."""
        ...

    @property
    def strength(self) -> Strength:
        """Its size."""
        ...

    def rows(
        self, size: Array, steps: Collection[int], place: int | None = None
    ) -> Iterator[tuple[int, Array]]:
        """Years that are wanted and not without addition, and that at the sizes of one member, ``(k,)``."""
        ...

    def addition(self, size: Array, place: int | None = None) -> Array:
        """Return the addition at the sizes ``(k,)`` of one member, or of all at one size, ``(year, k)``."""
        ...

    def outside(self, size: float) -> Outside | None:
        """Return the first year, counted from 0, and value outside the range of the indicator, if any."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Effort:
    """What a lever does to an indicator by its effort in every year, ``(year,)``."""

    name: str
    strength: Strength
    scale: LinkScale
    effort: Array

    def rows(
        self, size: Array, steps: Collection[int], place: int | None = None
    ) -> Iterator[tuple[int, Array]]:
        """Years from the first effort on, and their additions."""
        reached: Array | None = None
        for step in range(max(steps, default=-1) + 1):
            if self.effort[step]:
                before = reached if self.scale.piles else None
                reached = self.scale.reached(before, self.effort[step] * size, step, place)
            elif not self.scale.piles:
                reached = None
            if reached is not None and step in steps:
                yield step, self.scale.row(reached, step, place)

    def addition(self, size: Array, place: int | None = None) -> Array:
        """Return the addition of every year."""
        return self.scale.table(self.effort[:, None] * size, place)

    def outside(self, size: float) -> Outside | None:
        """Return the first year and value outside."""
        values = self.scale.values(self.effort[:, None] * size)
        return _first(values, self.scale.outside(values), 0)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Blow:
    """What happens to an indicator in one year of several it may happen in, and how much is left a year on.

    Attributes
    ----------
    name, strength, scale
        As for an effort.
    first, last
        Years it can happen in, counted from 0.
    kept
        Part of it that is left after one more year.
    years
        Number of years of the run.
    """

    name: str
    strength: Strength
    scale: LinkScale
    first: int
    last: int
    kept: float
    years: int

    def rows(
        self, size: Array, steps: Collection[int], place: int | None = None
    ) -> Iterator[tuple[int, Array]]:
        """Years from the first one it can happen in on, and their additions if it does."""
        addition = self.addition(size, place)
        yield from ((step, addition[step]) for step in sorted(steps) if step >= self.first)

    def addition(self, size: Array, place: int | None = None) -> Array:
        """Return the addition of every year, if it happens in the first one it can."""
        blow = self.scale.once(size, self.first, place)
        age = np.arange(self.years, dtype=float)[:, None] - self.first
        left = np.where(age < 0, 0.0, self.kept ** np.maximum(age, 0.0))
        return self.scale.whole(left * blow)

    def outside(self, size: float) -> Outside | None:
        """Return the first year and value outside."""
        values = np.stack([self.scale.value(size, step) for step in range(self.first, self.last + 1)])
        return _first(values, self.scale.outside(values), self.first)


def _first(values: Array, outside: NDArray[np.bool_], begin: int) -> Outside | None:
    steps, members = np.nonzero(outside)
    return (int(steps[0]) + begin, float(values[steps[0], members[0]])) if steps.size else None
