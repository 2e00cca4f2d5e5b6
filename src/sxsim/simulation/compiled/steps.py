"""The steps of ``plain`` as compiled loops over tiles of draws; the same operations in the same order."""

from __future__ import annotations

import numpy as np
from numba import njit

from sxsim.simulation.compiled.lanes import LANES, eight_draws, eight_years
from sxsim.simulation.compiled.packed import Near
from sxsim.simulation.sigma import FIRST, HIGHEST, LOWEST, OCTAVES, PIECES, SEGMENTS, SHIFT

TILE = 128
_MASK = (1 << SHIFT) - 1
_UNIT = 2.0**-SHIFT
_HALF = OCTAVES * PIECES


@njit(nogil=True, cache=True)
def walk(ties, tables, room):
    """Correlate the shocks of whole blocks and let every indicator with cells take its path.

    Where a law walks by itself, with zero cells here, its shocks are correlated in place.
    """
    indicators, count, width = room.shocks.shape
    near = Near(
        np.empty((count, TILE + 8)),
        np.empty((indicators, TILE)),
        np.empty(TILE),
        np.zeros(TILE, np.int64),
        np.empty((TILE, tables.locations.shape[2])),
    )
    for first in range(0, width, TILE):
        for k in range(indicators - 1, -1, -1):
            _correlate(k, first, ties, room, near)
            if ties.cells[k] == 0:
                for s in range(1 + ties.gaps[k] + ties.years):
                    for i in range(TILE):
                        room.shocks[k, s, first + i] = near.shocks[s, i]
            elif ties.cells[k] == 1:
                near.cells[:] = 0
                _sigmas(k, first, tables, room, near)
                _one_cell(k, ties, tables, near, room.change[k, :, first : first + TILE])
            else:
                _pick(k, first, tables, room, near)
                _sigmas(k, first, tables, room, near)
                _many_cells(k, ties, tables, near)
                for year in range(ties.years):
                    out = room.change[k, year, first : first + TILE]
                    for i in range(TILE):
                        out[i] = near.paths[i, year]


@njit(nogil=True, cache=True)
def _correlate(k, first, ties, room, near):
    """Shocks of one indicator: years of its own as they are, the drift and common years mixed."""
    gaps, single = ties.gaps, ties.mix.shape[2] == 1
    for j in range(k + 1):
        for i in range(TILE):
            near.loads[j, i] = ties.mix[k, j, 0 if single else room.choice[first + i]]
    for s in range(1, 1 + gaps[k]):
        for i in range(TILE):
            near.shocks[s, i] = room.shocks[k, s, first + i]
    for row in range(ties.years + 1):
        out = near.shocks[gaps[k] + row if row else 0]
        for j in range(k + 1):
            load, shock = near.loads[j], room.shocks[j, gaps[j] + row if row else 0, first : first + TILE]
            if k == 0:
                for i in range(TILE):
                    out[i] = shock[i]
            elif j == 0:
                for i in range(TILE):
                    out[i] = load[i] * shock[i]
            else:
                for i in range(TILE):
                    out[i] += load[i] * shock[i]


@njit(nogil=True, cache=True)
def _pick(k, first, tables, room, near):
    """Choose the cell of each draw; see ``CellTable.pick``."""
    cumulative, guide, groups = tables.cumulative[k], tables.guide[k], tables.groups[k]
    for i in range(TILE):
        u = room.uniforms[k, 0, first + i]
        cell = guide[np.int64(u * guide.size)]
        while u >= cumulative[cell]:
            cell += 1
        near.cells[i] = cell
        room.groups[k, first + i] = groups[cell]


@njit(nogil=True, cache=True)
def _sigmas(k, first, tables, room, near):
    """Standard deviation of the yearly shock of each draw; see ``multipliers``."""
    scales, places, pieces = tables.scales[k], tables.places[k], tables.pieces
    uniform, cells, sigma = room.uniforms[k, 1, first : first + TILE], near.cells, near.sigma
    for i in range(TILE):
        sigma[i] = scales[cells[i]]
    if tables.known[k]:
        return
    for i in range(TILE):
        small = min(max(min(uniform[i], 1.0 - uniform[i]), LOWEST), HIGHEST)
        bits = np.float64(small).view(np.int64)
        place = (bits >> SHIFT) - FIRST + (uniform[i] > 0.5) * _HALF + places[cells[i]] * SEGMENTS
        x = (bits & _MASK) * _UNIT
        sigma[i] *= ((pieces[place, 3] * x + pieces[place, 2]) * x + pieces[place, 1]) * x + pieces[place, 0]


@njit(nogil=True, cache=True)
def _one_cell(k, ties, tables, near, change):
    begin, shape, stride = (0 if tables.drifting[k] else 1), tables.shapes[k, 0], 8 * near.shocks.shape[1]
    for year in range(ties.years):
        load = tables.factors[shape, year // LANES, begin:, year % LANES :].ctypes.data
        location, count = tables.locations[k, 0, year], ties.gaps[k] + year + 2 - begin
        shock, out, spread = (
            near.shocks[begin:].ctypes.data,
            change[year].ctypes.data,
            near.sigma.ctypes.data,
        )
        for i in range(0, 8 * TILE, 8 * LANES):
            eight_draws(shock + i, stride, load, count, spread + i, location, out + i)


@njit(nogil=True, cache=True)
def _many_cells(k, ties, tables, near):
    begin, chunks = (0 if tables.drifting[k] else 1), tables.factors.shape[1]
    count = 1 + ties.gaps[k] + ties.years
    chunk_bytes = 8 * LANES * tables.factors.shape[2]
    loads = tables.factors.ctypes.data + 8 * LANES * begin
    locations, shapes = tables.locations[k].ctypes.data, tables.shapes[k]
    shock, stride, out = near.shocks[begin:].ctypes.data, 8 * near.shocks.shape[1], near.paths.ctypes.data
    for i in range(TILE):
        load = loads + shapes[near.cells[i]] * chunks * chunk_bytes
        location = locations + 8 * LANES * chunks * near.cells[i]
        for _ in range(chunks):
            eight_years(load, shock, stride, count - begin, near.sigma[i], location, out)
            load += chunk_bytes
            location += 8 * LANES
            out += 8 * LANES
        shock += 8


@njit(nogil=True, cache=True)
def mark(bars, scenario, room, masks):
    """Take away from the masks what stays on the wrong side of a bar; see ``Plain.mark``."""
    width = masks.shape[1]
    for r in range(bars.rows.shape[0]):
        series, step, question, above = bars.rows[r]
        kept, value, group = masks[question], room.change[series, step], room.groups[series]
        low, middle, high = bars.levels[scenario, r]
        bent = bars.curved[series]
        if above and not bent:
            for i in range(width):
                kept[i] &= value[i] >= low
        elif above:
            for i in range(width):
                kept[i] &= value[i] >= (low if group[i] == 0 else (middle if group[i] == 1 else high))
        elif not bent:
            for i in range(width):
                kept[i] &= value[i] <= low
        else:
            for i in range(width):
                kept[i] &= value[i] <= (low if group[i] == 0 else (middle if group[i] == 1 else high))


@njit(nogil=True, cache=True)
def count(bars, room, width, counts):
    """Add hits of every question, and of the joined ones together, under every scenario."""
    questions = bars.kept.size
    masks = np.empty((questions + 1, room.choice.size), np.bool_)
    for scenario in range(bars.levels.shape[0]):
        for q in range(questions):
            masks[q] = bars.kept[q]
        masks[questions] = True
        mark(bars, scenario, room, masks)
        together = masks[questions]
        for q in bars.joined:
            one = masks[q]
            for i in range(one.size):
                together[i] &= one[i]
        for q in range(questions + 1):
            one, total = masks[q], 0
            for i in range(width):
                total += one[i]
            counts[scenario, q] += total
