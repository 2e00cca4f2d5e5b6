"""The histogram of probability integral transforms, with what chance allows."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from scipy import stats

from sxsim.analysis.scores.gate import Dims, check_share, named
from sxsim.errors import RequestError

Array = NDArray[np.float64]

PIT_BIN = "pit_bin"


def pit_histogram(values: xr.DataArray, *, bins: int = 10, dim: Dims = ..., level: float = 0.9) -> xr.Dataset:
    """Return how transformed values are spread over equal bins: evenly if the forecasts are right.

    A hump in the middle says that forecasts were too wide, high ends that they were too narrow, a slope that
    they were too low (rising) or too high (falling).

    Parameters
    ----------
    values
        Probability integral transforms; NaN is left out.
    bins
        Number of bins.
    dim
        Dimensions over which the values are one sample; ``...`` for all.
    level
        Probability that all bins together lie in their band, at least, if the values are uniform and
        independent. Values of several years ahead, or of members that share their years, are not.

    Returns
    -------
    xarray.Dataset
        ``share``, ``low`` and ``high`` on the dimension ``pit_bin``, its coordinate the middle of the bins;
        ``cases``, the number of values. NaN where there is none.

    Raises
    ------
    RequestError
        A value outside [0, 1], fewer than two bins, or a level not between 0 and 1.
    UnknownNameError
        A dimension is not there.

    References
    ----------
    Gneiting, Balabdaoui and Raftery (2007), https://doi.org/10.1111/j.1467-9868.2007.00587.x

    Examples
    --------
    >>> import xarray as xr
    >>> pit_histogram(xr.DataArray([0.1, 0.2, 0.3, 0.9], dims="year"), bins=2).share.values.tolist()
    [0.75, 0.25]
    """
    if bins < 2:
        raise RequestError(f"bins={bins}.", "Give a whole number of at least 2.")
    wrong = values.values[(values.values < 0.0) | (values.values > 1.0)]
    if wrong.size:
        raise RequestError(f"values holds {wrong.flat[0]:g}.", "Give numbers between 0 and 1.")
    together = values.reset_coords(drop=True).stack(sample=named(values, dim), create_index=False)
    parts = xr.apply_ufunc(
        _spread,
        together,
        input_core_dims=[["sample"]],
        output_core_dims=[["part", PIT_BIN]],
        vectorize=True,
        kwargs={"bins": bins, "half": 0.5 * (1.0 - check_share("level", level)) / bins},
    )
    table = {name: parts.isel(part=i) for i, name in enumerate(("share", "low", "high"))}
    middles = (np.arange(bins) + 0.5) / bins
    return xr.Dataset(table | {"cases": together.notnull().sum("sample")}).assign_coords({PIT_BIN: middles})


def _spread(values: Array, bins: int, half: float) -> Array:
    known = values[np.isfinite(values)]
    if not known.size:
        return np.full((3, bins), np.nan)
    place = np.minimum((known * bins).astype(int), bins - 1)
    share = np.bincount(place, minlength=bins) / known.size
    ends = stats.binom.ppf([half, 1.0 - half], known.size, 1.0 / bins) / known.size
    return np.stack([share, *(np.full(bins, end) for end in ends)])
