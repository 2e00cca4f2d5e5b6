"""Small linear systems, one for every draw, solved elementwise: no bit depends on how draws are grouped.

A system is nested lists of arrays over draws, or of one entry where all draws share it; None stands for a
zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Entry = Array | None
Square = list[list[Entry]]

ONE = np.ones(1)
_TINY = 1e-300


def cholesky(matrix: Sequence[Sequence[Entry]]) -> Square:
    """Return the lower factor of positive definite matrices, of which the lower triangle is read."""
    lower: Square = []
    for i, given in enumerate(matrix):
        row: list[Entry] = []
        for j in range(i):
            row.append(_over(minus(given[j], row, lower[j][:j]), lower[j][j]))
        rest = minus(given[i], row, row)
        row.append(None if rest is None else np.sqrt(np.maximum(rest, _TINY)))
        lower.append(row)
    return lower


def forward(lower: Square, right: Sequence[Entry]) -> list[Entry]:
    """Solve ``lower @ x = right``."""
    out: list[Entry] = []
    for row, one in zip(lower, right, strict=True):
        out.append(_over(minus(one, row[:-1], out), row[-1]))
    return out


def backward(lower: Square, right: Sequence[Entry]) -> list[Entry]:
    """Solve ``lower.T @ x = right``."""
    out: list[Entry] = []
    for i in reversed(range(len(lower))):
        column = [row[i] for row in lower[i + 1 :]]
        out.insert(0, _over(minus(right[i], column, out), lower[i][i]))
    return out


def dot(left: Iterable[Entry], right: Iterable[Entry], start: Entry = None) -> Entry:
    """Return the sum of products, on top of a start."""
    total = start
    for one, other in zip(left, right, strict=True):
        if one is not None and other is not None:
            total = one * other if total is None else total + one * other
    return total


def minus(start: Entry, left: Iterable[Entry], right: Iterable[Entry]) -> Entry:
    """Return the start less a sum of products."""
    total = start
    for one, other in zip(left, right, strict=True):
        if one is not None and other is not None:
            total = -(one * other) if total is None else total - one * other
    return total


def less(left: Iterable[Entry], right: Iterable[Entry]) -> list[Entry]:
    """Return the differences."""
    return [minus(one, [ONE], [other]) for one, other in zip(left, right, strict=True)]


def _over(one: Entry, other: Entry) -> Entry:
    """Return the quotient; nothing over anything is nothing."""
    return None if one is None or other is None else one / other
