"""The number a target is held against, set free: what it is on every path, and the question at any other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.event import Event, Row, Sum, Values, several
from sxsim.analysis.promise import figures_of
from sxsim.analysis.question import Question, question_of
from sxsim.labels import UNITS
from sxsim.links import Carrier, Count, Linear, Log
from sxsim.plan import (
    Benchmark,
    Between,
    Condition,
    Number,
    OwnPast,
    Relation,
    Target,
    Total,
    When,
    Worded,
    fixed,
)
from sxsim.processes import GrowthModel

Array = NDArray[np.float64]

_PUBLISHED = Linear()


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Scale:
    """A free number, on a scale where its probability is smooth.

    Attributes
    ----------
    words, asked
        What it is, and what the target asks for now.
    sign
        1 where the largest is sought, -1 where the smallest is.
    read
        The hardest that every path of one member attains, ``(draw,)``.
    publish
        From that scale to what is published.
    question
        The target at other numbers ``(member,)``; None where it is only counted.
    """

    words: str
    asked: float
    sign: float
    read: Callable[[Values, int], Array]
    publish: Callable[[Array], Array]
    question: Callable[[Array], Question] | None


def scale_of(question: Question, model: GrowthModel) -> Scale | str:
    """Return the free number of a target, or the reason why it has none."""
    condition = question.target.condition
    if not isinstance(condition, Condition | Total):
        return "it combines several conditions, and has no one level"
    if condition.relation is Relation.WITHIN:
        return "it asks for a range, which has no largest level"
    years = [year for year in condition.years if year > model.last_year]
    if not years:
        return f"its years are over: the last is {condition.years[-1]}"
    for name in condition.indicators:
        if isinstance(condition.level, Benchmark | OwnPast) and _signed(model, name):
            return f"{name!r} may be negative, and multiples of it mean nothing"
    sign = 1.0 if condition.relation is Relation.AT_LEAST else -1.0
    if isinstance(condition, Total):
        return _total(question.target, condition, years, sign, model)
    match condition.level:
        case Benchmark() as level:
            return _multiple(question.target, condition, level, years, sign=sign, model=model)
        case OwnPast() as level:
            return _growth(condition, level, years, sign, model)
        case _:
            return _level(question.target, condition, years, sign, model)


def _level(
    target: Target, condition: Condition, years: Sequence[int], sign: float, model: GrowthModel
) -> Scale:
    name = condition.indicator
    carrier: Carrier = model[name].carrier if name in model else _PUBLISHED
    smooth = Log() if isinstance(carrier, Count) else carrier

    def question(x: Array) -> Question:
        level = _number(smooth.inverse(x))
        rows = [Row(indicator=name, year=year, sign=sign, level=level) for year in years]
        return question_of(target, _when(condition, rows), model)

    return Scale(
        words=str(model.history[name].attrs.get(UNITS, "")) if name in model.history else "",
        asked=_asked(condition.level),
        sign=sign,
        read=lambda levels, _: _hardest(condition, sign, [levels(name, year) for year in years]),
        publish=carrier.inverse,
        question=question,
    )


def _total(target: Target, total: Total, years: Sequence[int], sign: float, model: GrowthModel) -> Scale:
    name = total.indicator
    carrier: Carrier = model[name].carrier if name in model else _PUBLISHED
    past = [figures_of(model, name, year) for year in total.years if year <= model.last_year]
    done = np.sum([np.zeros(model.members(name)), *past], axis=0)

    def question(x: Array) -> Question:
        event = Sum(indicator=name, years=tuple(years), sign=sign, level=_number(x - done))
        return question_of(target, event, model)

    return Scale(
        words="total",
        asked=_asked(total.level),
        sign=sign,
        read=lambda levels, place: done[place] + sum(carrier.inverse(levels(name, year)) for year in years),
        publish=_PUBLISHED.inverse,
        question=question,
    )


def _multiple(
    target: Target,
    condition: Condition,
    level: Benchmark,
    years: Sequence[int],
    *,
    sign: float,
    model: GrowthModel,
) -> Scale:
    name, other = condition.indicator, level.indicator

    def question(x: Array) -> Question:
        rows = [
            Row(indicator=name, year=year, sign=sign, level=None, benchmark=other, times=float(x[0]))
            for year in years
        ]
        return question_of(target, _when(condition, rows), model)

    def read(levels: Values, _: int) -> Array:
        ratios = [_value(model, name, year, levels) / _value(model, other, year, levels) for year in years]
        return _hardest(condition, sign, ratios)

    return Scale(
        words=f"times {other}",
        asked=level.times,
        sign=sign,
        read=read,
        publish=_PUBLISHED.inverse,
        question=question if model.members(name) == 1 else None,
    )


def _growth(
    condition: Condition, level: OwnPast, years: Sequence[int], sign: float, model: GrowthModel
) -> Scale:
    name = condition.indicator

    def read(levels: Values, place: int) -> Array:
        rates = []
        for year in years:
            since = level.year_before(year)
            ahead = since > model.last_year
            past = _value(model, name, since, levels) if ahead else figures_of(model, name, since)[place]
            rates.append((_value(model, name, year, levels) / past) ** (1.0 / (year - since)) - 1.0)
        return _hardest(condition, sign, rates)

    return Scale(
        words="yearly growth",
        asked=level.growth,
        sign=sign,
        read=read,
        publish=_PUBLISHED.inverse,
        question=None,
    )


def _value(model: GrowthModel, name: str, year: int, levels: Values) -> Array:
    found = levels(name, year)
    return model[name].carrier.inverse(found) if name in model else found


def _signed(model: GrowthModel, name: str) -> bool:
    return name in model and isinstance(model[name].carrier, Linear) and not model[name].counts


def _when(condition: Condition, rows: Sequence[Event]) -> Event:
    return several(len(rows) if condition.when is When.EVERY_YEAR else 1, rows)


def _hardest(condition: Condition, sign: float, values: Sequence[Array]) -> Array:
    """Return the level that every year attains, or that any of them does."""
    lowest = (sign > 0) is (condition.when is When.EVERY_YEAR)
    return np.asarray(np.min(values, axis=0) if lowest else np.max(values, axis=0))


def _number(values: Array) -> float | tuple[float, ...]:
    listed = tuple(values.tolist())
    return listed if len(set(listed)) > 1 else float(listed[0])


def _asked(level: Number | Between | Worded | Benchmark | OwnPast) -> float:
    known = fixed(level)
    return known.value if isinstance(known, Number) else np.nan
