"""Which release of every figure counts, and when it was there to be known."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from operator import index
from typing import Protocol

import xarray as xr

from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.labels import YEAR
from sxsim.plan import Release
from sxsim.plan.reading_attributes import DECIDED_BY, PARTIAL, RESTATED

Names = Mapping[str, str]


class Vintages(Protocol):
    """What could be known when: :class:`sxsim.FirstRelease`, :class:`sxsim.AsRestated`, or your own."""

    def known(self, history: xr.Dataset, year: int) -> xr.Dataset:
        """Return the history as it stood when the figures of a year came out; nothing of later years."""

    def final(self, history: xr.Dataset) -> xr.Dataset:
        """Return the figures that targets are judged by in the end."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstRelease:
    """Every figure as it was printed first; nothing that was restated later is used.

    Parameters
    ----------
    figures
        By the name of an indicator, the variable that holds its first releases: they take the place of the
        indicator's own figures where both are there. What is not named holds first releases itself.
    lag
        Years by which figures come late: with 1 the last figure known as of 2014 is that of 2013. One
        number, or one for each name; what is not named has 0.

    Raises
    ------
    RequestError
        A lag is not a whole number from zero on.

    Examples
    --------
    >>> import sxsim as sx
    >>> history = sx.load_plan("shanxi-2014").history
    >>> known = FirstRelease(lag={"rd_intensity": 1}).known(history, 2014)
    >>> int(known.year.max()), int(known.rd_intensity.dropna("year").year.max())
    (2014, 2013)
    """

    figures: Names = field(default_factory=dict)
    lag: int | Mapping[str, int] = 0

    def __post_init__(self) -> None:
        for lag in self.lag.values() if isinstance(self.lag, Mapping) else (self.lag,):
            _check_years("lag", lag)

    def known(self, history: xr.Dataset, year: int) -> xr.Dataset:
        """Return the history as it stood when the figures of a year came out."""
        return _cut(self.final(history), year, self.lag)

    def final(self, history: xr.Dataset) -> xr.Dataset:
        """Return first releases of all years."""
        plain = {name: _without(history[name], (RESTATED, DECIDED_BY)) for name in _declared(history)}
        every = xr.ones_like(history[YEAR], dtype=bool)
        return _replaced(history.assign(plain), self.figures, every)


@dataclass(frozen=True, kw_only=True, slots=True)
class AsRestated:
    """Restated figures from the time on when they were there, first releases until then.

    Parameters
    ----------
    figures
        By the name of an indicator, the variable that holds its restated figures. Those that the history
        itself names, by the attribute ``restated``, need not be given.
    delay
        Years from a figure to its restatement: with 1 the restated figure of 2013 comes out together with the
        first one of 2014. With 0 figures are used before they were printed: hindsight, not history.
    since
        Year as of which the first restatement is known; 0 for no such year. A census restates many years at
        once.
    lag
        Years by which figures come late, as for :class:`sxsim.FirstRelease`.

    Raises
    ------
    RequestError
        A lag, delay or year is not a whole number from zero on.

    Examples
    --------
    >>> import sxsim as sx
    >>> history = sx.load_plan("shanxi-2014").history
    >>> census = AsRestated(figures={"rd_intensity": "rd_intensity_census4_derived"}, since=2019)
    >>> [float(census.known(history, year).rd_intensity.sel(year=2016)) for year in (2018, 2019)]
    [1.03, 1.11]
    """

    figures: Names = field(default_factory=dict)
    delay: int = 1
    since: int = 0
    lag: int | Mapping[str, int] = 0

    def __post_init__(self) -> None:
        _check_years("delay", self.delay)
        _check_years("since", self.since)
        for lag in self.lag.values() if isinstance(self.lag, Mapping) else (self.lag,):
            _check_years("lag", lag)

    def known(self, history: xr.Dataset, year: int) -> xr.Dataset:
        """Return the history as it stood when the figures of a year came out."""
        there = (history[YEAR] <= year - self.delay) & (year >= self.since)
        changed = {}
        for name, other in _declared(history).items():
            changed[other] = history[other].where(there)
            changed[name] = history[name].assign_attrs({DECIDED_BY: Release.RESTATED.value})
        return _cut(_replaced(history.assign(changed), self.figures, there), year, self.lag)

    def final(self, history: xr.Dataset) -> xr.Dataset:
        """Return restated figures of all years that have some, else the first ones."""
        every = xr.ones_like(history[YEAR], dtype=bool)
        return _replaced(history, {**_declared(history), **self.figures}, every)


def _declared(history: xr.Dataset) -> dict[str, str]:
    """Return the variable of restated figures by the name of the one that names it."""
    return {str(n): str(v.attrs[RESTATED]) for n, v in history.data_vars.items() if RESTATED in v.attrs}


def _replaced(history: xr.Dataset, figures: Names, there: xr.DataArray) -> xr.Dataset:
    """Put other figures in place where there are some."""
    for name in (*figures, *figures.values()):
        if name not in history:
            raise UnknownNameError(
                f"figures= names {name!r}, which the history does not hold.", nearest(name, map(str, history))
            )
    changed = {}
    for name, other in figures.items():
        mine = history[name]
        new = history[other].where(there & history[other].notnull(), mine).transpose(*mine.dims)
        new.attrs = mine.attrs
        changed[name] = _without(new, (RESTATED, DECIDED_BY))
    return history.assign(changed)


def _cut(history: xr.Dataset, year: int, lag: int | Mapping[str, int]) -> xr.Dataset:
    """Leave out what was not printed yet; part of a year counts until the whole of it is known."""
    seen = history.sel({YEAR: history[YEAR] <= year})
    late = dict(lag) if isinstance(lag, Mapping) else dict.fromkeys(map(str, history), lag)
    changed = {}
    for name, variable in seen.data_vars.items():
        new = variable.where(variable[YEAR] <= year - late[str(name)]) if late.get(str(name)) else variable
        changed[name] = new if _part_is_next(new) else _without(new, PARTIAL)
    return seen.assign(changed)


def _part_is_next(variable: xr.DataArray) -> bool:
    """Whether part of the year after the last figure is known, if any."""
    full = variable.dropna(YEAR, how="all")[YEAR].to_numpy()
    return bool(full.size) and variable.attrs.get(PARTIAL[0]) == full[-1] + 1


def _without(variable: xr.DataArray, keys: Collection[str]) -> xr.DataArray:
    """Return a variable without some of its attributes."""
    out = variable.copy(deep=False)
    out.attrs = {key: value for key, value in variable.attrs.items() if key not in keys}
    return out


def _check_years(name: str, value: object) -> None:
    try:
        fine = not isinstance(value, bool) and index(value) >= 0  # type: ignore[arg-type]
    except TypeError:
        fine = False
    if not fine:
        raise RequestError(f"{name}={value!r} is no number of years.", "Give a whole number from zero on.")
