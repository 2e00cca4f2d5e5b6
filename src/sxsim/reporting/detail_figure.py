"""When targets are hit, as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import xarray as xr

from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.labels import SCENARIO, TARGET, YEAR
from sxsim.plan import Scenario
from sxsim.reporting.comparison_text import scenario_names, target_name, whole
from sxsim.reporting.detail_text import check_detail
from sxsim.reporting.detail_words import DetailWords, detail_words
from sxsim.reporting.figure import neutral
from sxsim.reporting.fonts import font_families
from sxsim.reporting.language import Language
from sxsim.reporting.layout import wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ACROSS, _WIDE, _TALL = 3, 3.4, 2.7
_FIRST, _NOW, _EVER = "#A9C7E8", "#0B5394", "#B45F06"
_TITLE_CELLS = 40


def timing_chart(
    odds: xr.Dataset,
    targets: Sequence[str] | None = None,
    *,
    scenario: str | None = None,
    scenarios: Sequence[Scenario] = (),
    lang: Language = Language.EN,
) -> Figure:
    """Draw in which year each target is hit for the first time, and how likely it is hit in and by each year.

    Bars are the probabilities of the first hit; one line is the probability in that year by itself, the other
    that of any hit so far.

    Parameters
    ----------
    odds
        From :func:`sxsim.attainment` with ``detail=True``, without a batch.
    targets
        Ids of targets; the default is every one whose years can be told.
    scenario
        Id of the scenario; the default is the first.
    scenarios
        Where names of scenarios are taken from; one that is not among them goes by its id.
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
        `odds` holds no details, those of a batch, or no target whose years can be told.
    UnknownNameError
        A target or the scenario has another name, or its years cannot be told.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> model = sx.fit(plan.history, until=2012)
    >>> odds = sx.attainment(model, plan.targets[:2], detail=True, rng=0)
    >>> len(sx.timing_chart(odds).axes)
    2
    """
    check_detail(odds)
    each = whole(odds, SCENARIO)
    names = [str(name) for name in each[SCENARIO].values]
    chosen = names[0] if scenario is None else scenario
    if chosen not in names:
        raise UnknownNameError(f"There is no scenario {chosen!r}.", nearest(chosen, names))
    one = each.sel({SCENARIO: chosen})
    known = [str(name) for name in one[TARGET].values[one.never_hit.notnull().values]]
    for name in targets or ():
        if name not in known:
            raise UnknownNameError(f"The years of {name!r} are not told.", nearest(name, known))
    shown = list(known if targets is None else targets)
    if not shown:
        raise RequestError("There is nothing to draw.", "Ask for a target with a year to come.")
    families, words = font_families(lang), detail_words(lang)
    from matplotlib.figure import Figure

    with neutral({"font.family": families, "axes.unicode_minus": False}):
        across = min(len(shown), _ACROSS)
        down = -(-len(shown) // across)
        figure = Figure(figsize=(across * _WIDE + 0.5, down * _TALL + 1.1), dpi=150, facecolor="white")
        grid = figure.subplots(down, across, squeeze=False, sharey=True)
        for axes, name in zip(grid.ravel(), shown, strict=False):
            _panel(axes, one.sel({TARGET: name}).dropna(YEAR, subset=["first_hit"]), words)
            title = f"{name}  {target_name(one, name, lang)}"
            axes.set_title("\n".join(wrap(title, _TITLE_CELLS)), loc="left", fontsize=9, fontweight="bold")
        for axes in grid.ravel()[len(shown) :]:
            axes.remove()
        title = words.chart.format(scenario=scenario_names(scenarios, lang).get(chosen, chosen))
        figure.suptitle(title, fontsize=11, x=0.02, ha="left")
        figure.supylabel(words.probability, fontsize=9)
        handles, said = grid[0, 0].get_legend_handles_labels()
        figure.legend(handles, said, loc="lower left", ncols=3, frameon=False, fontsize=8.5)
        figure.tight_layout(rect=(0.0, 0.06, 1.0, 1.0))
    return figure


def _panel(axes: Axes, one: xr.Dataset, words: DetailWords) -> None:
    years = one[YEAR].values
    first = 100.0 * one.first_hit.values
    axes.bar(years, first, color=_FIRST, width=0.75, label=words.first_chart)
    axes.plot(years, 100.0 * one.probability_by_year.values, color=_NOW, linewidth=1.8, label=words.in_year)
    axes.plot(years, first.cumsum(), color=_EVER, linewidth=1.4, linestyle="--", label=words.so_far)
    axes.set_ylim(0, 100)
    axes.set_xticks(years, [str(year) for year in years], rotation=45)
    axes.grid(axis="y", color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)
