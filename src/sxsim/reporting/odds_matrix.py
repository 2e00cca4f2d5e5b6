"""Many scenarios at a glance: targets down, scenarios across."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import xarray as xr

from sxsim.labels import SCENARIO
from sxsim.reporting import numbers
from sxsim.reporting.language import Language
from sxsim.reporting.layout import WIDTH, Column, cells, natural, paragraph, table
from sxsim.reporting.odds_sections import joint_sets
from sxsim.reporting.reading import Chance, Row, scenario_name, scenarios

FEW = 3  # up to here every scenario has a line of its own under each target
_INDENT = "  "
_LABEL = 20
_LARGE_ERROR = 0.0025


def many(tree: xr.DataTree) -> bool:
    """Whether there are more scenarios than fit under each target."""
    return len(scenarios(tree)) > FEW


def probabilities(tree: xr.DataTree, rows: Sequence[Row], lang: Language) -> list[str]:
    """Lay out the probability of each target, and of all together, under every scenario."""
    words, odds = lang.words, tree["attainment"].to_dataset()
    body = [_named(row, lang) + [_chance(one, lang) for one in row.chances] for row in rows]
    errors = [one.error for row in rows for one in row.chances if math.isfinite(one.error)]
    for label, ids, name in joint_sets(tree, lang):
        found = [odds.sel({SCENARIO: scenario}) for scenario in scenarios(tree)]
        texts = [_percent(float(o[name]), float(o[f"{name}_standard_error"]), lang) for o in found]
        errors += [float(one[f"{name}_standard_error"]) for one in found]
        body.append(["", words.all_of.format(label=label, rows=words.listed.join(ids)), *texts])
    small = [error for error in errors if error < _LARGE_ERROR]
    largest = numbers.error_text(max(small, default=0.0), none=words.no_error, sign=words.percent_sign)
    note = words.matrix_errors.format(error=largest)
    if len(small) < len(errors):
        note += words.matrix_large_errors
    lines = _blocks(words.matrix, scenarios(tree), body, tree, lang)
    return [*lines, *paragraph(note, indent=2)]


def medians(tree: xr.DataTree, rows: Sequence[Row], lang: Language) -> list[str]:
    """Lay out the median in the year asked for under every scenario."""
    body = [
        _named(row, lang) + [numbers.significant(one.median) for one in row.chances]
        for row in rows
        if any(math.isfinite(one.median) for one in row.chances)
    ]
    return _blocks(lang.words.matrix_medians, scenarios(tree), body, tree, lang) if body else []


def _named(row: Row, lang: Language) -> list[str]:
    return [row.id, lang.choose(row.label, row.label_zh)]


def _chance(chance: Chance, lang: Language) -> str:
    return _percent(chance.probability, chance.error, lang, settled=chance.route == "observed")


def _percent(probability: float, error: float, lang: Language, *, settled: bool = False) -> str:
    """Write a probability; below it its error, where that is large."""
    sign = lang.words.percent_sign
    text = numbers.percent(probability, error=error, sign=sign, settled=settled)
    if math.isfinite(error) and error >= _LARGE_ERROR:
        text += f"\n± {numbers.significant(100 * error, 2)}"
    return text


def _blocks(
    title: str, ids: Sequence[str], body: Sequence[Sequence[str]], tree: xr.DataTree, lang: Language
) -> list[str]:
    """Lay a matrix out, in several blocks where its columns do not fit beside each other."""
    names = [_heading(scenario_name(tree, name, lang)) for name in ids]
    widths = [
        max(natural([row[i + 2] for row in body]), natural(name.split())) for i, name in enumerate(names)
    ]
    first = max(natural([row[0] for row in body]), cells(lang.words.row))
    lines = [title]
    for block in _fitting(widths, WIDTH - len(_INDENT) - first - _LABEL - 4):
        used = sum(widths[i] + 2 for i in block)
        label = min(WIDTH - len(_INDENT) - first - 4 - used, max(natural([row[1] for row in body]), _LABEL))
        columns = [
            Column(heading=lang.words.row, width=first),
            Column(heading=lang.words.target, width=label),
            *(Column(heading=names[i], width=widths[i], right=True) for i in block),
        ]
        chosen = [[*row[:2], *(row[i + 2] for i in block)] for row in body]
        lines += [_INDENT + line if line else line for line in table(columns, chosen)]
    return lines


def _fitting(widths: Sequence[int], room: int) -> Iterator[list[int]]:
    """Cut columns into blocks that fit, as even as they can be."""
    count = next(n for n in range(1, len(widths) + 1) if n == len(widths) or _fit(widths, n, room))
    size = -(-len(widths) // count)
    for start in range(0, len(widths), size):
        yield list(range(start, min(start + size, len(widths))))


def _fit(widths: Sequence[int], blocks: int, room: int) -> bool:
    size = -(-len(widths) // blocks)
    return all(sum(w + 2 for w in widths[i : i + size]) <= room for i in range(0, len(widths), size))


def _heading(name: str) -> str:
    """Break a Chinese name in its middle; others are broken at their spaces."""
    half = -(-len(name) // 2)
    return name if name.isascii() or len(name) <= 3 else f"{name[:half]}\n{name[half:]}"
