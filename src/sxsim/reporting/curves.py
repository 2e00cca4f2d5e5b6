"""The curves and marks of one panel: history, fan, level to reach, and what came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim.labels import QUANTILE, SCENARIO, YEAR
from sxsim.plan import Benchmark, Between, Condition, OwnPast, When
from sxsim.reporting import numbers
from sxsim.reporting.language import Language
from sxsim.reporting.reading import Row, figures, last_figure, scenario_name

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

# Okabe and Ito's palette: told apart with every common form of colour blindness, and in grey by line style.
_INK = "#222222"
_FAN = "#0072B2"
_TARGET, _TARGET_TEXT = "#009E73", "#00694D"
_BENCHMARK = "#CC79A7"
_OTHERS = ("#D55E00", "#E69F00", "#56B4E9", "#CC79A7")
_DASHES, _DOTS = (0, (5, 2.5)), (0, (1, 1.5))
_LINES = (_DASHES, (0, (6, 1.5, 1.5, 1.5)), (0, (2, 2)))

Years = tuple[int, int]


def fan_of(tree: xr.DataTree, row: Row) -> tuple[xr.DataArray, xr.DataArray, xr.DataArray]:
    """Return low, middle and high quantile of a row's indicator, dims ``(scenario, year)``."""
    ahead = tree["forecast"].to_dataset()[row.asked.indicator]
    first = last_figure(tree, row.asked.indicator)[0] + 1
    low, middle, high = (
        ahead.sel({QUANTILE: q, YEAR: slice(first, row.asked.year)}) for q in ahead[QUANTILE].to_numpy()
    )
    return low, middle, high


def draw_fan(axes: Axes, tree: xr.DataTree, row: Row, lang: Language) -> dict[str, Artist]:
    """Open the fan of the first scenario at the last known figure; others show a median that differs."""
    words = lang.words
    low, middle, high = fan_of(tree, row)
    start, value = last_figure(tree, row.asked.indicator)
    year = np.append(start, low[YEAR].to_numpy())

    def course(values: xr.DataArray, scenario: int) -> NDArray[np.float64]:
        return np.append(value, values.isel({SCENARIO: scenario}).to_numpy())

    names = [scenario_name(tree, str(scenario), lang) for scenario in low[SCENARIO].to_numpy()]
    band = axes.fill_between(
        year, course(low, 0), course(high, 0), color=_FAN, alpha=0.18, linewidth=0, zorder=1
    )
    (line,) = axes.plot(year, course(middle, 0), color=_FAN, linewidth=2.0, zorder=3)
    drawn: dict[str, Artist] = {
        words.fan.format(scenario=names[0]): band,
        words.median.format(scenario=names[0]): line,
    }
    for i, name in enumerate(names[1:], start=1):
        if np.allclose(course(middle, i), course(middle, 0)):
            continue
        turn, place = divmod(i - 1, len(_OTHERS))
        style: dict[str, Any] = {"color": _OTHERS[place], "linestyle": _LINES[turn % len(_LINES)]}
        (other,) = axes.plot(year, course(middle, i), linewidth=1.8, zorder=4, **style)
        drawn[words.median.format(scenario=name)] = other
    return drawn


def draw_target(axes: Axes, tree: xr.DataTree, row: Row, lang: Language) -> dict[str, Artist]:
    """Mark the level in the years it is due: a line, a band, or the course of a level that moves.

    A sum over years, and what is combined, have no level that one year could show.
    """
    one = row.asked.promise
    if not isinstance(one, Condition):
        return {}
    due = np.array(one.years if one.when is When.EVERY_YEAR else one.years[-1:])
    if isinstance(one.level, Between):
        return _draw_range(axes, tree, one.level, due, lang)
    level = np.full(due.size, row.chances[0].level)
    drawn: dict[str, Artist] = {}
    if isinstance(one.level, Benchmark | OwnPast):
        year, course = _course(tree, one, level[-1])
        due = due if isinstance(one.level, Benchmark) else due[-1:]
        level = np.interp(due, year, course)
        (line,) = axes.plot(year, course, color=_BENCHMARK, linewidth=1.8, linestyle=":")
        drawn[lang.words.benchmark] = line
    else:
        _draw_level(axes, tree, float(level[0]), one.years[-1], lang)
    (mark,) = axes.plot(due, level, marker="D", markersize=8, color=_TARGET, linestyle="none", zorder=6)
    drawn[lang.words.level] = mark
    return drawn


def _draw_level(axes: Axes, tree: xr.DataTree, level: float, last: int, lang: Language) -> None:
    start = int(tree.attrs["data_until"]) - 3
    axes.hlines(level, start, last, color=_TARGET, linewidth=1.2, linestyle=_DOTS, zorder=2)
    _name_level(axes, numbers.published(level), (start, level), lang)


def _draw_range(
    axes: Axes, tree: xr.DataTree, level: Between, due: NDArray[np.int64], lang: Language
) -> dict[str, Artist]:
    start = int(tree.attrs["data_until"]) - 3
    ends = (level.lower, level.upper)
    axes.fill_between((start, due[-1]), *ends, color=_TARGET, alpha=0.12, linewidth=0, zorder=2)
    low, high = map(numbers.published, ends)
    _name_level(axes, lang.words.between_bounds.format(low=low, high=high), (start, level.upper), lang)
    return {lang.words.level: axes.vlines(due, *ends, color=_TARGET, linewidth=4.0, zorder=6)}


def _name_level(axes: Axes, level: str, at: tuple[float, float], lang: Language) -> None:
    style: dict[str, Any] = {
        "color": _TARGET_TEXT,
        "fontsize": 9,
        "fontweight": "bold",
        "textcoords": "offset points",
    }
    axes.annotate(lang.words.target_level.format(level=level), at, xytext=(0, 3), **style)


def draw_history(axes: Axes, tree: xr.DataTree, row: Row, years: Years, lang: Language) -> dict[str, Artist]:
    """Draw what the fit knew as full dots, what came after as hollow ones, and published bounds as bars."""
    words, name = lang.words, row.asked.indicator
    cut = int(tree.attrs["data_until"])
    year, value = figures(tree, name)
    shown = (year >= years[0]) & (year <= row.asked.year)
    known, later = shown & (year <= cut), shown & (year > cut)
    (line,) = axes.plot(
        year[known], value[known], color=_INK, linewidth=1.6, marker="o", markersize=4.5, zorder=5
    )
    drawn: dict[str, Artist] = {words.history: line}
    if later.any():
        hollow: dict[str, Any] = {
            "marker": "o",
            "markersize": 6.5,
            "markerfacecolor": "white",
            "markeredgewidth": 1.5,
        }
        (dots,) = axes.plot(year[later], value[later], color=_INK, linestyle="none", zorder=7, **hollow)
        drawn[words.happened] = dots
    between = [b for b in _bounds(tree, name) if years[0] <= b[0] <= row.asked.year and b[0] not in year]
    if between:
        at, low, high = np.array(between).T
        drawn[words.published_bounds] = axes.vlines(
            at, low, high, color=_INK, linewidth=3.0, alpha=0.55, zorder=6
        )
    return drawn


def _course(
    tree: xr.DataTree, one: Condition, last_level: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the course of a level that moves: as observed, then its median; of its own past, as it grows."""
    last = one.years[-1]
    if isinstance(one.level, OwnPast):
        start = one.level.year_before(last)
        year = np.arange(start, last + 1)
        grown = last_level * (1.0 + one.level.growth) ** (year - last)
        return year.astype(np.int64), grown.astype(np.float64)
    assert isinstance(one.level, Benchmark)
    seen, values = figures(tree, one.level.indicator)
    cut = int(tree.attrs["data_until"])
    ahead = tree["forecast"].to_dataset()[one.level.indicator].isel({SCENARIO: 0}).sel({QUANTILE: 0.5})
    year = np.concatenate([seen[seen <= cut], ahead[YEAR].to_numpy()])
    course = one.level.times * np.concatenate([values[seen <= cut], ahead.to_numpy()])
    return year[year <= last], course[year <= last]


def _bounds(tree: xr.DataTree, name: str) -> list[tuple[int, float, float]]:
    """Return year, lower and upper bound where both were published."""
    (year, low), (other, high) = (figures(tree, f"{name}_{end}_bound") for end in ("lower", "upper"))
    return [
        (int(y), float(low[year == y][0]), float(high[other == y][0])) for y in np.intersect1d(year, other)
    ]
