"""Questions as bars that paths must clear, and rows whose level moves as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.event import Leaf, Row, clears
from sxsim.analysis.question import Question
from sxsim.processes import GrowthModel
from sxsim.processes.transform import EXPONENTS, box_cox
from sxsim.scenarios import Policy
from sxsim.simulation import Bars, Drawn, Played, Setting, Strand

Array = NDArray[np.float64]
Masks = NDArray[np.bool_]

_EXPONENTS = np.array(EXPONENTS)


def bars_of(
    questions: Sequence[Question],
    joined: Sequence[int],
    strand: Strand,
    last_year: int,
    policies: Sequence[Mapping[str, Array]],
) -> Bars:
    """Rows against fixed levels of one member, moved to the scale of every cell under every policy."""
    names = [grown.name for grown in strand.members]
    fixed = [
        (q, row)
        for q, question in enumerate(questions)
        for row in question.rows
        if isinstance(row, Row) and row.fixed and row.indicator in names
    ]
    rows = np.array(
        [(names.index(row.indicator), row.year - last_year - 1, q, row.sign > 0) for q, row in fixed],
        np.int64,
    ).reshape(-1, 4)
    wanted = np.array([row.level_of(strand.place) for _, row in fixed], float)
    needed = np.empty((len(policies), len(fixed)))
    for k, grown in enumerate(strand.members):
        if (mine := rows[:, 0] == k).any():
            change = grown.carrier.forward(wanted[mine]) - grown.last_level()[strand.place]
            for row, offsets in zip(needed, policies, strict=True):
                moved = offsets[grown.name][strand.place, rows[mine, 1]] if grown.name in offsets else 0.0
                row[mine] = change - moved
    return Bars(
        rows=rows,
        levels=box_cox(needed[:, :, None], _EXPONENTS),
        curved=np.array([table is not None and table.curved for table in strand.tables]),
        kept=np.array([question.kept[strand.place] for question in questions]),
        joined=np.array(joined, np.int64),
    )


def held_under(
    questions: Sequence[Question], bars: Bars, drawn: Drawn, setting: Setting, scenario: int
) -> Masks:
    """Whether each question holds under one scenario, ``(question, draw)``; of whole blocks."""
    policy, last_year = setting.policies[scenario], setting.model.last_year
    masks = held(questions, bars, drawn, setting, scenario)
    differing = [q for q, question in enumerate(questions) if replayed(question, policy)]
    if not differing:
        return masks
    asked = [questions[q] for q in differing]
    steps = {year - last_year - 1 for question in asked for row in question.rows for year in row.years}
    played = drawn.under(policy, None if any(question.derived for question in asked) else steps)
    for q in differing:
        masks[q] = bars.kept[q]
        for row in questions[q].rows:
            masks[q, : drawn.width] &= _clears(row, played, setting.model, drawn.strand.place)
    return masks


def replayed(question: Question, policy: Policy) -> bool:
    """Whether every path has to be looked at under a policy of its own."""
    return bool(question.derived) or policy.differs(question.indicators)


def _clears(row: Leaf, played: Played, model: GrowthModel, place: int) -> Masks:
    """Whether replayed paths clear a row."""

    def level(name: str, year: int) -> Array:
        step = year - model.last_year - 1
        return np.asarray((played.levels if name in model else played.values)(name)[step])

    carriers = {name: model[name].carrier for name in row.names if name in model}
    return clears(row, level, carriers, place)


def held(questions: Sequence[Question], bars: Bars, drawn: Drawn, setting: Setting, scenario: int) -> Masks:
    """Whether each question holds with what a scenario does to all paths alike, ``(question, draw)``."""
    masks = bars.start(len(drawn.into.choice))
    drawn.steps.mark(bars, scenario, drawn.into, masks)
    rows, last_year = moving_rows(questions), setting.model.last_year
    _clear_moving(rows, drawn, last_year, setting.offsets[scenario], masks)
    return masks


def moving_rows(questions: Sequence[Question]) -> list[tuple[int, Leaf]]:
    """Rows of fitted indicators that are not held against a number, with the place of their question."""
    return [
        (q, row)
        for q, question in enumerate(questions)
        for row in question.rows
        if not row.fixed and not question.derived
    ]


def _clear_moving(
    rows: Sequence[tuple[int, Leaf]],
    drawn: Drawn,
    last_year: int,
    offsets: Mapping[str, Array],
    masks: Masks,
) -> None:
    """Take away from the masks the paths that do not clear a row that moves, or a sum."""
    strand, width = drawn.strand, drawn.width
    places = {grown.name: k for k, grown in enumerate(strand.members)}

    def level(name: str, year: int) -> Array:
        step = year - last_year - 1
        values: Array = drawn.levels(places[name])[step]
        return np.asarray(values + offsets[name][strand.place, step]) if name in offsets else values

    for q, row in rows:
        carriers = {name: strand.members[places[name]].carrier for name in row.names}
        masks[q, :width] &= clears(row, level, carriers, strand.place)
