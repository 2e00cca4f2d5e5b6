"""Rows `[[rule]]` into reviews: what is watched, where it should stand, and what is done about the gap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sxsim.errors import nearest
from sxsim.io.toml_rows import TableRow
from sxsim.io.toml_schema_changes import RAMPS, TRACKS
from sxsim.io.toml_shape import shape
from sxsim.io.toml_values import shown, take
from sxsim.plan import Review, Target

_OWN = ("watched", "track_from", "track_to")


def review(row: TableRow, targets: Sequence[Target]) -> Review:
    """Build a review; `target` alone watches its indicator on the way from its base to its level."""
    values = dict(row.values)
    shapes = shape(row, values, "ramp", RAMPS)
    build = TRACKS[values.pop("track", "straight")]
    own = take(values, _OWN)
    if "target" in values:
        if own:
            there = next(iter(own))
            raise row.error(
                f"target = {shown(values['target'])} and {there} = {shown(own[there])} are both given.",
                "Keep the target, or watched, track_from and track_to.",
            )
        own = _of_target(row, values.pop("target"), targets)
    for key in _OWN:
        if key not in own:
            raise row.error(
                f"neither target nor {key} is given.", "Give target, or all of " + ", ".join(_OWN)
            )
    (start, value), (end, goal) = own["track_from"], own["track_to"]
    track = row.make(build, start=start, value=value, end=end, goal=goal)
    values.setdefault("indicator", own["watched"])
    return row.make(Review, **values, **shapes, watched=own["watched"], track=track)


def _of_target(row: TableRow, name: str, targets: Sequence[Target]) -> dict[str, Any]:
    by_id = {target.id: target for target in targets}
    if name not in by_id:
        raise row.error(f"target = {name!r} is not the id of any target.", nearest(name, by_id))
    base, condition, number = by_id[name].base, by_id[name].condition, by_id[name].number
    if base is None or condition is None or number is None:
        raise row.error(
            f"target = {name!r} has no base value or no fixed level, so there is no way between them.",
            f"Give {', '.join(_OWN)} instead.",
        )
    return {
        "watched": condition.indicators[0],
        "track_from": (base.year, base.value),
        "track_to": (condition.years[-1], number),
    }
