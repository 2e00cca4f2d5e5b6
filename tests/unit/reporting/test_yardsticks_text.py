from __future__ import annotations

import pytest
import xarray as xr

import sxsim as sx
from sxsim.analysis.yardsticks import Need
from sxsim.errors import RequestError
from sxsim.reporting.layout import WIDTH, cells
from sxsim.reporting.yardsticks_words import CHINESE, ENGLISH

VERDICTS = (*sx.ScheduleVerdict, *sx.PaceVerdict, *sx.OutlookVerdict)


@pytest.fixture(scope="module")
def plan():
    return sx.load_plan("shanxi-2014")


@pytest.fixture(scope="module")
def odds(plan):
    model = sx.fit(plan.history, until=2016)
    return sx.attainment(model, plan.targets, rng=0)


def test_every_target_is_either_told_or_named_with_what_is_missing(plan):
    text = sx.render_yardsticks(sx.yardsticks(plan, as_of=2016))
    told, untold = text.split("No measure can be computed:")
    for name in ("H1", "H2", "H3", "S3", "S5"):
        assert f"\n  {name}  " in told
    assert "H4, H4-proxy, H5, H6a: the level it asks for is not a fixed number" in untold
    assert all(target.id in text for target in plan.targets)
    assert max(map(cells, text.splitlines())) <= WIDTH


def test_value_and_verdict_stand_in_columns(plan):
    lines = sx.render_yardsticks(sx.yardsticks(plan, as_of=2016)).splitlines()
    row = next(line for line in lines if "Eurostat" in line)
    assert row.endswith(" -12.9 %  movement away")
    assert any(line.endswith("+24.8 % a year") for line in lines)


def test_our_probability_stands_beside_the_verdicts(plan, odds):
    text = sx.render_yardsticks(sx.yardsticks(plan, as_of=2016), odds=odds, scenarios=plan.scenarios)
    mine = [line for line in text.splitlines() if "probability under Trend, figures to 2016" in line]
    assert len(mine) == 5 and all(" %" in line for line in mine)
    by_id = sx.render_yardsticks(sx.yardsticks(plan, as_of=2016), odds=odds)
    assert "probability under trend, figures to 2016" in by_id


def test_only_what_published_figures_decide_is_certain(plan):
    model = sx.fit(plan.history, until=2020)
    odds = sx.attainment(model, plan.targets, rng=0)
    text = sx.render_yardsticks(sx.yardsticks(plan, as_of=2020), odds=odds)
    assert text.count("by published figures") == 2
    assert "100 %  by published figures" in text


def test_before_anything_came_it_says_what_to_do(plan):
    text = sx.render_yardsticks(sx.yardsticks(plan))
    assert "left out: 10 of 13 measures (no figure after the base year is known by then)" in text
    assert "ask for a later year" in text and "which is the base" in text
    assert "ask for a later year" not in sx.render_yardsticks(sx.yardsticks(plan, as_of=2016))


def test_it_speaks_chinese(plan, odds):
    text = sx.render_yardsticks(sx.yardsticks(plan, as_of=2016), odds=odds, lang=sx.Language.ZH)
    assert text.startswith("官方进度评价（按截至2016年的数据）")
    assert "实现程度" in text and "滞后于进度要求" in text and "背离目标" in text
    assert "H4、H4-proxy、H5、H6a：目标水平不是固定数值" in text
    assert max(map(cells, text.splitlines())) <= WIDTH
    assert "no figure" not in text and "schedule" not in text


def test_a_choice_of_the_sheet_is_written_too(plan, odds):
    sheet = sx.yardsticks(plan, as_of=[2014, 2016])
    one = sheet.sel(year=2016, target="H1", measure="pace_ratio")
    text = sx.render_yardsticks(one, odds=odds.sel(scenario="trend"))
    assert "actual over required growth (Eurostat)" in text and "probability under trend" in text
    assert "H2" not in text and "achievement" not in text


def test_a_target_without_a_figure_and_one_of_every_year_are_told(plan):
    before = sx.render_yardsticks(sx.yardsticks(plan, as_of=1990))
    assert "no figure is known, counted from 1.09 % of GDP in 2012" in before
    assert "asks for at least 100 firms in every year 2014-2020" in sx.render_yardsticks(
        sx.yardsticks(plan, as_of=2020)
    )


def test_years_are_written_one_after_the_other(plan):
    text = sx.render_yardsticks(sx.yardsticks(plan, as_of=[2013, 2014]))
    assert text.index("known by 2013") < text.index("\n\n") < text.index("known by 2014")


@pytest.mark.parametrize("words", [ENGLISH, CHINESE])
def test_every_verdict_and_every_missing_piece_has_words(words):
    assert set(words.verdicts) == {one.value for one in VERDICTS}
    assert set(words.reasons) == {need.value for need in Need}


def test_anything_else_is_refused(plan, odds):
    sheet = sx.yardsticks(plan)
    with pytest.raises(RequestError, match=r"These are no progress measures. Give what sx.yardsticks"):
        sx.render_yardsticks(odds)
    with pytest.raises(RequestError, match=r"odds holds no probabilities of targets. Give what sx.attain"):
        sx.render_yardsticks(sheet, odds=sheet)
    several = xr.concat([odds, odds], dim="city")
    with pytest.raises(RequestError, match=r"The odds have the dimension 'city'. Choose one of its members"):
        sx.render_yardsticks(sheet, odds=several)
