"""What really happened: each target judged by the figures published since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
import xarray as xr

from sxsim.labels import YEAR
from sxsim.plan import Benchmark, Condition, Number, Relation, Target


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
        Figure of the last year asked for; NaN where none was published.
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


def _outcome(condition: Condition | None, history: xr.Dataset) -> Outcome:
    if (
        condition is None
        or condition.indicator not in history
        or history[condition.indicator].dims != (YEAR,)
    ):
        return Outcome(verdict=Verdict.UNKNOWN)
    verdicts = [_verdict(condition, history, year) for year in condition.years]
    value = _figure(history, condition.indicator, condition.years[-1])
    notes = "; ".join(dict.fromkeys(note for _, note in verdicts if note))
    if any(verdict is Verdict.MISSED for verdict, _ in verdicts):
        return Outcome(verdict=Verdict.MISSED, value=value, note=notes)
    if all(verdict is Verdict.HIT for verdict, _ in verdicts):
        return Outcome(verdict=Verdict.HIT, value=value, note=notes)
    return Outcome(verdict=Verdict.UNKNOWN, value=value, note=notes or _nearest(condition, history))


def _verdict(condition: Condition, history: xr.Dataset, year: int) -> tuple[Verdict, str]:
    value, level = _figure(history, condition.indicator, year), _level(condition, history, year)
    if np.isfinite(value) and np.isfinite(level):
        return (Verdict.HIT if _on_side(condition, value, level) else Verdict.MISSED), ""
    low, high = (_figure(history, f"{condition.indicator}_{end}_bound", year) for end in ("lower", "upper"))
    if not (np.isfinite(low) and np.isfinite(high) and np.isfinite(level)):
        return Verdict.UNKNOWN, ""
    sides = {_on_side(condition, low, level), _on_side(condition, high, level)}
    if len(sides) == 2:
        return Verdict.UNKNOWN, f"between {low:g} and {high:g} in {year}"
    return (
        Verdict.HIT if sides == {True} else Verdict.MISSED
    ), f"by its bounds, {low:g} to {high:g} in {year}"


def _on_side(condition: Condition, value: float, level: float) -> bool:
    return value >= level if condition.relation is Relation.AT_LEAST else value <= level


def _level(condition: Condition, history: xr.Dataset, year: int) -> float:
    match condition.level:
        case Number(value=value):
            return value
        case Benchmark(indicator=name):
            return _figure(history, name, year)


def _figure(history: xr.Dataset, name: str, year: int) -> float:
    if name not in history or year not in history[YEAR]:
        return np.nan
    return float(history[name].sel({YEAR: year}))


def _nearest(condition: Condition, history: xr.Dataset) -> str:
    """Name the published figure nearest to the year asked for."""
    known = history[condition.indicator].dropna(YEAR)
    year = condition.years[-1]
    if known.size == 0:
        return ""
    nearest = int(known[YEAR][int(np.abs(known[YEAR].to_numpy() - year).argmin())])
    return f"{float(known.sel({YEAR: nearest})):g} in {nearest}"
