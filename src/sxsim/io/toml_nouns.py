"""Rows of a plan file into the nouns they stand for, where that takes more than copying the keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sxsim.errors import HistoryError
from sxsim.io.toml_rows import TableRow
from sxsim.io.toml_schema import shown
from sxsim.plan import (
    READING_KEYS,
    Base,
    Benchmark,
    Bridge,
    Condition,
    Indicator,
    Level,
    Number,
    PlannedGrowth,
    Reading,
    Scenario,
    Target,
    reading_of,
)

_BRIDGE = ("bridge_from", "bridge_sd", "bridge_assumption")
_CONDITION = ("indicator", "relation", "value", "benchmark", "year", "every_year")
_BASE = ("base_value", "base_year")


def indicator(row: TableRow) -> Indicator:
    """Build an indicator, with its bridge and its reading if the keys for one are there."""
    values = dict(row.values)
    reading = _reading(row, _take(values, READING_KEYS))
    given = _take(values, _BRIDGE)
    bridge = None
    if given:
        _need_all(row, given, ("bridge_from", "bridge_assumption"))
        bridge = row.make(
            Bridge,
            source=given["bridge_from"],
            drift_sd=given.get("bridge_sd"),
            assumption=given["bridge_assumption"],
        )
    return row.make(Indicator, **values, bridge=bridge, reading=reading)


def _reading(row: TableRow, given: Mapping[str, Any]) -> Reading | None:
    try:
        return reading_of(str(row.values["id"]), given)
    except HistoryError as error:
        raise row.error(error.text.removeprefix(f"{row.values['id']!r}: "), error.hint) from error


def target(row: TableRow, fit_until: int) -> Target:
    """Build a target with condition and base; its last year has to lie after the data."""
    values = dict(row.values)
    condition = _condition(row, _take(values, _CONDITION))
    given = _take(values, _BASE)
    base = None
    if given:
        _need_all(row, given, _BASE)
        base = row.make(Base, value=given["base_value"], year=given["base_year"])
    if condition and condition.years[-1] <= fit_until:
        key = "every_year" if "every_year" in row.values else "year"
        raise row.error(
            f"{key} = {shown(row.values[key])} does not reach beyond the data (fit_until = {fit_until}).",
            "Give a later target year, or an earlier fit_until in [plan].",
        )
    return row.make(Target, **values, condition=condition, base=base)


def scenario(row: TableRow, targets: Sequence[Target], known: Iterable[object]) -> Scenario:
    """Build a scenario; `as_planned = true` becomes one planned growth per target that states one."""
    values = dict(row.values)
    changes: tuple[PlannedGrowth, ...] = ()
    if values.pop("as_planned", False):
        changes = _planned(row, targets, set(known))
    return row.make(Scenario, **values, changes=changes)


def _take(values: dict[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {key: values.pop(key) for key in keys if key in values}


def _need_all(row: TableRow, given: Mapping[str, Any], keys: Sequence[str]) -> None:
    for key in keys:
        if key not in given:
            there = next(iter(given))
            raise row.error(
                f"{there} = {shown(given[there])} stands there without {key}.",
                f"{', '.join(keys)} belong together: give all or none.",
            )


def _condition(row: TableRow, given: Mapping[str, Any]) -> Condition | None:
    if not given:
        return None
    for key in ("indicator", "relation"):
        if key not in given:
            there = next(iter(given))
            raise row.error(
                f"{there} = {shown(given[there])} stands there without {key}.", f"Add {key} = ..."
            )
    _one_of(row, given, "value", "benchmark")
    _one_of(row, given, "year", "every_year")
    level: Level
    if "value" in given:
        level = row.make(Number, value=given["value"])
    else:
        level = Benchmark(indicator=given["benchmark"])
    return row.make(
        Condition,
        indicator=given["indicator"],
        relation=given["relation"],
        level=level,
        years=_years(row, given),
    )


def _one_of(row: TableRow, given: Mapping[str, Any], first: str, second: str) -> None:
    if first in given and second in given:
        raise row.error(
            f"{first} = {shown(given[first])} and {second} = {shown(given[second])} are both given.",
            "Keep one of the two.",
        )
    if first not in given and second not in given:
        raise row.error(
            f"neither {first} nor {second} is given.",
            "Give one of the two; where the plan is silent, write what you take and say so in assumption.",
        )


def _years(row: TableRow, given: Mapping[str, Any]) -> tuple[int, ...]:
    if "year" in given:
        return (given["year"],)
    span = given["every_year"]
    if len(span) != 2 or span[0] > span[1]:
        raise row.error(
            f"every_year = {shown(span)} is not a first and a last year.",
            "Write two years in order, as in [2014, 2020].",
        )
    return tuple(range(span[0], span[1] + 1))


def _planned(row: TableRow, targets: Sequence[Target], known: set[object]) -> tuple[PlannedGrowth, ...]:
    changes: dict[str, tuple[str, PlannedGrowth]] = {}
    for one in targets:
        if one.base is None or one.stated_growth is None or one.condition is None:
            continue
        name = one.condition.indicator
        if name not in known:
            continue
        change = row.make(
            PlannedGrowth,
            indicator=name, base_value=one.base.value, base_year=one.base.year, growth=one.stated_growth,
        )  # fmt: skip
        first, earlier = changes.setdefault(name, (one.id, change))
        if earlier != change:
            raise row.error(
                f"as_planned = true, but targets {first} and {one.id} state different growth for {name!r}.",
                "Let both state the same base and growth.",
            )
    if not changes:
        raise row.error(
            "as_planned = true, but no target states base_value, base_year and stated_growth "
            "for an indicator with observed figures.",
            "Add them to a target, or leave as_planned out.",
        )
    return tuple(change for _, change in changes.values())
