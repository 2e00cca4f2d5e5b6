"""Reliability curves: what happened, against what had been announced."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from sxsim.analysis import scores
from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.reporting.backtest_text import model_name
from sxsim.reporting.backtest_words import BacktestWords, backtest_words
from sxsim.reporting.figure import neutral
from sxsim.reporting.fonts import font_families
from sxsim.reporting.language import Language

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PANEL = 3.1  # inches
_ACROSS = 3
_LETTERS = 36  # of the title, for each panel across
_LEVEL = 0.9
_KNOWN = ("backtest", "calibration")
_CURVE, _BAND, _BARS = "#0B5394", "#C9DDF0", "#888888"


def reliability_chart(
    result: xr.Dataset,
    models: Sequence[str] | None = None,
    *,
    event: str = "level",
    lang: Language = Language.EN,
) -> Figure:
    """Draw for every forecaster how often targets were reached that had been given a probability.

    A forecaster is reliable where the curve follows the diagonal; the band is where nine in ten curves of a
    reliable one would lie if all cases were independent. Bars show how often each probability was announced.

    Parameters
    ----------
    result
        From :func:`sxsim.backtest` or :func:`sxsim.calibration`.
    models
        Names of the forecasters to draw; the default is every one that said something.
    event
        Such as ``level`` (in the last year) or ``every_year``, as the coordinate of the result names them.
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
        If `result` comes from neither of these, or nobody announced a probability.
    UnknownNameError
        If there is no such forecaster or event, or it announced nothing.

    Examples
    --------
    >>> import sxsim as sx
    >>> found = sx.backtest(sx.load_panel("provinces-rd-intensity"), origins=[2012, 2017], draws=0)
    >>> len(sx.reliability_chart(found, ["default", "naive"]).axes)
    2
    """
    _check(result)
    families = font_families(lang)
    words = backtest_words(lang)
    if event not in result["event"].values:
        raise UnknownNameError(
            f"There is no event {event!r}.", nearest(event, result["event"].values.tolist())
        )
    cases = result.sel(event=event)
    spoke = cases.event_probability.notnull().any("case")
    known = cases["model"].values[spoke.values].tolist()
    chosen = known if models is None else list(models)
    if not chosen:
        raise RequestError("There is nothing to draw: no probability was announced.", "Set draws= above 0.")
    for name in chosen:
        if name not in known:
            raise UnknownNameError(f"{name!r} announced no probability of this event.", nearest(name, known))

    from matplotlib.figure import Figure

    with neutral({"font.family": families, "axes.unicode_minus": False}):
        across = len(chosen) if len(chosen) <= _ACROSS else 2 if len(chosen) == 4 else _ACROSS
        down = -(-len(chosen) // across)
        figure = Figure(figsize=(across * _PANEL + 0.7, down * _PANEL + 1.0), dpi=150, facecolor="white")
        grid = figure.subplots(down, across, squeeze=False)
        for axes, name in zip(grid.ravel(), chosen, strict=False):
            _panel(axes, cases.sel(model=name), model_name(name, words), words)
        for axes in grid.ravel()[len(chosen) :]:
            axes.remove()
        title = f"{words.figure_title}: {words.events.get(event, event)}"
        figure.suptitle(textwrap.fill(title, _LETTERS * across), fontsize=11, x=0.02, ha="left")
        figure.supxlabel(words.announced, fontsize=9)
        figure.supylabel(words.happened, fontsize=9)
        grid[0, 0].legend(loc="upper left", fontsize=6.5, frameon=False)
        figure.tight_layout(rect=(0.0, 0.0, 1.0, 0.99))
    return figure


def _check(result: xr.Dataset) -> None:
    if not isinstance(result, xr.Dataset) or result.attrs.get("method") not in _KNOWN:
        raise RequestError(
            "This is not a result of sx.backtest or sx.calibration.", "Give what one of them returns."
        )


def _panel(axes: Axes, one: xr.Dataset, title: str, words: BacktestWords) -> None:
    curve = scores.reliability(one.event_probability, one.event_outcome, level=_LEVEL, rng=0)
    x = curve["announced"].values
    label = words.band.format(level=f"{100 * _LEVEL:.0f}")
    axes.fill_between(x, curve.low.values, curve.high.values, color=_BAND, linewidth=0, label=label)
    axes.plot([0, 1], [0, 1], color="#666666", linewidth=0.8, linestyle=":")
    axes.plot(x, curve.observed.values, color=_CURVE, linewidth=1.8)
    counts, edges = np.histogram(one.event_probability.dropna("case"), bins=20, range=(0, 1))
    axes.bar(
        edges[:-1], 0.18 * counts / max(counts.max(), 1), width=0.05, align="edge", color=_BARS, alpha=0.5
    )
    split = scores.corp(one.event_probability, one.event_outcome)
    said = f"{words.brier} {float(split.brier):.3f}\n{words.miscalibration} {float(split.miscalibration):.4f}"
    axes.text(0.97, 0.22, said, ha="right", va="bottom", fontsize=7.5, color="#444444")
    axes.set_title(title, fontsize=9)
    axes.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    axes.tick_params(labelsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
