"""The keys of one condition: a series, what it is held against, and in which years."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sxsim.errors import PlanError
from sxsim.io.toml_rows import TableRow
from sxsim.io.toml_schema import LEVELS, YEARS
from sxsim.io.toml_values import shown
from sxsim.plan import (
    Benchmark,
    Between,
    Condition,
    Level,
    Number,
    OwnPast,
    Relation,
    Total,
    When,
    Worded,
)

_NEEDED = {"lower": "upper", "upper": "lower", "times": "benchmark", "threshold": "word"}


def condition(row: TableRow, given: Mapping[str, Any]) -> Condition | Total:
    """Build a condition, or a total, of the keys that are there.

    Raises
    ------
    PlanError
        A key is missing, two exclude each other, or one means nothing beside the others.
    """
    for key in ("indicator", "relation"):
        if key not in given:
            raise _alone(row, given, next(iter(given)), key)
    _one_of(row, given, LEVELS)
    for key, other in _NEEDED.items():
        if key in given and other not in given:
            raise _alone(row, given, key, other)
    key = _one_of(row, given, [(one,) for one in YEARS])
    _check_relation(row, given)
    values = {
        "indicator": given["indicator"],
        "relation": given["relation"],
        "level": _level(row, given),
        "years": years(row, key, given[key]),
        "precision": given.get("precision", 0.0),
    }
    if key != "total_over":
        return row.make(Condition, **values, when=When.ANY_YEAR if key == "by_year" else When.EVERY_YEAR)
    if not isinstance(values["level"], Number | Between):
        raise row.error(
            f"total_over = {shown(given[key])} does not go with {_first(given, LEVELS)}.",
            "Hold a total against value, or against lower and upper.",
        )
    return row.make(Total, **values)


def years(row: TableRow, key: str, given: int | Sequence[int]) -> tuple[int, ...]:
    """Return the years a key names: one, or all from a first to a last."""
    if isinstance(given, int):
        return (given,)
    if len(given) != 2 or given[0] > given[1]:
        raise row.error(
            f"{key} = {shown(given)} is not a first and a last year.",
            "Write two years in order, as in [2014, 2020].",
        )
    return tuple(range(given[0], given[1] + 1))


def _level(row: TableRow, given: Mapping[str, Any]) -> Level:
    if "value" in given:
        return row.make(Number, value=given["value"])
    if "lower" in given:
        return row.make(Between, lower=given["lower"], upper=given["upper"])
    if "benchmark" in given:
        return row.make(Benchmark, indicator=given["benchmark"], times=given.get("times", 1.0))
    if "word" in given:
        return row.make(Worded, word=given["word"], threshold=given.get("threshold"))
    return row.make(OwnPast, since=given.get("since"), growth=given.get("growth", 0.0))


def _check_relation(row: TableRow, given: Mapping[str, Any]) -> None:
    if (given["relation"] is Relation.WITHIN) is not ("lower" in given):
        raise row.error(
            f"relation = {shown(given['relation'])} does not go with {_first(given, LEVELS)}.",
            "'within' takes lower and upper, '>=' and '<=' take anything else.",
        )


def _one_of(row: TableRow, given: Mapping[str, Any], kinds: Sequence[Collection[str]]) -> str:
    """Return the first key that is there, of the one kind that may be."""
    found = [next(key for key in kind if key in given) for kind in kinds if not given.keys().isdisjoint(kind)]
    if len(found) > 1:
        raise both(row, given, *found[:2])
    if not found:
        keys = ", ".join(key for kind in kinds for key in kind if key not in ("times", "threshold"))
        raise row.error(
            f"none of {keys} is given.",
            "Give one; where the plan is silent, write what you take and say so in assumption.",
        )
    return found[0]


def both(row: TableRow, given: Mapping[str, Any], first: str, second: str) -> PlanError:
    """Return the error that two keys exclude each other."""
    return row.error(
        f"{first} = {shown(given[first])} and {second} = {shown(given[second])} are both given.",
        "Keep one of the two.",
    )


def _alone(row: TableRow, given: Mapping[str, Any], key: str, other: str) -> PlanError:
    return row.error(f"{key} = {shown(given[key])} stands there without {other}.", f"Add {other} = ...")


def _first(given: Mapping[str, Any], kinds: Sequence[Collection[str]]) -> str:
    """Write the first key of a kind that is there as it stands in the file."""
    key = next(key for kind in kinds for key in kind if key in given)
    return f"{key} = {shown(given[key])}"
