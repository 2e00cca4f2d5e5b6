"""Questions as bars that paths must clear, and rows whose level moves as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.question import Question, Row, clears
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
        if row.benchmark is None and row.indicator in names
    ]
    rows = np.array(
        [(names.index(row.indicator), row.year - last_year - 1, q, row.sign > 0) for q, row in fixed],
        np.int64,
    ).reshape(-1, 4)
    wanted = np.array([row.level for _, row in fixed], float)
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
    steps = {row.year - last_year - 1 for question in asked for row in question.rows}
    played = drawn.under(policy, None if any(question.derived for question in asked) else steps)
    for q in differing:
        masks[q] = bars.kept[q]
        for row in questions[q].rows:
            masks[q, : drawn.width] &= _clears(row, played, setting.model, row.year - last_year - 1)
    return masks


def replayed(question: Question, policy: Policy) -> bool:
    """Whether every path has to be looked at under a policy of its own."""
    return bool(question.derived) or policy.differs(question.indicators)


def _clears(row: Row, played: Played, model: GrowthModel, step: int) -> Masks:
    """Whether replayed paths stand on the right side of a fixed level, or of one that moves."""
    if not set(row.names) <= set(model.names):
        value = played.values(row.indicator)[step]
        level = played.values(row.benchmark)[step] if row.benchmark else row.level
        return np.asarray(value >= level if row.sign > 0 else value <= level)
    carrier = model[row.indicator].carrier
    value, other = played.levels(row.indicator)[step], carrier
    if row.benchmark is None:
        bar = carrier.forward(np.asarray(row.level, float))
    else:
        bar, other = played.levels(row.benchmark)[step], model[row.benchmark].carrier
    return clears(row, value, bar, (carrier, other))


def held(questions: Sequence[Question], bars: Bars, drawn: Drawn, setting: Setting, scenario: int) -> Masks:
    """Whether each question holds with what a scenario does to all paths alike, ``(question, draw)``."""
    masks = bars.start(len(drawn.into.choice))
    drawn.steps.mark(bars, scenario, drawn.into, masks)
    rows, last_year = moving_rows(questions), setting.model.last_year
    _clear_moving(rows, drawn, last_year, setting.offsets[scenario], masks)
    return masks


def moving_rows(questions: Sequence[Question]) -> list[tuple[int, Row]]:
    """Rows that compare two fitted indicators, with the place of their question."""
    return [
        (q, row)
        for q, question in enumerate(questions)
        for row in question.rows
        if row.benchmark and not question.derived
    ]


def _clear_moving(
    rows: Sequence[tuple[int, Row]],
    drawn: Drawn,
    last_year: int,
    offsets: Mapping[str, Array],
    masks: Masks,
) -> None:
    """Take away from the masks the paths on the wrong side of a moving level."""
    strand, width = drawn.strand, drawn.width
    places = {grown.name: k for k, grown in enumerate(strand.members)}

    def level(name: str, step: int) -> Array:
        values: Array = drawn.levels(places[name])[step]
        return values + offsets[name][strand.place, step] if name in offsets else values

    for q, row in rows:
        step = row.year - last_year - 1
        value, bar = level(row.indicator, step), level(str(row.benchmark), step)
        one, other = (strand.members[places[name]].carrier for name in row.names)
        masks[q, :width] &= clears(row, value, bar, (one, other))
