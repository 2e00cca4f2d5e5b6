"""First guesses of the quantile of a mixture that differs from path to path in one number."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sxsim.processes.normal_mixture import mixture_quantile

Array = NDArray[np.float64]

_REACH = 8.5
_STEP = 1.0 / 32.0
_RUNG = 1.0 / 16.0
_FAR = 40.0
_CHUNK = 1 << 13
_SCORES = np.arange(-_REACH - _STEP, _REACH + 2.5 * _STEP, _STEP)


class MixtureFamily(Protocol):
    """Mixtures of normal laws along a coordinate."""

    def __hash__(self) -> int:
        """Return what a kept table is found by."""
        ...

    def parts_at(self, coordinate: float) -> tuple[Array, Array, Array]:
        """Weights, means and spreads."""
        ...


def first_guess(family: MixtureFamily, score: Array, coordinate: Array) -> Array:
    """Return the quantile at the score, for each path's own coordinate, roughly: mostly to six digits.

    Cubic interpolation over the four nearest scores and the four nearest rungs of the coordinate, whose exact
    quantiles are kept. The rungs stand where they stand whatever paths are asked for together, so that a
    guess depends on its own score and coordinate alone.
    """
    across = np.ravel(np.clip(coordinate, -_FAR, _FAR) / _RUNG)
    along = np.ravel((np.clip(score, -_REACH, _REACH) + _REACH) / _STEP)
    lowest, highest = int(np.floor(across.min())) - 1, int(np.floor(across.max())) + 2
    ladder = _ladder(family, lowest, highest).ravel()
    out = np.full(along.shape, np.nan)
    for begin in range(0, len(out), _CHUNK):
        cut = slice(begin, begin + _CHUNK)
        out[cut] = _cubic(ladder, lowest + 1, across[cut], along[cut])
    return out.reshape(score.shape)


def _cubic(ladder: Array, second: int, across: Array, along: Array) -> Array:
    """Interpolate a flat table of rungs, whose second one has a number, and of scores."""
    rung, knot = np.floor(across), np.floor(along)
    place = (rung.astype(np.int64) - second) * len(_SCORES) + knot.astype(np.int64)
    shares = _shares(along - knot)
    total = np.zeros(along.shape)
    for i, height in enumerate(_shares(across - rung)):
        row = np.zeros(along.shape)
        for j, share in enumerate(shares):
            row += share * ladder.take(place + (i * len(_SCORES) + j))
        total += height * row
    return total


def _shares(x: Array) -> tuple[Array, Array, Array, Array]:
    """Weights of the neighbours at -1, 0, 1 and 2 of a place between 0 and 1."""
    before, after, beyond = x + 1.0, x - 1.0, x - 2.0
    inner, outer = x * after, before * beyond
    return -inner * beyond / 6.0, outer * after / 2.0, -outer * x / 2.0, inner * before / 6.0


@lru_cache(maxsize=64)
def _ladder(family: MixtureFamily, lowest: int, highest: int) -> Array:
    return np.stack([_rung(family, rung) for rung in range(lowest, highest + 1)])


@lru_cache(maxsize=2048)
def _rung(family: MixtureFamily, rung: int) -> Array:
    return mixture_quantile(_SCORES, *family.parts_at(rung * _RUNG))
