"""The link between published values and the scale on which they grow.

Amounts, ratios, stocks and flows grow on ``log y``; counts too, of which a whole number is published; shares
on the log odds, so that they stay inside their bounds; a balance, which may be negative, on ``y`` itself in
units of its usual size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import ModelError

Array = NDArray[np.float64]

_ROUNDING = 1e-12


class Carrier(Protocol):
    """A strictly increasing link with its own valid range."""

    @property
    def lower(self) -> float:
        """Lowest value, itself excluded; minus infinity where there is none."""
        ...

    @property
    def upper(self) -> float:
        """Highest value, itself excluded; infinity where there is none."""
        ...

    def forward(self, values: Array) -> Array:
        """Published value to link scale."""
        ...

    def inverse(self, levels: Array) -> Array:
        """Link scale to published value."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Log:
    """``z = log y`` for a positive quantity.

    Examples
    --------
    >>> float(Log().inverse(Log().forward(np.array(2.5))).round(12))
    2.5
    """

    @property
    def lower(self) -> float:
        """Zero: the quantity stays above it."""
        return 0.0

    @property
    def upper(self) -> float:
        """No upper bound."""
        return np.inf

    def forward(self, values: Array) -> Array:
        """Return ``log y``."""
        return np.asarray(np.log(values))

    def inverse(self, levels: Array) -> Array:
        """Return ``exp z``; infinity where no double is large enough."""
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(levels))


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """``z = log y`` for a count: what is published of the way back is its whole part, down to zero.

    Examples
    --------
    >>> Count().inverse(np.log([0.7, 3.0, 3.9])).tolist()
    [0.0, 3.0, 3.0]
    """

    @property
    def lower(self) -> float:
        """Zero: what grows stays above it, and a half stands for a published zero."""
        return 0.0

    @property
    def upper(self) -> float:
        """No upper bound."""
        return np.inf

    def forward(self, values: Array) -> Array:
        """Return ``log y``."""
        return np.asarray(np.log(values))

    def inverse(self, levels: Array) -> Array:
        """Return the whole part of ``exp z``; a whole number comes back as itself."""
        with np.errstate(over="ignore"):
            return np.asarray(np.floor(np.exp(levels) * (1.0 + _ROUNDING)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Odds:
    """``z = log((y - lower) / (upper - y))`` for a share between two bounds.

    Examples
    --------
    >>> float(Odds(lower=0.0, upper=100.0).inverse(np.array(0.0)))
    50.0
    """

    lower: float = 0.0
    upper: float = 1.0

    def __post_init__(self) -> None:
        if not (np.isfinite(self.lower) and np.isfinite(self.upper) and self.lower < self.upper):
            raise ModelError(
                f"A share needs two finite bounds in order, not lower={self.lower:g}, upper={self.upper:g}.",
                "Set the attributes lower and upper, or choose another kind.",
            )

    def forward(self, values: Array) -> Array:
        """Return the log odds."""
        return np.asarray(np.log((values - self.lower) / (self.upper - values)))

    def inverse(self, levels: Array) -> Array:
        """Return the share; exact at both ends."""
        with np.errstate(over="ignore"):
            return self.lower + (self.upper - self.lower) / (1.0 + np.exp(-levels))


@dataclass(frozen=True, kw_only=True, slots=True)
class Linear:
    """``z = y / scale`` for a balance; the scale makes growth free of units.

    Examples
    --------
    >>> float(Linear(scale=10.0).forward(np.array(-5.0)))
    -0.5
    """

    scale: float = 1.0

    def __post_init__(self) -> None:
        if not (np.isfinite(self.scale) and self.scale > 0):
            raise ModelError(f"The scale of a balance is {self.scale!r}.", "Give a finite scale above zero.")

    @property
    def lower(self) -> float:
        """No lower bound."""
        return -np.inf

    @property
    def upper(self) -> float:
        """No upper bound."""
        return np.inf

    def forward(self, values: Array) -> Array:
        """Return ``y / scale``."""
        return np.asarray(values) / self.scale

    def inverse(self, levels: Array) -> Array:
        """Return ``z * scale``."""
        return np.asarray(levels) * self.scale


def deciding(carrier: Carrier, level: Array, sign: float) -> Array:
    """Level that decides "at least" (sign 1) or "at most" (-1) before a count is cut to its whole part.

    Examples
    --------
    >>> [float(deciding(Count(), np.array(2.0), sign)) for sign in (1.0, -1.0)]
    [2.0, 3.0]
    """
    if not isinstance(carrier, Count):
        return level
    return np.asarray(np.ceil(level) if sign > 0 else np.floor(level) + 1.0)
