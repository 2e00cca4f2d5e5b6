"""Which tables and keys a plan file may hold, and what each value has to be: written here only."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum

from sxsim.errors import nearest
from sxsim.plan import (
    READING_SIZES,
    READING_TEXTS,
    READING_YEARS,
    Group,
    Kind,
    Relation,
    Role,
    Strength,
)


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
    >>> shown(True), shown((2014, 2020)), shown(Relation.AT_LEAST), shown("x")
    ('true', '[2014, 2020]', "'>='", "'x'")
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


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise WrongValueError("is not text", "Put it in quotation marks.")
    return value


def _identifier(value: object) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+", _text(value)):
        raise WrongValueError("is not a usable id", "Use letters, digits, '_' and '-' only.")
    return str(value)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongValueError("is not a number", "Write it without quotation marks, as in 2.5 or 1000.")
    if not math.isfinite(value):
        raise WrongValueError("is not a finite number", "Leave the key out if there is no number.")
    return float(value)


def _spread(value: object) -> float:
    if _number(value) < 0:
        raise WrongValueError("is negative", "A spread is zero or more.")
    return _number(value)


def _integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise WrongValueError(
            "is not a whole number", "Write it without quotation marks and decimals, as in 2020."
        )
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise WrongValueError("is neither true nor false", "Write true or false, without quotation marks.")
    return value


def _list_of(read: Callable[[object], object], example: str) -> Callable[[object], object]:
    def read_list(value: object) -> object:
        if not isinstance(value, list):
            raise WrongValueError("is not a list", f"Write it in square brackets, as in {example}.")
        return tuple(read(one) for one in value)

    return read_list


def _choice(options: type[Enum]) -> Callable[[object], object]:
    def read_choice(value: object) -> object:
        known = [str(option.value) for option in options]
        if _text(value) not in known:
            raise WrongValueError(f"is not a known {options.__name__.lower()}", nearest(str(value), known))
        return options(value)

    return read_choice


_texts = _list_of(_text, '["first", "second"]')
_integers = _list_of(_integer, "[2014, 2020]")
_numbers = _list_of(_number, "[0.05, 0.02]")


def _sizes(value: object) -> object:
    """One number, or a list of them."""
    return _numbers(value) if isinstance(value, list) else _number(value)


_NAMES = {"id": Key(read=_identifier, required=True), "label": Key(read=_text, required=True)}
_NAMES |= {"label_zh": Key(read=_text)}
_WORDS = {"text": Key(read=_text), "line": Key(read=_integer), "lead_units": Key(read=_texts)}

PLAN = "plan"

TABLES: Mapping[str, Mapping[str, Key]] = {
    PLAN: {
        "id": Key(read=_identifier, required=True),
        "title": Key(read=_text, required=True),
        "title_zh": Key(read=_text),
        "publisher": Key(read=_text),
        "published": Key(read=_text),
        "start": Key(read=_integer, required=True),
        "end": Key(read=_integer, required=True),
        "base_year": Key(read=_integer, required=True),
        "fit_until": Key(read=_integer, required=True),
        "source": Key(read=_text),
        "history": Key(read=_texts),
    },
    "indicator": {
        **_NAMES,
        "kind": Key(read=_choice(Kind), required=True),
        "role": Key(read=_choice(Role)),
        "units": Key(read=_text),
        "lower": Key(read=_number),
        "upper": Key(read=_number),
        "definition": Key(read=_text),
        "breaks": Key(read=_texts),
        "bridge_from": Key(read=_text),
        "bridge_sd": Key(read=_spread),
        "bridge_assumption": Key(read=_text),
        **{key: Key(read=_sizes) for key in READING_SIZES},
        **{key: Key(read=_integers) for key in READING_YEARS},
        **{key: Key(read=_text) for key in READING_TEXTS},
        "partial_year": Key(read=_integer),
        **{key: Key(read=_number) for key in ("partial_value", "partial_share", "partial_spread")},
    },
    "target": {
        **_NAMES,
        **_WORDS,
        "group": Key(read=_choice(Group)),
        "indicator": Key(read=_text),
        "relation": Key(read=_choice(Relation)),
        "value": Key(read=_number),
        "benchmark": Key(read=_text),
        "year": Key(read=_integer),
        "every_year": Key(read=_integers),
        "unit": Key(read=_text),
        "base_value": Key(read=_number),
        "base_year": Key(read=_integer),
        "stated_growth": Key(read=_number),
        "strength": Key(read=_choice(Strength)),
        "part_of": Key(read=_text),
        "proxy_for": Key(read=_text),
        "definition": Key(read=_text),
        "assumption": Key(read=_text),
        "not_assessable": Key(read=_text),
    },
    "aim": {**_NAMES, **_WORDS, "indicator": Key(read=_text)},
    "lever": {
        **_NAMES,
        "text": Key(read=_text),
        "lines": Key(read=_integers),
        "targets": Key(read=_texts),
        "lead_units": Key(read=_texts),
    },
    "mechanism": {
        **_NAMES,
        "text": Key(read=_text),
        "lines": Key(read=_integers),
        "model_object": Key(read=_text),
    },
    "sector": {**_NAMES, "line": Key(read=_integer)},
    "place": {**_NAMES},
    "unit": {**_NAMES},
    "clause": {
        "line": Key(read=_integer, required=True),
        "section": Key(read=_text),
        "units": Key(read=_texts, required=True),
        "rows": Key(read=_texts),
    },
    "identity": {
        "indicator": Key(read=_text, required=True),
        "expression": Key(read=_text, required=True),
        "note": Key(read=_text),
        "assumption": Key(read=_text),
    },
    "stock_flow": {
        "stock": Key(read=_text, required=True),
        "flow": Key(read=_text, required=True),
        "first_year": Key(read=_integer, required=True),
        "last_year": Key(read=_integer, required=True),
        "note": Key(read=_text),
    },
    "scenario": {**_NAMES, "story": Key(read=_text), "as_planned": Key(read=_flag)},
    "observation": {
        "indicator": Key(read=_text, required=True),
        "year": Key(read=_integer, required=True),
        "value": Key(read=_number, required=True),
        "sd": Key(read=_spread),
        "source": Key(read=_text, required=True),
        "note": Key(read=_text),
    },
}
