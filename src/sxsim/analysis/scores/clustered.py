"""Means over cases that share their calendar years, with an honest standard error."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim.errors import RequestError
from sxsim.labels import ORIGIN

Array = NDArray[np.float64]


def clustered_mean(values: xr.DataArray, cases: xr.DataArray, *, horizon: int) -> xr.Dataset:
    """Average scores over origins and say how far the mean may be off by the years that happened to come.

    All members scored from one origin live through the same years, so an origin is one observation. Two
    origins ``d`` years apart share ``1 - d / horizon`` of the years ahead, and are taken to be correlated by
    that share. With weights ``w`` (cases of each origin over all cases) and that correlation ``R`` the
    origins are worth ``1 / (w' R w)`` independent ones,

    ``se^2 = s^2 w' R w``,  ``s^2 = sum_g w_g (x_g - mean)^2 / (1 - w' R w)``,

    the usual error clustered by origin where no windows overlap (Cameron and Miller 2015), and larger where
    they do, as in panel errors that are robust to common shocks (Driscoll and Kraay 1998).

    Parameters
    ----------
    values
        Mean score of each origin, with the dimension ``origin`` (years).
    cases
        Number of cases behind each of them.
    horizon
        Years ahead that the scores speak of.

    Returns
    -------
    xarray.Dataset
        ``mean``, ``standard_error`` (NaN where a single origin was scored: it cannot say how years differ)
        and ``effective_origins``.

    Raises
    ------
    RequestError
        There is no dimension ``origin``, or the horizon is not at least a year.

    References
    ----------
    Cameron and Miller (2015), https://doi.org/10.3368/jhr.50.2.317; Driscoll and Kraay (1998),
    https://doi.org/10.1162/003465398557825

    Examples
    --------
    >>> import xarray as xr
    >>> values = xr.DataArray([0.2, 0.4], dims="origin", coords={"origin": [2005, 2010]})
    >>> found = clustered_mean(values, xr.ones_like(values), horizon=5)
    >>> round(float(found["mean"]), 3), round(float(found.standard_error), 3), float(found.effective_origins)
    (0.3, 0.1, 2.0)
    """
    if ORIGIN not in values.dims:
        raise RequestError(
            "values has no dimension 'origin'.", "Average over the members only, not the origins."
        )
    if horizon < 1:
        raise RequestError(f"horizon={horizon}.", "Give a whole number of at least 1.")
    years = values[ORIGIN].to_numpy().astype(float)
    shared = np.clip(1.0 - np.abs(years[:, None] - years) / horizon, 0.0, None)
    parts = xr.apply_ufunc(
        lambda x, n: _clustered(x, n, shared),
        values,
        cases,
        input_core_dims=[[ORIGIN], [ORIGIN]],
        output_core_dims=[["part"]],
    )
    names = ("mean", "standard_error", "effective_origins")
    return xr.Dataset({name: parts.isel(part=i) for i, name in enumerate(names)})


def _clustered(values: Array, cases: Array, shared: Array) -> Array:
    known = np.isfinite(values) & (cases > 0)
    weights = np.where(known, cases, 0.0)
    total = weights.sum(axis=-1, keepdims=True)
    weights = weights / np.where(total > 0, total, np.nan)
    x = np.where(known, values, 0.0)
    mean = (weights * x).sum(axis=-1)
    q = np.einsum("...g,gh,...h->...", weights, shared, weights)
    alone = q > 1.0 - 1e-9
    spread = (weights * (x - mean[..., None]) ** 2).sum(axis=-1) / np.where(alone, np.nan, 1.0 - q)
    return np.stack([mean, np.sqrt(spread * q), 1.0 / q], axis=-1)
