"""Rows of a plan file into what a scenario can take: levers, shocks, events, rules, and the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sxsim.errors import nearest
from sxsim.io.toml_rows import TableRow
from sxsim.io.toml_rule import review
from sxsim.io.toml_schema_changes import RAMPS, RETURNS
from sxsim.io.toml_shape import shape
from sxsim.io.toml_values import take
from sxsim.plan import (
    Change,
    CorrelationChange,
    Effect,
    GivenPath,
    Lever,
    LinkedStrengths,
    RandomEvent,
    Shock,
    Target,
    TargetRevision,
    Transmission,
    VolatilityChange,
)

Tables = Mapping[str, Sequence[TableRow]]
Effects = Mapping[tuple[str, str], tuple[Effect, ...]]
Shelf = Mapping[str, Mapping[str, Change]]

_OWNERS = ("lever", "shock", "event")
_PLAIN: Mapping[str, Callable[..., Change]] = {
    "transmission": Transmission,
    "revision": TargetRevision,
    "given": GivenPath,
    "volatility": VolatilityChange,
    "correlation": CorrelationChange,
    "linked": LinkedStrengths,
}


def effects(tables: Tables) -> Effects:
    """Build effects, by table and id of what has them, in the order of the file."""
    found: dict[tuple[str, str], tuple[Effect, ...]] = {}
    known = {table: [row.values["id"] for row in tables[table]] for table in _OWNERS}
    for row in tables["effect"]:
        values = dict(row.values)
        owners = take(values, _OWNERS)
        if not owners:
            raise row.error("neither lever, shock nor event is given.", "Say whose effect it is.")
        effect = row.make(Effect, **values)
        for table, names in owners.items():
            for name in names:
                if name not in known[table]:
                    raise row.error(
                        f"{table} = {name!r} is not the id of any {table}.", nearest(name, known[table])
                    )
                found[table, name] = (*found.get((table, name), ()), effect)
    return found


def lever(row: TableRow, effects: Effects) -> Lever:
    """Build a lever with its effects."""
    values = dict(row.values)
    shapes = shape(row, values, "ramp", RAMPS) | shape(row, values, "returns", RETURNS)
    return row.make(Lever, **values, **shapes, effects=effects.get(("lever", values["id"]), ()))


def shelf(tables: Tables, effects: Effects, targets: Sequence[Target]) -> Shelf:
    """Everything named that scenarios can take, by table and id."""
    makers: dict[str, Callable[[TableRow], Change]] = {
        "shock": lambda row: _blow(row, "shock", Shock, effects),
        "event": lambda row: _blow(row, "event", RandomEvent, effects),
        "rule": lambda row: review(row, targets),
    } | {table: lambda row, noun=noun: _plain(row, noun) for table, noun in _PLAIN.items()}
    return {table: _by_id(tables[table], make) for table, make in makers.items()}


def _by_id(rows: Sequence[TableRow], make: Callable[[TableRow], Change]) -> dict[str, Change]:
    found: dict[str, Change] = {}
    for row in rows:
        if row.values["id"] in found:
            raise row.error(f"id = {row.values['id']!r} is used twice.", "Give every row its own id.")
        found[row.values["id"]] = make(row)
    return found


def _blow(row: TableRow, table: str, noun: Callable[..., Change], effects: Effects) -> Change:
    return row.make(noun, **row.values, effects=effects.get((table, row.values["id"]), ()))


def _plain(row: TableRow, noun: Callable[..., Change]) -> Change:
    values: dict[str, Any] = {key: value for key, value in row.values.items() if key != "id"}
    if "indicators" in values:
        values["names"] = values.pop("indicators")
    return row.make(noun, **values)
