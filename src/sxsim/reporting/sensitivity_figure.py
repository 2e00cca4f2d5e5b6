"""What moves each probability, as bars: the largest movers first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import xarray as xr

from sxsim.reporting.bars import bar_chart
from sxsim.reporting.language import Language
from sxsim.reporting.sensitivity_panels import movers, sensitivity_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def sensitivity_chart(
    data: xr.Dataset,
    *,
    scenario: str | None = None,
    targets: Sequence[str] | None = None,
    joint: bool = False,
    most: int = 8,
    lang: Language = Language.EN,
) -> Figure:
    """Draw what moves each probability, one panel a target or one for all together, the largest bars first.

    Bars say what a move of usual size does, by the derivative: one percentage point of yearly growth, ten
    percent of everything else.

    Parameters
    ----------
    data
        From :func:`sxsim.sensitivity`, without a batch.
    scenario, targets
        Which; None for the first, and for all that are assessed.
    joint
        Whether to draw all together instead, which is on a scale of its own.
    most
        Bars in a panel.
    lang
        Language of the labels.

    Returns
    -------
    matplotlib.figure.Figure
        For :func:`sxsim.save_figure`.

    Raises
    ------
    RequestError
        `data` is no result of :func:`sxsim.sensitivity`, has a batch, or was not asked for all together.
    UnknownNameError
        It does not hold a scenario or target.
    MissingExtraError
        matplotlib, or a font for Chinese, is not installed.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> model = sx.fit(plan.history, until=2012)
    >>> moves = sx.sensitivity(model, plan.target("H2"), joint=False)
    >>> len(sx.sensitivity_chart(moves).axes)
    1
    """
    shown = movers(data, scenario=scenario, targets=targets, joint=joint, most=most, lang=lang)
    words = sensitivity_words(lang)
    title = words.title.format(scenario=shown.scenario)
    return bar_chart(shown.panels, title=title, scale=words.scale, lang=lang)
