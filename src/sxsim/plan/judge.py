"""Figures held against conditions: kept, broken, or still open because a figure is missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.plan.condition import Condition, Promise, Relation, Total, When
from sxsim.plan.level import Benchmark, Between, Level, Number, OwnPast, Worded, fixed

Array = NDArray[np.float64]
Truth = NDArray[np.bool_]
Interval = tuple[Array, Array]
Figures = Callable[[str, int], Interval]

_ALMOST = 1e-9


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What figures say of a promise, elementwise.

    Attributes
    ----------
    kept
        Whether it holds, whatever is not known of the figures.
    possible
        Whether it may hold.

    Examples
    --------
    >>> Judgement(kept=np.array([False]), possible=np.array([True])).open.tolist()
    [True]
    """

    kept: Truth
    possible: Truth

    @property
    def open(self) -> Truth:
        """Whether what is not known decides."""
        return self.possible & ~self.kept


def judged(promise: Promise, figures: Figures) -> Judgement:
    """Hold figures against a promise.

    Parameters
    ----------
    promise
        A condition, a total, or several combined.
    figures
        Returns between which values an indicator lies in a year, in published units; see :func:`known`. All
        of one shape or such that they broadcast.

    Returns
    -------
    Judgement
        Of the shape of the figures.

    Examples
    --------
    >>> seen = {("rd", 2019): 1.12, ("rd", 2020): np.nan}
    >>> rd = Condition(
    ...     indicator="rd", relation=Relation.AT_LEAST, level=Number(value=1.1), years=(2019, 2020),
    ...     when=When.ANY_YEAR,
    ... )
    >>> judged(rd, lambda name, year: known(seen[name, year])).kept.item()
    True
    """
    match promise:
        case Condition():
            years = [_year(promise, year, figures) for year in promise.years]
            return _several(len(years) if promise.when is When.EVERY_YEAR else 1, years)
        case Total():
            ends = [figures(promise.indicator, year) for year in promise.years]
            low, high = (np.asarray(sum(end[side] for end in ends)) for side in (0, 1))
            return _fixed((low, high), promise.relation, promise.level, promise.precision)
        case _:
            return _several(promise.least, [judged(part, figures) for part in promise.parts])


def known(values: Array | float) -> Interval:
    """Return figures as the intervals that :func:`judged` reads: a missing one, NaN, may be anything."""
    given = np.asarray(values, float)
    missing = np.isnan(given)
    if not missing.any():
        return given, given
    return np.where(missing, -np.inf, given), np.where(missing, np.inf, given)


def sides(relation: Relation, level: Number | Between, precision: float = 0.0) -> list[tuple[float, float]]:
    """Return what a value is compared with: 1 and a number it must reach, or -1 and one it must not exceed.

    At a precision a figure is judged as it would be published, rounded half up: the number is half a step
    before the first multiple of the step that will do.

    Examples
    --------
    >>> sides(Relation.AT_LEAST, Number(value=2.5))
    [(1.0, 2.5)]
    >>> sides(Relation.AT_LEAST, Number(value=2.5), precision=0.1)
    [(1.0, 2.45)]
    """
    if isinstance(level, Between):
        ends = [(1.0, level.lower), (-1.0, level.upper)]
    else:
        ends = [(1.0 if relation is Relation.AT_LEAST else -1.0, level.value)]
    return [(sign, _published(sign, value, precision)) for sign, value in ends]


def _published(sign: float, value: float, step: float) -> float:
    """Return the exact number that decides for a figure rounded to multiples of a step."""
    if not step:
        return value
    multiples = sign * np.ceil(sign * value / step - _ALMOST)
    return float(round((multiples - 0.5 * sign) * step, 12))


def _year(condition: Condition, year: int, figures: Figures) -> Judgement:
    level, own = condition.level, figures(condition.indicator, year)
    match level:
        case Benchmark():
            times, other = level.times, figures(level.indicator, year)
        case OwnPast():
            times, other = level.times(year), figures(condition.indicator, level.year_before(year))
        case Worded(threshold=None):
            times, other = 1.0, known(np.nan)
        case _:
            return _fixed(own, condition.relation, level, condition.precision)
    sign = 1.0 if condition.relation is Relation.AT_LEAST else -1.0
    return _sided(own, sign, (times * other[0], times * other[1]))


def _fixed(own: Interval, relation: Relation, level: Level, precision: float) -> Judgement:
    given = fixed(level)
    assert given is not None
    ends = [(sign, np.asarray(bar)) for sign, bar in sides(relation, given, precision)]
    return _several(len(ends), [_sided(own, sign, (bar, bar)) for sign, bar in ends])


def _sided(own: Interval, sign: float, bar: Interval) -> Judgement:
    (low, high), (lower, upper) = own, bar
    if sign > 0:
        return Judgement(kept=np.asarray(low >= upper), possible=np.asarray(high >= lower))
    return Judgement(kept=np.asarray(high <= lower), possible=np.asarray(low <= upper))


def _several(least: int, parts: Sequence[Judgement]) -> Judgement:
    if len(parts) == 1:
        return parts[0]
    kept, possible = (
        sum(held.astype(np.int16) for held in some)
        for some in ([part.kept for part in parts], [part.possible for part in parts])
    )
    return Judgement(kept=np.asarray(kept >= least), possible=np.asarray(possible >= least))
