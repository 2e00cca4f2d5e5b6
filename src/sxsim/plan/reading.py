"""How the figures of an indicator are to be read: noise, breaks, odd years, part of a year, releases."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from sxsim.errors import HistoryError
from sxsim.plan.checks import FIRST_YEAR, LAST_YEAR

_Made = TypeVar("_Made")


class Release(Enum):
    """Which release of a figure a target is judged by."""

    FIRST = "first"
    RESTATED = "restated"


@dataclass(frozen=True, kw_only=True, slots=True)
class Noise:
    """Known measurement error of figures: published value = true value + error.

    Give one of the three sizes.

    Parameters
    ----------
    relative
        Standard error as a fraction of the figure: 0.02 is two percent.
    absolute
        Standard error in the units of the indicator.
    variable
        Name of a variable of the history with the role ``noise`` that holds the absolute standard error of
        every figure, with the same dimensions; missing means none.
    years
        Years it applies to, any sequence of them; empty for all.

    Raises
    ------
    HistoryError
        Not exactly one size, or one that is not a number from zero on, or a year that is none.

    Examples
    --------
    >>> Noise(absolute=0.05, years=range(1998, 2001)).years
    (1998, 1999, 2000)
    """

    relative: float | None = None
    absolute: float | None = None
    variable: str | None = None
    years: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        _check_one_size("noise", relative=self.relative, absolute=self.absolute, variable=self.variable)
        object.__setattr__(self, "years", _years("noise", self.years))
        for name, size in (("relative", self.relative), ("absolute", self.absolute)):
            if size is not None and not (math.isfinite(size) and size >= 0):
                raise HistoryError(
                    f"noise: {name} = {size!r} is not a standard error.",
                    "Give a number from zero on; name a figure that says nothing in outliers.",
                )


@dataclass(frozen=True, kw_only=True, slots=True)
class Break:
    """A change of definition: from ``year`` on all figures are shifted by one unknown amount.

    The shift is normal around zero; forecasts go on in the new definition.

    Parameters
    ----------
    year
        First year of the new definition.
    relative, absolute
        Standard deviation of the shift: as a fraction of the figure, or in the units of the indicator;
        infinite where nothing is known about it. Give one of them.

    Raises
    ------
    HistoryError
        Not exactly one size, or one that is not above zero, or a year that is none.

    Examples
    --------
    >>> Break(year=2018, relative=0.06).year
    2018
    """

    year: int
    relative: float | None = None
    absolute: float | None = None

    def __post_init__(self) -> None:
        owner = f"break of {self.year!r}"
        _check_one_size(owner, relative=self.relative, absolute=self.absolute)
        _years(owner, (self.year,))
        size = self.absolute if self.relative is None else self.relative
        if size is None or not size > 0:
            raise HistoryError(f"{owner}: a spread of {size!r} is not above zero.", "Leave the break out.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Partial:
    """What was reached in the first part of a year, and how much of a year that usually is.

    It is read as a figure ``value / share`` for the whole year with the relative standard error ``spread``.

    Parameters
    ----------
    year
        The year, the one after the last full figure.
    value
        What was reached so far, in the units of the indicator.
    share
        Share of a year's total that is usually reached by then, between 0 and 1.
    spread
        Standard deviation of the logarithm of that share over past years.

    Raises
    ------
    HistoryError
        A number that is not possible.

    Examples
    --------
    >>> Partial(year=2024, value=74.0, share=0.72, spread=0.02).whole
    102.77...
    """

    year: int
    value: float
    share: float
    spread: float

    def __post_init__(self) -> None:
        owner = f"part of {self.year!r}"
        _years(owner, (self.year,))
        if not (math.isfinite(self.value) and self.value > 0):
            raise HistoryError(f"{owner}: value = {self.value!r} is not above zero.", "Leave the part out.")
        if not 0 < self.share <= 1:
            raise HistoryError(
                f"{owner}: share = {self.share!r} is not a share.",
                "Give the part of a year's total usually reached by then, as in 0.72.",
            )
        if not (math.isfinite(self.spread) and self.spread > 0):
            raise HistoryError(
                f"{owner}: spread = {self.spread!r} is not above zero.",
                "Give the standard deviation of log(share) over past years.",
            )

    @property
    def whole(self) -> float:
        """What the part lets expect for the whole year."""
        return self.value / self.share


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What is known about the figures of one indicator beyond the figures themselves.

    Parameters
    ----------
    noise
        Known measurement errors, one or several; where two fall on one year they add up.
    breaks
        Changes of definition, one or several.
    outliers
        Years whose figure is not used.
    partial
        What was reached in part of the year after the last figure.
    restated
        Name of a variable that holds restated figures; the series itself then holds first releases. The
        spread between the two is estimated from years with both.
    decided_by
        Which release a target is judged by, and so which one is forecast.

    Raises
    ------
    HistoryError
        Two breaks in one year, a year that is none, or ``decided_by`` without ``restated``.

    Examples
    --------
    >>> reading = Reading(noise=Noise(relative=0.02), breaks=Break(year=2018, relative=0.06), outliers=2020)
    >>> reading.outliers
    (2020,)
    """

    noise: tuple[Noise, ...] = ()
    breaks: tuple[Break, ...] = ()
    outliers: tuple[int, ...] = ()
    partial: Partial | None = None
    restated: str | None = None
    decided_by: Release = Release.FIRST

    def __post_init__(self) -> None:
        noise = _several(self.noise, Noise)
        breaks = _several(self.breaks, Break)
        outliers = _several(self.outliers, int)
        years = [one.year for one in breaks]
        if twice := sorted({year for year in years if years.count(year) > 1}):
            raise HistoryError(f"Two breaks in {twice[0]}.", "Keep one, with the wider spread.")
        if self.decided_by is Release.RESTATED and self.restated is None:
            raise HistoryError(
                "decided_by=Release.RESTATED, but no restated figures are named.",
                "Name the variable that holds them: restated=...",
            )
        object.__setattr__(self, "noise", noise)
        object.__setattr__(self, "breaks", tuple(sorted(breaks, key=lambda one: one.year)))
        object.__setattr__(self, "outliers", _years("outliers", outliers))


def _several(given: Any, kind: type[_Made]) -> tuple[_Made, ...]:
    """One or several things as a tuple."""
    return (given,) if isinstance(given, kind) else tuple(given)


def _years(owner: str, years: Iterable[int]) -> tuple[int, ...]:
    listed = tuple(sorted(set(map(int, years))))
    for year in listed:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise HistoryError(
                f"{owner}: {year!r} is not a calendar year.",
                f"Write years in full, from {FIRST_YEAR} to {LAST_YEAR}.",
            )
    return listed


def _check_one_size(owner: str, **sizes: object) -> None:
    given = [f"{name} = {size!r}" for name, size in sizes.items() if size is not None]
    if len(given) != 1:
        raise HistoryError(
            f"{owner}: {' and '.join(given) if given else 'no size'} given.",
            f"Give exactly one of {', '.join(sizes)}.",
        )
