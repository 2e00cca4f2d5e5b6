"""What a backtest cuts out of a history: what was known at each origin, and what came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import index

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.errors import RequestError
from sxsim.fitting.history import History
from sxsim.links import Carrier
from sxsim.studies.outlook import on_link

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """One origin of a backtest.

    Attributes
    ----------
    origin
        Last year that is known.
    history
        Figures up to the origin, one column for every year, without what is too short to be scored.
    truth
        Figures of the years after it, NaN where none is known.
    scored
        Members with figures enough to be scored, ``(*batch)`` by indicator.
    """

    origin: int
    history: xr.Dataset
    truth: xr.Dataset
    scored: Mapping[str, xr.DataArray]


def windows(door: History, origins: Iterable[int] | None, horizon: int, least: int) -> list[Window]:
    """Cut a history at every origin; without origins at every year that leaves enough on both sides."""
    listed = _every(door, horizon, least) if origins is None else _asked(origins)
    return [_cut(door, origin, horizon, least) for origin in listed]


def _cut(door: History, origin: int, horizon: int, least: int) -> Window:
    first, last = int(door.years[0]), int(door.years[-1])
    if not first <= origin < last:
        raise RequestError(
            f"The origin {origin} leaves nothing to compare: the history has the years {first} to {last}.",
            f"Choose origins from {first + least - 1} to {last - 1}.",
        )
    known = door.data.sel({labels.YEAR: slice(None, origin)})
    scored = {s.name: known[s.name].notnull().sum(labels.YEAR) >= least for s in door.series}
    scored = {name: enough for name, enough in scored.items() if bool(enough.any())}
    needed = set(scored) | {s.bridge_from for s in door.series if s.name in scored}
    known = known.drop_vars([s.name for s in door.series if s.name not in needed])
    for dim in {str(d) for enough in scored.values() for d in enough.dims}:
        kept = [
            enough.any([d for d in enough.dims if d != dim])
            for enough in scored.values()
            if dim in enough.dims
        ]
        known = known.isel({dim: np.logical_or.reduce(kept)})
    ahead = {labels.YEAR: np.arange(origin + 1, origin + horizon + 1)}
    truth = door.data[list(scored)].reindex(ahead)
    return Window(
        origin=origin,
        history=known,
        truth=xr.align(truth, known, join="inner", exclude=[labels.YEAR])[0],
        scored={name: xr.align(one, known, join="inner")[0] for name, one in scored.items()},
    )


def _asked(origins: Iterable[int]) -> list[int]:
    given = list(origins)
    try:
        years = [index(origin) for origin in given]
    except TypeError:
        raise RequestError(f"origins={given!r} are not whole years.", "Give integers such as 2012.") from None
    if not years or len(set(years)) < len(years):
        raise RequestError(f"origins={years!r}.", "Give at least one year, and each of them once.")
    return sorted(years)


def _every(door: History, horizon: int, least: int) -> list[int]:
    years = np.arange(int(door.years[0]) + least - 1, int(door.years[-1]) - horizon + 1)
    if not years.size:
        raise RequestError(
            f"The history has {len(door.years)} years: too few for {least} up to an origin, {horizon} after.",
            "Lower horizon= or least=, or give origins=.",
        )
    return [int(year) for year in years]


def last_level(history: xr.DataArray, carrier: Carrier) -> tuple[xr.DataArray, xr.DataArray]:
    """Return the last figure on the link scale and its year, ``(*batch)``."""
    levels = xr.apply_ufunc(on_link, history, kwargs={"carrier": carrier})
    return _first_known(levels.isel({labels.YEAR: slice(None, None, -1)}))


def yearly_growth(history: xr.DataArray, carrier: Carrier, years: int) -> xr.DataArray:
    """Return the mean yearly growth on the link scale over at most so many latest years, ``(*batch)``."""
    levels = xr.apply_ufunc(on_link, history, kwargs={"carrier": carrier})
    last, when = _first_known(levels.isel({labels.YEAR: slice(None, None, -1)}))
    first, start = _first_known(levels.where(levels[labels.YEAR] >= when - years))
    return (last - first) / (when - start).where(when > start)


def _first_known(levels: xr.DataArray) -> tuple[xr.DataArray, xr.DataArray]:
    """Return the first finite entry along the years as they stand, and its year."""
    known = xr.apply_ufunc(np.isfinite, levels)
    place = known.argmax(labels.YEAR)
    year = levels[labels.YEAR].isel({labels.YEAR: place})
    found = levels.isel({labels.YEAR: place}).where(known.any(labels.YEAR))
    return found.drop_vars(labels.YEAR), year.drop_vars(labels.YEAR)
