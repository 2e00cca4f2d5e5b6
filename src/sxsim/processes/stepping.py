"""Walking a process that is written as one step, year by year, and what such a step must keep to."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import ModelError
from sxsim.processes.parameter import refuse_free

Array = NDArray[np.float64]
State = Any  # an array over draws, or a tuple of them

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


def walk(process: Stepped, start: Array, innovations: Array) -> Array:
    """Levels of the years after ``start`` from standard normal innovations ``(year, ...)``."""
    return walk_from(process, begun(process, start, innovations.shape[1:]), np.asarray(start), innovations)


def walk_from(process: Stepped, state: State, before: Array, innovations: Array) -> Array:
    """Levels of the years after a state that stands for the level ``before``."""
    levels, state = np.full(innovations.shape, np.nan), frozen(state)
    for year, shock in enumerate(innovations):
        state = frozen(process.step(state, frozen(shock)))
        before = levels[year] = _checked(process, _level(process, state, np.shape(shock), year), before, year)
    return levels


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
    for year, rungs in enumerate(levels.reshape(trial.shape)):
        refuse_falling(process, rungs[:, year].T, _TRIAL_SHOCKS, year)


def _refuse_changing(process: Stepped) -> None:
    try:
        hash(process)
    except TypeError as error:
        raise ModelError(
            f"{type(process).__name__} can change ({error}), so that nothing computed from it could be kept.",
            "Make it a frozen dataclass, @dataclass(frozen=True, kw_only=True), of numbers and tuples.",
        ) from error


def begun(process: Stepped, start: Array, shape: tuple[int, ...]) -> State:
    """State of every path in the year of the last figure."""
    refuse_free(process)
    return frozen(process.begin(np.broadcast_to(np.asarray(start, float), shape)))


def frozen(state: State) -> State:
    """Return the state as what a step may read but not change."""
    if isinstance(state, tuple):
        return tuple(frozen(part) for part in state)
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


def tried(process: Stepped, state: State, shock: Array, year: int) -> Array:
    """Level a year later; shocks nobody draws may lead beyond all numbers."""
    with np.errstate(over="ignore"):
        return _level(process, process.step(state, frozen(shock)), shock.shape, year)


def refuse_falling(process: Stepped, levels: Array, shocks: Array, year: int) -> None:
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
