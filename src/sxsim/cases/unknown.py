"""Drift and sigma that a short history leaves open, and mixtures of laws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import lgamma

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from sxsim.cases.case import LAST, Case, model_of, reaches, target
from sxsim.cases.quadrature import ROUNDING, both_below, checked, expected, staying
from sxsim.fitting import Prior, fit
from sxsim.links import Log
from sxsim.plan import AllOf, AnyOf, Between, Number, OwnPast, Promise, Relation, Total
from sxsim.processes import GivenMixture, Grown, GrowthModel, Mixture

Array = NDArray[np.float64]

FIGURES = (100.0, 104.0, 103.0, 111.0, 118.0, 116.0, 127.0)
PRIOR = Prior(drift=0.03, years=4.0, shape=1.5, spread=0.05)
WEIGHTS, DRIFTS, SIGMAS = (0.3, 0.7), (0.12, 0.02), (0.15, 0.06)
EARLY, LATE = LAST + 2, LAST + 5
_CHANGES = np.diff(np.log(FIGURES))
_STUDENT = "Gelman et al. (2013), Bayesian Data Analysis, chapter 3"


def textbook_interval() -> Case:
    """No prior: five years ahead are Student-t about five mean changes, s sqrt(5 (1 + 5 / m)) wide."""
    m, steps = len(_CHANGES), LATE - LAST
    spread = _CHANGES.std(ddof=1) * np.sqrt(steps * (1 + steps / m))
    z = (steps * _CHANGES.mean() - np.log(150.0 / FIGURES[-1])) / spread
    answer, flat = float(special.stdtr(m - 1, z)), fit(_history(), prior=Prior.flat())
    shows = "unknown drift and sigma, without a prior"
    return _fitted("textbook_interval", shows, reaches("y", 150.0, LATE), answer, ROUNDING, model=flat)


def unknown_level() -> Case:
    """A level by 2017, Student-t."""
    answer = _Known.of([LATE - LAST]).above([np.log(150.0 / FIGURES[-1])])
    return _fitted("unknown_level", "a level, drift and sigma unknown", reaches("y", 150.0, LATE), answer)


def unknown_within() -> Case:
    """A range by 2017, Student-t."""
    law = _Known.of([LATE - LAST])
    answer = law.above([np.log(130.0 / FIGURES[-1])]) - law.above([np.log(160.0 / FIGURES[-1])])
    promise = reaches("y", Between(lower=130.0, upper=160.0), LATE)
    return _fitted("unknown_within", "a range, drift and sigma unknown", promise, answer)


def unknown_direction() -> Case:
    """Not below 2014 in 2017: growth over three years to come, Student-t."""
    steps = np.array([EARLY - LAST, LATE - LAST], float)
    answer = _Known.of(steps).above([0.0], np.array([[-1.0, 1.0]]))
    promise = reaches("y", OwnPast(since=EARLY), LATE)
    return _fitted("unknown_direction", "a direction, drift and sigma unknown", promise, answer)


def unknown_two_years() -> Case:
    """130 in 2014 and 150 in 2017: two normal numbers given sigma, which is integrated by trapezoids."""
    answer, error = _both(1.0)
    parts = (reaches("y", 130.0, EARLY), reaches("y", 150.0, LATE))
    shows = "several years, drift and sigma unknown"
    return _fitted("unknown_two_years", shows, AllOf(parts=parts), answer, error)


def unknown_any_year() -> Case:
    """130 in 2014 or 150 in 2017: one minus neither."""
    neither, error = _both(-1.0)
    parts = (reaches("y", 130.0, EARLY), reaches("y", 150.0, LATE))
    shows = "any of several years, drift and sigma unknown"
    return _fitted("unknown_any_year", shows, AnyOf(parts=parts), 1 - neither, error)


def unknown_total() -> Case:
    """Two years add up to 280: quadrature over the first year, and trapezoids over sigma."""
    law = _Known.of([1, 2])
    answer, error = checked(lambda nodes: law.averaged(lambda s: law.total(280.0, s, nodes), nodes), 60)
    flow = Total(
        indicator="y", relation=Relation.AT_LEAST, level=Number(value=280.0), years=(LAST + 1, LAST + 2)
    )
    return _fitted("unknown_total", "a cumulative total, drift and sigma unknown", flow, answer, error)


def two_cells() -> Case:
    """Fast and rough, or slow and smooth: a weighted mean of two normal probabilities."""
    margins = [(5 * d - np.log(1.3)) / (s * np.sqrt(5.0)) for d, s in zip(DRIFTS, SIGMAS, strict=True)]
    answer = float(np.dot(WEIGHTS, special.ndtr(margins)))
    return _mixed("two_cells", "a mixture of two laws", reaches("y", 130.0, LATE), answer, ROUNDING)


def two_cells_every_year() -> Case:
    """At least 98 in each of five years, in either cell."""
    ranges = [(float(np.log(0.98)), np.inf)] * 5

    def mixed(nodes: int) -> float:
        cells = [staying(d, s, ranges, nodes) for d, s in zip(DRIFTS, SIGMAS, strict=True)]
        return float(np.dot(WEIGHTS, cells))

    answer, error = checked(mixed, 100)
    promise = reaches("y", 98.0, *range(LAST + 1, LATE + 1))
    return _mixed("two_cells_every_year", "every year in a mixture of two laws", promise, answer, error)


def two_cells_growth() -> Case:
    """Four percent a year between two years to come, in either cell."""
    need = np.log(1.04)
    margins = [3 * (d - need) / (s * np.sqrt(3.0)) for d, s in zip(DRIFTS, SIGMAS, strict=True)]
    promise = reaches("y", OwnPast(since=EARLY, growth=0.04), LATE)
    answer = float(np.dot(WEIGHTS, special.ndtr(margins)))
    return _mixed("two_cells_growth", "growth in a mixture of two laws", promise, answer, ROUNDING)


CASES = (
    textbook_interval,
    unknown_level,
    unknown_within,
    unknown_direction,
    unknown_two_years,
    unknown_any_year,
    unknown_total,
    two_cells,
    two_cells_every_year,
    two_cells_growth,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """What the figures say of changes to come: multivariate Student-t by generalised least squares.

    Changes ``x ~ N(m0, sigma^2 V)`` with ``V = I + 11' / years``, the drift integrated out, and ``sigma^2 ~
    inverse-gamma(shape, rate)``; then ``shape + m / 2`` and ``rate + (x - m0)' V^-1 (x - m0) / 2``.
    """

    location: Array
    covariance: Array  # for sigma = 1
    shape: float
    rate: float

    @staticmethod
    def of(steps: Sequence[float] | Array) -> _Known:
        h, m = np.asarray(steps, float), len(_CHANGES)
        own = np.eye(m) + 1.0 / PRIOR.years
        cross = np.outer(h, np.ones(m)) / PRIOR.years
        ahead = np.minimum.outer(h, h) + np.outer(h, h) / PRIOR.years
        gain = cross @ np.linalg.inv(own)
        beyond = _CHANGES - PRIOR.drift
        return _Known(
            location=PRIOR.drift * h + gain @ beyond,
            covariance=ahead - gain @ cross.T,
            shape=PRIOR.shape + 0.5 * m,
            rate=PRIOR.shape * PRIOR.spread**2 + 0.5 * float(beyond @ np.linalg.solve(own, beyond)),
        )

    def above(self, need: Sequence[float], loads: Array | None = None) -> float:
        """P(a linear function of the changes, the first one by default, is at least what is needed)."""
        row = np.eye(len(self.location))[:1] if loads is None else loads
        spread = np.sqrt(self.rate / self.shape * (row @ self.covariance @ row.T).item())
        z = ((row @ self.location).item() - need[0]) / spread
        return float(special.stdtr(2 * self.shape, z))

    def averaged(self, given: Callable[[float], float], nodes: int) -> float:
        """Average over sigma: trapezoids in the logarithm of the precision, which is gamma."""
        t = np.linspace(-9.0, 3.0, nodes) + np.log(self.shape)
        weight = np.exp(self.shape * t - np.exp(t) - lgamma(self.shape)) * (t[1] - t[0])
        values = [given(float(s)) for s in np.sqrt(self.rate / np.exp(t))]
        return float(np.dot(weight, values))

    def total(self, level: float, sigma: float, nodes: int) -> float:
        """P(two years add up to a level) given sigma."""
        (a, c), (_, b) = self.covariance
        last = FIGURES[-1]

        def given(shock: Array) -> Array:
            first = self.location[0] + sigma * np.sqrt(a) * shock
            mean = self.location[1] + sigma * c / np.sqrt(a) * shock
            rest = np.maximum(level - last * np.exp(first), 1e-300)
            return np.asarray(special.ndtr((mean - np.log(rest / last)) / (sigma * np.sqrt(b - c**2 / a))))

        return expected(given, nodes)


def _both(sign: float) -> tuple[float, float]:
    """P(both years reach their levels), or with -1 that neither does."""
    law = _Known.of([EARLY - LAST, LATE - LAST])
    spread = np.sqrt(np.diag(law.covariance))
    rho = law.covariance[0, 1] / spread.prod()
    margin = sign * (law.location - np.log(np.array([130.0, 150.0]) / FIGURES[-1])) / spread
    return checked(
        lambda nodes: law.averaged(lambda s: both_below(margin[0] / s, margin[1] / s, rho), nodes), 80
    )


def _history() -> pd.DataFrame:
    return pd.DataFrame({"y": FIGURES}, index=pd.Index(range(LAST - len(FIGURES) + 1, LAST + 1), name="year"))


def _fitted(
    name: str,
    shows: str,
    promise: Promise,
    answer: float,
    error: float = ROUNDING,
    *,
    model: GrowthModel | None = None,
) -> Case:
    return Case(
        name=name,
        shows=shows,
        model=model or fit(_history(), prior=PRIOR),
        targets=(target(promise),),
        answer=answer,
        error=error,
        computed="Student-t by generalised least squares, sigma by quadrature where years are asked together",
        source=_STUDENT,
    )


def _mixed(name: str, shows: str, promise: Promise, answer: float, error: float) -> Case:
    years, sigmas = np.arange(1.0, LATE - LAST + 1), np.array(SIGMAS)
    shocks = np.tril(np.ones((len(years), len(years))))
    factor = np.column_stack([np.zeros(len(years)), shocks])
    law = Mixture(
        weights=np.array(WEIGHTS),
        locations=np.outer(DRIFTS, years),
        factors=np.stack([factor, factor]),
        scales=sigmas,
        dof=np.full(2, np.inf),
        exponents=np.zeros(2),
    )
    grown = Grown(name="y", carrier=Log(), law=GivenMixture(law=law), last_value=100.0, last_year=LAST)
    return Case(
        name=name,
        shows=shows,
        model=model_of(grown),
        targets=(target(promise),),
        answer=answer,
        error=error,
        computed="weighted mean over the cells",
    )
