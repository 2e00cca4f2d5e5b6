"""Additions that differ from path to path and do not look at the path: uncertain strengths, random events."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.scenarios.policy import Numbers
from sxsim.scenarios.push import Blow, Push

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Uncertain:
    """A lever or a shock whose strength is uncertain: one number for all it does.

    What it does at its median is the same on all paths and not added here.

    Attributes
    ----------
    owner
        Who owns the number.
    pushes, middles
        What it does, and to which indicators; and the same at its median, ``(year, member)``.
    link, correlation
        Who owns the number it shares with others, and the correlation of their sums; "" for none.
    """

    owner: str
    pushes: tuple[Push, ...]
    middles: tuple[Array, ...]
    link: str = ""
    correlation: float = 0.0

    def add(self, numbers: Numbers, into: Mapping[str, Array], steps: Collection[int], place: int) -> None:
        """Add to the levels of one member."""
        score = self.drawn(numbers)
        for push, middles in zip(self.pushes, self.middles, strict=True):
            if push.name not in into:
                continue
            total, strength = into[push.name], push.strength
            size = numbers.once((self.owner, self.link, self.correlation, strength.key), strength.at, score)
            middle = middles[:, place if middles.shape[1] > 1 else 0]
            for step, addition in push.rows(size, steps, place):
                total[step] += addition
                total[step] -= middle[step]

    def drawn(self, numbers: Numbers) -> Array:
        """Return the normal score of its strength, ``(draw,)``."""
        score = numbers.strength(self.owner)
        if not self.link:
            return score
        common = np.sqrt(self.correlation) * numbers.strength(self.link)
        return np.asarray(common + np.sqrt(1.0 - self.correlation) * score)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Chance:
    """An event that may happen in some years.

    Attributes
    ----------
    owner
        Who owns the numbers.
    probability
        Of every year.
    once
        Whether it happens at most once on a path.
    blows
        What it does, and to which indicators.
    """

    owner: str
    probability: float
    once: bool
    blows: tuple[Blow, ...]

    def add(self, numbers: Numbers, into: Mapping[str, Array], steps: Collection[int], place: int) -> None:
        """Add to the levels of one member."""
        uniform, normal = numbers.events(self.owner)
        first, falls = self.blows[0].first, self._falls(uniform)
        for blow in (blow for blow in self.blows if blow.name in into):
            carried, total = np.zeros(falls.shape[1]), into[blow.name]
            for step in range(first, max(steps, default=-1) + 1):
                carried *= blow.kept
                hit = np.flatnonzero(falls[step])
                if hit.size:
                    size = blow.strength.at(normal[step, hit])
                    carried[hit] += blow.scale.once(size, step, place)
                if step in steps:
                    total[step] += blow.scale.whole(carried)

    def drawn(self, numbers: Numbers) -> Array:
        """Return how often it falls, ``(draw,)``."""
        return np.asarray(self._falls(numbers.events(self.owner)[0]).sum(axis=0), np.float64)

    def _falls(self, uniform: Array) -> NDArray[np.bool_]:
        """Whether it falls in a year, ``(year, draw)``."""
        first, last = self.blows[0].first, self.blows[0].last
        falls = uniform < self.probability
        falls[:first] = falls[last + 1 :] = False
        if self.once:
            falls &= np.cumsum(falls, axis=0) == 1
        return falls
