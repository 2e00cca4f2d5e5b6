"""A history of a process that is written as one step, read backwards: its numbers and its likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import HistoryError, ModelError
from sxsim.processes.root import rising_root
from sxsim.processes.stepping import State, Stepped, begun, frozen, refuse_falling, tried

Array = NDArray[np.float64]

_LADDER = np.linspace(-8.5, 8.5, 18)
_CLOSE = 1e-9
_STENCIL = 0.01


@dataclass(frozen=True, kw_only=True, slots=True)
class Traced:
    """A history read backwards.

    Attributes
    ----------
    shocks
        Numbers that lead through it, ``(year, ...)``.
    slopes
        Of each level by its own number, ``(year, ...)``.
    reached
        Which levels any number up to 8.5 leads to, ``(year, ...)``.
    state
        After its last year.
    """

    shocks: Array
    slopes: Array
    reached: NDArray[np.bool_]
    state: State


def trace(process: Stepped, start: Array, levels: Array) -> Traced:
    """Find what led through ``levels`` ``(year, ...)``.

    The level of a year rises with that year's number: it is bracketed on a ladder of numbers up to 8.5, then
    closed in on to the last digits. The slope is a difference of fourth order.
    """
    shocks, slopes = np.full(levels.shape, np.nan), np.full(levels.shape, np.nan)
    reached, state = np.zeros(levels.shape, bool), begun(process, start, levels.shape[1:])
    for year, goal in enumerate(levels):
        if np.isnan(goal).any():
            raise HistoryError(
                f"{type(process).__name__} has no figure in year {year + 1} of its history.",
                "Fill the gap, or start after it.",
            )
        shocks[year], reached[year] = _shock(process, state, goal, year)
        slopes[year] = _slope(process, state, shocks[year], year)
        with np.errstate(over="ignore"):
            state = frozen(process.step(state, frozen(shocks[year])))
    return Traced(shocks=shocks, slopes=slopes, reached=reached, state=state)


def shocks_behind(process: Stepped, start: Array, levels: Array) -> Array:
    """Innovations that make ``walk`` rebuild ``levels`` ``(year, ...)``."""
    found = trace(process, start, levels)
    if not found.reached.all():
        year = int(np.argwhere(~found.reached)[0][0])
        raise ModelError(
            f"{type(process).__name__} cannot reach the level {levels[~found.reached][0]:g} in year "
            f"{year + 1} of its history by any shock up to 8.5.",
            "Check the figures, or its parameters.",
        )
    return found.shocks


def log_density(process: Stepped, start: Array, levels: Array) -> Array:
    """Log density of ``levels`` ``(year, ...)``, one number per path: the law of the numbers, moved over.

    Minus infinity where a level is out of reach.
    """
    found = trace(process, start, levels)
    flat = found.reached & ~(found.slopes > 0)
    if flat.any():
        raise ModelError(
            f"{type(process).__name__} has no density in year {int(np.argwhere(flat)[0][0]) + 1} of its "
            "history: its level stands still whatever the shock.",
            "Write loglik yourself, with the probability of that point.",
        )
    slopes = np.where(found.reached, found.slopes, 1.0)
    years = -0.5 * found.shocks**2 - 0.5 * np.log(2.0 * np.pi) - np.log(slopes)
    return np.asarray(np.where(found.reached, years, -np.inf).sum(axis=0))


def _shock(process: Stepped, state: State, goal: Array, year: int) -> tuple[Array, NDArray[np.bool_]]:
    """Shock that leads to the goal, or the nearest one, and whether it does."""
    rungs = np.stack([tried(process, state, np.full(goal.shape, shock), year) for shock in _LADDER])
    refuse_falling(process, rungs, _LADDER, year)
    place = np.clip(np.sum(rungs < goal, axis=0), 1, len(_LADDER) - 1)
    ends = np.take_along_axis(rungs, np.stack([place - 1, place]), axis=0) - goal
    shock = rising_root(
        lambda x: tried(process, state, x, year) - goal,
        (_LADDER[place - 1], _LADDER[place]),
        (ends[0], ends[1]),
    )
    off = np.abs(tried(process, state, shock, year) - goal)
    return shock, off <= _CLOSE * (1.0 + np.abs(goal))


def _slope(process: Stepped, state: State, shock: Array, year: int) -> Array:
    """Slope of the level by the shock, by a central difference of fourth order."""
    near, far = (
        tried(process, state, shock + k * _STENCIL, year) - tried(process, state, shock - k * _STENCIL, year)
        for k in (1.0, 2.0)
    )
    return np.asarray((8.0 * near - far) / (12.0 * _STENCIL))
