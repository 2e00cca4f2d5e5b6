"""Numbers of every path, kept from one run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.counting.monte_carlo import setting_of
from sxsim.analysis.event import Values
from sxsim.analysis.question import Question
from sxsim.processes import GrowthModel
from sxsim.scenarios import Policy
from sxsim.simulation import Drawn, MonteCarlo, Setting, Strand, Team, record, runs_of
from sxsim.streams import Seed

Array = NDArray[np.float64]
Read = Callable[[Values, int], Array]


@dataclass(frozen=True, kw_only=True, slots=True)
class Gather:
    """Keeps what is read from the levels of every path, ``(member, row, draw)``."""

    setting: Setting
    read: Read
    rows: int
    members: int

    def blank(self, draws: int) -> Array:
        """Return nothing read."""
        return np.full((self.members, self.rows, draws), np.nan)

    def part(self, team: Team, strand: Strand) -> None:
        """Keep nothing aside: what is read goes straight to its place."""

    def add(self, part: None, drawn: Drawn, state: Array) -> None:
        """Read some blocks."""
        [policy], model = self.setting.policies, self.setting.model
        played = drawn.under(policy)

        def levels(name: str, year: int) -> Array:
            of = played.levels if name in model else played.values
            return np.asarray(of(name)[year - model.last_year - 1])

        place = drawn.strand.place
        state[place, :, drawn.place : drawn.place + drawn.width] = self.read(levels, place)

    def counting(self, part: None, blocks: range) -> None:
        """More than hits is wanted."""

    def fold(self, state: Array, part: None) -> None:
        """Nothing is left to do."""


def gathered(
    questions: Sequence[Question],
    read: Read,
    rows: int,
    model: GrowthModel,
    policy: Policy,
    *,
    method: MonteCarlo,
    seed: Seed,
) -> Array:
    """Read something from every path that decides some questions, ``(member, row, draw)``."""
    setting = setting_of(questions, model, [policy], method)
    [run] = runs_of(setting, seed)
    recorder = Gather(setting=run.setting, read=read, rows=rows, members=questions[0].kept.size)
    found: Array = record(
        run.world, recorder, range(method.draws), threads=method.threads, progress=method.progress
    )
    return found
