"""The sheet of official progress measures as text, with our probability beside them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import xarray as xr

from sxsim.errors import RequestError
from sxsim.labels import MEASURE, SCENARIO, TARGET, YEAR
from sxsim.plan import Relation, Scenario, When
from sxsim.reporting import numbers
from sxsim.reporting.comparison_text import scenario_names, target_name, whole
from sxsim.reporting.language import Language
from sxsim.reporting.layout import Column, natural, paragraph, rest, table
from sxsim.reporting.yardsticks_words import yardstick_words

_INDENT, _NUMBER = 6, 16
_RATE, _SHARE = "1/year", "1"


def render_yardsticks(
    sheet: xr.Dataset,
    *,
    odds: xr.Dataset | None = None,
    scenarios: Sequence[Scenario] = (),
    lang: Language = Language.EN,
) -> str:
    """Write official progress measures target by target, with their verdicts and our probability beside them.

    Parameters
    ----------
    sheet
        From :func:`sxsim.yardsticks`; several years are written one after the other.
    odds
        From :func:`sxsim.attainment`, without a batch; fit it with the same figures, or the comparison is not
        fair. Targets it does not hold are written without a probability.
    scenarios
        Where names of scenarios are taken from; one that is not among them goes by its id.
    lang
        Language of the words.

    Returns
    -------
    str
        Lines of at most 120 cells, without a final line break.

    Raises
    ------
    RequestError
        `sheet` holds no such measures, or `odds` no probabilities, or one of a batch.

    Examples
    --------
    >>> import sxsim as sx
    >>> text = sx.render_yardsticks(sx.yardsticks(sx.load_plan("shanxi-2014"), as_of=2016))
    >>> print(*text.splitlines()[:5], sep=chr(10))
    What the official progress measures say, with the figures known by 2016
      H1  R&D expenditure over GDP
          1.03 % of GDP in 2016, counted from 1.09 % of GDP in 2012; asks for at least 2.5 % of GDP in 2020
          achievement degree                                          41.2 %
          time elapsed                                                50.0 %
    """
    if not isinstance(sheet, xr.Dataset) or sheet.attrs.get("method") != "yardsticks":
        raise RequestError("These are no progress measures.", "Give what sx.yardsticks returned.")
    _check_odds(odds)
    named = scenario_names(scenarios, lang)
    sheet = whole(sheet, TARGET, YEAR, MEASURE)
    odds = None if odds is None else whole(odds, TARGET, SCENARIO)
    years = [sheet.sel({YEAR: year}) for year in sheet[YEAR].values]
    return "\n\n".join("\n".join(_year(one, odds, named, lang)) for one in years)


def _year(
    sheet: xr.Dataset, odds: xr.Dataset | None, named: Mapping[str, str], lang: Language
) -> Iterator[str]:
    words = yardstick_words(lang)
    yield words.title.format(year=int(sheet[YEAR]))
    rows = [sheet.sel({TARGET: target}) for target in sheet[TARGET].values]
    told = [row for row in rows if (row.reason == "").any()]
    wide = natural([str(row[TARGET].item()) for row in told])
    for row in told:
        target = str(row[TARGET].item())
        mark = f"{target}{' ' * (wide - natural([target]))}  "
        yield from paragraph(target_name(sheet, target, lang), first=mark, indent=2)
        yield from paragraph(_ends(row, lang), indent=_INDENT)
        yield from _columns([*_measured(row, lang), *_ours(odds, target, named, lang)])
        for reason, count in Counter(filter(None, row.reason.values.tolist())).items():
            reason = words.reasons[reason]
            text = words.without.format(count=count, all=row.sizes[MEASURE], reason=reason)
            yield from paragraph(text, indent=_INDENT)
    yield from _untold([row for row in rows if not (row.reason == "").any()], lang)
    if not (sheet.figure_year > sheet.base_year).any():
        yield from paragraph(words.earlier)
    yield from paragraph(words.note)


def _columns(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lay out label, value and verdict, set in under the target."""
    label = Column(heading="", width=natural([line[0] for line in lines]))
    columns = [label, Column(heading="", width=_NUMBER, right=True)]
    columns.append(Column(heading="", width=rest(columns) - _INDENT))
    yield from (" " * _INDENT + line for line in table(columns, lines, heading=False))


def _ends(row: xr.Dataset, lang: Language) -> str:
    """Say where a target stands, where it came from and what it asks for."""
    words, unit = yardstick_words(lang), lang.words.units.get(str(row.unit.item()), str(row.unit.item()))

    def with_unit(value: xr.DataArray) -> str:
        return numbers.with_unit(numbers.published(value.item()), unit, sign=lang.words.percent_sign)

    text = words.no_figure
    if math.isfinite(row.figure.item()):
        text = words.stands.format(figure=with_unit(row.figure), year=int(row.figure_year.item()))
    if row.base_year.item() == row.figure_year.item():
        text += words.is_base
    elif math.isfinite(row.base.item()):
        text += words.counts_from.format(base=with_unit(row.base), year=int(row.base_year.item()))
    else:
        text += words.no_base
    at_least = str(row.relation.item()) == Relation.AT_LEAST.value
    level = (lang.words.at_least if at_least else lang.words.at_most).format(level=with_unit(row.goal))
    first, last = int(row.goal_first_year.item()), int(row.goal_year.item())
    several = words.by_year if row.goal_when.item() == When.ANY_YEAR.value else lang.words.each_year
    asked = lang.words.in_year if first == last else several
    years = lang.words.span.format(first=first, last=last)
    return text + words.asks.format(goal=asked.format(level=level, first=first, year=last, years=years))


def _measured(row: xr.Dataset, lang: Language) -> Iterator[list[str]]:
    """Yield label, value and verdict of every measure that has a value."""
    words = yardstick_words(lang)
    for name in row[MEASURE].values:
        one = row.sel({MEASURE: name})
        if not str(one.reason.item()):
            label = lang.choose(str(one.measure_label.item()), str(one.measure_label_zh.item()))
            verdict = str(one.verdict.item())
            value = _value(one.value.item(), str(one.measure_units.item()), lang)
            yield [label, value, words.verdicts.get(verdict, verdict)]


def _value(value: float, units: str, lang: Language) -> str:
    sign = lang.words.percent_sign
    if units == _RATE:
        return yardstick_words(lang).a_year.format(rate=numbers.growth(value, sign=sign))
    return f"{100 * value:,.1f}{sign}" if units == _SHARE else f"{value:.2f}"


def _ours(
    odds: xr.Dataset | None, target: str, named: Mapping[str, str], lang: Language
) -> Iterator[list[str]]:
    """Yield our probability of a target under every scenario."""
    if odds is None or target not in odds[TARGET].values:
        return
    words = yardstick_words(lang)
    for scenario in odds[SCENARIO].values.tolist():
        one = odds.sel({SCENARIO: scenario, TARGET: target})
        observed = str(one.route.item()) == "observed"
        chance = numbers.percent(
            float(one.probability),
            error=float(one.standard_error),
            sign=lang.words.percent_sign,
            settled=observed,
        )
        if chance != numbers.NOTHING:
            label = words.ours.format(
                scenario=named.get(scenario, scenario), until=odds.attrs.get("data_until", numbers.NOTHING)
            )
            yield [label, chance, words.settled if observed else ""]


def _untold(rows: Sequence[xr.Dataset], lang: Language) -> Iterator[str]:
    """Yield the targets no measure has a value for, by the piece that is missing first."""
    words = yardstick_words(lang)
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(str(row.reason.values[0]), []).append(str(row[TARGET].item()))
    if found:
        yield words.nothing
    for reason, targets in found.items():
        text = f"{lang.words.listed.join(targets)}{lang.words.colon}{words.reasons[reason]}"
        yield from paragraph(text, indent=2)


def _check_odds(odds: xr.Dataset | None) -> None:
    if odds is None:
        return
    if "probability" not in odds or "route" not in odds:
        raise RequestError("odds holds no probabilities of targets.", "Give what sx.attainment returned.")
    if further := [str(dim) for dim in odds["probability"].dims if dim not in (SCENARIO, TARGET)]:
        raise RequestError(
            f"The odds have the dimension {further[0]!r}.", "Choose one of its members, as in odds.sel()."
        )
