"""Walking a process year by year, and back: what follows from ``step`` alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import HistoryError, ModelError
from sxsim.processes.parameter import refuse_free
from sxsim.processes.root import rising_root

Array = NDArray[np.float64]
State = Any  # an array over draws, or a tuple of them

_LADDER = np.linspace(-8.5, 8.5, 18)
_CLOSE = 1e-9
_STENCIL = 0.01
_TRIAL_YEARS = 6
_TRIAL_SHOCKS = np.linspace(-6.0, 6.0, 25)


class Stepped(Protocol):
    """A process written as one step."""

    def begin(self, level: Array) -> State:
        """Return the state in the year of the last figure."""
        ...

    def step(self, state: State, shock: Array) -> State:
        """Return the state a year later."""
        ...

    def level(self, state: State) -> Array:
        """Return the level that a state stands for."""
        ...


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


def walk(process: Stepped, start: Array, innovations: Array) -> Array:
    """Levels of the years after ``start`` from standard normal innovations ``(year, ...)``."""
    return walk_from(process, _begin(process, start, innovations.shape[1:]), np.asarray(start), innovations)


def walk_from(process: Stepped, state: State, before: Array, innovations: Array) -> Array:
    """Levels of the years after a state that stands for the level ``before``."""
    levels, state = np.full(innovations.shape, np.nan), _frozen(state)
    for year, shock in enumerate(innovations):
        state = _frozen(process.step(state, _frozen(shock)))
        before = levels[year] = _checked(process, _level(process, state, np.shape(shock), year), before, year)
    return levels


def trace(process: Stepped, start: Array, levels: Array) -> Traced:
    """Find what led through ``levels`` ``(year, ...)``.

    The level of a year rises with that year's number: it is bracketed on a ladder of numbers up to 8.5, then
    closed in on to the last digits. The slope is a difference of fourth order.
    """
    shocks, slopes = np.full(levels.shape, np.nan), np.full(levels.shape, np.nan)
    reached, state = np.zeros(levels.shape, bool), _begin(process, start, levels.shape[1:])
    for year, goal in enumerate(levels):
        if np.isnan(goal).any():
            raise HistoryError(
                f"{type(process).__name__} has no figure in year {year + 1} of its history.",
                "Fill the gap, or start after it.",
            )
        shocks[year], reached[year] = _shock(process, state, goal, year)
        slopes[year] = _slope(process, state, shocks[year], year)
        with np.errstate(over="ignore"):
            state = _frozen(process.step(state, _frozen(shocks[year])))
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


def picked(state: State, place: NDArray[np.int64]) -> State:
    """Return the state of each path, given which of the draws of a state it has."""
    if isinstance(state, tuple):
        return tuple(picked(part, place) for part in state)
    return state[place] if np.ndim(state) else state


def refuse_unsound(process: Stepped, level: float) -> None:
    """Refuse a step that falls where the shock rises, or that lets a draw depend on the others.

    Tried for shocks up to six in each of six years, after calm, good and bad years; what is missing or
    misshapen is refused on the way.
    """
    refuse_free(process)
    _refuse_changing(process)
    histories = np.array([0.0, 1.5, -1.5])
    trial = np.zeros((_TRIAL_YEARS, len(histories), _TRIAL_YEARS, len(_TRIAL_SHOCKS)))
    for year in range(_TRIAL_YEARS):
        trial[:year, :, year] = histories[:, None]
        trial[year, :, year] = _TRIAL_SHOCKS
    flat = trial.reshape(_TRIAL_YEARS, -1)
    levels = walk(process, np.full(flat.shape[1], level), flat)
    half = flat.shape[1] // 2
    if not np.array_equal(walk(process, np.full(half, level), flat[:, :half]), levels[:, :half]):
        raise ModelError(
            f"{type(process).__name__}.step lets a draw depend on the other draws.",
            "Compute elementwise: no mean, sum, sort or cumulation over draws.",
        )
    for year, tried in enumerate(levels.reshape(trial.shape)):
        _refuse_falling(process, tried[:, year].T, _TRIAL_SHOCKS, year)


def _refuse_changing(process: Stepped) -> None:
    try:
        hash(process)
    except TypeError as error:
        raise ModelError(
            f"{type(process).__name__} can change ({error}), so that nothing computed from it could be kept.",
            "Make it a frozen dataclass, @dataclass(frozen=True, kw_only=True), of numbers and tuples.",
        ) from error


def _begin(process: Stepped, start: Array, shape: tuple[int, ...]) -> State:
    refuse_free(process)
    return _frozen(process.begin(np.broadcast_to(np.asarray(start, float), shape)))


def _frozen(state: State) -> State:
    """Return the state as what a step may read but not change."""
    if isinstance(state, tuple):
        return tuple(_frozen(part) for part in state)
    view = np.asarray(state).view()
    view.flags.writeable = False
    return view


def _level(process: Stepped, state: State, shape: tuple[int, ...], year: int) -> Array:
    level = np.asarray(process.level(state), float)
    if level.shape != shape:
        raise ModelError(
            f"{type(process).__name__}.step returns levels of shape {level.shape} in year {year + 1}, for "
            f"shocks of shape {shape}.",
            "Return arrays as long as shock, one number per draw.",
        )
    return level


def _checked(process: Stepped, level: Array, before: Array, year: int) -> Array:
    if not (known := np.isfinite(level)).all():
        came = np.broadcast_to(before, level.shape)[~known][0]
        raise ModelError(
            f"{type(process).__name__}.step leads from the level {came:g} to {level[~known][0]:g} in year "
            f"{year + 1}.",
            "Keep to where its formula holds, for instance with np.clip.",
        )
    return level


def _try(process: Stepped, state: State, shock: Array, year: int) -> Array:
    """Level a year later; shocks nobody draws may lead beyond all numbers."""
    with np.errstate(over="ignore"):
        return _level(process, process.step(state, _frozen(shock)), shock.shape, year)


def _shock(process: Stepped, state: State, goal: Array, year: int) -> tuple[Array, NDArray[np.bool_]]:
    """Shock that leads to the goal, or the nearest one, and whether it does."""
    rungs = np.stack([_try(process, state, np.full(goal.shape, shock), year) for shock in _LADDER])
    _refuse_falling(process, rungs, _LADDER, year)
    place = np.clip(np.sum(rungs < goal, axis=0), 1, len(_LADDER) - 1)
    ends = np.take_along_axis(rungs, np.stack([place - 1, place]), axis=0) - goal
    shock = rising_root(
        lambda x: _try(process, state, x, year) - goal,
        (_LADDER[place - 1], _LADDER[place]),
        (ends[0], ends[1]),
    )
    off = np.abs(_try(process, state, shock, year) - goal)
    return shock, off <= _CLOSE * (1.0 + np.abs(goal))


def _slope(process: Stepped, state: State, shock: Array, year: int) -> Array:
    """Slope of the level by the shock, by a central difference of fourth order."""
    near, far = (
        _try(process, state, shock + k * _STENCIL, year) - _try(process, state, shock - k * _STENCIL, year)
        for k in (1.0, 2.0)
    )
    return np.asarray((8.0 * near - far) / (12.0 * _STENCIL))


def _refuse_falling(process: Stepped, levels: Array, shocks: Array, year: int) -> None:
    """Refuse levels ``(shock, ...)`` that fall where the shocks rise, but for rounding."""
    with np.errstate(invalid="ignore"):
        falls = np.diff(levels, axis=0) < -1e-12 * (1.0 + np.abs(levels[1:]))
    if falls.any():
        where = tuple(np.argwhere(falls)[0])
        above = (where[0] + 1, *where[1:])
        raise ModelError(
            f"{type(process).__name__}.step is not increasing in the shock: in year {year + 1} a shock of "
            f"{shocks[where[0]]:g} leads to {levels[where]:g}, one of {shocks[above[0]]:g} to "
            f"{levels[above]:g}.",
            "Write it so that a larger shock never means a lower level.",
        )
