"""A level that returns to a trend, and the Gompertz curve with noise, which is the same thing in logs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import ModelError
from sxsim.processes.gaussian import GaussianProcess, System
from sxsim.processes.parameter import DRIFT, FREE, SIGMA, Parameter

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class TrendStationary(GaussianProcess):
    """``z[t] = trend[t] + u[t]`` with ``u[t+1] = rho u[t] + sigma e[t]`` around a trend of slope ``drift``.

    Shocks are made good: the variance ``sigma^2 (1 - rho^2h) / (1 - rho^2)`` stays bounded. With a dozen
    figures this cannot be told from a random walk by any test; it is a belief about the indicator.

    Parameters
    ----------
    drift
        Slope of the trend (link scale per year). Zero for a level without trend.
    rho
        Share of a deviation that is still there a year later; before a fit beta(2, 2) over the domain.
    sigma
        Standard deviation of the yearly shock.
    deviation
        How far the last figure lies above its trend (link scale). A fit learns it.

    Raises
    ------
    ModelError
        A parameter lies outside its domain.

    Examples
    --------
    >>> low = TrendStationary(drift=0.0, rho=0.5, sigma=0.1, deviation=-0.4)
    >>> low.marginal(np.array([1, 2])).location.round(6).tolist()
    [0.2, 0.3]
    """

    drift: float = FREE
    rho: float = FREE
    sigma: float = FREE
    deviation: float = 0.0

    parameters: ClassVar[tuple[Parameter, ...]] = (
        DRIFT,
        Parameter(
            name="rho",
            symbol="rho",
            unit="share kept after a year",
            low=0.0,
            high=0.99,
            typical=(0.1, 0.9),
            belief=(2.0, 2.0),
        ),
        SIGMA,
        Parameter(name="deviation", symbol="u", unit="link scale", typical=(-0.5, 0.5)),
    )

    def system(self) -> System:
        """Remember how far the level is from its trend."""
        return System(observe=np.array([self.rho - 1.0]), transition=np.array([[self.rho]]), gain=np.ones(1))

    def state(self) -> Array:
        """Deviation of the last figure."""
        return np.array([self.deviation])

    @staticmethod
    def gompertz(*, rate: float, ceiling: float, sigma: float, last_value: float) -> TrendStationary:
        """Return the stochastic Gompertz curve ``dY = rate Y log(ceiling / Y) dt + sigma Y dW``, exactly.

        In ``log Y`` it is an Ornstein-Uhlenbeck process around ``log ceiling - sigma^2 / (2 rate)`` with
        ``rho = exp(-rate)`` and the yearly variance ``sigma^2 (1 - rho^2) / (2 rate)``.

        Parameters
        ----------
        rate
            Speed of the approach, per year, above zero.
        ceiling
            Level at which growth ends, in published units, above zero.
        sigma
            Volatility, per square root of a year.
        last_value
            Last figure, in the same units.

        Examples
        --------
        >>> curve = TrendStationary.gompertz(rate=0.2, ceiling=100.0, sigma=0.0, last_value=10.0)
        >>> float((10.0 * np.exp(curve.marginal(40).location[0])).round(2))
        99.92
        """
        for name, value in {"rate": rate, "ceiling": ceiling, "last_value": last_value}.items():
            if not (np.isfinite(value) and value > 0):
                raise ModelError(f"Gompertz {name}={value!r}.", "Give a finite number above zero.")
        rho = float(np.exp(-rate))
        return TrendStationary(
            drift=0.0,
            rho=rho,
            sigma=float(sigma * np.sqrt((1.0 - rho**2) / (2.0 * rate))),
            deviation=float(np.log(last_value / ceiling) + sigma**2 / (2.0 * rate)),
        )
