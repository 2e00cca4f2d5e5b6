"""A scoreboard as text: who is in charge, how many hits to expect, what is shared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import xarray as xr

from sxsim.errors import RequestError
from sxsim.labels import ENTRY, SCENARIO, TARGET
from sxsim.reporting import numbers
from sxsim.reporting.language import Language
from sxsim.reporting.layout import WIDTH, Column, natural, paragraph, rest, table
from sxsim.reporting.scoreboard_words import ScoreboardWords, words_of

_UNASSIGNED = "unassigned"
_INDENT = 2


def render_scoreboard(data: xr.Dataset, *, lang: Language = Language.EN) -> str:
    """Write a scoreboard as tables, one for each scenario, with who leads what and what is not assessed.

    Parameters
    ----------
    data
        From :func:`sxsim.scoreboard`.
    lang
        Language of the labels. Sentences a plan's author wrote stay as they were written.

    Returns
    -------
    str
        Lines of at most 120 cells, without a final line break.

    Raises
    ------
    RequestError
        If `data` is no scoreboard.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> odds = sx.attainment(sx.fit(plan.history, until=2012), plan.targets)
    >>> text = sx.render_scoreboard(sx.scoreboard(plan, odds))
    >>> "Department of Science and Technology" in text
    True
    """
    if "grouped_by" not in data.attrs or ENTRY not in data.dims:
        raise RequestError("This is no scoreboard.", "Give what sx.scoreboard returned.")
    words = words_of(lang)
    names = _names(data, lang, words)
    sections = [[words.title.format(until=data.attrs.get("data_until", numbers.NOTHING))]]
    for scenario in data[SCENARIO].values.tolist():
        one = data.sel({SCENARIO: scenario})
        sections.append(
            [words.under.format(scenario=scenario), "-" * WIDTH, *_table(one, names, words, lang)]
        )
    sections += [_notes(data, words), _led(data, names, words, lang), _not_assessed(data, words, lang)]
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _names(data: xr.Dataset, lang: Language, words: ScoreboardWords) -> dict[str, str]:
    """How every line is called, by its id."""
    grouped = words.grouped[data.attrs["grouped_by"]]
    found = {_UNASSIGNED: words.unassigned.format(grouped=grouped)}
    for key, english, chinese in zip(
        data[ENTRY].values.tolist(),
        data["entry_label"].values.tolist(),
        data["entry_label_zh"].values.tolist(),
        strict=True,
    ):
        found.setdefault(key, lang.choose(english, chinese) or key)
    return found


def _table(one: xr.Dataset, names: Mapping[str, str], words: ScoreboardWords, lang: Language) -> list[str]:
    rows = [[names[key], *_row(one.sel({ENTRY: key}), "", words, lang)] for key in one[ENTRY].values.tolist()]
    rows.append([words.total, *_row(one, "total_", words, lang)])
    headings = [words.targets, words.assessed, words.expected, words.all_hit, words.outcome]
    columns = [
        Column(heading=heading, width=natural([heading, *cells]), right=place < 4)
        for place, (heading, cells) in enumerate(
            zip(headings, list(zip(*rows, strict=True))[1:], strict=True)
        )
    ]
    first = Column(heading=words.grouped[one.attrs["grouped_by"]], width=rest(columns))
    return table([first, *columns], rows)


def _row(one: xr.Dataset, prefix: str, words: ScoreboardWords, lang: Language) -> list[str]:
    def value(name: str) -> float:
        return float(one[f"{prefix}{name}"]) if f"{prefix}{name}" in one else math.nan

    hits, misses = int(value("hits")), int(value("misses"))
    known = words.hit_and_missed.format(hits=hits, misses=misses) if hits + misses else words.unknown
    return [
        str(int(value("targets"))),
        str(int(value("assessed"))),
        _expected(value("expected_hits"), value("hits_low"), value("hits_high"), words),
        _all_hit(
            value("all_hit"),
            value("all_hit_standard_error"),
            (value("all_hit_lower"), value("all_hit_upper")),
            words,
            lang.words.percent_sign,
        ),
        known,
    ]


def _expected(expected: float, low: float, high: float, words: ScoreboardWords) -> str:
    if not math.isfinite(expected):
        return numbers.NOTHING
    value = f"{expected:.1f}" if expected >= 0.05 else "< 0.1"
    if not math.isfinite(low):
        return value
    return words.expected_range.format(value=value, low=f"{low:.0f}", high=f"{high:.0f}")


def _all_hit(p: float, error: float, bounds: tuple[float, float], words: ScoreboardWords, sign: str) -> str:
    if math.isfinite(p):
        return numbers.percent(p, error=error, sign=sign)
    if not math.isfinite(bounds[0]):
        return numbers.NOTHING
    low, high = (numbers.percent(end, sign=sign, settled=end == 0.0) for end in bounds)
    return words.between.format(low=low, high=high)


def _notes(data: xr.Dataset, words: ScoreboardWords) -> list[str]:
    counted = "hits_low" in data
    return [*paragraph(words.note), *paragraph(words.range_note if counted else words.bound_note)]


def _led(data: xr.Dataset, names: Mapping[str, str], words: ScoreboardWords, lang: Language) -> list[str]:
    """Every line with its targets, the others that lead them, their first odds and what became of them."""
    first = data.isel({SCENARIO: 0})
    lines = [words.led.format(scenario=first[SCENARIO].item()), "-" * WIDTH]
    for key in data[ENTRY].values.tolist():
        mine = first.sel({ENTRY: key})
        ids = mine[TARGET].values[mine["leads"].values == 1].tolist()
        said = [_target(mine.sel({TARGET: one}), _others(data, key, one, names), words, lang) for one in ids]
        text = words.alone.format(entry=names[key], targets=lang.words.semicolon.join(said))
        lines += paragraph(text, indent=_INDENT)
    return lines


def _others(data: xr.Dataset, key: str, target: str, names: Mapping[str, str]) -> list[str]:
    """Name the other lines a target stands in."""
    leads = data["leads"].sel({TARGET: target})
    return [names[other] for other in leads[ENTRY].values[leads.values == 1].tolist() if other != key]


def _target(one: xr.Dataset, others: Sequence[str], words: ScoreboardWords, lang: Language) -> str:
    name = str(one[TARGET].item())
    if others:
        name = words.shared.format(target=name, others=lang.words.comma.join(others))
    p, outcome = float(one["probability"]), str(one["outcome"].item())
    if not math.isfinite(p):
        chance = words.open
    else:
        chance = numbers.percent(p, error=float(one["standard_error"]), sign=lang.words.percent_sign)
    if outcome != "unknown":
        chance += f"{lang.words.comma}{words.reached[outcome]}"
    return words.line.format(target=name, chance=chance)


def _not_assessed(data: xr.Dataset, words: ScoreboardWords, lang: Language) -> list[str]:
    left = data.sel({TARGET: data["reason"].values != ""})
    if not left.sizes[TARGET]:
        return []
    lines = [words.not_assessed, "-" * WIDTH]
    for name, english, chinese, reason in zip(
        *(left[key].values.tolist() for key in (TARGET, "label", "label_zh", "reason")), strict=True
    ):
        label = lang.choose(english, chinese)
        lines += paragraph(
            f"{label}{lang.words.colon}{lang.phrase(reason)}", first=f"{name}  ", indent=_INDENT
        )
    return lines
