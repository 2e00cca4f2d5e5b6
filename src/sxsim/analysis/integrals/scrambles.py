"""Independent scrambles of the Sobol points, many at little cost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sxsim.streams import Role, Seed

Array = NDArray[np.float64]
Bits = NDArray[np.uint64]

_DIGITS = 52  # of a coordinate; one more, always set, keeps it inside (0, 1)
_KNOWN = 30  # digits of a Sobol point


@dataclass(frozen=True, kw_only=True, slots=True)
class Scrambles:
    """Sobol points, each replicate with random linear scrambling of its digits and a random digital shift.

    Averages over them are unbiased, and over smooth functions vary as little as with nested scrambling
    (Matousek 1998, https://doi.org/10.1006/jcom.1998.0489; Owen 1997, https://doi.org/10.1214/aos/1031594731).
    """

    seed: Seed
    replicates: int

    def points(self, dims: int, replicates: range, start: int, count: int) -> Array:
        """Return ``count`` points from place ``start`` on, ``(coordinate, replicate, point)``.

        Both are powers of two, or ``start`` is 0, and ``start`` is a multiple of ``count``.
        """
        if dims == 0:
            return np.zeros((0, len(replicates), count))
        random = np.stack([_random(self.seed, dims, replicate) for replicate in replicates], axis=1)
        shift, columns = random[..., 0], _triangular(random[..., 1:])
        levels = (start + count - 1).bit_length()
        steps = _scrambled(directions(dims, levels)[..., None], columns)
        digits = shift[..., None]
        for level, step in enumerate(steps):
            if level < count.bit_length() - 1:
                digits = np.concatenate([digits, digits ^ step[..., None]], axis=-1)
            elif start >> level & 1:
                digits = digits ^ step[..., None]
        return np.asarray((digits.astype(np.float64) + 0.5) * 2.0**-_DIGITS)


@lru_cache(maxsize=1024)
def _random(seed: Seed, dims: int, replicate: int) -> Bits:
    """Digits of one scramble, ``(coordinate, 1 + column)``."""
    stream = seed.generator(Role.REPLICATE, "sobol", str(dims), replicate)
    return stream.integers(2**_DIGITS, size=(dims, 1 + _KNOWN), dtype=np.uint64)


@lru_cache(maxsize=256)
def directions(dims: int, levels: int) -> Bits:
    """Digits by which the points of each level differ from those before, ``(level, coordinate)``."""
    from scipy.stats import qmc

    points = qmc.Sobol(dims, scramble=False, bits=_KNOWN).random(2**levels)
    digits = (points * 2.0**_KNOWN).astype(np.uint64)
    first = 2 ** np.arange(levels)
    return np.asarray(digits[first] ^ digits[first - 1])


def _triangular(random: Bits) -> Bits:
    """Columns of a lower triangular matrix of digits with ones on its diagonal, ``(..., column)``."""
    place = np.uint64(1) << np.arange(_DIGITS - 1, _DIGITS - 1 - _KNOWN, -1).astype(np.uint64)
    return np.asarray(random & (place - np.uint64(1)) | place)


def _scrambled(digits: Bits, columns: Bits) -> Bits:
    """Multiply digits ``(level, coordinate, 1)`` by the matrices, ``(level, coordinate, replicate)``."""
    place = np.arange(_KNOWN - 1, -1, -1).astype(np.uint64)
    chosen = (digits[..., None] >> place & np.uint64(1)).astype(bool)
    return np.asarray(np.bitwise_xor.reduce(np.where(chosen, columns, np.uint64(0)), axis=-1))
