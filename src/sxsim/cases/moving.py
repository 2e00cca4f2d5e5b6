"""Levels that move: another indicator, or a multiple of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.cases.case import LAST, Case, beside, model_of, reaches, target, walk
from sxsim.cases.quadrature import (
    ROUNDING,
    both_below,
    checked,
    density,
    expected,
    legendre,
    staying,
)
from sxsim.links import Count, Odds
from sxsim.plan import AllOf, Condition, Promise, Relation, When
from sxsim.processes import GrowthModel

Array = NDArray[np.float64]

RHO = 0.6
OWN, OTHER = (0.06, 0.1), (0.04, 0.08)  # drift and sigma
START = float(np.log(95.0 / 100.0))
GAIN = OWN[0] - OTHER[0]
SPREAD = float(np.sqrt(OWN[1] ** 2 + OTHER[1] ** 2 - 2 * RHO * OWN[1] * OTHER[1]))
AHEAD = tuple(range(LAST + 1, LAST + 5))


def benchmark() -> Case:
    """As much as the nation by 2016: the log ratio is a walk from log 0.95 with its own drift and sigma."""
    promise = reaches("y", beside("nation"), AHEAD[-1])
    return _ratio("benchmark", "another indicator as the level, correlated", promise, _ratio_above(0.0))


def benchmark_at_most() -> Case:
    """No more than the nation."""
    promise = Condition(indicator="y", relation=Relation.AT_MOST, level=beside("nation"), years=(AHEAD[-1],))
    return _ratio("benchmark_at_most", "not above another indicator", promise, 1 - _ratio_above(0.0))


def benchmark_multiple() -> Case:
    """At least 90 percent of the nation."""
    promise = reaches("y", beside("nation", 0.9), AHEAD[-1])
    answer = _ratio_above(float(np.log(0.9)))
    return _ratio("benchmark_multiple", "a multiple of another indicator", promise, answer)


def benchmark_every_year() -> Case:
    """At least 92 percent of the nation in each of four years."""
    promise = reaches("y", beside("nation", 0.92), *AHEAD)
    ranges = [(float(np.log(0.92)) - START, np.inf)] * 4
    answer, error = checked(lambda nodes: staying(GAIN, SPREAD, ranges, nodes), 100)
    return _ratio("benchmark_every_year", "a moving level in every year", promise, answer, error)


def benchmark_any_year() -> Case:
    """As much as the nation in some year of four."""
    promise = reaches("y", beside("nation"), *AHEAD, when=When.ANY_YEAR)
    below = [(-np.inf, -START)] * 4
    never, error = checked(lambda nodes: staying(GAIN, SPREAD, below, nodes), 100)
    return _ratio("benchmark_any_year", "a moving level in any year", promise, 1 - never, error)


def benchmark_and_number() -> Case:
    """As much as the nation and at least 120: two correlated normal numbers, by Owen's T."""
    promise = AllOf(parts=(reaches("y", beside("nation"), AHEAD[-1]), reaches("y", 120.0, AHEAD[-1])))
    covariance = OWN[1] ** 2 - RHO * OWN[1] * OTHER[1]
    ratio = (START + 4 * GAIN) / (2 * SPREAD)
    own = (np.log(95.0 / 120.0) + 4 * OWN[0]) / (2 * OWN[1])
    answer = both_below(ratio, float(own), covariance / (SPREAD * OWN[1]))
    return _ratio("benchmark_and_number", "a moving and a fixed level at once", promise, answer)


def share_of_a_share() -> Case:
    """At least 90 percent of another share, both on log odds: quadrature over the other one."""
    odds = Odds(lower=0.0, upper=100.0)
    model = model_of(
        walk("y", drift=0.06, sigma=0.1, last=35.0, carrier=odds),
        walk("nation", drift=0.04, sigma=0.08, last=40.0, carrier=odds),
        correlation=_matrix(),
    )

    def given(shock: Array) -> Array:
        other = np.log(40.0 / 60.0) + 4 * 0.04 + 2 * 0.08 * shock
        bar = 0.9 / (1.0 + np.exp(-other))
        mean = np.log(35.0 / 65.0) + 4 * 0.06 + RHO * 2 * 0.1 * shock
        spread = 2 * 0.1 * np.sqrt(1 - RHO**2)
        return np.asarray(special.ndtr((mean - np.log(bar / (1.0 - bar))) / spread))

    answer, error = checked(lambda nodes: expected(given, nodes), 60)
    return Case(
        name="share_of_a_share",
        shows="a multiple that is no fixed step on the scale of growth",
        model=model,
        targets=(target(reaches("y", beside("nation", 0.9), AHEAD[-1])),),
        answer=answer,
        error=error,
        computed="Gauss-Legendre quadrature over the other indicator",
    )


def nested_part() -> Case:
    """Of which 40 percent: whole numbers of a part and its whole, summed over the whole."""
    model = model_of(
        walk("part", drift=0.1, sigma=0.2, last=7.5, carrier=Count()),
        walk("whole", drift=0.05, sigma=0.1, last=20.5, carrier=Count()),
        correlation=[[1.0, RHO], [RHO, 1.0]],
    )
    answer, error = checked(_part_of_whole, 10)
    return Case(
        name="nested_part",
        shows="a part of a whole, both counted",
        model=model,
        targets=(target(reaches("part", beside("whole", 0.4), AHEAD[-1])),),
        answer=answer,
        error=error,
        computed="sum over the whole, Gauss-Legendre quadrature within each number",
    )


CASES = (
    benchmark,
    benchmark_at_most,
    benchmark_multiple,
    benchmark_every_year,
    benchmark_any_year,
    benchmark_and_number,
    share_of_a_share,
    nested_part,
)


def _ratio_above(bar: float) -> float:
    return float(special.ndtr((START + 4 * GAIN - bar) / (2 * SPREAD)))


def _matrix() -> list[list[float]]:
    return [[1.0, RHO], [RHO, 1.0]]


def _model() -> GrowthModel:
    return model_of(
        walk("y", drift=OWN[0], sigma=OWN[1], last=95.0),
        walk("nation", drift=OTHER[0], sigma=OTHER[1]),
        correlation=_matrix(),
    )


def _ratio(name: str, shows: str, promise: Promise, answer: float, error: float = ROUNDING) -> Case:
    return Case(
        name=name,
        shows=shows,
        model=_model(),
        targets=(target(promise),),
        answer=answer,
        error=error,
        computed="the log ratio of the two is itself a walk",
    )


def _part_of_whole(nodes: int) -> float:
    """Sum over whole numbers b of P(whole is b and part is at least the next whole number from 0.4 b)."""
    edges = np.log(np.arange(5.0, 121.0) / 20.5)
    scores = (edges - 4 * 0.05) / (2 * 0.1)
    spread, total = 2 * 0.2 * np.sqrt(1 - RHO**2), 0.0
    for b, low, high in zip(range(5, 120), scores[:-1], scores[1:], strict=True):
        z, w = legendre(low, high, nodes)
        need = np.log(np.ceil(0.4 * b - 1e-9) / 7.5)
        part = special.ndtr((4 * 0.1 + RHO * 2 * 0.2 * z - need) / spread)
        total += float(w @ (density(z) * part))
    return total
