"""Growth towards a ceiling: a random walk with drift in the log odds of what has been reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from sxsim.errors import ModelError
from sxsim.links import Carrier, Log
from sxsim.processes.changes import from_start
from sxsim.processes.one_year import OneYear
from sxsim.processes.parameter import FREE, Parameter, refuse_free
from sxsim.processes.path_process import PathProcess

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Logistic(PathProcess):
    """``logit(y / ceiling)`` is a random walk with drift: the logistic curve with noise, never above its top.

    It stands on the log scale, for amounts. For a share, whose bounds are known, the same curve is a
    ``RandomWalk`` on the carrier ``Odds``, with every exact route open; ``sx.fit`` fits a given ceiling that
    way.

    Parameters
    ----------
    ceiling
        Highest value, itself never reached, in published units. Before half of it is reached it cannot be
        learned: left out, a fit takes it as ``highest figure (1 + exp(x))`` with ``x ~ N(0, 1.5^2)``, that is
        twice the highest figure, within 1.05 and 20 times it, and draws it once per path.
    drift
        Yearly growth of the log odds.
    sigma
        Standard deviation of its yearly shock.

    Raises
    ------
    ModelError
        A parameter lies outside its domain, or a figure at or above the ceiling.

    Examples
    --------
    >>> curve = Logistic(ceiling=100.0, drift=0.5, sigma=0.0)
    >>> path = curve.simulate(np.log([10.0]), np.zeros((3, 1)))
    >>> np.exp(path).ravel().round(1).tolist()
    [15.5, 23.2, 33.2]
    """

    ceiling: float = FREE
    drift: float = FREE
    sigma: float = FREE

    closed_form: ClassVar[bool] = True
    carrier: ClassVar[Carrier | None] = Log()
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter(name="ceiling", symbol="K", unit="published units", low=1e-300, typical=(50.0, 500.0)),
        Parameter(name="drift", symbol="mu", unit="log odds per year", typical=(-0.05, 0.5)),
        Parameter(name="sigma", symbol="sigma", unit="log odds per sqrt(year)", low=0.0, typical=(0.01, 0.3)),
    )

    def simulate(self, start: Array, innovations: Array) -> Array:
        """Log levels of the years after ``start`` from standard normal innovations ``(year, ...)``."""
        odds = self._odds(start) + np.cumsum(self.drift + self.sigma * innovations, axis=0)
        return self._level(odds)

    def residuals(self, start: Array, levels: Array) -> Array:
        """Return the innovations that make ``simulate`` rebuild ``levels`` ``(year, ...)`` from ``start``."""
        odds = self._odds(from_start(start, levels))
        return np.asarray((np.diff(odds, axis=0) - self.drift) / self.sigma)

    def loglik(self, start: Array, levels: Array) -> Array:
        """Log density of the log levels ``(year, ...)`` after ``start``, one number per path."""
        before = from_start(start, levels[:-1])
        return np.asarray(self.log_density(before, levels, 1).sum(axis=0))

    def log_density(self, before: Array, after: Array, years: int) -> Array:
        """Log density of a log level given the one some years before."""
        spread = self.sigma * np.sqrt(years)
        z = (self._odds(after) - self._odds(before) - years * self.drift) / spread
        steepness = -np.log(-np.expm1(after - np.log(self.ceiling)))
        return np.asarray(steepness - 0.5 * z**2 - np.log(spread * np.sqrt(2.0 * np.pi)))

    def one_year(self, step: int, start: float) -> OneYear:
        """Return the law of the log change after ``step`` years: normal in the log odds."""
        return _NormalOdds(process=self, step=step, start=start)

    def _odds(self, level: ArrayLike) -> Array:
        refuse_free(self)
        below = np.log(self.ceiling) - np.asarray(level, float)
        if not np.all(below > 0):
            highest = float(np.exp(np.max(level)))
            raise ModelError(
                f"A figure of {highest:g} is not below the ceiling {np.min(self.ceiling):g}.",
                "Raise the ceiling.",
            )
        return np.asarray(-np.log(np.expm1(below)))

    def _level(self, odds: Array) -> Array:
        top = np.log(self.ceiling)
        return np.asarray(np.minimum(top + special.log_expit(odds), np.nextafter(top, -np.inf)))


@dataclass(frozen=True, kw_only=True, slots=True)
class _NormalOdds:
    """Law of a log change whose log odds are normal."""

    process: Logistic
    step: int
    start: float

    def at_least(self, value: ArrayLike) -> Array:
        """P(change >= value)."""
        return np.asarray(special.ndtr(-self._score(value)))

    def at_most(self, value: ArrayLike) -> Array:
        """P(change <= value)."""
        return np.asarray(special.ndtr(self._score(value)))

    def quantiles(self, probabilities: ArrayLike) -> Array:
        """Return quantiles of the change."""
        shock = self.process.sigma * np.sqrt(self.step) * special.ndtri(np.asarray(probabilities))
        odds = self.process._odds(self.start) + self.step * self.process.drift + shock
        return np.asarray(self.process._level(odds) - self.start)

    def _score(self, value: ArrayLike) -> Array:
        level = self.start + np.asarray(value, float)
        inside = level < np.log(self.process.ceiling)
        moved = self.process._odds(np.where(inside, level, self.start)) - self.process._odds(self.start)
        distance = moved - self.step * self.process.drift
        spread = self.process.sigma * np.sqrt(self.step)
        sure = np.where(distance >= 0, np.inf, -np.inf)
        return np.where(inside, distance / spread if spread > 0 else sure, np.inf)
