"""Indicators, how they are measured, and the figures observed for them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from sxsim.errors import HistoryError, PlanError
from sxsim.plan.checks import FIRST_YEAR, LAST_YEAR, check_finite, check_id
from sxsim.plan.reading import Reading


class Kind(Enum):
    """What sort of quantity an indicator is; it fixes the scale on which growth lives."""

    SHARE = "share"
    RATIO = "ratio"
    AMOUNT = "amount"
    STOCK = "stock"
    FLOW = "flow"
    COUNT = "count"
    BALANCE = "balance"


class Role(Enum):
    """What an indicator is there for; bounds, vintages and standard errors are shown but never fitted."""

    INDICATOR = "indicator"
    PROXY = "proxy"
    BENCHMARK = "benchmark"
    BOUND = "bound"
    VINTAGE = "vintage"
    NOISE = "noise"


@dataclass(frozen=True, kw_only=True, slots=True)
class Bridge:
    """Growth learned from another indicator, with extra uncertainty.

    Parameters
    ----------
    source
        Id of the indicator whose growth is borrowed.
    drift_sd
        Standard deviation of the difference between the two yearly log growth rates: an assumption. None
        estimates it from the years both have.
    assumption
        Why this borrowing is reasonable, in a sentence.

    Raises
    ------
    PlanError
        If `drift_sd` is negative or not finite.

    Examples
    --------
    >>> Bridge(source="high_tech_revenue", drift_sd=0.03, assumption="same firms").drift_sd
    0.03
    """

    source: str
    drift_sd: float | None = None
    assumption: str

    def __post_init__(self) -> None:
        owner = f"bridge from {self.source}"
        if self.drift_sd is None:
            return
        check_finite(owner, "drift_sd", self.drift_sd)
        if self.drift_sd < 0:
            raise PlanError(
                f"{owner}: drift_sd = {self.drift_sd!r} is negative.", "A spread is zero or more."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Indicator:
    """One measured quantity.

    Parameters
    ----------
    id, label, label_zh
        Name in data files, and how people call it in English and Chinese.
    kind, role
        Sort of quantity, and what it is there for.
    units
        Unit of the values; a share whose units start with "%" runs from 0 to 100, any other from 0 to 1.
    lower, upper
        Bounds of a share where they differ from those; other kinds have none.
    definition
        How the figure is counted.
    breaks
        Known breaks in the definition, one sentence each.
    bridge
        Where growth is learned from, if not from the indicator's own history.
    reading
        What is known about the figures beyond the figures: errors, breaks, odd years, releases.

    Raises
    ------
    PlanError
        If the id is unusable, or bounds are not finite, out of order, or given to a kind without bounds.

    Examples
    --------
    >>> Indicator(id="rd", label="R&D intensity", kind=Kind.SHARE, units="% of GDP").role
    <Role.INDICATOR: 'indicator'>
    """

    id: str
    label: str
    label_zh: str = ""
    kind: Kind
    role: Role = Role.INDICATOR
    units: str = ""
    lower: float | None = None
    upper: float | None = None
    definition: str = ""
    breaks: tuple[str, ...] = ()
    bridge: Bridge | None = None
    reading: Reading | None = None

    def __post_init__(self) -> None:
        check_id("indicator", self.id)
        owner = f"indicator {self.id}"
        for key, value in (("lower", self.lower), ("upper", self.upper)):
            if value is None:
                continue
            check_finite(owner, key, value)
            if self.kind is not Kind.SHARE:
                raise PlanError(
                    f"{owner}: {key} = {value!r} is given, but kind = {self.kind.value!r} has no bounds.",
                    "Use kind = 'share' for a bounded quantity, or leave the bound out.",
                )
        low, high = bounds(self)
        if not low < high:
            raise PlanError(
                f"{owner}: lower = {low!r} is not below upper = {high!r}.", "Mend one of the two."
            )
        if self.bridge is not None and self.bridge.source == self.id:
            raise PlanError(
                f"{owner}: bridge_from = {self.id!r} is the indicator itself.", "Name another indicator."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Observation:
    """One observed figure.

    Parameters
    ----------
    indicator
        Id of the indicator.
    year, value
        The calendar year, and the figure in the indicator's units.
    source, note
        Where the figure was published, and anything a reader should know.
    sd
        Standard error of the figure in the indicator's units, where it is known.

    Raises
    ------
    HistoryError
        If the value is not finite, the year is not a calendar year, or the standard error is negative.

    Examples
    --------
    >>> Observation(indicator="rd", year=2012, value=1.09, source="yearbook 2013").value
    1.09
    """

    indicator: str
    year: int
    value: float
    source: str
    note: str = ""
    sd: float | None = None

    def __post_init__(self) -> None:
        where = f"{self.indicator} in {self.year}"
        if not math.isfinite(self.value):
            raise HistoryError(
                f"{where}: value = {self.value!r} is not a finite number.", "Leave the row out."
            )
        if not FIRST_YEAR <= self.year <= LAST_YEAR:
            raise HistoryError(
                f"{where}: year = {self.year!r} is not a calendar year.",
                f"Write years in full, from {FIRST_YEAR} to {LAST_YEAR}.",
            )
        if self.sd is not None and not (math.isfinite(self.sd) and self.sd >= 0):
            raise HistoryError(
                f"{where}: sd = {self.sd!r} is not a standard error.",
                "Give a number from zero on, or leave it out.",
            )


def bounds(indicator: Indicator) -> tuple[float, float]:
    """Between which values an indicator can lie, both ends included.

    Parameters
    ----------
    indicator
        Any indicator.

    Returns
    -------
    tuple of float
        Lower and upper bound in the indicator's units; infinite where there is none.

    Examples
    --------
    >>> bounds(Indicator(id="rd", label="R&D intensity", kind=Kind.SHARE, units="% of GDP"))
    (0.0, 100.0)
    >>> bounds(Indicator(id="patents", label="Patents in force", kind=Kind.STOCK))
    (0.0, inf)
    """
    if indicator.kind is Kind.BALANCE:
        return -math.inf, math.inf
    if indicator.kind is not Kind.SHARE:
        return 0.0, math.inf
    full = 100.0 if indicator.units.startswith("%") else 1.0
    low = 0.0 if indicator.lower is None else float(indicator.lower)
    high = full if indicator.upper is None else float(indicator.upper)
    return low, high
