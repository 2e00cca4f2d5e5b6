"""What an expression is made of: numbers, figures of indicators, and operations on them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Read = Callable[[str, int], Array]


@dataclass(frozen=True, kw_only=True, slots=True)
class Constant:
    """A number."""

    number: float

    def value(self, read: Read) -> Array:
        """Return the number."""
        del read
        return np.asarray(self.number)

    def figures(self) -> Iterator[Figure]:
        """No figure is read."""
        return iter(())


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """The value of an indicator ``lag`` years ago; 0 is the same year."""

    name: str
    lag: int = 0

    def value(self, read: Read) -> Array:
        """Return what is read."""
        return read(self.name, self.lag)

    def figures(self) -> Iterator[Figure]:
        """The figure itself."""
        yield self


@dataclass(frozen=True, kw_only=True, slots=True)
class Operation:
    """Two terms and what is done with them."""

    left: Term
    right: Term
    compute: Callable[[Array, Array], Array]

    def value(self, read: Read) -> Array:
        """Return the result, draw by draw."""
        return self.compute(self.left.value(read), self.right.value(read))

    def figures(self) -> Iterator[Figure]:
        """Figures read, from left to right."""
        yield from self.left.figures()
        yield from self.right.figures()


Term = Constant | Figure | Operation


def divide(left: Array, right: Array) -> Array:
    """Return the ratio; NaN where the divisor is zero, so that no later step turns infinity into a number."""
    return np.asarray(np.divide(left, _without_zero(right)))


def power(base: Array, exponent: Array) -> Array:
    """Return the power; NaN where it would divide by zero, or is no real number."""
    return np.asarray(np.power(_without_zero(base) if exponent < 0.0 else base, exponent))


def _without_zero(values: Array) -> Array:
    return values if np.all(values) else np.where(values == 0.0, np.nan, values)
