"""Normal probabilities by Gauss-Legendre nodes, Owen's T and scipy's multivariate normal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

Array = NDArray[np.float64]
Range = tuple[float, float]
Known = tuple[float, float]

ROUNDING = 1e-13
_REACH = 9.0  # standard deviations beyond which less than 1e-18 lies
_SIMULATED = 1e-6  # accuracy asked of scipy's multivariate normal


def checked(compute: Callable[[int], float], nodes: int) -> Known:
    """Return what twice as many nodes say, and how far that is from what these say."""
    fine = float(compute(2 * nodes))
    return fine, abs(fine - float(compute(nodes))) + ROUNDING


def legendre(low: float, high: float, nodes: int) -> tuple[Array, Array]:
    """Nodes and weights between two ends."""
    x, w = _leggauss(nodes)
    half = 0.5 * (high - low)
    return half * (x + 1.0) + low, half * w


@cache
def _leggauss(nodes: int) -> tuple[Array, Array]:
    return np.polynomial.legendre.leggauss(nodes)


def density(z: Array) -> Array:
    """Return the standard normal density."""
    return np.asarray(np.exp(-0.5 * z**2) / np.sqrt(2.0 * np.pi))


def expected(given: Callable[[Array], Array], nodes: int) -> float:
    """Mean of a function of a standard normal number."""
    z, w = legendre(-_REACH, _REACH, nodes)
    return float(w @ (density(z) * given(z)))


def staying(drift: float, sigma: float, ranges: Sequence[Range], nodes: int) -> float:
    """P(a walk with normal steps lies in its range after every step), by a forward recursion.

    ``f[t+1](z) = int f[t](s) density(z - s) ds`` over the range of year t.
    """
    at, mass = np.zeros(1), np.ones(1)
    for year, (low, high) in enumerate(ranges, start=1):
        middle, reach = drift * year, _REACH * sigma * np.sqrt(year)
        z, w = legendre(max(low, middle - reach), min(high, middle + reach), nodes)
        steps = (z[:, None] - at - drift) / sigma
        at, mass = z, w * (density(steps) / sigma @ mass)
    return float(mass.sum())


def both_below(h: float, k: float, rho: float) -> float:
    """P(X <= h and Y <= k) of two standard normal numbers with correlation, by Owen's T.

    Owen (1956), https://doi.org/10.1214/aoms/1177728074; h and k are not zero.
    """
    root = np.sqrt(1.0 - rho**2)
    own = special.owens_t(h, (k / h - rho) / root) + special.owens_t(k, (h / k - rho) / root)
    return float(0.5 * (special.ndtr(h) + special.ndtr(k)) - own - 0.5 * (h * k < 0))


def all_positive(mean: Sequence[float] | Array, covariance: Array) -> Known:
    """P(every coordinate of a normal vector is positive) by scipy's multivariate normal, and its accuracy."""
    value = stats.multivariate_normal.cdf(
        np.asarray(mean), cov=covariance, abseps=_SIMULATED, releps=0.0, maxpts=10**6, rng=1
    )
    return float(value), _SIMULATED
