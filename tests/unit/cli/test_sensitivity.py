from __future__ import annotations

import sxsim as sx


def test_the_bundled_plan_and_its_result(sxsim, tmp_path):
    path = tmp_path / "moves.nc"
    status, out, err = sxsim("sensitivity", "shanxi-2014", "--targets", "H1", "H2", "--out", path)
    assert (status, err) == (0, "")
    assert out.startswith("What moves the probability? Scenario: trend\nR&D expenditure over GDP: 5.8 %\n")
    assert "1 point more growth a year: Valid invention patents" in out
    assert sx.open_result(path).derivative.sizes["target"] == 2


def test_together_under_a_scenario_in_chinese(sxsim, plan_file):
    words = ("--targets", "T1", "T3", "--scenario", "as_planned", "--together", "--lang", "zh")
    status, out, _ = sxsim("sensitivity", plan_file, *words)
    assert status == 0
    assert "情景：as_planned" in out and "全部目标同时实现" in out


def test_an_unknown_target(sxsim, plan_file):
    status, _, err = sxsim("sensitivity", plan_file, "--targets", "T9")
    assert status == 2
    assert "no target 'T9'" in err
