"""Rows of a plan file into indicators, with what is borrowed and how figures are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sxsim.errors import HistoryError
from sxsim.io.toml_rows import TableRow
from sxsim.io.toml_targets import need_all
from sxsim.io.toml_values import take
from sxsim.plan import READING_KEYS, Bridge, Indicator, Reading, reading_of

_BRIDGE = ("bridge_from", "bridge_sd", "bridge_assumption")


def indicator(row: TableRow) -> Indicator:
    """Build an indicator, with its bridge and its reading if the keys for one are there."""
    values = dict(row.values)
    reading = _reading(row, take(values, READING_KEYS))
    given = take(values, _BRIDGE)
    bridge = None
    if given:
        need_all(row, given, ("bridge_from", "bridge_assumption"))
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
