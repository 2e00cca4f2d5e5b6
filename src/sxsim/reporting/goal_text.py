"""Inverse questions as tables: what it would take, by when, how far, and what stands in for what."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr

from sxsim.errors import RequestError
from sxsim.labels import DOSE, PROBABILITY, QUANTILE, TARGET, YEAR
from sxsim.reporting import numbers
from sxsim.reporting.goal_words import GoalWords, goal_words
from sxsim.reporting.language import Language
from sxsim.reporting.layout import Column, natural, paragraph, table

PERCENT = "% a year"
_LEAST = 0.0001  # of an error that is written
_KNOWN = {TARGET, PROBABILITY, YEAR, QUANTILE, DOSE}


def render_goal_seek(found: xr.Dataset, *, lang: Language = Language.EN) -> str:
    """Write what an inverse question found, target by target, and what it assumes.

    Parameters
    ----------
    found
        From :func:`sxsim.goal_seek`, :func:`sxsim.earliest_year`, :func:`sxsim.largest_target` or
        :func:`sxsim.trade_off`, without a batch.
    lang
        Language of the words. What a plan's author wrote stays as it was written.

    Returns
    -------
    str
        Lines of at most 120 cells, without a final line break.

    Raises
    ------
    RequestError
        `found` is none of these, or has a batch.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> model = sx.fit(plan.history, until=2012)
    >>> found = sx.goal_seek(model, plan.target("H1"), probability=[0.5, 0.8], rng=0)
    >>> print(sx.render_goal_seek(found))  # doctest: +ELLIPSIS
    How much growth would it take, seen with the data until 2012? (trend)
      H1  R&D expenditure over GDP (trend +5.0 % a year; the plan states +10.9 % a year; ...)
    ...
    """
    question = question_of(found)
    words = goal_words(lang)
    lines = paragraph(_title(found, question, words, lang))
    rows = {
        "goal seek": _seek_rows,
        "earliest year": _year_rows,
        "largest target": _level_rows,
        "trade-off": _trade_rows,
    }[question]
    lines += rows(found, words, lang)
    if "warning" in found.attrs:
        lines += paragraph(words.warning, indent=2)
        lines += _assumptions(found, words)
    return "\n".join(lines)


def question_of(found: xr.Dataset) -> str:
    """Return which inverse question a result answers; refuse any other result, and batches."""
    asked = str(found.attrs.get("question", ""))
    if asked not in ("goal seek", "earliest year", "largest target", "trade-off"):
        raise RequestError(
            "This answers no inverse question.", "Give what sx.goal_seek or one of its siblings returned."
        )
    if further := [str(dim) for dim in found["status"].dims if dim not in _KNOWN]:
        raise RequestError(
            f"The result has the dimension {further[0]!r}.", "Choose one of its members, as in found.sel()."
        )
    return asked


def rate_text(rate: float, unit: str, words: GoalWords, lang: Language) -> str:
    """Write a yearly growth in its unit."""
    if not np.isfinite(rate):
        return numbers.NOTHING
    if unit == PERCENT:
        return words.a_year.format(number=numbers.growth(0.01 * rate), unit=a_year(lang)).strip()
    return words.a_year.format(number=f"{rate:+.3g}", unit=unit).strip()


def a_year(lang: Language) -> str:
    """Return what follows a yearly growth in percent."""
    return lang.choose("a year", "每年") if lang is Language.EN else ""


def _title(found: xr.Dataset, question: str, words: GoalWords, lang: Language) -> str:
    kept, parts = found.attrs, {"until": found.attrs["data_until"], "scenario": found.attrs["scenario"]}
    match question:
        case "goal seek" if kept["lever"] == "growth":
            return words.growth.format(**parts)
        case "goal seek":
            label = lang.choose(*(str(kept[name]) for name in ("lever_label", "lever_label_zh")))
            return words.dose.format(**parts, lever=kept["lever"], label=label)
        case "earliest year":
            return words.earliest.format(**parts, reached=words.reached[str(kept["reached"])])
        case "largest target":
            return words.largest.format(**parts)
    first, second = named_levers(found, lang)
    share = numbers.percent(float(kept["probability"]), sign=lang.words.percent_sign)
    return words.trade.format(first=first, second=second, share=share, scenario=kept["scenario"])


def named_levers(found: xr.Dataset, lang: Language) -> tuple[str, str]:
    """Return both levers with their names."""
    kept, noted = found.attrs, goal_words(lang).noted
    first, second = (
        noted.format(label=name, note=lang.choose(english, chinese))
        for name, english, chinese in zip(
            kept["levers"], kept["lever_labels"], kept["lever_labels_zh"], strict=True
        )
    )
    return first, second


def _seek_rows(found: xr.Dataset, words: GoalWords, lang: Language) -> list[str]:
    growth = found.attrs["lever"] == "growth"
    cells = _growth_cells if growth else _dose_cells
    heads = (
        (words.wanted, words.needed, words.beyond, words.error, words.grew_less, words.status)
        if growth
        else (words.wanted, words.amount, words.error, words.chance, words.status)
    )
    lines = _by_target(found, heads, cells, _seek_note if growth else _no_note, lang)
    if "joint_required" not in found:
        return lines
    said = words.noted.format(label=words.together, note=words.beside) if growth else words.together
    if reason := str(found["joint_reason"].item()):
        said = f"{said}{lang.words.semicolon}{words.not_assessed.format(reason=lang.phrase(reason))}"
        return lines + paragraph(said, indent=2)
    lines += paragraph(said, indent=2)
    head = (words.wanted, words.logs if growth else words.amount, words.error, words.chance, words.status)
    rows = []
    for share in found[PROBABILITY].values.tolist():
        one = found.sel({PROBABILITY: share})
        parts = (float(one[f"joint_{name}"]) for name in ("required", "standard_error"))
        amount, error = parts
        rows.append((
            _share(share, lang),
            _logs(amount) if growth else numbers.significant(amount, 3),
            _error(error, 100.0 if growth else 1.0, words),
            _achieved(one, "joint_", lang),
            words.statuses[str(one["joint_status"].item())],
        ))  # fmt: skip
    return lines + _table(head, rows)


def _growth_cells(one: xr.Dataset, words: GoalWords, lang: Language) -> tuple[str, ...]:
    unit, beyond = str(one["growth_unit"].item()), float(one["points"])
    rank = float(one["past_rank"])
    status = words.statuses[str(one["status"].item())]
    required = float(one["required"])
    if not unit:  # several indicators, each with its own rate
        needed, more = numbers.NOTHING, f"{_logs(required)} {words.logs}" if np.isfinite(required) else "-"
    else:
        needed = rate_text(float(one["growth_required"]), unit, words, lang)
        more = words.points.format(points=f"{beyond:+.1f}") if unit == PERCENT else f"{beyond:+.3g}"
        more = more if np.isfinite(beyond) else numbers.NOTHING
    below = f"{100 * rank:.0f}{lang.words.percent_sign}" if np.isfinite(rank) else numbers.NOTHING
    return needed, more, _error(float(one["standard_error"]), 100.0, words), below, status


def _dose_cells(one: xr.Dataset, words: GoalWords, lang: Language) -> tuple[str, ...]:
    dose, error = float(one["required"]), float(one["standard_error"])
    said = numbers.significant(dose, 3), _error(error, 1.0, words), _achieved(one, "", lang)
    return (*said, words.statuses[str(one["status"].item())])


def _seek_note(one: xr.Dataset, words: GoalWords, lang: Language) -> str:
    unit = str(one["growth_unit"].item())
    if not unit:
        return ""
    parts = [words.trend.format(rate=rate_text(float(one["growth_trend"]), unit, words, lang))]
    if np.isfinite(stated := float(one["growth_stated"])) and unit == PERCENT:
        parts.append(words.stated.format(rate=rate_text(stated, unit, words, lang)))
    past = one["growth_past"].values
    if (past := past[np.isfinite(past)]).size:
        low, high = (rate_text(float(end), unit, words, lang) for end in (past.min(), past.max()))
        form = words.past if past.size > 1 else words.past_one
        parts.append(form.format(years=past.size, low=low, high=high))
    return lang.words.semicolon.join(parts)


def _year_rows(found: xr.Dataset, words: GoalWords, lang: Language) -> list[str]:
    lines = _by_target(found, (words.wanted, words.year), _year_cells, _no_note, lang)
    if "joint_status" not in found:
        return lines
    lines += paragraph(words.together, indent=2)
    names = ("earliest_year", "stays", "status")
    rows = []
    for share in found[PROBABILITY].values.tolist():
        one = found.sel({PROBABILITY: share})
        part = xr.Dataset({name: one[f"joint_{name}"] for name in names}, attrs=found.attrs)
        rows.append((_share(share, lang), *_year_cells(part, words, lang)))
    return lines + _table((words.wanted, words.year), rows)


def _year_cells(one: xr.Dataset, words: GoalWords, lang: Language) -> tuple[str, ...]:
    del lang
    year = float(one["earliest_year"])
    if not np.isfinite(year):
        return (words.after.format(until=one.attrs["until"]),)
    return (f"{year:.0f}" if int(one["stays"]) else words.falls_back.format(year=f"{year:.0f}"),)


def _level_rows(found: xr.Dataset, words: GoalWords, lang: Language) -> list[str]:
    return _by_target(found, (words.wanted, words.level, words.error), _level_cells, _level_note, lang)


def _level_cells(one: xr.Dataset, words: GoalWords, lang: Language) -> tuple[str, ...]:
    level, error = float(one["level"]), float(one["standard_error"])
    said = _in_unit(numbers.significant(level), one, words, lang)
    return said if np.isfinite(level) else numbers.NOTHING, _error(error, 1.0, words)


def _level_note(one: xr.Dataset, words: GoalWords, lang: Language) -> str:
    asked = float(one["asked_for"])
    said = _in_unit(numbers.published(asked), one, words, lang)
    return words.asked_for.format(level=said) if np.isfinite(asked) else ""


def _in_unit(number: str, one: xr.Dataset, words: GoalWords, lang: Language) -> str:
    unit = str(one["level_of"].item())
    if unit == "total":
        return words.total.format(number=number)
    if unit.startswith("times "):
        return words.times.format(number=number, name=unit.removeprefix("times "))
    return numbers.with_unit(number, lang.words.units.get(unit, unit), sign=lang.words.percent_sign)


def _trade_rows(found: xr.Dataset, words: GoalWords, lang: Language) -> list[str]:
    first, second = np.atleast_1d(found.attrs["levers"]).tolist()
    rows = []
    for place, dose in enumerate(found[DOSE].values.tolist()):
        one = found.isel({DOSE: place})
        rows.append((numbers.significant(dose, 3), *_dose_cells(one, words, lang)))
    return _table((first, second, words.error, words.chance, words.status), rows)


Cells = Callable[[xr.Dataset, GoalWords, Language], tuple[str, ...]]
Note = Callable[[xr.Dataset, GoalWords, Language], str]


def _no_note(one: xr.Dataset, words: GoalWords, lang: Language) -> str:
    del one, words, lang
    return ""


def _by_target(
    found: xr.Dataset,
    heads: Sequence[str],
    cells: Cells,
    note: Note,
    lang: Language,
) -> list[str]:
    """Lay out every target with a line for each probability, or with the reason."""
    words, lines = goal_words(lang), list[str]()
    for name in found[TARGET].values.tolist():
        one = found.sel({TARGET: name})
        label = lang.choose(str(one["label"].item()), str(one["label_zh"].item()))
        if reason := str(one["reason"].item()):
            said = words.not_assessed.format(reason=lang.phrase(reason))
            lines += paragraph(f"{label}{lang.words.semicolon}{said}", first=f"{name}  ", indent=2)
            continue
        beside = note(one, words, lang)
        said = words.noted.format(label=label, note=beside) if beside else label
        lines += paragraph(said, first=f"{name}  ", indent=2)
        rows = [
            (_share(share, lang), *cells(one.sel({PROBABILITY: share}), words, lang))
            for share in found[PROBABILITY].values.tolist()
        ]
        lines += _table(heads, rows)
    return lines


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    columns = [
        Column(heading=head, width=natural([head, *(row[i] for row in rows)]), right=i < len(heads) - 1)
        for i, head in enumerate(heads)
    ]
    return [f"      {line}" for line in table(columns, rows)]


def _share(share: float, lang: Language) -> str:
    return f"{100 * share:.4g}{lang.words.percent_sign}"


def _logs(amount: float) -> str:
    return f"{100 * amount:+.1f}" if np.isfinite(amount) else numbers.NOTHING


def _error(error: float, times: float, words: GoalWords) -> str:
    if error == 0.0:
        return words.none
    if times * error < _LEAST:
        return f"< {_LEAST:g}"
    return numbers.significant(times * error, 2) if np.isfinite(error) else numbers.NOTHING


def _achieved(one: xr.Dataset, prefix: str, lang: Language) -> str:
    chance, error = float(one[f"{prefix}achieved"]), float(one[f"{prefix}achieved_error"])
    return numbers.percent(chance, error=error, sign=lang.words.percent_sign)


def _assumptions(found: xr.Dataset, words: GoalWords) -> list[str]:
    told = str(found.attrs["assumption"]).split("\n")
    lines = list[str]()
    if found.attrs.get("lever") == "growth":
        lines, told = paragraph(words.supposed, indent=2), told[1:]
    for one in told:
        lines += paragraph(words.assumed.format(text=one), indent=2)
    return lines
