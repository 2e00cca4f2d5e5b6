"""Rows of a plan file into the nouns they stand for, where that takes more than copying the keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sxsim.errors import HistoryError
from sxsim.io.toml_rows import TableRow
from sxsim.io.toml_values import shown, take
from sxsim.plan import (
    READING_KEYS,
    Base,
    Benchmark,
    Bridge,
    Condition,
    Indicator,
    Level,
    Number,
    Reading,
    Target,
    reading_of,
)

_BRIDGE = ("bridge_from", "bridge_sd", "bridge_assumption")
_CONDITION = ("indicator", "relation", "value", "benchmark", "year", "every_year")
_BASE = ("base_value", "base_year")


def indicator(row: TableRow) -> Indicator:
    """Build an indicator, with its bridge and its reading if the keys for one are there."""
    values = dict(row.values)
    reading = _reading(row, take(values, READING_KEYS))
    given = take(values, _BRIDGE)
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
    condition = _condition(row, take(values, _CONDITION))
    given = take(values, _BASE)
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
