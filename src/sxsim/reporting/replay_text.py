"""A replay as text: every probability as it could be known in each year, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import xarray as xr

from sxsim.labels import AS_OF, SCENARIO, TARGET, YEAR
from sxsim.reporting import numbers
from sxsim.reporting.language import Language
from sxsim.reporting.layout import WIDTH, Column, natural, paragraph, table
from sxsim.reporting.replay_reading import (
    OBSERVED,
    Seen,
    Story,
    chance,
    check_replay,
    goal,
    outcome,
    scenario_label,
    stories,
)
from sxsim.reporting.replay_words import ReplayWords, replay_words

_MARKS = {"on track": "+", "at risk": "~", "off track": "-"}
_UNSURE, _GAP = "?", 2


def render_replay(data: xr.Dataset, *, lang: Language = Language.EN) -> str:
    """Write a result of :func:`sxsim.replay` as tables: all targets by year, then each with its reasons.

    Parameters
    ----------
    data
        From :func:`sxsim.replay`.
    lang
        Language of the labels.

    Returns
    -------
    str
        Lines without a final line break, at most 120 cells wide.

    Raises
    ------
    RequestError
        If `data` is not a result of :func:`sxsim.replay`.

    Examples
    --------
    >>> import sxsim as sx
    >>> found = sx.replay(sx.load_plan("shanxi-2014"), [2012], news=False, rng=0)
    >>> "H1 " in sx.render_replay(found)
    True
    """
    check_replay(data)
    words = replay_words(lang)
    rule = "=" * WIDTH
    head = [rule, *paragraph(words.question), rule, *paragraph(words.how)]
    first = stories(data, None, lang)
    sections = [head]
    for name in data[SCENARIO].values.tolist():
        sections.append(_matrix(data, stories(data, name, lang), name, lang))
    sections[-1] += paragraph(_legend(data, words, lang.words.percent_sign))
    told = [story for story in first if story.told]
    sections += [_detail(story, words, lang) for story in told]
    if told:
        changed = any(math.isfinite(one.news) for story in told for one in story.seen)
        sections[-1] += paragraph(words.detail_note + (words.change_note if changed else ""))
    sections += [_resolved(data, words, lang), _silent(first, words, lang)]
    sections.append(paragraph(_record(data, words)))
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _matrix(data: xr.Dataset, told: Sequence[Story], scenario: str, lang: Language) -> list[str]:
    """Lay out targets by years, in several tables where a line cannot hold all years."""
    words = replay_words(lang)
    shown = [story for story in told if story.told]
    rows = [
        [s.id, *(_marked(one, words, lang) for one in s.seen), lang.words.verdicts[s.outcome]] for s in shown
    ]
    joint, notes = _together(data.sel({SCENARIO: scenario}), words, lang)
    rows += joint
    years = [str(int(year)) for year in data[AS_OF].values]
    ids, last = natural([row[0] for row in rows]), natural([words.really, *(row[-1] for row in rows)])
    width = natural([*years, *(cell for row in rows for cell in row[1:-1])])
    fit = max((WIDTH - ids - last - _GAP) // (width + _GAP), 1)
    lines = [words.matrix.format(scenario=scenario_label(data, scenario, lang))]
    for start in range(0, len(years), fit):
        columns = [Column(heading="", width=ids)]
        columns += [Column(heading=year, width=width, right=True) for year in years[start : start + fit]]
        columns.append(Column(heading=words.really, width=last))
        lines += table(columns, [[row[0], *row[1:-1][start : start + fit], row[-1]] for row in rows])
    return lines + notes


def _together(one: xr.Dataset, words: ReplayWords, lang: Language) -> tuple[list[list[str]], list[str]]:
    """Return a row for the headline targets and one for all of them, and what they are and how sure."""
    rows: list[list[str]] = []
    notes: list[str] = []
    for prefix, name in (("headline_", words.headline), ("", words.everything)):
        if f"{prefix}joint" not in one or not one[f"{prefix}joint"].notnull().any():
            continue
        if rows and (one["joint_targets"] == one["headline_joint_targets"]).all():
            continue
        keys = ("joint", "joint_standard_error", "joint_route", "joint_targets")
        columns = [one[f"{prefix}{key}"].values.tolist() for key in keys]
        cells: list[str] = []
        sets: dict[str, list[int]] = {}
        for year, p, error, route, names in zip(one[AS_OF].values.tolist(), *columns, strict=True):
            cells.append(numbers.percent(p, error=error, sign="", settled=route == OBSERVED) + "  ")
            sets.setdefault(lang.words.listed.join(names.split(", ")), []).append(year)
        rows.append([name, *cells, ""])
        said = lang.words.semicolon.join(
            words.in_year.format(value=names, year=_span(years)) for names, years in sets.items()
        )
        most = float(np.nanmax(columns[1]))
        worst = numbers.error_text(most, none=lang.words.no_error, sign=lang.words.percent_sign)
        notes += paragraph(words.of_targets.format(set=name, targets=said, error=worst))
    return rows, notes


def _span(years: Sequence[int]) -> str:
    return f"{years[0]}" if len(years) == 1 else f"{years[0]}-{years[-1]}"


def _marked(one: Seen, words: ReplayWords, lang: Language) -> str:
    if one.settled:
        return words.alerts[one.alert]
    mark = _MARKS.get(one.alert, " ") + (_UNSURE if one.unsure else "")
    said = chance(one, lang, sign="")
    return f"{said} {mark}" if math.isfinite(one.probability) else said


def _legend(data: xr.Dataset, words: ReplayWords, sign: str) -> str:
    on, risk = (f"{100 * float(data.attrs[name]):.0f}{sign}" for name in ("on_track", "at_risk"))
    marks = {"on": "+", "risk": "~", "off": "-", "unsure": _UNSURE, "nothing": numbers.NOTHING}
    return words.legend.format(on_track=on, at_risk=risk, **marks)


def _detail(story: Story, words: ReplayWords, lang: Language) -> list[str]:
    """One target: what it asks for, what came, and a line for every year."""
    asks = [text for text in (goal(story, lang), outcome(story, lang)) if text]
    split = any(math.isfinite(one.change) for one in story.seen)
    news = any(math.isfinite(one.news) for one in story.seen)
    keep = [True, True, True, True, split, news, news, True, True, bool(story.benchmark)]
    headings = (
        words.as_of, words.probability, words.error, words.alert, words.change, words.passing, words.news,
        words.figure, words.median.format(year=story.last_year), words.level,
    )  # fmt: skip
    rows = [_line(one, words, lang) for one in story.seen if not one.reason]
    chosen = [[cell for cell, kept in zip(row, keep, strict=True) if kept] for row in (headings, *rows)]
    right = [i for i, cell in enumerate(chosen[0]) if cell not in (words.as_of, words.alert)]
    lines = paragraph(story.label, first=f"{story.id}  ")
    lines += paragraph(lang.words.semicolon.join(asks), indent=2)
    lines += _laid(chosen[0], chosen[1:], right=right, indent=2)
    return lines + _unanswered(story, words, lang)


def _line(one: Seen, words: ReplayWords, lang: Language) -> list[str]:
    figure = numbers.NOTHING
    if one.figure_year:
        figure = words.in_year.format(value=numbers.published(one.figure), year=one.figure_year)
    alert = words.alerts[one.alert] + (f" {_UNSURE}" if one.unsure else "")
    return [
        str(one.as_of),
        chance(one, lang),
        numbers.error_text(one.error, none=lang.words.no_error, sign=lang.words.percent_sign),
        alert,
        *(_points(value) for value in (one.change, one.passing, one.news)),
        figure,
        numbers.significant(one.median),
        numbers.significant(one.level),
    ]


def _points(change: float) -> str:
    if not math.isfinite(change):
        return numbers.NOTHING
    return f"{100 * change:+.1f}" if abs(change) >= 0.0005 else "0.0"


def _unanswered(story: Story, words: ReplayWords, lang: Language) -> list[str]:
    """Say why there is no number in some years."""
    years: dict[str, list[int]] = {}
    for one in story.seen:
        if one.reason:
            years.setdefault(one.reason, []).append(one.as_of)
    lines = []
    for reason, found in years.items():
        said = words.silent_then.format(years=_span(found), reason=lang.phrase(reason))
        lines += paragraph(said, indent=2)
    return lines


def _resolved(data: xr.Dataset, words: ReplayWords, lang: Language) -> list[str]:
    """As of each year, what the figures of the years to come will settle."""
    if "resolved" not in data:
        return []
    lines, years = [words.resolved], [str(int(year)) for year in data[YEAR].values]
    for name in data[TARGET].values.tolist():
        one = data.sel({TARGET: name})
        rows = []
        for year in data[AS_OF].values:
            pair = (one[key].sel({AS_OF: year}).to_numpy() for key in ("resolved", "resolved_error"))
            cells = [_share(value, error) for value, error in zip(*pair, strict=True)]
            if any(cell != numbers.NOTHING for cell in cells):
                rows.append([str(int(year)), *cells])
        if rows:
            lines += [name, *_laid(("", *years), rows, right=range(1, len(years) + 1), indent=2)]
    return [*lines, *paragraph(words.resolved_note)] if len(lines) > 1 else []


def _share(value: float, error: float) -> str:
    if not np.isfinite(value):
        return numbers.NOTHING
    return f"{100 * value:.0f}" if error == 0 else f"{100 * value:.0f} +- {100 * error:.0f}"


def _silent(told: Sequence[Story], words: ReplayWords, lang: Language) -> list[str]:
    """Targets without any number, with the reason of the last year."""
    lines = []
    for story in (story for story in told if not story.told):
        lines += paragraph(lang.phrase(story.seen[-1].reason), first=f"{story.id}  ", indent=2)
    return [words.silent, *lines] if lines else []


def _record(data: xr.Dataset, words: ReplayWords) -> str:
    known = data.attrs
    return words.record.format(
        version=known["sxsim_version"], seed=known["seed_entropy"], plan=known["plan"],
        digest=known["plan_digest"], release=known["release"],
    )  # fmt: skip


def _laid(
    headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int], indent: int = 0
) -> list[str]:
    """Lay out a table whose columns take what they need; long last ones are broken."""
    room = WIDTH - indent
    columns: list[Column] = []
    for i, heading in enumerate(headings):
        width = max(natural([row[i] for row in rows] + [heading]), 1)
        left = room - sum(column.width + _GAP for column in columns)
        columns.append(Column(heading=heading, width=max(min(width, left), 1), right=i in right))
    return [" " * indent + line for line in table(columns, rows)]
