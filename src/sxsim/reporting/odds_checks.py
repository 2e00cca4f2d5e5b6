"""Whether it holds together: two routes, the plan's own arithmetic, and how it was made."""

from __future__ import annotations

from collections.abc import Sequence

import xarray as xr

from sxsim.plan import Finding, FindingCode, Severity
from sxsim.reporting import numbers
from sxsim.reporting.language import Language
from sxsim.reporting.layout import paragraph
from sxsim.reporting.reading import Row, scenario_name

_RIGHT = (
    FindingCode.GROWTH_CLOSES,
    FindingCode.BASE_AGREES,
    FindingCode.NESTED_FEASIBLE,
)
_GAPS = (FindingCode.INCOMPLETE, FindingCode.ASSUMED)


def agreement(tree: xr.DataTree, rows: Sequence[Row], lang: Language) -> list[str]:
    """Say how far the closed forms and the simulated futures lie apart, in standard errors."""
    words = lang.words
    distances = [
        (abs(chance.probability - chance.simulated) / chance.simulated_error, row.id, chance.scenario)
        for row in rows
        for chance in row.chances
        if chance.simulated_error > 0 and not chance.route.startswith(("monte-carlo", "observed"))
    ]
    if not distances:
        return [words.checks, *paragraph(words.no_agreement, indent=2)]
    worst, row, scenario = max(distances)
    sentence = words.agreement.format(
        draws=f"{int(tree.attrs['draws']):,}",
        count=len(distances),
        worst=f"{worst:.1f}",
        row=row,
        scenario=scenario_name(tree, scenario, lang),
    )
    return [words.checks, *paragraph(sentence, indent=2)]


def findings(tree: xr.DataTree) -> list[Finding]:
    """Return the findings of the audit as they were made, without their bare numbers."""
    data = tree["audit"].to_dataset()
    columns = ([str(text) for text in data[name].values] for name in ("row", "severity", "code", "sentence"))
    return [
        Finding(row=row, severity=Severity(severity), code=FindingCode(code), sentence=sentence)
        for row, severity, code, sentence in zip(*columns, strict=True)
    ]


def arithmetic(tree: xr.DataTree, lang: Language) -> list[str]:
    """Show the findings that matter, one of each sort in full, and count the rest."""
    words, found = lang.words, findings(tree)
    if not found:
        return [words.arithmetic, *paragraph(words.no_findings, indent=2)]
    lines = [words.arithmetic]
    shown = [f for f in found if f.severity is not Severity.NOTE or f.code not in (*_RIGHT, *_GAPS)]
    for code in dict.fromkeys(finding.code for finding in shown):
        first, *others = [finding for finding in shown if finding.code is code]
        lines += paragraph(_sentence(first, [finding.row for finding in others], lang), indent=2)
    counts = {code: sum(finding.code is code for finding in found) for code in FindingCode}
    tail = words.more_findings.format(
        right=sum(counts[code] for code in _RIGHT),
        incomplete=counts[FindingCode.INCOMPLETE],
        assumed=counts[FindingCode.ASSUMED],
    )
    return [*lines, *paragraph(tail, indent=2)]


def record(tree: xr.DataTree, lang: Language) -> str:
    """Return the line by which the result can be made again."""
    kept = tree.attrs
    return lang.words.record.format(
        version=kept["sxsim_version"],
        seed=kept["seed_entropy"],
        draws=f"{int(kept['draws']):,}",
        block=f"{int(kept['block_size']):,}",
        plan=kept["plan"],
        digest=str(kept["plan_digest"])[:12] or numbers.NOTHING,
    )


def _sentence(finding: Finding, others: Sequence[str], lang: Language) -> str:
    words = lang.words
    subject = finding.row
    if lang is not Language.EN:
        subject = f"{finding.row} {words.codes[finding.code.value]}"
    text = f"{subject}{words.colon}{finding.sentence}"
    return f"{text} {words.same_for.format(rows=', '.join(others))}" if others else text
