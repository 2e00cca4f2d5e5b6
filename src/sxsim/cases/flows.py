"""What is added up over years."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.cases.case import LAST, Case, model_of, reaches, target, walk
from sxsim.cases.quadrature import ROUNDING, checked, density, expected, legendre, staying
from sxsim.links import Count, Linear
from sxsim.plan import Between, Number, Relation, Total

Array = NDArray[np.float64]

DRIFT, SIGMA = 0.06, 0.12
SEEN = (80.0, 100.0)
_NODES = 60


def total() -> Case:
    """80 and 100 were observed; 410 in all by two years more."""
    left = 410.0 - sum(SEEN)
    answer, error = checked(lambda nodes: expected(lambda e: _two_years(e, left), nodes), _NODES)
    flow = _total(Number(value=410.0), 2)
    return _case("total", "a cumulative total, part of it observed", flow, answer, error)


def total_within() -> Case:
    """Between 390 and 420 in all."""

    def inside(nodes: int) -> float:
        return expected(lambda e: _two_years(e, 210.0) - _two_years(e, 240.0), nodes)

    answer, error = checked(inside, _NODES)
    flow = _total(Between(lower=390.0, upper=420.0), 2)
    return _case("total_within", "a cumulative total in a range", flow, answer, error)


def total_of_three_years() -> Case:
    """520 in all by three years more: quadrature over the first two shocks."""
    answer, error = checked(lambda nodes: _three_years(340.0, nodes), _NODES)
    flow = _total(Number(value=520.0), 3)
    return _case("total_of_three_years", "a cumulative total over more years", flow, answer, error)


def total_balance() -> Case:
    """Three balances add up to a normal sum: shocks count 3, 2 and 1 times."""
    model = model_of(walk(drift=0.05, sigma=0.1, last=-20.0, carrier=Linear(scale=100.0)))
    mean = 100.0 * (3 * -0.2 + 0.05 * (1 + 2 + 3))
    answer = float(special.ndtr(mean / (100.0 * 0.1 * np.sqrt(9.0 + 4.0 + 1.0))))
    flow = Total(
        indicator="y", relation=Relation.AT_LEAST, level=Number(value=0.0), years=tuple(range(2013, 2016))
    )
    return Case(
        name="total_balance",
        shows="a cumulative total of a balance",
        model=model,
        targets=(target(flow),),
        answer=answer,
        error=ROUNDING,
        computed="normal distribution function of the sum",
    )


def yearly_flow() -> Case:
    """A hundred new ones in each of four years, whole numbers."""
    ranges = [(float(np.log(100.0 / 105.5)), np.inf)] * 4
    answer, error = checked(lambda nodes: staying(DRIFT, SIGMA, ranges, nodes), 2 * _NODES)
    return Case(
        name="yearly_flow",
        shows="a flow that is asked for in each year",
        model=model_of(walk(drift=DRIFT, sigma=SIGMA, last=105.5, carrier=Count())),
        targets=(target(reaches("y", 100.0, *range(LAST + 1, LAST + 5))),),
        answer=answer,
        error=error,
        computed="forward recursion over the years on Gauss-Legendre nodes",
    )


CASES = (total, total_within, total_of_three_years, total_balance, yearly_flow)


def _two_years(shock: Array, left: float) -> Array:
    """P(two years add up to what is left, given the first shock)."""
    first = SEEN[-1] * np.exp(DRIFT + SIGMA * shock)
    return _last_year(first, np.log(first / SEEN[-1]), left)


def _three_years(left: float, nodes: int) -> float:
    e, w = legendre(-9.0, 9.0, nodes)
    weight = w * density(e)
    first = DRIFT + SIGMA * e[:, None]
    second = first + DRIFT + SIGMA * e
    done = SEEN[-1] * (np.exp(first) + np.exp(second))
    return float(weight @ _last_year(done, second, left) @ weight)


def _last_year(done: Array, level: Array, left: float) -> Array:
    """P(one year more brings what is done to what is left), given the log level before it."""
    rest = np.maximum(left - done, 1e-300)
    margin = (level + DRIFT - np.log(rest / SEEN[-1])) / SIGMA
    return np.asarray(special.ndtr(margin))


def _total(level: Number | Between, ahead: int) -> Total:
    relation = Relation.WITHIN if isinstance(level, Between) else Relation.AT_LEAST
    years = tuple(range(LAST - 1, LAST + ahead + 1))
    return Total(indicator="y", relation=relation, level=level, years=years)


def _case(name: str, shows: str, flow: Total, answer: float, error: float) -> Case:
    return Case(
        name=name,
        shows=shows,
        model=model_of(walk(drift=DRIFT, sigma=SIGMA), history={"y": SEEN}),
        targets=(target(flow),),
        answer=answer,
        error=error,
        computed="Gauss-Legendre quadrature over the shocks of all years but the last",
    )
