"""The answer as text that a person can read in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

import xarray as xr

from sxsim.labels import SCENARIO, TARGET
from sxsim.plan import REVISED
from sxsim.reporting.comparison_text import comparison_lines
from sxsim.reporting.language import Language
from sxsim.reporting.layout import WIDTH, paragraph
from sxsim.reporting.odds_checks import agreement, arithmetic, record
from sxsim.reporting.odds_matrix import many, medians, probabilities
from sxsim.reporting.odds_sections import basis, left_out, split, together
from sxsim.reporting.odds_table import main_table
from sxsim.reporting.reading import Row, check_result, label_of, rows, scenario_name, scenarios
from sxsim.reporting.scenario_lines import scenario_lines


def render_odds(tree: xr.DataTree, *, lang: Language = Language.EN) -> str:
    """Write a result of :func:`sxsim.run` as a table with everything needed to judge it.

    Each assessed target with its probability under every scenario, the numerical error, what is asked for,
    what growth it needs, and what really happened; what is assumed; all targets together; where the
    uncertainty comes from; what each scenario adds to the first; what the numbers rest on; what the scenarios
    are and assume; what was not assessed and why; whether two routes agree; the plan's own arithmetic; and
    the record by which the result can be made again. Of more than three scenarios probabilities and medians
    are tables of targets by scenarios, and the details are those of the first. Lines have at most 120 cells.

    Parameters
    ----------
    tree
        From :func:`sxsim.run`, or read back by :func:`sxsim.open_result`.
    lang
        Language of the labels. Sentences a plan's author wrote stay as they were written.

    Returns
    -------
    str
        Lines without a final line break.

    Raises
    ------
    RequestError
        If `tree` is not a result of :func:`sxsim.run`.

    Examples
    --------
    >>> import sxsim as sx
    >>> tree = sx.run(sx.load_plan("shanxi-2014"), draws=2000, rng=0)
    >>> text = sx.render_odds(tree)
    >>> "R&D expenditure over GDP" in text
    True
    """
    assessed = rows(check_result(tree))
    sections = [_header(tree, sum(not row.id.endswith(REVISED) for row in assessed), lang)]
    if assessed:
        shown = 1 if many(tree) else None
        sections += [*_overview(tree, assessed, lang), main_table(tree, assessed, lang, shown=shown)]
        sections += [together(tree, lang, shown=shown), split(tree, assessed, lang, shown=shown)]
        sections += [_added(tree, assessed, lang), basis(tree, assessed, lang)]
    sections += [
        _assumed(tree, lang),
        left_out(tree, lang),
        agreement(tree, assessed, lang),
        arithmetic(tree, lang),
    ]
    blocks = ["\n".join(lines).rstrip() for lines in sections if lines]
    return "\n\n".join([*blocks, "\n".join(paragraph(record(tree, lang)))])


def _overview(tree: xr.DataTree, assessed: Sequence[Row], lang: Language) -> list[list[str]]:
    """Lay out matrices where there are many scenarios, and say whose details follow."""
    if not many(tree):
        return []
    first = scenario_name(tree, scenarios(tree)[0], lang)
    tables = [probabilities(tree, assessed, lang), medians(tree, assessed, lang)]
    return [*tables, [lang.words.in_detail.format(scenario=first)]]


def _added(tree: xr.DataTree, assessed: Sequence[Row], lang: Language) -> list[str]:
    """Say what the scenarios add to each target that leads, and to all together."""
    if "comparison" not in tree.children:
        return []
    found = tree["comparison"].to_dataset()
    asked = {row.id for row in assessed if row.headline} or {row.id for row in assessed}
    named = {name: scenario_name(tree, name, lang) for name in found[SCENARIO].values.tolist()}
    return comparison_lines(found.sel({TARGET: [t for t in found[TARGET].values if t in asked]}), named, lang)


def _assumed(tree: xr.DataTree, lang: Language) -> list[str]:
    observed = tree["observed"].to_dataset()
    return scenario_lines(
        tree["scenarios"].to_dataset(),
        lambda name: label_of(tree, name, lang) if name in observed else name,
        lang,
    )


def _header(tree: xr.DataTree, assessed: int, lang: Language) -> list[str]:
    words = lang.words
    titles = [str(tree.attrs[name]) for name in ("title", "title_zh") if tree.attrs.get(name)]
    total = sum(not str(name).endswith(REVISED) for name in tree["attainment"].to_dataset()[TARGET].values)
    form = words.all_assessed if assessed == total else words.assessed
    count = form.format(assessed=assessed, all=total)
    lines = [line for title in titles for line in paragraph(title)]
    return [
        "=" * WIDTH,
        *lines,
        "=" * WIDTH,
        words.seen.format(until=tree.attrs["data_until"]),
        *paragraph(count),
    ]
