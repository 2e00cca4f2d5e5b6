"""Many scenarios at a glance: targets down, scenarios across."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import xarray as xr

from sxsim.labels import SCENARIO
from sxsim.plan import REVISED
from sxsim.reporting import numbers
from sxsim.reporting.language import Language
from sxsim.reporting.layout import WIDTH, Column, cells, natural, paragraph, table
from sxsim.reporting.odds_sections import joint_sets
from sxsim.reporting.reading import Chance, Row, scenario_name, scenarios

FEW = 3  # up to here every scenario has a line of its own under each target
_INDENT = "  "
_LABEL = 20
_LARGE_ERROR = 0.0025
_DIGITS = 3
_REVISED_JOINT = "_revised"


def many(tree: xr.DataTree) -> bool:
    """Whether there are more scenarios than fit under each target."""
    return len(scenarios(tree)) > FEW


def probabilities(tree: xr.DataTree, rows: Sequence[Row], lang: Language) -> list[str]:
    """Lay out the probability of each target, and of all together, under every scenario.

    What is revised stands under its original, and shows numbers where they are others.
    """
    words, told = lang.words, {row.id: row for row in rows}
    shown = {row.id: [_chance(one, lang) for one in row.chances] for row in rows}
    joints = {name: _together(tree, name, lang) for _, _, name in joint_sets(tree, lang)}
    body = [
        [*_named(told[name], lang), *_differing(texts, shown.get(name.removesuffix(REVISED)), name)]
        for name, texts in sorted(shown.items(), key=lambda one: _place(one[0], list(shown)))
    ]
    body += [
        [
            "",
            words.all_of.format(label=label, rows=words.listed.join(ids)),
            *_differing(joints[name], joints.get(name.removesuffix(_REVISED_JOINT)), name),
        ]
        for label, ids, name in joint_sets(tree, lang)
    ]
    lines = _blocks(words.matrix, scenarios(tree), body, tree, lang)
    return [*lines, *paragraph(_note(tree, rows, list(joints), lang), indent=2)]


def _place(name: str, order: Sequence[str]) -> tuple[int, bool]:
    """Return where a row stands: a revised one right after its original."""
    original = name.removesuffix(REVISED)
    return order.index(original if original in order else name), name != original


def _differing(texts: Sequence[str], original: Sequence[str] | None, name: str) -> list[str]:
    """Write what is revised only where it differs from its original."""
    if original is None or not name.endswith((REVISED, _REVISED_JOINT)):
        return list(texts)
    return ["=" if text == other else text for text, other in zip(texts, original, strict=True)]


def _together(tree: xr.DataTree, name: str, lang: Language) -> list[str]:
    odds = tree["attainment"].to_dataset()
    found = [odds.sel({SCENARIO: scenario}) for scenario in scenarios(tree)]
    return [
        _percent(
            float(one[name]),
            float(one[f"{name}_standard_error"]),
            lang,
            settled=str(one[f"{name}_route"].item()) == "observed",
        )
        for one in found
    ]


def _note(tree: xr.DataTree, rows: Sequence[Row], joints: Sequence[str], lang: Language) -> str:
    """Say how large numerical errors are, and what an equals sign means where there is one."""
    words, odds = lang.words, tree["attainment"].to_dataset()
    errors = [one.error for row in rows for one in row.chances]
    errors += [error for name in joints for error in odds[f"{name}_standard_error"].values.tolist()]
    known = [error for error in errors if math.isfinite(error)]
    small = [error for error in known if error < _LARGE_ERROR]
    largest = numbers.error_text(max(small, default=0.0), none=words.no_error, sign=words.percent_sign)
    note = words.matrix_errors.format(error=largest)
    if len(small) < len(known):
        note += words.matrix_large_errors
    return note + (words.matrix_same if any(row.id.endswith(REVISED) for row in rows) else "")


def medians(tree: xr.DataTree, rows: Sequence[Row], lang: Language) -> list[str]:
    """Lay out the median in the year asked for under every scenario, as far as counting tells it."""
    body = [
        _named(row, lang) + [numbers.significant(one.median, _DIGITS) for one in row.chances]
        for row in rows
        if any(math.isfinite(one.median) for one in row.chances) and not row.id.endswith(REVISED)
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
