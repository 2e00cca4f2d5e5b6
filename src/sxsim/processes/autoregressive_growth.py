"""Growth that returns to its mean: a boom or a slump lasts a while, then ordinary growth is back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sxsim.processes.gaussian import GaussianProcess, System
from sxsim.processes.parameter import DRIFT, FREE, SIGMA, Parameter

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class AutoregressiveGrowth(GaussianProcess):
    """``x[t+1] = drift + phi (x[t] - drift) + sigma e[t]``: an Ornstein-Uhlenbeck process seen once a year.

    A process ``dX = kappa (theta - X) dt + s dW`` has ``phi = exp(-kappa)`` and ``sigma^2 = s^2 (1 - phi^2) /
    (2 kappa)``. The level ``h`` years on has the mean
    ``z + h drift + excess (phi + ... + phi^h)``.

    Parameters
    ----------
    drift
        Growth it returns to (link scale per year).
    phi
        Share of an unusual growth that is still there a year later. Before a fit beta(5, 2) over the domain:
        centre 0.42, nineteen in twenty between -0.28 and 0.90.
    sigma
        Standard deviation of the yearly shock.
    excess
        Growth in the year of the last figure beyond the drift. A fit learns it.

    Raises
    ------
    ModelError
        A parameter lies outside its domain.

    Examples
    --------
    >>> slump = AutoregressiveGrowth(drift=0.08, phi=0.5, sigma=0.05, excess=-0.08)
    >>> float(slump.marginal(2).location[0].round(6))
    0.1
    """

    drift: float = FREE
    phi: float = FREE
    sigma: float = FREE
    excess: float = 0.0

    parameters: ClassVar[tuple[Parameter, ...]] = (
        DRIFT,
        Parameter(
            name="phi",
            symbol="phi",
            unit="share kept after a year",
            low=-0.99,
            high=0.99,
            typical=(-0.5, 0.9),
            belief=(5.0, 2.0),
        ),
        SIGMA,
        Parameter(name="excess", symbol="x - mu", unit="link scale per year", typical=(-0.1, 0.1)),
    )

    def system(self) -> System:
        """Remember how far growth is from its mean."""
        return System(observe=np.array([self.phi]), transition=np.array([[self.phi]]), gain=np.ones(1))

    def state(self) -> Array:
        """Growth of the last year beyond the drift."""
        return np.array([self.excess])
