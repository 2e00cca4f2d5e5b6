"""The law of an indicator's future: Student-t in one year, a mixture of multivariate Student-t over years."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class StudentT:
    """Student-t laws side by side; normal where the degrees of freedom are infinite.

    Attributes
    ----------
    location, spread, dof
        Median, scale and degrees of freedom, arrays of one shape or scalars.

    Examples
    --------
    >>> law = StudentT(location=np.array(0.5), spread=np.array(0.2), dof=np.array(10.0))
    >>> float(law.at_least(np.array(0.5)))
    0.5
    """

    location: Array
    spread: Array
    dof: Array

    def at_least(self, value: Array) -> Array:
        """P(X >= value); certainty where the spread is zero."""
        return self._tail(self.location - value)

    def at_most(self, value: Array) -> Array:
        """P(X <= value)."""
        return self._tail(value - self.location)

    def _tail(self, margin: Array) -> Array:
        sure = self.spread == 0
        z = margin / np.where(sure, 1.0, self.spread)
        return np.asarray(np.where(sure, margin >= 0, student_cdf(z, self.dof)))

    def quantile(self, probability: float) -> Array:
        """Return the quantile at one probability."""
        return self.location + self.spread * student_quantile(np.asarray(probability), self.dof)

    def quantiles(self, probabilities: ArrayLike) -> Array:
        """Return quantiles at several probabilities, stacked in front."""
        return np.stack([self.quantile(p) for p in np.atleast_1d(np.asarray(probabilities, float))])


@dataclass(frozen=True, kw_only=True, slots=True)
class Mixture:
    """Change of the link-scale level since the last observed year, one row per cell.

    A path is ``x = location + sigma * factor @ (d, e_1, ..., e_T)`` with ``sigma = scale * sqrt(dof /
    chi2_dof)``, standard normal drift uncertainty ``d`` (drawn once per path) and yearly innovations
    ``e_t``; where a cell has an exponent, ``x`` is the Box-Cox transform of the ratio to the last figure.

    Attributes
    ----------
    weights
        Probability of each cell, ``(cell,)``.
    locations
        Median change after each year, ``(cell, year)``.
    factors
        Loadings of the drift and of the innovations, ``(cell, year, 1 + year)``; lower triangular after the
        first column.
    scales
        Scale of sigma, ``(cell,)``.
    dof
        Degrees of freedom, ``(cell,)``; infinite where sigma is known.
    exponents
        Box-Cox exponents, ``(cell,)``; zero on the link scale itself.

    Examples
    --------
    >>> from sxsim.processes.random_walk import RandomWalk
    >>> law = RandomWalk(drift=0.1, sigma=0.2).mixture(4)
    >>> law.factors.shape
    (1, 4, 5)
    """

    weights: Array
    locations: Array
    factors: Array
    scales: Array
    dof: Array
    exponents: Array


def student_cdf(z: Array, dof: Array) -> Array:
    """Student-t distribution function; normal where the degrees of freedom are infinite."""
    finite = np.where(np.isfinite(dof), dof, 1.0)
    return np.asarray(np.where(np.isfinite(dof), special.stdtr(finite, z), special.ndtr(z)))


def student_quantile(probability: Array, dof: Array) -> Array:
    """Student-t quantile; normal where the degrees of freedom are infinite."""
    finite = np.where(np.isfinite(dof), dof, 1.0)
    exact = np.where(np.isfinite(dof), special.stdtrit(finite, probability), special.ndtri(probability))
    return np.asarray(exact)


def sigma_multiplier(uniform: Array, dof: Array | float) -> Array:
    """Return ``sigma / scale = sqrt(dof / chi2_dof)``, increasing in the uniform; shapes broadcast."""
    known = np.isfinite(dof)
    half = 0.5 * np.where(known, dof, 2.0)
    return np.asarray(np.where(known, np.sqrt(half / special.gammainccinv(half, uniform)), 1.0))
