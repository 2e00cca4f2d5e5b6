"""Figures of comparisons: what scenarios add to a probability, and what changes add to an indicator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.labels import CHANGE, INDICATOR, SCENARIO, YEAR
from sxsim.plan import Plan, Scenario
from sxsim.reporting import numbers
from sxsim.reporting.bars import Bar, BarPanel, bar_chart
from sxsim.reporting.comparison_text import (
    assessed_in,
    check_comparison,
    gains_of,
    scenario_names,
    target_name,
)
from sxsim.reporting.language import Language
from sxsim.reporting.reading import in_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def comparison_chart(
    found: xr.Dataset,
    targets: Sequence[str] | None = None,
    *,
    scenarios: Sequence[Scenario] = (),
    lang: Language = Language.EN,
) -> Figure:
    """Draw what each scenario adds to the probability of each target, the most first.

    The whiskers are two numerical errors.

    Parameters
    ----------
    found
        From :func:`sxsim.compare`, without a batch.
    targets
        Ids of targets; the default is every one that was assessed.
    scenarios
        Where names are taken from; a scenario that is not among them goes by its id.
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
        `found` is no comparison, one with a batch, or one without any number.
    UnknownNameError
        A target has another name or was not assessed.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> model = sx.fit(plan.history, until=2012)
    >>> found = sx.compare(model, plan.targets, scenarios=plan.scenario("as_planned"))
    >>> len(sx.comparison_chart(found, ["H1", "H2"]).axes)
    2
    """
    check_comparison(found)
    known, named = assessed_in(found), scenario_names(scenarios, lang)
    for name in targets or ():
        if name not in known:
            raise UnknownNameError(f"There is no assessed target {name!r}.", nearest(name, known))
    chosen, base = list(known if targets is None else targets), str(found.attrs["baseline"])
    if not chosen or found.sizes[SCENARIO] < 2:
        raise RequestError("There is nothing to draw: nothing is compared.", "Give two scenarios or more.")
    panels = [
        BarPanel(
            title=f"{target}  {target_name(found, target, lang)}",
            bars=tuple(
                Bar(
                    name=named.get(name, name),
                    value=100.0 * difference,
                    error=100.0 * error,
                    said=_signed(100.0 * difference, 100.0 * error),
                )
                for name, difference, error in gains_of(found, target)
            ),
        )
        for target in chosen
    ]
    title = lang.words.comparison.format(scenario=named.get(base, base))
    return bar_chart(panels, title=title, scale=lang.words.points, lang=lang)


def effects_chart(
    effects: xr.Dataset,
    indicator: str,
    *,
    plan: Plan,
    scenario: str,
    year: int | None = None,
    lang: Language = Language.EN,
) -> Figure:
    """Draw what every change of a scenario does by itself to the median of an indicator, the most first.

    Parameters
    ----------
    effects
        From :func:`sxsim.lever_effects`, without a batch.
    indicator, scenario
        Ids of what is moved, and of what is done.
    plan
        Where names are taken from.
    year
        Year looked at; the default is the last one.
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
    UnknownNameError
        The effects hold no such indicator, scenario or year.
    RequestError
        Nothing in the scenario moves the indicator.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> model = sx.fit(plan.history, until=2012)
    >>> effects = sx.lever_effects(model, plan.scenario("early_push"), until=2020)
    >>> chart = sx.effects_chart(effects, "rd_intensity", plan=plan, scenario="early_push")
    >>> len(chart.axes[0].patches)
    7
    """
    last = int(effects[YEAR].values[-1]) if year is None else year
    for dim, name in ((INDICATOR, indicator), (SCENARIO, scenario), (YEAR, last)):
        if name not in (known := effects[dim].values.tolist()):
            raise UnknownNameError(
                f"The effects have no {dim} {name!r}.", nearest(str(name), map(str, known))
            )
    moved = effects["units"].sel({INDICATOR: indicator, SCENARIO: scenario, YEAR: last})
    moved = moved.isel({CHANGE: np.flatnonzero(moved.notnull() & (moved != 0.0))})
    if not moved.size:
        raise RequestError(f"Nothing in {scenario!r} moves {indicator!r}.", "Choose another of the two.")
    one = plan.indicator(indicator)
    label = lang.choose(one.label, one.label_zh)
    found = sorted(zip(moved[CHANGE].values.tolist(), moved.values.tolist(), strict=True), key=_most)
    bars = tuple(
        Bar(
            name=_called(plan, change, lang),
            value=value,
            error=0.0,
            said=f"{'+' if value > 0 else ''}{numbers.significant(value, 3)}",
        )
        for change, value in found
    )
    named = scenario_names(plan.scenarios, lang).get(scenario, scenario)
    title = lang.words.effects_title.format(scenario=named, year=last)
    scale = numbers.with_unit("", in_words(one.units, lang), sign=lang.words.percent_sign).strip()
    return bar_chart([BarPanel(title=label, bars=bars)], title=title, scale=scale, lang=lang)


def _signed(points: float, error: float) -> str:
    """Write percentage points with their sign and their numerical error, where it shows."""
    if abs(points) < 0.05:
        return "< 0.1"
    digits = 1 if error == 0.0 or error >= 0.1 else 2
    spread = f" ± {error:.{digits}f}" if float(f"{error:.{digits}f}") else ""
    return f"{points:+.{digits}f}{spread}"


def _most(one: tuple[str, float]) -> float:
    return -one[1]


def _called(plan: Plan, change: str, lang: Language) -> str:
    """Call a lever by its row and label, what is given an indicator by that one's, others by their key."""
    kind, _, name = change.partition(" ")
    levers = {lever.id: lever for lever in plan.levers}
    if kind == "lever" and name in levers:
        return f"{name}  {lang.choose(levers[name].label, levers[name].label_zh)}"
    return change
