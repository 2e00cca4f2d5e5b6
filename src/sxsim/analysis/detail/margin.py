"""By how much a condition is kept or broken, in its own units."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sxsim.plan import Benchmark, Condition, OwnPast, Relation, Total, When, fixed, sides

Array = NDArray[np.float64]
Values = Callable[[str, int], Array]


def margin(condition: Condition | Total, values: Values) -> Array:
    """Distance above what is asked for: of several years the smallest, of "any year" the largest.

    Examples
    --------
    >>> import sxsim as sx
    >>> rd = sx.Condition(
    ...     indicator="rd", relation=sx.Relation.AT_LEAST, level=sx.Number(value=2.5), years=(2019, 2020)
    ... )
    >>> paths = {2019: np.array([2.4, 2.6]), 2020: np.array([2.6, 2.7])}
    >>> margin(rd, lambda name, year: paths[year]).round(3).tolist()
    [-0.1, 0.1]
    """
    if isinstance(condition, Total):
        total = np.sum([values(condition.indicator, year) for year in condition.years], axis=0)
        return _fixed(total, condition)
    years = [_of_year(condition, year, values) for year in condition.years]
    rule = np.minimum if condition.when is When.EVERY_YEAR else np.maximum
    return np.asarray(rule.reduce(np.broadcast_arrays(*years)))


def _of_year(condition: Condition, year: int, values: Values) -> Array:
    own, level = values(condition.indicator, year), condition.level
    match level:
        case Benchmark(indicator=name, times=times):
            bar = times * values(name, year)
        case OwnPast():
            bar = level.times(year) * values(condition.indicator, level.year_before(year))
        case _:
            return _fixed(own, condition)
    return own - bar if condition.relation is Relation.AT_LEAST else bar - own


def _fixed(own: Array, condition: Condition | Total) -> Array:
    level = fixed(condition.level)
    assert level is not None
    ends = sides(condition.relation, level, condition.precision)
    return np.asarray(np.minimum.reduce([sign * (own - bar) for sign, bar in ends]))
