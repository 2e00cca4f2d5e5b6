from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from sxsim.analysis import attainment, compare
from sxsim.errors import RequestError, UnknownNameError
from sxsim.plan import TREND, Elicited, Relation, Scenario, TargetRevision
from sxsim.simulation import Exact, MonteCarlo, simulate

OTHER = Scenario(id="other", label="Other")


def revising(*revisions, id="revised"):
    return Scenario(id=id, label="Revised", changes=revisions)


def revision(target="T1", *, value=105.0, year=2014, **more):
    return TargetRevision(target=target, value=value, year=year, **more)


def at(odds, scenario="revised", target="T1:revised"):
    return float(odds.probability.sel(scenario=scenario, target=target))


@pytest.fixture
def model(hand):
    return hand("y", "z", correlation=np.array([[1.0, 0.6], [0.6, 1.0]]))


def test_a_revised_target_is_another_level(model, aim):
    odds = attainment(model, aim("T1"), scenarios=[TREND, revising(revision())])
    easier = attainment(model, aim("T1", level=105.0))
    assert odds.target.values.tolist() == ["T1", "T1:revised"]
    assert at(odds) == easier.probability.item()
    assert at(odds, target="T1") == at(odds, "trend", "T1") == at(odds, "trend")
    assert set(odds.route.values.ravel()) == {"exact"}
    assert float(odds.standard_error.max()) == 0.0
    assert float(odds.joint_revised.sel(scenario="revised")) == at(odds)
    assert float(odds.joint.sel(scenario="revised")) == at(odds, "trend")


def test_without_revisions_nothing_is_added(model, aim):
    odds = attainment(model, aim("T1"), scenarios=[TREND, OTHER])
    assert odds.target.values.tolist() == ["T1"]
    assert "joint_revised" not in odds


def test_the_row_says_what_it_is(model, aim):
    target = replace(aim("T1"), label="Output", label_zh="产出")
    odds = attainment(model, target, scenarios=revising(revision())).sel(target="T1:revised")
    assert (odds.label.item(), odds.label_zh.item()) == ("Output (revised)", "产出（修订）")


def test_years_before_a_revision_keep_their_level(model, aim):
    years = (2013, 2014, 2015)
    target = aim("T1", level=90.0, years=years)
    odds = attainment(model, target, scenarios=revising(revision(year=2015)), rng=1)
    parts = [aim("A", level=90.0, years=years[:2]), aim("B", level=105.0, years=years[2:])]
    both = attainment(model, parts, rng=1)
    np.testing.assert_allclose(at(odds), float(both.joint.item()), atol=4e-5)
    everywhere = attainment(model, target, scenarios=revising(revision(year=2013)), rng=1)
    assert at(everywhere) < at(odds) - 0.05


def test_a_revision_that_may_not_come_is_a_mixture(model, aim):
    odds = attainment(model, aim("T1"), scenarios=revising(revision(probability=0.25)))
    sure = attainment(model, aim("T1"), scenarios=revising(revision()))
    expected = 0.25 * at(sure) + 0.75 * at(sure, target="T1")
    np.testing.assert_allclose(at(odds), expected, rtol=1e-14)
    never = attainment(model, aim("T1"), scenarios=revising(revision(probability=0.0)))
    assert at(never) == at(never, target="T1")


@pytest.mark.parametrize(
    "value",
    [stats.norm(105.0, 8.0), stats.lognorm(0.1, scale=105.0), Elicited(low=95.0, high=118.0, mode=104.0)],
)
def test_an_uncertain_level_is_averaged_within_its_stated_error(model, aim, value):
    odds = attainment(model, aim("T1"), scenarios=revising(revision(value=value, probability=0.8)))
    levels = value.ppf((np.arange(400) + 0.5) / 400)
    each = [attainment(model, aim("T1", level=float(x))).probability.item() for x in levels]
    brute = 0.8 * np.mean(each) + 0.2 * at(odds, target="T1")
    error = odds.standard_error.sel(target="T1:revised").item()
    assert abs(at(odds) - brute) <= error < 5e-4


def test_uncertain_levels_are_averaged_in_the_joint_too(model, aim):
    targets = [aim("T1"), aim("T2", of="z", level=110.0)]
    value = Elicited(low=95.0, high=118.0, mode=104.0)
    scenario = revising(revision(value=value), revision("T2", value=100.0, probability=0.5))
    odds = attainment(model, targets, scenarios=scenario, rng=1)
    levels = value.ppf((np.arange(60) + 0.5) / 60)
    joints = [
        float(
            attainment(model, [aim("T1", level=float(x)), aim("T2", of="z", level=other)], rng=1).joint.item()
        )
        for x in levels
        for other in (100.0, 110.0)
    ]
    error = float(odds.joint_revised_standard_error.item())
    assert abs(float(odds.joint_revised.item()) - np.mean(joints)) <= error + 1e-4
    assert error < 2e-3
    bounds = [float(odds[f"joint_revised_{end}"].item()) for end in ("lower", "upper")]
    assert bounds[0] < float(odds.joint_revised.item()) < bounds[1]


def test_counting_agrees_within_four_errors(model, aim):
    targets = [aim("T1"), aim("T2", of="z", level=110.0, years=(2014, 2015))]
    scenario = revising(revision(value=stats.norm(105.0, 8.0), probability=0.6))
    best = attainment(model, targets, scenarios=scenario, rng=1)
    counted = attainment(model, targets, scenarios=scenario, method=MonteCarlo(draws=40_000), rng=2)
    for name, error in (("probability", "standard_error"), ("joint_revised", "joint_revised_standard_error")):
        both = np.hypot(best[error], counted[error])
        assert (abs(best[name] - counted[name]) < 4 * both + 1e-12).all()
    assert set(counted.route.values.ravel()) == {"monte-carlo"}
    assert (counted.variance_shock >= 0).all()


def test_an_exact_joint_that_has_to_be_counted(model, aim):
    odds = attainment(
        model, [aim("T1"), aim("T2", of="z")], scenarios=revising(revision()), method=Exact(), rng=1
    )
    assert odds.joint_revised_route.item() == odds.joint_route.item()


def test_paths_are_judged_as_in_counting(model, aim):
    targets = [aim("T1"), aim("T2", of="z", level=110.0)]
    scenarios = [TREND, revising(revision(value=stats.norm(105.0, 8.0), probability=0.6))]
    paths = simulate(model, scenarios, until=2015, draws=5000, rng=3)
    found = attainment(paths, targets, scenarios=scenarios)
    counted = attainment(model, targets, scenarios=scenarios, method=MonteCarlo(draws=5000), rng=3)
    for name in ("probability", "standard_error", "joint_revised", "joint_revised_standard_error"):
        xr.testing.assert_allclose(found[name], counted[name], rtol=1e-13)
    assert attainment(paths, targets).target.values.tolist() == ["T1", "T2"]


def test_an_observed_year_is_judged_by_the_revised_level(table, aim):
    from sxsim.fitting import fit, walk_prior

    model = fit(table(y=[1.0, 1.1, 1.25, 1.3, 1.5, 1.7]), prior=walk_prior())
    target = aim("T1", level=1.6, years=(2011, 2012, 2013))
    odds = attainment(model, target, scenarios=revising(revision(value=1.4, year=2011)), rng=1)
    assert at(odds, target="T1") == 0.0
    alone = attainment(model, aim("T1", level=1.4, years=(2013,)))
    assert at(odds) == alone.probability.item()


def test_a_target_that_cannot_be_assessed_stays_so(model, aim):
    odds = attainment(model, [aim("T1"), aim("T3", of="w")], scenarios=revising(revision("T3")))
    row = odds.sel(target="T3:revised")
    assert row.reason.item() == "there is no series 'w'"
    assert np.isnan(row.probability.item())
    assert float(odds.joint_revised.item()) == float(odds.joint.item())


def test_results_go_through_a_file(model, aim, tmp_path):
    odds = attainment(model, aim("T1"), scenarios=[TREND, revising(revision(probability=0.5))])
    odds.to_netcdf(tmp_path / "odds.nc", engine="h5netcdf")
    xr.testing.assert_identical(xr.load_dataset(tmp_path / "odds.nc", engine="h5netcdf"), odds)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (revision("T2"), RequestError, "'revised' revises 'T2' .* the moving level 'z'"),
        (revision("T4"), RequestError, "'revised' revises 'T4' .* has no condition"),
        (revision(year=2016), RequestError, "revises 'T1' in 2016, after its last year 2015"),
        (revision(value=-1.0), RequestError, "'revised' revises 'T1' to what cannot be judged: its level -1"),
    ],
)
def test_refused_revisions(model, aim, change, error, message):
    targets = [aim("T1"), aim("T2", level="z"), replace(aim("T4"), condition=None)]
    with pytest.raises(error, match=message):
        attainment(model, targets, scenarios=revising(change))


def test_names_of_revised_rows_are_taken(model, aim):
    with pytest.raises(RequestError, match="'T1:revised' has the name of a revised target"):
        attainment(model, aim("T1:revised"))


def test_paths_without_the_scenario_that_revises(model, aim):
    paths = simulate(model, until=2015, draws=10, rng=1)
    with pytest.raises(UnknownNameError, match="'revised' revises targets and is not among the paths"):
        attainment(paths, aim("T1"), scenarios=revising(revision()))


def test_too_many_ways_to_judge_all_together(model, aim):
    targets = [aim(f"T{i}", of="yz"[i % 2], level=100.0 + i) for i in range(9)]
    changes = [revision(f"T{i}", value=120.0, probability=0.5) for i in range(9)]
    with pytest.raises(RequestError, match="make 512 ways to judge all targets together, more than 256"):
        attainment(model, targets, scenarios=revising(*changes))


def test_an_easier_level_is_likelier(model, aim):
    found = [
        at(attainment(model, aim("T1", relation=side), scenarios=revising(revision(value=value))))
        for side, value in ((Relation.AT_LEAST, 100.0), (Relation.AT_LEAST, 110.0), (Relation.AT_MOST, 110.0))
    ]
    assert found[0] > found[1]
    np.testing.assert_allclose(found[1] + found[2], 1.0, rtol=1e-12)


def test_what_is_derived_can_be_revised_and_is_counted(hand, aim):
    from sxsim.identities import Identity

    model = hand("y", "z", identities=(Identity(indicator="r", expression="y / z"),))
    targets = [aim("T1"), aim("T2", of="r", level=1.2)]
    scenario = revising(revision("T2", value=1.1))
    odds = attainment(model, targets, scenarios=scenario, rng=1)
    easier = attainment(model, [aim("T1"), aim("T2", of="r", level=1.1)], rng=1)
    assert at(odds, target="T2:revised") == easier.probability.sel(target="T2").item()
    assert odds.joint_revised.item() == easier.joint.item()
    gain = compare(model, targets, scenarios=OTHER, rng=1)
    assert gain.route.sel(scenario="other").values.tolist() == ["exact", "paired draws"]


def test_a_revision_of_a_target_that_is_not_asked_for_rests(model, aim):
    odds = attainment(model, aim("T1"), scenarios=revising(revision("T9")))
    assert odds.target.values.tolist() == ["T1"]
    assert "joint_revised" not in odds
