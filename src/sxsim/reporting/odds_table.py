"""The main table: a block per target, a line per scenario."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import xarray as xr

from sxsim.reporting import numbers
from sxsim.reporting.goals import goal, measured
from sxsim.reporting.language import Language
from sxsim.reporting.layout import WIDTH, Column, natural, paragraph, rest, table, wrap
from sxsim.reporting.reading import (
    Chance,
    Row,
    assumed_of,
    bridge_of,
    label_of,
    last_figure,
    scenario_name,
)

_SHORTEST_LABEL = 24
_MOST = {2: 16, 5: 14}  # cells of the name of a scenario, and of a route


def main_table(
    tree: xr.DataTree, rows: Sequence[Row], lang: Language, *, shown: int | None = None
) -> list[str]:
    """Lay out headline and secondary targets, then what the starred ones assume.

    The first ``shown`` scenarios have a line each; None shows all.
    """
    words = lang.words
    notes = {row.id: assumptions(tree, row, lang) for row in rows}
    stars = {row.id: f" *{n}" for n, row in enumerate((r for r in rows if notes[r.id]), start=1)}
    named = {row.id: lang.choose(row.label, row.label_zh) + stars.get(row.id, "") for row in rows}
    told = {row.id: [_chance(tree, chance, lang) for chance in row.chances[:shown]] for row in rows}
    columns = _columns([(row.id, named[row.id], *line) for row in rows for line in told[row.id]], lang)
    cells = {row.id: [row.id, named[row.id], *_level(told[row.id], columns[2:])] for row in rows}
    lines = [*table(columns, []), "-" * WIDTH]
    for headline, heading in ((True, words.headline), (False, words.secondary)):
        group = [row for row in rows if row.headline is headline]
        lines += [heading] if group else []
        for row in group:
            lines += table(columns, [cells[row.id]], heading=False)
            lines += [*paragraph(about(tree, row, lang), indent=columns[0].width + 2), ""]
    if stars:
        lines.append(words.assumptions)
        for row in (row for row in rows if row.id in stars):
            mark = f"{stars[row.id].strip()} "
            lines += paragraph(f"{row.id}{words.colon}{notes[row.id]}", first=mark, indent=2)
    return lines


def assumptions(tree: xr.DataTree, row: Row, lang: Language) -> str:
    """Say what a row assumes: a proxy, borrowed growth, how figures were read, what the author assumed."""
    words = lang.words
    found = [words.proxy.format(row=row.proxy_for)] if row.proxy_for else []
    for name in row.series:
        if bridge := bridge_of(tree, name):
            source, spread = bridge
            found.append(words.bridge.format(source=label_of(tree, source, lang), spread=f"{spread:.3g}"))
        if assumed := assumed_of(tree, name):
            found.append(words.semicolon.join(map(lang.phrase, assumed)))
    return " ".join([*found, lang.phrase(row.assumption)]).strip()


def about(tree: xr.DataTree, row: Row, lang: Language) -> str:
    """Say what is asked for, which growth that needs, and what really happened."""
    words = lang.words
    said = [goal(tree, row, lang)] if row.series else []
    if row.series and math.isfinite(row.required_growth):
        year, value = last_figure(tree, row.series[0])
        rate = numbers.growth(row.required_growth, sign=words.percent_sign)
        said.append(words.needs.format(growth=rate, value=numbers.published(value), year=year))
    return words.semicolon.join([*said, words.really.format(outcome=outcome(row, lang))])


def outcome(row: Row, lang: Language) -> str:
    """Say what really happened, as far as it is known."""
    words = lang.words
    verdict = words.verdicts[row.outcome]
    shown = []
    if math.isfinite(row.outcome_value):
        shown.append(measured(numbers.published(row.outcome_value), row.unit, lang))
    if row.outcome_note and row.outcome != "unknown":
        shown.append(lang.phrase(row.outcome_note))
    if row.outcome_note and row.outcome == "unknown" and not shown:
        verdict = words.aside.format(text=verdict, aside=_nearest(row.outcome_note, lang))
    return words.comma.join([*shown, verdict])


def _nearest(note: str, lang: Language) -> str:
    """Write the nearest known figure; other remarks stay what they are."""
    if found := re.fullmatch(r"(\S+) in (\d+)", note):
        return lang.words.nearest.format(value=numbers.published(float(found[1])), year=found[2])
    return lang.phrase(note)


def _level(lines: Sequence[Sequence[str]], columns: Sequence[Column]) -> list[str]:
    """Put what is said of each scenario side by side, as high as the longest piece of it."""
    stacks: list[list[str]] = [[] for _ in columns]
    for line in lines:
        pieces = [wrap(text, column.width) for text, column in zip(line, columns, strict=True)]
        height = max(map(len, pieces))
        for stack, piece in zip(stacks, pieces, strict=True):
            stack += [*piece, *[""] * (height - len(piece))]
    return ["\n".join(stack) for stack in stacks]


def _chance(tree: xr.DataTree, chance: Chance, lang: Language) -> tuple[str, ...]:
    words, sign = lang.words, lang.words.percent_sign
    settled = chance.route == "observed"
    error = chance.error if chance.route.startswith("monte-carlo") else 0.0
    return (
        scenario_name(tree, chance.scenario, lang),
        numbers.percent(chance.probability, error=error, sign=sign, settled=settled),
        numbers.error_text(chance.error, none=words.no_error, sign=sign),
        words.routes.get(chance.route, chance.route),
        _range(chance, lang),
    )


def _range(chance: Chance, lang: Language) -> str:
    """Write median and 90 % range; what has been decided already has none."""
    if not math.isfinite(chance.median):
        return numbers.NOTHING
    middle, low, high = (numbers.significant(value) for value in (chance.median, chance.low, chance.high))
    return lang.words.between.format(middle=middle, low=low, high=high)


def _columns(rows: Sequence[Sequence[str]], lang: Language) -> list[Column]:
    """Give every column the width it needs and the target what is left."""
    words = lang.words
    headings = (words.row, "", words.scenario, words.probability, words.error, words.route, words.spread)
    needed = [natural([row[i] for row in rows]) for i in range(len(headings))]
    columns = [
        Column(
            heading=heading,
            width=max(min(width, _MOST.get(i, width)), _narrowest(heading, i)),
            right=i in (3, 4),
        )
        for i, (heading, width) in enumerate(zip(headings, needed, strict=True))
    ]
    others = [column for i, column in enumerate(columns) if i != 1]
    columns[1] = Column(heading=words.target, width=max(rest(others), _SHORTEST_LABEL))
    return columns


def _narrowest(heading: str, column: int) -> int:
    """Return the width a heading asks for; the last one may be broken into two lines."""
    return natural([heading]) if column < 6 else 12
