"""Tables of unequal length: columns from the longest to the shortest, each to regress on those before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Places = NDArray[np.int64]
Seen = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Neighbouring columns that use the same rows.

    Attributes
    ----------
    first, last
        The columns ``first <= column < last``.
    rows
        Rows in which one of them, or a later column, was observed.
    """

    first: int
    last: int
    rows: Places


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """Order of the columns, and what would have to be known for the pattern to be a staircase.

    Attributes
    ----------
    order
        Columns of the table, the one with most figures first.
    groups
        The ordered columns by the rows they use; rows never grow from one group to the next.
    holes
        Cells missing from the staircase, ``(row, ordered column)``.
    """

    order: Places
    groups: tuple[Group, ...]
    holes: Seen


def layout_of(seen: Seen) -> Layout:
    """Lay out a table from what was observed of it, ``(row, column)``."""
    order = np.argsort(-seen.sum(axis=0), kind="stable")
    ordered = seen[:, order]
    needed = np.logical_or.accumulate(ordered[:, ::-1], axis=1)[:, ::-1]
    changes = np.flatnonzero((needed[:, 1:] != needed[:, :-1]).any(axis=0)) + 1
    edges = [0, *changes.tolist(), len(order)]
    groups = tuple(
        Group(first=first, last=last, rows=np.flatnonzero(needed[:, first]))
        for first, last in pairwise(edges)
    )
    return Layout(order=order, groups=groups, holes=needed & ~ordered)


def alike(masks: Seen) -> Iterator[tuple[Seen, Places]]:
    """Return every distinct row of a table of marks with the rows that equal it."""
    found, which = np.unique(masks, axis=0, return_inverse=True)
    for number, mask in enumerate(found):
        yield mask, np.flatnonzero(which.ravel() == number)
