from __future__ import annotations

import numpy as np
import pytest

from sxsim.analysis import attainment
from sxsim.errors import RequestError
from sxsim.fitting import fit, walk_prior
from sxsim.plan import PlannedGrowth, Relation, Scenario
from sxsim.simulation import Exact, Sobol

QUICK = Sobol(points=512, replicates=4)


def ask(model, *targets, rng=0, method=QUICK, **more):
    return attainment(model, list(targets), method=method, rng=rng, **more)


def test_one_seed_gives_one_answer(model, aim):
    target = aim(level=2.1, years=(2014, 2016))
    first, again, other = (ask(model, target, rng=seed).probability.item() for seed in (0, 0, 1))
    assert first == again != other
    assert first == pytest.approx(other, abs=0.01)


def test_more_points_leave_less_error(model, aim):
    target = aim(level=2.1, years=(2014, 2016, 2018))
    few, many = (
        ask(model, target, method=Sobol(points=points)).standard_error.item() for points in (16, 2048)
    )
    assert many < few / 4


def test_a_single_year_may_be_forced_through_it(model, aim):
    odds = ask(model, aim(level=2.5))
    assert odds.route.item() == "separation of variables"
    assert odds.probability.item() == pytest.approx(
        attainment(model, aim(level=2.5)).probability.item(), abs=5e-3
    )


def test_a_condition_that_follows_from_another_changes_nothing(model, aim):
    odds = ask(model, aim("hard", level=2.5), aim("easy", level=2.2))
    assert odds.joint.item() == pytest.approx(odds.probability.sel(target="hard").item(), abs=5e-3)


def test_the_same_condition_twice_is_one(model, aim):
    odds = ask(model, aim("A", level=2.3, years=(2014, 2016)), aim("B", level=2.3, years=(2014, 2016)))
    assert odds.joint.item() == pytest.approx(odds.probability.values.ravel()[0], abs=1e-3)


def test_conditions_that_exclude_each_other_are_never_met(model, aim):
    odds = ask(model, aim("A", level=2.5), aim("B", level=2.4, relation=Relation.AT_MOST))
    assert odds.joint.item() == pytest.approx(0.0, abs=1e-3)
    assert odds.joint.item() >= odds.joint_lower.item() - 1e-12


def test_one_more_year_cannot_raise_the_probability(model, aim):
    spans = [tuple(range(2013, last + 1)) for last in (2014, 2016, 2019)]
    odds = ask(model, *[aim(f"to{years[-1]}", level=2.05, years=years) for years in spans])
    assert (np.diff(odds.probability.values[0]) < 0).all()


def test_a_series_that_ended_earlier_may_be_the_moving_level(table, aim):
    z = [1.5, 1.6, 1.55, 1.7, 1.9, 1.85, np.nan, np.nan]
    model = fit(table(y=[1.0, 1.1, 1.25, 1.3, 1.5, 1.7, 1.75, 2.0], z=z), prior=walk_prior())
    odds = ask(model, aim("A", level="z"), aim("B", level="z", relation=Relation.AT_MOST))
    assert odds.route.values.ravel().tolist() == ["separation of variables"] * 2
    assert odds.probability.sum().item() == pytest.approx(1.0, abs=5e-3)


def test_known_parameters_take_no_part(hand, aim):
    odds = ask(hand("y", "z"), aim(level="z", years=(2014, 2015)))
    assert odds.variance_parameter.item() == pytest.approx(0.0, abs=3e-3)
    assert odds.variance_shock.item() > 0.1


def test_equal_series_are_ahead_half_of_the_time(hand, aim):
    odds = ask(hand("y", "z", correlation=np.array([[1.0, 0.6], [0.6, 1.0]])), aim(level="z"))
    assert odds.probability.item() == pytest.approx(0.5, abs=2e-3)


def test_a_scenario_moves_the_conditions(model, aim):
    faster = PlannedGrowth(indicator="y", base_value=2.0, base_year=2012, growth=0.3)
    scenarios = [
        Scenario(id=name, label=name, changes=changes) for name, changes in (("a", ()), ("b", (faster,)))
    ]
    odds = ask(model, aim(level=2.2, years=(2014, 2016)), scenarios=scenarios)
    assert odds.probability.sel(scenario="b").item() > odds.probability.sel(scenario="a").item() + 0.1


def test_members_are_answered_as_if_alone(panel, aim):
    target = aim(level=9.0, years=(2014, 2016))
    odds = ask(fit(panel), target)
    for province in ("a", "b"):
        alone = ask(fit(panel.sel(province=province, drop=True)), target)
        assert odds.probability.sel(province=province).item() == pytest.approx(
            alone.probability.item(), rel=1e-9
        )


def test_an_error_below_that_of_the_factors_is_left_to_separation(model, aim):
    targets = aim("A", level=2.3), aim("B", of="z", level=2.3, years=(2016,))
    loose, tight = (ask(model, *targets, method=Exact(error=error)) for error in (1e-5, 1e-7))
    assert loose.joint_route.item() == "common direction"
    assert tight.joint_standard_error.item() <= 1e-7
    assert abs(loose.joint.item() - tight.joint.item()) < 4 * loose.joint_standard_error.item()


@pytest.mark.parametrize("method", [Exact(), Sobol(until_error=1e-5)])
def test_all_together_reach_the_error_too(panel, aim, method):
    odds = ask(fit(panel), aim("A", level=9.0), aim("B", level=8.0, years=(2014, 2016)), method=method)
    for name in ("standard_error", "joint_standard_error"):
        assert float(odds[name].max()) <= 1e-5


def test_what_is_not_reached_is_refused(model, aim):
    with pytest.raises(RequestError, match=r"An error of 1e-12 is not reached: .* Take sx\.Exact\(error="):
        ask(model, aim(level=2.1, years=(2014, 2016)), method=Exact(error=1e-12))
