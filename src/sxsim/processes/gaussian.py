"""Growth driven by normal shocks and what is left of earlier ones: one set of equations for several."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sxsim.processes.changes import yearly_changes
from sxsim.processes.mixture import Mixture, StudentT
from sxsim.processes.parameter import Parameter, check_parameters, refuse_free

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class System:
    """How growth remembers: ``x = drift + observe @ s + e`` and then ``s = transition @ s + gain e``.

    Arrays ``(state,)``, ``(state, state)``, ``(state,)``; axes in front hold one system each.

    Examples
    --------
    Growth of which half is left a year later, so that a shock of 1 ends as a level 2 higher.

    >>> half = System(observe=np.array([0.5]), transition=np.array([[0.5]]), gain=np.ones(1))
    >>> half.cumulated_responses(4).tolist()
    [1.0, 1.5, 1.75, 1.875]
    """

    observe: Array
    transition: Array
    gain: Array

    def loads(self, horizon: int) -> Array:
        """Growth of each year to come per unit of today's state, ``(..., year, state)``."""
        row, rows = self.observe, []
        for _ in range(horizon):
            rows.append(row)
            row = np.asarray((row[..., :, None] * self.transition).sum(axis=-2))
        return np.stack(rows, axis=-2)

    def cumulated_responses(self, horizon: int) -> Array:
        """Change of the level 1 ... horizon years on per unit of the first year's shock, ``(..., year)``."""
        later = (self.loads(horizon) * self.gain[..., None, :]).sum(axis=-1)
        ones = np.ones_like(later[..., :1])
        return np.cumsum(np.concatenate([ones, later[..., :-1]], axis=-1), axis=-1)


class GaussianProcess(ABC):
    """A process whose yearly growth is ``x = drift + observe @ s + sigma e`` with a decaying memory ``s``.

    To write one, make a frozen dataclass that inherits from this class and give it the fields ``drift`` and
    ``sigma`` and whatever else, ``parameters`` that describe them, ``system()`` and ``state()``. Everything
    else follows: simulation, its inverse, likelihood, moments, exact probabilities, and ``sx.fit`` with
    ``family=``. These are the innovations state space models of Hyndman et al. (2008),
    https://doi.org/10.1007/978-3-540-71918-2, written for growth instead of levels.

    Examples
    --------
    >>> from sxsim.processes.autoregressive_growth import AutoregressiveGrowth
    >>> boom = AutoregressiveGrowth(drift=0.02, phi=0.5, sigma=0.1, excess=0.08)
    >>> boom.simulate(np.zeros(1), np.zeros((3, 1))).ravel().round(3).tolist()
    [0.06, 0.1, 0.13]
    """

    __slots__ = ()

    parameters: ClassVar[tuple[Parameter, ...]]
    drift: float
    sigma: float

    def __post_init__(self) -> None:
        check_parameters(self)

    @abstractmethod
    def system(self) -> System:
        """How a shock is remembered; depends on the parameters other than drift and sigma."""

    @abstractmethod
    def state(self) -> Array:
        """What is remembered in the year of the last figure, ``(state,)``."""

    def start(self, levels: Array) -> Array:
        """Return the level after a history ``(year, ...)``: its last one."""
        return np.asarray(levels[-1])

    def simulate(self, start: Array, innovations: Array) -> Array:
        """Levels of the years after ``start`` from standard normal innovations ``(year, ...)``."""
        refuse_free(self)
        system, level = self.system(), np.asarray(start, float)
        memory, levels = self._memory(innovations), []
        for shock in self.sigma * innovations:
            level = level + (self.drift + _told(system.observe, memory) + shock)
            memory = self._remembered(system, memory, shock)
            levels.append(level)
        return np.stack(levels)

    def residuals(self, start: Array, levels: Array) -> Array:
        """Return the innovations that make ``simulate`` rebuild ``levels`` ``(year, ...)`` from ``start``."""
        refuse_free(self)
        system, shocks = self.system(), []
        changes = yearly_changes(start, levels)
        memory = self._memory(changes)
        for change in changes:
            shock = change - self.drift - _told(system.observe, memory)
            memory = self._remembered(system, memory, shock)
            shocks.append(shock)
        return np.stack(shocks) / self.sigma

    def loglik(self, start: Array, levels: Array) -> float:
        """Log density of ``levels`` given the level and the memory before them."""
        e = self.residuals(start, levels)
        return float(-0.5 * (e**2).sum() - e.size * (np.log(self.sigma) + 0.5 * np.log(2 * np.pi)))

    def moments(self, horizon: int) -> tuple[Array, Array]:
        """Mean ``(year,)`` and covariance ``(year, year)`` of the change after 1 ... horizon years."""
        refuse_free(self)
        shocks = self.sigma * _lower(self.system().cumulated_responses(horizon))
        growth = self.drift + self.system().loads(horizon) @ self.state()
        return np.cumsum(growth), shocks @ shocks.T

    def marginal(self, step: NDArray[np.int64] | int) -> StudentT:
        """Return the law of the change after ``step`` years: normal."""
        steps = np.atleast_1d(step)
        mean, covariance = self.moments(int(steps.max()))
        spread = np.sqrt(np.diag(covariance))
        return StudentT(location=mean[steps - 1], spread=spread[steps - 1], dof=np.full(steps.shape, np.inf))

    def drift_share(self, step: NDArray[np.int64] | int) -> Array:
        """Return zero: the drift is known."""
        return np.zeros(np.atleast_1d(step).shape)

    def mixture(self, horizon: int, member: int = 0) -> Mixture:
        """Return the law of the future with known parameters: one cell, infinite degrees of freedom."""
        del member
        mean, _ = self.moments(horizon)
        shocks = _lower(self.system().cumulated_responses(horizon))
        return Mixture(
            weights=np.ones(1),
            locations=mean[None],
            factors=np.column_stack([np.zeros(horizon), shocks])[None],
            scales=np.array([self.sigma]),
            dof=np.array([np.inf]),
            exponents=np.zeros(1),
        )

    def _remembered(self, system: System, memory: Array, shock: Array) -> Array:
        kept = [
            _told(row, memory) + gain * shock
            for row, gain in zip(system.transition, system.gain, strict=True)
        ]
        return np.stack(kept) if kept else memory

    def _memory(self, years: Array) -> Array:
        """Opening state, as wide as one year of the paths, ``(state, ...)``."""
        state = self.state()
        return np.broadcast_to(
            state.reshape(-1, *(1,) * (years.ndim - 1)), (len(state), *years.shape[1:])
        ).astype(float)


def _told(row: Array, memory: Array) -> Array:
    """Sum of the memory by weights, in a fixed order; no BLAS, whose bits depend on the number of paths."""
    total = np.zeros(memory.shape[1:])
    for weight, part in zip(row, memory, strict=True):
        total = total + weight * part
    return total


def _lower(responses: Array) -> Array:
    """Lower triangular Toeplitz matrix of cumulated responses, ``(year, year)``."""
    lag = np.arange(len(responses))[:, None] - np.arange(len(responses))
    return np.where(lag >= 0, responses[np.maximum(lag, 0)], 0.0)
