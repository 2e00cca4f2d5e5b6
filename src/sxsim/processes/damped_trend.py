"""A level with a trend that fades: single-source exponential smoothing with damped trend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sxsim.processes.gaussian import GaussianProcess, System
from sxsim.processes.parameter import DRIFT, FREE, SIGMA, Parameter

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class DampedTrend(GaussianProcess):
    """ETS(A,Ad,N) with a lasting drift: a level ``l`` and a trend ``b`` that fades by ``phi`` a year.

    ``z[t] = l[t-1] + drift + phi b[t-1] + e[t]``, ``l[t] = l[t-1] + drift + phi b[t-1] + alpha e[t]``,
    ``b[t] = phi b[t-1] + beta e[t]`` with ``e`` of standard deviation sigma. The variance ``h`` years on is
    ``sigma^2 (1 + c_1^2 + ... + c_(h-1)^2)`` with ``c_j = alpha + beta (phi + ... + phi^j)`` (Hyndman et al.
    2008, https://doi.org/10.1007/978-3-540-71918-2, chapter 6, where the drift is zero).

    Parameters
    ----------
    drift
        Growth that lasts (link scale per year); zero for the textbook model.
    phi
        Share of the trend kept a year later; before a fit beta(4, 2) over the domain.
    alpha
        Share of a shock that stays in the level; before a fit beta(2, 2).
    beta
        Share of a shock that enters the trend; before a fit beta(2, 5).
    sigma
        Standard deviation of the yearly shock.
    trend
        Trend ``b`` in the year of the last figure, beyond the drift. A fit learns it.
    gap
        How far the level ``l`` lies above the last figure. A fit learns it.

    Raises
    ------
    ModelError
        A parameter lies outside its domain.

    Examples
    --------
    >>> fading = DampedTrend(drift=0.0, phi=0.5, alpha=0.9, beta=0.2, sigma=0.1, trend=0.16)
    >>> fading.marginal(np.array([1, 2, 3])).location.round(6).tolist()
    [0.08, 0.12, 0.14]
    """

    drift: float = FREE
    phi: float = FREE
    alpha: float = FREE
    beta: float = FREE
    sigma: float = FREE
    trend: float = 0.0
    gap: float = 0.0

    parameters: ClassVar[tuple[Parameter, ...]] = (
        DRIFT,
        Parameter(
            name="phi",
            symbol="phi",
            unit="share kept after a year",
            low=0.0,
            high=0.99,
            typical=(0.3, 0.95),
            belief=(4.0, 2.0),
        ),
        Parameter(
            name="alpha",
            symbol="alpha",
            unit="share",
            low=0.0,
            high=1.0,
            typical=(0.1, 0.9),
            belief=(2.0, 2.0),
        ),
        Parameter(
            name="beta",
            symbol="beta",
            unit="share",
            low=0.0,
            high=1.0,
            typical=(0.05, 0.5),
            belief=(2.0, 5.0),
        ),
        SIGMA,
        Parameter(name="trend", symbol="b", unit="link scale per year", typical=(-0.1, 0.1)),
        Parameter(name="gap", symbol="l - z", unit="link scale", typical=(-0.1, 0.1)),
    )

    def system(self) -> System:
        """Remember the part of the last shock that does not stay, and the trend."""
        return System(
            observe=np.array([1.0, self.phi]),
            transition=np.array([[0.0, 0.0], [0.0, self.phi]]),
            gain=np.array([self.alpha - 1.0, self.beta]),
        )

    def state(self) -> Array:
        """Distance of the level from the last figure, and the trend."""
        return np.array([self.gap, self.trend])
