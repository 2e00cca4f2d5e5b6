"""Given figures: shocks moved so that every draw follows them, and stays as near as can be to what it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.processes import Told
from sxsim.processes.cell_posterior import row_cholesky
from sxsim.processes.transform import EXPONENTS, box_cox
from sxsim.simulation.buffers import Buffers
from sxsim.simulation.cells import CellTable
from sxsim.simulation.small import ONE, Entry, Square, backward, cholesky, dot, forward, less, minus

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_EXPONENTS = np.array(EXPONENTS)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Given:
    """One given indicator of a strand, cells last.

    Attributes
    ----------
    place, gap
        Which indicator, and its unknown years before the world begins.
    table
        Its cells after the figures; None where a law walks by itself, and its shocks are known.
    places, change
        Steps given, and the change in each on the scale of every exponent, ``(exponent, year)``.
    scores, drift
        What the figures say, in units of sigma, and how it loads on the drift, ``(year, cell)``.
    rows
        Loads on the shocks, for every year by number of the shock, unknown years first.
    """

    place: int
    gap: int
    table: CellTable | None
    places: Whole
    change: Array
    scores: Array
    drift: Array
    rows: tuple[dict[int, Array], ...]

    @staticmethod
    def of(place: int, gap: int, table: CellTable | None, told: Told) -> Given:
        """Prepare what was told for drawing; loads that are zero in every cell are left out."""
        rows = told.rows.transpose(1, 2, 0)
        return Given(
            place=place,
            gap=gap,
            table=table,
            places=told.places,
            change=box_cox(told.change, _EXPONENTS[:, None]),
            scores=np.ascontiguousarray(told.scores.T),
            drift=np.ascontiguousarray(told.drift.T),
            rows=tuple({s: row[s].copy() for s in range(len(row)) if row[s].any()} for row in rows),
        )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Conditioning:
    """The given indicators of a strand, and how they are tied to all.

    Attributes
    ----------
    given
        One or several, not all of whose figures need to be of the same years.
    ties
        Correlation of every indicator with each of them, ``(indicator, given, correlation)``.
    """

    given: tuple[Given, ...]
    ties: Array

    def factor(self) -> Array:
        """Lower factors of their own correlations, ``(given, given, correlation)``."""
        own = self.ties[[one.place for one in self.given]].transpose(2, 0, 1)
        return row_cholesky(own).transpose(1, 2, 0)

    def move(self, into: Buffers) -> None:
        """Move the mixed shocks: drifts first, and then the shocks of the years given what the drifts are.

        Figures say that ``y = q d + Q' e``, with drifts and shocks that are correlated by ``R`` between the
        indicators. Drifts take the place in their law given ``y`` that they had in the law before; shocks
        become ``e + C S^-1 (y - q d - Q' e)`` with their covariance ``C`` with what is said, and its own
        ``S``: conditioning by kriging. So every draw follows the figures, stays as near as can be to what it
        was, and has the law given the figures exactly; drifts stay what a twin world shares.
        """
        seen = [_Seen.of(one, into) for one in self.given]
        spread = cholesky(self._covariance(seen, into))
        wanted = forward(spread, [score for one in seen for score in one.scores])
        wanted = self._move_drifts(seen, spread, wanted, into)
        there = forward(spread, [one.carried(row, into) for one in seen for row in one.rows])
        pulls = iter(backward(spread, less(wanted, there)))
        self._move_shocks([one.moves([next(pulls) for _ in one.rows]) for one in seen], into)

    def _move_shocks(self, moves: Sequence[dict[int, Entry]], into: Buffers) -> None:
        """Let every indicator follow as far as it is tied to the given ones, in years of the world."""
        years = into.change.shape[1]
        for g, (one, shift) in enumerate(zip(self.given, moves, strict=True)):
            for k in range(len(self.ties)):
                tie = self._tie(k, g, into.choice)
                for s, moved in shift.items():
                    own = ONE if k == one.place else None  # unknown years before are an indicator's own
                    _add(into.shocks[k, s], dot([tie if s <= years else own], [moved]))

    def pin(self, into: Buffers) -> None:
        """Set the changes of the years given to the given ones, to the last bit."""
        for one in self.given:
            for step, change in zip(one.places, one.change.T, strict=True):
                into.change[one.place, step] = change.take(into.groups[one.place])

    def _tie(self, k: int, g: int, choice: Whole) -> Entry:
        """Correlation of an indicator with a given one in every draw; None where there is none."""
        return _chosen(self.ties[k, g], choice)

    def _covariance(self, seen: Sequence[_Seen], into: Buffers) -> Square:
        """Covariance of what is said given the drifts, the lower triangle; unknown years are not shared."""
        years, matrix = into.change.shape[1], []
        for g, one in enumerate(seen):
            for i, row in enumerate(one.rows):
                entries: list[Entry] = []
                for h, other in enumerate(seen[:g]):
                    tie = self._tie(one.place, h, into.choice)
                    for later in other.rows:
                        both = [s for s in row if s <= years and s in later]
                        shared = dot([row[s] for s in both], [later[s] for s in both])
                        entries.append(dot([tie], [shared]))
                matrix.append([*entries, *([None] * i), ONE])
        return matrix

    def _move_drifts(
        self, seen: Sequence[_Seen], spread: Square, wanted: list[Entry], into: Buffers
    ) -> list[Entry]:
        """Move the drifts of all, and return what is left to be said by the shocks.

        Drifts are ``d = L w`` with independent ``w`` of variance one, and ``y`` is in units of the shocks'
        part of it: ``w`` given ``y`` has the precision ``I + U'U`` with ``U = q L``.
        """
        if all(slope is None for one in seen for slope in one.drift):
            return wanted
        n = range(len(seen))
        factor = [
            [_chosen(entry, into.choice) for entry in row[: g + 1]] for g, row in enumerate(self.factor())
        ]
        slopes = [
            forward(spread, [slope if other is one else None for other in seen for slope in other.drift])
            for one in seen
        ]
        loads = [
            [dot(row[h:], [factor[g][h] for g in n[h:]]) for row in zip(*slopes, strict=True)] for h in n
        ]
        root = cholesky([[dot(loads[h], loads[j], ONE if h == j else None) for j in n] for h in n])
        before = forward(factor, [into.shocks[one.place, 0] for one in seen])
        said = forward(root, [dot(load, wanted) for load in loads])
        after = backward(root, [dot([ONE], [w], said[h]) for h, w in enumerate(before)])
        shift = backward(factor, less(after, before))
        for k in range(len(self.ties)):
            _add(into.shocks[k, 0], dot([self._tie(k, g, into.choice) for g in n], shift))
        return [minus(one, [load[r] for load in loads], after) for r, one in enumerate(wanted)]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Seen:
    """One given indicator in some draws, each in its own cell.

    Said is in units of each draw's sigma; loads on the shocks are by row of the buffers.
    """

    place: int
    scores: list[Entry]
    drift: list[Entry]
    rows: list[dict[int, Array]]

    @staticmethod
    def of(one: Given, into: Buffers) -> _Seen:
        """Let every draw pick its cell and sigma."""
        years, uniforms = into.change.shape[1], into.uniforms[one.place]
        cell = np.zeros(1, np.int64) if one.table is None else one.table.pick(uniforms[0])
        sigma = np.ones(1) if one.table is None else one.table.sigma(cell, uniforms[1])
        return _Seen(
            place=one.place,
            scores=[score.take(cell) / sigma for score in one.scores],
            drift=[slope.take(cell) if slope.any() else None for slope in one.drift],
            rows=[
                {
                    (1 + s - one.gap if s >= one.gap else 1 + years + s): load.take(cell)
                    for s, load in row.items()
                }
                for row in one.rows
            ],
        )

    def carried(self, row: dict[int, Array], into: Buffers) -> Entry:
        """What the shocks as they are make of one row."""
        return dot(row.values(), [into.shocks[self.place, s] for s in row])

    def moves(self, pulls: Sequence[Entry]) -> dict[int, Entry]:
        """Shift of every shock by row of the buffers."""
        rows = sorted({s for row in self.rows for s in row})
        return {s: dot([row.get(s) for row in self.rows], pulls) for s in rows}


def _add(shocks: Array, moved: Entry) -> None:
    """Move shocks in place, if at all."""
    if moved is not None:
        shocks += moved


def _chosen(values: Array, choice: Whole) -> Entry:
    """One value for all draws, or that of each one's choice; None where all are zero."""
    if not values.any():
        return None
    return values if len(values) == 1 else values.take(choice)
