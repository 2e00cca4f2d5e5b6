"""A replay as a picture: each target's probability through the years, and what was forecast meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from sxsim.errors import RequestError
from sxsim.reporting import numbers
from sxsim.reporting.figure import neutral
from sxsim.reporting.fonts import font_families
from sxsim.reporting.language import Language
from sxsim.reporting.layout import cells, wrap
from sxsim.reporting.reading import in_words
from sxsim.reporting.replay_reading import Seen, Story, chance, check_replay, chosen, goal, outcome, stories
from sxsim.reporting.replay_words import ReplayWords, replay_words

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's palette; alerts differ in shape too, so that nobody needs the colours.
_INK, _LINE, _LEVEL, _FAINT = "#222222", "#0072B2", "#009E73", "#666666"
_ALERTS = {
    "on track": ("o", "#0072B2", 7),
    "at risk": ("D", "#E69F00", 7),
    "off track": ("v", "#D55E00", 7),
    "met": ("*", "#0072B2", 12),
    "missed": ("X", "#D55E00", 8),
}
_BANDS = ("#D55E00", "#E69F00", "#0072B2")
_PANEL, _UPPER, _LOWER = 4.6, 2.1, 1.35  # inches
_LEFT, _RIGHT, _ACROSS, _BETWEEN, _HEAD, _DOWN, _TOP, _BOTTOM = 0.75, 0.3, 0.9, 0.15, 0.95, 0.55, 0.75, 0.75
_CELL = 0.0085  # width of one cell of text, per point of font size


def replay_chart(
    data: xr.Dataset,
    targets: Sequence[str] | None = None,
    *,
    scenario: str | None = None,
    lang: Language = Language.EN,
) -> Figure:
    """Draw two panels per target: its probability as of each year, and the forecast behind it.

    Bands and marks show the alerts; whiskers are the numerical errors that the alerts count with. Below: the
    last figure known then, and the median forecast for the year asked for, beside the level.

    Parameters
    ----------
    data
        From :func:`sxsim.replay`.
    targets
        Ids; the default is every headline target with a number in some year, or all with one.
    scenario
        The default is the first one.
    lang
        Language of all labels. Chinese needs an installed font with Chinese characters.

    Returns
    -------
    matplotlib.figure.Figure
        Belongs to no window and no global state; save it with :func:`sxsim.save_figure`.

    Raises
    ------
    MissingExtraError
        If matplotlib is not installed, or Chinese is asked for and no font has it.
    RequestError
        `data` is not a result of :func:`sxsim.replay`, or holds no number.
    UnknownNameError
        There is no such scenario, or no target of that name with a number.

    Examples
    --------
    >>> import sxsim as sx
    >>> found = sx.replay(sx.load_plan("shanxi-2014"), [2012], news=False, rng=0)
    >>> len(sx.replay_chart(found, ["H1", "H2"]).axes)
    4
    """
    families = font_families(lang)
    shown = chosen(stories(check_replay(data), scenario, lang), targets)
    if not shown:
        raise RequestError("There is nothing to draw: no target has a number.", "See the reasons in it.")

    from matplotlib.figure import Figure

    words = replay_words(lang)
    with neutral({"font.family": families, "axes.unicode_minus": False, "text.parse_math": False}):
        figure = Figure(dpi=150, facecolor="white")
        pairs = _panels(figure, len(shown))
        drawn: dict[str, Artist] = {}
        for story, (upper, lower) in zip(shown, pairs, strict=True):
            drawn |= _draw_chances(upper, story, data, words, lang)
            drawn |= _draw_figures(lower, story, words, lang)
        _draw_frame(figure, data, drawn, lang)
    return figure


def _panels(figure: Figure, count: int) -> list[tuple[Axes, Axes]]:
    """Place pairs of panels, two pairs to a line, all of one size in inches."""
    columns = min(count, 2)
    lines = -(-count // columns)
    width = _LEFT + columns * _PANEL + (columns - 1) * _ACROSS + _RIGHT
    tall = _HEAD + _UPPER + _BETWEEN + _LOWER + _DOWN
    height = _TOP + lines * tall + _BOTTOM
    figure.set_size_inches(width, height)
    pairs = []
    for i in range(count):
        line, column = divmod(i, columns)
        left = _LEFT + column * (_PANEL + _ACROSS)
        top = height - _TOP - line * tall - _HEAD
        places = ((top - _UPPER, _UPPER), (top - _UPPER - _BETWEEN - _LOWER, _LOWER))
        upper, lower = (
            figure.add_axes((left / width, y / height, _PANEL / width, high / height)) for y, high in places
        )
        pairs.append((upper, lower))
    return pairs


def _draw_chances(
    axes: Axes, story: Story, data: xr.Dataset, words: ReplayWords, lang: Language
) -> dict[str, Artist]:
    edges = (0.0, float(data.attrs["at_risk"]), float(data.attrs["on_track"]), 1.0)
    for low, high, colour in zip(edges, edges[1:], _BANDS, strict=False):
        axes.axhspan(low, high, color=colour, alpha=0.08, linewidth=0, zorder=0)
    known = [one for one in story.seen if np.isfinite(one.probability)]
    years, values = [one.as_of for one in known], [one.probability for one in known]
    axes.plot(years, values, color=_INK, linewidth=1.3, zorder=2)
    width = float(data.attrs["alert_errors"])
    errors = [width * one.error for one in known]
    axes.errorbar(years, values, yerr=errors, fmt="none", ecolor=_INK, elinewidth=1.0, capsize=2, zorder=2)
    drawn: dict[str, Artist] = {}
    for alert, (marker, colour, size) in _ALERTS.items():
        mine = [(one.as_of, _height(one)) for one in story.seen if one.alert == alert]
        if mine:
            (dots,) = axes.plot(
                *zip(*mine, strict=True), marker, color=colour, markersize=size, zorder=4, clip_on=False
            )
            drawn[words.alerts[alert]] = dots
    for one in known:
        _write(axes, one, lang)
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([0.0, 0.25, 0.5, 0.75, 1.0], [f"{p}{lang.words.percent_sign}" for p in range(0, 101, 25)])
    axes.set_ylabel(words.probability_axis, fontsize=9)
    head = wrap(f"{story.id}  {story.label}", int(_PANEL / (11 * _CELL)))
    said = lang.words.semicolon.join(text for text in (goal(story, lang), outcome(story, lang)) if text)
    about = wrap(said, int(_PANEL / (8.5 * _CELL)))
    axes.annotate(
        "\n".join(about), (0, 1), xytext=(0, 12), xycoords="axes fraction", textcoords="offset points",
        fontsize=8.5, color="#444444", va="bottom",
    )  # fmt: skip
    axes.annotate(
        "\n".join(head), (0, 1), xytext=(0, 15 + 11 * len(about)), xycoords="axes fraction",
        textcoords="offset points", fontsize=11, fontweight="bold", va="bottom",
    )  # fmt: skip
    _tidy(axes, story, labels=False)
    return drawn


def _height(one: Seen) -> float:
    """Where a mark stands; what published bounds have decided has no probability of its own."""
    return one.probability if np.isfinite(one.probability) else float(one.alert == "met")


def _write(axes: Axes, one: Seen, lang: Language) -> None:
    """Write a probability beside its mark, inside the panel."""
    from matplotlib.patheffects import withStroke

    high = one.probability > 0.8
    axes.annotate(
        chance(one, lang), (one.as_of, one.probability), xytext=(0, -8 if high else 8),
        textcoords="offset points", ha="center", va="top" if high else "bottom", fontsize=7.5, color=_INK,
        zorder=5, path_effects=[withStroke(linewidth=2.2, foreground="white")],
    )  # fmt: skip


def _draw_figures(axes: Axes, story: Story, words: ReplayWords, lang: Language) -> dict[str, Artist]:
    known = [one for one in story.seen if np.isfinite(one.median)]
    drawn: dict[str, Artist] = {}
    if known:
        years = [one.as_of for one in known]
        (line,) = axes.plot(years, [one.median for one in known], color=_LINE, linewidth=1.6, marker=".")
        drawn[words.median_line] = line
        style: dict[str, Any] = {
            "color": _LEVEL,
            "linewidth": 1.4,
            "linestyle": ":" if story.benchmark else "--",
        }
        (level,) = axes.plot(years, [one.level for one in known], **style)
        drawn[words.moving_level if story.benchmark else words.level_line] = level
    seen = {one.figure_year: one.figure for one in story.seen if one.figure_year}
    first = min(one.as_of for one in story.seen)
    shown = {year: value for year, value in seen.items() if year >= first}
    if shown:
        hollow: dict[str, Any] = {
            "markerfacecolor": "white",
            "color": _INK,
            "markersize": 5,
            "linestyle": "none",
        }
        (dots,) = axes.plot(list(shown), list(shown.values()), marker="o", **hollow)
        drawn[words.latest] = dots
    axes.set_ylabel(in_words(story.unit, lang), fontsize=8)
    axes.margins(y=0.15)
    low, high = axes.get_ylim()
    axes.set_ylim(min(0.0, low) if low < 0.25 * high else low, high)
    axes.yaxis.set_major_formatter(lambda value, _: numbers.published(round(value, 10)))
    _tidy(axes, story, labels=True)
    return drawn


def _tidy(axes: Axes, story: Story, *, labels: bool) -> None:
    from matplotlib.ticker import MaxNLocator

    years = [one.as_of for one in story.seen]
    axes.set_xlim(min(years) - 0.5, max(years) + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=10, min_n_ticks=1))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5)) if labels else None
    axes.tick_params(labelsize=8.5, labelbottom=labels)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="x", color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)


def _draw_frame(figure: Figure, data: xr.Dataset, drawn: dict[str, Artist], lang: Language) -> None:
    words = replay_words(lang)
    first = [name for alert in _ALERTS if (name := words.alerts[alert]) in drawn]
    names = [*first, *(name for name in drawn if name not in first)]
    width, height = (float(size) for size in figure.get_size_inches())
    title = lang.choose(str(data.attrs["title"]), str(data.attrs["title_zh"]))
    x, up = 0.25 / width, 1.0 / height
    size = min(13.0, (width - 0.5) / (max(cells(title), 1) * _CELL))
    figure.text(x, 1 - 0.18 * up, title, fontsize=size, fontweight="bold", va="top")
    asked = min(10.5, (width - 0.5) / (cells(words.question) * _CELL))
    figure.text(x, 1 - 0.46 * up, words.question, fontsize=asked, color="#444444", va="top")
    on, risk = (f"{100 * float(data.attrs[n]):.0f}{lang.words.percent_sign}" for n in ("on_track", "at_risk"))
    note = words.thresholds.format(on_track=on, at_risk=risk)
    figure.text(x, 0.1 * up, note, fontsize=7, color=_FAINT, va="bottom")
    columns = max(1, int((width - 0.5) // 2.2))
    figure.legend(
        [drawn[name] for name in names], names, loc="lower left", bbox_to_anchor=(0.6 * x, 0.22 * up),
        ncols=columns, frameon=False, fontsize=8.5,
    )  # fmt: skip
