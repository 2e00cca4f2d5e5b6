"""Were the revisions of a probability foreseeable? A probability that is right is a martingale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim.analysis.scores.gate import Dims, named
from sxsim.analysis.scores.reliability import bin_of, check_edges
from sxsim.errors import RequestError
from sxsim.labels import ORIGIN

Array = NDArray[np.float64]

_EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def updates(
    probability: xr.DataArray, *, over: str = ORIGIN, edges: Sequence[float] = _EDGES, dim: Dims = ...
) -> xr.Dataset:
    """Test whether probabilities that are announced again and again change only by what is new.

    If each is the probability given all that is known by then, ``E(P_{t+1} - P_t | P_t) = 0``: the mean
    change is zero in every year, and so is that of the cases that stood equally high. And beliefs move by
    as much as they lose in uncertainty, ``E sum (P_{t+1} - P_t)^2 = E[P_0 (1 - P_0) - P_T (1 - P_T)]``: more
    movement means overreaction, less means that news is taken up too slowly.

    Parameters
    ----------
    probability
        What was announced, year after year; the outcome itself may stand last, as 0 or 1.
    over
        Dimension along which it is announced again, in order.
    edges
        Ends of the bins of ``P_t``, ascending from 0 to 1; a case on an edge belongs to the bin above it.
    dim
        Dimensions over which cases are independent repetitions; ``...`` for all others.

    Returns
    -------
    xarray.Dataset
        ``change`` with ``change_error`` for each step, labelled by the year it leads to; ``bin_change``,
        ``bin_change_error`` and ``bin_updates`` (how many) on the dimension ``bin`` with the coordinates
        ``low`` and ``high``; ``excess_movement`` (movement less the uncertainty lost) with its error. Errors
        are standard errors over the cases; steps of one case are uncorrelated if the probabilities are right.
        Near 0 and 1 changes are rare and large: with fewer than a hundred or two of them in a bin its error
        may come out too small.

    Raises
    ------
    RequestError
        A probability outside [0, 1], fewer than two of them along ``over``, or edges that do not ascend
        from 0 to 1.
    UnknownNameError
        A dimension is not there.

    References
    ----------
    Augenblick and Rabin (2021), https://doi.org/10.1093/qje/qjaa043

    Examples
    --------
    >>> import xarray as xr
    >>> p = xr.DataArray([[0.5, 0.75, 1.0], [0.5, 0.25, 0.0]], dims=("case", "origin"))
    >>> updates(p).change.values.tolist()
    [0.0, 0.0]
    """
    ends = check_edges(edges)
    named(probability, over)
    if probability.sizes[over] < 2:
        raise RequestError(f"probability holds one value along {over!r}.", "Give at least two years.")
    wrong = probability.values[(probability.values < 0.0) | (probability.values > 1.0)]
    if wrong.size:
        raise RequestError(f"probability holds {wrong.flat[0]:g}.", "Give numbers between 0 and 1.")
    names = named(probability.isel({over: 0}, drop=True), dim)
    together = probability.reset_coords(drop=True).transpose(..., *names)
    sample = together.stack(sample=names, create_index=False)
    return xr.Dataset(_by_step(sample, over) | _by_bin(sample, over, ends) | _movement(sample, over))


def _by_step(sample: xr.DataArray, over: str) -> dict[str, xr.DataArray]:
    change = sample.diff(over)
    return {"change": change.mean("sample"), "change_error": _error(change)}


def _by_bin(sample: xr.DataArray, over: str, ends: Array) -> dict[str, xr.DataArray]:
    before, after = (sample.isel({over: place}).drop_vars(over, errors="ignore") for place in _STEPS)
    both = xr.concat([before, after], dim="side").transpose(..., "side", over, "sample")
    parts = xr.apply_ufunc(
        _binned,
        both,
        input_core_dims=[["side", over, "sample"]],
        output_core_dims=[["part", "bin"]],
        vectorize=True,
        kwargs={"ends": ends},
    ).assign_coords(low=("bin", ends[:-1]), high=("bin", ends[1:]))
    names = ("bin_change", "bin_change_error", "bin_updates")
    return {name: parts.isel(part=i) for i, name in enumerate(names)}


_STEPS = (slice(None, -1), slice(1, None))


def _binned(both: Array, ends: Array) -> Array:
    before, after = both.reshape(2, -1)
    known = np.isfinite(before + after)
    change, where = (after - before)[known], bin_of(before[known], ends)
    count, total, squares = (
        np.bincount(where, weights=w, minlength=ends.size - 1) for w in (change**0, change, change**2)
    )
    some = np.where(count > 0, count, np.nan)
    return np.stack([total / some, np.sqrt(squares) / some, count])


def _movement(sample: xr.DataArray, over: str) -> dict[str, xr.DataArray]:
    spread = sample * (1.0 - sample)
    lost = spread.isel({over: 0}, drop=True) - spread.isel({over: -1}, drop=True)
    excess = (sample.diff(over) ** 2).sum(over, skipna=False) - lost
    return {
        "excess_movement": excess.mean("sample"),
        "excess_movement_error": _error(excess),
    }


def _error(values: xr.DataArray) -> xr.DataArray:
    """Return the standard error of the mean over cases."""
    return values.std("sample", ddof=1) / np.sqrt(values.notnull().sum("sample"))
