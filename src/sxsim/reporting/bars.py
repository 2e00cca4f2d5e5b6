"""Panels of horizontal bars, one below the other, sized by what they hold; all distances in inches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sxsim.reporting.figure import neutral
from sxsim.reporting.fonts import font_families
from sxsim.reporting.language import Language
from sxsim.reporting.layout import natural, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH, _BAR, _LINE, _AROUND, _TOP, _BOTTOM = 8.0, 0.27, 0.13, 0.75, 0.5, 0.5
_CELL, _MOST_CELLS = 0.078, 44  # width of a cell of a name, and cells in a line of it
_MORE, _LESS = "#0072B2", "#D55E00"  # of Okabe and Ito's palette


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """One bar: its name, its value with the numerical error, and what is written beside it."""

    name: str
    value: float
    error: float
    said: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BarPanel:
    """Bars from the top down, under a title."""

    title: str
    bars: tuple[Bar, ...]


def bar_chart(panels: Sequence[BarPanel], *, title: str, scale: str, lang: Language) -> Figure:
    """Draw panels that share their scale; bars to the right are blue, to the left orange."""
    families = font_families(lang)

    from matplotlib.figure import Figure

    names = [wrap(bar.name, _MOST_CELLS) for panel in panels for bar in panel.bars]
    thick = _BAR + _LINE * (max(map(len, names)) - 1)
    heights = [thick * len(panel.bars) + _AROUND for panel in panels]
    height = sum(heights) + _TOP + _BOTTOM
    left = 0.35 + _CELL * natural([line for lines in names for line in lines])
    with neutral({"font.family": families, "axes.unicode_minus": False, "text.parse_math": False}):
        figure = Figure(figsize=(left + _WIDTH, height), dpi=150, facecolor="white")
        figure.text(0.2 / (left + _WIDTH), 1 - 0.2 / height, title, fontsize=13, fontweight="bold", va="top")
        ends = [bar.value for panel in panels for bar in panel.bars] + [0.0]
        low, high = min(ends), max(ends)
        room = 0.2 * (high - low or 1.0)
        top = height - _TOP
        for panel, tall in zip(panels, heights, strict=True):
            axes = figure.add_axes(
                (left / (left + _WIDTH), (top - tall + 0.3) / height, 0.97 * _WIDTH / (left + _WIDTH), 0.0)
            )
            place = axes.get_position()
            axes.set_position((place.x0, place.y0, place.width, (tall - _AROUND) / height))
            _draw(axes, panel)
            axes.set_xlim(low - (room if low < 0 else 0.0), high + (room if high > 0 else 0.0))
            top -= tall
        axes.set_xlabel(scale, fontsize=9)
    return figure


def _draw(axes: Axes, panel: BarPanel) -> None:
    from matplotlib import rcParams

    places = range(len(panel.bars))
    values = [bar.value for bar in panel.bars]
    colours = [_MORE if value >= 0 else _LESS for value in values]
    errors = [2.0 * bar.error for bar in panel.bars]
    axes.barh(places, values, height=0.68, color=colours, alpha=0.85)
    if any(errors):
        axes.errorbar(values, places, xerr=errors, fmt="none", ecolor="#222222", elinewidth=1.2, capsize=2)
    for place, bar, error in zip(places, panel.bars, errors, strict=True):
        right = bar.value >= 0
        axes.annotate(
            bar.said,
            (bar.value + (error if right else -error), place),
            xytext=(5 if right else -5, 0),
            textcoords="offset points",
            va="center",
            ha="left" if right else "right",
            fontsize=8.5,
            color="#333333",
        )
    axes.set_yticks(places, ["\n".join(wrap(bar.name, _MOST_CELLS)) for bar in panel.bars])
    axes.set_ylim(len(panel.bars) - 0.4, -0.6)
    axes.axvline(0.0, color="#444444", linewidth=0.8)
    axes.set_title(panel.title, loc="left", fontsize=10.5, fontweight="bold", pad=6)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.grid(axis="x", color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=9, labelfontfamily=rcParams["font.family"])
    axes.tick_params(axis="y", length=0)
