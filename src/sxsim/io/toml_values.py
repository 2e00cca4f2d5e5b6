"""What a value of a plan file has to be, and how it is read: one small reader for each kind."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from sxsim.errors import PlanError, nearest
from sxsim.plan import Elicited, Size

_Read = TypeVar("_Read")


class WrongValueError(Exception):
    """A value is not what its key asks for; `hint` says what would be. Never leaves this room."""

    def __init__(self, problem: str, hint: str) -> None:
        self.problem = problem
        self.hint = hint
        super().__init__(problem)


def shown(value: object) -> str:
    """Write a value the way it stands in the file.

    Examples
    --------
    >>> shown(True), shown((2014, 2020)), shown("x")
    ('true', '[2014, 2020]', "'x'")
    """
    if isinstance(value, Enum):
        return repr(value.value)
    if isinstance(value, bool):
        return str(value).lower()
    return repr(list(value) if isinstance(value, tuple) else value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """What one key of a table has to hold."""

    read: Callable[[object], object]
    required: bool = False


def text(value: object) -> str:
    """Text in quotation marks."""
    if not isinstance(value, str):
        raise WrongValueError("is not text", "Put it in quotation marks.")
    return value


def identifier(value: object) -> str:
    """Letters, digits, '_' and '-'."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", text(value)):
        raise WrongValueError("is not a usable id", "Use letters, digits, '_' and '-' only.")
    return str(value)


def number(value: object) -> float:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongValueError("is not a number", "Write it without quotation marks, as in 2.5 or 1000.")
    if not math.isfinite(value):
        raise WrongValueError("is not a finite number", "Leave the key out if there is no number.")
    return float(value)


def spread(value: object) -> float:
    """A number, zero or more."""
    if number(value) < 0:
        raise WrongValueError("is negative", "A spread is zero or more.")
    return number(value)


def integer(value: object) -> int:
    """A whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise WrongValueError(
            "is not a whole number", "Write it without quotation marks and decimals, as in 2020."
        )
    return value


def flag(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise WrongValueError("is neither true nor false", "Write true or false, without quotation marks.")
    return value


def list_of(read: Callable[[object], _Read], example: str) -> Callable[[object], tuple[_Read, ...]]:
    """A reader of lists."""

    def read_list(value: object) -> tuple[_Read, ...]:
        if not isinstance(value, list):
            raise WrongValueError("is not a list", f"Write it in square brackets, as in {example}.")
        return tuple(read(one) for one in value)

    return read_list


def word(noun: str, known: Collection[str]) -> Callable[[object], str]:
    """A reader of one of some words."""

    def read_word(value: object) -> str:
        if text(value) not in known:
            raise WrongValueError(f"is not a known {noun}", nearest(str(value), known))
        return str(value)

    return read_word


def choice(options: type[Enum], noun: str = "") -> Callable[[object], object]:
    """A reader of the values of an enum."""
    read_word = word(noun or options.__name__.lower(), [str(option.value) for option in options])
    return lambda value: options(read_word(value))


NAMES: Mapping[str, Key] = {
    "id": Key(read=identifier, required=True),
    "label": Key(read=text, required=True),
    "label_zh": Key(read=text),
}

texts = list_of(text, '["first", "second"]')
integers = list_of(integer, "[2014, 2020]")
numbers = list_of(number, "[0.05, 0.02]")


def sizes(value: object) -> float | tuple[float, ...]:
    """One number, or a list of them."""
    return numbers(value) if isinstance(value, list) else number(value)


def size(value: object) -> Size:
    """A number, or a range in words."""
    if not isinstance(value, str):
        return number(value)
    try:
        return Elicited.read(value)
    except PlanError as error:
        raise WrongValueError("is not a range", error.hint) from error


def names(value: object) -> tuple[str, ...]:
    """One name, or a list of them; always a tuple."""
    return texts(value) if isinstance(value, list) else (text(value),)


def figure(value: object) -> tuple[int, float]:
    """A year and its figure."""
    if not isinstance(value, list) or len(value) != 2:
        raise WrongValueError("is not a year and its figure", "Write two numbers, as in [2020, 2.5].")
    return integer(value[0]), number(value[1])


def figures(value: object) -> tuple[tuple[int, float], ...]:
    """Years and their figures, each year once."""
    pairs = list_of(figure, "[[2015, 2.2], [2020, 2.5]]")(value)
    years = [year for year, _ in pairs]
    if len(set(years)) < len(years):
        raise WrongValueError("names a year twice", "Keep one figure a year.")
    return pairs


def parts(value: object) -> tuple[object, ...]:
    """Names of rows, or inline tables whose keys are checked where they are used."""
    if not isinstance(value, list) or not all(isinstance(one, str | dict) for one in value):
        raise WrongValueError(
            "is not a list of targets", 'Write their ids in square brackets, as in ["T1", "T2"].'
        )
    return tuple(value)


def take(values: dict[str, Any], keys: Collection[str]) -> dict[str, Any]:
    """Take some keys out of the values of a row, those that are there."""
    return {key: values.pop(key) for key in keys if key in values}
