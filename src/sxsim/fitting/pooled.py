"""A learned prior taken on to one's own panel: intercepts learned anew, as far as the panel can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import HistoryError
from sxsim.fitting.grid import LONGEST
from sxsim.fitting.history import Series
from sxsim.fitting.learned import LearnedPrior
from sxsim.fitting.learning import Windows, learn, score

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_FEWEST_WINDOWS = 20
_FEWEST_FIGURES = 5
_FLOOR, _FAR = 2e-3, 4.0
_MOVE = 0.3  # standard deviation of what a panel may add to an intercept


@dataclass(frozen=True, slots=True)
class _Cut:
    """One history up to an origin, what followed it, and the calendar column of the origin."""

    logs: Array
    gaps: tuple[int, ...]
    future: Array
    origin: int


def relearn(start: LearnedPrior, series: Sequence[Series], *, horizon: int, source: str) -> LearnedPrior:
    """Learn the intercepts of ``start`` anew on held-out years of a panel, drawn towards ``start``.

    Members of a panel share good and bad years, so that thousands of windows may hold few independent
    ones. Their number is divided by ``1 + (m - 1) rho``, with m windows per origin and rho the part of the
    surprises that belongs to the year; that number weighs the panel against the start.
    """
    cuts = [cut for one in series for cut in _cuts(one.levels, horizon)]
    if len(cuts) < _FEWEST_WINDOWS:
        raise HistoryError(
            f"The panel gives {len(cuts)} windows with {_FEWEST_FIGURES} figures and {horizon} held-out "
            f"years; {_FEWEST_WINDOWS} are needed.",
            "Give more series, longer ones, or a shorter horizon.",
        )
    windows, origins = _gather(cuts)
    scored = score(start.grid, windows)
    surprises = np.concatenate([_surprise(window) for window in windows])
    count = independent_windows(surprises, origins, horizon)
    learned = learn(start, scored, ridge=0.5 / (_MOVE**2 * count), intercepts_only=True)
    text = source or f"{len(cuts)} windows, worth {count:.0f} independent ones"
    return replace(learned, source=f"{text}; start: {start.source}")


def independent_windows(surprise: Array, origin: Whole, horizon: int) -> float:
    """Number of windows that would say as much if none shared its years with another.

    ``surprise`` belongs to the year after ``origin``; the variance between years, beyond what chance within
    a year explains, is what the members share. Held-out years of one window overlap with those of the
    next; a window counts for as many as it adds, two in ``horizon + 1``.
    """
    years, group = np.unique(origin, return_inverse=True)
    size = np.bincount(group)
    mean = np.bincount(group, surprise) / size
    within = np.square(surprise - mean[group]).sum() / max(len(surprise) - len(years), 1)
    several = size > 1
    common = 0.0
    if several.any():
        between = float(np.mean(mean[several] ** 2 - within / size[several]))
        common = float(np.clip(between / max(between + within, 1e-12), 0.0, 1.0))
    per_year = size / (1.0 + (size - 1.0) * common)
    return max(float(per_year.sum()) / min(0.5 * (1 + horizon), len(years)), 1.0)


def _cuts(levels: Array, horizon: int) -> list[_Cut]:
    """Cut every member after each of its figures that has enough before and something after it."""
    padded = np.concatenate([levels, np.full((len(levels), horizon), np.nan)], axis=1)
    cuts = []
    for row in padded:
        seen = np.flatnonzero(np.isfinite(row))
        for last in range(_FEWEST_FIGURES - 1, len(seen) - 1):
            origin = int(seen[last])
            future = row[origin + 1 : origin + 1 + horizon] - row[origin]
            used = seen[max(0, last + 1 - LONGEST) : last + 1]
            if np.isfinite(future).any():
                gaps = tuple(np.diff(used).tolist())
                cuts.append(_Cut(row[used] - row[origin], gaps, future, origin))
    return cuts


def _surprise(window: Windows) -> Array:
    """First change that followed, less the mean change before it, in units of their spread, ``(window,)``."""
    change = np.diff(window.logs, axis=1) / np.array(window.gaps, float)
    known = np.isfinite(window.future)
    step = known.argmax(axis=1)
    ahead = window.future[np.arange(len(step)), step] / (step + 1.0)
    spread = change.std(axis=1) + _FLOOR
    return np.asarray(np.clip((ahead - change.mean(axis=1)) / spread, -_FAR, _FAR))


def _gather(cuts: Sequence[_Cut]) -> tuple[list[Windows], Whole]:
    """Put cuts of one pattern together; origins in the order of the windows."""
    patterns: dict[tuple[int, ...], list[_Cut]] = {}
    for cut in cuts:
        patterns.setdefault(cut.gaps, []).append(cut)
    windows = [
        Windows(logs=np.stack([c.logs for c in group]), gaps=gaps, future=np.stack([c.future for c in group]))
        for gaps, group in patterns.items()
    ]
    return windows, np.array([c.origin for group in patterns.values() for c in group])
