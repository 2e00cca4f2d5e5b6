"""Scores of a forecast that is given by its quantiles."""

from __future__ import annotations

from functools import partial

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim.analysis.scores.formulas import covered, pinball_loss, range_score
from sxsim.analysis.scores.gate import Dims, averaged, check_share, matched, scored
from sxsim.errors import RequestError
from sxsim.labels import QUANTILE

Array = NDArray[np.float64]

_SAME = 1e-9


def pinball(
    forecast: xr.DataArray, truth: xr.DataArray, *, dim: Dims = (), weights: xr.DataArray | None = None
) -> xr.DataArray:
    """Return the pinball loss of every quantile: how wrong it was, lower is better.

    ``(y - q) tau`` above the quantile ``q`` of probability ``tau`` and ``(q - y)(1 - tau)`` below it.

    Parameters
    ----------
    forecast
        Quantiles with the dimension ``quantile``, its coordinate the probabilities.
    truth
        What came, in the same units.
    dim, weights
        Dimensions to average over (``()`` none, ``...`` all), and the weight of each case.

    Returns
    -------
    xarray.DataArray
        In the units of the forecast, with the dimension ``quantile`` unless it was averaged over.

    Raises
    ------
    RequestError
        There is no dimension ``quantile``, or the labels differ.

    References
    ----------
    Gneiting and Raftery (2007), https://doi.org/10.1198/016214506000001437

    Examples
    --------
    >>> import xarray as xr
    >>> forecast = xr.DataArray([8.0, 12.0], dims="quantile", coords={"quantile": [0.1, 0.9]})
    >>> pinball(forecast, xr.DataArray(13.0)).values.round(3).tolist()
    [0.5, 0.9]
    """
    arrays = matched({"forecast": forecast, "truth": truth}, {"forecast": QUANTILE})
    said = arrays["forecast"]
    loss: xr.DataArray = xr.apply_ufunc(pinball_loss, said, said[QUANTILE], arrays["truth"])
    return averaged(loss, dim, weights)


def crps_quantiles(
    forecast: xr.DataArray, truth: xr.DataArray, *, dim: Dims = (), weights: xr.DataArray | None = None
) -> xr.DataArray:
    """Return the continuous ranked probability score from evenly spaced quantiles: lower is better.

    Twice the mean pinball loss over the levels, which tends to the CRPS as the levels become dense. It is
    finite where the law has no mean.

    Parameters
    ----------
    forecast
        Quantiles with the dimension ``quantile``, its coordinate evenly spaced probabilities such as .05,
        .1, ..., .95.
    truth
        What came, in the same units.
    dim, weights
        Dimensions to average over (``()`` none, ``...`` all), and the weight of each case.

    Returns
    -------
    xarray.DataArray
        In the units of the forecast.

    Raises
    ------
    RequestError
        The levels are not evenly spaced, there is no dimension ``quantile``, or the labels differ.

    References
    ----------
    Gneiting and Raftery (2007), https://doi.org/10.1198/016214506000001437

    Examples
    --------
    >>> import xarray as xr
    >>> levels = [0.25, 0.5, 0.75]
    >>> forecast = xr.DataArray([9.0, 10.0, 11.0], dims="quantile", coords={"quantile": levels})
    >>> round(float(crps_quantiles(forecast, xr.DataArray(10.0))), 4)
    0.3333
    """
    if QUANTILE in forecast.dims:
        _check_even(forecast[QUANTILE].to_numpy())
    loss = pinball(forecast, truth)
    complete = loss.notnull().all(QUANTILE)
    return averaged((2.0 * loss.mean(QUANTILE)).where(complete), dim, weights)


def central(forecast: xr.DataArray, level: float) -> tuple[xr.DataArray, xr.DataArray]:
    """Return both ends of a central range, such as the quantiles .025 and .975 for 0.95.

    Parameters
    ----------
    forecast
        Quantiles with the dimension ``quantile``.
    level
        Probability of the range.

    Returns
    -------
    tuple of xarray.DataArray
        Lower and upper end, without the dimension ``quantile``.

    Raises
    ------
    RequestError
        The forecast does not hold these quantiles, or the level is not between 0 and 1.

    Examples
    --------
    >>> import xarray as xr
    >>> forecast = xr.DataArray([8.0, 12.0], dims="quantile", coords={"quantile": [0.1, 0.9]})
    >>> [float(end) for end in central(forecast, 0.8)]
    [8.0, 12.0]
    """
    half = 0.5 * (1.0 - check_share("level", level))
    return at_level(forecast, half), at_level(forecast, 1.0 - half)


def at_level(forecast: xr.DataArray, level: float) -> xr.DataArray:
    """Return one quantile of a forecast, refusing one that was not asked for."""
    arrays = matched({"forecast": forecast}, {"forecast": QUANTILE})
    levels = arrays["forecast"][QUANTILE].to_numpy()
    place = np.flatnonzero(np.abs(levels - level) < _SAME)
    if not place.size:
        raise RequestError(
            f"The forecast has no quantile {level:g}; it has {', '.join(f'{one:g}' for one in levels)}.",
            "Ask sx.forecast for this quantile too.",
        )
    return forecast.isel({QUANTILE: int(place[0])}, drop=True)


def interval_score(
    low: xr.DataArray,
    high: xr.DataArray,
    truth: xr.DataArray,
    *,
    level: float = 0.95,
    dim: Dims = (),
    weights: xr.DataArray | None = None,
) -> xr.DataArray:
    """Return the width of a central range plus the penalty for missing it: lower is better.

    ``(u - l) + 2/a (l - y)+ + 2/a (y - u)+`` with ``a = 1 - level``.

    Parameters
    ----------
    low, high
        Both ends, as :func:`central` gives them.
    truth
        What came, in the same units.
    level
        Probability that the range claims.
    dim, weights
        Dimensions to average over (``()`` none, ``...`` all), and the weight of each case.

    Returns
    -------
    xarray.DataArray
        In the units of the forecast.

    Raises
    ------
    RequestError
        The level is not between 0 and 1, or the labels differ.

    References
    ----------
    Gneiting and Raftery (2007), https://doi.org/10.1198/016214506000001437

    Examples
    --------
    >>> import xarray as xr
    >>> float(interval_score(xr.DataArray(8.0), xr.DataArray(12.0), xr.DataArray(13.0), level=0.5))
    8.0
    """
    core = partial(range_score, level=check_share("level", level))
    return scored(core, {"low": low, "high": high, "truth": truth}, dim=dim, weights=weights)


def coverage(
    low: xr.DataArray,
    high: xr.DataArray,
    truth: xr.DataArray,
    *,
    dim: Dims = (),
    weights: xr.DataArray | None = None,
) -> xr.DataArray:
    """Say how often the truth lay inside the range, ends included.

    Parameters
    ----------
    low, high
        Both ends, as :func:`central` gives them.
    truth
        What came, in the same units.
    dim, weights
        Dimensions to average over (``()`` none, ``...`` all), and the weight of each case.

    Returns
    -------
    xarray.DataArray
        1 inside and 0 outside, or the share after averaging; NaN where there is nothing to compare.

    Raises
    ------
    RequestError
        The labels differ.

    Examples
    --------
    >>> import xarray as xr
    >>> truth = xr.DataArray([9.0, 13.0], dims="year")
    >>> float(coverage(xr.DataArray(8.0), xr.DataArray(12.0), truth, dim="year"))
    0.5
    """
    return scored(covered, {"low": low, "high": high, "truth": truth}, dim=dim, weights=weights)


def _check_even(levels: Array) -> None:
    """Steps are equal, and the ends leave as much room as a step, or half of it."""
    step = 1.0 - levels.sum() if levels.size == 1 else float(np.diff(levels).mean())
    even = levels.size == 1 or np.allclose(np.diff(levels), step, atol=1e-6)
    centred = np.isclose(levels[0] + levels[-1], 1.0, atol=1e-6)
    if not (even and centred):
        raise RequestError(
            f"The quantiles {', '.join(f'{one:g}' for one in levels)} are not evenly spaced about 0.5.",
            "Select levels such as .05, .1, ..., .95 first.",
        )
