"""Scores of several figures at once: whole paths, several indicators, or both."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray

from sxsim.analysis.scores.gate import Dims, Labelled, matched, named, scored
from sxsim.errors import RequestError
from sxsim.labels import DRAW

Array = NDArray[np.float64]

_VECTOR = "vector"


def energy(
    paths: xr.DataArray,
    truth: xr.DataArray,
    *,
    over: str | Iterable[str],
    scale: Labelled = 1.0,
    fair: bool = True,
    lags: int | None = None,
    dim: Dims = (),
    weights: xr.DataArray | None = None,
) -> xr.DataArray:
    """Return the energy score of draws of a vector: the CRPS of several figures at once, lower is better.

    ``mean |x - y| - sum_ij |x_i - x_j| / (2 M (M - 1))`` with the Euclidean distance. It sees location and
    spread well and dependence weakly; :func:`variogram` sees dependence.

    Parameters
    ----------
    paths
        With the dimension ``draw`` and those in ``over``.
    truth
        What came, in the same units. A vector of which a part is not known has no score.
    over
        The dimensions that make up the vector, such as ``"year"`` or ``("indicator", "year")``.
    scale
        What a coordinate is divided by, so that no unit outweighs the others: one figure, or one for each
        coordinate. Take it from the history: a forecaster whose own spread sets the scale would gain by being
        vague.
    fair
        Whether the expectation shall not depend on the number of draws ``M``; without, draws count as the
        whole law: pairs are divided by ``2 M^2``.
    lags
        Compare each draw with this many that follow it instead of with all: time grows with ``M``, not with
        its square, and the expectation of the fair score stays. Draws must be independent of each other.
    dim, weights
        Dimensions to average over (``()`` none, ``...`` all), and the weight of each case.

    Returns
    -------
    xarray.DataArray
        In the units of the paths divided by those of the scale.

    Raises
    ------
    RequestError
        There is no dimension ``draw``, fewer than two draws, labels that differ, a scale that is not above
        zero, or lags out of range.
    UnknownNameError
        A dimension of ``over`` is not there.

    References
    ----------
    Gneiting and Raftery (2007), https://doi.org/10.1198/016214506000001437; Ferro (2014),
    https://doi.org/10.1002/qj.2270

    Examples
    --------
    >>> import xarray as xr
    >>> paths = xr.DataArray([[0.0, 0.0], [6.0, 8.0]], dims=("draw", "year"))
    >>> float(energy(paths, xr.DataArray([3.0, 4.0], dims="year"), over="year", fair=False))
    2.5
    """
    vectors = _vectors(paths, truth, over, scale)
    count = paths.sizes[DRAW]
    if lags is not None and not 1 <= lags < count:
        raise RequestError(f"lags={lags} of {count} draws.", f"Give a whole number from 1 to {count - 1}.")
    core = partial(_energy, fair=fair, lags=lags)
    along = {"paths": (DRAW, _VECTOR), "truth": (_VECTOR,)}
    return scored(core, vectors, along=along, dim=dim, weights=weights)


def variogram(
    paths: xr.DataArray,
    truth: xr.DataArray,
    *,
    over: str | Iterable[str],
    power: float = 0.5,
    pairs: ArrayLike | None = None,
    scale: Labelled = 1.0,
    fair: bool = True,
    dim: Dims = (),
    weights: xr.DataArray | None = None,
) -> xr.DataArray:
    """Return the variogram score of draws of a vector: whether its parts move together as they should.

    ``sum_ij w_ij (|y_i - y_j|^p - mean |x_i - x_j|^p)^2`` over all ordered pairs of coordinates, lower is
    better. What all coordinates have in common, such as a wrong level, is not seen.

    Parameters
    ----------
    paths
        With the dimension ``draw`` and those in ``over``.
    truth
        What came, in the same units. A vector of which a part is not known has no score.
    over
        The dimensions that make up the vector, such as ``"year"`` or ``("indicator", "year")``.
    power
        The exponent ``p``.
    pairs
        Weight ``w_ij`` of every pair, ``(coordinate, coordinate)``, coordinates counted with the last
        dimension of ``over`` fastest; one each without it.
    scale
        What a coordinate is divided by: one figure, or one for each coordinate, taken from the history.
    fair
        Whether the expectation shall not depend on the number of draws; without, they count as the whole law.
    dim, weights
        Dimensions to average over (``()`` none, ``...`` all), and the weight of each case.

    Returns
    -------
    xarray.DataArray
        In the scaled units to the power ``2 p``; a fair score may be slightly negative.

    Raises
    ------
    RequestError
        There is no dimension ``draw``, fewer than two draws, labels that differ, a scale or power that is not
        above zero, or weights of pairs that do not fit or are negative.
    UnknownNameError
        A dimension of ``over`` is not there.

    References
    ----------
    Scheuerer and Hamill (2015), https://doi.org/10.1175/MWR-D-14-00269.1

    Examples
    --------
    >>> import xarray as xr
    >>> paths = xr.DataArray([[0.0, 1.0], [0.0, 4.0]], dims=("draw", "year"))
    >>> truth = xr.DataArray([0.0, 4.0], dims="year")
    >>> float(variogram(paths, truth, over="year", fair=False))
    0.5
    """
    vectors = _vectors(paths, truth, over, scale)
    if not power > 0:
        raise RequestError(f"power={power!r}.", "Give a number above zero.")
    worth = _worth(pairs, vectors["truth"].sizes[_VECTOR])
    core = partial(_variogram, power=power, pairs=worth, fair=fair)
    along = {"paths": (DRAW, _VECTOR), "truth": (_VECTOR,)}
    return scored(core, vectors, along=along, dim=dim, weights=weights)


def _vectors(
    paths: xr.DataArray, truth: xr.DataArray, over: str | Iterable[str], scale: Labelled
) -> dict[str, xr.DataArray]:
    """Match the labels, divide by the scale, and make one dimension of those that make up the vector."""
    if paths.sizes.get(DRAW, 2) < 2:
        raise RequestError("paths holds a single draw.", "Simulate at least two.")
    arrays = matched({"paths": paths, "truth": truth, "scale": scale}, {"paths": (DRAW,)})
    if not bool((arrays["scale"] > 0).all()):
        raise RequestError("scale holds a number that is not above zero.", "Give the size of usual changes.")
    names = named(arrays["truth"], over)
    named(arrays["paths"], names)
    if not names:
        raise RequestError("over is empty.", "Name the dimensions that make up the vector.")
    return {
        name: (arrays[name] / arrays["scale"])
        .reset_coords(drop=True)
        .transpose(..., *names)
        .stack({_VECTOR: names}, create_index=False)
        for name in ("paths", "truth")
    }


def _worth(pairs: ArrayLike | None, size: int) -> Array:
    worth = np.ones((size, size)) if pairs is None else np.asarray(pairs, float)
    if worth.shape != (size, size) or not (worth >= 0).all():
        raise RequestError(
            f"pairs has the shape {worth.shape} and the vector {size} coordinates.",
            "Give one weight of at least zero for every pair.",
        )
    return worth


def _energy(paths: Array, truth: Array, fair: bool, lags: int | None) -> Array:
    count = paths.shape[-2]
    near = _length(paths - truth[..., None, :]).mean(axis=-1)
    steps = np.arange(1, count // 2 + 1 if lags is None else lags + 1)
    apart = np.stack(
        [_length(paths - np.roll(paths, step, axis=-2)).mean(axis=-1) for step in steps.tolist()], axis=-1
    )
    once = np.where(2 * steps == count, 0.5, 1.0)  # at half way round every pair is met twice
    between = apart @ once / once.sum()
    return np.asarray(near - 0.5 * between * (1.0 if fair else 1.0 - 1.0 / count))


def _length(vectors: Array) -> Array:
    return np.asarray(np.sqrt((vectors**2).sum(axis=-1)))


def _variogram(paths: Array, truth: Array, power: float, pairs: Array, fair: bool) -> Array:
    count, size = paths.shape[-2:]
    total = np.zeros(truth.shape[:-1])
    for i, j in zip(*np.triu_indices(size, 1), strict=True):
        said = np.abs(paths[..., i] - paths[..., j]) ** power
        missed = np.abs(truth[..., i] - truth[..., j]) ** power - said.mean(axis=-1)
        noise = said.var(axis=-1, ddof=1) / count if fair else 0.0
        total = total + (pairs[i, j] + pairs[j, i]) * (missed**2 - noise)
    return np.where(np.isnan(truth).any(axis=-1), np.nan, total)
