"""One member of every indicator of a team: its streams and tables, and how its blocks are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from sxsim.processes import Grown, PathLaw
from sxsim.processes.transform import EXPONENTS, inverse_box_cox
from sxsim.simulation.bars import Bars
from sxsim.simulation.buffers import Buffers
from sxsim.simulation.cells import CellTable
from sxsim.simulation.conditioning import Conditioning
from sxsim.streams import BLOCK, Seed, Stream, generator_of

Array = NDArray[np.float64]
Masks = NDArray[np.bool_]
Whole = NDArray[np.int64]
Words = NDArray[np.uint64]

_EXPONENTS = np.array(EXPONENTS)
_UNUSED = bytes(32)


class Twin(Enum):
    """What a second world shares with the first; the value says it."""

    NONE = "it is the first"
    PARAMETERS = "cells, sigmas, drifts and correlation, not the yearly shocks"
    CELLS = "cells alone"


class Need(NamedTuple):
    """What is drawn for one indicator: uniforms of cells, parameters, and shocks of so many unknown years."""

    cells: bool
    parameters: bool
    gap: int


class Streams(NamedTuple):
    """The streams of one indicator; the shared one adds what all members of the batch have in common."""

    cells: Stream
    parameters: Stream
    innovations: Stream
    shared: Stream


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Strand:
    """Indicators that are drawn together.

    Attributes
    ----------
    members, place
        The indicators in order of name, and which member of their batch.
    tables
        Their cells; None where a law walks by itself.
    mix
        Lower triangular mixes of their innovations, all as likely, ``(indicator, indicator, correlation)``.
    gaps, horizon
        Unknown years before the world begins, and its years.
    seed
        The number all streams follow from.
    streams, choices
        For the world and its twins: of each indicator, and of the choice of a correlation.
    needs
        What is drawn for each indicator.
    reach
        Years that are drawn: those of the world, or more where figures of later ones are given.
    conditioning
        What figures given for years to come do to the shocks; None without any.
    """

    members: tuple[Grown, ...]
    place: int
    tables: tuple[CellTable | None, ...]
    mix: Array
    gaps: Whole
    horizon: int
    seed: Seed
    streams: Mapping[Twin, tuple[Streams, ...]]
    choices: Mapping[Twin, Stream]
    needs: tuple[Need, ...]
    reach: int
    conditioning: Conditioning | None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the indicators, in order."""
        return tuple(grown.name for grown in self.members)

    @property
    def shocks(self) -> int:
        """Rows of shocks: the drift, the longest gap, the years that are drawn."""
        return 1 + int(self.gaps.max()) + self.reach

    def buffers(self, blocks: int) -> Buffers:
        """Return room for some blocks."""
        return Buffers.of(len(self.members), int(self.gaps.max()), self.reach, blocks)

    def draw(self, blocks: range, steps: Steps, into: Buffers, twin: Twin, *, mirrored: bool = False) -> None:
        """Fill the buffers with some blocks of the world, of its twin, or with all normals mirrored."""
        steps.fill(self.words(blocks, twin), self.needs, into)
        self._share(blocks, into, twin)
        if mirrored:
            np.negative(into.shocks, out=into.shocks)
        into.choice[:] = self.chosen(blocks, twin)
        steps.walk(self, into)
        for k, (grown, table) in enumerate(zip(self.members, self.tables, strict=True)):
            if table is None and isinstance(grown.law, PathLaw):
                start, gap = grown.last_level()[self.place], self.gaps[k]
                shocks = np.stack(into.in_time(k, gap)[1:])
                paths = grown.law.paths(start, shocks, into.uniforms[k, 0], self.place)
                np.subtract(paths[gap:], start, out=into.change[k])
        if self.conditioning:
            self.conditioning.pin(into)

    def levels(self, k: int, into: Buffers) -> Array:
        """Levels of one indicator on the link scale, ``(year, draw)``."""
        table, last = self.tables[k], self.members[k].last_level()[self.place]
        if table is None or not table.curved:
            level: Array = into.change[k, : self.horizon] + last
            return level
        out, bent = into.change[k, : self.horizon].copy(), into.groups[k] > 0
        out[:, bent] = inverse_box_cox(out[:, bent], _EXPONENTS[into.groups[k][bent]])
        out += last
        return np.asarray(out)

    @property
    def only_cells(self) -> bool:
        """Whether no law walks by itself and members of the batch have no shocks in common."""
        return all(table is not None for table in self.tables) and not any(g.common > 0 for g in self.members)

    def chosen(self, blocks: range, twin: Twin) -> Whole:
        """Which correlation each draw has; all the first where it is known."""
        if (count := self.mix.shape[2]) == 1:
            return np.zeros(len(blocks) * BLOCK, np.int64)
        uniforms = [generator_of(self.choices[twin].words(block)).random(BLOCK) for block in blocks]
        return np.asarray(np.concatenate(uniforms) * count, np.int64)

    def words(self, blocks: range, twin: Twin) -> Words:
        """Words of the streams in use, ``(block, indicator, stream, 4)``."""
        words = [
            word
            for block in blocks
            for need, streams in zip(self.needs, self.streams[twin], strict=True)
            for word in (
                streams.cells.words(block) if need.cells else _UNUSED,
                streams.parameters.words(block) if need.parameters else _UNUSED,
                streams.innovations.words(block),
            )
        ]
        return np.frombuffer(b"".join(words), np.uint64).reshape(len(blocks), len(self.needs), 3, 4)

    def _share(self, blocks: range, into: Buffers, twin: Twin) -> None:
        """From the world's first year on members of a batch share a part of their shocks."""
        for k, grown in enumerate(self.members):
            if not grown.common > 0:
                continue
            drawn = [generator_of(self.streams[twin][k].shared.words(block)) for block in blocks]
            shared = np.concatenate([g.standard_normal((self.reach, BLOCK)) for g in drawn], axis=1)
            own = into.shocks[k, 1 : 1 + self.reach]
            own *= np.sqrt(1.0 - grown.common)
            own += np.sqrt(grown.common) * shared


def needs_of(tables: Sequence[CellTable | None], gaps: Whole) -> tuple[Need, ...]:
    """Return what is drawn; the drift of one indicator is part of the drift of the next."""
    drifting = any(table.drifting for table in tables if table)
    return tuple(
        Need(
            cells=table is None or not table.single,
            parameters=drifting or not (table is None or table.known),
            gap=int(gap),
        )
        for table, gap in zip(tables, gaps, strict=True)
    )


class Steps(Protocol):
    """The steps from random bits to hits; two implementations give the same bits.

    ``blocks`` and ``blocks_threaded`` say how many blocks at a time suit it, alone and beside other threads.
    """

    blocks: int
    blocks_threaded: int

    def prepare(self, strand: Strand) -> None:
        """Make what is made once for all blocks of a strand."""
        ...

    def fill(self, words: Words, needs: Sequence[Need], into: Buffers) -> None:
        """Draw the uniforms and shocks of whole blocks."""
        ...

    def walk(self, strand: Strand, into: Buffers) -> None:
        """Correlate the shocks, and fill the changes of every indicator with cells."""
        ...

    def mark(self, bars: Bars, scenario: int, into: Buffers, masks: Masks) -> None:
        """Take away from the masks ``(question, draw)`` what stays on the wrong side of a bar."""
        ...

    def count(self, bars: Bars, into: Buffers, width: int, counts: Whole) -> None:
        """Add the hits of the first ``width`` draws to ``(scenario, question and all together)``."""
        ...

    def tally(self, strand: Strand, blocks: range, bars: Bars, width: int, counts: Whole) -> bool:
        """Draw some blocks and count the hits in one go; say whether that was possible."""
        ...
