"""What stands around the panels: title, shared legend, source; all distances in inches."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import xarray as xr

from sxsim.reporting.language import Language
from sxsim.reporting.layout import cells, wrap
from sxsim.reporting.odds_checks import record

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

LEFT, RIGHT, TOP = 0.9, 0.35, 1.55
BETWEEN = (1.05, 1.35)  # between panels, across and down
_MARGIN = 0.25
_LEGEND_ENTRY, _LEGEND_LINE = 2.6, 0.2
_SOURCE_LINE = 0.13
_CELL = 0.0085  # width of one cell of text, per point of font size


def bottom(width: float, entries: int, source: str) -> float:
    """Return the room legend and source need under the panels."""
    return (
        0.62 + _legend_lines(width, entries) * _LEGEND_LINE + len(_source_lines(width, source)) * _SOURCE_LINE
    )


def source_of(tree: xr.DataTree, lang: Language) -> str:
    """Return the line that says where the figures come from and how the picture was made."""
    return lang.words.source.format(plan=tree.attrs["plan"], record=record(tree, lang))


def draw_frame(figure: Figure, tree: xr.DataTree, drawn: Mapping[str, Artist], lang: Language) -> None:
    """Write title, question, legend and source."""
    width, height = (float(size) for size in figure.get_size_inches())
    source = source_of(tree, lang)
    title = lang.choose(str(tree.attrs.get("title", "")), str(tree.attrs.get("title_zh", "")))
    size = min(14.0, (width - 2 * _MARGIN) / (max(cells(title), 1) * _CELL))
    question = lang.words.figure_title.format(until=tree.attrs["data_until"])
    x, up = _MARGIN / width, 1.0 / height
    figure.text(x, 1 - 0.18 * up, title, fontsize=size, fontweight="bold", va="top")
    figure.text(x, 1 - 0.48 * up, question, fontsize=10.5, color="#444444", va="top")
    lines = _source_lines(width, source)
    figure.text(x, 0.1 * up, "\n".join(lines), fontsize=7, color="#666666", va="bottom")
    figure.legend(
        list(drawn.values()),
        list(drawn),
        loc="lower left",
        bbox_to_anchor=(0.6 * x, (0.12 + len(lines) * _SOURCE_LINE) * up),
        ncols=_legend_columns(width),
        frameon=False,
        fontsize=9,
    )


def _legend_columns(width: float) -> int:
    return max(1, int((width - _MARGIN) // _LEGEND_ENTRY))


def _legend_lines(width: float, entries: int) -> int:
    return -(-entries // _legend_columns(width))


def _source_lines(width: float, source: str) -> list[str]:
    return wrap(source, int((width - 2 * _MARGIN) / (7 * _CELL)))
