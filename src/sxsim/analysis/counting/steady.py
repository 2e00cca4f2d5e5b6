"""Hits counted beside those of the same scenario without what differs from draw to draw, which are known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.counting.bars import held
from sxsim.analysis.counting.control import Known
from sxsim.analysis.counting.controlled_tally import Sums
from sxsim.analysis.counting.tally import Counted, Tally
from sxsim.analysis.exact import Answer
from sxsim.simulation import Drawn, Strand, Team

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Steady:
    """What is known of scenarios whose strengths and events stay out.

    Attributes
    ----------
    known
        One event beside every question and all together: that it holds without them.
    """

    known: tuple[Known, ...]

    @staticmethod
    def of(answers: Sequence[Sequence[Answer | None]], size: int) -> Steady | None:
        """Take what is known, by scenario, then question and all together; None without anything."""
        if not any(answer for line in answers for answer in line):
            return None
        return Steady(known=tuple(_event(column, size) for column in zip(*answers, strict=True)))


def _event(answers: Sequence[Answer | None], size: int) -> Known:
    nothing = np.full(size, np.nan)
    means = [answer.probability if answer else nothing for answer in answers]
    errors = [answer.standard_error if answer else nothing for answer in answers]
    return Known(
        alone=np.zeros(1, np.int64),
        together=np.zeros(0, np.int64),
        means=np.stack(means, axis=1)[..., None],
        errors=np.stack(errors, axis=1)[..., None],
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class SteadyPart:
    """Hits of one member and stretch, and moments ``(scenario, question, 3, 3)`` of one and both hits."""

    counted: Counted
    moments: Array


@dataclass(frozen=True, kw_only=True, slots=True)
class SteadyTally:
    """A tally, and beside it the joint moments of hits with and without what differs from draw to draw."""

    tally: Tally

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Scenario, question and all together, and twice one and both hits."""
        return len(self.tally.setting.scenarios), len(self.tally.questions) + 1, 3, 3

    def blank(self, draws: int) -> Sums:
        """Return no hit."""
        counts = self.tally.blank(draws)
        return Sums(counts, np.zeros((len(counts), *self.shape)))

    def part(self, team: Team, strand: Strand) -> SteadyPart:
        """Return the bars of one member, and no hit."""
        return SteadyPart(counted=self.tally.part(team, strand), moments=np.zeros(self.shape))

    def add(self, part: SteadyPart, drawn: Drawn, state: object) -> None:
        """Count some blocks."""
        del state
        tally, bars = self.tally, part.counted.bars
        for s, hits in enumerate(tally.take(part.counted, drawn)):
            masks = held(tally.clauses.listed, bars, drawn, tally.setting, s)[:, : drawn.width]
            still = tally.clauses.hits(masks, bars, drawn.strand.place)
            own, other, both = (np.count_nonzero(masks, axis=1) for masks in (hits, still, hits & still))
            all_draws = np.full_like(own, drawn.width)
            part.moments[s] += np.moveaxis(
                np.array([[all_draws, own, other], [own, own, both], [other, both, other]]), -1, 0
            )

    def counting(self, part: SteadyPart, blocks: range) -> None:
        """Hits are never all that is wanted."""
        del part, blocks

    def fold(self, state: Sums, part: SteadyPart) -> None:
        """Add the sums of one member."""
        self.tally.fold(state.counts, part.counted)
        state.moments[part.counted.place] += part.moments
