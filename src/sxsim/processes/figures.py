"""Figures that a path is to take in years to come, brought to the members of an indicator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import index
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.errors import RequestError

if TYPE_CHECKING:
    from sxsim.processes.model import Grown, GrowthModel

Array = NDArray[np.float64]
GivenYears = Mapping[int, float] | pd.Series | xr.DataArray
KnownPath = Mapping[str, GivenYears] | xr.Dataset


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Figures:
    """What one indicator is said to be in some years after the model's last.

    Attributes
    ----------
    years
        The years, ascending.
    values
        Published units, ``(year, member)``.
    """

    years: NDArray[np.int64]
    values: Array

    def joined(self, name: str, later: Figures) -> Figures:
        """Return these and others; a year that both name must have one value."""
        both = np.intersect1d(self.years, later.years)
        mine, theirs = (one.values[np.isin(one.years, both)] for one in (self, later))
        if (different := (mine != theirs).any(axis=1)).any():
            row = int(np.argmax(different))
            raise RequestError(
                f"{name!r} is given twice in {both[row]}, as {_text(mine[row])} and as {_text(theirs[row])}.",
                "Keep one of them.",
            )
        new = ~np.isin(later.years, both)
        years = np.concatenate([self.years, later.years[new]])
        order = np.argsort(years)
        values = np.concatenate([self.values, later.values[new]])
        return Figures(years=years[order], values=values[order])


def read_path(path: KnownPath, model: GrowthModel) -> dict[str, Figures]:
    """Return the figures of every indicator that a path names.

    Raises
    ------
    UnknownNameError
        A name that the model does not hold.
    RequestError
        No name or no year, a year up to the model's last or twice, a figure that is missing or outside the
        range of its indicator, dimensions or labels that are not those of its batch.
    """
    if not isinstance(path, Mapping) or not path:
        what = "names no indicator" if isinstance(path, Mapping) else f"is {type(path).__name__}"
        raise RequestError(
            f"The path {what}.",
            "Give figures by indicator and year, such as {'gdp': {2015: 120.0, 2016: 126.0}}.",
        )
    return {str(name): _figures(model[str(name)], given, model) for name, given in path.items()}


def _figures(grown: Grown, given: Any, model: GrowthModel) -> Figures:
    table = _as_table(grown.name, given)
    years = np.array([_year(grown.name, year) for year in table[labels.YEAR].to_numpy()], np.int64)
    if not years.size:
        raise RequestError(f"The path of {grown.name!r} has no year.", "Give at least one, or leave it out.")
    if twice := sorted({int(year) for year in years if (years == year).sum() > 1}):
        raise RequestError(f"The path of {grown.name!r} holds {twice[0]} twice.", "Keep one of each.")
    if years.min() <= model.last_year:
        raise RequestError(
            f"The path of {grown.name!r} gives {years.min()}, which is not after the model's last year "
            f"{model.last_year}.",
            "Leave out years that are known.",
        )
    order = np.argsort(years)
    values = _by_member(grown.name, table, model.batch(grown.name))[order]
    _check_values(grown, years[order], values)
    return Figures(years=years[order], values=values)


def _as_table(name: str, given: Any) -> xr.DataArray:
    """Figures with the dimension ``year`` and perhaps others, whatever they came as."""
    if isinstance(given, pd.Series):
        given = given.to_xarray() if given.index.nlevels > 1 else given.rename_axis(labels.YEAR).to_xarray()
    if isinstance(given, Mapping):
        keys = list(given)
        given = xr.DataArray(list(given.values()), dims=labels.YEAR, coords={labels.YEAR: keys})
    if not (isinstance(given, xr.DataArray) and labels.YEAR in given.dims and labels.YEAR in given.coords):
        raise RequestError(
            f"The path of {name!r} is {type(given).__name__} without years.",
            "Give figures by year: a mapping, a pandas Series, or a DataArray with the dimension 'year'.",
        )
    try:
        return given.astype(np.float64)
    except (TypeError, ValueError):
        raise RequestError(
            f"The path of {name!r} holds more than numbers.", "Give figures, in published units."
        ) from None


def _year(name: str, year: Any) -> int:
    year = year.item() if isinstance(year, np.generic) else year
    try:
        return index(year)
    except TypeError:
        raise RequestError(f"The path of {name!r} has the year {year!r}.", "Give whole years.") from None


def _by_member(name: str, table: xr.DataArray, batch: Mapping[str, xr.DataArray]) -> Array:
    """Figures ``(year, member)``, aligned with the batch by labels; without its dimensions, all alike."""
    own = [str(dim) for dim in table.dims if dim != labels.YEAR]
    if strange := [dim for dim in own if dim not in batch]:
        raise RequestError(
            f"The path of {name!r} has the dimension {strange[0]!r}; the indicator has "
            f"{', '.join(map(repr, (labels.YEAR, *batch)))}.",
            "Use these, or the dimension 'year' alone.",
        )
    for dim in own:
        place = table.get_index(dim).get_indexer(pd.Index(batch[dim].to_numpy()))
        if (place < 0).any():
            raise RequestError(
                f"The path of {name!r} misses {dim} {batch[dim].to_numpy()[place < 0][0]}.",
                "Give every member, or one path for all.",
            )
        table = table.isel({dim: place})
    full = table.transpose(labels.YEAR, *own).expand_dims({dim: 1 for dim in batch if dim not in own})
    sizes = (table.sizes[labels.YEAR], *(c.size for c in batch.values()))
    return np.broadcast_to(full.transpose(labels.YEAR, *batch).to_numpy(), sizes).reshape(sizes[0], -1)


def _check_values(grown: Grown, years: NDArray[np.int64], values: Array) -> None:
    """Refuse figures the indicator cannot take, the first of them by name and year."""
    carrier = grown.carrier
    inside = (values > carrier.lower) & (values < carrier.upper)
    if not inside.all():
        row, member = np.argwhere(~inside)[0]
        raise RequestError(
            f"The path of {grown.name!r} gives {values[row, member]:g} in {years[row]}, outside "
            f"({carrier.lower:g}, {carrier.upper:g}).",
            "Give a number inside, and leave out years of which nothing is said.",
        )
    back = carrier.inverse(carrier.forward(values))
    if not np.allclose(back, values, rtol=1e-9, atol=0.0):
        row, member = np.argwhere(~np.isclose(back, values, rtol=1e-9, atol=0.0))[0]
        raise RequestError(
            f"The path of {grown.name!r} gives {values[row, member]:g} in {years[row]}; it is a count.",
            "Give whole numbers.",
        )


def _text(values: Array) -> str:
    return ", ".join(f"{value:g}" for value in values[:3])
