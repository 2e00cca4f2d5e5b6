"""One indicator in several years: forward recursion, and two theorems on driftless walks."""

from __future__ import annotations

from math import comb

import numpy as np
from scipy import special

from sxsim.cases.case import LAST, Case, model_of, reaches, stays_below, target, walk
from sxsim.cases.quadrature import ROUNDING, Range, checked, staying
from sxsim.plan import AllOf, AtLeast, Between, OwnPast, Promise, When
from sxsim.processes import GrowthModel

DRIFT, SIGMA = 0.04, 0.08
AHEAD = tuple(range(LAST + 1, LAST + 6))
_NODES = 100
_ANDERSEN = "Sparre Andersen (1954), https://doi.org/10.7146/math.scand.a-10407"


def every_year() -> Case:
    """At least 101 in each of five years."""
    promise = reaches("y", 101.0, *AHEAD)
    return _recursion("every_year", "a level in every year", promise, [_from(101.0)] * 5)


def every_year_within() -> Case:
    """Between 95 and 125 in each of five years."""
    promise = reaches("y", Between(lower=95.0, upper=125.0), *AHEAD)
    return _recursion("every_year_within", "a range in every year", promise, [_between(95.0, 125.0)] * 5)


def any_year() -> Case:
    """125 at some time within five years: not below it all the time."""
    promise = reaches("y", 125.0, *AHEAD, when=When.ANY_YEAR)
    below = [(-np.inf, np.log(1.25))] * 5
    return _recursion("any_year", "a level by a year at the latest", promise, below, other=True)


def any_year_at_most() -> Case:
    """95 or less in some of five years."""
    promise = stays_below("y", 95.0, *AHEAD, when=When.ANY_YEAR)
    above = [_from(95.0)] * 5
    return _recursion("any_year_at_most", "an upper bound in any year", promise, above, other=True)


def two_part() -> Case:
    """At least 98 every year and 120 by the end."""
    parts = (reaches("y", 98.0, *AHEAD), reaches("y", 120.0, AHEAD[-1]))
    ranges = [_from(98.0)] * 4 + [_from(120.0)]
    return _recursion("two_part", "every year, and more by the end", AllOf(parts=parts), ranges)


def every_year_driftless() -> Case:
    """Never below where it began: comb(2 n, n) / 4^n of all symmetric walks of n steps."""
    return _symmetric("every_year_driftless", "every year without drift", reaches("y", 100.0, *AHEAD), 5)


def any_year_driftless() -> Case:
    """At least once not below where it began: one minus comb(2 n, n) / 4^n."""
    promise = reaches("y", 100.0, *AHEAD, when=When.ANY_YEAR)
    return _symmetric("any_year_driftless", "any year without drift", promise, 1)


def some_years_driftless() -> Case:
    """Not below where it began in at least three of five years: the discrete arcsine law."""
    parts = tuple(reaches("y", 100.0, year) for year in AHEAD)
    return _symmetric(
        "some_years_driftless", "at least three years of five", AtLeast(count=3, parts=parts), 3
    )


def direction_only() -> Case:
    """After five years not below where it was: Phi(5 drift / (sigma sqrt 5))."""
    promise = reaches("y", OwnPast(since=LAST), AHEAD[-1])
    answer = float(special.ndtr(DRIFT * np.sqrt(5.0) / SIGMA))
    return _normal("direction_only", "a direction without a number", promise, answer)


def growth_over_a_period() -> Case:
    """Seven percent a year on average since what was observed in 2010."""
    promise = reaches("y", OwnPast(since=LAST - 2, growth=0.07), AHEAD[-1])
    need = 7 * np.log(1.07) - np.log(100.0 / 90.0)
    answer = float(special.ndtr((5 * DRIFT - need) / (SIGMA * np.sqrt(5.0))))
    return _normal("growth_over_a_period", "growth since an observed year", promise, answer)


def growth_between_years_to_come() -> Case:
    """Four percent a year from 2015 to 2017: only the shocks of two years matter."""
    promise = reaches("y", OwnPast(since=LAST + 3, growth=0.04), AHEAD[-1])
    answer = float(special.ndtr((2 * DRIFT - 2 * np.log(1.04)) / (SIGMA * np.sqrt(2.0))))
    return _normal("growth_between_years_to_come", "growth since a year to come", promise, answer)


def growth_each_year() -> Case:
    """Two percent in every year of five: growth of different years is independent."""
    promise = reaches("y", OwnPast(growth=0.02), *AHEAD)
    once = float(special.ndtr((DRIFT - np.log(1.02)) / SIGMA))
    return _normal("growth_each_year", "growth in each year", promise, once**5)


def growth_some_year() -> Case:
    """Twelve percent in some year of five."""
    promise = reaches("y", OwnPast(growth=0.12), *AHEAD, when=When.ANY_YEAR)
    once = float(special.ndtr((DRIFT - np.log(1.12)) / SIGMA))
    return _normal("growth_some_year", "growth in any year", promise, 1 - (1 - once) ** 5)


CASES = (
    every_year,
    every_year_within,
    any_year,
    any_year_at_most,
    two_part,
    every_year_driftless,
    any_year_driftless,
    some_years_driftless,
    direction_only,
    growth_over_a_period,
    growth_between_years_to_come,
    growth_each_year,
    growth_some_year,
)


def _from(level: float) -> Range:
    return float(np.log(level / 100.0)), np.inf


def _between(low: float, high: float) -> Range:
    return float(np.log(low / 100.0)), float(np.log(high / 100.0))


def _model() -> GrowthModel:
    return model_of(walk(drift=DRIFT, sigma=SIGMA), history={"y": (90.0, 94.0, 100.0)})


def _recursion(name: str, shows: str, promise: Promise, ranges: list[Range], *, other: bool = False) -> Case:
    """Return the case that the walk keeps to the ranges, or that it leaves them."""
    stays, error = checked(lambda nodes: staying(DRIFT, SIGMA, ranges, nodes), _NODES)
    return Case(
        name=name,
        shows=shows,
        model=_model(),
        targets=(target(promise),),
        answer=1.0 - stays if other else stays,
        error=error,
        computed="forward recursion over the years on Gauss-Legendre nodes",
    )


def _symmetric(name: str, shows: str, promise: Promise, least: int) -> Case:
    """P(at least so many of five sums are positive): sums of comb(2 k, k) comb(2 n - 2 k, n - k) / 4^n."""
    answer = sum(comb(2 * k, k) * comb(10 - 2 * k, 5 - k) for k in range(least, 6)) / 4**5
    return Case(
        name=name,
        shows=shows,
        model=model_of(walk(drift=0.0, sigma=SIGMA)),
        targets=(target(promise),),
        answer=answer,
        error=ROUNDING,
        computed="theorem on the number of positive sums",
        source=_ANDERSEN,
    )


def _normal(name: str, shows: str, promise: Promise, answer: float) -> Case:
    return Case(
        name=name,
        shows=shows,
        model=_model(),
        targets=(target(promise),),
        answer=answer,
        error=ROUNDING,
        computed="normal distribution function of growth over some years",
    )
