"""Rows `[[scenario]]`, resolved: what each takes, on top of what it extends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sxsim.errors import nearest
from sxsim.io.toml_changes import Shelf
from sxsim.io.toml_rows import TableRow, checked_row
from sxsim.io.toml_schema_changes import PULL, RAMPS
from sxsim.io.toml_shape import shape
from sxsim.io.toml_values import shown, take
from sxsim.plan import Change, Lever, PlannedGrowth, Pull, Scenario, Target

_SHELVES = {
    "shocks": "shock",
    "events": "event",
    "rules": "rule",
    "transmissions": "transmission",
    "revisions": "revision",
    "given": "given",
    "volatilities": "volatility",
    "correlations": "correlation",
    "linked": "linked",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Cast:
    """What scenarios can take; `start` is the plan's first year, `fitted` what has figures of its own."""

    start: int
    targets: Sequence[Target]
    fitted: Set[str]
    levers: Sequence[Lever]
    shelf: Shelf


def scenarios(tables: Mapping[str, Sequence[TableRow]], cast: Cast) -> tuple[Scenario, ...]:
    """Resolve all scenarios, in the order of the file; each may extend any other.

    Raises
    ------
    PlanError
        A name leads nowhere, scenarios extend each other in a circle, two changes decide one thing, or what
        the file names is taken by no scenario.
    """
    rows = tables["scenario"]
    by_id = {row.values["id"]: row for row in rows}
    done: dict[str, Scenario] = {}
    for row in rows:
        for name in reversed(_chain(row, by_id)):
            if name not in done:
                done[name] = _scenario(by_id[name], done, cast)
    _check_taken(rows, tables)
    return tuple(done[row.values["id"]] for row in rows)


def _chain(row: TableRow, by_id: Mapping[str, TableRow]) -> list[str]:
    """Ids from a scenario to the one it rests on in the end."""
    chain = [row.values["id"]]
    while (name := by_id[chain[-1]].values.get("extends")) is not None:
        here = by_id[chain[-1]]
        if name not in by_id:
            raise here.error(f"extends = {name!r} is not the id of any scenario.", nearest(name, by_id))
        if name in chain:
            circle = " -> ".join([*chain[chain.index(name) :], name])
            raise here.error(
                f"extends = {name!r}, but {name!r} rests on {chain[-1]!r} itself ({circle}).",
                "Let one of them stand alone.",
            )
        chain.append(name)
    return chain


def _scenario(row: TableRow, done: Mapping[str, Scenario], cast: Cast) -> Scenario:
    values = dict(row.values)
    extends, without = values.pop("extends", None), values.pop("without", ())
    changes: list[Change] = []
    if values.pop("as_planned", False):
        changes += _planned(row, cast)
    changes += _pulls(row, values.pop("pulls", ()), cast)
    for key, names in take(values, list(_SHELVES)).items():
        shelf = cast.shelf[_SHELVES[key]]
        for name in names:
            if name not in shelf:
                raise row.error(
                    f"{key} names {name!r}, which is not the id of any {_SHELVES[key]}.", nearest(name, shelf)
                )
            changes.append(shelf[name])
    if extends is None:
        if without:
            raise row.error(
                f"without = {shown(without)} stands there without extends.", "Say what it is left out of."
            )
        return row.make(Scenario, **values, changes=tuple(changes))
    base = done[extends]
    left_out = [change for name in without for change in _named(row, name, base, cast)]
    return row.make(base.extended, **values, changes=changes, without=left_out)


def _named(row: TableRow, name: str, base: Scenario, cast: Cast) -> list[Change]:
    """Changes of a scenario that are a row of the file by that name, or else speak of it."""
    rows = [shelf[name] for shelf in cast.shelf.values() if name in shelf]
    found = [change for change in base.changes if change in rows]
    found = found or [change for change in base.changes if name in change.key[1:]]
    if not found:
        known = {one for change in base.changes for one in change.key[1:]}
        raise row.error(f"without names {name!r}, which is not in {base.id!r}.", nearest(name, known))
    return found


def _pulls(row: TableRow, tables: Sequence[Mapping[str, object]], cast: Cast) -> Iterator[Pull]:
    by_id = {lever.id: lever for lever in cast.levers}
    for number, table in enumerate(tables, start=1):
        pull = checked_row(f"{row.where}: pulls number {number}", PULL, table)
        values: dict[str, Any] = {"start": cast.start, **pull.values}
        names = values.pop("lever")
        own = take(values, ["delay"]) | shape(pull, values, "ramp", RAMPS)
        for name in names:
            if name not in by_id:
                raise pull.error(f"lever = {name!r} is not the id of any lever.", nearest(name, by_id))
            yield pull.make(Pull, lever=pull.make(partial(replace, by_id[name]), **own), **values)


def _planned(row: TableRow, cast: Cast) -> Iterable[PlannedGrowth]:
    """One planned growth for each indicator with figures whose target states base and growth."""
    changes: dict[str, tuple[str, PlannedGrowth]] = {}
    for one in cast.targets:
        if one.base is None or one.stated_growth is None or one.condition is None:
            continue
        name = one.condition.indicators[0]
        if name not in cast.fitted:
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
    return [change for _, change in changes.values()]


def _check_taken(rows: Sequence[TableRow], tables: Mapping[str, Sequence[TableRow]]) -> None:
    """Refuse named rows that no scenario takes: they would say nothing."""
    for key, table in _SHELVES.items():
        taken = {name for row in rows for name in row.values.get(key, ())}
        for row in tables[table]:
            if row.values["id"] not in taken:
                raise row.error(
                    "no scenario takes it.", f"Name it in the {key} of a scenario, or leave the row out."
                )
