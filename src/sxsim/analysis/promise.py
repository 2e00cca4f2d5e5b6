"""A promise put to a model: what is settled by its figures, and the rows that paths have to clear."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.event import Event, Row, Settled, Sum, several
from sxsim.labels import YEAR
from sxsim.links import Carrier, Linear, deciding
from sxsim.plan import (
    Benchmark,
    Between,
    Combined,
    Condition,
    Number,
    OwnPast,
    Promise,
    Relation,
    Total,
    When,
    Worded,
    fixed,
    judged,
    known,
    sides,
)
from sxsim.processes import GrowthModel

Array = NDArray[np.float64]


def event_of(promise: Promise, model: GrowthModel) -> Event | str:
    """Return what decides a promise, or the reason why nothing can."""
    match promise:
        case Combined():
            return _combined(promise.least, [event_of(part, model) for part in promise.parts])
        case Total():
            return _sum(promise, model)
        case Condition(level=Worded(threshold=None) as level):
            return unsaid(level)
        case _:
            years = [_of_year(promise, year, model) for year in promise.years]
            return _combined(len(years) if promise.when is When.EVERY_YEAR else 1, years)


def unsaid(level: Worded) -> str:
    """Say that nobody said what a word means."""
    return f"it says {level.word!r}, and no threshold says what that means"


def _combined(least: int, parts: Sequence[Event | str]) -> Event | str:
    """Combine what can be decided; the first piece that cannot is the reason for the whole."""
    found = list[Event]()
    for part in parts:
        if isinstance(part, str):
            return part
        found.append(part)
    return several(least, found)


def _of_year(condition: Condition, year: int, model: GrowthModel) -> Event | str:
    """Return what decides a condition in one year."""
    if year <= model.last_year:
        return _past(condition.of_years((year,)), _missing_in(condition, year, model), model)
    if (level := fixed(condition.level)) is not None:
        return _rows(condition, year, level, model)
    if isinstance(condition.level, OwnPast):
        return _against_past(condition, condition.level, year, model)
    assert isinstance(condition.level, Benchmark)
    return _moving(condition, year, condition.level.indicator, None, condition.level.times)


def _rows(condition: Condition, year: int, level: Number | Between, model: GrowthModel) -> Event | str:
    """Return the sides of a fixed level; one end of a range that no value can pass asks for nothing."""
    name, parts = condition.indicator, list[Event]()
    for sign, value in sides(condition.relation, level, condition.precision):
        number = value
        if name in model:
            carrier = model[name].carrier
            number = float(deciding(carrier, np.asarray(value, float), sign))
            if not carrier.lower < number < carrier.upper:
                if isinstance(level, Number) or (number >= carrier.upper) is (sign > 0):
                    return _outside(value, name, carrier)
                continue
        parts.append(Row(indicator=name, year=year, sign=sign, level=number))
    return several(len(parts), parts) if parts else Settled(holds=(True,) * model.members(name))


def _outside(level: float, name: str, carrier: Carrier) -> str:
    return f"its level {level:g} lies outside the range ({carrier.lower:g}, {carrier.upper:g}) of {name!r}"


def _moving(condition: Condition, year: int, other: str, since: int | None, times: float) -> Row:
    return Row(
        indicator=condition.indicator,
        year=year,
        sign=_sign(condition.relation),
        level=None,
        benchmark=other,
        since=since,
        times=times,
    )


def _against_past(condition: Condition, level: OwnPast, year: int, model: GrowthModel) -> Event | str:
    """Hold a year against an earlier one: against a number, where that was observed."""
    name, since, times = condition.indicator, level.year_before(year), level.times(year)
    carrier = model[name].carrier if name in model else None
    if level.growth and isinstance(carrier, Linear):
        return f"growth of {level.growth:g} a year is asked of {name!r}, which may be negative"
    if since > model.last_year:
        return _moving(condition, year, name, since, times)
    base = figures_of(model, name, since)
    if not np.isfinite(base).all():
        return _unobserved(name, since)
    sign, levels = _sign(condition.relation), times * base
    if carrier:
        levels = deciding(carrier, levels, sign)
        inside = (levels > carrier.lower) & (levels < carrier.upper)
        if not inside.all():
            return _outside(float(levels[~inside][0]), name, carrier)
    return Row(indicator=name, year=year, sign=sign, level=_levels(levels))


def _sum(total: Total, model: GrowthModel) -> Event | str:
    """Return what the years to come have to add."""
    name = total.indicator
    past = [year for year in total.years if year <= model.last_year]
    ahead = tuple(year for year in total.years if year > model.last_year)
    seen = [figures_of(model, name, year) for year in past]
    for year, values in zip(past, seen, strict=True):
        if not np.isfinite(values).all():
            return _unobserved(name, year)
    if not ahead:
        return _past(total, "", model)
    done = np.sum([np.zeros(model.members(name)), *seen], axis=0)
    ends = sides(total.relation, total.level, total.precision)
    return several(
        len(ends),
        [Sum(indicator=name, years=ahead, sign=sign, level=_levels(level - done)) for sign, level in ends],
    )


def _levels(levels: Array) -> float | tuple[float, ...]:
    """Return one number where all members have the same."""
    listed = tuple(levels.tolist())
    return listed if len(set(listed)) > 1 else float(listed[0])


def _past(promise: Condition | Total, why: str, model: GrowthModel) -> Event | str:
    """Judge what lies wholly in the past."""
    if why:
        return why
    found = judged(promise, lambda name, year: known(figures_of(model, name, year)))
    return Settled(holds=tuple(found.kept.tolist()))


def _missing_in(condition: Condition, year: int, model: GrowthModel) -> str:
    """Say which figure of a past year is missing; empty if none is."""
    name, level = condition.indicator, condition.level
    asked = [(name, year)]
    if isinstance(level, Benchmark):
        asked.append((level.indicator, year))
    if isinstance(level, OwnPast):
        asked.append((name, level.year_before(year)))
    complete = all(np.isfinite(figures_of(model, *one)).all() for one in asked)
    return "" if complete else _unobserved(name, year)


def _unobserved(name: str, year: int) -> str:
    return f"{name!r} or its level was not observed in {year}"


def figures_of(model: GrowthModel, name: str, year: int) -> Array:
    """Figures of a past year, NaN where there is none, ``(member,)``; without a history the last one."""
    size = model.members(name)
    if name in model and name not in model.history:
        grown = model[name]
        return np.where(grown.last_years() == year, np.asarray(grown.last_value, float), np.nan)
    if name not in model.history or year not in model.history[YEAR]:
        return np.full(size, np.nan)
    return np.asarray(model.history[name].sel({YEAR: year}).to_numpy(), float).reshape(size)


def _sign(relation: Relation) -> float:
    return 1.0 if relation is Relation.AT_LEAST else -1.0
