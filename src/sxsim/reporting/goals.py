"""What a target asks for, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise

import xarray as xr

from sxsim.labels import UNITS
from sxsim.plan import (
    AllOf,
    AnyOf,
    Benchmark,
    Between,
    Condition,
    Number,
    OwnPast,
    Promise,
    Relation,
    Total,
    When,
    Worded,
)
from sxsim.reporting import numbers
from sxsim.reporting.asked import all_asked
from sxsim.reporting.language import Language
from sxsim.reporting.reading import Row, in_words, label_of

_Single = Condition | Total


def goal(tree: xr.DataTree, row: Row, lang: Language) -> str:
    """Say which level has to be reached, and when; of what is combined, say all its parts."""
    promise = row.asked.promise
    if promise is None:
        return ""
    if not isinstance(promise, _Single):
        rows = {one.promise: name for name, one in reversed(all_asked(tree).items()) if name != row.id}
        return lang.words.goal.format(goal=_combined(tree, promise, rows, lang))
    said = _said(promise, _level_of_row(tree, row, promise, lang), lang)
    return lang.words.goal.format(goal=said)


def _combined(tree: xr.DataTree, promise: Promise, rows: Mapping[Promise | None, str], lang: Language) -> str:
    """Say what is combined; a part that is a row of its own is called by its id."""
    words = lang.words
    if promise in rows:
        return rows[promise]
    if isinstance(promise, _Single):
        unit = str(tree["observed"].to_dataset()[promise.indicator].attrs.get(UNITS, ""))
        said = _said(promise, _level(tree, promise, unit, lang), lang)
        return words.part.format(label=label_of(tree, promise.indicator, lang), goal=said)
    parts = [
        said if isinstance(part, _Single) or part in rows else words.nested.format(parts=said)
        for part in promise.parts
        for said in [_combined(tree, part, rows, lang)]
    ]
    form = {AllOf: words.all_parts, AnyOf: words.any_part}.get(type(promise), words.some_parts)
    return form.format(count=promise.least, parts=words.comma.join(parts))


def _said(one: _Single, level: str, lang: Language) -> str:
    """Put side, level, years and precision together."""
    words = lang.words
    match one.relation:
        case Relation.AT_LEAST:
            level = words.at_least.format(level=level)
        case Relation.AT_MOST:
            level = words.at_most.format(level=level)
        case Relation.WITHIN:
            level = words.within.format(level=level)
    forms = {When.EVERY_YEAR: words.each_year, When.ANY_YEAR: words.any_year}
    form = words.in_all if isinstance(one, Total) else forms[one.when]
    if len(one.years) == 1:
        form = words.in_year
    said = form.format(level=level, years=_years(one.years, lang), year=one.years[-1])
    if not one.precision:
        return said
    return words.aside.format(text=said, aside=words.steps.format(step=numbers.published(one.precision)))


def _years(years: tuple[int, ...], lang: Language) -> str:
    if all(later == earlier + 1 for earlier, later in pairwise(years)):
        return lang.words.span.format(first=years[0], last=years[-1])
    return lang.words.listed.join(map(str, years))


def _level_of_row(tree: xr.DataTree, row: Row, one: _Single, lang: Language) -> str:
    """Say what a single condition is held against; what moves has its median beside it."""
    words, level = lang.words, row.chances[0].level
    if isinstance(one.level, Number) and math.isfinite(level):
        levels = dict.fromkeys(chance.level for chance in row.chances)
        return measured(" / ".join(numbers.published(value) for value in levels), row.unit, lang)
    said = _level(tree, one, row.unit, lang)
    if not isinstance(one.level, Benchmark | OwnPast) or not math.isfinite(level):
        return said
    figure = measured(numbers.significant(level), row.unit, lang)
    since = one.level.since if isinstance(one.level, OwnPast) else None
    if since is not None and since <= int(tree.attrs["data_until"]):
        return words.aside.format(text=said, aside=figure)
    return words.moving.format(label=said, level=figure)


def _level(tree: xr.DataTree, one: _Single, unit: str, lang: Language) -> str:
    words = lang.words
    match one.level:
        case Number(value=value):
            return measured(numbers.published(value), unit, lang)
        case Between(lower=lower, upper=upper):
            ends = words.ends.format(low=numbers.published(lower), high=numbers.published(upper))
            return measured(ends, unit, lang)
        case Benchmark(indicator=name, times=times):
            label = label_of(tree, name, lang)
            return label if times == 1 else words.multiple.format(times=f"{times:g}", label=label)
        case Worded(word=word, threshold=threshold):
            if threshold is None:
                return words.word.format(word=word)
            text = measured(numbers.published(threshold), unit, lang)
            return words.aside.format(text=text, aside=words.word.format(word=word))
        case OwnPast(since=since, growth=growth):
            own = words.own_before if since is None else words.own_since.format(year=since)
            rate = numbers.growth(growth, sign=words.percent_sign)
            form = words.grown_once if since is None else words.grown
            return form.format(level=own, growth=rate) if growth else own


def measured(number: str, unit: str, lang: Language) -> str:
    """Put a unit behind a number, both as this language writes them."""
    return numbers.with_unit(number, in_words(unit, lang), sign=lang.words.percent_sign)
