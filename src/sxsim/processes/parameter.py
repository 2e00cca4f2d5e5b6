"""What a process parameter is: name, symbol, unit, and the values it may take."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sxsim.errors import ModelError


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """One parameter of a process: it validates, documents and feeds random tests from one place.

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

    def check(self, value: float) -> float:
        """Return the value when it lies in the domain, else raise ModelError."""
        if not (np.isfinite(value) and self.low <= value <= self.high):
            raise ModelError(
                f"{self.name}={value!r} is outside its domain [{self.low:g}, {self.high:g}] ({self.unit}).",
                "Give a finite number inside it.",
            )
        return float(value)
