"""Averages over scrambled Sobol points, with the error that independent scrambles tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.integrals.scrambles import Scrambles
from sxsim.streams import Seed

Array = NDArray[np.float64]

_AT_ONCE = 1 << 12  # points of several scrambles; more would leave the cache


class Integral(Protocol):
    """A number that is an average over the unit cube, or a known part of it plus such an average."""

    @property
    def dims(self) -> int:
        """Coordinates of a point; 0 where nothing is left to average."""
        ...

    @property
    def known(self) -> float:
        """Part that needs no points."""
        ...

    @property
    def bound(self) -> float:
        """Error that the scrambles cannot see."""
        ...

    def values(self, points: Array) -> Array:
        """Return what is averaged at each point, ``(coordinate, point)``."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """What the points say, each ``(integral,)``; ``points`` of one scramble were used."""

    value: Array
    error: Array
    points: int


def integrate(
    integrals: Sequence[Integral],
    *,
    points: int,
    replicates: int,
    seed: Seed,
    until: float | None = None,
    most: int = 0,
) -> Estimate:
    """Average each integral; with ``until`` double the points until its error is reached, or ``most``."""
    scrambles = Scrambles(seed=seed, replicates=replicates)
    means = _means(integrals, scrambles, 0, points)
    estimate = _estimate(integrals, means, points)
    while until is not None and (estimate.error > until).any() and 2 * points <= most:
        means = 0.5 * (means + _means(integrals, scrambles, points, points))
        points *= 2
        estimate = _estimate(integrals, means, points)
    return estimate


def _means(integrals: Sequence[Integral], scrambles: Scrambles, start: int, count: int) -> Array:
    """Averages over the next points, ``(integral, replicate)``; integrals of as many dims share them."""
    out = np.zeros((len(integrals), scrambles.replicates))
    together = max(1, _AT_ONCE // count)
    for first in range(0, scrambles.replicates, together):
        some = range(first, min(first + together, scrambles.replicates))
        for dims, members in _by_dims(integrals):
            block = scrambles.points(dims, some, start, count).reshape(dims, len(some) * count)
            for member in members:
                values = integrals[member].values(block).reshape(len(some), count)
                out[member, some.start : some.stop] = values.mean(axis=1)
    return out


def _by_dims(integrals: Sequence[Integral]) -> Iterator[tuple[int, list[int]]]:
    for dims in sorted({integral.dims for integral in integrals}):
        yield dims, [i for i, integral in enumerate(integrals) if integral.dims == dims]


def _estimate(integrals: Sequence[Integral], means: Array, points: int) -> Estimate:
    known = np.array([integral.known for integral in integrals])
    bound = np.array([integral.bound for integral in integrals])
    error = means.std(axis=1, ddof=1) / np.sqrt(means.shape[1])
    return Estimate(value=known + means.mean(axis=1), error=error + bound, points=points)
