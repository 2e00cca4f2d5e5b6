"""The formulas of the scores on plain arrays, which broadcast; the doors around them match labels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def pinball_loss(quantile: Array, level: Array | float, truth: Array) -> Array:
    """``(y - q) (tau - 1{y < q})``."""
    missed = truth - quantile
    return np.asarray(missed * (level - (missed < 0)))


def range_score(low: Array, high: Array, truth: Array, level: float) -> Array:
    """Width plus ``2 / (1 - level)`` times the distance by which the truth lies outside."""
    outside = np.maximum(low - truth, 0.0) + np.maximum(truth - high, 0.0)
    return np.asarray(high - low + 2.0 / (1.0 - level) * outside)


def covered(low: Array, high: Array, truth: Array) -> Array:
    """1 inside, 0 outside, NaN where there is nothing to compare."""
    inside = ((truth >= low) & (truth <= high)).astype(float)
    return np.where(np.isnan(low + high + truth), np.nan, inside)


def symmetric_error(forecast: Array, truth: Array) -> Array:
    """``200 |y - f| / (|y| + |f|)``, 0 where both are 0."""
    size = np.abs(truth) + np.abs(forecast)
    zero = size == 0
    return np.where(zero, 0.0, 200.0 * np.abs(truth - forecast) / np.where(zero, 1.0, size))
