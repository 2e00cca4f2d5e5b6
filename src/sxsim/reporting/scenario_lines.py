"""Every scenario with its story and what it assumes, in the language that is asked for."""

from __future__ import annotations

from collections.abc import Callable

import xarray as xr

from sxsim.labels import SCENARIO
from sxsim.plan import EVERY_INDICATOR, Assumption, Plan
from sxsim.reporting.language import Language
from sxsim.reporting.layout import paragraph
from sxsim.scenarios import assumptions_in, scenario_table

Naming = Callable[[str], str]


def render_scenarios(plan: Plan, *, lang: Language = Language.EN) -> str:
    """Write the scenarios of a plan: id, name, story, and every number nobody has measured, with its origin.

    Parameters
    ----------
    plan
        From :func:`sxsim.load_plan`.
    lang
        Language of labels and sentences. What a plan's author wrote stays as it was written.

    Returns
    -------
    str
        Lines of at most 120 cells, without a final line break.

    Examples
    --------
    >>> import sxsim as sx
    >>> print(sx.render_scenarios(sx.load_plan("shanxi-2014")))  # doctest: +ELLIPSIS
    What the scenarios are and assume
      Trend (trend): Growth goes on as the history up to 2012 suggests; the plan changes nothing.
    ...
    """
    known = {one.id: one for one in plan.indicators}

    def called(name: str) -> str:
        return lang.choose(known[name].label, known[name].label_zh) if name in known else name

    return "\n".join(scenario_lines(scenario_table(plan.scenarios), called, lang))


def scenario_lines(table: xr.Dataset, called: Naming, lang: Language) -> list[str]:
    """Lay out stories and assumptions; what an earlier scenario assumes already is only referred to."""
    words = lang.words
    lines, told = [words.scenarios_assume], dict[Assumption, str]()
    for name in table[SCENARIO].values.tolist():
        one = table.sel({SCENARIO: name})
        label = lang.choose(str(one["label"].item()), str(one["label_zh"].item())) or name
        head = words.scenario_head.format(label=label, id=name, story=one["story"].item())
        lines += paragraph(head.rstrip(), indent=2)
        known = dict[str, list[str]]()
        for assumed in assumptions_in(table, name):
            owner = _owner(assumed, called, lang)
            if assumed in told:
                known.setdefault(told[assumed], []).append(owner)
                continue
            told[assumed] = label
            said = words.assumed.format(owner=owner, said=_said(assumed, called, lang), origin=assumed.origin)
            lines += paragraph(said, first="- ", indent=4)
        for other, owners in known.items():
            said = words.as_under.format(scenario=other, owners=words.semicolon.join(dict.fromkeys(owners)))
            lines += paragraph(said, first="- ", indent=4)
    return lines


def _owner(one: Assumption, called: Naming, lang: Language) -> str:
    words = lang.words
    names = [" → ".join(map(called, name.split(" to "))) for name in one.names]
    form = words.owner if names else "{kind}"
    return form.format(kind=words.kinds.get(one.kind, one.kind), names=words.listed.join(names))


def _said(one: Assumption, called: Naming, lang: Language) -> str:
    words, parts = lang.words, dict(one.parts)
    if "indicator" in parts:
        names = parts["indicator"].split(", ")
        every = names == [EVERY_INDICATOR]
        parts["indicator"] = words.every_indicator if every else words.listed.join(map(called, names))
    if "unit" in parts:
        parts["unit"] = words.effect_units[parts["unit"]]
    if "amount" in parts:
        parts["amount"] = lang.phrase(parts["amount"])
    return words.forms[one.form.name].format(**parts)
