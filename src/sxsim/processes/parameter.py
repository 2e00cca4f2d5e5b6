"""What a parameter of a process is called, where it may lie, and what is believed of it before a fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from sxsim.errors import ModelError

Array = NDArray[np.float64]


Process = TypeVar("Process")


class Free(float):
    """A parameter without a value: to be learned."""

    def __repr__(self) -> str:
        return "FREE"


FREE = Free("nan")


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """One parameter of a process: it validates, documents, feeds random tests and fits from one place.

    Attributes
    ----------
    name, symbol, unit
        What it is called and measured in.
    low, high
        Domain, ends included.
    typical
        Ordinary values, for tests.
    belief
        Shapes of a beta law over the domain: what is believed before a fit. Both lie above 1, so that the
        ends are avoided (Chung et al. 2013, https://doi.org/10.1007/s11336-013-9328-2).

    Examples
    --------
    >>> Parameter(name="sigma", symbol="sigma", unit="log per sqrt(year)", low=0.0).check(0.1)
    0.1
    """

    name: str
    symbol: str
    unit: str
    low: float = -np.inf
    high: float = np.inf
    typical: tuple[float, float] = (-1.0, 1.0)
    belief: tuple[float, float] | None = None

    def check(self, value: float) -> float:
        """Return the value when it lies in the domain or is free, else raise ModelError.

        An array holds one value per path and is checked as a whole.
        """
        if isinstance(value, Free):
            return value
        if isinstance(value, np.ndarray):
            wrong = value[~(np.isfinite(value) & (self.low <= value) & (value <= self.high))]
            return self.check(float(wrong[0])) if wrong.size else value
        if not (np.isfinite(value) and self.low <= value <= self.high):
            raise ModelError(
                f"{self.name}={value!r} is outside its domain [{self.low:g}, {self.high:g}] ({self.unit}).",
                "Give a finite number inside it.",
            )
        return float(value)

    def bounded(self, free: ArrayLike) -> Array:
        """Bring an unbounded coordinate into the domain: logistic between two ends, exponential above one."""
        x = np.asarray(free, float)
        if np.isfinite(self.low) and np.isfinite(self.high):
            return np.asarray(self.low + (self.high - self.low) * special.expit(x))
        return np.asarray(self.low + np.exp(x) if np.isfinite(self.low) else x)

    def log_belief(self, free: ArrayLike) -> Array:
        """Log density of the belief in the unbounded coordinate, up to a constant; flat without one."""
        x = np.asarray(free, float)
        if self.belief is None:
            return np.zeros_like(x)
        a, b = self.belief
        return np.asarray(a * special.log_expit(x) + b * special.log_expit(-x))


# What most processes share: growth and its yearly shock on the scale on which the indicator grows.
DRIFT = Parameter(name="drift", symbol="mu", unit="link scale per year", typical=(-0.05, 0.15))
SIGMA = Parameter(
    name="sigma", symbol="sigma", unit="link scale per sqrt(year)", low=0.0, typical=(0.01, 0.3)
)


def check_parameters(process: Any) -> None:
    """Refuse a process with a parameter outside its domain, or without a word on its parameters."""
    if not hasattr(process, "parameters"):
        raise ModelError(
            f"{type(process).__name__} does not describe its parameters.",
            "Give the class parameters = (sx.Parameter(...), ...), empty if there are none.",
        )
    for parameter in process.parameters:
        parameter.check(getattr(process, parameter.name))


def free_names(process: Any) -> tuple[str, ...]:
    """Names of the parameters that were left free."""
    names = [f.name for f in fields(process)] if is_dataclass(process) else []
    return tuple(name for name in names if isinstance(getattr(process, name), Free))


def with_values(process: Process, values: Mapping[str, ArrayLike]) -> Process:
    """Return the process with some parameters set, to numbers or to one value per path."""
    return cast(Process, replace(cast(Any, process), **values))


def refuse_free(process: Any) -> None:
    """Refuse to compute with parameters that have no value yet."""
    if free := free_names(process):
        name = type(process).__name__
        raise ModelError(
            f"{name} has no value for {', '.join(free)}.",
            f"Give numbers, or let sx.fit(history, family=sx.{name}(...)) learn what it can.",
        )
