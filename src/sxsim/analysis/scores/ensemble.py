"""Scores of a forecast that is given by draws."""

from __future__ import annotations

from functools import partial

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim.analysis.scores.gate import Dims, matched, named, scored
from sxsim.errors import RequestError
from sxsim.labels import DRAW
from sxsim.streams import Role, Seed, type_of_rng

Array = NDArray[np.float64]


def crps_draws(
    paths: xr.DataArray,
    truth: xr.DataArray,
    *,
    above: float = -np.inf,
    below: float = np.inf,
    dim: Dims = (),
    weights: xr.DataArray | None = None,
) -> xr.DataArray:
    """Return the continuous ranked probability score of simulated draws, fair to their number.

    ``mean |x - y| - sum_ij |x_i - x_j| / (2 M (M - 1))``, by sorting. Its expectation does not depend on the
    number of draws ``M``, unlike that of the score of the empirical distribution.

    Parameters
    ----------
    paths
        With the dimension ``draw``, as :func:`sxsim.simulate` gives them.
    truth
        What came, in the same units.
    above, below
        Only what is said about levels between these counts, as in the threshold-weighted score: a target of
        25 is served by ``above=20``. The defaults count everything.
    dim, weights
        Dimensions to average over (``()`` none, ``...`` all), and the weight of each case.

    Returns
    -------
    xarray.DataArray
        In the units of the paths; a single case may be slightly negative.

    Raises
    ------
    RequestError
        There is no dimension ``draw``, fewer than two draws, no room between the levels, or the labels
        differ.

    References
    ----------
    Ferro (2014), https://doi.org/10.1002/qj.2270; Gneiting and Ranjan (2011),
    https://doi.org/10.1198/jbes.2010.08110

    Examples
    --------
    >>> import xarray as xr
    >>> float(crps_draws(xr.DataArray([1.0, 2.0, 3.0], dims="draw"), xr.DataArray(2.0)))
    0.0
    """
    if paths.sizes.get(DRAW, 2) < 2:
        raise RequestError("paths holds a single draw.", "Simulate at least two.")
    if not above < below:
        raise RequestError(f"above={above:g}, below={below:g}.", "Leave room between the two.")
    inputs = {"paths": paths, "truth": truth}
    core = partial(_fair, above=above, below=below)
    return scored(core, inputs, along={"paths": DRAW}, dim=dim, weights=weights)


def _fair(paths: Array, truth: Array, above: float, below: float) -> Array:
    paths, truth = (np.clip(values, above, below) for values in (paths, truth))
    count = paths.shape[-1]
    ordered = np.sort(paths, axis=-1)
    rank = 2.0 * np.arange(1, count + 1) - count - 1
    between = (ordered * rank).sum(axis=-1) / (count * (count - 1))
    return np.asarray(np.abs(paths - np.asarray(truth)[..., None]).mean(axis=-1) - between)


def pit_draws(paths: xr.DataArray, truth: xr.DataArray, *, rng: type_of_rng = None) -> xr.DataArray:
    """Return where the truth stands among simulated draws: uniform if the forecast is right.

    The rank of the truth among the draws, ties and the room between two draws filled at random, so that
    counts and few draws give an exactly uniform law too.

    Parameters
    ----------
    paths
        With the dimension ``draw``.
    truth
        What came, in the same units.
    rng
        Seed of the randomisation; None takes fresh entropy.

    Returns
    -------
    xarray.DataArray
        Between 0 and 1, NaN where there is no truth.

    Raises
    ------
    RequestError
        There is no dimension ``draw``, or the labels differ.

    References
    ----------
    Czado, Gneiting and Held (2009), https://doi.org/10.1111/j.1541-0420.2009.01191.x

    Examples
    --------
    >>> import xarray as xr
    >>> 0.5 <= float(pit_draws(xr.DataArray([1.0, 2.0, 3.0], dims="draw"), xr.DataArray(2.5), rng=0)) <= 0.75
    True
    """
    arrays = matched({"paths": paths, "truth": truth}, {"paths": DRAW})
    count = paths.sizes[DRAW] + 1
    low = (arrays["paths"] < arrays["truth"]).sum(DRAW) / count
    high = ((arrays["paths"] <= arrays["truth"]).sum(DRAW) + 1) / count
    return pit(high, low, rng=rng).where(arrays["truth"].notnull())


def pit(at_most: xr.DataArray, below: xr.DataArray, *, rng: type_of_rng = None) -> xr.DataArray:
    """Return the randomised probability integral transform of a count: uniform if the forecast is right.

    ``P(Y < y) + v P(Y = y)`` with a uniform ``v``.

    Parameters
    ----------
    at_most, below
        P(Y <= y) and P(Y < y) at what came.
    rng
        Seed of the randomisation; None takes fresh entropy.

    Returns
    -------
    xarray.DataArray
        Between 0 and 1.

    Raises
    ------
    RequestError
        The labels differ.

    References
    ----------
    Czado, Gneiting and Held (2009), https://doi.org/10.1111/j.1541-0420.2009.01191.x

    Examples
    --------
    >>> import xarray as xr
    >>> 0.2 <= float(pit(xr.DataArray(0.5), xr.DataArray(0.2), rng=0)) <= 0.5
    True
    """
    arrays = matched({"at_most": at_most, "below": below}, {})
    room = arrays["at_most"] - arrays["below"]
    stream = Seed.of(rng).generator(Role.EVENTS, "pit", "", 0)
    return arrays["below"] + room * stream.random(room.shape)


def pit_distance(values: xr.DataArray, *, dim: Dims = ...) -> xr.DataArray:
    """Return how far transformed values are from uniform: the area between their law and the diagonal.

    ``mean |F(u) - u|``: 0 for a perfect forecast, 1/2 at most.

    Parameters
    ----------
    values
        Probability integral transforms; NaN is left out.
    dim
        Dimensions over which the values are one sample; ``...`` for all.

    Returns
    -------
    xarray.DataArray
        One number per sample.

    Raises
    ------
    UnknownNameError
        A dimension is not there.

    Examples
    --------
    >>> import xarray as xr
    >>> float(pit_distance(xr.DataArray([0.25, 0.75], dims="year")))
    0.0
    """
    together = values.reset_coords(drop=True).stack(sample=named(values, dim), create_index=False)
    distance: xr.DataArray = xr.apply_ufunc(_distance, together, input_core_dims=[["sample"]], vectorize=True)
    return distance


def _distance(values: Array) -> float:
    known = np.sort(values[np.isfinite(values)])
    middle = (np.arange(known.size) + 0.5) / max(known.size, 1)
    return float(np.abs(known - middle).mean()) if known.size else np.nan
