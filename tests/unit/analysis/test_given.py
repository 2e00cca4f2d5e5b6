"""Questions put to a model that was told figures of years to come."""

from __future__ import annotations

import numpy as np
import pytest

import sxsim as sx
from sxsim.analysis.counting.monte_carlo import counted_answers, counter_of, setting_of
from sxsim.analysis.integrals.quasi import obstacle
from sxsim.analysis.question import ask
from sxsim.errors import RequestError
from sxsim.fitting import fit
from sxsim.processes.mixture import StudentT
from sxsim.scenarios import Policy, compile_scenarios
from sxsim.streams import Seed

TIED = np.array([[1.0, 0.6, 0.0], [0.6, 1.0, 0.0], [0.0, 0.0, 1.0]])
PATH = {"a": {2013: 110.0, 2014: 130.0}}


@pytest.fixture
def told(hand):
    return hand("a", "b", "c", correlation=TIED).given(PATH)


def closed_form(year):
    """Law of b after the path of a: a walk whose first two shocks are known in part."""
    shocks = (np.diff(np.log([100.0, 110.0, 130.0])) - 0.05) / 0.1
    steps = year - 2012
    location = 0.05 * steps + 0.1 * 0.6 * shocks[: min(steps, 2)].sum()
    variance = 0.01 * (0.64 * min(steps, 2) + max(steps - 2, 0))
    return StudentT(location=np.array(location), spread=np.array(variance**0.5), dof=np.array(np.inf))


def test_concerned_questions_are_counted_and_others_are_not(told, aim):
    targets = [aim("A", of="a", level=150.0), aim("B", of="b", level=150.0), aim("C", of="c", level=120.0)]
    odds = sx.attainment(told, targets, rng=1)
    assert odds.route[0].to_numpy().tolist() == ["monte-carlo", "monte-carlo", "exact"]
    assert odds.joint_route.item() == "monte-carlo"
    want = closed_form(2015).at_least(np.log(1.5)).item()
    error = odds.standard_error.sel(target="B").item()
    assert abs(odds.probability.sel(target="B").item() - want) < 4.5 * error
    plain = sx.attainment(told.conditions.base, targets[2], rng=1)
    assert odds.probability.sel(target="C").item() == plain.probability.item()


def test_several_years_of_an_untied_indicator_are_integrated_as_before(told, aim):
    target = aim("C", of="c", level=100.0, years=(2014, 2015))
    for method in (None, sx.Sobol(), sx.Exact()):
        one, two = (sx.attainment(m, target, method=method, rng=1) for m in (told, told.conditions.base))
        assert one.probability.item() == two.probability.item()
        assert one.route.item() != "monte-carlo"


@pytest.mark.parametrize("method", [sx.Exact(), sx.Sobol()])
@pytest.mark.parametrize("years", [(2015,), (2014, 2015)])
def test_integrals_refuse_and_name_the_call_that_works(told, aim, method, years):
    message = r"Target 'B' cannot be answered by .*: the law of b follows from figures .*MonteCarlo\(draws"
    with pytest.raises(RequestError, match=message):
        sx.attainment(told, aim("B", of="b", level=150.0, years=years), method=method)


def test_what_stands_in_the_way_is_named(told, aim):
    question = ask(aim(of="b", level=150.0, years=(2014, 2015)), told)
    assert obstacle(question.rows, told) == "b: the law is another by figures given for years to come"


def test_known_events_are_not_used(told, hand, aim):
    walked = sx.StudentShocks(drift=0.05, sigma=0.1, dof=4.0)
    grown = tuple(
        sx.Grown(name=name, carrier=sx.Log(), law=walked, last_value=100.0, last_year=2012) for name in "ab"
    )
    model = sx.GrowthModel(indicators=grown, last_year=2012, correlation=TIED[:2, :2])
    question = ask(aim(of="b", level=120.0, years=(2014, 2015)), model)
    for one, used in ((model, True), (model.given(PATH), False)):
        method = sx.MonteCarlo(draws=10_000)
        policies = compile_scenarios((sx.TREND,), one, 3)
        setting = setting_of([question], one, policies, method)
        found = counter_of([question], [0], setting, method=method, seed=Seed.of(1))
        assert (found.control is not None) == used


def test_cells_of_a_given_indicator_count_as_models(table, aim):
    """What is not known of the given one is not known of those that follow it."""
    rows = {"a": [1, 1.2, 1.1, 1.5, 1.6, 1.7, 1.9], "b": [1, 1.3, 1.4]}
    rows["b"] = [np.nan] * 4 + rows["b"]
    model = fit(table(**rows))
    model = sx.GrowthModel(
        indicators=model.indicators,
        last_year=2012,
        history=model.history,
        correlation=np.array([[1.0, 0.9], [0.9, 1.0]]),
    )
    target = aim(of="b", level=1.8)
    assert sx.attainment(model, target, rng=1, method=sx.MonteCarlo()).variance_model.item() == 0.0
    after = sx.attainment(model.given({"a": {2014: 1.7}}), target, rng=1)
    parts = [after[f"variance_{kind}"].item() for kind in ("shock", "parameter", "model")]
    p = after.probability.item()
    assert sum(parts) == pytest.approx(p * (1 - p))
    assert min(parts) > 0


def test_moving_levels_follow_too(told, aim):
    odds = sx.attainment(told, aim(of="b", level="a", years=(2015,)), rng=1)
    paths = sx.simulate(told, horizon=3, draws=100_000, rng=1, indicators=["a", "b"])
    assert odds.probability.item() == (paths.b >= paths.a).sel(year=2015).mean().item()


def test_a_forecast_is_a_fixed_simulation_where_it_must_be(told):
    fan = sx.forecast(told, horizon=4, quantiles=(0.1, 0.5, 0.9))
    assert fan.b.attrs["fixed_draws"] == fan.a.attrs["fixed_draws"] == 65_536
    assert "fixed_draws" not in fan.c.attrs
    np.testing.assert_array_equal(
        fan.c, sx.forecast(told.conditions.base, horizon=4, quantiles=(0.1, 0.5, 0.9)).c
    )
    np.testing.assert_allclose(fan.a.sel(year=[2013, 2014]), [[110.0, 130.0]] * 3, rtol=1e-12)
    for year in range(2013, 2017):
        law = closed_form(year)
        for p in (0.1, 0.5, 0.9):
            found = np.log(fan.b.sel(year=year, quantile=p).item() / 100.0)
            assert abs(law.at_most(np.array(found)) - p) < 4.5 * (p * (1 - p) / 65_536) ** 0.5
    np.testing.assert_array_equal(fan.b, sx.forecast(told, horizon=4, quantiles=(0.1, 0.5, 0.9)).b)


def test_a_fan_is_not_drawn_in_where_figures_are_given(table):
    model = fit(table(y=[1, 1.02, 1.04, 1.03, 1.05, 1.07])).given({"y": {2013: 40.0}})
    fan = sx.forecast(model, horizon=2)
    np.testing.assert_allclose(fan.y.sel(year=2013), 40.0)
    assert "capped" not in fan.y.attrs


def test_the_chance_of_a_level_after_a_path(told):
    chance = sx.forecast(told, horizon=3, at_least={"b": 150.0, "a": 130.0})
    want = closed_form(2015).at_least(np.log(1.5)).item()
    assert chance.b.sel(year=2015).item() == pytest.approx(want, abs=4.5 * 0.5 / 65_536**0.5)
    assert chance.a.sel(year=[2013, 2014]).to_numpy().tolist() == [0.0, 1.0]


def test_a_score_knows_where_the_truth_stood(told, table):
    truth = table(last=2014, b=[105.0, 120.0])
    found = sx.scores.law_scores(told, truth).b
    assert np.isnan(found.sel(measure="log_score")).all()
    want = closed_form(2014).at_most(np.log(1.2)).item()
    assert found.sel(measure="pit", year=2014).item() == pytest.approx(want, abs=4.5 * 0.5 / 65_536**0.5)


def test_a_scenario_is_replayed_over_the_told_world(told, aim):
    faster = sx.Scenario(
        id="faster",
        label="Faster",
        changes=(sx.PlannedGrowth(indicator="b", base_value=100.0, base_year=2012, growth=0.2),),
    )
    paths = sx.simulate(told, [sx.TREND, faster], horizon=3, draws=1000, rng=1)
    base = sx.simulate(told.conditions.base, [sx.TREND, faster], horizon=3, draws=10, rng=1)
    gain = [np.log(p.b.sel(scenario="faster") / p.b.sel(scenario="trend")) for p in (paths, base)]
    np.testing.assert_allclose(gain[0].isel(draw=slice(10)), gain[1], rtol=1e-9)


def test_scenarios_of_a_told_model_stand_beside_the_others(told, aim):
    """A policy may be replayed over another world than its neighbour: streams are shared, so it is paired."""
    base = told.conditions.base
    policies = [Policy(scenario=name, model=m, offsets={}) for name, m in (("trend", base), ("boom", told))]
    questions = [ask(aim(name, of=of, level=150.0), base) for name, of in (("B", "b"), ("C", "c"))]
    method, seed = sx.MonteCarlo(draws=50_000), Seed.of(3)
    both = counted_answers(questions, questions, base, policies, method=method, seed=seed)
    for policy, (answers, joint) in zip(policies, both, strict=True):
        (alone,) = counted_answers(questions, questions, base, [policy], method=method, seed=seed)
        assert [a.probability.item() for a in alone[0]] == [a.probability.item() for a in answers]
        assert alone[1].probability.item() == joint.probability.item()
    (trend, boom) = ([a.probability.item() for a in answers] for answers, _ in both)
    assert boom[1] == trend[1]
    want = closed_form(2015).at_least(np.log(1.5)).item()
    assert boom[0] == pytest.approx(want, abs=4.5 * (want * (1 - want) / 50_000) ** 0.5)


def test_what_is_derived_follows_its_parts(hand, aim):
    share = sx.Identity(indicator="share", expression="b / a")
    plain = hand("a", "b", "c", correlation=TIED, identities=[share])
    model = plain.given(PATH)
    assert model.concerned(["share", "c"]) == {"share"}
    assert model["a"].name == "a"
    paths = sx.simulate(model, horizon=3, draws=500, rng=1)
    np.testing.assert_allclose(paths.share, paths.b / paths.a, rtol=1e-12)
    alone = sx.simulate(model, horizon=3, draws=500, rng=1, indicators="share")
    assert list(alone.data_vars) == ["share"]
    np.testing.assert_array_equal(alone.share, paths.share)
    odds = sx.attainment(model, aim(of="share", level=1.0), rng=1)
    assert odds.route.item() == "monte-carlo"
    with pytest.raises(sx.SxsimError, match=r"'share' is derived, not fitted"):
        plain.given({"share": {2013: 1.0}})
