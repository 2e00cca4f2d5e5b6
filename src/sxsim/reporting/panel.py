"""One panel of a fan chart: its curves, its scale, its words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from sxsim.reporting import numbers
from sxsim.reporting.curves import Years, draw_fan, draw_history, draw_target, fan_of
from sxsim.reporting.language import Language
from sxsim.reporting.layout import wrap
from sxsim.reporting.odds_matrix import many
from sxsim.reporting.reading import Row, bridge_of, figures, in_words, scenario_name

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

_GREY, _WARNING, _WARNING_EDGE, _WARNING_FACE = "#444444", "#7A3B00", "#D55E00", "#FFF3E0"
_TITLE_CELLS = {Language.EN: 58, Language.ZH: 68}
_SUBTITLE_LINE = 14  # points
_VISIBLE = 0.0005  # what a probability with one decimal can show
_MOST_HISTORY = 15  # years before the fan
_LINEAR_UP_TO = 10.0  # a fan that spans more than this ratio is drawn on a log scale
_DECADES_ONLY = 300.0  # and from this one on only powers of ten are written beside it


def horizon(tree: xr.DataTree, chosen: Sequence[Row]) -> Years:
    """Return the first and last year all panels show."""
    cut = int(tree.attrs["data_until"])
    known = [figures(tree, row.asked.indicator)[0] for row in chosen]
    first = min((int(years.min()) for years in known if years.size), default=cut)
    return max(first, cut - _MOST_HISTORY), max(row.asked.year for row in chosen)


def draw_panel(axes: Axes, tree: xr.DataTree, row: Row, years: Years, lang: Language) -> dict[str, Artist]:
    """Draw one target and return what has to be named in the legend."""
    drawn = draw_history(axes, tree, row, years, lang)
    drawn |= draw_fan(axes, tree, row, lang)
    drawn |= draw_target(axes, tree, row, lang)
    _scale(axes, tree, row, lang)
    axes.set_xlim(years[0] - 0.6, years[1] + 0.6)
    step = max(1, round((years[1] - years[0]) / 6))
    axes.set_xticks(np.arange(years[1], years[0] - 1, -step)[::-1])
    axes.axvline(int(tree.attrs["data_until"]) + 0.5, color="#999999", linewidth=0.8, linestyle=":")
    _title(axes, tree, row, lang)
    _warnings(axes, tree, row, lang)
    _tidy(axes)
    return drawn


def _scale(axes: Axes, tree: xr.DataTree, row: Row, lang: Language) -> None:
    """Choose a log scale where the fan spans more than one page could show, and name the unit."""
    from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

    unit = in_words(row.unit, lang)
    low, _, high = (float(values[0, -1]) for values in fan_of(tree, row))
    lowest = min(low, float(figures(tree, row.asked.indicator)[1].min(initial=low)))
    if lowest > 0 and high / low > _LINEAR_UP_TO:
        axes.set_yscale("log")
        subs = (1.0,) if high / low > _DECADES_ONLY else (1.0, 2.0, 5.0)
        axes.yaxis.set_major_locator(LogLocator(base=10, subs=subs))
        axes.yaxis.set_minor_formatter(NullFormatter())
        unit = lang.words.log_scale.format(unit=unit)
    else:
        if lowest >= 0:
            axes.set_ylim(bottom=0)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: numbers.published(float(f"{value:.6g}"))))
    axes.set_ylabel(unit, fontsize=9)


def _title(axes: Axes, tree: xr.DataTree, row: Row, lang: Language) -> None:
    """Write the name and under it the chances and what came."""
    words = lang.words
    name = "\n".join(wrap(f"{row.id}  {lang.choose(row.label, row.label_zh)}", _TITLE_CELLS[lang]))
    lines = [_chances(tree, row, lang)]
    if many(tree):
        lines = [lines[0][:1], lines[0][1:]]
    if row.outcome != "unknown":
        lines[0].append(words.came.format(outcome=words.verdicts[row.outcome]))
    text = "\n".join("   |   ".join(line) for line in lines if line)
    pad = 22 + _SUBTITLE_LINE * text.count("\n")
    axes.set_title(name, loc="left", fontsize=11, fontweight="bold", pad=pad)
    axes.text(0.0, 1.025, text, transform=axes.transAxes, va="bottom", fontsize=9.5, color=_GREY)


def _chances(tree: xr.DataTree, row: Row, lang: Language) -> list[str]:
    """Say the chance under every scenario; of many, under the first, and where it is lowest and highest."""
    words = lang.words
    shown = [(words.chance, one) for one in row.chances]
    if many(tree):
        first, *others = row.chances
        low, high = (find(others, key=lambda one: one.probability) for find in (min, max))
        shown = [(words.chance, first)]
        shown += [(words.lowest, low)] if low.probability < first.probability - _VISIBLE else []
        shown += [(words.highest, high)] if high.probability > first.probability + _VISIBLE else []
    return [
        form.format(
            scenario=scenario_name(tree, one.scenario, lang),
            probability=numbers.percent(one.probability, error=one.error, sign=words.percent_sign),
        )
        for form, one in shown
    ]


def _warnings(axes: Axes, tree: xr.DataTree, row: Row, lang: Language) -> None:
    """Mark a proxy, and growth that was borrowed, where nobody can overlook it."""
    words = lang.words
    tags = [words.proxy_tag.format(row=row.proxy_for)] if row.proxy_for else []
    if bridge_of(tree, row.asked.indicator):
        tags.append(words.bridge_tag)
    if not tags:
        return
    box = {
        "facecolor": _WARNING_FACE,
        "edgecolor": _WARNING_EDGE,
        "boxstyle": "round,pad=0.35",
        "linewidth": 0.8,
    }
    text = "\n".join(tags)
    axes.text(0.02, 0.95, text, transform=axes.transAxes, fontsize=9, va="top", color=_WARNING, bbox=box)


def _tidy(axes: Axes) -> None:
    from matplotlib import rcParams

    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    # Tick labels may be made later, when the fonts chosen for this figure are no longer the current ones.
    axes.tick_params(labelsize=9, labelfontfamily=rcParams["font.family"])
