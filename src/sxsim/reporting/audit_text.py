"""Findings of an audit as text, the gravest first."""

from __future__ import annotations

from collections.abc import Sequence

from sxsim.plan import Finding, Severity
from sxsim.reporting.language import Language
from sxsim.reporting.layout import cells, paragraph

_GRAVEST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


def render_audit(findings: Sequence[Finding], *, lang: Language = Language.EN) -> str:
    """Write findings grouped by severity, in the order of the plan within a group.

    Parameters
    ----------
    findings
        From :func:`sxsim.audit`.
    lang
        Language of the labels; the sentences themselves are English.

    Returns
    -------
    str
        Lines without a final line break.

    Examples
    --------
    >>> from sxsim.plan import FindingCode
    >>> found = Finding(row="H1", severity=Severity.NOTE, code=FindingCode.ASSUMED, sentence="2020 is taken.")
    >>> print(render_audit([found]))
    Notes (1)
      H1  2020 is taken.
    """
    if not findings:
        return lang.words.no_findings
    width = max(cells(finding.row) for finding in findings)
    groups = [(s, [f for f in findings if f.severity is s]) for s in _GRAVEST_FIRST]
    blocks = []
    for severity, members in groups:
        if members:
            lines = [f"{lang.words.severities[severity.value]} ({len(members)})"]
            for finding in members:
                lines += paragraph(_said(finding, lang), first=finding.row.ljust(width) + "  ", indent=2)
            blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def _said(finding: Finding, lang: Language) -> str:
    if lang is Language.EN:
        return finding.sentence
    return f"{lang.words.codes[finding.code.value]}{lang.words.colon}{finding.sentence}"
