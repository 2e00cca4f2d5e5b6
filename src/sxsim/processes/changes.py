"""A path with the level it starts from, and its yearly changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def from_start(start: Array, levels: Array) -> Array:
    """Return the levels ``(year, ...)`` with the one before them in front."""
    return np.concatenate([np.asarray(start, float)[None], levels])


def yearly_changes(start: Array, levels: Array) -> Array:
    """Return what every year adds to the level before it, ``(year, ...)``."""
    return np.asarray(np.diff(from_start(start, levels), axis=0))
