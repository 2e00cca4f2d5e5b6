from __future__ import annotations

import re

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.reporting import Language
from sxsim.reporting.layout import WIDTH, cells

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def english(shanxi):
    return sx.render_odds(shanxi)


@pytest.fixture(scope="module")
def chinese(shanxi):
    return sx.render_odds(shanxi, lang=Language.ZH)


@pytest.mark.parametrize("lang", Language)
@pytest.mark.parametrize("name", ["shanxi", "town"])
def test_every_line_fits(name, lang, request):
    text = sx.render_odds(request.getfixturevalue(name), lang=lang)
    assert max(cells(line) for line in text.split("\n")) <= WIDTH
    assert "nan" not in text.lower().replace("finance", "")


def test_header_names_the_plan_in_both_languages(english, chinese):
    for text in (english, chinese):
        assert "Shanxi Action Plan" in text
        assert "国家创新驱动发展战略山西行动计划" in text
    assert "data until 2012" in english
    assert "截至2012年" in chinese
    assert "6 of 23 targets can be assessed" in english


def block(text: str, row: str) -> str:
    """The lines of one target in the main table."""
    return re.search(rf"^{row} .*?\n\n", text, re.DOTALL | re.MULTILINE)[0]


def test_a_target_shows_odds_question_and_outcome(english):
    lines = block(english, "H1")
    assert re.search(r"R&D expenditure over GDP \*1 +Trend +5\.8 % +none +closed form +1\.612 \(0\.97", lines)
    assert re.search(r"As planned +49\.5 %", lines)
    assert "asks for at least 2.5 % of GDP in 2020; needs +10.9 % a year from 1.09 in 2012" in lines
    assert "really: 1.2 % of GDP, MISSED" in lines
    assert "really: 16,471 patents, HIT" in block(english, "H2")
    assert "by its bounds, 332.332 to 377.311 in 2020, HIT" in " ".join(block(english, "H3").split())
    assert "not known (nearest figure: 236 in 2011)" in " ".join(block(english, "S3").split())


def test_a_moving_target_says_that_it_moves(english):
    lines = " ".join(block(english, "H4-proxy").split())
    assert (
        "High-tech manufacturing revenue over GDP, China (it moves too; its median: 23.86 % of GDP)" in lines
    )
    assert "needs" not in lines
    assert re.search(r"48\.7 % +< 0\.001 % +quasi-random", lines)


def test_assumptions_proxies_and_bridges_are_starred(english):
    assert re.search(r"\*2 H3: Growth is learned from 'Middle of the contract turnover band'", english)
    assert re.search(r"\*3 H4-proxy: Stands in for H4, which cannot be assessed", english)
    assert "*1 H1: Judged on the ratio as first published" in english
    assert "*5" not in english


def test_the_joint_stands_between_its_bounds(english):
    line = next(line for line in english.split("\n") if "H1, H2, H3  " in line)
    assert re.search(r"headline +H1, H2, H3 +Trend +4\.0 % +< 0\.001 % +3\.9 % +0 % to 5\.8 %", line)
    assert "H1, H2, H3, S3, S5" in english


def test_uncertainty_and_evidence(english):
    assert re.search(r"H1 +Trend +67 % +10 % +22 %", english)
    assert re.search(r"H1 +R&D expenditure over GDP +15: 1998-2012 +\+5\.6 % +9\.\d % +\d\d/\d\d %", english)
    assert "two to four figures: growth and" in english


def test_rows_without_a_number_are_listed_with_their_reason(english):
    assert re.search(r"^  H4 +High-tech value added.*No national series", english, re.MULTILINE)
    assert re.search(r"^  S4 +Firms certified.*cannot be used", english, re.MULTILINE)
    assert "11 further aims name a direction and no number: A1, A2" in english


def test_checks_and_record(english, shanxi):
    found = re.search(
        r"against 4,096 simulated futures: 12 probabilities, the largest difference\s+is ([\d.]+)", english
    )
    assert float(found[1]) < 4
    assert "sxsim 0." in english.split("\n")[-1]
    assert shanxi.attrs["plan_digest"][:12] in english.split("\n")[-1]


def test_findings_that_matter_are_shown_once_and_the_rest_counted(english):
    joined = " ".join(english.split())
    assert "2.494% of GDP in 2020, which misses 2.5% of GDP" in joined
    assert "The same holds for H2, H3." in joined
    assert "at least 300 before 2014" in joined
    assert "19 x left out by the plan, 10 x something assumed" in joined
    assert "The plan gives no base value" not in joined


def test_the_chinese_table_is_chinese(chinese):
    lines = chinese.split("\n")
    headings = [line for line in lines if line and not line.startswith((" ", "=", "-"))]
    assert [line for line in headings if not CHINESE.search(line)] == [lines[1]]  # the English title
    assert re.search(r"研发经费投入强度 \*1 +趋势情景 +5\.8% +无 +闭式解 +1\.612（0\.9719至2\.597）", chinese)
    assert "目标：2020年不低于265亿元" in chinese
    assert "实际结果：16,471件，已实现" in chinese
    for word in ("Trend", "closed form", "ASSUMPTION", "really"):
        assert word not in chinese


def test_a_plan_with_every_target_assessed(town):
    text = sx.render_odds(town)
    assert "All 3 targets can be assessed." in text
    assert "Not assessed" not in text
    assert "not known (nearest figure: 42.2 in 2023)" in " ".join(text.split())
    assert "headline  " not in text, "one headline target alone has no joint"


def test_what_has_been_decided_is_certain_and_has_no_range(changed, shanxi):
    odds = shanxi["attainment"].to_dataset()
    settled = {name: xr.full_like(odds[name], np.nan) for name in ("median", "low", "high")}
    route = xr.where(odds["route"] == "exact", "observed", odds["route"])
    probability = xr.where(odds["route"] == "exact", 1.0, odds["probability"])
    tree = changed(**settled, route=route, probability=probability)
    assert re.search(r"Trend +100 % +none +observed +-\n", block(sx.render_odds(tree), "H1"))
    assert "asks for at least 2.5 % of GDP in 2020" in block(sx.render_odds(tree), "H1")


@pytest.mark.parametrize(
    ("route", "said"),
    [("monte-carlo", "simulation"), ("monte-carlo with control", "simulation with control")],
)
def test_a_counted_probability_shows_its_error(changed, shanxi, route, said):
    odds = shanxi["attainment"].to_dataset()
    tree = changed(
        route=xr.full_like(odds["route"], route, dtype=object),
        standard_error=xr.full_like(odds["standard_error"], 0.006),
    )
    text = sx.render_odds(tree)
    assert re.search(r"Trend +6 % +0\.60 % +simulation ", block(text, "H1"))
    assert said.removeprefix("simulation ") in block(text, "H1")
    assert "No probability could be checked against simulated futures." in text


def test_a_plan_of_which_nothing_can_be_assessed(changed, shanxi):
    odds = shanxi["attainment"].to_dataset()
    text = sx.render_odds(changed(reason=xr.full_like(odds["reason"], "no figures")))
    assert "0 of 23 targets can be assessed" in text
    assert "All targets together" not in text


def test_a_scenario_without_a_name_here_keeps_its_id(shanxi):
    tree = shanxi.copy()
    for node in ("attainment", "forecast"):
        tree[node] = tree[node].to_dataset().assign_coords(scenario=["trend", "boom"])
    assert re.search(r" boom +49\.5 %", sx.render_odds(tree))


def test_an_audit_without_findings(shanxi):
    tree = shanxi.copy()
    tree["audit"] = tree["audit"].to_dataset().isel(finding=slice(0, 0))
    assert "Nothing to remark." in sx.render_odds(tree)


def test_anything_else_is_refused():
    with pytest.raises(sx.SxsimError, match=r"not a result of sx\.run"):
        sx.render_odds(xr.DataTree())


def test_revised_targets_have_rows_and_a_joint_of_their_own():
    revision = sx.TargetRevision(target="H1", value=2.0, year=2016, probability=0.5)
    revised = sx.Scenario(id="revised", label="Revised", changes=(revision,))
    tree = sx.run(sx.load_plan("shanxi-2014"), scenarios=[sx.TREND, revised], draws=2000, rng=0)
    text = sx.render_odds(tree)
    assert "6 of 23 targets can be assessed" in text
    assert "asks for at least 2.5 / 2 % of GDP in 2020; really: not known" in text
    assert text.count("as revised") == 2
    assert "按修订后" in sx.render_odds(tree, lang=sx.Language.ZH)
    odds = tree["attainment"].to_dataset()
    row = odds.sel(target="H1:revised")
    assert row.level.values.tolist() == [2.5, 2.0]
    joint = odds.headline_joint_revised.values
    assert joint[0] == odds.headline_joint.values[0] and joint[1] > joint[0]
    assert len(sx.fan_charts(tree).axes) == len(sx.fan_charts(tree, ["H1", "H2", "H3", "H4-proxy"]).axes)
