"""Which draws hit under which scenario, so that scenarios can be compared draw by draw across worlds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.counting.monte_carlo import setting_of
from sxsim.analysis.counting.tally import Counted, Tally
from sxsim.analysis.question import Question, known_members
from sxsim.processes import GrowthModel
from sxsim.scenarios import Policy
from sxsim.simulation import Bars, Drawn, MonteCarlo, Strand, Team, record, runs_of
from sxsim.streams import Seed

Array = NDArray[np.float64]
Bits = NDArray[np.uint8]

_SET = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).sum(axis=1)  # bits set in a byte


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Pairs:
    """Hits of every draw, eight to a byte.

    Attributes
    ----------
    bits
        ``(scenario, member, question and all together, byte)``.
    known
        Whether every figure is there, ``(member, question and all together)``.
    draws
        How many were drawn.
    """

    bits: Bits
    known: NDArray[np.bool_]
    draws: int

    def differing(self, scenario: int, baseline: int, question: int) -> tuple[Array, Array]:
        """Draws that hit only under the scenario, and only under the baseline, ``(member,)``."""
        own, other = (self.bits[s, :, question] for s in (scenario, baseline))
        unknown = np.where(self.known[:, question], 0.0, np.nan)
        return _SET[own & ~other].sum(axis=-1) + unknown, _SET[other & ~own].sum(axis=-1) + unknown


def paired_hits(
    questions: Sequence[Question],
    together: Sequence[Question],
    model: GrowthModel,
    policies: Sequence[Policy],
    *,
    method: MonteCarlo,
    seed: Seed,
) -> Pairs:
    """Draw once, and say for every policy which draws hit each question, and ``together`` as a whole."""
    joined = [questions.index(question) for question in together]
    whole = setting_of(questions, model, policies, method)
    members, width = questions[0].kept.size, -(-method.draws // 8)
    bits = np.zeros((len(policies), members, len(questions) + 1, width), np.uint8)
    for run in runs_of(whole, seed):
        setting = replace(run.setting, model=run.model)
        tally = Tally(setting=setting, questions=questions, joined=joined)
        recorder = _HitBits(tally=tally, slots=run.slots)
        draws = range(method.draws)
        record(run.world, recorder, draws, state=bits, threads=method.threads, progress=method.progress)
    return Pairs(bits=bits, known=known_members(questions, joined, model), draws=method.draws)


@dataclass(frozen=True, kw_only=True, slots=True)
class _HitBits:
    """Keeps the hits of some scenarios at their places among all."""

    tally: Tally
    slots: Sequence[int]

    def blank(self, draws: int) -> Bits:
        """Return no hit."""
        shape = (len(self.slots), self.tally.questions[0].kept.size, len(self.tally.questions) + 1)
        return np.zeros((*shape, -(-draws // 8)), np.uint8)

    def part(self, team: Team, strand: Strand) -> Counted:
        """Return the bars of one member."""
        return self.tally.part(team, strand)

    def add(self, part: Counted, drawn: Drawn, state: Bits) -> None:
        """Keep the hits of some blocks, which begin with a whole byte."""
        first = drawn.place // 8
        for slot, hits in zip(self.slots, self.tally.take(part, drawn), strict=True):
            packed = np.packbits(hits, axis=1)
            state[slot, part.place, :, first : first + packed.shape[1]] = packed

    def counting(self, part: Counted, blocks: range) -> tuple[Bars, NDArray[np.int64]] | None:
        """More than the number of hits is wanted."""

    def fold(self, state: Bits, part: Counted) -> None:
        """Everything is in its place already."""
