"""The steps from random bits to hits compiled by numba: the bits of ``plain``, several times faster.

Nothing but the function that chooses the steps may import this room.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sxsim.simulation.bars import Bars
from sxsim.simulation.buffers import Buffers
from sxsim.simulation.compiled import bits, steps
from sxsim.simulation.compiled.packed import Drawing, Lines, Packed, Room, Ties, pack
from sxsim.simulation.plain import Plain
from sxsim.simulation.strand import Need, Strand, Twin

Masks = NDArray[np.bool_]
Whole = NDArray[np.int64]

_YEARS = 8


class Compiled:
    """The steps of ``Plain``, one block at a time, which stays in the cache of a core."""

    blocks = blocks_threaded = 1

    def prepare(self, strand: Strand) -> None:
        """Put the tables of a strand in the order the loops read them."""
        _packed(strand)

    def fill(self, words: NDArray[np.uint64], needs: Sequence[Need], into: Buffers) -> None:
        """Draw the uniforms and shocks of whole blocks; see ``Plain.fill``."""
        bits.fill(words, np.array(needs, np.int64), into.change.shape[1], _room(into))

    def walk(self, strand: Strand, into: Buffers) -> None:
        """Correlate the shocks and let every indicator with cells take its path; see ``Plain.walk``.

        Given figures come in between: first shocks are correlated alone, at last they are taken as they are.
        """
        (ties, tables), room = _packed(strand), _room(into)
        if strand.conditioning:
            steps.walk(ties._replace(cells=np.zeros_like(ties.cells)), tables, room)
            strand.conditioning.move(into)
            ties = ties._replace(mix=np.empty((*ties.mix.shape[:2], 0)))
        steps.walk(ties, tables, room)

    def mark(self, bars: Bars, scenario: int, into: Buffers, masks: Masks) -> None:
        """Take away from the masks what stays on the wrong side of a bar; see ``Plain.mark``."""
        steps.mark(_lines(bars), scenario, _room(into), masks)

    def count(self, bars: Bars, into: Buffers, width: int, counts: Whole) -> None:
        """Add the hits of the first ``width`` draws; see ``Plain.count``."""
        steps.count(_lines(bars), _room(into), width, counts)

    def tally(self, strand: Strand, blocks: range, bars: Bars, width: int, counts: Whole) -> bool:
        """Draw some blocks and count their hits without coming back in between; of cells alone."""
        if strand.conditioning or not strand.only_cells:
            return False
        words, chosen = strand.words(blocks, Twin.NONE), strand.chosen(blocks, Twin.NONE)
        drawing = Drawing(words, chosen, np.array(strand.needs, np.int64), width, *_packed(strand))
        steps.tally(drawing, _room(strand.buffers(1)), _lines(bars), counts)
        return True


def _room(into: Buffers) -> Room:
    return Room(into.uniforms, into.shocks, into.choice, into.change, into.groups)


def _lines(bars: Bars) -> Lines:
    return Lines(bars.rows, bars.levels, bars.curved, bars.kept, bars.joined)


@lru_cache(maxsize=64)
def _packed(strand: Strand) -> tuple[Ties, Packed]:
    """Tables of a strand, and what ties its indicators together."""
    cells = np.array([0 if table is None else table.scales.size for table in strand.tables])
    ties = Ties(strand.mix, strand.gaps, strand.reach, cells)
    return ties, pack(strand.tables, strand.shocks, strand.reach)


def same_bits() -> bool:
    """Whether this numpy still draws normals the way the compiled loop does; if not, it must not be used."""
    words = np.arange(1, 25, dtype=np.uint64).reshape(2, 1, 3, 4) * np.uint64(0x9E3779B97F4A7C15)
    ours, theirs = (Buffers.of(1, 0, _YEARS, 2) for _ in range(2))
    for steps_, into in ((Compiled(), ours), (Plain(), theirs)):
        steps_.fill(words, [Need(cells=True, parameters=True, gap=0)], into)
    return np.array_equal(ours.uniforms, theirs.uniforms) and np.array_equal(ours.shocks, theirs.shocks)
