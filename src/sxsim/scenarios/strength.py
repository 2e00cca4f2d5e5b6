"""How strong an effect is on each path: the quantile of its size at a normal score."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.plan import Distribution, Size, median
from sxsim.processes.pieces import Pieces, pieces_of

Array = NDArray[np.float64]

_LEAST = 2.0**-1022
_STEP = 1e-4
_TAIL = 0.001


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Strength:
    """A size as a function of a standard normal number: the higher it is, the stronger the effect.

    Attributes
    ----------
    size
        A number or a distribution.
    sign
        Of its median: what lowers an indicator is the stronger the lower it is.
    """

    size: Size
    sign: float

    @staticmethod
    def of(size: Size) -> Strength:
        """Prepare a size."""
        return Strength(size=size, sign=-1.0 if median(size) < 0 else 1.0)

    @property
    def certain(self) -> bool:
        """Whether it is a number."""
        return not isinstance(self.size, Distribution)

    @property
    def key(self) -> Hashable:
        """What tells it from others."""
        return (self.size if isinstance(self.size, Hashable) else id(self.size)), self.sign

    def at(self, score: Array) -> Array:
        """Return the size at each score; each depends on its own score alone."""
        if not isinstance(self.size, Distribution):
            return np.full(np.shape(score), float(self.size))
        turned = self.sign * score
        return _quantiles(self.size, turned)

    def ends(self) -> tuple[float, ...]:
        """Return the quantiles .001 and .999 of its law, or the number itself."""
        if not isinstance(self.size, Distribution):
            return (float(self.size),)
        return tuple(float(end) for end in np.asarray(self.size.ppf(np.array([_TAIL, 1.0 - _TAIL]))))


def _quantiles(size: Any, score: Array) -> Array:
    """Quantiles at normal scores, from a table where they are slow and the density is known (scipy)."""
    smooth = hasattr(size, "isf") and hasattr(size, "logpdf") and isinstance(size, Hashable)
    return _table(size)(score) if smooth else _exact(size, score)


def _exact(size: Any, score: Array) -> Array:
    """Quantiles at normal scores, each tail from its own side where the law offers that."""
    tail = np.maximum(special.ndtr(-np.abs(score)), _LEAST)
    if hasattr(size, "isf"):
        return np.asarray(np.where(score > 0, size.isf(tail), size.ppf(tail)))
    return np.asarray(size.ppf(np.where(score > 0, np.minimum(1.0 - tail, 1.0 - 2.0**-53), tail)))


@lru_cache(maxsize=64)
def _table(size: Any) -> Pieces:
    def jet(score: Array, value: Array) -> tuple[Array, Array]:
        slope = np.exp(-0.5 * score**2 - size.logpdf(value)) / np.sqrt(2.0 * np.pi)
        step = _STEP * slope
        tilt = (size.logpdf(value + step) - size.logpdf(value - step)) / (2.0 * step)
        return slope, slope * (-score - slope * tilt)

    return pieces_of(lambda score: _exact(size, score), jet)
