"""Rows of a history file, from CSV or XLSX, as text or cells with the place they were found."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sxsim.errors import HistoryError, MissingExtraError, nearest
from sxsim.io.files import read_bytes

COLUMNS = ("indicator", "year", "value", "source", "note", "sd")
_REQUIRED = COLUMNS[:-2]


class Cells(NamedTuple):
    """One row: where it stands ("history.csv, row 5") and what stands in each column."""

    where: str
    values: Mapping[str, object]


def read_cells(path: Path) -> list[Cells]:
    """Read all rows of a history file that are not blank."""
    raw = _sheet_rows(path) if path.suffix.lower() == ".xlsx" else _csv_rows(path)
    rows = [(number, cells) for number, cells in raw if any(str(cell).strip() for cell in cells)]
    if not rows:
        raise HistoryError(f"{path} is empty.", f"Begin it with the columns {','.join(COLUMNS)}.")
    header = [str(cell).strip() for cell in rows[0][1]]
    _check_header(path, header)
    return [Cells(f"{path}, row {number}", _fill(path, number, header, cells)) for number, cells in rows[1:]]


def _check_header(path: Path, header: Sequence[str]) -> None:
    for name in header:
        if name not in COLUMNS:
            raise HistoryError(f"{path}: unknown column {name!r}.", nearest(name, COLUMNS))
        if header.count(name) > 1:
            raise HistoryError(f"{path}: the column {name!r} stands twice.", "Keep one of them.")
    for name in _REQUIRED:
        if name not in header:
            raise HistoryError(
                f"{path}: the column {name!r} is missing.", f"Columns are {','.join(COLUMNS)}."
            )


def _fill(path: Path, number: int, header: Sequence[str], cells: Sequence[object]) -> dict[str, object]:
    if len(cells) > len(header) and any(str(cell).strip() for cell in cells[len(header) :]):
        raise HistoryError(
            f"{path}, row {number}: {len(cells)} cells stand under {len(header)} columns.",
            "Put text that holds a comma in quotation marks.",
        )
    padded = [*cells, *[""] * (len(header) - len(cells))]
    return dict(zip(header, padded, strict=False))


def _csv_rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        text = read_bytes(path, "history file").decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise HistoryError(
            f"{path}: not UTF-8 text (byte {error.start}).", "Save the file as UTF-8."
        ) from error
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in lines:
            yield lines.line_num, cells
    except csv.Error as error:
        raise HistoryError(f"{path}, row {lines.line_num}: {error}.", "Mend the quotation marks.") from error


def _sheet_rows(path: Path) -> Iterable[tuple[int, list[object]]]:
    try:
        import openpyxl
    except ImportError as error:
        raise MissingExtraError(
            f"Reading {path} needs openpyxl, which is not installed.", "Run: pip install 'sxsim[io]'"
        ) from error
    content = io.BytesIO(read_bytes(path, "history file"))
    try:
        book = openpyxl.load_workbook(content, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise HistoryError(f"{path} is not an XLSX workbook: {error}.", "Save it as XLSX or CSV.") from error
    rows = book.worksheets[0].iter_rows(values_only=True)
    found = [(n, ["" if cell is None else cell for cell in cells]) for n, cells in enumerate(rows, start=1)]
    book.close()
    return found
