"""Which tables and keys a plan file may hold, and what each value has to be: written here only."""

from __future__ import annotations

from collections.abc import Mapping

from sxsim.io.toml_schema_changes import CHANGE_TABLES
from sxsim.io.toml_values import (
    NAMES,
    Key,
    choice,
    identifier,
    integer,
    integers,
    number,
    parts,
    sizes,
    spread,
    text,
    texts,
)
from sxsim.plan import READING_SIZES, READING_TEXTS, READING_YEARS, Group, Kind, Relation, Role, Strength

_WORDS = {"text": Key(read=text), "line": Key(read=integer), "lead_units": Key(read=texts)}

PLAN = "plan"

LEVELS = (("value",), ("lower", "upper"), ("benchmark", "times"), ("since", "growth"), ("word", "threshold"))
YEARS = ("year", "every_year", "by_year", "total_over")

CONDITION: Mapping[str, Key] = {
    "indicator": Key(read=text),
    "relation": Key(read=choice(Relation)),
    **{key: Key(read=number) for key in ("value", "lower", "upper", "times", "growth", "threshold")},
    "benchmark": Key(read=text),
    "since": Key(read=integer),
    "word": Key(read=text),
    "year": Key(read=integer),
    **{key: Key(read=integers) for key in YEARS if key != "year"},
    "precision": Key(read=number),
}
COMBINED: Mapping[str, Key] = {
    "all_of": Key(read=parts),
    "any_of": Key(read=parts),
    "at_least": Key(read=integer),
    "of": Key(read=parts),
}

TABLES: Mapping[str, Mapping[str, Key]] = {
    PLAN: {
        "id": Key(read=identifier, required=True),
        "title": Key(read=text, required=True),
        "title_zh": Key(read=text),
        "publisher": Key(read=text),
        "published": Key(read=text),
        "start": Key(read=integer, required=True),
        "end": Key(read=integer, required=True),
        "base_year": Key(read=integer, required=True),
        "fit_until": Key(read=integer, required=True),
        "source": Key(read=text),
        "history": Key(read=texts),
    },
    "indicator": {
        **NAMES,
        "kind": Key(read=choice(Kind), required=True),
        "role": Key(read=choice(Role)),
        "units": Key(read=text),
        "lower": Key(read=number),
        "upper": Key(read=number),
        "definition": Key(read=text),
        "breaks": Key(read=texts),
        "bridge_from": Key(read=text),
        "bridge_sd": Key(read=spread),
        "bridge_assumption": Key(read=text),
        **{key: Key(read=sizes) for key in READING_SIZES},
        **{key: Key(read=integers) for key in READING_YEARS},
        **{key: Key(read=text) for key in READING_TEXTS},
        "partial_year": Key(read=integer),
        **{key: Key(read=number) for key in ("partial_value", "partial_share", "partial_spread")},
    },
    "target": {
        **NAMES,
        **_WORDS,
        "group": Key(read=choice(Group)),
        **CONDITION,
        **COMBINED,
        "unit": Key(read=text),
        "base_value": Key(read=number),
        "base_year": Key(read=integer),
        "stated_growth": Key(read=number),
        "strength": Key(read=choice(Strength)),
        "part_of": Key(read=text),
        "proxy_for": Key(read=text),
        "definition": Key(read=text),
        "assumption": Key(read=text),
        "not_assessable": Key(read=text),
    },
    "aim": {**NAMES, **_WORDS, "indicator": Key(read=text)},
    "mechanism": {
        **NAMES,
        "text": Key(read=text),
        "lines": Key(read=integers),
        "model_object": Key(read=text),
    },
    "sector": {**NAMES, "line": Key(read=integer)},
    "place": {**NAMES},
    "unit": {**NAMES},
    "clause": {
        "line": Key(read=integer, required=True),
        "section": Key(read=text),
        "units": Key(read=texts, required=True),
        "rows": Key(read=texts),
    },
    "identity": {
        "indicator": Key(read=text, required=True),
        "expression": Key(read=text, required=True),
        "note": Key(read=text),
        "assumption": Key(read=text),
    },
    "stock_flow": {
        "stock": Key(read=text, required=True),
        "flow": Key(read=text, required=True),
        "first_year": Key(read=integer, required=True),
        "last_year": Key(read=integer, required=True),
        "note": Key(read=text),
    },
    **CHANGE_TABLES,
    "observation": {
        "indicator": Key(read=text, required=True),
        "year": Key(read=integer, required=True),
        "value": Key(read=number, required=True),
        "sd": Key(read=spread),
        "source": Key(read=text, required=True),
        "note": Key(read=text),
    },
}
