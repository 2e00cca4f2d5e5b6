from __future__ import annotations

import sxsim as sx
from sxsim.plan import Finding, FindingCode, Severity
from sxsim.reporting import Language
from sxsim.reporting.layout import WIDTH, cells


def finding(row, severity, code=FindingCode.ASSUMED, sentence="Said."):
    return Finding(row=row, severity=severity, code=code, sentence=sentence)


def test_the_gravest_come_first():
    text = sx.render_audit(
        [finding("H1", Severity.NOTE), finding("H22", Severity.ERROR), finding("H3", Severity.WARNING)]
    )
    assert text == "Errors (1)\n  H22  Said.\n\nWarnings (1)\n  H3   Said.\n\nNotes (1)\n  H1   Said."


def test_nothing_found():
    assert sx.render_audit([]) == "Nothing to remark."
    assert sx.render_audit([], lang=Language.ZH) == "没有需要说明之处。"


def test_the_real_plan_fits_the_width_in_both_languages():
    found = sx.audit(sx.load_plan("shanxi-2014"))
    for lang in Language:
        text = sx.render_audit(found, lang=lang)
        assert max(map(cells, text.split("\n"))) <= WIDTH
    assert text.startswith("说明")
    assert "所写增速只在其舍入范围内达到目标" in text
