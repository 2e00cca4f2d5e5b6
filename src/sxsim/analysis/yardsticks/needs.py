"""What a measure needs, and the sentence that says which piece is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.yardsticks.course import Course
from sxsim.analysis.yardsticks.ends import Ends
from sxsim.plan import Condition, When

Flags = NDArray[np.bool_]


class Need(Enum):
    """A piece a measure cannot do without; the value says what is wrong where it is missing."""

    LEVEL = "its condition is not one indicator on one side of a level"
    NUMBER = "the level it asks for is not a fixed number"
    ONE_YEAR = "it is asked for in every one of several years, not by one"
    SINGLE = "its indicator is measured for several members"
    BASE = "no base value is known"
    WAY = "the base already meets the target"
    FIGURE = "no figure is known by then"
    SINCE = "no figure after the base year is known by then"
    AHEAD = "the target year is over"
    FROM_BELOW = "its source defines it only for targets to be reached from below"
    GOAL_ABOVE_ZERO = "the level it asks for is not above zero"
    BASE_ABOVE_ZERO = "the base is not above zero"
    FIGURE_ABOVE_ZERO = "the figure is not above zero"
    FIGURE_NOT_BELOW_ZERO = "the figure is below zero"
    ALL_ABOVE_ZERO = "a figure since the base year is not above zero"


def present(ends: Sequence[Ends], course: Course) -> Mapping[Need, Flags]:
    """Say for every need, target and year whether the piece is there."""
    conditions = [one.condition for one in ends]

    def each(answers: Sequence[bool]) -> Flags:
        column = np.array(answers, dtype=bool).reshape(-1, 1)
        return np.broadcast_to(column, course.figure.shape)

    no_figure = np.isnan(course.trend_values)
    return {
        Need.LEVEL: each([one is not None for one in conditions]),
        Need.NUMBER: np.isfinite(course.goal),
        Need.ONE_YEAR: each([one is not None and _by_a_year(one) for one in conditions]),
        Need.SINGLE: each([not one.members for one in ends]),
        Need.BASE: np.isfinite(course.base),
        Need.WAY: course.direction * (course.goal - course.base) > 0,
        Need.FIGURE: np.isfinite(course.figure),
        Need.SINCE: course.elapsed > 0,
        Need.AHEAD: course.left > 0,
        Need.FROM_BELOW: course.direction > 0,
        Need.GOAL_ABOVE_ZERO: course.goal > 0,
        Need.BASE_ABOVE_ZERO: course.base > 0,
        Need.FIGURE_ABOVE_ZERO: course.figure > 0,
        Need.FIGURE_NOT_BELOW_ZERO: course.figure >= 0,
        Need.ALL_ABOVE_ZERO: np.all(no_figure | (course.trend_values > 0), axis=-1),
    }


def _by_a_year(condition: Condition) -> bool:
    return len(condition.years) == 1 or condition.when is When.ANY_YEAR


def missing(needs: Sequence[Need], there: Mapping[Need, Flags]) -> NDArray[np.str_]:
    """Return for every target and year the first piece that is missing, in words; empty where none is."""
    sentences = [need.value for need in needs]
    return np.asarray(np.select([~there[need] for need in needs], sentences, ""))
