"""Figures of inverse questions: growth that would be required, and doses of two levers that do the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.labels import DOSE, PROBABILITY, QUANTILE, TARGET
from sxsim.reporting import numbers
from sxsim.reporting.figure import neutral
from sxsim.reporting.fonts import font_families
from sxsim.reporting.goal_text import PERCENT, named_levers, question_of, rate_text
from sxsim.reporting.goal_words import GoalWords, goal_words
from sxsim.reporting.language import Language
from sxsim.reporting.layout import wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PANEL, _AROUND = (6.6, 3.3), 0.85  # inches
_CURVE, _PLANNED, _TREND, _PAST = "#0072B2", "#D55E00", "#666666", "#009E73"


def goal_chart(
    found: xr.Dataset, targets: Sequence[str] | None = None, *, lang: Language = Language.EN
) -> Figure:
    """Draw the growth that would be required against the probability it gives, target by target.

    The plan's own growth, the trend and the growth of past years stand beside it.

    Parameters
    ----------
    found
        From :func:`sxsim.goal_seek` with growth as its lever, without a batch.
    targets
        Ids of targets; the default is every one of which the required growth is known.
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
        `found` is something else, or there is nothing to draw.
    UnknownNameError
        A target has another name, or its required growth is not known.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> model = sx.fit(plan.history, until=2012)
    >>> found = sx.goal_seek(model, plan.target("H1"), probability=[0.5, 0.8], rng=0)
    >>> len(sx.goal_chart(found).axes)
    1
    """
    if question_of(found) != "goal seek" or "growth_spread" not in found:
        raise RequestError(
            "This is no search for growth.", "Give what sx.goal_seek(lever='growth') returned."
        )
    spread = found["growth_spread"].notnull().any(QUANTILE)
    known = found[TARGET].values[spread.values].tolist()
    for name in targets or ():
        if name not in known:
            raise UnknownNameError(f"No required growth of {name!r} is known.", nearest(name, known))
    chosen = list(known if targets is None else targets)
    if not chosen:
        raise RequestError("There is nothing to draw: no required growth is known.", "See found.reason.")
    families, words = font_families(lang), goal_words(lang)

    from matplotlib.figure import Figure

    width, height = _PANEL
    with neutral({"font.family": families, "axes.unicode_minus": False, "text.parse_math": False}):
        figure = Figure(figsize=(width, height * len(chosen) + _AROUND), dpi=150, facecolor="white")
        grid = figure.subplots(len(chosen), 1, squeeze=False)
        for axes, name in zip(grid.ravel(), chosen, strict=True):
            _required(axes, found.sel({TARGET: name}), name, words, lang)
            axes.set_ylabel(words.figure_share, fontsize=8.5)
        _around(figure, words.figure, words.warning)
    return figure


def trade_off_chart(found: xr.Dataset, *, lang: Language = Language.EN) -> Figure:
    """Draw the doses of two levers that give the same probability.

    Parameters
    ----------
    found
        From :func:`sxsim.trade_off`, without a batch.
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
        `found` is something else.

    Examples
    --------
    >>> import sxsim as sx
    >>> walk = sx.RandomWalk(drift=0.02, sigma=0.05)
    >>> rd = sx.Grown(name="rd", carrier=sx.Log(), law=walk, last_value=100.0, last_year=2012)
    >>> model = sx.GrowthModel(indicators=(rd,), last_year=2012)
    >>> aim = sx.Condition(
    ...     indicator="rd", relation=sx.Relation.AT_LEAST, level=sx.Number(value=140.0), years=(2016,)
    ... )
    >>> fund, tax = (
    ...     sx.Lever(id=name, label=name, effects=(
    ...         sx.Effect(indicator="rd", size=size, unit=sx.EffectUnit.LOG_A_YEAR, origin="an example"),
    ...     ))
    ...     for name, size in (("fund", 10.0), ("tax", 5.0))
    ... )
    >>> target = sx.Target(id="T", label="R&D", condition=aim)
    >>> line = sx.trade_off(model, target, levers=(fund, tax), points=3, bounds=((0, 1), (0, 2)))
    >>> len(sx.trade_off_chart(line).axes)
    1
    """
    if question_of(found) != "trade-off":
        raise RequestError("This is no trade-off.", "Give what sx.trade_off returned.")
    families, words = font_families(lang), goal_words(lang)
    share = numbers.percent(float(found.attrs["probability"]), sign=lang.words.percent_sign)

    from matplotlib.figure import Figure

    with neutral({"font.family": families, "axes.unicode_minus": False, "text.parse_math": False}):
        figure = Figure(figsize=(_PANEL[0], _PANEL[1] + 1.3), dpi=150, facecolor="white")
        _line(figure.subplots(), found, words, lang)
        _around(figure, words.trade_figure.format(share=share), words.warning)
    return figure


def _required(axes: Axes, one: xr.Dataset, name: str, words: GoalWords, lang: Language) -> None:
    """Draw one target: the curve, what was asked for, the plan, the trend and the past."""
    unit = str(one["growth_unit"].item())
    growth, shares = one["growth_spread"].values, 100.0 * one[QUANTILE].values
    axes.plot(growth, shares, color=_CURVE, linewidth=2.0)
    trend, stated = float(one["growth_trend"]), float(one["growth_stated"])
    later = unit != PERCENT or not np.isfinite(stated) or trend > stated
    said = f"{words.figure_trend} {rate_text(trend, unit, words, lang)}"
    _upright(axes, trend, said, _TREND, 9.0 if later else 20.0, right=later)
    if unit == PERCENT and np.isfinite(stated):
        said = f"{words.figure_stated} {rate_text(stated, unit, words, lang)}"
        _upright(axes, stated, said, _PLANNED, 92.0, right=False)
    past = one["growth_past"].values
    past = past[np.isfinite(past)]
    axes.plot(
        past, np.full(past.size, 0.0), "|", color=_PAST, markersize=13, markeredgewidth=1.4, clip_on=False
    )
    _wanted(axes, one, unit, words, lang)
    ends = np.concatenate([growth[np.isfinite(growth)], past, [float(one["growth_trend"])]])
    room = 0.06 * (ends.max() - ends.min())
    axes.set(xlim=(ends.min() - room, ends.max() + room), ylim=(0, 100))
    label = lang.choose(str(one["label"].item()), str(one["label_zh"].item()))
    axes.set_title("\n".join(wrap(f"{name}  {label}", 80)), loc="left", fontsize=10, fontweight="bold")
    scale = words.figure_scale.format(
        year=int(one["growth_until"]), unit=lang.choose(unit, "%") if unit == PERCENT else unit
    )
    axes.set_xlabel(f"{scale}   ( |  {words.figure_past})", fontsize=8.5)
    _tidy(axes)


def _upright(axes: Axes, rate: float, said: str, colour: str, height: float, *, right: bool) -> None:
    """Draw a line at a rate, with its name on one side."""
    axes.axvline(rate, color=colour, linewidth=1.3)
    axes.annotate(
        said,
        (rate, height),
        xytext=(4 if right else -4, 0),
        textcoords="offset points",
        color=colour,
        fontsize=8,
        ha="left" if right else "right",
        va="center",
    )


def _wanted(axes: Axes, one: xr.Dataset, unit: str, words: GoalWords, lang: Language) -> None:
    """Mark the probabilities that were asked for."""
    for share in one[PROBABILITY].values.tolist():
        rate = float(one["growth_required"].sel({PROBABILITY: share}))
        if np.isfinite(rate):
            axes.plot([rate], [100 * share], "o", color=_CURVE, markersize=5)
            wanted = f"{100 * share:.3g}{lang.words.percent_sign}"
            axes.annotate(
                f"{wanted}{lang.words.colon}{rate_text(rate, unit, words, lang)}",
                (rate, 100 * share),
                xytext=(7, -3),
                textcoords="offset points",
                fontsize=8,
                color="#222222",
                va="top",
            )


def _line(axes: Axes, found: xr.Dataset, words: GoalWords, lang: Language) -> None:
    doses, needed = found[DOSE].values, found["required"].values
    errors = 2.0 * np.nan_to_num(found["standard_error"].values)
    axes.errorbar(
        doses, needed, yerr=errors, fmt="o-", color=_CURVE, markersize=4.5, linewidth=1.8, capsize=2
    )
    first, second = named_levers(found, lang)
    never = np.isnan(needed)
    if never.any():
        step = 0.5 * float(doses[1] - doses[0])
        axes.axvspan(doses[0] - step, doses[never].max() + step, color="#F2F2F2", zorder=0)
        axes.text(
            doses[0], 0.04, words.trade_never, transform=axes.get_xaxis_transform(), fontsize=8, rotation=90
        )
    reached = doses[needed == 0]
    if reached.size:
        said = words.trade_enough.format(lever=found.attrs["levers"][1])
        axes.annotate(
            said, (reached[0], 0.0), xytext=(0, 8), textcoords="offset points", fontsize=8, ha="left"
        )
    axes.set_xlabel("\n".join(wrap(first, 80)), fontsize=9)
    axes.set_ylabel("\n".join(wrap(second, 46)), fontsize=9)
    axes.set_xlim(doses[0] - 0.03 * np.ptp(doses), doses[-1] + 0.12 * np.ptp(doses))
    axes.set_ylim(bottom=0.0)
    _tidy(axes)


def _around(figure: Figure, title: str, warning: str) -> None:
    """Place the panels, and write the title and what is only assumed."""
    width, height = figure.get_size_inches()
    figure.subplots_adjust(
        left=0.85 / width,
        right=1.0 - 0.3 / width,
        top=1.0 - 0.8 / height,
        bottom=0.85 / height,
        hspace=0.95 / (_PANEL[1] - 0.95),
    )
    figure.text(0.2 / width, 1.0 - 0.12 / height, title, fontsize=12, fontweight="bold", va="top")
    figure.text(0.2 / width, 0.1 / height, "\n".join(wrap(warning, 110)), fontsize=7.5, color="#555555")


def _tidy(axes: Axes) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(color="#E2E2E2", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8.5)
