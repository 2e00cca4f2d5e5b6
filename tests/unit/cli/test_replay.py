from __future__ import annotations

import re

import pytest

import sxsim as sx


def test_the_bundled_plan_prints_its_tables(sxsim):
    status, out, err = sxsim("replay", "shanxi-2014", "--as-of", "2012")
    assert (status, err) == (0, "")
    assert re.search(r"H1 +5\.8 - +MISSED", out)
    assert "seed 0, plan shanxi-2014" in " ".join(out.split())


def test_a_plan_file_in_chinese_with_result_and_figure(sxsim, plan_file, tmp_path):
    pytest.importorskip("matplotlib")
    out, figure = tmp_path / "found.nc", tmp_path / "found.png"
    words = ("replay", plan_file, "--as-of", "2022-2023", "--futures", 50, "--out", out, "--figure", figure)
    status, said, err = sxsim(*words)
    assert (status, err) == (0, "")
    assert said.rstrip().endswith(f"-> {out}\n-> {figure}")
    assert figure.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
    found = sx.open_result(out).to_dataset()
    assert found.as_of.values.tolist() == [2022, 2023] and "resolved" in found
    again = sxsim(*words)
    assert again[0] == 2 and "exists already" in again[2]


def test_in_chinese_under_chosen_scenarios(sxsim, plan_file):
    plan = sx.load_plan(plan_file)
    names = [scenario.id for scenario in plan.scenarios][:2]
    status, out, _ = sxsim("replay", plan_file, "--as-of", 2023, "--lang", "zh", "--scenarios", *names)
    assert status == 0
    assert out.count("各年所见的实现概率") == len(names)


@pytest.mark.parametrize(
    ("as_of", "words"),
    [
        ("2012:2014", "'2012:2014' is neither a year nor two with a hyphen"),
        ("2014-2012", "'2014-2012' ends before it begins"),
    ],
)
def test_years_that_cannot_be_read(sxsim, as_of, words):
    status, _, err = sxsim("replay", "shanxi-2014", "--as-of", as_of)
    assert status == 2 and words in err


def test_a_year_after_the_figures(sxsim):
    status, out, err = sxsim("replay", "shanxi-2014", "--as-of", 2090)
    assert (status, out) == (2, "")
    assert err.startswith("error: as_of names 2090, after the last year of the history")
