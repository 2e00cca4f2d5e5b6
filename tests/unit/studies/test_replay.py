from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from sxsim.analysis.attainment import attainment
from sxsim.analysis.forecast import forecast
from sxsim.errors import RequestError, UnknownNameError
from sxsim.fitting import fit
from sxsim.identities import Identity
from sxsim.io import open_result, save
from sxsim.plan import (
    TREND,
    AllOf,
    Benchmark,
    Between,
    EffectUnit,
    GivenPath,
    Group,
    Indicator,
    Kind,
    OwnPast,
    Plan,
    PlannedGrowth,
    Relation,
    Rule,
    Scenario,
    Target,
    TargetRevision,
    Worded,
)
from sxsim.reporting import render_replay
from sxsim.simulation import MonteCarlo
from sxsim.studies.alert import AlertRule
from sxsim.studies.release import AsRestated, FirstRelease
from sxsim.studies.replay import replay

Y = [1.0, 1.1, 1.25, 1.3, 1.5, 1.7, 1.75, 2.0, 2.1, 2.3]
Z = [2.0, 1.9, 1.95, 1.8, 1.85, 1.7, 1.75, 1.6, 1.65, 1.5]
GAP = [5.0, 5.5, 6.0, 6.2, 6.9, 7.1, 7.4, 8.0, np.nan, np.nan]
LATE = [np.nan] * 8 + [3.0, 3.1]


@pytest.fixture
def plan(table, aim):
    """Figures of 2005-2014; one target for each thing that may happen to it."""
    history = table(last=2014, y=Y, z=Z, gap=GAP, late=LATE)
    return Plan(
        id="demo", title="Demo", title_zh="示例", start=2011, end=2014, base_year=2010, fit_until=2010,
        targets=(
            aim("met", level=2.2, years=(2014,), group=Group.HEADLINE),
            aim("broken", of="z", level=1.68, years=(2011, 2012, 2013, 2014)),
            aim("low", of="z", level=1.6, years=(2014,), relation=Relation.AT_MOST, group=Group.HEADLINE),
            aim("gap", of="gap", level=9.0, years=(2014,)),
            aim("late", of="late", level=3.0, years=(2014,)),
            aim("moving", of="z", level="y", years=(2014,)),
            aim("none", condition=None),
        ),
        indicators=tuple(Indicator(id=name, label=name, kind=Kind.AMOUNT) for name in history),
        history=history, scenarios=(TREND,),
    )  # fmt: skip


DONE = {}


@pytest.fixture
def found(plan):
    """The plan replayed, once for all tests."""
    if "found" not in DONE:
        DONE["found"] = replay(plan, rng=0)
    return DONE["found"]


@pytest.fixture
def small(plan):
    """The plan with two targets, each about one indicator in one year."""
    return replace(plan, targets=(plan.target("met"), plan.target("gap")))


def row(found, target, name):
    return found[name].sel(target=target).values.ravel().tolist()


def test_default_years_run_from_the_last_year_of_learning_to_the_end(found):
    assert found.as_of.values.tolist() == [2010, 2011, 2012, 2013, 2014]
    assert found.probability.dims == ("as_of", "scenario", "target")


@pytest.mark.parametrize("year", [2010, 2013, 2014])
def test_one_year_is_the_attainment_of_the_fit_of_that_year(plan, found, year):
    odds = attainment(fit(plan.history, until=year), plan.targets, rng=0)
    for name in ("probability", "standard_error", "route", "variance_model", "joint", "joint_upper"):
        np.testing.assert_array_equal(found[name].sel(as_of=year), odds[name])
    top = attainment(fit(plan.history, until=year), [plan.target("met"), plan.target("low")], rng=0)
    assert found.headline_joint.sel(as_of=year).item() == top.joint.item()
    assert found.headline_joint_targets.sel(as_of=year).item() == "met, low"


def test_years_in_any_order_and_alone(plan, small, found):
    years = [2014, 2011, 2013]
    xr.testing.assert_identical(replay(small, years, rng=0), replay(small, sorted(years), rng=0))
    alone = replay(plan, [2012], news=False, rng=0)
    for name in ("probability", "joint", "alert", "median", "reason"):
        xr.testing.assert_equal(alone[name], found[name].sel(as_of=[2012]))


@pytest.mark.parametrize("release", [FirstRelease(), AsRestated(figures={"y": "other"})])
def test_later_figures_change_nothing_said_before(small, release):
    history = small.history.assign(other=small.history.y * 1.1)
    changed = history.where(history.year <= 2012, history * 1.7 + 0.3)
    one, other = (
        replay(replace(small, history=data), [2010, 2012], release=release, rng=0)
        for data in (history, changed)
    )
    ends = ["outcome", "outcome_value", "outcome_note"]
    xr.testing.assert_identical(one.drop_vars(ends), other.drop_vars(ends))


def test_figures_decide(found):
    assert row(found, "met", "alert")[-1] == "met"
    assert row(found, "broken", "alert")[2:] == ["missed", "missed", "missed"]
    assert row(found, "broken", "probability")[2:] == [0.0, 0.0, 0.0]
    assert row(found, "low", "alert")[-1] == "met"
    assert row(found, "moving", "alert")[-1] == "missed"
    assert found.outcome.sel(target=["met", "broken", "low", "moving"]).values.tolist() == [
        "hit", "missed", "hit", "missed",
    ]  # fmt: skip


def test_a_missing_figure_is_named_and_the_rest_is_answered(found):
    assert row(found, "gap", "alert")[-1] == "cannot say"
    assert "'gap' or its level was not observed in 2014" in row(found, "gap", "reason")[-1]
    assert np.isfinite(row(found, "gap", "probability")[:-1]).all()
    assert "it has no figure up to 2010" in row(found, "late", "reason")[0]
    assert row(found, "late", "alert")[:3] == ["cannot say"] * 3
    assert row(found, "late", "alert")[-1] == "met"
    assert row(found, "none", "alert") == ["cannot say"] * 5
    assert np.isfinite(found.joint).all()
    assert found.joint_targets.values.tolist()[0] == "met, broken, low, gap, moving"
    assert found.joint_targets.values.tolist()[-1] == "met, broken, low, late, moving"


def test_published_bounds_may_decide_what_a_missing_figure_cannot(plan):
    bounds = {"gap_lower_bound": 9.1, "gap_upper_bound": 9.9}
    history = plan.history.assign(
        {name: ("year", [value] * 10, {"role": "bound"}) for name, value in bounds.items()}
    )
    found = replay(replace(plan, history=history), [2013, 2014], news=False, rng=0)
    assert row(found, "gap", "alert")[1] == "met"
    assert np.isnan(row(found, "gap", "probability")[1])


def test_where_a_target_stands(plan, found):
    assert row(found, "gap", "last_figure") == [7.1, 7.4, 8.0, 8.0, 8.0]
    assert row(found, "gap", "last_figure_year") == [2010, 2011, 2012, 2012, 2012]
    assert row(found, "late", "last_figure_year") == [0, 0, 0, 2013, 2014]
    assert row(found, "met", "level") == [2.2] * 5
    assert row(found, "met", "median")[-1] == 2.3
    assert row(found, "moving", "level") == row(found, "met", "median")
    assert row(found, "moving", "median")[:-1] == row(found, "low", "median")[:-1]
    assert np.isnan(row(found, "none", "median")).all()


def test_a_change_is_the_passing_of_a_year_and_news(plan, found):
    change = np.diff(row(found, "met", "probability"))
    np.testing.assert_allclose(row(found, "met", "change")[1:], change)
    parts = np.add(row(found, "met", "change_passing"), row(found, "met", "change_news"))
    np.testing.assert_allclose(parts[1:], change, atol=1e-12)
    assert np.isnan(row(found, "met", "change")[0])
    assert np.isnan(row(found, "met", "change_passing")[0])


def test_no_figure_is_no_news(found):
    assert row(found, "gap", "change_news")[3] == 0.0


def test_figures_that_come_as_expected_are_no_news(plan):
    expected = forecast(fit(plan.history, until=2013), until=2014, quantiles=(0.5,)).isel(
        quantile=0, drop=True
    )
    new = plan.history.copy(deep=True)
    for name in ("y", "z"):
        new[name].loc[{"year": 2014}] = float(expected[name].sel(year=2014))
    met = plan.target("met")
    further = replace(met, id="on", condition=replace(met.condition, years=(2016,)))
    found = replay(replace(plan, history=new, targets=(further,)), [2013, 2014], rng=0)
    assert abs(row(found, "on", "change_news")[1]) < 1e-9
    assert row(found, "on", "change_passing")[1] != 0.0


def test_without_news_nothing_is_split(small):
    found = replay(small, [2010, 2011], news=False, rng=0)
    assert "change" in found and "change_news" not in found


def test_what_coming_figures_settle(small):
    found = replay(small, [2012, 2014], news=False, futures=60, rng=0)
    settled = found.resolved.sel(target="met")
    assert settled.dims == ("as_of", "year")
    assert settled.sel(as_of=2012, year=2014).item() == 1.0
    assert 0.0 < settled.sel(as_of=2012, year=2013).item() < 1.0
    assert settled.sel(as_of=2014).isnull().all()


def test_scenarios_beside_each_other(small):
    faster = Scenario(
        id="faster", label="Faster", label_zh="更快",
        changes=(PlannedGrowth(indicator="y", base_value=2.0, base_year=2012, growth=0.2),),
    )  # fmt: skip
    found = replay(small, [2012], scenarios=[TREND, faster], news=False, rng=0)
    trend, better = found.probability.sel(target="met", as_of=2012).values
    assert better > trend
    assert found.scenario_label_zh.values.tolist()[1] == "更快"


def test_figures_a_scenario_gives_for_years_passed_give_way(small):
    given = Scenario(
        id="given", label="", changes=(GivenPath(indicator="y", figures={2011: 3.0, 2012: 3.0}),)
    )
    found = replay(small, [2010, 2012], scenarios=[TREND, given], news=False, rng=0)
    early, late = found.probability.sel(target="met").values
    assert early[1] > early[0]
    assert late[1] == late[0]


def test_a_scenario_that_cannot_be_played_any_more_says_so(small):
    rule = Rule(
        id="R", label="R", reads=("y",), decision=lambda seen, years, year: np.ones(seen["y"].shape[1]),
        years=(2012,), indicator="y", unit=EffectUnit.GROWTH,
    )  # fmt: skip
    ruled = Scenario(id="ruled", label="Ruled", changes=(rule,))
    none = replace(small.target("gap"), id="none", condition=None)
    found = replay(
        replace(small, targets=(small.target("met"), none)), [2010, 2013], scenarios=[TREND, ruled], rng=0
    ).squeeze()
    met = found.sel(target="met")
    assert np.isfinite(met.probability.sel(scenario="trend")).all()
    assert met.reason.sel(scenario="trend").values.tolist() == ["", ""]
    early, late = met.sel(scenario="ruled", as_of=2010), met.sel(scenario="ruled", as_of=2013)
    assert early.probability.item() > met.probability.sel(scenario="trend", as_of=2010).item()
    assert "rule R decides in 2012" in late.reason.item()
    assert late.alert.item() == "cannot say" and late.route.item() == "not assessed"
    for name in ("probability", "median", "joint", "change_passing"):
        assert np.isnan(late[name].item())
    assert "no condition" in found.reason.sel(target="none", scenario="ruled", as_of=2013).item()


def test_revised_targets_have_their_row_in_every_year(small):
    lower = Scenario(
        id="lower", label="Lower",
        changes=(TargetRevision(target="met", value=2.0, year=2013),),
    )  # fmt: skip
    found = replay(small, [2012, 2013], scenarios=[TREND, lower], rng=0)
    assert found.level.sel(target="met:revised").values.tolist() == [[2.2, 2.0]] * 2
    assert found.outcome.sel(target="met:revised").item() == "unknown"


def test_promises_of_every_shape(plan):
    met, low = plan.target("met").condition, plan.target("low").condition
    shapes = {
        "both": AllOf(parts=(met, low)),
        "within": replace(met, relation=Relation.WITHIN, level=Between(lower=2.0, upper=2.5)),
        "grown": replace(met, level=OwnPast(since=2012, growth=0.05)),
        "worded": replace(met, level=Worded(word="much", threshold=2.2)),
        "unworded": replace(met, level=Worded(word="much")),
        "ahead": replace(met, level=Benchmark(indicator="z", times=1.1)),
    }
    targets = tuple(Target(id=name, label=name, condition=shape) for name, shape in shapes.items())
    found = replay(replace(plan, targets=targets), [2012, 2014], news=False, rng=0)
    ends = dict(zip(found.target.values.tolist(), found.outcome.values.tolist(), strict=True))
    assert ends == {**dict.fromkeys(shapes, "hit"), "unworded": "unknown"}
    assert found.alert.sel(as_of=2014).values.ravel().tolist() == ["met"] * 4 + ["cannot say", "met"]
    level = found.level.sel(as_of=2014).values.ravel()
    np.testing.assert_allclose(level, [np.nan, 2.0, 2.0 * 1.05**2, 2.2, np.nan, 1.1 * 1.5])
    assert found.level_upper.sel(target="within").item() == 2.5
    assert np.isfinite(found.level.sel(as_of=2012, target=["grown", "ahead"])).all()
    assert "2 to 2.5" in render_replay(found)


def test_derived_indicators(plan, aim):
    ratio = Identity(indicator="ratio", expression="y / z")
    target = aim("R", of="ratio", level=1.4, years=(2014,))
    history = plan.history.assign(ratio=plan.history.y / plan.history.z)
    kept = (*plan.indicators, Indicator(id="ratio", label="", kind=Kind.RATIO))
    derived = replace(plan, history=history, identities=(ratio,), targets=(target,), indicators=kept)
    found = replay(derived, [2013, 2014], news=False, rng=0)
    assert found.alert.values.ravel().tolist()[1] == "met"
    assert 0 < found.probability.values.ravel()[0] < 1


def test_thresholds_are_the_callers(plan, found):
    strict = replay(plan, [2012], rule=AlertRule(on_track=0.99, at_risk=0.98), news=False, rng=0)
    p = row(found, "met", "probability")[2]
    assert 0.66 < p < 0.98
    assert row(found, "met", "alert")[2] == "on track" and row(strict, "met", "alert") == ["off track"]
    assert strict.attrs["on_track"] == 0.99


def test_a_method_is_passed_on(small):
    found = replay(small, [2012], method=MonteCarlo(draws=2048), news=False, rng=0)
    assert row(found, "met", "route")[0].startswith("monte-carlo")
    assert row(found, "met", "standard_error")[0] > 0


def test_a_result_can_be_saved(found, tmp_path):
    file = save(xr.DataTree(dataset=found), tmp_path / "found.nc")
    xr.testing.assert_identical(open_result(file).to_dataset(), found)


@pytest.mark.parametrize(
    ("as_of", "words"),
    [
        ([], r"as_of names no year\. Give range"),
        ([2012, 2012], r"as_of names 2012 twice\. Give each year once"),
        ([2012, 2031], r"as_of names 2031, after the last year of the history, 2014\. Leave it out"),
        ([2012.5], r"as_of=.* is no list of years\. Give range"),
        (2012, r"as_of=2012 is no list of years\. Give range"),
    ],
)
def test_years_that_cannot_be_looked_from(plan, as_of, words):
    with pytest.raises(RequestError, match=words):
        replay(plan, as_of)


def test_a_plan_without_history():
    bare = Plan(id="bare", title="Bare", start=2011, end=2014, base_year=2010, fit_until=2010)
    with pytest.raises(RequestError, match=r"The plan 'bare' has no history\. Give it figures"):
        replay(bare)


def test_a_history_with_a_batch(plan):
    with pytest.raises(RequestError, match=r"'y' has a batch\. Choose one member, as in history\.sel"):
        replay(replace(plan, history=plan.history.expand_dims(town=2)))


def test_some_targets_alone(plan, small):
    some = replay(plan, [2012], targets=["met", "gap"], news=False, rng=0)
    xr.testing.assert_identical(some, replay(small, [2012], news=False, rng=0))
    with pytest.raises(UnknownNameError, match="no target 'gone'"):
        replay(plan, targets=["gone"])


def test_a_bar_for_those_who_wait(small, capsys):
    pytest.importorskip("tqdm")
    replay(small, [2012, 2013], news=False, rng=0, progress=True)
    assert "2/2" in capsys.readouterr().err


def test_futures_are_a_whole_number(plan):
    with pytest.raises(RequestError, match="futures=-1"):
        replay(plan, [2012], futures=-1)
