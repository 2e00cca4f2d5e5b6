from __future__ import annotations


def test_the_bundled_plan(sxsim):
    status, out, err = sxsim("audit", "shanxi-2014")
    assert (status, err) == (0, "")
    assert "2.494% of GDP in 2020, which misses 2.5% of GDP" in " ".join(out.split())
    assert out.startswith("Notes (")
    assert sxsim("audit", "shanxi-2014", "--lang", "zh")[1].startswith("说明 (")


def test_an_error_in_the_plan_is_exit_status_one(sxsim, plan_file, edit):
    assert sxsim("audit", plan_file)[0] == 0
    edit(plan_file, "stated_growth = 0.04 ", "stated_growth = 0.01 ")
    status, out, _ = sxsim("audit", plan_file)
    assert status == 1
    assert out.startswith("Errors (1)\n  T1  1% a year")
