from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim.analysis import attainment, compare
from sxsim.analysis.contrast import paired_error
from sxsim.errors import RequestError, UnknownNameError
from sxsim.plan import TREND, PlannedGrowth, Scenario
from sxsim.simulation import MonteCarlo, Sobol, simulate

DRAWS = 4000
PUSH = Scenario(
    id="push",
    label="Push",
    changes=(PlannedGrowth(indicator="y", base_value=100.0, base_year=2012, growth=0.08),),
)
SAME = Scenario(id="same", label="Nothing else")


@pytest.fixture
def model(hand):
    return hand("y", "z", correlation=np.array([[1.0, 0.6], [0.6, 1.0]]))


@pytest.fixture
def targets(aim):
    return [aim("T1"), aim("T2", of="z", level=110.0), aim("T3", of="w")]


def test_closed_forms_are_subtracted(model, targets):
    gain = compare(model, targets, scenarios=PUSH, rng=1)
    odds = attainment(model, targets, scenarios=[TREND, PUSH], rng=1)
    assert gain.scenario.values.tolist() == ["trend", "push"]
    np.testing.assert_array_equal(gain.difference, odds.probability - odds.probability.sel(scenario="trend"))
    assert float(gain.standard_error.sel(target="T1").max()) == 0.0
    assert gain.route.values[:, 0].tolist() == ["baseline", "exact"]
    assert gain.route.values[1, 2] == "not assessed"
    assert gain.reason.values.tolist() == ["", "", "there is no series 'w'"]
    assert gain.joint_route.values.tolist() == ["baseline", "common direction"]
    difference = float(odds.joint[1] - odds.joint[0])
    assert float(gain.joint_difference[1]) == difference > 0.05


def test_paired_draws_agree_with_closed_forms_within_four_errors(model, targets):
    exact = compare(model, targets, scenarios=PUSH, rng=1)
    counted = compare(model, targets, scenarios=PUSH, method=MonteCarlo(draws=DRAWS), rng=1)
    for name, error in (("difference", "standard_error"), ("joint_difference", "joint_standard_error")):
        apart = abs(counted[name] - exact[name]) / np.hypot(counted[error], exact[error])
        assert float(apart.max()) < 4
    assert counted.route.values[1, :2].tolist() == ["paired draws"] * 2


def test_the_error_of_a_lever_that_only_helps_is_that_of_a_share(model, targets):
    counted = compare(model, targets, scenarios=PUSH, method=MonteCarlo(draws=DRAWS), rng=1)
    one = counted.sel(scenario="push", target="T1")
    delta = one.difference.item()
    expected = np.sqrt(delta * (1 - delta) / DRAWS)
    # One more draw that differs and one that does not change the error by less than 1 / (draws that differ).
    np.testing.assert_allclose(one.standard_error.item(), expected, rtol=1 / (delta * DRAWS))
    odds = attainment(model, targets, scenarios=[TREND, PUSH], method=MonteCarlo(draws=DRAWS), rng=1)
    unpaired = float(np.hypot(*odds.standard_error.sel(target="T1")))
    assert one.standard_error.item() < 0.7 * unpaired


def test_stated_errors_are_those_over_seeds(model, aim):
    targets, seeds = [aim("T1"), aim("T2", of="z", level=110.0)], 60
    runs = [
        compare(model, targets, scenarios=PUSH, method=MonteCarlo(draws=1000), rng=seed).sel(scenario="push")
        for seed in range(seeds)
    ]
    for name, error, pick in (
        ("difference", "standard_error", {"target": "T1"}),
        ("joint_difference", "joint_standard_error", {}),
    ):
        spread = np.std([run[name].sel(pick).item() for run in runs], ddof=1)
        stated = np.mean([run[error].sel(pick).item() for run in runs])
        assert abs(spread / stated - 1) < 4 / np.sqrt(2 * seeds)


def test_what_changes_nothing_adds_nothing(model, targets):
    for method in (None, MonteCarlo(draws=DRAWS)):
        same = compare(model, targets, scenarios=SAME, method=method, rng=1).sel(scenario="same")
        assert (same.difference.sel(target=["T1", "T2"]) == 0).all()
    assert float(same.standard_error.sel(target="T1")) == paired_error(0, 0, DRAWS) > 0


def test_any_scenario_can_be_the_baseline(model, targets):
    gain = compare(model, targets, scenarios=[PUSH, SAME], baseline="push", rng=1)
    assert gain.scenario.values.tolist() == ["push", "same"]
    assert gain.attrs["baseline"] == "push"
    assert gain.difference.sel(scenario="same", target="T1").item() < 0


def test_paths_are_held_against_each_other_draw_by_draw(model, targets):
    scenarios = [TREND, PUSH]
    paths = simulate(model, scenarios, until=2015, draws=DRAWS, rng=1)
    counted = compare(model, targets, scenarios=scenarios, method=MonteCarlo(draws=DRAWS), rng=1)
    found = compare(paths, targets)
    for name in ("difference", "standard_error", "joint_difference", "joint_standard_error"):
        xr.testing.assert_allclose(found[name], counted[name])
    assert found.reason.values[2] == "the paths hold no series 'w'"


def test_threads_and_pieces_leave_the_bits(model, targets):
    one, four = (
        compare(model, targets, scenarios=PUSH, method=MonteCarlo(draws=70_001, threads=n), rng=1)
        for n in (1, 4)
    )
    xr.testing.assert_equal(one, four)


def test_members_of_a_batch_are_compared_one_by_one(panel, aim):
    from sxsim.fitting import fit, walk_prior

    model = fit(panel, prior=walk_prior())
    grown = PlannedGrowth(indicator="y", base_value=16.0, base_year=2012, growth=0.1)
    push = Scenario(id="push", label="Push", changes=(grown,))
    for method in (None, MonteCarlo(draws=DRAWS)):
        gain = compare(model, aim("T1", level=20.0), scenarios=push, method=method, rng=1)
        assert gain.difference.dims == ("scenario", "target", "province")
        values = gain.difference.sel(scenario="push", target="T1").values
        assert np.isfinite(values[:2]).all()
        assert np.isnan(values[2])


def test_results_go_through_a_file(model, targets, tmp_path):
    gain = compare(model, targets, scenarios=PUSH, method=Sobol(points=256), rng=1)
    gain.to_netcdf(tmp_path / "gain.nc", engine="h5netcdf")
    xr.testing.assert_identical(xr.load_dataset(tmp_path / "gain.nc", engine="h5netcdf"), gain)


def test_nothing_to_assess(model, aim):
    gain = compare(model, aim("T3", of="w"), scenarios=PUSH)
    assert np.isnan(gain.joint_difference).all()
    assert set(gain.joint_route.values) == {"not assessed"}


def test_refused_comparisons(model, targets):
    with pytest.raises(UnknownNameError, match="The baseline 'pusch' is not a scenario"):
        compare(model, targets, scenarios=PUSH, baseline="pusch")
    with pytest.raises(UnknownNameError, match="The baseline 'trend' is not a scenario"):
        compare(simulate(model, PUSH, until=2015, draws=10, rng=1), targets)
    with pytest.raises(RequestError, match="No scenario was given"):
        compare(model, targets)
    for method in (MonteCarlo(antithetic=True), MonteCarlo(until_error=0.01)):
        with pytest.raises(RequestError, match="compared on a given number of plain draws"):
            compare(model, targets, scenarios=PUSH, method=method)
