"""How yearly changes hang together: shocks that stay, growth that lasts, noise that goes away again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import ModelError

Array = NDArray[np.float64]

_LONG = 200
_JITTER = 1e-12


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """Yearly changes as a stationary Gaussian process, up to drift and scale.

    ``x[t] = mu + g[t] + w[t] + u[t] - u[t-1]`` with white ``w``, growth ``g`` that decays by ``phi`` a year,
    and a deviation ``u`` of the level that decays by ``rho``. The covariance at lag k is
    ``white 1{k=0} + growth phi^k + noise (2 rho^k - rho^(k+1) - rho^|k-1|)``, scaled so that one year ahead
    has variance 1 once the past is known.

    Random walk: growth = noise = 0. Damped trend: growth > 0. Local level (simple exponential smoothing):
    noise > 0 and rho = 0. Mean-reverting level, Gompertz: white near 0 and rho > 0.

    Attributes
    ----------
    white, growth, noise
        Variances of the three parts, in common units.
    phi, rho
        Yearly persistence of growth and of the level's deviation, in [0, 1).

    Examples
    --------
    >>> Shape(growth=1.0, phi=0.75).kind()
    'gradually damped growth'
    """

    white: float = 1.0
    growth: float = 0.0
    phi: float = 0.0
    noise: float = 0.0
    rho: float = 0.0

    def __post_init__(self) -> None:
        parts = (self.white, self.growth, self.noise)
        if not (all(np.isfinite(parts)) and min(parts) >= 0 and max(self.white, self.growth) > 0):
            raise ModelError(
                f"Shape white={self.white!r}, growth={self.growth!r}, noise={self.noise!r}.",
                "Give variances of at least zero, white or growth above it.",
            )
        if not (0 <= self.phi < 1 and 0 <= self.rho < 1):
            raise ModelError(f"Shape phi={self.phi!r}, rho={self.rho!r}.", "Give persistences in [0, 1).")

    def kind(self) -> str:
        """Say in words how such changes behave."""
        if self.growth > 0 and self.noise > 0:
            return "local trend with noise"
        if self.growth > 0:
            pace = "quickly" if self.phi < 0.6 else "slowly" if self.phi > 0.85 else "gradually"
            return f"{pace} damped growth"
        if self.noise > 0:
            return "returning level" if self.rho > 0 else "noise around a level"
        return "random walk"

    def unit(self) -> float:
        """Return the factor that brings the one-year-ahead variance to 1."""
        return _unit(self)

    def autocovariance(self, count: int) -> Array:
        """Covariance at lags 0 ... count - 1, ``(lag,)``."""
        return self.unit() * self._raw(count)

    def covariance(self, count: int) -> Array:
        """Covariance of ``count`` successive changes, ``(year, year)``."""
        return _toeplitz(self.autocovariance(count))

    def loads(self, width: float, horizon: int) -> Array:
        """Cumulated change after each year per unit of (growth, level deviation, drift), ``(year, 3)``."""
        years = np.arange(1.0, horizon + 1)
        growth = self.unit() * self.growth * self.phi**years
        level = -self.unit() * self.noise * (1.0 - self.rho) ** 2 * self.rho ** (years - 1.0)
        return np.cumsum(np.stack([growth, level, np.full(horizon, width**2)], axis=1), axis=0)

    def _raw(self, count: int) -> Array:
        lag = np.arange(count, dtype=float)
        level = 2.0 * self.rho**lag - self.rho ** (lag + 1) - self.rho ** np.abs(lag - 1)
        return np.asarray(self.white * (lag == 0) + self.growth * self.phi**lag + self.noise * level)


def kind_shares(weights: Array, shapes: Iterable[Shape]) -> dict[str, float]:
    """Add up weights by kind of growth, heaviest first."""
    shares: dict[str, float] = {}
    for weight, shape in zip(weights.tolist(), shapes, strict=True):
        shares[shape.kind()] = shares.get(shape.kind(), 0.0) + weight
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def kind_words(shares: dict[str, float]) -> str:
    """Say which kinds of growth carry at least a twentieth of the weight."""
    return ", ".join(f"{kind} {share:.0%}" for kind, share in shares.items() if share >= 0.05)


@lru_cache(maxsize=256)
def _unit(shape: Shape) -> float:
    """Step by step (Durbin 1960) and not by LAPACK, whose bits depend on its number of threads."""
    lags = shape._raw(_LONG)
    jitter = _JITTER * lags[0]
    weights, variance = np.zeros(0), lags[0] + jitter
    for lag in range(1, _LONG):
        partial = (lags[lag] - (weights * lags[lag - 1 : 0 : -1]).sum()) / variance
        weights = np.append(weights - partial * weights[::-1], partial)
        variance *= 1.0 - partial**2
    return float(1.0 / (variance - jitter))


def _toeplitz(lags: Array) -> Array:
    index = np.arange(len(lags))
    return np.asarray(lags[np.abs(index[:, None] - index)])
