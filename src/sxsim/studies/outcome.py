"""What really happened: each target judged by the figures published since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim.labels import YEAR
from sxsim.plan import Combined, Condition, Promise, Relation, Target, Total, When, judged, known, single

Array = NDArray[np.float64]


class Verdict(Enum):
    """Whether a target was reached."""

    HIT = "hit"
    MISSED = "missed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """The verdict on one target and the figure it rests on.

    Attributes
    ----------
    verdict
        Hit, missed, or unknown.
    value
        Figure of the last year asked for; the best one where any year will do, the sum of a total. NaN where
        none was published, or several conditions are combined.
    note
        How the verdict was reached where the figure itself does not say.

    Examples
    --------
    >>> Outcome(verdict=Verdict.HIT, value=16471.0).verdict.value
    'hit'
    """

    verdict: Verdict
    value: float = np.nan
    note: str = ""


def outcomes(targets: Sequence[Target], history: xr.Dataset) -> list[Outcome]:
    """Judge every target by the published figures; a missing figure may still be decided by published bounds.

    The bounds of ``x`` are the variables ``x_lower_bound`` and ``x_upper_bound``.
    """
    return [_outcome(target.condition, history) for target in targets]


def _outcome(promise: Promise | None, history: xr.Dataset) -> Outcome:
    if promise is None:
        return Outcome(verdict=Verdict.UNKNOWN)
    name, year = promise.indicators[0], promise.years[-1]
    if name not in history or history[name].dims != (YEAR,):
        return Outcome(verdict=Verdict.UNKNOWN)
    found = judged(promise, partial(_interval, history))
    verdict = Verdict.HIT if found.kept else Verdict.UNKNOWN if found.possible else Verdict.MISSED
    notes = "; ".join(note for one in single(promise) for note in _notes(one, history))
    if verdict is Verdict.UNKNOWN and not notes and not isinstance(promise, Combined):
        notes = _nearest(name, year, history)
    return Outcome(verdict=verdict, value=_value(promise, history), note=notes)


def _value(promise: Promise, history: xr.Dataset) -> float:
    """Return the figure a verdict rests on: the last one, the best of any year, the sum, none of several."""
    if isinstance(promise, Combined):
        return np.nan
    figures = [_figure(history, promise.indicator, year) for year in promise.years]
    if isinstance(promise, Total):
        return float(np.sum(figures))
    if promise.when is When.ANY_YEAR and promise.relation is not Relation.WITHIN:
        known_ones = [one for one in figures if np.isfinite(one)]
        best = max if promise.relation is Relation.AT_LEAST else min
        return best(known_ones, default=np.nan)
    return figures[-1]


def _interval(history: xr.Dataset, name: str, year: int) -> tuple[Array, Array]:
    """Return the published figure, or else its published bounds, as an interval."""
    value = _figure(history, name, year)
    low, high = (_figure(history, f"{name}_{end}_bound", year) for end in ("lower", "upper"))
    if np.isfinite(value) or not np.isfinite([low, high]).all():
        return known(value)
    return np.asarray(low), np.asarray(high)


def _notes(one: Condition | Total, history: xr.Dataset) -> Iterator[str]:
    """Yield what bounds say of the years whose figure is missing."""
    for year in one.years:
        low, high = (float(end) for end in _interval(history, one.indicator, year))
        if low == high or not np.isfinite([low, high]).all():
            continue
        alone = judged(one.of_years((year,)), partial(_interval, history))
        if isinstance(one, Condition) and not alone.open:
            yield f"by its bounds, {low:g} to {high:g} in {year}"
        else:
            yield f"between {low:g} and {high:g} in {year}"


def _figure(history: xr.Dataset, name: str, year: int) -> float:
    if name not in history or year not in history[YEAR]:
        return np.nan
    return float(history[name].sel({YEAR: year}))


def _nearest(name: str, year: int, history: xr.Dataset) -> str:
    """Name the published figure nearest to the year asked for."""
    published = history[name].dropna(YEAR)
    if published.size == 0:
        return ""
    nearest = int(published[YEAR][int(np.abs(published[YEAR].to_numpy() - year).argmin())])
    return f"{float(published.sel({YEAR: nearest})):g} in {nearest}"
