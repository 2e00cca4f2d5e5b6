"""A result of ``sx.run`` as plain nouns: what is asked, what came out, and what it rests on."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim.errors import RequestError
from sxsim.labels import (
    BRIDGE_FROM,
    LONG_NAME,
    LONG_NAME_ZH,
    SCENARIO,
    TARGET,
    UNITS,
    YEAR,
)
from sxsim.plan import Group
from sxsim.processes import Rung
from sxsim.reporting.asked import Asked, asked
from sxsim.reporting.language import Language

_GROUPS = ("attainment", "scenarios", "forecast", "fit", "observed", "audit", "rows")


@dataclass(frozen=True, kw_only=True, slots=True)
class Chance:
    """One target under one scenario."""

    scenario: str
    probability: float
    error: float
    route: str
    median: float
    low: float
    high: float
    level: float
    shock: float
    parameter: float
    model: float
    simulated: float
    simulated_error: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One target that was assessed."""

    id: str
    label: str
    label_zh: str
    headline: bool
    unit: str
    asked: Asked
    assumption: str
    proxy_for: str
    required_growth: float
    outcome: str
    outcome_value: float
    outcome_note: str
    chances: tuple[Chance, ...]

    @property
    def settled(self) -> bool:
        """Whether nothing is left to chance."""
        return all(chance.route == "observed" for chance in self.chances)

    @property
    def series(self) -> tuple[str, ...]:
        """Names of the series it speaks of: what is judged, and what it is held against."""
        return self.asked.series


def check_result(tree: xr.DataTree) -> xr.DataTree:
    """Refuse anything but a result of ``sx.run``."""
    missing = [name for name in _GROUPS if name not in tree.children]
    if missing:
        raise RequestError(
            f"This is not a result of sx.run: it has no group {missing[0]!r}.",
            "Give what sx.run returned, or sx.open_result of the file it was saved to.",
        )
    return tree


def rows(tree: xr.DataTree) -> tuple[Row, ...]:
    """Return every assessed target, in the order of the plan."""
    odds = tree["attainment"].to_dataset()
    ids = [str(name) for name in odds[TARGET].values]
    return tuple(_row(tree, odds, name) for name in ids if not text(odds, "reason", name))


def unassessed(tree: xr.DataTree, lang: Language) -> list[tuple[str, str, str]]:
    """Return id, label and reason of every target without a number."""
    odds = tree["attainment"].to_dataset()
    ids = [str(name) for name in odds[TARGET].values]
    return [
        (
            name,
            lang.choose(text(odds, "label", name), text(odds, "label_zh", name)),
            text(odds, "reason", name),
        )
        for name in ids
        if text(odds, "reason", name)
    ]


def scenarios(tree: xr.DataTree) -> tuple[str, ...]:
    """Return the ids of the scenarios."""
    return tuple(str(name) for name in tree["attainment"].to_dataset()[SCENARIO].to_numpy())


def scenario_name(tree: xr.DataTree, scenario: str, lang: Language) -> str:
    """Return the name of a scenario, or its id where the result has none."""
    told = tree["scenarios"].to_dataset()
    if scenario not in told[SCENARIO].values:
        return scenario
    one = told.sel({SCENARIO: scenario})
    return lang.choose(str(one["label"].item()), str(one["label_zh"].item())) or scenario


def label_of(tree: xr.DataTree, indicator: str, lang: Language) -> str:
    """Return the label of an observed series."""
    attributes = tree["observed"].to_dataset()[indicator].attrs
    return lang.choose(str(attributes.get(LONG_NAME, "")), str(attributes.get(LONG_NAME_ZH, ""))) or indicator


def in_words(unit: str, lang: Language) -> str:
    """Return a unit in the chosen language, where it is known."""
    return lang.words.units.get(unit, unit)


def bridge_of(tree: xr.DataTree, indicator: str) -> tuple[str, float] | None:
    """Return the series whose growth is borrowed and the spread assumed for it, where the fit did so."""
    attributes = tree["observed"].to_dataset()[indicator].attrs
    fitted = tree["fit"].to_dataset()
    if BRIDGE_FROM not in attributes or indicator not in fitted["indicator"].to_numpy():
        return None
    if str(fitted["basis"].sel(indicator=indicator).item()) != Rung.BRIDGED.value:
        return None
    return str(attributes[BRIDGE_FROM]), float(fitted["bridge_sd"].sel(indicator=indicator))


def assumed_of(tree: xr.DataTree, indicator: str) -> list[str]:
    """Return what the fit of a series assumed about its figures: breaks, parts of a year."""
    fitted = tree["fit"].to_dataset()
    if indicator not in fitted["indicator"].to_numpy():
        return []
    notes = str(fitted["notes"].sel(indicator=indicator).item()).split("; ")
    return [note for note in notes if note.startswith("ASSUMPTION: ") and "growth learned from" not in note]


def last_figure(tree: xr.DataTree, indicator: str) -> tuple[int, float]:
    """Return the last year the fit used of a series, and its figure; of what is computed, what is known."""
    fitted, cut = tree["fit"].to_dataset(), int(tree.attrs["data_until"])
    if indicator in fitted["indicator"].values:
        one = fitted.sel(indicator=indicator)
        return int(one["last_year"]), float(one["last_value"])
    year, value = figures(tree, indicator)
    seen = value[year == cut]
    return cut, float(seen[0]) if seen.size else np.nan


def figures(tree: xr.DataTree, name: str) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return years and values of an observed series where there is a value."""
    observed = tree["observed"].to_dataset()
    if name not in observed:
        return np.array([], int), np.array([])
    series = observed[name].dropna(YEAR)
    return series[YEAR].to_numpy(), series.to_numpy()


def names(value: object) -> list[str]:
    """Return the names an attribute lists."""
    return [name for name in str(value).split(", ") if name]


def text(data: xr.Dataset, variable: Hashable, target: str) -> str:
    """Return one text of one target."""
    return str(data[variable].sel({TARGET: target}).item())


def _row(tree: xr.DataTree, odds: xr.Dataset, name: str) -> Row:
    one = odds.sel({TARGET: name})
    question = asked(tree, name)
    units = (
        tree["observed"].to_dataset()[question.indicator].attrs.get(UNITS, "") if question.indicator else ""
    )
    return Row(
        id=name,
        label=text(odds, "label", name),
        label_zh=text(odds, "label_zh", name),
        headline=text(odds, "group", name) == Group.HEADLINE.value,
        unit=text(odds, "unit", name) or str(units),
        asked=question,
        assumption=text(odds, "assumption", name),
        proxy_for=text(odds, "proxy_for", name),
        required_growth=float(one["required_growth"]),
        outcome=text(odds, "outcome", name),
        outcome_value=float(one["outcome_value"]),
        outcome_note=text(odds, "outcome_note", name),
        chances=tuple(_chance(one.sel({SCENARIO: s}), s) for s in scenarios(tree)),
    )


def _chance(one: xr.Dataset, scenario: str) -> Chance:
    return Chance(
        scenario=scenario,
        probability=float(one["probability"]),
        error=float(one["standard_error"]),
        route=str(one["route"].item()),
        median=float(one["median"]),
        low=float(one["low"]),
        high=float(one["high"]),
        level=float(one["level"]),
        shock=float(one["variance_shock"]),
        parameter=float(one["variance_parameter"]),
        model=float(one["variance_model"]),
        simulated=float(one["simulated_probability"]),
        simulated_error=float(one["simulated_standard_error"]),
    )
