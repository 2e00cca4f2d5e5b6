from __future__ import annotations


def test_the_bundled_plan(sxsim):
    status, out, err = sxsim("scoreboard", "shanxi-2014", "--draws", "500")
    assert (status, err) == (0, "")
    assert "Department of Science and Technology" in out
    assert "all targets, each once" in out


def test_by_chapter_and_in_chinese(sxsim, plan_file):
    words = ("--by", "chapter", "--lang", "zh", "--scenarios", "as_planned", "--draws", "500")
    status, out, _ = sxsim("scoreboard", plan_file, *words)
    assert status == 0
    assert "情景：as_planned" in out and "未写明章节" in out


def test_an_unknown_scenario(sxsim, plan_file):
    status, _, err = sxsim("scoreboard", plan_file, "--scenarios", "dream")
    assert status == 2
    assert "no scenario 'dream'" in err
