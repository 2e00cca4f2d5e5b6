"""What targets ask for as a table that a file can hold, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import xarray as xr

from sxsim.plan.condition import AllOf, AnyOf, AtLeast, Combined, Condition, Promise, Relation, Total, When
from sxsim.plan.level import Benchmark, Between, Level, Number, OwnPast, Worded

PIECE = "piece"
_IN_ALL = "in all"
_ABSENT: Mapping[str, Any] = {
    "row": "", "depth": 0, "least": 0, "parts": 0, "indicator": "", "relation": "", "held": "",
    "level": np.nan, "upper": np.nan, "benchmark": "", "times": np.nan, "since": 0, "growth": np.nan,
    "word": "", "years": "", "when": "", "precision": 0.0,
}  # fmt: skip


def promise_table(promises: Mapping[str, Promise]) -> xr.Dataset:
    """Write what targets ask for, a line per condition.

    Parameters
    ----------
    promises
        By id of the target.

    Returns
    -------
    xarray.Dataset
        Columns over ``piece``: the target (``row``); ``depth``, ``parts`` and ``least`` of what is combined,
        whose parts follow it; series, side and level of a condition (``held`` is its kind), the years it
        speaks of, and whether it has to hold in every year, in any, or ``in all``. What does not apply is
        empty, 0 or NaN; ``since`` is -1 for the year before.

    Examples
    --------
    >>> rd = Condition(indicator="rd", relation=Relation.AT_LEAST, level=Number(value=2.5), years=(2020,))
    >>> table = promise_table({"H1": AnyOf(parts=(rd, rd.of_years((2019,))))})
    >>> table["depth"].values.tolist(), table["years"].values.tolist()
    ([0, 1, 1], ['', '2020', '2019'])
    """
    lines = [line for name, promise in promises.items() for line in _lines(name, promise, 0)]
    columns = {
        key: np.array([line.get(key, absent) for line in lines], dtype=type(absent))
        for key, absent in _ABSENT.items()
    }
    return xr.Dataset({key: (PIECE, column) for key, column in columns.items()})


def promises_of(table: xr.Dataset) -> dict[str, Promise]:
    """Read back what :func:`promise_table` wrote.

    Examples
    --------
    >>> rd = Condition(indicator="rd", relation=Relation.AT_LEAST, level=Number(value=2.5), years=(2020,))
    >>> promises_of(promise_table({"H1": rd}))["H1"] == rd
    True
    """
    columns = {str(key): table[key].values.tolist() for key in table.data_vars}
    lines = iter([dict(zip(columns, line, strict=True)) for line in zip(*columns.values(), strict=True)])
    return {str(line["row"]): _read(line, lines) for line in lines}


def _lines(name: str, promise: Promise, depth: int) -> Iterator[dict[str, Any]]:
    line: dict[str, Any] = {"row": name, "depth": depth}
    if isinstance(promise, Combined):
        yield line | {"parts": len(promise.parts), "least": promise.least, "when": type(promise).__name__}
        for part in promise.parts:
            yield from _lines(name, part, depth + 1)
        return
    yield (
        line
        | _level(promise.level)
        | {
            "indicator": promise.indicator,
            "held": type(promise.level).__name__,
            "relation": promise.relation.value,
            "years": " ".join(map(str, promise.years)),
            "when": _IN_ALL if isinstance(promise, Total) else promise.when.value,
            "precision": promise.precision,
        }
    )


def _level(level: Level) -> dict[str, Any]:
    match level:
        case Number(value=value):
            return {"level": value}
        case Between(lower=lower, upper=upper):
            return {"level": lower, "upper": upper}
        case Benchmark(indicator=name, times=times):
            return {"benchmark": name, "times": times}
        case OwnPast(since=since, growth=growth):
            return {"since": -1 if since is None else since, "growth": growth}
        case Worded(word=word, threshold=threshold):
            return {"word": word} if threshold is None else {"word": word, "level": threshold}


def _read(line: Mapping[str, Any], rest: Iterator[Mapping[str, Any]]) -> Promise:
    if count := int(line["parts"]):
        parts = tuple(_read(next(rest), rest) for _ in range(count))
        if line["when"] == AtLeast.__name__:
            return AtLeast(parts=parts, count=int(line["least"]))
        return {one.__name__: one for one in (AllOf, AnyOf)}[line["when"]](parts=parts)
    level = _level_of(line)
    values: dict[str, Any] = {
        "indicator": line["indicator"],
        "relation": Relation(line["relation"]),
        "level": level,
        "years": tuple(map(int, line["years"].split())),
        "precision": line["precision"],
    }
    return Total(**values) if line["when"] == _IN_ALL else Condition(**values, when=When(line["when"]))


def _level_of(line: Mapping[str, Any]) -> Level:
    match line["held"]:
        case Worded.__name__:
            known = bool(np.isfinite(line["level"]))
            return Worded(word=line["word"], threshold=line["level"] if known else None)
        case Benchmark.__name__:
            return Benchmark(indicator=line["benchmark"], times=line["times"])
        case OwnPast.__name__:
            since = int(line["since"])
            return OwnPast(since=None if since < 0 else since, growth=line["growth"])
        case Between.__name__:
            return Between(lower=line["level"], upper=line["upper"])
        case _:
            return Number(value=line["level"])
