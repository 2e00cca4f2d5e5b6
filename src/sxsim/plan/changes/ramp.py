"""How effort comes in, and what more of it is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import PlanError

Array = NDArray[np.float64]


class Ramp(Protocol):
    """How much of the full effort is reached, by years since the first one."""

    def share(self, age: Array) -> Array:
        """Share of full effort; age 0 is the first year of effort."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class StepRamp:
    """Full effort from the first year on.

    Examples
    --------
    >>> StepRamp().share(np.arange(2.0)).tolist()
    [1.0, 1.0]
    """

    def share(self, age: Array) -> Array:
        """Share of full effort."""
        return np.ones_like(np.asarray(age, float))


@dataclass(frozen=True, kw_only=True, slots=True)
class LinearRamp:
    """Equal steps: full effort in the last of some years.

    Raises
    ------
    PlanError
        Fewer than one year.

    Examples
    --------
    >>> LinearRamp(years=4).share(np.arange(5.0)).tolist()
    [0.25, 0.5, 0.75, 1.0, 1.0]
    """

    years: int

    def __post_init__(self) -> None:
        _check_years(self, self.years)

    def share(self, age: Array) -> Array:
        """Share of full effort."""
        return _reached(age, self.years)


@dataclass(frozen=True, kw_only=True, slots=True)
class SCurveRamp:
    """Slow, fast, slow: ``3 x^2 - 2 x^3`` of the share ``x`` of some years.

    Raises
    ------
    PlanError
        Fewer than one year.

    Examples
    --------
    >>> SCurveRamp(years=4).share(np.arange(4.0)).tolist()
    [0.15625, 0.5, 0.84375, 1.0]
    """

    years: int

    def __post_init__(self) -> None:
        _check_years(self, self.years)

    def share(self, age: Array) -> Array:
        """Share of full effort."""
        x = _reached(age, self.years)
        return np.asarray(x * x * (3.0 - 2.0 * x))


class Returns(Protocol):
    """What a dose of effort is worth, in units of the first full one."""

    def worth(self, dose: float) -> float:
        """Return the effect of a dose as a multiple of that of a dose of 1."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Proportional:
    """Twice the dose, twice the effect.

    Examples
    --------
    >>> Proportional().worth(2.0)
    2.0
    """

    def worth(self, dose: float) -> float:
        """Return the dose itself."""
        return dose


@dataclass(frozen=True, kw_only=True, slots=True)
class PowerReturns:
    """Diminishing returns: the effect goes with a power of the dose, below one.

    Raises
    ------
    PlanError
        The exponent is not above 0 and at most 1.

    Examples
    --------
    >>> PowerReturns(exponent=0.5).worth(4.0)
    2.0
    """

    exponent: float

    def __post_init__(self) -> None:
        if not 0 < self.exponent <= 1:
            raise PlanError(
                f"PowerReturns(exponent={self.exponent!r}) is not above 0 and at most 1.", "Try 0.5."
            )

    def worth(self, dose: float) -> float:
        """Return the effect of a dose."""
        return float(dose**self.exponent)


@dataclass(frozen=True, kw_only=True, slots=True)
class SaturatingReturns:
    """Diminishing returns with a ceiling: ``(1 + half) dose / (half + dose)``, never above ``1 + half``.

    Raises
    ------
    PlanError
        Half is not a finite number above 0.

    Examples
    --------
    >>> SaturatingReturns(half=1.0).worth(3.0)
    1.5
    """

    half: float

    def __post_init__(self) -> None:
        if not 0 < self.half < np.inf:
            raise PlanError(
                f"SaturatingReturns(half={self.half!r}) is not above 0.",
                "Give the dose at which half of the most possible effect is reached.",
            )

    def worth(self, dose: float) -> float:
        """Return the effect of a dose."""
        return (1.0 + self.half) * dose / (self.half + dose)


AT_ONCE: Ramp = StepRamp()
IN_PROPORTION: Returns = Proportional()


def _check_years(ramp: LinearRamp | SCurveRamp, years: int) -> None:
    if isinstance(years, bool) or not isinstance(years, int) or years < 1:
        raise PlanError(
            f"{type(ramp).__name__}(years={years!r}) is not a number of years.",
            "Give the years until full effort, 1 or more.",
        )


def _reached(age: Array, years: int) -> Array:
    return np.clip((np.asarray(age, float) + 1.0) / years, 0.0, 1.0)
