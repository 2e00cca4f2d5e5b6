from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim import __version__
from sxsim.analysis import attainment
from sxsim.errors import HistoryError, RequestError
from sxsim.fitting import fit
from sxsim.identities import Identity
from sxsim.io import open_result, save
from sxsim.plan import (
    TREND,
    Aim,
    Effect,
    EffectUnit,
    Group,
    Indicator,
    Kind,
    Lever,
    Observation,
    Plan,
    PlannedGrowth,
    Scenario,
    Shock,
    Transmission,
)
from sxsim.simulation import MonteCarlo
from sxsim.streams import Seed
from sxsim.studies import run

Y = [1.0, 1.1, 1.25, 1.3, 1.5, 1.7, 1.75, 2.0, 2.1, 2.3]
Z = [1.5, 1.6, 1.55, 1.7, 1.9, 1.85, 2.0, 2.1, 2.2, 2.2]
FASTER = Scenario(
    id="faster",
    label="Faster",
    changes=(PlannedGrowth(indicator="y", base_value=2.0, base_year=2012, growth=0.2),),
)


@pytest.fixture
def make_plan(table, aim):
    """A plan over 2013-2015 with figures of 2005-2014, fitted to 2012."""

    def make(*targets, **values):
        columns = {"y": Y, "z": Z}
        figures = tuple(
            Observation(indicator=name, year=2005 + i, value=value, source="yearbook")
            for name, column in columns.items()
            for i, value in enumerate(column)
        )
        return Plan(
            **{
                "id": "demo", "title": "Demo", "title_zh": "示例", "start": 2013, "end": 2015,
                "base_year": 2012, "fit_until": 2012,
                "targets": targets or (aim("H1", level=2.5, group=Group.HEADLINE, line=7),),
                "indicators": tuple(Indicator(id=name, label=name, kind=Kind.AMOUNT) for name in columns),
                "observations": figures, "history": table(last=2014, **columns), "scenarios": (TREND, FASTER),
                "digest": "abc",
            }
            | values
        )  # fmt: skip

    return make


def quick(plan, **options):
    return run(plan, **({"draws": 200, "rng": 7} | options))


def test_the_whole_line_has_its_stations(make_plan):
    tree = quick(make_plan())
    assert set(tree.children) == {
        "attainment",
        "asked",
        "scenarios",
        "comparison",
        "forecast",
        "fit",
        "observed",
        "audit",
        "rows",
    }
    assert tree["forecast"].y.dims == ("scenario", "quantile", "year")
    assert tree["forecast"].year.values.tolist() == [2013, 2014, 2015]
    assert tree["fit"].indicator.values.tolist() == ["y", "z"]
    assert tree["observed"].year.values.tolist() == list(range(2005, 2015))
    assert tree["rows"].row.values.tolist() == ["H1"]


def test_the_record_says_what_was_run(make_plan):
    attrs = quick(make_plan()).attrs
    expected = {
        "sxsim_version": __version__,
        "method": "whole line",
        "title": "Demo",
        "title_zh": "示例",
        "seed_entropy": "7",
        "data_until": 2012,
        "draws": 200,
    }
    assert {name: attrs[name] for name in expected} == expected


def test_the_odds_are_those_of_the_model(make_plan):
    plan = make_plan()
    odds = quick(plan)["attainment"].to_dataset()
    model = fit(plan.history, until=2012)
    best = attainment(model, plan.targets, scenarios=plan.scenarios, rng=7)
    counted = attainment(model, plan.targets, scenarios=plan.scenarios, rng=7, method=MonteCarlo(draws=200))
    for name in best.data_vars:
        np.testing.assert_array_equal(odds[name], best[name])
    np.testing.assert_array_equal(odds.simulated_probability, counted.probability)
    np.testing.assert_array_equal(odds.simulated_standard_error, counted.standard_error)


def test_each_target_is_described(make_plan):
    tree = quick(make_plan())
    row, fan = tree["attainment"].to_dataset().sel(target="H1", scenario="faster"), tree["forecast"].y
    for name, level in (("low", 0.05), ("median", 0.5), ("high", 0.95)):
        assert row[name].item() == fan.sel(scenario="faster", quantile=level, year=2015).item()
    assert row.level.item() == 2.5
    assert row.required_growth.item() == pytest.approx((2.5 / 2.0) ** (1 / 3) - 1)
    assert (row.line.item(), row.outcome.item(), row.outcome_note.item()) == (7, "unknown", "2.3 in 2014")
    assert row.basis.item().startswith("own figures lead")


def test_what_happened_stands_beside_the_odds(make_plan, aim):
    plan = make_plan(aim("H1", level=2.2, years=(2014,)), aim("H2", level=2.0, of="z", years=(2014,)))
    odds = quick(plan)["attainment"]
    assert odds.outcome.values.tolist() == ["hit", "hit"]
    assert odds.outcome_value.values.tolist() == [2.3, 2.2]


def test_a_moving_level_is_shown_by_its_median(make_plan, aim):
    tree = quick(make_plan(aim("H1", level="z")))
    row = tree["attainment"].to_dataset().sel(target="H1", scenario="trend")
    assert row.level.item() == tree["forecast"].z.sel(scenario="trend", quantile=0.5, year=2015).item()
    assert np.isnan(row.required_growth.item())


def test_headline_targets_are_put_together(make_plan, aim):
    top = {"group": Group.HEADLINE}
    targets = (aim("H1", level=2.4, **top), aim("H2", of="z", level=2.3, **top), aim("S1", level=2.5))
    odds = quick(make_plan(*targets))["attainment"]
    assert odds.attrs["joint_targets"] == "H1, H2, S1"
    assert odds.attrs["headline_joint_targets"] == "H1, H2"
    assert (odds.headline_joint > odds.joint).all()


def test_without_headline_targets_there_is_no_such_number(make_plan, aim):
    odds = quick(make_plan(aim("S1")))["attainment"]
    assert "headline_joint" not in odds.data_vars


def test_rows_tell_why_they_were_not_assessed(make_plan, aim):
    targets = (aim("H1", level=2.5), aim("H2", not_assessable="nobody counted"))
    plan = make_plan(
        *targets,
        aims=(Aim(id="A1", label="Aim", text="more", line=1),),
        levers=(Lever(id="L1", label="Lever", text="act", lines=(2,), targets=("H1",)),),
    )
    rows = quick(plan)["rows"].to_dataset()
    assert rows.row.values.tolist() == ["H1", "H2", "A1", "L1"]
    assert rows.kind.values.tolist() == ["target", "target", "aim", "lever"]
    assert rows.not_assessed.values.tolist() == [
        "",
        "nobody counted",
        "the plan gives a direction and no number",
        "",
    ]
    assert rows.text.values.tolist() == ["", "", "more", "act"]


@pytest.mark.parametrize("years", [(2012,), (2013,), (2012, 2013)])
def test_targets_of_years_already_seen_stand_beside_the_others(make_plan, aim, years):
    plan = make_plan(aim("H1", level=1.9, years=years), aim("H2", level=2.5))
    odds = quick(plan, until=2013)["attainment"]
    assert odds.route.sel(target="H1").values.tolist() == ["observed"] * 2
    assert odds.probability.sel(target="H1").values.tolist() == [1.0, 1.0]
    assert odds.outcome.sel(target="H1").item() == "hit"
    assert odds.route.sel(target="H2").values.tolist() == ["exact"] * 2


def test_what_an_identity_defines_is_not_fitted(make_plan, aim):
    double = Identity(indicator="y", expression="2 * z")
    tree = quick(make_plan(aim("H1", of="z", level=2.5), identities=(double,), scenarios=(TREND,)))
    assert tree["fit"].indicator.values.tolist() == ["z"]
    assert np.isfinite(tree["attainment"].probability.sel(target="H1")).all()


def test_a_plan_nobody_can_judge_still_runs(make_plan, aim):
    tree = quick(make_plan(aim("H1", not_assessable="nobody counted")))
    assert tree["attainment"].reason.values.tolist() == ["nobody counted"]
    assert np.isnan(tree["attainment"].probability).all()


def test_a_later_origin_and_other_scenarios_may_be_chosen(make_plan):
    tree = quick(make_plan(), until=2013, scenarios=TREND)
    assert tree.attrs["data_until"] == 2013
    assert tree["attainment"].scenario.values.tolist() == ["trend"]
    assert tree["forecast"].year.values.tolist() == [2014, 2015]


def test_a_scenario_may_speak_of_what_no_target_asks_for(make_plan):
    fall = Effect(indicator="z", size=-10.0, unit=EffectUnit.PERCENT)
    changes = (
        Shock(id="s", label="S", effects=(fall,), year=2013),
        Transmission(source="z", target="y", elasticity=1.0),
    )
    told = Scenario(id="told", label="Told", changes=changes)
    tree = quick(make_plan(scenarios=(TREND, told)))
    assert list(tree["forecast"].data_vars) == ["y"]
    medians = tree["forecast"].y.sel(quantile=0.5)
    np.testing.assert_allclose(medians.sel(scenario="told") / medians.sel(scenario="trend"), 0.9)


def test_a_run_is_repeated_by_its_record(make_plan):
    plan = make_plan()
    first = quick(plan, rng=None)
    again = quick(plan, rng=int(first.attrs["seed_entropy"]))
    xr.testing.assert_identical(first, again)
    taken = quick(plan, rng=np.random.default_rng(3))
    assert taken.attrs["seed_entropy"] == str(Seed.of(np.random.default_rng(3)).entropy)


@pytest.mark.parametrize("several", [True, False])
def test_a_run_can_be_kept(make_plan, aim, tmp_path, several):
    top = {"group": Group.HEADLINE}
    more = (
        (aim("H2", level="z", **top), aim("S1", of="z", not_assessable="nobody counted")) if several else ()
    )
    tree = quick(make_plan(aim("H1", **top), *more), rng=2**127 + 1)
    xr.testing.assert_identical(open_result(save(tree, tmp_path / "run.nc")), tree)


def test_refuses_a_plan_that_is_over(make_plan, aim):
    with pytest.raises(RequestError, match=r"No target of 'demo' lies after 2015\. Choose an earlier until="):
        quick(make_plan(), until=2015)
    with pytest.raises(RequestError, match=r"No target of 'demo' lies after 2012\. Choose an earlier until="):
        quick(make_plan(aim("H1", condition=None)))


def test_refuses_what_its_stations_refuse(make_plan):
    with pytest.raises(
        HistoryError, match=r"No year up to until=1990: the history starts in 2005\. Raise until"
    ):
        quick(make_plan(), until=1990)
    with pytest.raises(RequestError, match=r"draws=0\. Give a whole number of at least 1"):
        quick(make_plan(), draws=0)


def test_stories_and_assumptions_go_with_the_result(make_plan, tmp_path):
    fall = Effect(indicator="y", size=-10.0, unit=EffectUnit.PERCENT, origin="a bad year")
    blow = Shock(id="s", label="S", effects=(fall,), year=2013)
    told = Scenario(id="told", label="Told", story="It falls.", changes=(blow,))
    tree = quick(make_plan(scenarios=(TREND, told)))
    save(tree, tmp_path / "result.nc")
    for found in (tree, open_result(tmp_path / "result.nc")):
        table = found["scenarios"].to_dataset()
        assert table.story.sel(scenario="told").item() == "It falls."
        assert table.sentence.values.tolist() == ["shock s: moves y by -10 percent of the level (a bad year)"]
        assert table.assumed_by.values.tolist() == ["told"]
