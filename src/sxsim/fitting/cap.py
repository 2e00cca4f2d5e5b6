"""How far a reported quantile may lie from the last figure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sxsim.fitting.grid import LONGEST
from sxsim.fitting.one_series import OWN_POINTS
from sxsim.fitting.walk import from_first_figure, latest
from sxsim.labels import YEAR
from sxsim.processes import Grown, GrowthModel

Array = NDArray[np.float64]

_SLACK, _YEARS = 0.7, 6.0


def farthest_change(model: GrowthModel, grown: Grown, steps: Array) -> Array:
    """Return the largest change on the link scale that is reported, ``(year, member)``.

    What the history has spanned without its largest single change, and a factor of two beyond; six years
    ahead, growing with the horizon after that. A history that jumps once, or nearly explodes, would otherwise
    get bounds of no use to anybody; draws and probabilities are not touched. Fewer than five figures have no
    range to speak of and no limit.
    """
    if grown.name not in model.history or grown.counts:
        return np.full((len(steps), grown.size), np.inf)
    figures = model.history[grown.name].transpose(..., YEAR).to_numpy().reshape(grown.size, -1)
    with np.errstate(divide="ignore", invalid="ignore"):
        levels = from_first_figure(latest(grown.carrier.forward(np.asarray(figures, float)), LONGEST))
    enough = np.isfinite(levels).sum(axis=1) >= OWN_POINTS
    span = np.where(enough, _span_without_largest(levels), np.inf)
    return np.asarray((span + _SLACK) * np.maximum(1.0, steps / _YEARS)[:, None])


def _span_without_largest(levels: Array) -> Array:
    """Range of the levels once the largest change between two figures is taken out, ``(member,)``."""
    if levels.shape[1] < 2:
        return np.zeros(len(levels))
    years = np.where(np.isfinite(levels), np.arange(levels.shape[1]), 0)
    filled = np.take_along_axis(levels, np.maximum.accumulate(years, axis=1), axis=1)
    with np.errstate(invalid="ignore"):  # years before the first figure, figures on a bound
        change = np.diff(filled, axis=1)
    change[~np.isfinite(change)] = 0.0
    np.put_along_axis(change, np.abs(change).argmax(axis=1)[:, None], 0.0, axis=1)
    path = change.cumsum(axis=1)
    return np.asarray(np.maximum(path.max(axis=1), 0.0) - np.minimum(path.min(axis=1), 0.0))
