from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import stats

import sxsim as sx
from sxsim.errors import RequestError, UnknownNameError

FEW = sx.MonteCarlo(draws=4096)
UP, DOWN, WITHIN = sx.Relation.AT_LEAST, sx.Relation.AT_MOST, sx.Relation.WITHIN


def lever(size=2.0, name="L", of="y", **more):
    effect = sx.Effect(indicator=of, size=size, unit=sx.EffectUnit.LOG_A_YEAR, origin="somebody said so")
    return sx.Lever(id=name, label="A fund", effects=(effect,), **more)


def within(low, high, year=2016):
    range_ = sx.Between(lower=low, upper=high)
    return sx.Condition(indicator="y", relation=WITHIN, level=range_, years=(year,))


def test_one_year_of_a_walk_has_the_answer_of_the_textbook(hand, aim):
    found = sx.goal_seek(hand(drift=0.05, sigma=0.1), aim(level=150.0, years=[2016]), probability=[0.5, 0.9])
    needed = (np.log(1.5) - 4 * 0.05 + stats.norm.ppf([0.5, 0.9]) * 0.1 * 2) / 4
    np.testing.assert_allclose(found.required.squeeze(), needed, rtol=1e-8)
    assert found.route.values.tolist() == [["exact", "exact"]]
    assert found.standard_error.values.tolist() == [[0.0, 0.0]]
    assert (found.lower == found.required).all()


def test_paths_alone_find_the_same_within_their_interval(hand, aim):
    target, model = aim(level=150.0, years=[2016]), hand()
    exact = sx.goal_seek(model, target, probability=[0.2, 0.5, 0.9]).required
    counted = sx.goal_seek(model, target, probability=[0.2, 0.5, 0.9], method=FEW, rng=3)
    assert ((counted.lower <= exact) & (exact <= counted.upper)).all()
    assert (abs(counted.required - exact) < 4 * counted.standard_error).all()
    spread = counted.required_spread.sel(quantile=0.5).item()
    assert spread == counted.required.sel(probability=0.5).item()


def test_what_has_to_be_low_is_pushed_down(hand, aim):
    target = aim(level=100.0, years=[2016], relation=DOWN)
    found = sx.goal_seek(hand(drift=0.05), target, probability=0.5)
    assert found.required.item() == pytest.approx(0.05)
    assert found.growth_required.item() == pytest.approx(0.0, abs=1e-8)
    assert found.points.item() == pytest.approx(-100 * np.expm1(0.05))


def test_growth_in_published_units_beside_trend_plan_and_past(table, aim):
    walk = sx.RandomWalk(drift=0.05, sigma=0.1)
    grown = sx.Grown(name="y", carrier=sx.Log(), law=walk, last_value=130.0, last_year=2012)
    history = table(y=[100.0, 110.0, np.nan, 121.0 * 1.1**2 / 1.1, 130.0])
    model = sx.GrowthModel(indicators=(grown,), last_year=2012, history=history)
    target = aim(level=200.0, years=[2016], stated_growth=0.08)
    found = sx.goal_seek(model, target, probability=0.5).squeeze()
    assert found.growth_unit.item() == "% a year"
    assert found.growth_required.item() == pytest.approx(100 * ((200 / 130) ** 0.25 - 1))
    assert found.growth_trend.item() == pytest.approx(100 * np.expm1(0.05))
    assert found.points.item() == pytest.approx(found.growth_required.item() - found.growth_trend.item())
    assert found.growth_stated.item() == 8.0
    known = found.growth_past.values[np.isfinite(found.growth_past)]
    np.testing.assert_allclose(known, [10.0, 10.0, 100 * (130 / 133.1 - 1)])
    assert np.isnan(found.growth_past.sel(year=2010))
    assert found.past_rank.item() == 1.0


def test_what_may_be_negative_grows_in_its_own_units(aim):
    walk = sx.RandomWalk(drift=0.1, sigma=0.2)
    grown = sx.Grown(name="y", carrier=sx.Linear(scale=10.0), law=walk, last_value=-5.0, last_year=2012)
    model = sx.GrowthModel(indicators=(grown,), last_year=2012)
    found = sx.goal_seek(model, aim(level=7.0, years=[2016]), probability=0.5).squeeze()
    assert found.growth_unit.item() == "units a year"
    assert (found.growth_trend.item(), found.growth_required.item()) == pytest.approx((1.0, 3.0))
    assert found.required.item() == pytest.approx(0.2)


def test_a_range_is_reached_by_the_smallest_change(hand):
    model = hand(drift=0.0, sigma=0.02)
    up, down, kept, narrow = (
        sx.Target(id=name, label=name, condition=within(*ends))
        for name, ends in (
            ("up", (120, 140)),
            ("down", (60, 80)),
            ("kept", (80, 120)),
            ("narrow", (120, 120.1)),
        )
    )
    found = sx.goal_seek(model, [up, down, kept, narrow], probability=0.8, rng=0).squeeze()
    assert found.status.values.tolist() == [
        "found",
        "found",
        "reached already",
        "not reachable within bounds",
    ]
    assert found.required.sel(target="up") > 0 > found.required.sel(target="down")
    assert found.required.sel(target="kept") == 0
    assert found.achieved.sel(target="narrow") < 0.1
    np.testing.assert_allclose(found.achieved[:2], 0.8, atol=1e-6)


def test_bounds_say_what_is_reached_at_their_end(hand, aim):
    target = aim(level=150.0, years=[2016])
    found = sx.goal_seek(hand(), target, probability=[0.5, 0.9], bounds=(0.0, 0.06)).squeeze()
    assert found.status.values.tolist() == ["found", "not reachable within bounds"]
    assert np.isnan(found.required[1])
    assert found.achieved[1].item() == pytest.approx(stats.norm.cdf((4 * 0.11 - np.log(1.5)) / 0.2))
    easy = sx.goal_seek(hand(), aim(level=100.0, years=[2016]), probability=0.5, bounds=(0.0, 0.06)).squeeze()
    assert (easy.status.item(), easy.required.item()) == ("reached already", 0.0)
    assert easy.achieved > 0.5


def test_what_figures_have_decided_needs_nothing(table, aim):
    walk = sx.RandomWalk(drift=0.05, sigma=0.1)
    grown = sx.Grown(name="y", carrier=sx.Log(), law=walk, last_value=130.0, last_year=2012)
    model = sx.GrowthModel(indicators=(grown,), last_year=2012, history=table(y=[100.0, 130.0]))
    targets = [aim("hit", level=120.0, years=[2012]), aim("missed", level=120.0, years=[2011, 2014])]
    found = sx.goal_seek(model, targets, probability=0.5, together=True).squeeze()
    assert found.status.values.tolist() == ["reached already", "not reachable within bounds"]
    assert found.achieved.values.tolist() == [1.0, 0.0]
    assert found.joint_status.item() == "not reachable within bounds"


def test_all_together_need_as_much_as_the_hardest(hand, aim):
    model = hand("a", "b", "c", correlation=[[1, 0.5, 0], [0.5, 1, 0], [0, 0, 1]])
    targets = [aim("A", of="a", years=[2016]), aim("B", of="b", level=140.0, years=[2016])]
    found = sx.goal_seek(model, targets, probability=0.6, together=True, rng=0)
    assert found.joint_required > found.required.max()
    assert 0 < found.joint_standard_error < 1e-5
    both = sx.AllOf(parts=tuple(target.condition for target in targets))
    whole = sx.goal_seek(model, sx.Target(id="W", label="W", condition=both), probability=0.6, rng=0)
    assert whole.required.item() == pytest.approx(found.joint_required.item(), abs=1e-5)
    assert np.isnan(whole.growth_required).all()


def test_what_cannot_be_assessed_says_why(hand, aim):
    model = hand("y", "z")
    torn = sx.AnyOf(parts=(aim().condition, aim(relation=DOWN, level=50.0).condition))
    targets = [aim(), sx.Target(id="torn", label="", condition=torn), aim("gone", of="nowhere")]
    whole = sx.goal_seek(model, targets, probability=0.5, together=True, method=FEW, rng=0)
    found = whole.squeeze()
    assert found.status.values.tolist() == ["found", "cannot be assessed", "cannot be assessed"]
    assert found.joint_status.item() == "cannot be assessed"
    assert found.joint_reason.item() == found.reason[1].item()
    assert found.joint_reason.item() in " ".join(sx.render_goal_seek(whole).split())
    assert found.reason.values.tolist() == [
        "",
        "more growth helps one of its alternatives and hinders another",
        "there is no series 'nowhere'",
    ]


def test_what_is_computed_from_others_cannot_be_lifted(hand, aim):
    identity = sx.Identity(indicator="ratio", expression="y / z")
    model = replace(hand("y", "z"), identities=(identity,))
    found = sx.goal_seek(model, aim(of="ratio", level=1.2), probability=0.5, method=FEW)
    assert "'ratio' is computed from others by an identity" in found.reason.item()
    assert sx.largest_target(model, aim(of="ratio", level=1.2), method=FEW, rng=0).status.item() == "found"


def test_laws_that_are_walked_and_given_paths_are_counted(hand, aim):
    walked = sx.StudentShocks(drift=0.05, sigma=0.1, dof=4.0)
    grown = sx.Grown(name="y", carrier=sx.Log(), law=walked, last_value=100.0, last_year=2012)
    model = sx.GrowthModel(indicators=(grown,), last_year=2012)
    target = aim(level=150.0, years=[2014, 2016])
    found = sx.goal_seek(model, target, probability=0.6, method=FEW, rng=0)
    back = sx.attainment(model, target, scenarios=pulled(100 * found.required.item()), rng=1)
    error = np.hypot(found.achieved_error.item(), back.standard_error.item())
    assert abs(back.probability.item() - 0.6) < 4 * error
    told = hand("y", "z", correlation=[[1.0, 0.7], [0.7, 1.0]]).given({"z": {2014: 150.0}})
    lucky = sx.goal_seek(told, aim(level=150.0, years=[2016]), probability=0.6, method=FEW, rng=0)
    assert (
        lucky.required
        < sx.goal_seek(hand("y", "z"), aim(level=150.0, years=[2016]), probability=0.6).required
    )


def pulled(size):
    return sx.Scenario(id="s", label="s", changes=(sx.Pull(lever=lever(size), start=2013),))


def test_members_of_a_batch_have_answers_of_their_own(panel, aim, tmp_path):
    model = sx.fit(panel, until=2012)
    found = sx.goal_seek(model, aim(level=20.0), probability=[0.5, 0.8], method=None, rng=0)
    assert found.required.dims == ("target", "probability", "province")
    assert found.required.isel(province=0, target=0).notnull().all()
    assert found.required.isel(target=0, probability=0)[0] < found.required.isel(target=0, probability=0)[1]
    assert found.status.sel(province="c").values.tolist() == [["cannot be assessed"] * 2]
    assert found.growth_past.dims == ("target", "year", "province")
    file = sx.save(xr.DataTree(found), tmp_path / "found.nc")
    xr.testing.assert_identical(sx.open_result(file).to_dataset(), found)


def test_under_rules_that_react_to_growth_the_answer_is_searched():
    plan = sx.load_plan("shanxi-2014")
    model, target, review = (
        sx.fit(plan.history, until=2012),
        plan.target("H1"),
        plan.scenario("midterm_review"),
    )
    found = sx.goal_seek(model, target, probability=0.3, scenario=review, method=FEW, rng=0)
    trend = sx.goal_seek(model, target, probability=0.3, method=FEW, rng=0)
    assert 0 < found.required < trend.required
    assert abs(found.achieved.item() - 0.3) < found.achieved_error.item()
    assert found.required_spread.isnull().all()


def test_a_dose_goes_with_the_returns_of_its_lever(hand, aim):
    model, target = hand(drift=0.0, sigma=0.1), aim(level=110.0, years=[2016])
    size = 100 * (np.log(1.1) / 4)
    found = sx.goal_seek(model, target, lever=lever(size), probability=0.5, bounds=(0, 4))
    assert found.required.item() == pytest.approx(1.0)
    root = lever(size, returns=sx.PowerReturns(exponent=0.5))
    twice = sx.goal_seek(
        model, aim(level=1.1**2 * 100, years=[2016]), lever=root, probability=0.5, bounds=(0, 9)
    )
    assert twice.required.item() == pytest.approx(4.0)
    said = f"lever L: moves y by {size:g} log points a year (somebody said so)"
    assert found.attrs["assumption"] == said


def test_a_dose_that_does_not_do_and_one_that_need_not_be_given(hand, aim):
    model = hand(drift=0.0, sigma=0.1)
    targets = [aim("hard", level=200.0, years=[2016]), aim("easy", level=90.0, years=[2016])]
    found = sx.goal_seek(model, targets, lever=lever(), probability=0.5, together=True, rng=0).squeeze()
    assert found.status.values.tolist() == ["not reachable within bounds", "reached already"]
    assert np.isnan(found.required[0]) and found.required[1] == 0
    assert found.achieved[0].item() == pytest.approx(stats.norm.sf((np.log(2) - 0.08) / 0.2))
    assert found.joint_status.item() == "not reachable within bounds"


def test_more_of_a_lever_may_be_too_much(hand):
    target = sx.Target(id="T", label="T", condition=within(115, 125))
    found = sx.goal_seek(
        hand(drift=0.0, sigma=0.01), target, lever=lever(5.0), probability=0.7, bounds=(0, 4), rng=0
    )
    assert found.status.item() == "found"
    assert 0.6 < found.required.item() < 1.0


def test_a_lever_is_pulled_as_the_scenario_does(hand, aim):
    target, fund = aim(level=110.0, years=[2016]), lever(3.0)
    late = sx.Scenario(id="late", label="Late", changes=(sx.Pull(lever=fund, start=2015),))
    found = sx.goal_seek(hand(drift=0.0), target, lever="L", scenario=late, probability=0.5, bounds=(0, 3))
    assert found.attrs["start"] == "2015"
    assert found.required.item() == pytest.approx(np.log(1.1) / 0.06)
    early = sx.goal_seek(hand(drift=0.0), target, lever=fund, start=2014, probability=0.5, bounds=(0, 3))
    assert early.required.item() == pytest.approx(np.log(1.1) / 0.09)


@pytest.mark.parametrize("share", [0.0, 1.0, 1.5, "half", [], [0.5, np.nan]])
def test_a_probability_lies_between_0_and_1(hand, aim, share):
    with pytest.raises(RequestError, match="Give one between 0 and 1"):
        sx.goal_seek(hand(), aim(), probability=share)


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"bounds": (1.0, 0.5)}, r"bounds=\(1.0, 0.5\) are not in order"),
        ({"bounds": (-1.0, 0.5), "lever": lever()}, "or a dose is negative"),
        ({"scenario": "trend"}, "scenario='trend' is no scenario"),
        ({"method": sx.MonteCarlo(until_error=0.01)}, "what every path needs is ordered"),
        ({"method": sx.MonteCarlo(antithetic=True)}, "Give sx.MonteCarlo"),
        ({"lever": 3}, "lever=3 is no lever"),
        ({"lever": sx.Lever(id="L", label="L")}, "nobody has said what it does"),
    ],
)
def test_requests_that_cannot_be_answered(hand, aim, more, text):
    with pytest.raises(RequestError, match=text):
        sx.goal_seek(hand(), aim(), **more)


def test_a_method_that_has_no_answer_is_refused(aim):
    walked = sx.StudentShocks(drift=0.05, sigma=0.1, dof=4.0)
    grown = sx.Grown(name="y", carrier=sx.Log(), law=walked, last_value=100.0, last_year=2012)
    model = sx.GrowthModel(indicators=(grown,), last_year=2012)
    with pytest.raises(RequestError, match="'T1' cannot be answered by Exact"):
        sx.goal_seek(model, aim(years=[2014, 2015]), method=sx.Exact(), rng=0)


def test_a_lever_that_is_not_known(hand, aim):
    with pytest.raises(UnknownNameError, match=r"no lever 'grwth'\. Did you mean 'growth'"):
        sx.goal_seek(hand(), aim(), lever="grwth")
