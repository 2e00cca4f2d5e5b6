"""A bundled panel as labelled data."""

from __future__ import annotations

import csv
import io
import math
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from sxsim import labels
from sxsim.errors import HistoryError

PROVINCE = "province"
PROVINCE_ZH = "province_zh"
_OPTIONAL = (labels.DEFINITION, labels.LOWER, labels.UPPER)
_COLUMNS = (PROVINCE, PROVINCE_ZH, labels.YEAR, "value", "quality", labels.SOURCE, "note")


class _Row(NamedTuple):
    """One figure of a panel."""

    province: str
    province_zh: str
    year: int
    value: float
    source: str


def read_panel(table: Path, description: Path) -> xr.Dataset:
    """Read a panel from its table (CSV) and its description (TOML).

    Parameters
    ----------
    table
        Columns province, province_zh, year, value, quality, source, note; one row per figure.
    description
        Keys `title`, `units`, and if wanted `title_zh`, `definition`, `breaks`, `lower`, `upper`; `variable`,
        `kind`, `role` and `source` where they differ from the defaults (the file's name, a share, an
        indicator, the sources of the rows).

    Returns
    -------
    xarray.Dataset
        One variable with dimensions `(province, year)`; provinces in alphabetical order, years consecutive.

    Raises
    ------
    HistoryError
        If a column is missing, a number cannot be read, or a figure stands twice.
    """
    about = tomllib.loads(description.read_text(encoding="utf-8"))
    rows = _rows(table)
    provinces = sorted({row.province for row in rows})
    years = np.arange(min(row.year for row in rows), max(row.year for row in rows) + 1)
    names_zh = {row.province: row.province_zh for row in rows}
    values = _grid(table, rows, provinces, years)
    variable = about.get("variable", table.stem.replace("-", "_"))
    return xr.Dataset(
        {variable: ((PROVINCE, labels.YEAR), values, _attributes(about, rows))},
        coords={
            PROVINCE: provinces,
            labels.YEAR: years,
            PROVINCE_ZH: (PROVINCE, [names_zh[one] for one in provinces]),
        },
    )


def _rows(table: Path) -> list[_Row]:
    lines = csv.DictReader(io.StringIO(table.read_text(encoding="utf-8-sig")))
    for name in _COLUMNS:
        if name not in (lines.fieldnames or ()):
            raise HistoryError(
                f"{table}: the column {name!r} is missing.", f"Columns are {','.join(_COLUMNS)}."
            )
    rows = [_row(f"{table}, row {lines.line_num}", cells) for cells in lines]
    if not rows:
        raise HistoryError(f"{table} has columns but no figures.", "Add one row per figure.")
    return rows


def _row(where: str, cells: Mapping[str, str]) -> _Row:
    try:
        year, value = int(cells[labels.YEAR]), float(cells["value"])
    except (TypeError, ValueError) as error:
        raise HistoryError(
            f"{where}: year or value is not a number: {error}.", "Write digits only."
        ) from error
    if not math.isfinite(value):
        raise HistoryError(f"{where}: value = {value!r} is not a finite number.", "Leave the row out.")
    return _Row(cells[PROVINCE], cells[PROVINCE_ZH], year, value, cells[labels.SOURCE])


def _grid(table: Path, rows: Sequence[_Row], provinces: Sequence[str], years: np.ndarray) -> np.ndarray:
    place = {name: number for number, name in enumerate(provinces)}
    values = np.full((len(provinces), len(years)), np.nan)
    for row in rows:
        at = place[row.province], row.year - int(years[0])
        if not np.isnan(values[at]):
            raise HistoryError(
                f"{table}: {row.province} in {row.year} (value {row.value!r}) stands twice.",
                "Keep one figure.",
            )
        values[at] = row.value
    return values


def _attributes(about: Mapping[str, Any], rows: Sequence[_Row]) -> dict[str, str | float]:
    sources = "; ".join(dict.fromkeys(row.source for row in rows))
    optional = {name: about[name] for name in _OPTIONAL if name in about}
    if labels.BREAKS in about:
        optional[labels.BREAKS] = "; ".join(about[labels.BREAKS])
    return optional | {
        labels.UNITS: about.get(labels.UNITS, ""),
        labels.LONG_NAME: about.get("title", ""),
        labels.LONG_NAME_ZH: about.get("title_zh", ""),
        labels.SOURCE: about.get(labels.SOURCE, sources),
        labels.KIND: about.get(labels.KIND, "share"),
        labels.ROLE: about.get(labels.ROLE, "indicator"),
    }
