"""Answers to inverse questions: a number, how well it is known, and whether there is one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.exact import Answer
from sxsim.analysis.table import NOT_ASSESSED

Array = NDArray[np.float64]
Texts = NDArray[np.str_]
Truth = NDArray[np.bool_]


class GoalStatus(Enum):
    """What became of an inverse question; the value is the text in results."""

    FOUND = "found"
    REACHED = "reached already"
    UNREACHABLE = "not reachable within bounds"
    UNASSESSED = "cannot be assessed"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Found:
    """One question at one probability, each ``(member,)``.

    Attributes
    ----------
    at
        The number asked for; NaN where there is none.
    lower, upper
        Its 95 percent numerical interval.
    error
        Its numerical standard error.
    achieved, achieved_error
        The probability there, or the most there is; and its numerical error.
    status
        Texts of :class:`GoalStatus`.
    route
        How the probability was computed.
    """

    at: Array
    lower: Array
    upper: Array
    error: Array
    achieved: Array
    achieved_error: Array
    status: Texts
    route: str


def either(where: Truth, one: Found, other: Found) -> Found:
    """Return one answer where it is wanted, the other elsewhere; the route is that of the first."""
    return Found(
        at=np.where(where, one.at, other.at),
        lower=np.where(where, one.lower, other.lower),
        upper=np.where(where, one.upper, other.upper),
        error=np.where(where, one.error, other.error),
        achieved=np.where(where, one.achieved, other.achieved),
        achieved_error=np.where(where, one.achieved_error, other.achieved_error),
        status=np.where(where, one.status, other.status),
        route=one.route,
    )


def known_at(at: Array, answer: Answer, status: GoalStatus) -> Found:
    """Return a number that is no estimate, and the probability there; none where it is out of reach."""
    nothing = status in (GoalStatus.UNREACHABLE, GoalStatus.UNASSESSED)
    number = np.full_like(at, np.nan) if nothing else at
    return Found(
        at=number,
        lower=number,
        upper=number,
        error=0.0 * number,
        achieved=answer.probability,
        achieved_error=answer.standard_error,
        status=np.full(at.size, status.value),
        route=answer.route,
    )


def unassessed(size: int) -> Found:
    """Return no number at all."""
    nothing = np.full(size, np.nan)
    return Found(
        at=nothing,
        lower=nothing,
        upper=nothing,
        error=nothing,
        achieved=nothing,
        achieved_error=nothing,
        status=np.full(size, GoalStatus.UNASSESSED.value),
        route=NOT_ASSESSED,
    )


def settled(kept: Truth) -> Found:
    """Return what figures have decided: no number changes it."""
    nothing = np.full(kept.size, np.nan)
    return Found(
        at=nothing,
        lower=nothing,
        upper=nothing,
        error=nothing,
        achieved=kept.astype(float),
        achieved_error=np.zeros(kept.size),
        status=np.where(kept, GoalStatus.REACHED.value, GoalStatus.UNREACHABLE.value),
        route="observed",
    )
