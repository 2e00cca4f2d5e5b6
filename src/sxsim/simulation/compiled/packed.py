"""What the compiled loops read and write, as named tuples of arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sxsim.simulation.cells import GUIDE, CellTable
from sxsim.simulation.compiled.lanes import LANES
from sxsim.simulation.sigma import SEGMENTS

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


class Ties(NamedTuple):
    """How indicators are correlated, ``(indicator, indicator, correlation)``, and where they begin.

    ``gaps`` are unknown years before the world's ``years``; ``cells`` is zero where a law walks by itself.
    """

    mix: Array
    gaps: Whole
    years: int
    cells: Whole


class Room(NamedTuple):
    """The arrays of ``Buffers``."""

    uniforms: Array
    shocks: Array
    choice: Whole
    change: Array
    groups: NDArray[np.uint8]


class Near(NamedTuple):
    """Scratch: shocks, loads and sums of one tile of draws; cells and sigmas of all; addresses of eight."""

    shocks: Array
    loads: Array
    total: Array
    cells: Whole
    sigma: Array
    addresses: Whole


class Lines(NamedTuple):
    """The arrays of ``Bars``."""

    rows: Whole
    levels: Array
    curved: NDArray[np.bool_]
    kept: NDArray[np.bool_]
    joined: Whole


class Packed(NamedTuple):
    """Tables of all indicators, padded to the largest.

    ``cumulative``, ``scales``, ``places``, ``groups``, ``shapes`` are ``(indicator, cell)``, ``guide`` is
    ``(indicator, part)``, ``pieces`` ``(table * segment, 4)``, ``locations`` ``(indicator, cell, year)`` and
    ``factors`` ``(shape, eight years, shock, lane)``; ``known`` and ``drifting`` are ``(indicator,)``.
    ``goes_on (indicator, year)`` says of an only cell that a year has the loads of the last, and one more.
    """

    cumulative: Array
    guide: NDArray[np.uint16]
    scales: Array
    places: Whole
    groups: NDArray[np.uint8]
    shapes: Whole
    pieces: Array
    locations: Array
    factors: Array
    known: NDArray[np.bool_]
    drifting: NDArray[np.bool_]
    goes_on: NDArray[np.bool_]


class Drawing(NamedTuple):
    """What is drawn: words of the blocks, the correlation of each draw, needs, how many draws count."""

    words: NDArray[np.uint64]
    choices: Whole
    needs: Whole
    width: int
    ties: Ties
    tables: Packed


class Job(NamedTuple):
    """All that the loops over one indicator look at."""

    ties: Ties
    tables: Packed
    room: Room
    near: Near


def pack(tables: Sequence[CellTable | None], shocks: int, years: int) -> Packed:
    """Pack the tables of a team; None stands for an indicator whose law walks by itself."""
    indicators, most = len(tables), max(t.scales.size if t else 1 for t in tables)
    wide = -(-years // LANES) * LANES
    out = Packed(
        cumulative=np.full((indicators, most), np.inf),
        guide=np.zeros((indicators, GUIDE), np.uint16),
        scales=np.full((indicators, most), np.nan),
        places=np.zeros((indicators, most), np.int64),
        groups=np.zeros((indicators, most), np.uint8),
        shapes=np.zeros((indicators, most), np.int64),
        pieces=np.zeros((0, 4)),
        locations=np.zeros((indicators, most, wide)),
        factors=np.zeros((0, wide // LANES, shocks, LANES)),
        known=np.ones(indicators, bool),
        drifting=np.zeros(indicators, bool),
        goes_on=np.zeros((indicators, years), bool),
    )
    pieces, factors, used = [out.pieces], [out.factors], 0
    for k, table in enumerate(tables):
        if table is None:
            continue
        cells = table.scales.size
        out.cumulative[k, :cells], out.scales[k, :cells] = table.cumulative, table.scales
        out.guide[k], out.groups[k, :cells] = table.guide, table.groups
        out.places[k, :cells] = table.places + sum(map(len, pieces)) // SEGMENTS
        out.locations[k, :cells, :years] = table.locations.T
        out.known[k], out.drifting[k] = table.known, table.drifting
        if table.single:
            out.goes_on[k] = _goes_on(table.factors[:, :, 0])
        distinct, out.shapes[k, :cells] = _distinct(table.factors, shocks, wide)
        out.shapes[k, :cells] += used
        used += len(distinct)
        pieces.append(table.pieces)
        factors.append(distinct)
    return out._replace(pieces=np.concatenate(pieces), factors=np.concatenate(factors))


def _distinct(factors: Array, shocks: int, wide: int) -> tuple[Array, Whole]:
    """Distinct factors ``(shape, eight years, shock, lane)``, and which of them each cell has."""
    count, years, cells = factors.shape
    rows = np.ascontiguousarray(factors.reshape(-1, cells).T)
    places: dict[bytes, int] = {}
    place = np.array([places.setdefault(row.tobytes(), len(places)) for row in rows])
    found = np.stack([np.frombuffer(key) for key in places])
    full = np.zeros((len(found), shocks, wide))
    full[:, :count, :years] = found.reshape(-1, count, years)
    lanes = full.reshape(len(found), shocks, wide // LANES, LANES).transpose(0, 2, 1, 3)
    return np.ascontiguousarray(lanes), place


def _goes_on(factors: Array) -> NDArray[np.bool_]:
    """Whether a year sums up what the year before did, and its own shock; factors ``(shock, year)``."""
    gap = len(factors) - 1 - factors.shape[1]
    years = range(1, factors.shape[1])
    same = [np.array_equal(factors[: gap + t + 1, t], factors[: gap + t + 1, t - 1]) for t in years]
    return np.array([False, *same])
