"""What a short history says about drift and variance of a random walk: normal-inverse-gamma."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.processes.mixture import Mixture, StudentT, sigma_multiplier
from sxsim.processes.random_walk import walk_mixture

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class RandomWalkPosterior:
    """``mu | sigma ~ N(drift, sigma^2 / years)`` and ``sigma^2 ~ inverse-gamma(shape, rate)``, per member.

    The change after ``h`` years is Student-t with ``2 shape`` degrees of freedom, location ``h drift`` and
    squared scale ``rate / shape * (h + h^2 / years) + h^2 bridge_sd^2`` (Gelman et al., Bayesian Data
    Analysis, ch. 3).

    Attributes
    ----------
    drift, years, shape, rate
        Posterior location, its worth in years of data, and the inverse-gamma pair, each ``(member,)``.
    bridge_sd
        Extra standard deviation of the yearly growth where it was learned from another series, ``(member,)``.

    Examples
    --------
    >>> one = np.ones(1)
    >>> law = RandomWalkPosterior(drift=0.1 * one, years=11 * one, shape=5 * one, rate=0.05 * one)
    >>> float(law.marginal(5).at_least(np.array([0.5]))[0])
    0.5
    """

    drift: Array
    years: Array
    shape: Array
    rate: Array
    bridge_sd: Array | float = 0.0

    def dof(self) -> Array:
        """Degrees of freedom, ``(member,)``."""
        return 2.0 * self.shape

    def drift_spread(self) -> Array:
        """Standard deviation of the drift in units of sigma, bridge included, ``(member,)``."""
        return np.sqrt(1.0 / self.years + self.bridge_sd**2 * self.shape / self.rate)

    def marginal(self, step: NDArray[np.int64] | int) -> StudentT:
        """Return the law of the change ``step`` years after the own last figure of each member."""
        return StudentT(
            location=np.asarray(self.drift * step),
            spread=np.sqrt(self.rate / self.shape * (step + (step * self.drift_spread()) ** 2)),
            dof=self.dof(),
        )

    def drift_share(self, step: NDArray[np.int64] | int) -> Array:
        """Share of the variance ``step`` years ahead that comes from the drift not being known."""
        spread = step * self.drift_spread() ** 2
        return np.asarray(spread / (1.0 + spread))

    def sample(self, uniforms: Array) -> tuple[Array, Array]:
        """Return drift and sigma from two uniforms ``(2, ..., member)`` by inversion; increasing in both."""
        sigma = sigma_multiplier(uniforms[0], self.dof()) * np.sqrt(self.rate / self.shape)
        return self.drift + sigma * self.drift_spread() * special.ndtri(uniforms[1]), sigma

    def mixture(self, horizon: int, member: int = 0) -> Mixture:
        """Return the joint law of ``horizon`` years after the own last figure of one member."""
        return walk_mixture(
            horizon,
            drift=float(self.drift[member]),
            drift_spread=float(self.drift_spread()[member]),
            scale=float(np.sqrt(self.rate[member] / self.shape[member])),
            dof=float(self.dof()[member]),
        )
