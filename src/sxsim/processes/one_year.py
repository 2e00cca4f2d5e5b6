"""Laws of the change up to one year that are not Student-t, in closed form or as sorted draws."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from sxsim.processes.mixture import student_cdf, student_quantile
from sxsim.processes.normal_mixture import mixture_quantile, mixture_score

Array = NDArray[np.float64]

_NODES = 16
_FAR = 300.0
_TINY = 1e-10
_LEAST = 100


class OneYear(Protocol):
    """The law of one member's change up to one year."""

    def at_least(self, value: ArrayLike) -> Array:
        """P(change >= value)."""
        ...

    def at_most(self, value: ArrayLike) -> Array:
        """P(change <= value)."""
        ...

    def quantiles(self, probabilities: ArrayLike) -> Array:
        """Return quantiles of the change."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class SideBySide:
    """One such law per member of a batch."""

    laws: tuple[OneYear, ...]

    def at_least(self, value: Array) -> Array:
        """P(change >= value), ``(member,)``."""
        levels = np.broadcast_to(value, (len(self.laws),))
        return np.array([float(law.at_least(v)) for law, v in zip(self.laws, levels, strict=True)])

    def at_most(self, value: Array) -> Array:
        """P(change <= value), ``(member,)``."""
        levels = np.broadcast_to(value, (len(self.laws),))
        return np.array([float(law.at_most(v)) for law, v in zip(self.laws, levels, strict=True)])

    def quantiles(self, probabilities: ArrayLike) -> Array:
        """Return quantiles of the change, ``(quantile, member)``."""
        levels = np.atleast_1d(np.asarray(probabilities, float))
        return np.stack([law.quantiles(levels) for law in self.laws], axis=-1)


@dataclass(frozen=True, kw_only=True, slots=True)
class NormalMixture:
    """A mixture of normal laws, ``(part,)``."""

    weights: Array
    means: Array
    spreads: Array

    def at_least(self, value: ArrayLike) -> Array:
        """P(change >= value)."""
        return np.asarray(special.ndtr(-self._score(value)))

    def at_most(self, value: ArrayLike) -> Array:
        """P(change <= value)."""
        return np.asarray(special.ndtr(self._score(value)))

    def quantiles(self, probabilities: ArrayLike) -> Array:
        """Return quantiles of the change."""
        return mixture_quantile(special.ndtri(probabilities), self.weights, self.means, self.spreads)

    def _score(self, value: ArrayLike) -> Array:
        return mixture_score(np.asarray(value, float), self.weights, self.means, self.spreads)


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """Sorted draws of a fixed simulation."""

    values: Array

    def at_least(self, value: ArrayLike) -> Array:
        """Share of draws that reach the value."""
        return np.asarray(1.0 - np.searchsorted(self.values, value, side="left") / len(self.values))

    def at_most(self, value: ArrayLike) -> Array:
        """Share of draws that stay at or below the value."""
        return np.asarray(np.searchsorted(self.values, value, side="right") / len(self.values))

    def quantiles(self, probabilities: ArrayLike) -> Array:
        """Return order statistics."""
        place = np.ceil(np.asarray(probabilities) * len(self.values)).astype(int) - 1
        return np.asarray(self.values[np.clip(place, 0, len(self.values) - 1)])


@dataclass(frozen=True, kw_only=True, slots=True)
class StudentSum:
    """``location + scale (t_1 + ... + t_years)`` with independent Student-t laws.

    One year is Student-t itself. For more, the distribution function is the integral of Gil-Pelaez (1951,
    https://doi.org/10.1093/biomet/38.3-4.481) over the characteristic function ``(sqrt(dof) |u|)^(dof/2)
    K_(dof/2)(sqrt(dof) |u|) / (Gamma(dof/2) 2^(dof/2-1))`` to the power of the years, by Gauss-Legendre
    panels narrower than one oscillation; beyond the reach of doubles the tail falls as a power.
    """

    location: float
    scale: float
    dof: float
    years: int

    def at_least(self, value: ArrayLike) -> Array:
        """P(change >= value)."""
        return self._below((self.location - np.asarray(value, float)) / self.scale)

    def at_most(self, value: ArrayLike) -> Array:
        """P(change <= value)."""
        return self._below((np.asarray(value, float) - self.location) / self.scale)

    def density(self, value: ArrayLike) -> Array:
        """Density of the change."""
        z = (np.asarray(value, float) - self.location) / self.scale
        nodes, weights = characteristic(self.dof, self.years)
        far = _far(self.dof, self.years)
        near = np.cos(np.multiply.outer(np.minimum(np.abs(z), far), nodes)) @ weights / np.pi
        power = np.maximum(np.abs(z) / far, 1.0) ** -(self.dof + 1.0)
        return np.asarray(np.maximum(near, 0.0) * power / self.scale)

    def quantiles(self, probabilities: ArrayLike) -> Array:
        """Return quantiles of the change, by halving on the scale of asinh."""
        levels = np.asarray(probabilities, float)
        tail = np.minimum(levels, 1.0 - levels)
        low = np.arcsinh(self.years * student_quantile(tail / self.years, np.asarray(self.dof)) - 1.0)
        high = np.zeros_like(low)
        for _ in range(60):
            middle = 0.5 * (low + high)
            below = self._below(np.sinh(middle)) < tail
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        return np.asarray(self.location + self.scale * np.where(levels < 0.5, 1.0, -1.0) * np.sinh(high))

    def _below(self, z: Array) -> Array:
        """P(sum <= z) in units of the scale."""
        if self.years == 1:
            return student_cdf(z, np.asarray(self.dof))
        far = _far(self.dof, self.years)
        nodes, weights = characteristic(self.dof, self.years)
        inside = np.minimum(np.abs(z), far)
        half = np.sin(np.multiply.outer(inside, nodes)) @ (weights / nodes) / np.pi
        tail = np.maximum(0.5 - half, 0.0) * np.maximum(np.abs(z) / far, 1.0) ** -self.dof
        return np.asarray(np.where(z < 0, tail, 1.0 - tail))


@lru_cache(maxsize=256)
def _far(dof: float, years: int) -> float:
    """Distance beyond which less than 1e-10 is left, or 300 scales."""
    reach = -years * float(student_quantile(np.asarray(_TINY / years), np.asarray(dof)))
    return min(_FAR, reach)


@lru_cache(maxsize=64)
def characteristic(dof: float, years: int) -> tuple[Array, Array]:
    """Nodes, and weights times the characteristic function of the sum."""
    reach = 1.0
    while years * _log_characteristic(np.array([reach]), dof)[0] > -37.0:
        reach *= 1.25
    panels = int(np.ceil(reach * _far(dof, years) / (2.0 * np.pi))) + _LEAST
    x, w = np.polynomial.legendre.leggauss(_NODES)
    edges = np.linspace(0.0, reach, panels + 1)
    width = np.diff(edges)[:, None]
    nodes = (edges[:-1, None] + 0.5 * width * (x + 1.0)).ravel()
    weights = (0.5 * width * w).ravel()
    return nodes, weights * np.exp(years * _log_characteristic(nodes, dof))


def _log_characteristic(u: Array, dof: float) -> Array:
    half, x = 0.5 * dof, np.sqrt(dof) * u
    bessel = special.kve(half, x)
    large = np.isinf(bessel)
    exact = half * np.log(x) + np.log(np.where(large, 1.0, bessel)) - x
    exact -= special.gammaln(half) + (half - 1.0) * np.log(2.0)
    return np.asarray(np.where(large, -0.5 * dof / max(dof - 2.0, 1.0) * u**2, exact))
