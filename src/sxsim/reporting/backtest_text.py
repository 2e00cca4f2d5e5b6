"""A backtest as text: how good the forecasts were, and how honest the probabilities."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import xarray as xr

from sxsim.analysis import scores
from sxsim.errors import RequestError
from sxsim.reporting.backtest_words import BacktestWords, backtest_words
from sxsim.reporting.language import Language
from sxsim.reporting.layout import WIDTH, Column, natural, paragraph, rest, table
from sxsim.reporting.numbers import NOTHING

_RANGES = (50, 80, 95)
_WIDEST, _HEADING, _LEAST, _GAP = 34, 14, 8, 2
_LARGEST = 1e4


def render_backtest(result: xr.Dataset, *, lang: Language = Language.EN) -> str:
    """Write a result of :func:`sxsim.backtest` as tables with what is needed to read them.

    Parameters
    ----------
    result
        From :func:`sxsim.backtest`.
    lang
        Language of the labels.

    Returns
    -------
    str
        Lines without a final line break, at most 120 cells wide.

    Raises
    ------
    RequestError
        If `result` is not a result of :func:`sxsim.backtest`.

    Examples
    --------
    >>> import sxsim as sx
    >>> found = sx.backtest(sx.load_panel("provinces-rd-intensity"), origins=[2012, 2017], draws=0)
    >>> "default fit" in sx.render_backtest(found)
    True
    """
    check_backtest(result)
    words = backtest_words(lang)
    sign = lang.words.percent_sign
    pooled = result.isel(indicator=-1)
    sections = [_header(result, words)]
    if float(pooled.cases.sum()) == 0:
        sections += [[words.nothing]]
    else:
        sections += [_forecasts(pooled, words, sign), _paths(pooled, words), _series(result, words, lang)]
        sections += [_targets(pooled, words), _bins(pooled, words, sign), _failed(pooled, words)]
    record = f"sxsim {result.attrs['sxsim_version']}, rng {result.attrs['seed_entropy']}"
    return "\n\n".join("\n".join(lines) for lines in [*sections, [record]] if lines)


def check_backtest(result: xr.Dataset) -> None:
    """Refuse what does not come from a backtest."""
    if not isinstance(result, xr.Dataset) or result.attrs.get("method") != "backtest":
        raise RequestError("This is not a result of sx.backtest.", "Give what sx.backtest returns.")


def model_name(name: str, words: BacktestWords) -> str:
    """Return the name of a forecaster in this language; names given by hand stay as they are."""
    return words.models.get(name, name)


def _header(result: xr.Dataset, words: BacktestWords) -> list[str]:
    origins = result["origin"].values
    how = words.how.format(
        origins=origins.size, first=origins.min(), last=origins.max(), horizon=result.attrs["horizon"]
    )
    count = float(result.effective_origins.isel(indicator=-1).max())
    error = words.worth.format(count=f"{count:.1f}") if count > 1 + 1e-9 else words.alone
    rule = "=" * WIDTH
    return [rule, *paragraph(words.question), rule, *paragraph(how), *paragraph(error)]


def _forecasts(pooled: xr.Dataset, words: BacktestWords, sign: str) -> list[str]:
    reference = str(pooled.attrs["reference"])
    rows = []
    for name in pooled["model"].values.tolist():
        one = pooled.sel(model=name)
        crps, mean = one.sel(score="scaled_crps"), one["mean"]
        apart = NOTHING if name == reference else _with_error(crps.difference, crps.difference_error, words)
        rows.append(
            [
                model_name(name, words),
                _with_error(crps["mean"], crps.standard_error, words),
                apart,
                NOTHING if name == reference else f"{100 * float(crps.skill):+.0f}{sign}",
                *[_number(mean.sel(score=score), 2) for score in ("mase", "smape")],
                *[_share(mean.sel(score=f"coverage_{level}"), sign) for level in _RANGES],
                _share(mean.sel(score="below_median"), sign),
            ]
        )
    headings = (
        words.model,
        words.crps,
        words.difference.format(reference=model_name(reference, words)),
        words.skill,
        words.mase,
        words.smape,
        *[words.range_of.format(level=level) for level in _RANGES],
        words.below,
    )
    return [words.forecasts, *_laid(headings, rows), *paragraph(words.forecasts_note)]


def _paths(pooled: xr.Dataset, words: BacktestWords) -> list[str]:
    """Energy and variogram score of those that said how the years hang together."""
    reference = str(pooled.attrs["reference"])
    rows = []
    for name in pooled["model"].values.tolist():
        one = pooled.sel(model=name)
        if not np.isfinite(one.path_mean).all():
            continue
        cells = [model_name(name, words)]
        for score in one["path_score"].values.tolist():
            mine = one.sel(path_score=score)
            apart = _with_error(mine.path_difference, mine.path_difference_error, words, 3)
            cells += [
                _with_error(mine.path_mean, mine.path_standard_error, words, 3),
                NOTHING if name == reference else apart,
            ]
        rows.append(cells)
    against = words.difference.format(reference=model_name(reference, words))
    headings = (words.model, words.energy, against, words.variogram, against)
    return [words.paths, *_laid(headings, rows), *paragraph(words.paths_note)] if rows else []


def _series(result: xr.Dataset, words: BacktestWords, lang: Language) -> list[str]:
    """One line per indicator where there are several."""
    if result.sizes["indicator"] == 1:
        return []
    rows = []
    for name in result["indicator"].values.tolist()[:-1]:
        one = result.sel(indicator=name, score="scaled_crps")
        if cases := int(one.cases.sum()):
            label = lang.choose(str(one.label.item()), str(one.label_zh.item())) or name
            rows.append([label, f"{cases}", *[_number(value, 2) for value in one["mean"]]])
    models = [model_name(name, words) for name in result["model"].values.tolist()]
    return [words.series_title, *_laid((words.series, words.cases, *models), rows)]


def _targets(pooled: xr.Dataset, words: BacktestWords) -> list[str]:
    rows = []
    for event in pooled["event"].values.tolist():
        for name in pooled["model"].values.tolist():
            one = pooled.sel(event=event, model=name)
            if not math.isfinite(float(one.event_brier)):
                continue
            parts = ("miscalibration", "by_chance", "discrimination", "uncertainty", "log_loss")
            rows.append(
                [
                    words.events[event],
                    model_name(name, words),
                    _with_error(one.event_brier, one.event_standard_error, words, 3),
                    *[_number(one[f"event_{part}"], 4 if part in parts[:2] else 3) for part in parts],
                ]
            )
    headings = (
        words.event,
        words.model,
        words.brier,
        words.miscalibration,
        words.by_chance,
        words.discrimination,
        words.uncertainty,
        words.log_loss,
    )
    return [words.targets, *_laid(headings, rows, text=2), *paragraph(words.targets_note)] if rows else []


def _bins(pooled: xr.Dataset, words: BacktestWords, sign: str) -> list[str]:
    level = pooled.sel(event="level")
    if not level.sizes["case"]:
        return []
    found = scores.reliability_table(level.event_probability, level.event_outcome, dim="case")
    headings = [
        words.between.format(low=f"{100 * low:.0f}", high=f"{100 * high:.0f}")
        for low, high in zip(found.low.values, found.high.values, strict=True)
    ]
    rows = []
    for name in found["model"].values.tolist():
        one = found.sel(model=name)
        cells = zip(one.observed.values, one.cases.values, strict=True)
        shares = [words.of.format(share=_share(share, sign), cases=f"{cases:.0f}") for share, cases in cells]
        rows.append([model_name(name, words), *shares])
    return [words.bins, *_laid((words.model, *headings), rows), words.bins_note]


def _failed(pooled: xr.Dataset, words: BacktestWords) -> list[str]:
    left = {name: int(n) for name, n in zip(pooled["model"].values, pooled.failures.values, strict=True) if n}
    listed = ", ".join(f"{model_name(name, words)} {count}" for name, count in left.items())
    return paragraph(words.failed.format(list=listed)) if left else []


def _laid(headings: Sequence[str], rows: Sequence[Sequence[str]], *, text: int = 1) -> list[str]:
    """Lay out a table whose first columns are text, which give way, and whose others are numbers."""
    bodies = [natural([row[i] for row in rows]) for i in range(len(headings))]
    numbers = [
        max(body, _heading_width(heading))
        for heading, body in zip(headings[text:], bodies[text:], strict=True)
    ]
    room = rest([Column(heading="", width=width) for width in numbers])
    widths = []
    for heading, body in zip(headings[:text], bodies[:text], strict=True):
        widths.append(min(max(natural([heading]), body), max(room - _GAP, _LEAST), _WIDEST))
        room -= widths[-1] + _GAP
    columns = [
        Column(heading=heading, width=width, right=i >= text)
        for i, (heading, width) in enumerate(zip(headings, [*widths, *numbers], strict=True))
    ]
    return table(columns, rows)


def _heading_width(heading: str) -> int:
    """Return the cells a heading needs when it may be broken between words, or anywhere without any."""
    whole = natural([heading])
    return max(natural(heading.split(" ")), min(whole, _LEAST)) if " " in heading else min(whole, _HEADING)


def _with_error(value: xr.DataArray, error: xr.DataArray, words: BacktestWords, digits: int = 2) -> str:
    said = _number(value, digits)
    if not (np.isfinite(value) and np.isfinite(error)):
        return said
    return words.plus_minus.format(value=said, error=_number(error, digits))


def _number(value: xr.DataArray, digits: int) -> str:
    """Write a score with so many decimals, or in powers of ten where that would fill the line."""
    number = float(value)
    if not math.isfinite(number):
        return NOTHING
    return f"{number:.{digits}f}" if abs(number) < _LARGEST else f"{number:.1e}"


def _share(value: xr.DataArray | float, sign: str) -> str:
    return f"{100 * float(value):.0f}{sign}" if np.isfinite(value) else NOTHING
