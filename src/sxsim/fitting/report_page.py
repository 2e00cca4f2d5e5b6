"""The fit report laid out: lines for a terminal, tables for a notebook, in the words a translator gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

import numpy as np
import xarray as xr

Translator = Callable[[str], str]

_CELL = "padding:.3em .7em;text-align:left;vertical-align:top;border-bottom:1px solid rgba(128,128,128,.35)"
_HEAD = ("indicator", "figures", "growth a year", "yearly shock", "kinds of growth", "effective cells",
         "own share: drift, spread", "one-step errors", "what to distrust", "rests on")  # fmt: skip
_BATCH = tuple("members" if heading == "one-step errors" else heading for heading in _HEAD)


def as_said(text: str) -> str:
    """Leave the English words."""
    return text


def as_text(
    data: xr.Dataset,
    batches: xr.Dataset,
    absent: Mapping[str, str],
    remarks: Sequence[str],
    say: Translator = as_said,
) -> str:
    """One line per indicator; what its errors show and what to distrust are set in under it."""
    lines: list[str] = []
    for name, one in _rows(data):
        lines.append(f"{name}: {say(_single_line(one))}")
        lines += [f"  {say(head)}: {say(one(key))}" for head, key in _UNDER if one(key)]
    for name, one in _rows(batches):
        lines.append(f"{name}: {say(_batch_line(one))}")
        lines += [f"  {say('what to distrust')}: {say(said)}" for said in [_counts(one, "doubt")] if said]
    lines += [f"{name}: {say('left out')}, {say(reason)}" for name, reason in absent.items()]
    return "\n".join([*lines, *map(say, remarks)])


def as_html(
    data: xr.Dataset,
    batches: xr.Dataset,
    absent: Mapping[str, str],
    remarks: Sequence[str],
    say: Translator = as_said,
) -> str:
    """Tables with everything escaped and no style sheet, so that any notebook shows them."""
    tables = (
        (_HEAD, [[name, *map(say, _single_cells(one))] for name, one in _rows(data)]),
        (_BATCH, [[name, *map(say, _batch_cells(one))] for name, one in _rows(batches)]),
        (("left out", "reason"), [[name, say(reason)] for name, reason in absent.items()]),
    )
    parts = [_table([say(heading) for heading in headings], rows) for headings, rows in tables if rows]
    return "<div>" + "".join([*parts, *(f"<p>{escape(say(remark))}</p>" for remark in remarks)]) + "</div>"


_UNDER = (("one-step errors", "residuals"), ("what to distrust", "distrust"))


class _Row:
    """One indicator of a data set, read by name."""

    def __init__(self, data: xr.Dataset) -> None:
        self.data = data

    def __call__(self, name: str) -> str:
        """Return a text."""
        return str(self.data[name].item()) if name in self.data else ""

    def number(self, name: str, quantile: float | None = None) -> float:
        """Return a number, or its quantile over the members."""
        column = self.data[name]
        return float(column if quantile is None else column.sel(quantile=quantile))

    def share(self, name: str, quantile: float | None = None) -> str:
        """Return a number in percent."""
        return f"{self.number(name, quantile):.0%}"

    def range(self, name: str, form: str) -> str:
        """Return the median over the members, and the central four fifths."""
        low, middle, high = (format(self.number(name, q), form) for q in (0.1, 0.5, 0.9))
        return f"{middle} ({low} to {high})"


def _rows(data: xr.Dataset) -> list[tuple[str, _Row]]:
    names = data["indicator"].to_numpy().tolist() if "indicator" in data else []
    return [(str(name), _Row(data.sel(indicator=name))) for name in names]


def _years(one: _Row) -> str:
    points, first, last = (int(one.number(name)) for name in ("points", "first_year", "last_year"))
    return f"{points} figure {last}" if points == 1 else f"{points} figures {first}-{last}"


def _single_line(one: _Row) -> str:
    said = (
        f"{_years(one)}, growth {one.number('growth'):+.1%} a year, yearly shock {one.number('sigma'):.1%}, "
        f"own share of the drift {one.share('own_drift_share')} and of the variance "
        f"{one.share('own_variance_share')}"
    )
    return "; ".join(filter(None, (said, one("basis"), one("notes"))))


def _single_cells(one: _Row) -> list[str]:
    notes = [note for note in one("notes").split("; ") if not note.startswith("grows as")]
    return [
        _years(one),
        f"{one.number('growth'):+.1%}",
        f"{one.number('sigma'):.1%}",
        one("shapes").replace(", ", "; "),
        f"{one.number('effective_cells'):.0f}",
        f"{one.share('own_drift_share')}, {one.share('own_variance_share')}",
        one("residuals"),
        one("distrust"),
        "; ".join(filter(None, (one("basis"), *notes))),
    ]


def _batch_line(one: _Row) -> str:
    pieces = (
        _members(one),
        f"figures {one.range('points', '.0f')}",
        f"growth {one.range('growth', '+.1%')} a year",
        f"yearly shock {one.range('sigma', '.1%')}",
        f"own share of the drift {one.range('own_drift_share', '.0%')}",
        f"own share of the variance {one.range('own_variance_share', '.0%')}",
        f"grows as {one('shapes')}",
        f"effective cells {one.range('effective_cells', '.0f')}",
        _counts(one, "rung"),
        one("notes"),
    )
    return "; ".join(filter(None, pieces))


def _batch_cells(one: _Row) -> list[str]:
    return [
        one.range("points", ".0f"),
        one.range("growth", "+.1%"),
        one.range("sigma", ".1%"),
        one("shapes").replace(", ", "; "),
        one.range("effective_cells", ".0f"),
        f"{one.range('own_drift_share', '.0%')}; {one.range('own_variance_share', '.0%')}",
        _members(one),
        _counts(one, "doubt"),
        "; ".join(filter(None, (_counts(one, "rung"), one("notes")))),
    ]


def _members(one: _Row) -> str:
    unseen = int(one.number("unseen"))
    text = f"{one.number('members'):.0f} members"
    return f"{text}; without any figure: {unseen}" if unseen else text


def _counts(one: _Row, dim: str) -> str:
    """How many members stand at each rung, or have each doubt; none are left out."""
    column = one.data["at_rung" if dim == "rung" else "in_doubt"]
    pairs = zip(column[dim].to_numpy().tolist(), column.to_numpy().astype(np.int64).tolist(), strict=True)
    return "; ".join(f"{count} x {name}" for name, count in pairs if count)


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f'<th style="{_CELL}">{escape(heading)}</th>' for heading in headings)
    body = "".join(
        "<tr>" + "".join(f'<td style="{_CELL}">{_lines(cell)}</td>' for cell in row) + "</tr>" for row in rows
    )
    start = '<table style="border-collapse:collapse;font-size:90%">'
    return f"{start}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _lines(text: str) -> str:
    """Pieces between semicolons stand on lines of their own."""
    pieces = text.replace("；", "; ").split("; ")
    return "".join(f'<div style="margin-bottom:.3em">{escape(piece)}</div>' for piece in pieces)
