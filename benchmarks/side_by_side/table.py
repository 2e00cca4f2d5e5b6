"""The page: tables in Markdown, and where they stand in a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from side_by_side.contender import Contender
from side_by_side.line import Figure

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def figures_table(figures: Iterable[Figure]) -> str:
    """One row per figure."""
    rows = ["| line | figure | quartiles | what is compared |", "|---|---:|---|---|"]
    for figure in figures:
        spread = " – ".join(map(rounded, figure.spread)) if figure.spread else ""
        rows.append(f"| `{figure.key}` | {rounded(figure.value)} | {spread} | {figure.what} |")
    return "\n".join(rows)


def contenders_table(contenders: Iterable[Contender], seconds: Mapping[str, NDArray[np.float64]]) -> str:
    """One row per contender, with the median time of a draw."""
    rows = ["| contender | ns a draw | draws | what it is |", "|---|---:|---:|---|"]
    for one in contenders:
        time = rounded(1e9 * float(np.median(seconds[one.name])))
        rows.append(f"| {one.name} | {time} | {one.draws:,} | {one.what} |")
    return "\n".join(rows)


def rounded(value: float) -> str:
    """Three figures, no exponent."""
    digits = max(0, 2 - int(np.floor(np.log10(abs(value))))) if value else 0
    return f"{value:,.{digits}f}"


def put_between_marks(page: Path, text: str) -> None:
    """Replace what stands between the two marks of a page."""
    now = page.read_text(encoding="utf-8")
    before, begin, rest = now.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{page} lacks the marks {BEGIN} and {END}: put them where the tables belong.")
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
