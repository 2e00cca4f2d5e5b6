"""Random walk with drift whose shocks have heavy tails: most years are calm, a few are not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.errors import HistoryError
from sxsim.processes.changes import from_start, yearly_changes
from sxsim.processes.one_year import OneYear, StudentSum
from sxsim.processes.parameter import DRIFT, FREE, SIGMA, Parameter, refuse_free
from sxsim.processes.path_process import PathProcess
from sxsim.processes.pieces import Pieces, pieces_of

Array = NDArray[np.float64]

_END = 26.0


@dataclass(frozen=True, kw_only=True, slots=True)
class StudentShocks(PathProcess):
    """``z[t+1] = z[t] + drift + sigma e[t]`` with independent Student-t ``e``.

    One year is answered in closed form and several by the characteristic function, to eleven digits.

    Parameters
    ----------
    drift
        Median yearly growth on the link scale.
    sigma
        Scale of the yearly shock; its standard deviation is ``sigma sqrt(dof / (dof - 2))``.
    dof
        Degrees of freedom; the fewer, the heavier the tails. A dozen figures cannot tell 3 from 30: before a
        fit ``2 + gamma(2, 0.1)``, with a median of 19 (Juarez and Steel 2010,
        https://doi.org/10.1198/jbes.2009.07145).

    Raises
    ------
    ModelError
        A parameter lies outside its domain.

    Examples
    --------
    >>> wild = StudentShocks(drift=0.0, sigma=0.1, dof=3.0)
    >>> float(wild.one_year(1, 0.0).at_most(-1.0).round(4))
    0.0011
    """

    drift: float = FREE
    sigma: float = FREE
    dof: float = FREE

    closed_form: ClassVar[bool] = True
    parameters: ClassVar[tuple[Parameter, ...]] = (
        DRIFT,
        SIGMA,
        Parameter(
            name="dof", symbol="nu", unit="degrees of freedom", low=1.0, high=200.0, typical=(3.0, 30.0)
        ),
    )

    def simulate(self, start: Array, innovations: Array) -> Array:
        """Levels of the years after ``start`` from standard normal innovations ``(year, ...)``."""
        refuse_free(self)
        table = None if np.ndim(self.dof) else _table(float(self.dof))
        shock = _shock(innovations, self.dof) if table is None else table(innovations)
        return np.asarray(start + np.cumsum(self.drift + self.sigma * shock, axis=0))

    def residuals(self, start: Array, levels: Array) -> Array:
        """Return the innovations that make ``simulate`` rebuild ``levels`` ``(year, ...)`` from ``start``."""
        refuse_free(self)
        shock = (yearly_changes(start, levels) - self.drift) / self.sigma
        return np.asarray(-np.sign(shock) * special.ndtri(special.stdtr(self.dof, -np.abs(shock))))

    def loglik(self, start: Array, levels: Array) -> Array:
        """Log density of the years ``(year, ...)`` after ``start``, one number per path."""
        before = from_start(start, levels[:-1])
        return np.asarray(self.log_density(before, levels, 1).sum(axis=0))

    def log_density(self, before: Array, after: Array, years: int) -> Array:
        """Log density of a level given the one a year before; over several years it has no closed form."""
        if years > 1:
            raise HistoryError(
                f"Student-t shocks cannot be fitted across a gap of {years} years.",
                "Fill the gap, start after it, or use a Gaussian process such as sx.RandomWalk().",
            )
        square = ((after - before - self.drift) / self.sigma) ** 2
        return np.asarray(_log_density(square, np.asarray(self.dof)) - np.log(self.sigma))

    def one_year(self, step: int, start: float) -> OneYear:
        """Return the law of the change after ``step`` years: a sum of Student-t laws."""
        del start
        return StudentSum(location=step * self.drift, scale=self.sigma, dof=self.dof, years=step)


def _shock(score: Array, dof: float) -> Array:
    """Student-t value for a standard normal number, none beyond 26, where the quantiles of doubles end."""
    return np.asarray(-np.sign(score) * special.stdtrit(dof, special.ndtr(-np.minimum(np.abs(score), _END))))


def _log_density(square: Array, dof: Array) -> Array:
    """Log density of Student-t at a squared value."""
    half = 0.5 * dof
    constant = special.gammaln(half + 0.5) - special.gammaln(half) - 0.5 * np.log(dof * np.pi)
    return np.asarray(constant - (half + 0.5) * np.log1p(square / dof))


@lru_cache(maxsize=64)
def _table(dof: float) -> Pieces:
    """Student-t values by normal score, where all paths have the same degrees of freedom."""

    def jet(score: Array, value: Array) -> tuple[Array, Array]:
        log_density = _log_density(value**2, np.asarray(dof))
        slope = np.exp(-0.5 * score**2 - log_density) / np.sqrt(2.0 * np.pi)
        return slope, slope * ((dof + 1.0) * value / (dof + value**2) * slope - score)

    return pieces_of(lambda score: _shock(score, dof), jet)
