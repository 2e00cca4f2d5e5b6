from __future__ import annotations

import sxsim as sx


def test_every_bundled_plan_is_listed_with_its_titles(sxsim):
    status, out, _ = sxsim("plans")
    assert status == 0
    assert [line.split()[0] for line in out.split("\n") if line[:1].strip()] == list(sx.plans())
    assert "国家创新驱动发展战略山西行动计划" in out
