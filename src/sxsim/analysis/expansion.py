"""An event as a sum of conjunctions, by inclusion and exclusion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.event import Event, Leaf, Row, Settled, Several

Array = NDArray[np.float64]
Conjunction = frozenset[Leaf]
Sums = dict[Conjunction, Array]

MOST = 64  # conjunctions an event is worth

_NOTHING: Conjunction = frozenset()


def expanded(event: Event, size: int) -> Sums | None:
    """Return conjunctions whose probabilities, so weighted, add up to that of the event.

    Alternatives are taken by what they leave out, ``1[A or B] = 1 - 1[not A] 1[not B]``, and of the two sides
    of a range one is counted off, ``1[a <= y <= b] = 1[y >= a] - 1[y > b]``, so that every conjunction has at
    most one row for an indicator in a year. Levels themselves have no weight.

    Returns
    -------
    dict or None
        Weights by conjunction, ``(member,)``; None where there would be more than ``MOST``.
    """
    if isinstance(event, Settled):
        return {_NOTHING: np.array(event.holds, float)}
    if not isinstance(event, Several):
        return {frozenset([event]): np.ones(size)}
    parts = list[Sums]()
    for part in event.parts:
        found = expanded(part, size)
        if found is None:
            return None
        parts.append(found)
    if event.least == 1:
        none = _product([_other(part, size) for part in parts], size)
        return None if none is None else _other(none, size)
    if event.least == len(parts):
        return _product(parts, size)
    return _counted(event.least, parts, size)


def _counted(least: int, parts: Sequence[Sums], size: int) -> Sums | None:
    """At least so many: by how many of the first parts hold."""
    exactly: list[Sums | None] = [{_NOTHING: np.ones(size)}, *({} for _ in range(least))]
    for part in parts:
        for k in range(least, -1, -1):
            stay = exactly[k] if k == least else _times(exactly[k], _other(part, size))
            come = _times(exactly[k - 1], part) if k else {}
            exactly[k] = _plus(stay, come)
    return exactly[least]


def _product(parts: Sequence[Sums], size: int) -> Sums | None:
    found: Sums | None = {_NOTHING: np.ones(size)}
    for part in parts:
        found = _times(found, part)
    return found


def _times(one: Sums | None, other: Sums | None) -> Sums | None:
    if one is None or other is None:
        return None
    out: Sums = {}
    for left, weight in one.items():
        for right, factor in other.items():
            for sign, both in _one_sided(left | right):
                _add(out, both, sign * weight * factor)
        if len(out) > MOST:
            return None
    return out


def _plus(one: Sums | None, other: Sums | None) -> Sums | None:
    if one is None or other is None:
        return None
    out = dict(one)
    for rows, weight in other.items():
        _add(out, rows, weight)
    return out if len(out) <= MOST else None


def _add(out: Sums, rows: Conjunction, weight: Array) -> None:
    total = out.pop(rows, 0.0) + weight
    if total.any():
        out[rows] = total


def _other(part: Sums, size: int) -> Sums:
    """Return what holds where a part does not."""
    if len(part) == 1:
        [(rows, weight)] = part.items()
        if len(rows) == 1 and (weight == 1.0).all():
            [row] = rows
            return {frozenset([row.reversed()]): weight}
    out = {rows: -weight for rows, weight in part.items()}
    _add(out, _NOTHING, np.ones(size))
    return out


def _one_sided(rows: Conjunction) -> list[tuple[float, Conjunction]]:
    """Return a conjunction as conjunctions without ranges, and nothing where it cannot hold."""
    if any(row.reversed() in rows for row in rows):
        return []
    places: dict[tuple[str, int], list[Row]] = {}
    for row in rows:
        if isinstance(row, Row) and isinstance(row.level, float | int):
            places.setdefault((row.indicator, row.year), []).append(row)
    out = [(1.0, rows - {row for many in places.values() for row in many})]
    for many in places.values():
        ends = _ends(many)
        out = [(sign * way, rest | {row}) for sign, rest in out for way, row in ends]
    return out


def _ends(rows: Iterable[Row]) -> list[tuple[float, Row]]:
    """Return what some rows of one indicator and year ask for together."""
    lower = [row for row in rows if row.sign > 0]
    upper = [row for row in rows if row.sign < 0]
    low = max(lower, key=_number, default=None)
    high = min(upper, key=_number, default=None)
    if low is None or high is None:
        return [(1.0, row) for row in (low, high) if row is not None]
    return [(1.0, low), (-1.0, high.reversed())] if _number(low) < _number(high) else []


def _number(row: Row) -> float:
    return row.level_of(0)
