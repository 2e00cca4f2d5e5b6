"""How far a reported quantile may lie from the last figure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sxsim.fitting.fit import OWN_POINTS
from sxsim.fitting.grid import LONGEST
from sxsim.fitting.walk import latest
from sxsim.labels import YEAR
from sxsim.processes import Grown, GrowthModel

Array = NDArray[np.float64]

_SPANS, _SLACK, _YEARS = 3.0, 0.5, 6.0


def farthest_change(model: GrowthModel, grown: Grown, steps: Array) -> Array:
    """Return the largest change on the link scale that is reported, ``(year, member)``.

    Three times the range of the history and a half more, six years ahead, growing with the horizon beyond.
    A history that nearly explodes would otherwise get bounds of no use to anybody; draws and probabilities
    are not touched. Fewer than five figures have no range to speak of and no limit.
    """
    if grown.name not in model.history:
        return np.full((len(steps), grown.size), np.inf)
    figures = model.history[grown.name].transpose(..., YEAR).to_numpy().reshape(grown.size, -1)
    with np.errstate(divide="ignore", invalid="ignore"):
        levels = latest(grown.carrier.forward(np.asarray(figures, float)), LONGEST)
    used = np.isfinite(levels)
    highest = np.max(levels, axis=1, where=used, initial=-np.inf)
    lowest = np.min(levels, axis=1, where=used, initial=np.inf)
    enough = used.sum(axis=1) >= OWN_POINTS
    span = np.where(enough, highest - lowest, np.inf)
    return np.asarray((_SPANS * span + _SLACK) * np.maximum(1.0, steps / _YEARS)[:, None])
