from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim import __version__
from sxsim.analysis import attainment
from sxsim.errors import RequestError
from sxsim.fitting import fit, learned_prior
from sxsim.io import open_result, save
from sxsim.plan import TREND, PlannedGrowth, Relation, Scenario
from sxsim.simulation import Exact, MonteCarlo, Sobol
from sxsim.streams import Seed

FASTER = Scenario(
    id="faster",
    label="Faster",
    changes=(PlannedGrowth(indicator="y", base_value=2.0, base_year=2012, growth=0.2),),
)
QUICK = Sobol(points=256, replicates=4)


def value(odds, name="T1", field="probability", scenario="trend"):
    return odds[field].sel(scenario=scenario, target=name).item()


def test_one_level_in_one_year_has_a_closed_form(model, aim):
    odds = attainment(model, aim(level=2.5), rng=0)
    law = model["y"].law.marginal(3)
    expected = law.at_least(np.log(2.5 / 2.0))[0]
    assert value(odds, field="route") == "exact"
    assert value(odds) == pytest.approx(expected, rel=1e-12)
    assert value(odds, field="standard_error") == 0.0
    assert odds.joint.item() == pytest.approx(expected, rel=1e-12)
    assert odds.joint_route.item() == "exact"


def test_the_result_has_the_agreed_shape(model, aim):
    odds = attainment(
        model, [aim("A", level=2.5), aim("B", of="z", level=2.4)], scenarios=(TREND, FASTER), rng=0
    )
    assert odds.probability.dims == odds.route.dims == ("scenario", "target")
    assert odds.joint.dims == ("scenario",)
    assert odds.scenario.values.tolist() == ["trend", "faster"]
    assert odds.target.values.tolist() == ["A", "B"]
    assert odds.attrs["sxsim_version"] == __version__
    assert (odds.attrs["method"], odds.attrs["seed_entropy"]) == ("best allowed", "0")
    assert (odds.attrs["data_until"], odds.attrs["joint_targets"]) == (2012, "A, B")
    assert value(odds, "A", scenario="faster") > value(odds, "A")
    assert value(odds, "B", scenario="faster") == value(odds, "B")


@pytest.mark.parametrize("method", [None, Exact(), QUICK, MonteCarlo(draws=3000)])
def test_parts_of_the_uncertainty_sum_up(model, aim, method):
    odds = attainment(model, aim(level=2.5), method=method, rng=0)
    p = odds.probability
    parts = odds.variance_shock + odds.variance_parameter + odds.variance_model
    np.testing.assert_allclose(parts, p * (1 - p), rtol=1e-12)
    for part in (odds.variance_shock, odds.variance_parameter, odds.variance_model):
        assert (part >= -1e-15).all()
    assert odds.attrs["method"] == ("best allowed" if method is None else repr(method))


@pytest.mark.parametrize("method", [Exact(), QUICK, MonteCarlo(draws=5000)])
@pytest.mark.parametrize("level", [1.5, 2.5])
def test_at_most_is_what_at_least_leaves(model, aim, method, level):
    pair = [aim("low", level=level, relation=Relation.AT_MOST), aim("high", level=level)]
    odds = attainment(model, pair, method=method, rng=0)
    tolerance = 1e-3 if method == QUICK else 1e-12
    assert odds.probability.sum("target").item() == pytest.approx(1.0, abs=tolerance)


def test_several_years_are_integrated(model, aim):
    odds = attainment(
        model, [aim("A", level=2.1, years=(2014, 2016)), aim("B", level=2.1, years=(2016,))], rng=0
    )
    assert value(odds, "A", "route") == "separation of variables"
    assert 0 < value(odds, "A") < value(odds, "B")
    assert 0 < value(odds, "A", "standard_error") < 0.01


def test_a_moving_level_is_integrated_too(model, aim):
    odds = attainment(model, [aim("A", level="z"), aim("B", level="z", relation=Relation.AT_MOST)], rng=0)
    assert odds.route.values.ravel().tolist() == ["separation of variables"] * 2
    assert float(odds.probability.sum()) == pytest.approx(1.0, abs=5e-3)


def test_moving_levels_on_another_scale_are_counted(balances, aim):
    assert balances["y"].carrier != balances["z"].carrier
    odds = attainment(balances, aim(level="z"), rng=0)
    assert value(odds, field="route") == odds.joint_route.item() == "monte-carlo"
    assert 0 < value(odds) < 1


def test_together_with_others_they_are_counted_too(balances, aim):
    odds = attainment(balances, [aim("A", level="z"), aim("B", level=3.0)], rng=0)
    assert odds.route.values.ravel().tolist() == ["monte-carlo", "exact"]
    assert odds.joint_route.item() == "monte-carlo"
    assert odds.joint_lower.item() - 0.01 <= odds.joint.item() <= odds.joint_upper.item() + 0.01


def test_years_already_seen_are_settled(model, aim):
    odds = attainment(
        model, [aim("kept", level=1.4, years=(2010, 2012)), aim("broken", level=1.9, years=(2011,))], rng=0
    )
    assert odds.route.values.ravel().tolist() == ["observed"] * 2
    assert odds.probability.values.ravel().tolist() == [1.0, 0.0]
    assert odds.standard_error.values.ravel().tolist() == [0.0, 0.0]
    assert (odds.joint.item(), odds.joint_route.item()) == (0.0, "observed")


def test_a_target_broken_already_stays_broken(model, aim):
    odds = attainment(model, aim(level=1.9, years=tuple(range(2010, 2016))), rng=0)
    assert (value(odds), value(odds, field="route")) == (0.0, "observed")


def test_years_kept_so_far_leave_the_ones_to_come(model, aim):
    odds = attainment(
        model, [aim("A", level=1.7, years=(2011, 2012, 2013)), aim("B", level=1.7, years=(2013,))], rng=0
    )
    assert value(odds, "A", "route") == "exact"
    assert value(odds, "A") == value(odds, "B")


def test_all_together_lies_between_the_bounds(model, aim):
    odds = attainment(model, [aim("A", level=2.3), aim("B", of="z", level=2.3, years=(2016,))], rng=0)
    a, b = value(odds, "A"), value(odds, "B")
    assert odds.joint_independent.item() == pytest.approx(a * b)
    assert odds.joint_lower.item() == pytest.approx(max(a + b - 1, 0))
    assert odds.joint_upper.item() == pytest.approx(min(a, b))
    assert odds.joint_lower.item() <= odds.joint.item() <= odds.joint_upper.item()
    assert odds.joint_route.item() == "common direction"


def test_proxies_are_left_out_of_all_together(model, aim):
    odds = attainment(model, [aim("A", level=2.5), aim("P", of="z", level=9.0, proxy_for="A")], rng=0)
    assert odds.attrs["joint_targets"] == "A"
    assert odds.joint.item() == value(odds, "A")
    assert odds.proxy_for.values.tolist() == ["", "A"]


@pytest.mark.parametrize("method", [None, MonteCarlo(draws=200)])
def test_the_record_names_what_was_put_together(model, aim, method):
    odds = attainment(model, aim("P", level=2.5, proxy_for="A"), method=method, rng=0)
    assert bool(odds.attrs["joint_targets"]) == bool(np.isfinite(odds.joint.item()))


def test_what_cannot_be_judged_stays_with_its_reason(model, aim):
    targets = [aim("A", level=2.5), aim("B", of="nothing"), aim("C", not_assessable="nobody counted")]
    odds = attainment(model, targets, rng=0)
    assert odds.reason.values.tolist() == ["", "there is no series 'nothing'", "nobody counted"]
    assert np.isfinite(odds.probability.values.ravel()).tolist() == [True, False, False]
    assert odds.route.values.ravel().tolist() == ["exact", "not assessed", "not assessed"]
    assert odds.attrs["joint_targets"] == "A"


def test_nothing_to_judge_is_an_answer_too(model, aim):
    odds = attainment(model, aim(of="nothing"), rng=0)
    assert np.isnan(odds.probability.item())
    assert np.isnan(odds.joint.item())
    assert odds.joint_route.item() == "not assessed"


@pytest.mark.parametrize("method", [None, QUICK, MonteCarlo(draws=400)])
def test_each_member_of_a_batch_has_its_answer(panel, aim, method):
    odds = attainment(
        fit(panel), [aim("A", level=9.0), aim("B", level=30.0, years=(2016,))], method=method, rng=0
    )
    assert odds.probability.dims == ("scenario", "target", "province")
    assert odds.joint.dims == ("scenario", "province")
    assert odds.province.values.tolist() == ["a", "b", "c"]
    assert (
        odds.probability.sel(province="a").values.ravel()[0]
        > odds.probability.sel(province="b").values.ravel()[0]
    )


@pytest.mark.parametrize("method", [None, Exact(), QUICK, MonteCarlo(draws=400)])
def test_a_member_without_figures_has_no_probability(panel, aim, method):
    odds = attainment(fit(panel), aim(level=9.0), method=method, rng=0)
    assert np.isfinite(odds.probability.values.ravel()).tolist() == [True, True, False]
    assert np.isfinite(odds.joint.values.ravel()).tolist() == [True, True, False]


def test_members_that_broke_the_target_are_out(panel, aim):
    two = panel.isel(province=[0, 1])
    odds = attainment(fit(two), aim(level=9.0, years=(2012, 2014)), rng=0)
    assert odds.probability.sel(province="b").item() == 0.0
    assert odds.standard_error.sel(province="b").item() == 0.0
    assert odds.probability.sel(province="a").item() > 0.5


def test_the_seed_is_recorded_and_repeats_the_run(model, aim):
    target = aim(level=2.1, years=(2014, 2016))
    first = attainment(model, target)
    xr.testing.assert_identical(first, attainment(model, target, rng=int(first.attrs["seed_entropy"])))
    generator = np.random.default_rng(1)
    odds = attainment(model, target, rng=generator)
    assert odds.attrs["seed_entropy"] == str(Seed.of(np.random.default_rng(1)).entropy)


@pytest.mark.parametrize("known", [2, 1, 0])
def test_odds_can_be_kept(model, aim, tmp_path, known):
    targets = [aim("H1"), aim("H2", years=(2014, 2015)), aim("H3", of="nothing")][2 - known :]
    odds = attainment(model, targets, rng=2**127 + 1)
    assert odds.attrs["joint_targets"] == ["", "H2", "H1, H2"][known]
    tree = open_result(save(xr.DataTree(odds), tmp_path / "odds.nc"))
    xr.testing.assert_identical(tree.to_dataset(), odds)


def test_odds_of_a_batch_can_be_kept(panel, aim, tmp_path):
    odds = attainment(fit(panel), [aim("H1", level=9.0), aim("H2", level=8.0)], rng=0)
    tree = open_result(save(xr.DataTree(odds), tmp_path / "odds.nc"))
    xr.testing.assert_identical(tree.to_dataset(), odds)


@pytest.mark.parametrize(
    "years_and_level", [((2014, 2016), 2.1), ((2015,), "z"), ((2010, 2014, 2015), 1.2)], ids=str
)
def test_exact_integrates_where_there_is_no_closed_form(model, aim, years_and_level):
    years, level = years_and_level
    odds = attainment(model, aim("H1", level=level, years=years), method=Exact(error=1e-4), rng=0)
    best = attainment(model, aim("H1", level=level, years=years), rng=1)
    assert value(odds, "H1", "standard_error") <= 1e-4
    error = np.hypot(value(odds, "H1", "standard_error"), value(best, "H1", "standard_error"))
    assert abs(value(odds, "H1") - value(best, "H1")) < 4 * error
    assert value(odds, "H1", "route") in ("separation of variables", "exact")


def test_exact_is_refused_on_two_scales(balances, aim):
    message = (
        r"Target 'H1' has no exact answer\. Y and its level z grow on different scales\. "
        r"Leave out method=, or use method=sx\.Sobol\(\) or sx\.MonteCarlo\("
    )
    with pytest.raises(RequestError, match=message):
        attainment(balances, aim("H1", level="z"), method=Exact(), rng=0)


def test_exact_is_refused_where_cells_decide_the_scale(table, aim):
    learned = fit(
        table(y=np.exp(0.1 * np.arange(8) ** 1.1), z=np.exp(0.05 * np.arange(8))), prior=learned_prior()
    )
    with pytest.raises(
        RequestError, match=r"Y and its level z move, on a scale that the cell decides\. Leave"
    ):
        attainment(learned, aim("H1", level="z"), method=Exact(), rng=0)


def test_exact_is_refused_for_several_years_without_uncertainty(hand, aim):
    with pytest.raises(
        RequestError, match=r"'H1' has no exact answer\. Y: nothing there is uncertain\. Leave"
    ):
        attainment(hand(sigma=0.0), aim("H1", years=(2014, 2015)), method=Exact(), rng=0)


@pytest.mark.parametrize("method", ["sobol", Exact, 1000])
def test_refuses_what_is_no_method(model, aim, method):
    with pytest.raises(RequestError, match=r"method=.*sx\.MonteCarlo\("):
        attainment(model, aim(), method=method, rng=0)


def test_refuses_no_target_or_one_twice(model, aim):
    paths = xr.Dataset()
    for source in (model, paths):
        with pytest.raises(RequestError, match=r"No target was given\. Give plan\.targets or one sx\.Target"):
            attainment(source, [])
        with pytest.raises(RequestError, match=r"Targets stand twice: A, B\. Give each its own id"):
            attainment(source, [aim("B"), aim("A"), aim("B"), aim("A")])


def test_refuses_no_scenario_or_one_twice(model, aim):
    with pytest.raises(RequestError, match=r"No scenario was given\. Leave out scenarios="):
        attainment(model, aim(), scenarios=())
    with pytest.raises(RequestError, match=r"Scenarios stand twice: trend\. Give each its own id"):
        attainment(model, aim(), scenarios=(TREND, TREND))


def test_refuses_targets_on_different_dimensions(panel, aim):
    both = fit(panel.isel(province=[0, 1]).assign(single=("year", panel.y.values[0])))
    message = r"The targets lie on different dimensions .*no batch.*province.*\. Ask them in separate calls"
    with pytest.raises(RequestError, match=message):
        attainment(both, [aim("A", level=9.0), aim("B", of="single", level=9.0)], rng=0)


def test_refuses_a_level_on_another_dimension(panel, aim):
    both = fit(panel.isel(province=[0, 1]).assign(single=("year", panel.y.values[0])))
    for years in ((2015,), (2011, 2015)):
        with pytest.raises(
            RequestError, match=r"'y' and 'single' differ in their dimensions\. Give both the same ba"
        ):
            attainment(both, aim(level="single", years=years), rng=0)


@pytest.mark.parametrize("years", [(2015,), (2014, 2015)])
def test_a_future_without_shocks_is_certain(hand, aim, years):
    still = hand(drift=0.05, sigma=0.0)
    odds = attainment(still, [aim("A", level=101.0, years=years), aim("B", level=150.0, years=years)], rng=0)
    assert odds.probability.values.ravel().tolist() == pytest.approx([1.0, 0.0], abs=1e-12)
    assert odds.joint.item() == pytest.approx(0.0, abs=1e-12)
