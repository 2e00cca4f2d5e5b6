"""Rows of a plan file into targets, among them those that are combined from others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from sxsim.errors import nearest
from sxsim.io.toml_condition import both, condition
from sxsim.io.toml_rows import TableRow, checked_row
from sxsim.io.toml_schema import COMBINED, CONDITION, YEARS
from sxsim.io.toml_values import shown, take
from sxsim.plan import AllOf, AnyOf, AtLeast, Base, Promise, Target

_BASE = ("base_value", "base_year")

Rows = Mapping[str, TableRow]


def targets(rows: Sequence[TableRow], fit_until: int) -> tuple[Target, ...]:
    """Build all targets; what each asks for has to reach beyond the data."""
    by_id = {row.values["id"]: row for row in reversed(rows)}
    return tuple(_target(row, by_id, fit_until) for row in rows)


def need_all(row: TableRow, given: Mapping[str, Any], keys: Sequence[str]) -> None:
    """Refuse some keys that belong together where one is missing."""
    for key in keys:
        if key not in given:
            there = next(iter(given))
            raise row.error(
                f"{there} = {shown(given[there])} stands there without {key}.",
                f"{', '.join(keys)} belong together: give all or none.",
            )


def _target(row: TableRow, by_id: Rows, fit_until: int) -> Target:
    promise = _promise(row, by_id, ())
    values = {key: value for key, value in row.values.items() if key not in (*CONDITION, *COMBINED)}
    given = take(values, _BASE)
    base = None
    if given:
        need_all(row, given, _BASE)
        base = row.make(Base, value=given["base_value"], year=given["base_year"])
    if promise and promise.years[-1] <= fit_until:
        key = next(key for key in (*YEARS, *COMBINED) if key in row.values)
        raise row.error(
            f"{key} = {shown(row.values[key])} does not reach beyond the data (fit_until = {fit_until}).",
            "Give a later target year, or an earlier fit_until in [plan].",
        )
    reasons = "; ".join(_reasons(row, by_id))
    values.setdefault("not_assessable", reasons)
    return row.make(Target, **values, condition=promise, base=base)


def _promise(row: TableRow, by_id: Rows, above: Sequence[str]) -> Promise | None:
    """Return what a row asks for, itself or by the rows it names; ``above`` are those that led to it."""
    own = take(dict(row.values), CONDITION)
    several = take(dict(row.values), COMBINED)
    if not several:
        return condition(row, own) if own else None
    key = _key_of_parts(row, several)
    for other in (*own, "base_value", "base_year", "stated_growth"):
        if other in row.values:
            raise row.error(
                f"{other} = {shown(row.values[other])} means nothing beside {key}, which combines others.",
                "Give it to the conditions that are combined.",
            )
    named = several[key]
    repeated = next((one for i, one in enumerate(named) if one in named[:i]), None)
    if repeated is not None:
        raise row.error(f"{key} names {shown(repeated)} twice.", "Name every part once.")
    parts = tuple(
        _part(row, f"{key} number {i}", one, by_id, (*above, row.values["id"]))
        for i, one in enumerate(named, start=1)
    )
    build = {"all_of": AllOf, "any_of": AnyOf}.get(key) or partial(AtLeast, count=several["at_least"])
    return row.make(build, parts=parts)


def _key_of_parts(row: TableRow, several: Mapping[str, Any]) -> str:
    """Return the one key that names the parts, with parts to count."""
    found = [key for key in ("all_of", "any_of", "of") if key in several]
    if len(found) > 1:
        raise both(row, several, *found[:2])
    counted = {key: several[key] for key in ("at_least", "of") if key in several}
    if counted:
        need_all(row, counted, ("at_least", "of"))
    [key] = found
    if not several[key]:
        raise row.error(f"{key} = [] names nothing.", "Name the ids of other targets.")
    if key == "of" and not 1 <= several["at_least"] <= len(several[key]):
        raise row.error(
            f"at_least = {several['at_least']} is not between 1 and {len(several[key])}, the parts.",
            "Give how many of them have to hold.",
        )
    return key


def _part(row: TableRow, where: str, one: object, by_id: Rows, above: Sequence[str]) -> Promise:
    """Return what a part asks for: a condition written in place, or that of the row it names."""
    if isinstance(one, Mapping):
        inner = checked_row(f"{row.where}: {where}", CONDITION, one)
        return condition(inner, inner.values)
    name = str(one)
    if name not in by_id:
        raise row.error(f"{where} = {name!r} is not the id of any target.", nearest(name, by_id))
    if name in above:
        chain = " -> ".join([*above[above.index(name) :], name])
        raise row.error(
            f"{where} = {name!r} leads back to itself ({chain}).", "What is combined cannot contain itself."
        )
    promise = _promise(by_id[name], by_id, above)
    if promise is None:
        raise row.error(
            f"{where} = {name!r} has no condition that could be combined.", "Give it one, or leave it out."
        )
    return promise


def _reasons(row: TableRow, by_id: Rows) -> Iterator[str]:
    """Yield why the plan's author says that something a row takes cannot be assessed."""
    for key in ("all_of", "any_of", "of"):
        for name in row.values.get(key, ()):
            if isinstance(name, str):
                if reason := by_id[name].values.get("not_assessable"):
                    yield f"{name}: {reason}"
                yield from _reasons(by_id[name], by_id)
