"""Text in columns that line up, Chinese characters (two cells wide) included."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 120
_GAP = "  "
_NEVER_FIRST = "*，。；：、）”！？》,.;:)!?%"


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column: its heading, its width in cells, and which side its text leans to."""

    heading: str
    width: int
    right: bool = False


def cells(text: str) -> int:
    """Count the cells a text takes in a terminal.

    Examples
    --------
    >>> cells("R&D"), cells("研发")
    (3, 4)
    """
    return sum(_cell(character) for character in text)


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of at most ``width`` cells: at spaces, and between Chinese characters.

    Examples
    --------
    >>> wrap("one two three", 8)
    ['one two', 'three']
    >>> wrap("研发经费投入强度", 10)
    ['研发经费投', '入强度']
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for piece in _pieces(paragraph):
            if line and cells(line) + cells(piece.rstrip()) > width:
                lines.append(line.rstrip())
                line = ""
            line += piece if line else piece.lstrip()
            while cells(line.rstrip()) > width:
                head = _head(line, width)
                lines.append(head)
                line = line[len(head) :]
        lines.append(line.rstrip())
    return lines


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], *, heading: bool = True) -> list[str]:
    """Lay rows out under their columns; a cell may hold several lines, and long lines are broken."""
    lines = []
    if heading:
        lines += _row(columns, [column.heading for column in columns])
    for row in rows:
        lines += _row(columns, row)
    return lines


def natural(texts: Sequence[str]) -> int:
    """Return the cells the widest line of several texts takes."""
    return max((cells(line) for text in texts for line in text.split("\n")), default=0)


def rest(columns: Sequence[Column]) -> int:
    """Return the cells left in a line beside these columns."""
    return WIDTH - sum(column.width + len(_GAP) for column in columns)


def paragraph(text: str, *, first: str = "", indent: int = 0) -> list[str]:
    """Break a text over the whole width, with a mark before the first line and the rest set in under it."""
    mark = " " * indent + first
    lines = wrap(text, WIDTH - cells(mark))
    return [mark + lines[0], *(" " * cells(mark) + line for line in lines[1:])]


def _row(columns: Sequence[Column], row: Sequence[str]) -> list[str]:
    wrapped = [wrap(text, column.width) for column, text in zip(columns, row, strict=True)]
    height = max(len(lines) for lines in wrapped)
    return [
        _GAP.join(
            _pad(lines[i] if i < len(lines) else "", column)
            for column, lines in zip(columns, wrapped, strict=True)
        ).rstrip()
        for i in range(height)
    ]


def _pad(text: str, column: Column) -> str:
    space = " " * (column.width - cells(text))
    return space + text if column.right else text + space


def _cell(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _pieces(text: str) -> list[str]:
    """Cut a text where a line may end: after a space, and around wide characters."""
    pieces: list[str] = []
    for character in text:
        wide = _cell(character) == 2
        before = pieces[-1][-1] if pieces else ""
        opens = before in ("（", "“", "《")
        ends = not pieces or before == " " or wide or _cell(before) == 2
        if ends and not opens and character != " " and character not in _NEVER_FIRST:
            pieces.append(character)
        elif pieces:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _head(text: str, width: int) -> str:
    """Return as much of a text without any place to break as fits."""
    head = ""
    for character in text:
        if head and cells(head + character) > width:
            break
        head += character
    return head
