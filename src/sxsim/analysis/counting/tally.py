"""Hits of questions, counted block by block in the world and in its twins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.counting.bars import bars_of, held_under, moving_rows, replayed
from sxsim.analysis.counting.clauses import Clauses
from sxsim.analysis.question import Question
from sxsim.simulation import Bars, Drawn, Setting, Strand, Team, Twin
from sxsim.streams import BLOCK

Masks = NDArray[np.bool_]
Whole = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """Counts hits of every question and of the joined ones as a whole.

    Attributes
    ----------
    setting, questions, joined
        The run, what is counted, and which questions are asked all together.
    clauses
        The conjunctions these are made of.
    again
        Other worlds of the same draws: counted is what hits in the world, there, and in both.
    """

    setting: Setting
    questions: Sequence[Question]
    joined: Sequence[int]
    again: Sequence[Again] = ()
    clauses: Clauses = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "clauses", Clauses.of(self.questions))

    @property
    def shape(self) -> tuple[int, int, int]:
        """Scenario; hits in the world, then three counts for each other world; question and all together."""
        return len(self.setting.scenarios), 1 + 3 * len(self.again), len(self.questions) + 1

    def blank(self, draws: int) -> Whole:
        """Return no hit, ``(member, scenario, kind, question)``."""
        del draws
        return np.zeros((self.questions[0].kept.size, *self.shape), np.int64)

    def part(self, team: Team, strand: Strand) -> Counted:
        """Return the bars of one member, and no hit."""
        del team
        last_year = self.setting.model.last_year
        bars = bars_of(self.clauses.listed, self.joined, strand, last_year, self.setting.offsets)
        return Counted(place=strand.place, bars=bars, counts=np.zeros(self.shape, np.int64))

    def add(self, part: Counted, drawn: Drawn, state: object) -> None:
        """Count some blocks."""
        del state
        if self.counting(part, drawn.blocks):
            drawn.steps.count(part.bars, drawn.into, drawn.width, part.counts[:, 0])
        else:
            self.take(part, drawn)

    def take(self, part: Counted, drawn: Drawn) -> list[Masks]:
        """Count some blocks and return the hits in the world by scenario."""
        own = [self._hits(part.bars, drawn, s) for s in range(len(part.counts))]
        for counts, hits in zip(part.counts, own, strict=True):
            counts[0] += np.count_nonzero(hits, axis=1)
        for kind, other in self._others(drawn.blocks):
            there = drawn.again(other.twin, mirrored=other.mirrored)
            for s, (counts, hits) in enumerate(zip(part.counts, own, strict=True)):
                found = self._hits(part.bars, there, s)
                for row, masks in enumerate((hits, found, hits & found)):
                    counts[kind + row] += np.count_nonzero(masks, axis=1)
        return own

    def counting(self, part: Counted, blocks: range) -> tuple[Bars, Whole] | None:
        """Return bars and counts where no other world is drawn, no level moves and no path is told apart."""
        policies = self.setting.policies
        if (
            self.clauses.combined
            or moving_rows(self.questions)
            or any(replayed(q, p) for q in self.questions for p in policies)
        ):
            return None
        return None if self._others(blocks) else (part.bars, part.counts[:, 0])

    def fold(self, state: Whole, part: Counted) -> None:
        """Add the hits of one member."""
        state[part.place] += part.counts

    def _others(self, blocks: range) -> list[tuple[int, Again]]:
        """Return the other worlds these blocks are drawn in, with the place of their counts."""
        first = blocks.start * BLOCK
        return [(1 + 3 * i, a) for i, a in enumerate(self.again) if a.draws is None or first < a.draws]

    def _hits(self, bars: Bars, drawn: Drawn, scenario: int) -> Masks:
        """Whether each draw hits, ``(question and all together, draw)``."""
        masks = held_under(self.clauses.listed, bars, drawn, self.setting, scenario)
        return self.clauses.hits(masks[:, : drawn.width], bars, drawn.strand.place)


@dataclass(frozen=True, kw_only=True, slots=True)
class Again:
    """Another world of the same draws, or of the first of them: a twin, or the mirror image."""

    twin: Twin = Twin.NONE
    mirrored: bool = False
    draws: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """Hits of one member, ``(scenario, kind, question and all together)``."""

    place: int
    bars: Bars
    counts: Whole
