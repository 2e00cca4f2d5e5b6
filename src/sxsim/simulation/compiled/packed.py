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
    """Scratch of one tile of draws, small enough to stay next to the core."""

    shocks: Array
    loads: Array
    sigma: Array
    cells: Whole
    paths: Array


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
    """

    cumulative: Array
    guide: Whole
    scales: Array
    places: Whole
    groups: NDArray[np.uint8]
    shapes: Whole
    pieces: Array
    locations: Array
    factors: Array
    known: NDArray[np.bool_]
    drifting: NDArray[np.bool_]


def pack(tables: Sequence[CellTable | None], shocks: int, years: int) -> Packed:
    """Pack the tables of a team; None stands for an indicator whose law walks by itself."""
    indicators, most = len(tables), max(t.scales.size if t else 1 for t in tables)
    wide = -(-years // LANES) * LANES
    out = Packed(
        cumulative=np.full((indicators, most), np.inf),
        guide=np.zeros((indicators, GUIDE), np.int64),
        scales=np.full((indicators, most), np.nan),
        places=np.zeros((indicators, most), np.int64),
        groups=np.zeros((indicators, most), np.uint8),
        shapes=np.zeros((indicators, most), np.int64),
        pieces=np.zeros((0, 4)),
        locations=np.zeros((indicators, most, wide)),
        factors=np.zeros((0, wide // LANES, shocks, LANES)),
        known=np.ones(indicators, bool),
        drifting=np.zeros(indicators, bool),
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
        distinct, out.shapes[k, :cells] = _distinct(table.factors, shocks, wide)
        out.shapes[k, :cells] += used
        used += len(distinct)
        pieces.append(table.pieces)
        factors.append(distinct)
    return out._replace(pieces=np.concatenate(pieces), factors=np.concatenate(factors))


def _distinct(factors: Array, shocks: int, wide: int) -> tuple[Array, Whole]:
    """Distinct factors ``(shape, eight years, shock, lane)``, and which of them each cell has."""
    count, years, cells = factors.shape
    found, place = np.unique(factors.reshape(-1, cells).T, axis=0, return_inverse=True)
    full = np.zeros((len(found), shocks, wide))
    full[:, :count, :years] = found.reshape(-1, count, years)
    lanes = full.reshape(len(found), shocks, wide // LANES, LANES).transpose(0, 2, 1, 3)
    return np.ascontiguousarray(lanes), place.reshape(-1)
