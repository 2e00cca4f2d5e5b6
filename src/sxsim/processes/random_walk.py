"""Random walk with drift on the link scale: on the log scale, geometric growth with yearly shocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sxsim.processes.gaussian import GaussianProcess, System
from sxsim.processes.mixture import Mixture
from sxsim.processes.parameter import FREE, Parameter

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class RandomWalk(GaussianProcess):
    """``z[t+1] = z[t] + drift + sigma e[t]`` with independent standard normal ``e``.

    Parameters
    ----------
    drift
        Yearly growth on the link scale (log per year).
    sigma
        Standard deviation of the yearly shock.

    Raises
    ------
    ModelError
        A parameter is not finite, or sigma is negative.

    Examples
    --------
    >>> walk = RandomWalk(drift=0.06, sigma=0.08)
    >>> walk.simulate(np.zeros(1), np.zeros((3, 1))).ravel().round(2).tolist()
    [0.06, 0.12, 0.18]
    """

    drift: float = FREE
    sigma: float = FREE

    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter(name="drift", symbol="mu", unit="log per year", typical=(-0.05, 0.15)),
        Parameter(name="sigma", symbol="sigma", unit="log per sqrt(year)", low=0.0, typical=(0.01, 0.3)),
    )

    def system(self) -> System:
        """Nothing is remembered."""
        return System(observe=np.zeros(0), transition=np.zeros((0, 0)), gain=np.zeros(0))

    def state(self) -> Array:
        """Nothing is remembered."""
        return np.zeros(0)


def walk_mixture(horizon: int, *, drift: float, drift_spread: float, scale: float, dof: float) -> Mixture:
    """Return a random walk whose drift is uncertain by ``drift_spread`` times sigma: one cell."""
    steps = np.arange(1.0, horizon + 1)
    factor = np.column_stack([drift_spread * steps, np.tril(np.ones((horizon, horizon)))])
    return Mixture(
        weights=np.ones(1),
        locations=(drift * steps)[None],
        factors=factor[None],
        scales=np.array([scale]),
        dof=np.array([dof]),
        exponents=np.zeros(1),
    )
