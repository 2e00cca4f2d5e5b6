"""Analytic intensities of shrinkage, for comparison with the one that a fit learns.

A correlation ``R`` of few years is drawn towards a target: ``(1 - intensity) R + intensity target``. Each
formula estimates the intensity of least squared error from the same years. ``benchmarks/correlation.py``
compares them with what :func:`sxsim.fitting.dependence.correlation_draws` does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def constant_target(correlation: Array) -> Array:
    """Return the matrix whose pairs all have the mean correlation.

    Examples
    --------
    >>> constant_target(np.array([[1.0, 0.2, 0.4], [0.2, 1.0, 0.6], [0.4, 0.6, 1.0]]))[0].round(3).tolist()
    [1.0, 0.4, 0.4]
    """
    count = len(correlation)
    off = ~np.eye(count, dtype=bool)
    return np.where(off, correlation[off].mean() if count > 1 else 0.0, 1.0)


def schafer_strimmer_intensity(correlation: Array, target: Array, years: float) -> float:
    """Return the intensity of Schafer and Strimmer: sum of Var(r) over sum of (r - t)^2, within [0, 1].

    The variance of a correlation of ``years`` common years is ``(1 - r^2)^2 / (years - 1)``.

    References
    ----------
    Schafer and Strimmer (2005), https://doi.org/10.2202/1544-6115.1175.

    Examples
    --------
    >>> pair = np.array([[1.0, 0.5], [0.5, 1.0]])
    >>> round(schafer_strimmer_intensity(pair, np.eye(2), 10), 4)
    0.25
    """
    off = ~np.eye(len(correlation), dtype=bool)
    variance = ((1.0 - correlation[off] ** 2) ** 2).sum() / (years - 1.0)
    return _intensity(variance, ((correlation - target)[off] ** 2).sum())


def oas_intensity(correlation: Array, years: float) -> float:
    """Return the oracle-approximating intensity towards the identity, for normal innovations.

    References
    ----------
    Chen, Wiesel, Eldar and Hero (2010), equation 23, https://doi.org/10.1109/TSP.2010.2053029.

    Examples
    --------
    >>> round(oas_intensity(np.array([[1.0, 0.5], [0.5, 1.0]]), 10), 4)
    0.8
    """
    count = len(correlation)
    square, trace = (correlation**2).sum(), np.trace(correlation)
    upper = (1.0 - 2.0 / count) * square + trace**2
    return _intensity(upper, (years + 1.0 - 2.0 / count) * (square - trace**2 / count))


def ledoit_wolf_intensity(table: Array) -> float:
    """Return the intensity of Ledoit and Wolf towards a multiple of the identity.

    ``table`` holds innovations ``(year, indicator)`` of mean zero, without gaps.

    References
    ----------
    Ledoit and Wolf (2004), https://doi.org/10.1016/S0047-259X(03)00096-4.

    Examples
    --------
    >>> ledoit_wolf_intensity(np.eye(2))
    1.0
    """
    years, count = table.shape
    moments = table.T @ table / years
    error = ((table**2).sum(axis=1) ** 2).sum() / years**2 - (moments**2).sum() / years
    return _intensity(error, ((moments - np.trace(moments) / count * np.eye(count)) ** 2).sum())


def _intensity(error: float, distance: float) -> float:
    """Return error over distance within [0, 1]; all the way where there is no distance."""
    return float(np.clip(error / distance, 0.0, 1.0)) if distance > 0 else 1.0
