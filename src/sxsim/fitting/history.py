"""The door of the fit: what a history must be, what is moved off a bound, what is left out and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from operator import index
from typing import TypeVar

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.errors import HistoryError, nearest
from sxsim.fitting.bridge import check_bridges, with_spread
from sxsim.fitting.reading import (
    Measured,
    Table,
    check_readings,
    clear_figures,
    judged_figures,
    measured,
    with_readings,
    with_releases,
    without_outliers,
)
from sxsim.fitting.series import History as History
from sxsim.fitting.series import Series as Series
from sxsim.links import Carrier, Count, Linear, Log, Odds
from sxsim.plan import Kind, Reading, Role, reading_of

Array = NDArray[np.float64]

_Choice = TypeVar("_Choice", Role, Kind)
_INSIDE = 0.005  # of the range of a share: how far a figure on its bound is moved at most
_FITTED = (Role.INDICATOR, Role.PROXY, Role.BENCHMARK)


def read_history(
    data: xr.Dataset | pd.DataFrame,
    *,
    until: int | None = None,
    reading: Mapping[str, Reading] | None = None,
    derived: Collection[str] = (),
) -> History:
    """Check a history and bring it to arrays; every refusal names the variable, the year and the value.

    What is ``derived`` is checked and judged like everything else, and not among the series to be fitted.
    """
    dataset = _complete_years(_as_dataset(data))
    check_readings(reading, dataset)
    dataset = with_readings(dataset, reading)
    whole = dataset
    if until is not None:
        until = _whole_year(until)
        dataset = dataset.sel({labels.YEAR: dataset[labels.YEAR] <= until})
        if dataset.sizes[labels.YEAR] == 0:
            first = int(whole[labels.YEAR].min())
            raise HistoryError(f"No year up to until={until}: the history starts in {first}.", "Raise until.")
        if until > int(dataset[labels.YEAR].max()):
            dataset = dataset.reindex({labels.YEAR: np.arange(int(dataset[labels.YEAR].min()), until + 1)})
    series: list[Series] = []
    absent: dict[str, str] = {}
    for name in dataset.data_vars:
        if _role(dataset[name]) not in _FITTED:
            absent[str(name)] = f"its role is {_role(dataset[name]).value}, which is not fitted"
        elif not np.isfinite(_numbers(dataset[name])).any():
            absent[str(name)] = _never_seen(whole[name], until)
        else:
            found = _series(dataset, str(name), until)
            if np.isfinite(found.levels).any():
                series.append(found)
            else:
                absent[str(name)] = _all_on_bound(found.carrier)
    judged, series = series, [one for one in series if one.name not in derived]
    absent = {name: reason for name, reason in absent.items() if name not in derived}
    if not series:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in absent.items())
        raise HistoryError(
            f"The history holds no figure that can be fitted ({reasons}).",
            "Give at least one variable with figures inside its bounds.",
        )
    check_bridges(series, dataset)
    bridged = tuple(with_spread(s, series) for s in series)
    return History(
        years=dataset[labels.YEAR].to_numpy(),
        series=bridged,
        absent=absent,
        data=_as_judged(dataset, judged),
    )


def _as_judged(data: xr.Dataset, series: Iterable[Series]) -> xr.Dataset:
    """Return the history by which past years of targets are judged."""
    changed = {}
    for one in series:
        if one.judged is not None:
            variable = data[one.name]
            ordered = variable.transpose(*one.batch, labels.YEAR)
            changed[one.name] = ordered.copy(data=one.judged.reshape(ordered.shape)).transpose(*variable.dims)
    return data.assign(changed)


def _whole_year(until: int) -> int:
    try:
        return index(until)
    except TypeError:
        raise HistoryError(f"until={until!r} is not a whole year.", "Use an integer such as 2012.") from None


def _as_dataset(data: xr.Dataset | pd.DataFrame) -> xr.Dataset:
    if isinstance(data, pd.DataFrame):
        frame = data.set_index(labels.YEAR) if labels.YEAR in data.columns else data
        if frame.index.nlevels > 1:
            levels = ", ".join(map(str, frame.index.names))
            raise HistoryError(
                f"The frame has an index of several levels: {levels}.",
                "Use the year as the only index, or convert with to_xarray() for a batch.",
            )
        if not frame.index.is_unique:
            twice = sorted(set(frame.index[frame.index.duplicated()]))
            raise HistoryError(
                f"Years stand twice in the history: {', '.join(map(str, twice))}.", "Keep one of each."
            )
        data = xr.Dataset.from_dataframe(frame.rename_axis(labels.YEAR))
    if not isinstance(data, xr.Dataset):
        raise HistoryError(
            f"A history is an xarray.Dataset or a pandas.DataFrame, not {type(data).__name__}.",
            "Name each indicator as a variable over the coordinate 'year'.",
        )
    if labels.YEAR not in data.dims or labels.YEAR not in data.coords:
        raise HistoryError(
            "The history has no coordinate 'year'.", "Add integer years as the coordinate 'year'."
        )
    if not data.data_vars:
        raise HistoryError("The history is empty: it has no variable.", "Give each indicator as a variable.")
    if timeless := [str(name) for name in data.data_vars if labels.YEAR not in data[name].dims]:
        raise HistoryError(
            f"{', '.join(map(repr, timeless))} has no dimension 'year'.", "Drop it, or give it years."
        )
    return data


def _complete_years(data: xr.Dataset) -> xr.Dataset:
    """Sort by year and fill the calendar, so that a column is a year."""
    years = data[labels.YEAR].to_numpy()
    if years.size == 0:
        raise HistoryError("The history is empty: it has no year.", "Give at least one year.")
    whole = np.issubdtype(years.dtype, np.number) and np.isfinite(years) & (years == np.round(years))
    if not np.all(whole):
        odd = years[~np.broadcast_to(whole, years.shape)].astype(str).tolist()[0]
        raise HistoryError(
            f"The coordinate 'year' holds {odd!r}, not whole years.", "Use integers such as 2012."
        )
    if len(set(years.tolist())) < years.size:
        twice = sorted({int(y) for y in years if (years == y).sum() > 1})
        raise HistoryError(
            f"Years stand twice in the history: {', '.join(map(str, twice))}.", "Keep one of each."
        )
    data = data.assign_coords({labels.YEAR: years.astype(np.int64)}).sortby(labels.YEAR)
    span = np.arange(int(years.min()), int(years.max()) + 1)
    return data if len(span) == years.size else data.reindex({labels.YEAR: span})


def _role(variable: xr.DataArray) -> Role:
    return _choice(variable, labels.ROLE, Role, Role.INDICATOR)


def _choice(variable: xr.DataArray, attribute: str, family: type[_Choice], default: _Choice) -> _Choice:
    text = variable.attrs.get(attribute)
    if text is None:
        return default
    try:
        return family(text)
    except ValueError:
        known = [member.value for member in family]
        raise HistoryError(
            f"{variable.name!r} has the attribute {attribute}={text!r}.", nearest(str(text), known)
        ) from None


def _numbers(variable: xr.DataArray) -> Array:
    try:
        if variable.dtype.kind in "bcmM":  # true or false, complex, dates
            raise TypeError
        return np.asarray(variable.to_numpy(), float)
    except (TypeError, ValueError):
        raise HistoryError(
            f"{variable.name!r} does not hold numbers.", "Convert the column, NaN where missing."
        ) from None


def _never_seen(variable: xr.DataArray, until: int | None) -> str:
    seen = np.isfinite(_numbers(variable))
    if not seen.any():
        return "it has no figure at all"
    axis = tuple(i for i, dim in enumerate(variable.dims) if dim != labels.YEAR)
    first = int(variable[labels.YEAR].to_numpy()[seen.any(axis=axis)].min())
    return f"it has no figure up to {until}; the first is for {first}"


def _all_on_bound(carrier: Carrier) -> str:
    if isinstance(carrier, Linear):
        return "all its figures are zero: nothing tells the size of its changes"
    return "all its figures stand on a bound: nothing tells how far it is from there, or how it grows"


def _series(data: xr.Dataset, name: str, until: int | None) -> Series:
    variable = data[name]
    reading = reading_of(name, {str(key): value for key, value in variable.attrs.items()})
    batch = tuple(str(dim) for dim in variable.dims if dim != labels.YEAR)
    table = variable.transpose(*batch, labels.YEAR)
    values = _numbers(table).reshape(-1, table.sizes[labels.YEAR])
    if np.isinf(values).any():
        raise HistoryError(f"{name!r} holds an infinite value.", "Use NaN where a figure is missing.")
    kind = _choice(variable, labels.KIND, Kind, _guess(values))
    carrier = _carrier(variable, kind, values)
    given = Table(variable=variable, values=values, data=data)
    used, odd = without_outliers(given, reading) if reading else (values, ())
    inside, notes = _off_bounds(name, used, carrier, given.years)
    errors: Measured | None = None
    judged: Array | None = None
    if reading and np.isfinite(inside).any():
        inside, release_sd, said = with_releases(given, inside, reading, carrier)
        errors, told = measured(given, inside, reading, carrier, release_sd=release_sd, until=until)
        judged = judged_figures(given, reading, release_sd)
        notes = (*notes, *odd, *said, *told)
        if errors is not None:
            inside = clear_figures(name, inside, errors)
    with np.errstate(invalid="ignore"):
        levels = carrier.forward(inside)
    return Series(
        name=name,
        carrier=carrier,
        values=inside,
        levels=levels,
        batch=batch,
        bridge_from=variable.attrs.get(labels.BRIDGE_FROM),
        bridge_sd=float(variable.attrs[labels.BRIDGE_SD]) if labels.BRIDGE_SD in variable.attrs else None,
        notes=notes,
        measured=errors,
        judged=judged,
    )


def _guess(values: Array) -> Kind:
    """Without a declared kind a positive variable is an amount, any other a balance."""
    return Kind.AMOUNT if np.nanmin(values) >= 0 else Kind.BALANCE


def _carrier(variable: xr.DataArray, kind: Kind, values: Array) -> Carrier:
    if kind is Kind.BALANCE:
        power = 2.0 ** (np.frexp(np.nanmax(np.abs(values)))[1] - 1)  # squares of huge figures would overflow
        size = float(power * np.sqrt(np.nanmean((values / power) ** 2)))
        return Linear(scale=size if size > 0 else 1.0)
    if kind is Kind.SHARE:
        return _odds(variable)
    return Count() if kind is Kind.COUNT and _whole(values) else Log()


def _whole(values: Array) -> bool:
    finite = values[np.isfinite(values)]
    return bool((finite == np.round(finite)).all())


def _odds(variable: xr.DataArray) -> Odds:
    percent = str(variable.attrs.get(labels.UNITS, "")).strip().startswith("%")
    lower = variable.attrs.get(labels.LOWER, 0.0)
    upper = variable.attrs.get(labels.UPPER, 100.0 if percent else 1.0)
    try:
        return Odds(lower=float(lower), upper=float(upper))
    except (TypeError, ValueError):
        raise HistoryError(
            f"{variable.name!r} is a share between lower={lower!r} and upper={upper!r}.",
            "Give two finite bounds in order, or choose another kind.",
        ) from None


def _off_bounds(
    name: str, values: Array, carrier: Carrier, years: NDArray[np.int64]
) -> tuple[Array, tuple[str, ...]]:
    """Refuse values outside the carrier's range; move those on a bound half a reporting step inside."""
    outside = (values < carrier.lower) | (values > carrier.upper)
    if outside.any():
        member, column = np.argwhere(outside)[0]
        raise HistoryError(
            f"{name!r} is {values[member, column]:g} in {years[column]}, outside "
            f"[{carrier.lower:g}, {carrier.upper:g}].",
            "Correct the figure, or declare kind='balance' for a quantity that may be negative, "
            "or other bounds by the attributes lower and upper.",
        )
    on = (values == carrier.lower) | (values == carrier.upper)
    if isinstance(carrier, Linear):
        return np.where((values != 0).any(), values, np.nan), ()
    touching = on.any(axis=1)
    if not touching.any():
        return values, ()
    half = np.zeros((len(values), 1))
    half[touching, 0] = _half_step(values[touching], carrier)
    moved = np.where(values == carrier.lower, carrier.lower + half, values)
    moved = np.where(values == carrier.upper, carrier.upper - half, moved)
    lost = touching & ~(np.isfinite(values) & ~on).any(axis=1)
    moved[lost] = np.nan
    notes = _bound_notes(on & ~lost[:, None], half, years)
    if lost.any():
        notes += (f"members left out, all their figures stand on a bound: {int(lost.sum())}",)
    return moved, notes


def _half_step(values: Array, carrier: Carrier) -> Array:
    """How far a figure on a bound is moved inside: half a reporting step, and never past another figure."""
    distance = np.minimum(values - carrier.lower, carrier.upper - values)
    nearest = np.min(distance, axis=1, where=distance > 0, initial=np.inf)
    step = np.ones(len(values)) if isinstance(carrier, Count) else _reporting_step(values)
    return np.asarray(np.minimum(0.5 * np.minimum(step, nearest), _INSIDE * (carrier.upper - carrier.lower)))


def _bound_notes(on: NDArray[np.bool_], half: Array, years: NDArray[np.int64]) -> tuple[str, ...]:
    if not on.any():
        return ()
    when = ", ".join(str(year) for year in years[on.any(axis=0)][:5])
    return (
        f"{int(on.sum())} figures on a bound ({when}) were moved inside by {half[on.any(axis=1)].max():g}",
    )


def _reporting_step(values: Array) -> Array:
    """Return the last printed digit of each member's figures: 0.01 for 1.09, 100 for 1200 and 700."""
    largest = np.max(np.abs(values), axis=1, where=np.isfinite(values), initial=0.0)
    size = 10.0 ** np.floor(np.log10(np.where(largest > 0, largest, 1.0)))
    shown = values / size[:, None]
    step = np.full(len(values), 1e-9)
    for digits in range(8, -1, -1):
        fits = (np.abs(shown - np.round(shown, digits)) < 1e-9) | ~np.isfinite(values)
        step = np.where(fits.all(axis=1), 10.0**-digits, step)
    return np.asarray(step * size)
