"""Random walk with drift on the link scale: on the log scale, geometric growth with yearly shocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sxsim.processes.mixture import Mixture, StudentT
from sxsim.processes.parameter import Parameter

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class RandomWalk:
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

    drift: float
    sigma: float

    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter(name="drift", symbol="mu", unit="log per year", typical=(-0.05, 0.15)),
        Parameter(name="sigma", symbol="sigma", unit="log per sqrt(year)", low=0.0, typical=(0.01, 0.3)),
    )

    def __post_init__(self) -> None:
        for parameter in self.parameters:
            parameter.check(getattr(self, parameter.name))

    def start(self, levels: Array) -> Array:
        """Return the state after a history: its last level. Levels are ``(year, ...)``."""
        return np.asarray(levels[-1])

    def simulate(self, start: Array, innovations: Array) -> Array:
        """Levels of the years after ``start`` from standard normal innovations ``(year, ...)``."""
        return start + np.cumsum(self.drift + self.sigma * innovations, axis=0)

    def residuals(self, start: Array, levels: Array) -> Array:
        """Return the innovations that make ``simulate`` rebuild ``levels`` ``(year, ...)`` from ``start``."""
        change = np.diff(np.concatenate([np.asarray(start)[None], levels]), axis=0)
        return np.asarray((change - self.drift) / self.sigma)

    def loglik(self, start: Array, levels: Array) -> float:
        """Log density of ``levels`` given the level before them."""
        e = self.residuals(start, levels)
        return float(-0.5 * (e**2).sum() - e.size * (np.log(self.sigma) + 0.5 * np.log(2 * np.pi)))

    def moments(self, horizon: int) -> tuple[Array, Array]:
        """Mean ``(year,)`` and covariance ``(year, year)`` of the change after 1 ... horizon years."""
        steps = np.arange(1.0, horizon + 1)
        return self.drift * steps, self.sigma**2 * np.minimum(steps[:, None], steps)

    def marginal(self, step: NDArray[np.int64] | int) -> StudentT:
        """Return the law of the change after ``step`` years: normal."""
        steps = np.atleast_1d(step)
        return StudentT(
            location=self.drift * steps, spread=self.sigma * np.sqrt(steps), dof=np.full(steps.shape, np.inf)
        )

    def drift_share(self, step: NDArray[np.int64] | int) -> Array:
        """Return zero: the drift is known."""
        return np.zeros(np.atleast_1d(step).shape)

    def mixture(self, horizon: int, member: int = 0) -> Mixture:
        """Return the law of the future with known parameters: one cell, infinite degrees of freedom."""
        del member
        return walk_mixture(horizon, drift=self.drift, drift_spread=0.0, scale=self.sigma, dof=np.inf)


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
