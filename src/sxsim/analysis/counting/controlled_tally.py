"""Hits counted together with events whose probability is known, block by block."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.counting.bars import bars_of, held
from sxsim.analysis.counting.control import Control
from sxsim.analysis.counting.tally import Counted, Tally
from sxsim.processes import PathLaw
from sxsim.simulation import Bars, CellTable, Drawn, Strand, Team

Array = NDArray[np.float64]
Masks = NDArray[np.bool_]
Whole = NDArray[np.int64]


class Sums(NamedTuple):
    """Counts as in ``Tally``, and moments ``(member, scenario, question, 2 + event, 2 + event)``."""

    counts: Whole
    moments: Array


@dataclass(frozen=True, kw_only=True, slots=True)
class ControlledPart:
    """What one member and stretch holds: the twin's bars and cells by place of the indicator, and moments."""

    counted: Counted
    rows: Bars
    twin_rows: Bars
    cells: dict[int, CellTable]
    moments: Array


@dataclass(frozen=True, kw_only=True, slots=True)
class ControlledTally:
    """A tally, and beside it the joint moments of hits and known events."""

    tally: Tally
    control: Control

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """Scenario, question and all together, and twice one, the hit and the known events."""
        events = [known.means.shape[-1] for known in self.control.known if known]
        return len(self.tally.setting.scenarios), len(self.control.known), 2 + max(events), 2 + max(events)

    def blank(self, draws: int) -> Sums:
        """Return no hit."""
        counts = self.tally.blank(draws)
        return Sums(counts, np.zeros((len(counts), *self.shape)))

    def part(self, team: Team, strand: Strand) -> ControlledPart:
        """Return the bars of one member and of its twin, and no hit."""
        setting, twin = self.tally.setting, self.control.twins[strand.place]
        rows = bars_of(self.control.rows, (), strand, setting.model.last_year, setting.offsets)
        fixed = [r for r, row in enumerate(self.control.rows) if row.rows[0].benchmark is None]
        scores = self.control.scores[:, fixed, strand.place, None]
        twin_rows = replace(rows, levels=np.where(np.isfinite(scores), scores, rows.levels))
        cells = {}
        for k, grown in enumerate(strand.members if twin else ()):
            if twin and isinstance(grown.law, PathLaw):
                gap = int(strand.gaps[k])
                cells[k] = CellTable.of(twin[grown.name].law.mixture(gap + strand.horizon), gap)  # type: ignore[union-attr]
        return ControlledPart(
            counted=self.tally.part(team, strand),
            rows=rows,
            twin_rows=twin_rows,
            cells=cells,
            moments=np.zeros(self.shape),
        )

    def add(self, part: ControlledPart, drawn: Drawn, state: object) -> None:
        """Count some blocks; afterwards they hold the twin's scores in place of walked levels."""
        del state
        hits = self.tally.take(part.counted, drawn)
        own = [self._events(part.rows, drawn, s) for s in range(len(hits))]
        drawn.replace(part.cells)
        for s, (of_scenario, world) in enumerate(zip(hits, own, strict=True)):
            events = np.concatenate([world, self._events(part.twin_rows, drawn, s)])
            for q, known in enumerate(self.control.known):
                if known is None:
                    continue
                chosen: list[Masks] = [
                    np.ones((1, drawn.width), bool),
                    of_scenario[q : q + 1],
                    events[known.alone],
                ]
                if known.together.size:
                    chosen.append(np.all(events[known.together], axis=0)[None])
                table = np.concatenate(chosen).astype(np.float32)  # sums below 2^24 are whole and exact
                part.moments[s, q, : len(table), : len(table)] += table @ table.T

    def counting(self, part: ControlledPart, blocks: range) -> None:
        """Hits are never all that is wanted."""
        del part, blocks

    def fold(self, state: Sums, part: ControlledPart) -> None:
        """Add the sums of one member."""
        self.tally.fold(state.counts, part.counted)
        state.moments[part.counted.place] += part.moments

    def _events(self, bars: Bars, drawn: Drawn, scenario: int) -> Masks:
        """Whether each row holds, ``(row, draw)``."""
        return held(self.control.rows, bars, drawn, self.tally.setting, scenario)[:, : drawn.width]
