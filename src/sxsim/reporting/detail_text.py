"""What stands behind the odds as text: when, how many together, who fails, how far short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr

from sxsim.errors import RequestError
from sxsim.labels import COUNT, GIVEN, QUANTILE, SCENARIO, TARGET, YEAR
from sxsim.plan import Scenario
from sxsim.reporting import numbers
from sxsim.reporting.comparison_text import scenario_names, target_name, whole
from sxsim.reporting.detail_words import DetailWords, detail_words
from sxsim.reporting.language import Language
from sxsim.reporting.layout import Column, cells, natural, paragraph, rest, table

_HEAD = 9  # cells a heading has before it is broken
_NEEDED = ("first_hit", "at_least", "shortfall")


def render_detail(
    odds: xr.Dataset, *, scenarios: Sequence[Scenario] = (), lang: Language = Language.EN
) -> str:
    """Write when targets are hit, how many together, which of them fails, and how far short it falls.

    Parameters
    ----------
    odds
        From :func:`sxsim.attainment` with ``detail=True``, without a batch.
    scenarios
        Where names of scenarios are taken from; one that is not among them goes by its id.
    lang
        Language of the words.

    Returns
    -------
    str
        Lines of at most 120 cells, scenario by scenario, without a final line break.

    Raises
    ------
    RequestError
        `odds` holds no details, or those of a batch.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> model = sx.fit(plan.history, until=2012)
    >>> odds = sx.attainment(model, plan.target("H2"), detail=True, rng=0)
    >>> print(*sx.render_detail(odds).splitlines()[:1])
    When is each target hit for the first time? Under trend
    """
    check_detail(odds)
    named = scenario_names(scenarios, lang)
    each = whole(odds, SCENARIO)
    return "\n\n".join(
        "\n".join(_scenario(each.sel({SCENARIO: name}), named.get(str(name), str(name)), lang))
        for name in each[SCENARIO].values
    )


def check_detail(odds: xr.Dataset) -> None:
    """Refuse what holds no details, or those of a batch."""
    if not isinstance(odds, xr.Dataset) or not set(_NEEDED) <= set(odds.data_vars):
        raise RequestError("There are no details.", "Give what sx.attainment(..., detail=True) returned.")
    strange = sorted({str(dim) for dim in odds.first_hit.dims} - {SCENARIO, TARGET, YEAR})
    if strange:
        raise RequestError(
            f"The details have the dimension {strange[0]!r}.", f"Choose one, with .sel({strange[0]}=...)."
        )


def _scenario(odds: xr.Dataset, name: str, lang: Language) -> Iterator[str]:
    words = detail_words(lang)
    yield from paragraph(words.when.format(scenario=name))
    yield from _when(odds, words, lang)
    yield ""
    if odds.sizes[COUNT] > 1:
        yield from _together(odds, words, lang)
        yield ""
    yield from _short(odds, words, lang)
    errors = [odds[one] for one in odds.data_vars if str(one).endswith("_standard_error")]
    largest = max((float(one.max()) for one in errors if one.notnull().any()), default=0.0)
    said = numbers.error_text(largest, none="0", sign=lang.words.percent_sign)
    yield from paragraph(words.errors.format(error=said))


def _when(odds: xr.Dataset, words: DetailWords, lang: Language) -> Iterator[str]:
    shown = odds.sel({TARGET: odds.never_hit.notnull()})
    years = odds[YEAR].values.tolist() if YEAR in odds.dims else []
    heads = [words.first.format(year=year) for year in years]
    last = words.stays.format(year=years[-1] if years else "")
    rows = []
    for target in shown[TARGET].values:
        one = shown.sel({TARGET: target})
        said = [_percent(one, "first_hit", lang, {YEAR: year}) for year in years]
        said += [_percent(one, "never_hit", lang), _percent(one, "stays_hit", lang, {YEAR: years[-1]})]
        rows.append([str(target), *said])
    yield from _grid(["", *heads, words.never, last], rows)


def _together(odds: xr.Dataset, words: DetailWords, lang: Language) -> Iterator[str]:
    names = [str(name) for name in odds[GIVEN].values]
    yield from paragraph(words.together.format(targets=lang.words.comma.join(names)))
    counts = odds[COUNT].values.tolist()
    heads = [words.some.format(count=count) for count in counts]
    yield from _grid(["", *heads], [["", *(_percent(odds, "at_least", lang, {COUNT: k}) for k in counts)]])
    yield ""
    yield from paragraph(words.given)
    rows = []
    for name in names:
        one = odds.sel({TARGET: name})
        said = [_percent(one, "given_missed", lang, {GIVEN: other}) for other in names]
        rows.append([name, _percent(one, "probability", lang, error="standard_error"), *said])
    yield from _grid(["", words.without, *(words.missed.format(target=name) for name in names)], rows)
    yield ""
    yield from paragraph(words.bottleneck)
    worst = sorted(names, key=lambda name: -float(odds.failure_share.sel({TARGET: name})))
    rows = [
        [
            f"{name}  {target_name(odds, name, lang)}",
            _percent(odds.sel({TARGET: name}), "failure_share", lang),
            _percent(odds.sel({TARGET: name}), "only_failure", lang),
        ]
        for name in worst
    ]
    yield from _grid(["", words.share, words.only], rows)


def _short(odds: xr.Dataset, words: DetailWords, lang: Language) -> Iterator[str]:
    known = odds.shortfall.notnull().all(QUANTILE)
    if not known.any():
        return
    yield from paragraph(words.short)
    rows = []
    for target in odds[TARGET].values[known.values]:
        values = odds.shortfall.sel({TARGET: target})
        said = [numbers.significant(float(values.sel({QUANTILE: q}))) for q in (0.5, 0.05, 0.95)]
        rows.append([f"{target}  {target_name(odds, str(target), lang)}", *said])
    yield from _grid(["", words.median, words.low, words.high], rows)


def _percent(
    one: xr.Dataset,
    name: str,
    lang: Language,
    place: dict[str, object] | None = None,
    error: str | None = None,
) -> str:
    value = float(one[name].sel(place or {}))
    spread = float(one[error or f"{name}_standard_error"].sel(place or {}))
    return numbers.percent(value, error=spread if np.isfinite(spread) else 0.0, sign=lang.words.percent_sign)


def _grid(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lay out a name and numbers; columns are as wide as what stands in them, the name takes the rest."""
    widths = [
        max(natural([row[i] for row in rows]), _word(head), min(natural([head]), _HEAD))
        for i, head in enumerate(heads)
    ]
    columns = [
        Column(heading=head, width=w, right=i > 0)
        for i, (head, w) in enumerate(zip(heads, widths, strict=True))
    ]
    if (left := rest(columns)) < 0:
        columns[0] = Column(heading=heads[0], width=max(columns[0].width + left, 4))
    yield from table(columns, rows)


def _word(text: str) -> int:
    """Return the cells of the longest piece of a heading that is never broken."""
    return max((cells(piece) for piece in text.split(" ") if piece.isascii()), default=0)
