"""Levels somebody asks about, brought to the years and members of an indicator by their labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.processes import GrowthModel

Array = NDArray[np.float64]
Level = float | Sequence[float] | NDArray[Any] | xr.DataArray
Levels = Level | Mapping[str, Level] | xr.Dataset


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Levels of one indicator, ``(level, year, member)``, with the coordinate where there are several."""

    values: Array
    level: xr.DataArray | None
    single: float | None


def levels_asked(given: Levels, model: GrowthModel, years: NDArray[np.int64]) -> dict[str, Asked]:
    """Return the levels of every indicator asked about: those a mapping names, or all alike."""
    if not isinstance(given, Mapping):
        names = (*model.names, *model.derived)
        return {name: _asked(name, given, model, years) for name in names}
    named: dict[str, object] = {str(name): level for name, level in given.items()}
    if not named:
        raise RequestError("The levels name no indicator.", "Give at least one, such as {'y': 2.5}.")
    for name in named:
        if name not in model and name not in model.derived:
            reason = f": {model.absent[name]}." if name in model.absent else "."
            raise UnknownNameError(
                f"A level is given for {name!r}, which is not in the model{reason}",
                nearest(name, model.names),
            )
    return {name: _asked(name, level, model, years) for name, level in named.items()}


def _asked(name: str, given: object, model: GrowthModel, years: NDArray[np.int64]) -> Asked:
    table = _as_table(name, given)
    wanted = {labels.YEAR: xr.DataArray(years, dims=labels.YEAR), **model.batch(name)}
    order = (labels.LEVEL, *wanted)
    if strange := [str(dim) for dim in table.dims if dim not in order]:
        raise RequestError(
            f"The levels of {name!r} have the dimension {strange[0]!r}; the indicator has "
            f"{', '.join(map(repr, wanted))}.",
            f"Use these, and {labels.LEVEL!r} for several levels.",
        )
    for dim, coordinate in wanted.items():
        if dim in table.dims:
            table = _aligned(name, table, dim, coordinate)
    shape = (table.sizes.get(labels.LEVEL, 1), len(years), model.members(name))
    present = [dim for dim in order if dim in table.dims]
    full = table.transpose(*present).expand_dims({d: 1 for d in order if d not in present})
    sizes = (shape[0], shape[1], *(c.size for c in model.batch(name).values()))
    return Asked(
        values=np.broadcast_to(full.transpose(*order).to_numpy(), sizes).reshape(shape),
        level=table[labels.LEVEL] if labels.LEVEL in table.dims else None,
        single=float(table) if not table.dims else None,
    )


def _as_table(name: str, given: object) -> xr.DataArray:
    """Numbers as a labelled table: one level, a list of them, or what has labels already."""
    try:
        if isinstance(given, pd.Series | pd.DataFrame):
            given = given.to_xarray() if isinstance(given, pd.Series) else given.stack().to_xarray()
        if isinstance(given, xr.DataArray):
            return given.astype(np.float64)
        if given is None:
            raise TypeError
        values = np.asarray(given, np.float64)
    except (TypeError, ValueError):
        raise RequestError(f"The level of {name!r} is {given!r}.", "Give a number.") from None
    if values.ndim > 1:
        raise RequestError(
            f"The levels of {name!r} have {values.ndim} dimensions without names.",
            "Give an xarray.DataArray whose labels say which level belongs where.",
        )
    return (
        xr.DataArray(values, dims=labels.LEVEL, coords={labels.LEVEL: values})
        if values.ndim
        else (xr.DataArray(values))
    )


def _aligned(name: str, table: xr.DataArray, dim: str, wanted: xr.DataArray) -> xr.DataArray:
    """Pick the levels of the labels wanted; those of other labels are not needed."""
    index = table.get_index(dim)
    if not index.is_unique:
        twice = index[index.duplicated()][0]
        raise RequestError(f"The levels of {name!r} hold {dim} {twice} twice.", "Keep one of each.")
    place = index.get_indexer(pd.Index(wanted.to_numpy()))
    if (place < 0).any():
        missing = [str(label) for label in wanted.to_numpy()[place < 0]]
        raise RequestError(
            f"The levels of {name!r} miss {dim} {', '.join(missing[:5])}"
            + (f" and {len(missing) - 5} more." if len(missing) > 5 else "."),
            "Give a level for each, NaN where nothing is asked.",
        )
    return table.isel({dim: place})
