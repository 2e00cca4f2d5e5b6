"""The answer as text that a person can read in a terminal."""

from __future__ import annotations

import xarray as xr

from sxsim.labels import TARGET
from sxsim.plan import REVISED
from sxsim.reporting.language import Language
from sxsim.reporting.layout import WIDTH, paragraph
from sxsim.reporting.odds_checks import agreement, arithmetic, record
from sxsim.reporting.odds_sections import basis, left_out, split, together
from sxsim.reporting.odds_table import main_table
from sxsim.reporting.reading import check_result, rows


def render_odds(tree: xr.DataTree, *, lang: Language = Language.EN) -> str:
    """Write a result of :func:`sxsim.run` as a table with everything needed to judge it.

    Each assessed target with its probability under every scenario, the numerical error, what is asked for,
    what growth it needs, and what really happened; what is assumed; all targets together; where the
    uncertainty comes from; what the numbers rest on; what was not assessed and why; whether two routes agree;
    the plan's own arithmetic; and the record by which the result can be made again. Lines have at most 120
    cells.

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
        sections += [main_table(tree, assessed, lang), together(tree, lang), split(assessed, lang)]
        sections += [basis(tree, assessed, lang)]
    sections += [left_out(tree, lang), agreement(tree, assessed, lang), arithmetic(tree, lang)]
    blocks = ["\n".join(lines).rstrip() for lines in sections if lines]
    return "\n\n".join([*blocks, "\n".join(paragraph(record(tree, lang)))])


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
