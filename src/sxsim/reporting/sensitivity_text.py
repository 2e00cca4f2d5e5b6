"""What moves each probability, as text: the largest movers first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import xarray as xr

from sxsim.reporting.bars import BarPanel
from sxsim.reporting.effects import effect_text
from sxsim.reporting.language import Language
from sxsim.reporting.layout import Column, natural, paragraph, rest, table
from sxsim.reporting.sensitivity_panels import movers, sensitivity_words

_INDENT, _EFFECT = 2, 44


def render_sensitivity(
    data: xr.Dataset,
    *,
    scenario: str | None = None,
    targets: Sequence[str] | None = None,
    joint: bool = False,
    most: int = 8,
    lang: Language = Language.EN,
) -> str:
    """Write what moves each probability, target by target or for all together, the largest movers first.

    Each line says what a move of usual size does, by the derivative: one percentage point of yearly growth,
    ten percent of everything else.

    Parameters
    ----------
    data
        From :func:`sxsim.sensitivity`, without a batch.
    scenario, targets
        Which; None for the first, and for all that are assessed.
    joint
        Whether to write all together instead.
    most
        Lines to a target.
    lang
        Language of the words.

    Returns
    -------
    str
        Lines of at most 120 cells, without a final line break.

    Raises
    ------
    RequestError
        `data` is no result of :func:`sxsim.sensitivity`, has a batch, or was not asked for all together.
    UnknownNameError
        It does not hold a scenario or target.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> model = sx.fit(plan.history, until=2012)
    >>> print(sx.render_sensitivity(sx.sensitivity(model, plan.target("H1")), most=2))
    What moves the probability? Scenario: trend
    R&D expenditure over GDP: 5.8 %
      10 % more asked for: R&D expenditure over GDP      takes away 2.389 ± 0.007 points
      last figure 10 % higher: R&D expenditure over GDP  adds 2.356 ± 0.003 points
    """
    shown = movers(data, scenario=scenario, targets=targets, joint=joint, most=most, lang=lang)
    lines = paragraph(sensitivity_words(lang).title.format(scenario=shown.scenario))
    for panel in shown.panels:
        lines += paragraph(panel.title)
        lines += _lines(panel, lang)
    return "\n".join(lines)


def _lines(panel: BarPanel, lang: Language) -> Iterator[str]:
    """Lay out what is moved, and what the probability does then."""
    rows = [[bar.name, effect_text(0.01 * bar.value, 0.01 * bar.error, lang=lang)] for bar in panel.bars]
    columns = [Column(heading="", width=natural([row[0] for row in rows])), Column(heading="", width=_EFFECT)]
    if (left := rest(columns) - _INDENT) < 0:
        columns[0] = Column(heading="", width=columns[0].width + left)
    yield from (" " * _INDENT + line for line in table(columns, rows, heading=False))
