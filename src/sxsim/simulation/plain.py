"""The steps from random bits to hits, in numpy alone.

Between the bits and a hit stand additions, multiplications and comparisons in one fixed order, so that the
compiled steps give the same bits; years ascend, and draws are last and contiguous.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sxsim.simulation.bars import Bars
from sxsim.simulation.buffers import Buffers
from sxsim.simulation.cells import CellTable
from sxsim.simulation.strand import Need, Strand
from sxsim.streams import BLOCK, generator_of

Array = NDArray[np.float64]
Masks = NDArray[np.bool_]
Whole = NDArray[np.int64]
Words = NDArray[np.uint64]


class Plain:
    """The steps in numpy."""

    blocks = 4
    blocks_threaded = 32

    def prepare(self, strand: Strand) -> None:
        """The tables of a strand are read as they stand."""

    def fill(self, words: Words, needs: Sequence[Need], into: Buffers) -> None:
        """Draw the uniforms and shocks of whole blocks from their words ``(block, indicator, stream, 4)``."""
        for number, of_block in enumerate(words):
            part = slice(number * BLOCK, (number + 1) * BLOCK)
            for k, (cells, parameters, gap) in enumerate(needs):
                if cells:
                    generator_of(of_block[k, 0].tobytes()).random(out=into.uniforms[k, 0, part])
                if parameters:
                    stream = generator_of(of_block[k, 1].tobytes())
                    stream.random(out=into.uniforms[k, 1, part])
                    stream.standard_normal(out=into.shocks[k, 0, part])
                stream = generator_of(of_block[k, 2].tobytes())
                years = into.change.shape[1]
                for row in (*range(1 + years, 1 + years + gap), *range(1, 1 + years)):
                    stream.standard_normal(out=into.shocks[k, row, part])

    def walk(self, strand: Strand, into: Buffers) -> None:
        """Correlate the shocks in place, and fill the changes of every indicator with cells."""
        _mix(strand, into)
        if strand.conditioning:
            strand.conditioning.move(into)
        for k, (table, gap) in enumerate(zip(strand.tables, strand.gaps, strict=True)):
            if table is not None:
                take_paths(table, gap, k, into)

    def mark(self, bars: Bars, scenario: int, into: Buffers, masks: Masks) -> None:
        """Take away from the masks ``(question, draw)`` what stays on the wrong side of a bar."""
        for row, (series, step, question, above) in enumerate(bars.rows):
            level, change = bars.levels[scenario, row], into.change[series, step]
            bar = level[0] if not bars.curved[series] else level.take(into.groups[series])
            masks[question] &= change >= bar if above else change <= bar

    def count(self, bars: Bars, into: Buffers, width: int, counts: Whole) -> None:
        """Add the hits of the first ``width`` draws to ``(scenario, question and all together)``."""
        for scenario in range(len(bars.levels)):
            masks = bars.start(len(into.choice))
            self.mark(bars, scenario, into, masks)
            counts[scenario] += np.count_nonzero(bars.with_joint(masks)[:, :width], axis=1)

    def tally(self, strand: Strand, blocks: range, bars: Bars, width: int, counts: Whole) -> bool:
        """Nothing is gained by drawing and counting in one go."""
        del strand, blocks, bars, width, counts
        return False


def _mix(strand: Strand, into: Buffers) -> None:
    """Mix the drifts and the years all have in common; the last indicator comes first."""
    known, shocks = strand.mix.shape[2] == 1, into.shocks[:, : strand.reach + 1]
    for k in range(len(shocks) - 1, 0, -1):
        loads = strand.mix[k, :, 0] if known else strand.mix[k].take(into.choice, axis=1)
        for row in range(strand.reach + 1):
            total = loads[0] * shocks[0, row]
            for j in range(1, k + 1):
                total += loads[j] * shocks[j, row]
            shocks[k, row] = total


def take_paths(table: CellTable, gap: int, k: int, into: Buffers) -> None:
    """Apply each draw's cell: ``location + sigma * (factor @ shocks)``, years ascending."""
    uniforms, shocks = into.uniforms[k], into.in_time(k, gap)
    cell = table.pick(uniforms[0])
    sigma = table.sigma(cell, uniforms[1])
    first, term = 0 if table.drifting else 1, np.empty(len(into.choice))
    for year, row in enumerate(into.change[k]):
        loads = table.factors[:, year]
        np.multiply(loads[first].take(cell), shocks[first], out=row)
        for s in range(first + 1, gap + year + 2):
            np.multiply(loads[s].take(cell), shocks[s], out=term)
            row += term
        row *= sigma
        row += table.locations[year].take(cell)
    into.groups[k] = table.groups.take(cell)
