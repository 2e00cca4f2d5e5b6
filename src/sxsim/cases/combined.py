"""Several indicators: all of, any of, at least so many, and several targets at once."""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.cases.case import LAST, Case, model_of, reaches, stays_below, target, walk
from sxsim.cases.quadrature import ROUNDING, Known, all_positive, both_below, checked, expected
from sxsim.plan import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Effect,
    EffectUnit,
    Promise,
    RandomEvent,
    Scenario,
    Target,
)
from sxsim.processes import GrowthModel

Array = NDArray[np.float64]

DRIFT, SIGMA, AHEAD, RHO = 0.05, 0.1, 4, 0.5
YEAR = LAST + AHEAD
LEVELS = (115.0, 125.0, 140.0)
CORRELATION = ((1.0, 0.6, 0.2), (0.6, 1.0, -0.3), (0.2, -0.3, 1.0))
_NAMES = ("a", "b", "c")
_FACTOR = "given the common factor the indicators are independent; Gauss-Legendre quadrature over it"


def all_of_two() -> Case:
    """Two correlated indicators by 2016, by Owen's T."""
    answer = both_below(_margin(115.0), _margin(125.0), RHO)
    return _two("all_of_two", "all of two conditions", AllOf(parts=_parts()[:2]), answer)


def any_of_two() -> Case:
    """One minus neither."""
    answer = 1 - both_below(-_margin(115.0), -_margin(125.0), RHO)
    return _two("any_of_two", "any of two conditions", AnyOf(parts=_parts()[:2]), answer)


def range_and_bound() -> Case:
    """One indicator in a range, the other below a bound: a difference of two corners."""
    first, second = reaches("a", Between(lower=115.0, upper=140.0), YEAR), stays_below("b", 125.0, YEAR)
    corners = [both_below(_margin(level), -_margin(125.0), -RHO) for level in (115.0, 140.0)]
    promise = AllOf(parts=(first, second))
    return _two("range_and_bound", "a range and a bound at once", promise, corners[0] - corners[1])


def all_of_three() -> Case:
    """All of three indicators with one common factor."""
    return _three("all_of_three", "all of three conditions", AllOf(parts=_parts()), 3)


def any_of_three() -> Case:
    """Any of three."""
    return _three("any_of_three", "any of three conditions", AnyOf(parts=_parts()), 1)


def two_of_three() -> Case:
    """At least two of three."""
    return _three("two_of_three", "at least two of three conditions", AtLeast(count=2, parts=_parts()), 2)


def joint() -> Case:
    """Three targets of different years: a multivariate normal vector."""
    years = (LAST + 3, LAST + 6, LAST + 8)
    steps = np.array(years) - float(LAST)
    mean = DRIFT * steps - np.log(np.array(LEVELS) / 100.0)
    covariance = np.array(CORRELATION) * np.minimum.outer(steps, steps) * SIGMA**2
    known = all_positive(mean, covariance)
    parts = [reaches(n, level, year) for n, level, year in zip(_NAMES, LEVELS, years, strict=True)]
    targets = tuple(target(part, name) for part, name in zip(parts, _NAMES, strict=True))
    return _case("joint", "several targets at once", targets, known, "scipy's multivariate normal")


def joint_at_the_median() -> Case:
    """Three targets at their medians: 1/8 plus the sum of arcsin rho over 4 pi."""
    angles = np.arcsin([CORRELATION[0][1], CORRELATION[0][2], CORRELATION[1][2]])
    median = 100.0 * np.exp(DRIFT * AHEAD)
    return _case(
        "joint_at_the_median",
        "several targets at their medians",
        tuple(target(reaches(name, median, YEAR), name) for name in _NAMES),
        (float(1 / 8 + angles.sum() / (4 * np.pi)), ROUNDING),
        "orthant of three normal numbers",
        source="Sheppard (1899), https://doi.org/10.1098/rsta.1899.0003",
    )


def joint_of_alternatives() -> Case:
    """Two targets that speak of the same indicators: any two of three, and the first."""
    targets = (
        target(AtLeast(count=2, parts=_parts()), "two"),
        target(_parts()[0], "first"),
    )

    def given(factor: Array) -> Array:
        first, second, third = _conditional(factor)
        return first * (1 - (1 - second) * (1 - third))

    known = checked(lambda nodes: expected(given, nodes), 60)
    return _case("joint_of_alternatives", "targets that share conditions", targets, known, _FACTOR, even=True)


def ten_at_once() -> Case:
    """Ten indicators, any two of them correlated by a half, at their medians: 1 / (n + 1)."""
    names = tuple(f"i{k}" for k in range(10))
    correlation = np.full((10, 10), RHO) + (1 - RHO) * np.eye(10)
    median = 100.0 * np.exp(DRIFT * AHEAD)
    return Case(
        name="ten_at_once",
        shows="many targets at once",
        model=model_of(*(walk(name) for name in names), correlation=correlation),
        targets=tuple(target(reaches(name, median, YEAR), name) for name in names),
        answer=1 / 11,
        error=ROUNDING,
        computed="the common part is the smallest of eleven exchangeable numbers",
    )


def half_of_ten_at_once() -> Case:
    """At least five of ten indicators: by the common factor the number of hits is binomial."""
    names = tuple(f"i{k}" for k in range(10))
    correlation = np.full((10, 10), RHO) + (1 - RHO) * np.eye(10)
    parts = tuple(reaches(name, 125.0, YEAR) for name in names)

    def given(factor: Array) -> Array:
        p = special.ndtr((_margin(125.0) + np.sqrt(RHO) * factor) / np.sqrt(1 - RHO))
        return np.asarray(sum(comb(10, k) * p**k * (1 - p) ** (10 - k) for k in range(5, 11)))

    answer, error = checked(lambda nodes: expected(given, nodes), 100)
    return Case(
        name="half_of_ten_at_once",
        shows="at least so many of many conditions",
        model=model_of(*(walk(name) for name in names), correlation=correlation),
        targets=(target(AtLeast(count=5, parts=parts)),),
        answer=answer,
        error=error,
        computed=_FACTOR,
    )


def any_of_two_and_an_event() -> Case:
    """A fall that hits both indicators of a pair: with it and without it."""
    blows = tuple(Effect(indicator=name, size=-8.0, unit=EffectUnit.PERCENT) for name in "ab")
    event = RandomEvent(id="blow", label="Blow", effects=blows, probability=0.1)
    spared = 0.9**AHEAD
    with_it, without = (
        1 - both_below(-_margin(115.0 / left), -_margin(125.0 / left), RHO) for left in (0.92, 1.0)
    )
    answer = spared * without + (1 - spared) * with_it
    scenario = Scenario(id="perhaps", label="Perhaps a fall", changes=(event,))
    promise = AnyOf(parts=_parts()[:2])
    return _two(
        "any_of_two_and_an_event", "alternatives under a random event", promise, answer, scenario=scenario
    )


CASES = (
    all_of_two,
    any_of_two,
    range_and_bound,
    all_of_three,
    any_of_three,
    two_of_three,
    joint,
    joint_at_the_median,
    joint_of_alternatives,
    ten_at_once,
    half_of_ten_at_once,
    any_of_two_and_an_event,
)


def _margin(level: float) -> float:
    """Distance of the median from a level after four years, in standard deviations."""
    return float((AHEAD * DRIFT - np.log(level / 100.0)) / (SIGMA * np.sqrt(AHEAD)))


def _parts() -> tuple[Promise, ...]:
    return tuple(reaches(name, level, YEAR) for name, level in zip(_NAMES, LEVELS, strict=True))


def _conditional(factor: Array) -> list[Array]:
    """P(each condition) given the common factor of equally correlated indicators."""
    root = np.sqrt(1 - RHO)
    return [np.asarray(special.ndtr((_margin(level) + np.sqrt(RHO) * factor) / root)) for level in LEVELS]


def _even() -> GrowthModel:
    """Three indicators, any two of them correlated by a half."""
    correlation = np.full((3, 3), RHO) + (1 - RHO) * np.eye(3)
    return model_of(*(walk(name) for name in _NAMES), correlation=correlation)


def _two(name: str, shows: str, promise: Promise, answer: float, *, scenario: Scenario | None = None) -> Case:
    how = "two normal numbers by Owen's T"
    return _case(name, shows, (target(promise),), (answer, ROUNDING), how, even=True, scenario=scenario)


def _three(name: str, shows: str, promise: Promise, least: int) -> Case:
    """Return the case of at least so many of three, by the number of hits given the common factor."""

    def given(factor: Array) -> Array:
        exactly = [np.ones_like(factor)]
        for p in _conditional(factor):
            fewer, more = [*exactly, np.zeros_like(p)], [np.zeros_like(p), *exactly]
            exactly = [a * (1 - p) + b * p for a, b in zip(fewer, more, strict=True)]
        return np.asarray(sum(exactly[least:]))

    known = checked(lambda nodes: expected(given, nodes), 60)
    return _case(name, shows, (target(promise),), known, _FACTOR, even=True)


def _case(
    name: str,
    shows: str,
    targets: tuple[Target, ...],
    known: Known,
    computed: str,
    *,
    even: bool = False,
    scenario: Scenario | None = None,
    source: str = "",
) -> Case:
    uneven = model_of(*(walk(n) for n in _NAMES), correlation=CORRELATION)
    more = {"scenario": scenario} if scenario else {}
    return Case(
        name=name,
        shows=shows,
        model=_even() if even else uneven,
        targets=targets,
        answer=known[0],
        error=known[1],
        computed=computed,
        source=source,
        **more,
    )
