"""Whole paths of a backtest: did the years ahead come together as they were said to?"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis import scores
from sxsim.links import Carrier
from sxsim.studies.outlook import on_link
from sxsim.studies.windows import Window, last_level

Array = NDArray[np.float64]

PATH_SCORES = ("energy", "variogram")
FARTHEST = 5.0  # nothing is farther off than this on the scale of growth

_DRAWS, _LAGS = 512, 16


def path_scores(paths: xr.Dataset, window: Window, carriers: Mapping[str, Carrier]) -> xr.Dataset:
    """Score the first draws of every path on what came, ``(path_score, *batch)``.

    On the scale of growth, as changes since the last figure: the published scale has no mean to speak of.
    A single draw has no score.
    """
    if paths.sizes.get(labels.DRAW, 0) < 2:
        return xr.Dataset()
    return xr.Dataset({name: _scored(paths[name], window, carriers[name]) for name in map(str, paths)})


def _scored(paths: xr.DataArray, window: Window, carrier: Carrier) -> xr.DataArray:
    name = str(paths.name)
    last, _ = last_level(window.history[name], carrier)
    truth = window.truth[name].where(window.scored[name])
    said, came = (
        xr.apply_ufunc(on_link, one, kwargs={"carrier": carrier}) - last
        for one in (paths.isel({labels.DRAW: slice(_DRAWS)}), truth)
    )
    said, came = said.clip(-FARTHEST, FARTHEST), came.where(np.isfinite(came))
    lags = min(_LAGS, said.sizes[labels.DRAW] - 1)
    parts = [
        scores.energy(said, came, over=labels.YEAR, lags=lags),
        scores.variogram(said, came, over=labels.YEAR),
    ]
    return xr.concat(parts, dim=xr.Variable("path_score", list(PATH_SCORES)))


def answered_by_all(values: Array) -> Array:
    """Leave out members that one forecaster left unanswered, ``(model, path_score, member)``.

    A forecaster that knows no joint law of the years stays without a score.
    """
    known = np.isfinite(values)
    capable = known.any(axis=-1, keepdims=True)
    return np.where((known | ~capable).all(axis=0), values, np.nan)
