"""A TOML document held against the schema: rows with checked values, each knowing where it stands."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sxsim.errors import PlanError, nearest
from sxsim.io.files import read_bytes
from sxsim.io.toml_schema import PLAN, TABLES
from sxsim.io.toml_values import Key, WrongValueError, shown

_Made = TypeVar("_Made")
_NAMED_BY = {"stock_flow": "stock", "clause": "line", "identity": "indicator"}
_OWNER = re.compile(rf"^({'|'.join(TABLES)}) (\S+): ")


@dataclass(frozen=True, kw_only=True, slots=True)
class TableRow:
    """One table of the file: `where` reads like "plan.toml: [[target]] H1"."""

    where: str
    values: Mapping[str, Any]

    def error(self, problem: str, hint: str) -> PlanError:
        """Make an error that says where the row stands."""
        return PlanError(f"{self.where}: {problem}", hint)

    def make(self, build: Callable[..., _Made], **values: Any) -> _Made:
        """Build a noun, and let its own complaint say where the row stands."""
        try:
            return build(**values)
        except PlanError as error:
            raise PlanError(f"{self.where}: {_OWNER.sub('', error.text)}", error.hint) from error


def read_document(path: Path) -> dict[str, list[TableRow]]:
    """Read a plan file and check its tables and keys; every known table is present, possibly empty."""
    text = _decode(path)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PlanError(f"{path}: not valid TOML: {error}.", "Mend that line and try again.") from error
    for name in document:
        if name not in TABLES:
            raise PlanError(f"{path}: unknown table {name!r}.", nearest(name, TABLES))
    return {name: _table(path, name, document.get(name)) for name in TABLES}


def locate(path: Path, error: PlanError) -> PlanError:
    """Put the file and the table before what a whole plan complains about."""
    text = _OWNER.sub(lambda found: f"{_heading(found[1])} {found[2]}: ", error.text)
    return PlanError(f"{path}: {text}", error.hint)


def _decode(path: Path) -> str:
    try:
        return read_bytes(path, "plan file").decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlanError(f"{path}: not UTF-8 text (byte {error.start}).", "Save the file as UTF-8.") from error


def _heading(name: str) -> str:
    return f"[{name}]" if name == PLAN else f"[[{name}]]"


def _table(path: Path, name: str, content: object) -> list[TableRow]:
    if content is None:
        if name == PLAN:
            raise PlanError(
                f"{path}: the table [plan] is missing.", "Begin the file with [plan] and its keys."
            )
        return []
    rows = [content] if name == PLAN else content
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise PlanError(
            f"{path}: {name!r} is not written as {_heading(name)}.", f"Write {_heading(name)} above its keys."
        )
    return [_row(path, name, number, row) for number, row in enumerate(rows, start=1)]


def _row(path: Path, name: str, number: int, content: Mapping[str, object]) -> TableRow:
    keys = TABLES[name]
    where = f"{path}: {_heading(name)}"
    if name != PLAN:
        first = content.get(_NAMED_BY.get(name, "id"))
        where += f" {first}" if isinstance(first, str | int) else f" number {number}"
    return checked_row(where, keys, content)


def checked_row(where: str, keys: Mapping[str, Key], content: Mapping[str, object]) -> TableRow:
    """Hold one table against its keys.

    Raises
    ------
    PlanError
        A key is unknown or missing, or a value is not what its key asks for.
    """
    for key in content:
        if key not in keys:
            raise PlanError(f"{where}: unknown key {key!r}.", nearest(key, keys))
    for key, wanted in keys.items():
        if wanted.required and key not in content:
            raise PlanError(f"{where}: the key {key!r} is missing.", f"Add {key} = ...")
    return TableRow(
        where=where, values={key: _value(where, key, keys[key], one) for key, one in content.items()}
    )


def _value(where: str, key: str, wanted: Key, value: object) -> object:
    try:
        return wanted.read(value)
    except WrongValueError as error:
        raise PlanError(f"{where}: {key} = {shown(value)} {error.problem}.", error.hint) from error
