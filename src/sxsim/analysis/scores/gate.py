"""The one door of all scores: labels are matched here, and averages are taken here."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from types import EllipsisType

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim.errors import RequestError, UnknownNameError, nearest

Array = NDArray[np.float64]
Dims = str | Iterable[Hashable] | EllipsisType | None
Labelled = xr.DataArray | float


def scored(
    core: Callable[..., Array],
    inputs: Mapping[str, Labelled],
    *,
    along: Mapping[str, str | tuple[str, ...]] | None = None,
    dim: Dims = (),
    weights: xr.DataArray | None = None,
) -> xr.DataArray:
    """Match the labels of all inputs, apply a numpy formula, and average.

    Parameters
    ----------
    core
        Formula on arrays; dimensions named in ``along`` stand last.
    inputs
        The arrays by the name a message should use.
    along
        Dimension, or dimensions in their order, that the formula itself consumes, by input.
    dim
        Dimensions to average over; ``()`` for none, ``...`` or None for all.
    weights
        Weight of each case in the average.
    """
    used = along or {}
    arrays = matched(inputs, used)
    core_dims = [list(_several(used.get(name, ()))) for name in arrays]
    values = xr.apply_ufunc(core, *arrays.values(), input_core_dims=core_dims)
    return averaged(values, dim, weights)


def matched(
    inputs: Mapping[str, Labelled], along: Mapping[str, str | tuple[str, ...]]
) -> dict[str, xr.DataArray]:
    """Return all inputs as labelled arrays whose shared labels are the same."""
    arrays = {name: _labelled(name, value) for name, value in inputs.items()}
    consumed = [(name, dim) for name, dims in along.items() for dim in _several(dims)]
    for name, dim in consumed:
        if dim not in arrays[name].dims:
            found = ", ".join(map(str, arrays[name].dims)) or "none"
            raise RequestError(
                f"{name} has no dimension {dim!r}; it has {found}.",
                f"Give an array with the dimension {dim!r}.",
            )
    try:
        aligned = xr.align(*arrays.values(), join="exact", exclude={dim for _, dim in consumed})
    except ValueError:
        raise RequestError(
            f"{' and '.join(arrays)} do not have the same labels.",
            "Select the same members and years in all of them.",
        ) from None
    return dict(zip(arrays, aligned, strict=True))


def averaged(values: xr.DataArray, dim: Dims, weights: xr.DataArray | None = None) -> xr.DataArray:
    """Return the mean over dimensions; cases without a number are left out."""
    names = named(values, dim)
    if not names:
        return values
    return values.mean(names) if weights is None else values.weighted(weights.fillna(0.0)).mean(names)


def named(values: xr.DataArray, dim: Dims) -> list[Hashable]:
    """Return the dimensions that are meant, refusing one that is not there."""
    if dim is None or dim is ...:
        return list(values.dims)
    names: list[Hashable] = [dim] if isinstance(dim, str) else list(dim)
    for name in names:
        if name not in values.dims:
            raise UnknownNameError(
                f"There is no dimension {name!r} to average over.", nearest(str(name), map(str, values.dims))
            )
    return names


def check_share(name: str, value: float) -> float:
    """Refuse what does not lie strictly between 0 and 1."""
    if not 0.0 < value < 1.0:
        raise RequestError(f"{name}={value!r}.", "Give a number between 0 and 1, both excluded.")
    return float(value)


def _several(dims: str | tuple[str, ...]) -> tuple[str, ...]:
    return (dims,) if isinstance(dims, str) else dims


def _labelled(name: str, value: Labelled) -> xr.DataArray:
    if isinstance(value, xr.DataArray):
        return value
    if np.ndim(value) == 0:
        return xr.DataArray(float(value))
    raise RequestError(
        f"{name} is a {type(value).__name__} without labels.", "Give an xarray.DataArray or one number."
    )
