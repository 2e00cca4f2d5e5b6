"""Scores of a point forecast, as the M competitions define them."""

from __future__ import annotations

import numpy as np
import xarray as xr

from sxsim.analysis.scores.formulas import symmetric_error
from sxsim.analysis.scores.gate import Dims, averaged, scored
from sxsim.analysis.scores.quantile import interval_score
from sxsim.labels import YEAR


def smape(
    forecast: xr.DataArray, truth: xr.DataArray, *, dim: Dims = (), weights: xr.DataArray | None = None
) -> xr.DataArray:
    """Return the symmetric absolute percentage error, ``200 |y - f| / (|y| + |f|)``; 0 where both are 0.

    Parameters
    ----------
    forecast, truth
        A point, such as the median, and what came.
    dim, weights
        Dimensions to average over (``()`` none, ``...`` all), and the weight of each case.

    Returns
    -------
    xarray.DataArray
        In percent, between 0 and 200.

    Raises
    ------
    RequestError
        The labels differ.

    References
    ----------
    Makridakis, Spiliotis and Assimakopoulos (2020), https://doi.org/10.1016/j.ijforecast.2019.04.014

    Examples
    --------
    >>> import xarray as xr
    >>> float(smape(xr.DataArray(90.0), xr.DataArray(110.0)))
    20.0
    """
    return scored(symmetric_error, {"forecast": forecast, "truth": truth}, dim=dim, weights=weights)


def mean_absolute_change(history: xr.DataArray) -> xr.DataArray:
    """Return the mean absolute change between neighbouring years: the unit of the scaled errors.

    Parameters
    ----------
    history
        Figures with the dimension ``year``, NaN where missing.

    Returns
    -------
    xarray.DataArray
        Without ``year``; NaN for a series that never changed, whose errors have no unit.

    Examples
    --------
    >>> import xarray as xr
    >>> float(mean_absolute_change(xr.DataArray([1.0, 3.0, 2.0], dims="year")))
    1.5
    """
    unit: xr.DataArray = abs(history.diff(YEAR)).mean(YEAR)
    return unit.where(unit > 0)


def mase(
    forecast: xr.DataArray,
    truth: xr.DataArray,
    history: xr.DataArray,
    *,
    dim: Dims = (),
    weights: xr.DataArray | None = None,
) -> xr.DataArray:
    """Return the absolute error in units of the mean absolute yearly change of the history.

    Parameters
    ----------
    forecast, truth
        A point, such as the median, and what came.
    history
        Figures that were known, with the dimension ``year``.
    dim, weights
        Dimensions to average over (``()`` none, ``...`` all), and the weight of each case.

    Returns
    -------
    xarray.DataArray
        Free of units.

    Raises
    ------
    RequestError
        The labels differ.

    References
    ----------
    Hyndman and Koehler (2006), https://doi.org/10.1016/j.ijforecast.2006.03.001

    Examples
    --------
    >>> import xarray as xr
    >>> history = xr.DataArray([1.0, 3.0, 2.0], dims="year")
    >>> float(mase(xr.DataArray(5.0), xr.DataArray(2.0), history))
    2.0
    """
    error = scored(lambda f, y: np.abs(y - f), {"forecast": forecast, "truth": truth})
    return averaged(error / mean_absolute_change(history), dim, weights)


def msis(
    low: xr.DataArray,
    high: xr.DataArray,
    truth: xr.DataArray,
    history: xr.DataArray,
    *,
    level: float = 0.95,
    dim: Dims = (),
    weights: xr.DataArray | None = None,
) -> xr.DataArray:
    """Return the interval score in units of the mean absolute yearly change of the history.

    Parameters
    ----------
    low, high, truth
        Both ends of the range and what came.
    history
        Figures that were known, with the dimension ``year``.
    level
        Probability that the range claims.
    dim, weights
        Dimensions to average over (``()`` none, ``...`` all), and the weight of each case.

    Returns
    -------
    xarray.DataArray
        Free of units.

    Raises
    ------
    RequestError
        The level is not between 0 and 1, or the labels differ.

    References
    ----------
    Makridakis, Spiliotis and Assimakopoulos (2020), https://doi.org/10.1016/j.ijforecast.2019.04.014

    Examples
    --------
    >>> import xarray as xr
    >>> history = xr.DataArray([1.0, 3.0, 2.0], dims="year")
    >>> low, high, truth = (xr.DataArray(x) for x in (1.0, 4.0, 2.0))
    >>> float(msis(low, high, truth, history))
    2.0
    """
    score = interval_score(low, high, truth, level=level)
    return averaged(score / mean_absolute_change(history), dim, weights)


def owa(
    smape: xr.DataArray, mase: xr.DataArray, reference_smape: xr.DataArray, reference_mase: xr.DataArray
) -> xr.DataArray:
    """Return the overall weighted average of the M4 competition: the mean of two ratios to a reference.

    Parameters
    ----------
    smape, mase
        Averaged scores of a method.
    reference_smape, reference_mase
        The same of the reference, in the competition the naive forecast.

    Returns
    -------
    xarray.DataArray
        1 where the method is as good as the reference, less where it is better.

    References
    ----------
    Makridakis, Spiliotis and Assimakopoulos (2020), https://doi.org/10.1016/j.ijforecast.2019.04.014

    Examples
    --------
    >>> import xarray as xr
    >>> float(owa(*(xr.DataArray(x) for x in (12.0, 3.0, 16.0, 4.0))))
    0.75
    """
    return 0.5 * (smape / reference_smape + mase / reference_mase)
