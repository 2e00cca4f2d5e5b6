from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.analysis.yardsticks import Need
from sxsim.errors import RequestError
from sxsim.plan import AllOf, Benchmark, Between, Relation, Total, When, Worded

QINGHAI = {
    2005: 100.0,
    2006: 100.0 * 1.0151,
    2007: 100.0 * 1.0151 * 0.978,
    2008: 100.0 * 1.0151 * 0.978 * 0.9582,
}
DOWN = Relation.AT_MOST


def read(sheet, measure, what="value", target="T1"):
    return sheet[what].sel(target=target, measure=measure).isel(year=-1).item()


def test_the_worked_example_of_the_energy_target_of_qinghai(plan_of, goal):
    """Energy per GDP was to fall by 17 % in five years; after three it had fallen by 4.87 %."""
    sheet = sx.yardsticks(plan_of(QINGHAI, goal(level=83.0, base=(100.0, 2005), relation=DOWN)))
    assert int(sheet.figure_year.item()) == 2008
    assert read(sheet, "actual_growth") == pytest.approx(-0.0165, abs=5e-5)
    assert read(sheet, "required_growth") == pytest.approx(-0.0366, abs=5e-5)
    assert read(sheet, "required_rate") == pytest.approx(0.0659, abs=5e-5)
    assert read(sheet, "steady_share") == pytest.approx(0.268, abs=5e-4)
    assert read(sheet, "time_share") == pytest.approx(0.6)
    assert read(sheet, "steady_time_ratio", "verdict") == sx.ScheduleVerdict.BEHIND.value
    assert read(sheet, "pace_ratio") == pytest.approx(0.0165 / 0.0366, abs=2e-3)
    assert read(sheet, "pace_ratio", "verdict") == sx.PaceVerdict.INSUFFICIENT.value


def test_the_other_side_is_the_same_picture_upside_down(plan_of, goal):
    up = sx.yardsticks(plan_of({2005: 10.0, 2008: 12.0}, goal(level=20.0)))
    down = sx.yardsticks(plan_of({2005: 10.0, 2008: 8.0}, goal(level=0.5, relation=DOWN)))
    for name in ("straight_share", "straight_time_ratio", "current_status", "pace_ratio", "trend_rate"):
        assert read(up, name) > 0 and read(down, name) > 0
    assert read(down, "actual_growth") < 0 < read(down, "required_rate")


def test_a_figure_is_read_where_it_is_known_and_not_after_the_target_year(plan_of, goal):
    figures = {2005: 10.0, 2007: 12.0, 2009: 15.0, 2010: 18.0, 2011: 40.0}
    sheet = sx.yardsticks(plan_of(figures, goal()), as_of=[2005, 2006, 2007, 2008, 2010, 2012])
    assert sheet.figure.values[0].tolist() == [10.0, 10.0, 12.0, 12.0, 18.0, 18.0]
    assert sheet.figure_year.values[0].tolist() == [2005, 2005, 2007, 2007, 2010, 2010]
    ratio = sheet.value.sel(target="T1", measure="time_share").values
    assert ratio.tolist() == pytest.approx([np.nan, np.nan, 0.4, 0.4, 1.0, 1.0], nan_ok=True)


def test_figures_that_come_later_change_nothing(plan_of, goal):
    figures = {2005: 10.0, 2006: 11.0, 2007: 12.5}
    early = sx.yardsticks(plan_of(figures, goal()), as_of=2007)
    late = sx.yardsticks(plan_of(figures | {2008: 0.5, 2009: 99.0}, goal()), as_of=2007)
    xr.testing.assert_identical(early, late)


def test_a_base_comes_from_the_target_or_else_from_the_base_year(plan_of, goal):
    figures = {2005: 10.0, 2006: 11.0, 2008: 12.0}
    sheet = sx.yardsticks(
        plan_of(figures, goal(), goal("T2", base=(9.0, 2006)), goal("T3", base=(8.0, 2004)))
    )
    assert sheet.base.values.tolist() == [10.0, 9.0, 8.0]
    assert sheet.base_year.values.tolist() == [2005, 2006, 2004]
    assert sheet.base_from.values.tolist() == ["history", "plan", "plan"]
    assert read(sheet, "actual_growth", target="T2") == pytest.approx((12.0 / 9.0) ** 0.5 - 1)
    two_points = np.polyfit([0, 2], np.log([9.0, 12.0]), 1)[0]
    assert read(sheet, "trend_rate", target="T2") == pytest.approx(np.exp(two_points) - 1)


@pytest.mark.parametrize(
    ("figures", "asked", "measure", "need"),
    [
        ({2005: 10.0, 2008: 12.0}, {"condition": None}, "achievement", Need.LEVEL),
        ({2005: 10.0, 2008: 12.0}, {"level": Benchmark(indicator="z")}, "straight_share", Need.NUMBER),
        ({2005: 10.0, 2008: 12.0}, {"years": (2009, 2010)}, "time_share", Need.ONE_YEAR),
        ({2006: 10.0, 2008: 12.0}, {}, "time_share", Need.BASE),
        ({2005: 25.0, 2008: 12.0}, {}, "straight_share", Need.WAY),
        ({2005: 20.0, 2008: 12.0}, {}, "required_growth", Need.WAY),
        ({2009: 12.0}, {"base": (10.0, 2005)}, "required_rate", None),
        ({2009: 12.0}, {}, "achievement", Need.FIGURE),
        ({2005: 10.0}, {}, "pace_ratio", Need.SINCE),
        ({2005: 10.0, 2008: 12.0}, {"years": (2008,)}, "required_rate", Need.AHEAD),
        ({2005: 30.0, 2008: 25.0}, {"relation": DOWN}, "achievement", Need.FROM_BELOW),
        ({2005: -3.0, 2008: -2.0}, {"level": -1.0}, "achievement", Need.GOAL_ABOVE_ZERO),
        ({2005: 0.0, 2008: 2.0}, {}, "actual_growth", Need.BASE_ABOVE_ZERO),
        ({2005: 1.0, 2008: 0.0}, {}, "steady_share", Need.FIGURE_ABOVE_ZERO),
        ({2005: 1.0, 2008: -1.0}, {}, "achievement", Need.FIGURE_NOT_BELOW_ZERO),
        ({2005: 1.0, 2006: 0.0, 2008: 2.0}, {}, "trend_rate", Need.ALL_ABOVE_ZERO),
    ],
)
def test_the_piece_that_is_missing_is_named_and_nothing_is_made_up(
    plan_of, goal, figures, asked, measure, need
):
    sheet = sx.yardsticks(plan_of(figures, goal(**asked)), as_of=2008)
    assert read(sheet, measure, "reason") == ("" if need is None else need.value)
    assert np.isnan(read(sheet, measure)) == (need is not None)


def test_by_a_year_at_the_latest_counts_as_that_year(plan_of, goal):
    figures = {2005: 10.0, 2008: 12.0}
    later = replace(goal().condition, years=(2009, 2010), when=When.ANY_YEAR)
    plan = plan_of(figures, goal(), goal("T2", condition=later))
    sheet = sx.yardsticks(plan)
    np.testing.assert_array_equal(*(sheet.value.sel(target=name).values for name in ("T1", "T2")))
    assert "asks for at least 20 units by 2010" in sx.render_yardsticks(sheet)


def test_a_word_counts_with_the_threshold_somebody_gave_it(plan_of, goal):
    words = [goal("T1", level=Worded(word="mostly", threshold=20.0)), goal("T2", level=Worded(word="mostly"))]
    sheet = sx.yardsticks(plan_of({2005: 10.0, 2008: 12.0}, *words))
    assert sheet.goal.values.tolist() == pytest.approx([20.0, np.nan], nan_ok=True)
    assert read(sheet, "achievement", "reason", "T2") == Need.NUMBER.value


@pytest.mark.parametrize("sort", ["total", "range", "all of"])
def test_what_is_no_single_level_is_named(plan_of, goal, sort):
    one = goal().condition
    condition = {
        "total": Total(indicator="y", relation=Relation.AT_LEAST, level=one.level, years=(2009, 2010)),
        "range": replace(one, relation=Relation.WITHIN, level=Between(lower=1.0, upper=2.0)),
        "all of": AllOf(parts=(one, one.of_years((2009,)))),
    }[sort]
    sheet = sx.yardsticks(plan_of({2005: 10.0, 2008: 12.0}, goal(condition=condition)))
    assert set(sheet.reason.values.ravel().tolist()) == {Need.LEVEL.value}
    assert f"T1: {Need.LEVEL.value}" in sx.render_yardsticks(sheet)


def test_a_value_or_a_reason_but_never_both_or_none(plan_of, goal):
    targets = [
        goal(),
        goal("T2", relation=DOWN, level=5.0),
        goal("T3", years=(2009, 2010)),
        goal("T4", level=-1.0),
    ]
    figures = {2005: 10.0, 2006: 0.0, 2007: -2.0, 2008: 12.0}
    sheet = sx.yardsticks(plan_of(figures, *targets), as_of=range(2004, 2012))
    xr.testing.assert_equal(np.isfinite(sheet.value), sheet.reason == "")
    assert not ((sheet.verdict != "") & (sheet.reason != "")).any()


def test_what_was_nothing_can_be_achieved_to_nothing(plan_of, goal):
    sheet = sx.yardsticks(plan_of({2005: 0.0, 2008: 0.0}, goal()))
    assert read(sheet, "achievement") == 0.0


def test_an_indicator_of_several_members_is_left_alone(plan_of, goal):
    values = np.ones((2, 4))
    history = xr.Dataset({"y": (("city", "year"), values)}, coords={"year": range(2005, 2009)})
    sheet = sx.yardsticks(plan_of({}, goal(base=(1.0, 2005)), history=history))
    reasons = set(sheet.reason.values.ravel().tolist())
    assert reasons == {Need.SINGLE.value}


def test_a_plan_without_targets_or_figures_gives_an_empty_sheet(plan_of, goal):
    assert sx.yardsticks(plan_of({})).sizes["target"] == 0
    nothing = sx.yardsticks(plan_of({}, goal(), history=xr.Dataset()))
    assert nothing.value.isnull().all()


def test_it_is_read_by_default_with_what_the_plan_is_fitted_to(plan_of, goal):
    sheet = sx.yardsticks(plan_of({2005: 10.0, 2008: 12.0, 2009: 13.0}, goal()))
    assert sheet.year.values.tolist() == [2008] and sheet.figure.item() == 12.0


@pytest.mark.parametrize(
    ("as_of", "message"),
    [
        ([], "as_of names no year"),
        (16, "as_of = 16 is not a calendar year. Write years in full"),
        (2016.5, "as_of = 2016.5 is not a calendar year"),
        (True, "as_of = True is not a calendar year"),
        ([2008, 2008], r"as_of names a year twice: \[2008, 2008\]"),
    ],
)
def test_years_that_are_none_are_refused(plan_of, goal, as_of, message):
    with pytest.raises(RequestError, match=message):
        sx.yardsticks(plan_of({2005: 10.0}, goal()), as_of=as_of)


def test_every_measure_brings_units_formula_and_source(plan_of, goal):
    sheet = sx.yardsticks(plan_of({2005: 10.0, 2008: 12.0}, goal()))
    for name in ("measure_label", "measure_label_zh", "measure_units", "formula", "source"):
        assert sheet[name].dims == ("measure",)
        assert all(sheet[name].values.tolist())
    assert [one.name for one in sx.YARDSTICKS] == sheet["measure"].values.tolist()
    assert sheet.unit.item() == "units"


def test_shanxi_slides_in_research_and_rises_in_patents():
    sheet = sx.yardsticks(sx.load_plan("shanxi-2014"), as_of=2016).isel(year=0)
    pace = sheet.verdict.sel(measure="pace_ratio")
    assert pace.sel(target="H1").item() == sx.PaceVerdict.AWAY.value
    assert pace.sel(target="H2").item() == sx.PaceVerdict.SIGNIFICANT.value
    base = sheet.sel(target="H1")
    assert (base.base.item(), base.base_year.item(), base.base_from.item()) == (1.09, 2012, "plan")
    assert sheet.value.sel(target="H1", measure="required_growth").item() == pytest.approx(0.109, abs=5e-4)


def test_it_comes_back_from_a_file_as_it_was(tmp_path):
    sheet = sx.yardsticks(sx.load_plan("shanxi-2014"), as_of=[2012, 2016])
    file = sx.save(xr.DataTree(sheet), tmp_path / "sheet.nc")
    xr.testing.assert_identical(sx.open_result(file).to_dataset(), sheet)
