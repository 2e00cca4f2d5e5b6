"""A change of variable of a standard normal number as a table, where one law serves all draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

TOLERANCE = 1e-11
_REACH = 8.5
_CELLS = 16.0
_FINEST = 9
_INSIDE = np.array([0.25, 0.5, 0.75])
_CHUNK = 1 << 14


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Pieces:
    """An increasing function of a normal score, in quintic pieces that share value, slope and curvature.

    Cells of a sixteenth of a score are halved until the pieces agree with the exact function: the value is
    the exact one of a score at most 1e-10 away. Scores beyond 8.5, and cells too steep for 512 pieces, such
    as the gap between two far apart modes, are left to the exact function.

    Attributes
    ----------
    exact
        The function itself, elementwise.
    first, count
        Of every cell: its first piece, and how many it has.
    coefficients
        From the constant upwards, ``(power, piece)``; NaN where the exact function answers.
    """

    exact: Callable[[Array], Array]
    first: Whole
    count: Array
    coefficients: Array

    def __call__(self, score: Array) -> Array:
        """Return the values at the scores; each depends on its own score alone, to the last bit."""
        flat = np.ravel(np.asarray(score, float))
        out = np.full(flat.shape, np.nan)
        for begin in range(0, len(flat), _CHUNK):
            chunk = slice(begin, begin + _CHUNK)
            out[chunk] = self._polynomial(flat[chunk])
        rest = np.flatnonzero(np.isnan(out))
        if rest.size:
            out[rest] = self.exact(flat[rest])
        return out.reshape(np.shape(score))

    def _polynomial(self, score: Array) -> Array:
        """Values from the table, NaN where it has none; the outermost cells have none."""
        place = (np.fmax(np.fmin(score, _REACH), -_REACH) + _REACH) * _CELLS
        cell = place.astype(np.int64)
        place = (place - cell) * self.count.take(cell)
        piece = place.astype(np.int64)
        x = place - piece
        piece += self.first.take(cell)
        *lower, total = self.coefficients
        total = total.take(piece)
        for row in reversed(lower):
            total *= x
            total += row.take(piece)
        return np.asarray(total)


def pieces_of(exact: Callable[[Array], Array], jet: Callable[[Array, Array], tuple[Array, Array]]) -> Pieces:
    """Tabulate an increasing function of a normal score.

    Parameters
    ----------
    exact
        The function, elementwise.
    jet
        Its first two derivatives, from the score and the value.

    Returns
    -------
    Pieces
    """
    cells = np.arange(int(2 * _REACH * _CELLS) + 1)
    count = np.ones(len(cells), np.int64)
    found = {int(cell): np.full((6, 1), np.nan) for cell in cells}
    left = cells[1:-1]
    for halvings in range(_FINEST + 1):
        pieces = 1 << halvings
        tables, good = _fitted(exact, jet, left, pieces)
        for cell, table in zip(left[good], tables[good], strict=True):
            found[int(cell)], count[cell] = table, pieces
        left = left[~good]
        if not left.size:
            break
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    return Pieces(
        exact=exact,
        first=first,
        count=count.astype(float),
        coefficients=np.ascontiguousarray(np.concatenate([found[int(cell)] for cell in cells], axis=1)),
    )


def _fitted(
    exact: Callable[[Array], Array],
    jet: Callable[[Array, Array], tuple[Array, Array]],
    cells: Whole,
    pieces: int,
) -> tuple[Array, NDArray[np.bool_]]:
    """Quintic pieces of every cell, ``(cell, power, piece)``, and whether they agree with the function."""
    width = 1.0 / (_CELLS * pieces)
    knots = cells[:, None] / _CELLS - _REACH + width * np.arange(pieces + 1)
    value = exact(knots.ravel()).reshape(knots.shape)
    with np.errstate(all="ignore"):
        slope, curvature = (order.reshape(knots.shape) for order in jet(knots.ravel(), value.ravel()))
        table = _quintic(value, width * slope, width**2 * curvature)
        places = knots[:, :-1] + width * _INSIDE[:, None, None]
        guess = np.einsum("cpk,ip->ick", table, _INSIDE[:, None] ** np.arange(6.0))
        true = exact(places.ravel()).reshape(places.shape)
        near = np.abs(guess - true) <= TOLERANCE * np.minimum(slope[:, :-1], slope[:, 1:])
    return table, np.asarray(near.all(axis=(0, 2)) & np.isfinite(table).all(axis=(1, 2)))


def _quintic(value: Array, slope: Array, curvature: Array) -> Array:
    """Coefficients on [0, 1] of the pieces between knots ``(cell, knot)`` with given jets."""
    v, s, c = value[:, :-1], slope[:, :-1], 0.5 * curvature[:, :-1]
    rise = value[:, 1:] - v - s - c
    tilt = slope[:, 1:] - s - 2.0 * c
    bend = 0.5 * curvature[:, 1:] - c
    return np.stack(
        [
            v,
            s,
            c,
            10.0 * rise - 4.0 * tilt + bend,
            7.0 * tilt - 15.0 * rise - 2.0 * bend,
            6.0 * rise - 3.0 * tilt + bend,
        ],
        axis=1,
    )
