"""Observed figures from a table: read, checked, and refused with the row, the figure and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sxsim.errors import HistoryError, nearest
from sxsim.io.history_rows import Cells, read_cells
from sxsim.plan import Indicator, Kind, Observation, bounds


class Figure(NamedTuple):
    """An observation and where it was found."""

    where: str
    observation: Observation


def read_history(
    path: str | Path, *, indicators: Sequence[Indicator] | None = None
) -> tuple[Observation, ...]:
    r"""Read observed figures from a CSV or XLSX file.

    The columns are `indicator`, `year`, `value`, `source` and, if wanted, `note` and `sd`, the standard error
    of the figure; one row per figure, UTF-8.
    An XLSX file is read from its first sheet and needs the extra `io`.

    Parameters
    ----------
    path
        The file.
    indicators
        The indicators the figures may belong to. With None any name is accepted, and values are only
        checked to be finite.

    Returns
    -------
    tuple of Observation
        In the order of the file, values in each indicator's own units.

    Raises
    ------
    HistoryError
        If a row cannot be used: text for a number, a year that is not whole, a figure given twice, an unknown
        indicator, a value outside the indicator's bounds; or the file is empty or lacks a column.
    MissingFileError
        If there is no such file.
    MissingExtraError
        If openpyxl is needed and not installed.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "history.csv").write_text("indicator,year,value,source\nrd,2012,1.09,yearbook\n")
    >>> read_history(folder / "history.csv")[0].value
    1.09
    """
    return checked(read_figures(Path(path)), indicators)


def read_figures(path: Path) -> list[Figure]:
    """Every row of a file as a figure that knows where it stands."""
    figures = [_figure(cells) for cells in read_cells(path)]
    if not figures:
        raise HistoryError(f"{path} has columns but no figures.", "Add one row per figure.")
    return figures


def checked(figures: Iterable[Figure], indicators: Sequence[Indicator] | None) -> tuple[Observation, ...]:
    """Return the observations if no figure stands twice and each is possible for its indicator."""
    known = None if indicators is None else {one.id: one for one in indicators}
    seen: dict[tuple[str, int], str] = {}
    observations = []
    for where, one in figures:
        if known is not None:
            _check_value(where, one, known)
        key = (one.indicator, one.year)
        if key in seen:
            raise HistoryError(
                f"{where}: {one.indicator} in {one.year} (value {one.value!r}) stands twice, "
                f"first in {seen[key]}.",
                "Keep one figure; put the other under an indicator of its own with role = 'vintage'.",
            )
        seen[key] = where
        observations.append(one)
    return tuple(observations)


def _figure(cells: Cells) -> Figure:
    text = {key: str(value).strip() for key, value in cells.values.items()}
    if not text["indicator"]:
        raise HistoryError(
            f"{cells.where}: the indicator is empty.", "Name the indicator the figure belongs to."
        )
    year = _year(f"{cells.where}, {text['indicator']}", cells.values["year"])
    where = f"{cells.where}, {text['indicator']} in {year}"
    value = _value(where, cells.values["value"])
    try:
        made = Observation(
            indicator=text["indicator"],
            year=year,
            value=value,
            source=text["source"],
            note=text.get("note", ""),
            sd=_value(f"{where}, sd", text["sd"]) if text.get("sd") else None,
        )
    except HistoryError as error:
        raise HistoryError(f"{cells.where}: {error.text}", error.hint) from error
    return Figure(cells.where, made)


def _year(where: str, cell: object) -> int:
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
    if not text.isdecimal() or not text.isascii():
        raise HistoryError(
            f"{where}: year = {cell!r} is not a whole year.", "Write it in digits only, as in 2012."
        )
    return int(text)


def _value(where: str, cell: object) -> float:
    text = str(cell).strip()
    if not text:
        raise HistoryError(
            f"{where}: the value is empty.", "Leave the whole row out where there is no figure."
        )
    try:
        return float(text if "_" not in text else "text")
    except ValueError:
        raise HistoryError(
            f"{where}: value = {cell!r} is not a number.",
            "Write digits and a decimal point only; units belong to the indicator, remarks into the note.",
        ) from None


def _check_value(where: str, one: Observation, known: Mapping[str, Indicator]) -> None:
    if one.indicator not in known:
        raise HistoryError(
            f"{where}: {one.indicator!r} (year {one.year}, value {one.value!r}) "
            "is not an indicator of the plan.",
            nearest(one.indicator, known) if known else "The plan defines no indicator.",
        )
    indicator = known[one.indicator]
    low, high = bounds(indicator)
    if low <= one.value <= high:
        return
    figure = f"{where}: {one.indicator} in {one.year}: value = {one.value!r}"
    if indicator.kind is Kind.SHARE:
        raise HistoryError(
            f"{figure} lies outside the bounds of the share, {low:g} to {high:g}.",
            "Shares run from 0 to 100 when units start with '%', else from 0 to 1; lower and upper override.",
        )
    raise HistoryError(
        f"{figure} is negative, which kind = {indicator.kind.value!r} cannot be.",
        "Mend the figure, or use kind = 'balance' for a quantity that may be negative.",
    )
