"""Questions as bars that paths must clear, and rows whose level moves as well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.question import Question, Row
from sxsim.processes import Grown
from sxsim.processes.transform import EXPONENTS, box_cox
from sxsim.simulation import Bars, Drawn, Strand

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
        (q, row) for q, question in enumerate(questions) for row in question.rows if row.benchmark is None
    ]
    levels = np.empty((len(policies), len(fixed), len(_EXPONENTS)))
    rows = np.empty((len(fixed), 4), np.int64)
    for r, (q, row) in enumerate(fixed):
        step = row.year - last_year - 1
        rows[r] = names.index(row.indicator), step, q, row.sign > 0
        grown = strand.members[rows[r, 0]]
        for s, offsets in enumerate(policies):
            levels[s, r] = _change_needed(row, grown, strand.place, step, offsets)
    return Bars(
        rows=rows,
        levels=levels,
        curved=np.array([table is not None and table.curved for table in strand.tables]),
        kept=np.array([question.kept[strand.place] for question in questions]),
        joined=np.array(joined, np.int64),
    )


def moving_rows(questions: Sequence[Question]) -> list[tuple[int, Row]]:
    """Rows that compare two indicators, with the place of their question."""
    return [(q, row) for q, question in enumerate(questions) for row in question.rows if row.benchmark]


def clear_moving(
    rows: Sequence[tuple[int, Row]],
    drawn: Drawn,
    last_year: int,
    offsets: Mapping[str, Array],
    masks: Masks,
) -> None:
    """Take away from the masks the paths on the wrong side of a moving level.

    Two indicators of one link are compared there, others in published units.
    """
    strand, width = drawn.strand, drawn.width
    places = {grown.name: k for k, grown in enumerate(strand.members)}

    def level(name: str, step: int) -> Array:
        values: Array = drawn.levels(places[name])[step]
        return values + offsets[name][strand.place, step] if name in offsets else values

    for q, row in rows:
        step = row.year - last_year - 1
        value, bar = level(row.indicator, step), level(str(row.benchmark), step)
        one, other = (strand.members[places[name]].carrier for name in row.names)
        if one != other:
            value, bar = one.inverse(value), other.inverse(bar)
        masks[q, :width] &= value >= bar if row.sign > 0 else value <= bar


def _change_needed(row: Row, grown: Grown, place: int, step: int, offsets: Mapping[str, Array]) -> Array:
    """Transformed change that reaches the level, ``(exponent,)``."""
    moved = offsets[grown.name][place, step] if grown.name in offsets else 0.0
    needed = float(grown.carrier.forward(np.asarray(row.level, float))) - grown.last_level()[place] - moved
    return box_cox(np.full_like(_EXPONENTS, needed), _EXPONENTS)
