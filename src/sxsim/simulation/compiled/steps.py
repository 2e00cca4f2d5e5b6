"""The steps of ``plain`` as compiled loops over tiles of draws; the same operations in the same order."""

from __future__ import annotations

import numpy as np
from numba import njit

from sxsim.simulation.compiled.bits import fill
from sxsim.simulation.compiled.flags import clear, ones
from sxsim.simulation.compiled.lanes import LANES, eight_paths, mixed_by_each, mixed_by_one, weighted
from sxsim.simulation.compiled.packed import Job, Near
from sxsim.simulation.sigma import FIRST, HIGHEST, LOWEST, OCTAVES, PIECES, SEGMENTS, SHIFT

TILE = 256
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
        np.zeros(width, np.int64),
        np.empty(width),
        np.empty(2 * LANES, np.int64),
    )
    job = Job(ties, tables, room, near)
    for k in range(indicators - 1, -1, -1):
        if ties.cells[k]:
            if ties.cells[k] > 1:
                _pick(k, job)
            else:
                near.cells[:] = 0
            _sigmas(k, job)
        for first in range(0, width, TILE):
            _correlate(k, first, job)
            if ties.cells[k] == 0:
                for row in range(ties.years + 1):
                    for i in range(TILE):
                        room.shocks[k, row, first + i] = near.shocks[row + (ties.gaps[k] if row else 0), i]
            elif ties.cells[k] == 1:
                _one_cell(k, first, job)
            else:
                _many_cells(k, first, job)


@njit(nogil=True, cache=True)
def _correlate(k, first, job):
    """Shocks of one indicator in the order of time: drift mixed, own years as they are, years mixed.

    Where there is no mix they have been mixed already.
    """
    ties, room, near = job.ties, job.room, job.near
    gap = ties.gaps[k]
    each = ties.mix.shape[2] > 1
    if each:
        for j in range(k + 1):
            for i in range(TILE):
                near.loads[j, i] = ties.mix[k, j, room.choice[first + i]]
    for s in range(gap):
        near.shocks[1 + s, :TILE] = room.shocks[k, 1 + ties.years + s, first : first + TILE]
    stride = 8 * room.shocks[0].size
    if ties.mix.shape[2] == 0:
        for row in range(ties.years + 1):
            near.shocks[row + (gap if row else 0), :TILE] = room.shocks[k, row, first : first + TILE]
        return
    for row in range(ties.years + 1):
        out = near.shocks[row + (gap if row else 0)].ctypes.data
        shock = room.shocks[0, row, first:].ctypes.data
        if each:
            mixed_by_each(shock, stride, near.loads.ctypes.data, 8 * TILE, k + 1, out, TILE // LANES)
        else:
            mixed_by_one(shock, stride, ties.mix[k].ctypes.data, 8, k + 1, out, TILE // LANES)


@njit(nogil=True, cache=True)
def _pick(k, job):
    """Choose the cell of each draw; see ``CellTable.pick``."""
    tables, room, near = job.tables, job.room, job.near
    cumulative, guide, groups = tables.cumulative[k], tables.guide[k], tables.groups[k]
    uniform, cells, group = room.uniforms[k, 0], near.cells, room.groups[k]
    for i in range(cells.size):
        u = uniform[i]
        cell = np.int64(guide[np.int64(u * guide.size)])
        while u >= cumulative[cell]:
            cell += 1
        cells[i] = cell
        group[i] = groups[cell]


@njit(nogil=True, cache=True)
def _sigmas(k, job):
    """Standard deviation of the yearly shock of each draw; see ``multipliers``."""
    tables, room, near = job.tables, job.room, job.near
    scales, places, pieces = tables.scales[k], tables.places[k], tables.pieces
    uniform, cells, sigma = room.uniforms[k, 1], near.cells, near.sigma
    for i in range(sigma.size):
        sigma[i] = scales[cells[i]]
    if tables.known[k]:
        return
    for i in range(sigma.size):
        small = min(max(min(uniform[i], 1.0 - uniform[i]), LOWEST), HIGHEST)
        bits = np.float64(small).view(np.int64)
        place = (bits >> SHIFT) - FIRST + (uniform[i] > 0.5) * _HALF + places[cells[i]] * SEGMENTS
        x = (bits & _MASK) * _UNIT
        sigma[i] *= ((pieces[place, 3] * x + pieces[place, 2]) * x + pieces[place, 1]) * x + pieces[place, 0]


@njit(nogil=True, cache=True)
def _one_cell(k, first, job):
    """All draws by the same loads; where a year goes on from the last one, so does its sum."""
    ties, tables, room, near = job.ties, job.tables, job.room, job.near
    begin, stride = (0 if tables.drifting[k] else 1), 8 * near.shocks.shape[1]
    loads, sigma, total = tables.factors[tables.shapes[k, 0]], near.sigma[first : first + TILE], near.total
    for year in range(ties.years):
        last = ties.gaps[k] + year + 1
        if tables.goes_on[k, year]:
            load, shock = loads[year // LANES, last, year % LANES], near.shocks[last]
            for i in range(TILE):
                total[i] += load * shock[i]
        else:
            load_at = loads[year // LANES, begin:, year % LANES :].ctypes.data
            shock_at, count = near.shocks[begin:].ctypes.data, last + 1 - begin
            weighted(shock_at, stride, load_at, count, total.ctypes.data, TILE // LANES)
        out, location = room.change[k, year, first : first + TILE], tables.locations[k, 0, year]
        for i in range(TILE):
            out[i] = total[i] * sigma[i] + location


@njit(nogil=True, cache=True)
def _many_cells(k, first, job):
    """Eight draws at a time, eight years at a time, each draw by the tables of its own cell."""
    ties, tables, room, near = job.ties, job.tables, job.room, job.near
    begin, chunks = (0 if tables.drifting[k] else 1), tables.factors.shape[1]
    chunk_bytes = 8 * LANES * tables.factors.shape[2]
    loads = tables.factors.ctypes.data + 8 * LANES * begin
    locations, shapes, picked = tables.locations[k].ctypes.data, tables.shapes[k], near.cells
    shocks, stride = near.shocks[begin:].ctypes.data, 8 * near.shocks.shape[1]
    addresses, sigma, row_bytes = near.addresses, near.sigma[first:].ctypes.data, 8 * room.change.shape[2]
    count = 1 + ties.gaps[k] + ties.years - begin
    for chunk in range(chunks):
        out, years = room.change[k, chunk * LANES, first:].ctypes.data, ties.years - chunk * LANES
        for i in range(0, TILE, LANES):
            for d in range(LANES):
                cell = picked[first + i + d]
                addresses[d] = loads + (shapes[cell] * chunks + chunk) * chunk_bytes
                addresses[LANES + d] = locations + 8 * LANES * (cell * chunks + chunk)
            at, here = addresses.ctypes.data, 8 * i
            eight_paths(at, shocks + here, stride, count, sigma + here, out + here, row_bytes, years)


@njit(nogil=True, cache=True)
def mark(bars, scenario, room, masks):
    """Take away from the masks what stays on the wrong side of a bar; see ``Plain.mark``."""
    flags = np.empty(room.choice.size // 8, np.uint8)
    for row in range(bars.rows.shape[0]):
        flags[:] = 255
        _clear(row, scenario, bars, room, flags)
        kept = masks[bars.rows[row, 2]]
        for i in range(kept.size):
            kept[i] &= (flags[i >> 3] >> (i & 7)) & 1 == 1


@njit(nogil=True, cache=True)
def _clear(row, scenario, bars, room, flags):
    """Clear the flags of draws on the wrong side of one bar."""
    series, step, _, above = bars.rows[row]
    values, groups = room.change[series, step].ctypes.data, room.groups[series].ctypes.data
    kind = above + 2 * bars.curved[series]
    clear(values, groups, bars.levels[scenario, row].ctypes.data, kind, flags.ctypes.data, flags.size)


@njit(nogil=True, cache=True)
def count(bars, room, width, counts):
    """Add hits of every question, and of the joined ones together, under every scenario.

    Questions are the outer loop: what one of them looks at stays near while the scenarios take their turn.
    """
    scenarios, questions, block = bars.levels.shape[0], bars.kept.size, room.choice.size
    counted, kept = np.zeros(block // 8, np.uint8), np.empty(block // 8, np.uint8)
    for i in range(width):
        counted[i >> 3] |= np.uint8(1 << (i & 7))
    together = np.empty((scenarios, block // 8), np.uint8)
    together[:] = counted
    first = 0
    for q in range(questions):
        last = first
        while last < bars.rows.shape[0] and bars.rows[last, 2] == q:
            last += 1
        for scenario in range(scenarios):
            kept[:] = counted
            if not bars.kept[q]:
                kept[:] = 0
            for row in range(first, last):
                _clear(row, scenario, bars, room, kept)
            counts[scenario, q] += _sum(kept)
            for j in bars.joined:
                if j == q:
                    together[scenario] &= kept
        first = last
    for scenario in range(scenarios):
        counts[scenario, questions] += _sum(together[scenario])


@njit(nogil=True, cache=True)
def _sum(flags):
    total = 0
    for word in flags.view(np.uint64):
        total += ones(word)
    return total


@njit(nogil=True, cache=True)
def tally(drawing, room, bars, counts):
    """Draw block after block into the same room and count the hits of each."""
    block = room.choice.size
    for number in range(drawing.words.shape[0]):
        first = number * block
        fill(drawing.words[number : number + 1], drawing.needs, drawing.ties.years, room)
        room.choice[:] = drawing.choices[first : first + block]
        walk(drawing.ties, drawing.tables, room)
        count(bars, room, min(block, drawing.width - first), counts)
