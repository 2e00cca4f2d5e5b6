"""What stands under the table: all together, sources of uncertainty, evidence, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence

import xarray as xr

from sxsim.labels import SCENARIO
from sxsim.processes import Rung
from sxsim.reporting import numbers
from sxsim.reporting.language import Language
from sxsim.reporting.layout import Column, natural, paragraph, rest, table
from sxsim.reporting.reading import Row, label_of, names, scenario_name, scenarios, text, unassessed

_INDENT = "  "


def joint_sets(tree: xr.DataTree, lang: Language) -> list[tuple[str, list[str], str]]:
    """Return label, rows and variable of every set of targets that is asked for together."""
    words, odds = lang.words, tree["attainment"].to_dataset()
    ids = names(odds.attrs["joint_targets"])
    found = [(words.whole_set, ids, "joint"), (words.revised_set, ids, "joint_revised")]
    if "headline_joint" in odds:
        top = names(odds.attrs["headline_joint_targets"])
        headline = [
            (words.headline_set, top, "headline_joint"),
            (words.revised_set, top, "headline_joint_revised"),
        ]
        found = headline if top == ids else [*headline, *found]
    return [one for one in found if len(one[1]) > 1 and one[2] in odds]


def together(tree: xr.DataTree, lang: Language, *, shown: int | None = None) -> list[str]:
    """Lay out the joint probability of the headline targets and of all, between what is possible at all."""
    words, odds, sets = lang.words, tree["attainment"].to_dataset(), joint_sets(tree, lang)
    if not sets:
        return []
    rows = [
        [
            *((label, ", ".join(ids)) if i == 0 else ("", "")),
            scenario_name(tree, s, lang),
            *_joint(odds.sel({SCENARIO: s}), name, lang),
        ]
        for label, ids, name in sets
        for i, s in enumerate(scenarios(tree)[:shown])
    ]
    headings = ("", words.target, words.scenario, words.all_hit, words.error, words.independent, words.bounds)
    return _block(words.together, _fitted(headings, rows, right=(3, 4, 5), flexible=1, limits={2: 16}), rows)


def split(tree: xr.DataTree, rows: Sequence[Row], lang: Language, *, shown: int | None = None) -> list[str]:
    """Lay out what the uncertainty of each probability is made of, under the first ``shown`` scenarios."""
    words, sign = lang.words, lang.words.percent_sign
    body = []
    for row in rows:
        for i, chance in enumerate(row.chances[:shown]):
            whole = chance.probability * (1.0 - chance.probability)
            parts = (chance.shock, chance.parameter, chance.model)
            shares = [numbers.share(part, whole, sign=sign) for part in parts]
            body.append([row.id if i == 0 else "", scenario_name(tree, chance.scenario, lang), *shares])
    headings = (words.row, words.scenario, words.shock, words.parameter, words.model)
    return _block(words.split, _fitted(headings, body, right=(2, 3, 4), flexible=1), body)


def basis(tree: xr.DataTree, rows: Sequence[Row], lang: Language) -> list[str]:
    """Say what each series that is asked for rests on, as the fit reports it, and which rows need it."""
    words, fitted = lang.words, tree["fit"].to_dataset()
    known = fitted["indicator"].values.tolist()
    asked = dict.fromkeys(name for row in rows for name in row.series)
    body = [
        [
            words.listed.join(row.id for row in rows if name in row.series),
            label_of(tree, name, lang),
            *(_evidence(fitted.sel(indicator=name), lang) if name in known else _computed(tree, name, rows)),
        ]
        for name in asked
    ]
    headings = (
        words.row,
        words.series,
        words.figures,
        words.growth,
        words.shock_size,
        words.own,
        words.rests_on,
    )
    columns = _fitted(headings, body, right=(3, 4), flexible=6, limits={0: 14, 1: 30})
    return [*_block(words.basis, columns, body), *paragraph(words.basis_note, indent=2)]


def left_out(tree: xr.DataTree, lang: Language) -> list[str]:
    """List the targets without a number, each with its reason, and name the aims."""
    words = lang.words
    body = [[name, label, lang.phrase(reason)] for name, label, reason in unassessed(tree, lang)]
    lines = []
    if body:
        headings = (words.row, words.target, words.reason)
        lines = _block(
            words.not_assessed, _fitted(headings, body, right=(), flexible=2, limits={1: 34}), body
        )
    kinds = tree["rows"].to_dataset()
    aims = [
        str(i) for i, kind in zip(kinds["row"].values, kinds["kind"].values, strict=True) if kind == "aim"
    ]
    if aims:
        lines += paragraph(words.aims.format(count=len(aims), rows=", ".join(aims)), indent=2)
    return lines


def _joint(odds: xr.Dataset, name: str, lang: Language) -> list[str]:
    words, sign = lang.words, lang.words.percent_sign
    error, route = float(odds[f"{name}_standard_error"]), str(odds[f"{name}_route"].item())
    visible, settled = (error if route.startswith("monte-carlo") else 0.0), route == "observed"
    bounds = [
        numbers.percent(float(odds[f"{name}_{end}"]), sign=sign, settled=True) for end in ("lower", "upper")
    ]
    return [
        numbers.percent(float(odds[name]), error=visible, sign=sign, settled=settled),
        numbers.error_text(error, none=words.no_error, sign=sign),
        numbers.percent(float(odds[f"{name}_independent"]), sign=sign, settled=settled),
        words.between_bounds.format(low=bounds[0], high=bounds[1]),
    ]


def _computed(tree: xr.DataTree, name: str, rows: Sequence[Row]) -> list[str]:
    """Say from what a series is computed that is not fitted, as far as the result tells."""
    told = (text(tree["attainment"].to_dataset(), "basis", row.id) for row in rows if row.series[0] == name)
    return [*[numbers.NOTHING] * 4, next(told, numbers.NOTHING)]


def _evidence(one: xr.Dataset, lang: Language) -> list[str]:
    words, sign = lang.words, lang.words.percent_sign
    points, first, last = (int(one[name]) for name in ("points", "first_year", "last_year"))
    own = "/".join(f"{100 * float(one[f'own_{part}_share']):.0f}" for part in ("drift", "variance"))
    rung, notes = str(one["basis"].item()), str(one["notes"].item())
    said = "" if rung == Rung.BRIDGED.value and notes else words.rungs.get(rung, rung)
    return [
        f"{points}{words.colon}{first}-{last}" if points > 1 else f"{points}{words.colon}{last}",
        numbers.growth(float(one["growth"]), sign=sign),
        f"{100 * float(one['sigma']):.1f}{sign}",
        f"{own}{sign}",
        words.semicolon.join(filter(None, [said, lang.phrase(notes)])),
    ]


def _block(title: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[str]:
    return [title, *(_INDENT + line if line else line for line in table(columns, rows))]


def _fitted(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: tuple[int, ...],
    flexible: int,
    limits: dict[int, int] | None = None,
) -> list[Column]:
    """Give every column what it needs, within limits, and the flexible one what is left."""
    columns = []
    for i, heading in enumerate(headings):
        width = natural([heading, *(row[i] for row in rows)])
        columns.append(
            Column(heading=heading, width=min(width, (limits or {}).get(i, width)), right=i in right)
        )
    others = [column for i, column in enumerate(columns) if i != flexible]
    free = max(rest(others) - len(_INDENT), 12)
    width = min(columns[flexible].width, free)
    columns[flexible] = Column(heading=headings[flexible], width=width)
    return columns
