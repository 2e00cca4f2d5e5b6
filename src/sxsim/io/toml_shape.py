"""Words for ramps and returns into what they stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sxsim.io.toml_rows import TableRow
from sxsim.io.toml_values import shown, take


def shape(
    row: TableRow, values: dict[str, Any], key: str, shapes: Mapping[str, tuple[Callable[..., Any], str]]
) -> dict[str, Any]:
    """Take the word of a key and its number out of the values; nothing if neither is there.

    Raises
    ------
    PlanError
        The word needs a number that is not given, or a number stands there that it does not take.
    """
    numbers = take(values, sorted({number for _, number in shapes.values()}))
    if key not in values and not numbers:
        return {}
    word = values.pop(key, next(iter(shapes)))
    build, wanted = shapes[word]
    for number, value in numbers.items():
        if number != wanted:
            raise row.error(
                f"{number} = {shown(value)} means nothing for {key} = {word!r}.",
                f"Leave it out, or choose {_takers(key, number, shapes)}.",
            )
    if not wanted:
        return {key: row.make(build)}
    if not numbers:
        raise row.error(f"{key} = {word!r} stands there without {wanted}.", f"Add {wanted} = ...")
    return {key: row.make(build, **{wanted.removeprefix(f"{key}_"): numbers[wanted]})}


def _takers(key: str, number: str, shapes: Mapping[str, tuple[Callable[..., Any], str]]) -> str:
    return " or ".join(f"{key} = {word!r}" for word, (_, taken) in shapes.items() if taken == number)
