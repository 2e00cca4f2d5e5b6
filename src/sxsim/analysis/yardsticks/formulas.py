"""The formulas of the official progress measures: arrays in, arrays out; nothing here knows a plan.

Arrays broadcast against each other. What a formula needs (values above zero, time that has passed) is the
caller's to see to; NaN goes in and comes out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def share_of_level(figure: ArrayLike, goal: ArrayLike) -> Array:
    """Return the figure as a share of the level asked for, at most one.

    Examples
    --------
    >>> share_of_level([1.09, 3.0], 2.5).round(3).tolist()
    [0.436, 1.0]
    """
    return np.minimum(np.divide(figure, goal), 1.0)


def straight_share(base: ArrayLike, figure: ArrayLike, goal: ArrayLike) -> Array:
    """Return the part of the way from the base to the goal that is done, in equal amounts a year.

    Examples
    --------
    >>> float(straight_share(0.0, 95.4, 110.0).round(3))
    0.867
    """
    return np.divide(np.subtract(figure, base), np.subtract(goal, base))


def steady_share(base: ArrayLike, figure: ArrayLike, goal: ArrayLike) -> Array:
    """Return the part of the way from the base to the goal that is done, at an equal growth a year.

    Examples
    --------
    >>> float(steady_share(1.0, 0.9513, 0.83).round(3))
    0.268
    """
    return np.log(np.divide(figure, base)) / np.log(np.divide(goal, base))


def annual_growth(first: ArrayLike, last: ArrayLike, years: ArrayLike) -> Array:
    """Return the growth a year, a fraction, that leads from the first value to the last.

    Examples
    --------
    >>> float(annual_growth(1.09, 2.5, 8).round(4))
    0.1093
    """
    return np.divide(last, first) ** np.divide(1.0, years) - 1.0


def trend_growth(years: ArrayLike, values: ArrayLike, used: ArrayLike) -> Array:
    """Return the growth a year of a straight line through the logarithms, by least squares.

    Parameters
    ----------
    years, values, used
        ``(..., year)``; only the figures that are used need to be above zero.

    Examples
    --------
    >>> float(trend_growth([2000, 2001, 2003], [100.0, 90.0, 72.9], [True, True, True]).round(6))
    -0.1
    """
    used = np.asarray(used, dtype=bool)
    x, y = np.broadcast_arrays(np.asarray(years, float), np.log(np.where(used, values, 1.0)))
    count = np.where(used.any(-1, keepdims=True), used.sum(-1, keepdims=True), np.nan)
    x = np.where(used, x - np.where(used, x, 0.0).sum(-1, keepdims=True) / count, 0.0)
    spread = (x**2).sum(-1)
    slope = (x * np.where(used, y, 0.0)).sum(-1) / np.where(spread > 0, spread, np.nan)
    return np.asarray(np.exp(slope) - 1.0)


def pace_ratio(actual: ArrayLike, required: ArrayLike, direction: ArrayLike) -> Array:
    """Return the actual growth in the direction asked for, over the size of the growth required.

    Examples
    --------
    >>> pace_ratio([0.02, -0.02], 0.04, 1).tolist(), pace_ratio([0.02, -0.02], -0.04, -1).tolist()
    ([0.5, -0.5], [-0.5, 0.5])
    """
    return np.divide(np.multiply(direction, actual), np.abs(required))


def current_status(base: ArrayLike, figure: ArrayLike, goal: ArrayLike, direction: ArrayLike) -> Array:
    """Return the progress since the base on a scale where the goal is ten.

    Examples
    --------
    >>> float(current_status(40.0, 30.0, 20.0, -1))
    5.0
    """
    way = np.abs(np.subtract(goal, base))
    return 10.0 * np.divide(np.multiply(direction, np.subtract(figure, base)), way)


def extrapolated_share(
    base: ArrayLike, figure: ArrayLike, goal: ArrayLike, elapsed: ArrayLike, left: ArrayLike
) -> Array:
    """Return the part of the way done in the target year, if the growth so far goes on.

    Examples
    --------
    >>> float(extrapolated_share(100.0, 110.0, 146.41, 1, 3).round(6))
    1.0
    """
    expected = np.multiply(figure, np.divide(figure, base) ** np.divide(left, elapsed))
    return straight_share(base, expected, goal)
