from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.analysis import attainment, experiment_table
from sxsim.errors import RequestError
from sxsim.plan import Effect, EffectUnit, Elicited, Lever, Pull, Scenario
from sxsim.simulation import Inputs, simulate

DRAWS = 3000
FUND = Lever(
    id="L1",
    label="Fund",
    effects=(Effect(indicator="y", size=Elicited(low=0.0, high=4.0), unit=EffectUnit.LOG_A_YEAR),),
)
PUSH = Scenario(id="push", label="Push", changes=(Pull(lever=FUND, start=2013),))


@pytest.fixture
def targets(aim):
    return [aim("T1"), aim("T2", of="z", level=110.0), aim("P", of="z", proxy_for="T1"), aim("W", of="w")]


def test_one_row_per_draw_and_scenario(hand, targets):
    table = experiment_table(hand("y", "z"), targets, scenarios=[sx.TREND, PUSH], draws=DRAWS, rng=0)
    assert len(table) == 2 * DRAWS
    assert table.columns[:2].tolist() == ["scenario", "draw"]
    assert table.attrs["inputs"] == [
        *(f"{kind}_{name}" for name in "yz" for kind in ("cell", "sigma", "drift", "shocks")),
        "strength_L1",
    ]
    assert table.attrs["values"] == ["value_y", "value_z"]
    assert table.attrs["hits"] == ["hit_T1", "hit_T2", "hit_P", "hit_all"]
    assert table.attrs["seed_entropy"] == "0"
    assert table.groupby("scenario").strength_L1.count().to_dict() == {"trend": 0, "push": DRAWS}
    trend = table[table.scenario == "trend"]
    change = 3 * trend.drift_y + trend.shocks_y
    np.testing.assert_allclose(100.0 * np.exp(change), trend.value_y, rtol=1e-12)
    assert ((trend.value_y >= 120.0) == trend.hit_T1).all()
    assert (table.hit_all == table.hit_T1 * table.hit_T2).all()


def test_its_shares_are_those_of_the_same_paths(hand, targets):
    model = hand("y", "z")
    table = experiment_table(model, targets, draws=DRAWS, rng=3)
    odds = attainment(simulate(model, until=2015, draws=DRAWS, rng=3), targets).isel(scenario=0)
    for name in ("T1", "T2", "P"):
        assert table[f"hit_{name}"].mean() == pytest.approx(float(odds.probability.sel(target=name)))
    assert table.hit_all.mean() == pytest.approx(float(odds.joint))


def test_finished_paths_with_and_without_their_inputs(hand, targets):
    model = hand("y", "z")
    whole = experiment_table(model, targets, draws=DRAWS, rng=3)
    paths = simulate(model, until=2015, draws=DRAWS, rng=3)
    inputs = simulate(model, until=2015, draws=DRAWS, rng=3, keep=Inputs())
    again = experiment_table(paths, targets, inputs=inputs)
    assert again.equals(whole)
    assert experiment_table(paths, targets).attrs["inputs"] == []


def test_members_of_a_batch_have_rows_of_their_own(panel, aim):
    table = experiment_table(sx.fit(panel), aim(level=15.0), draws=50, rng=0)
    assert len(table) == 150
    assert table.columns[:3].tolist() == ["scenario", "draw", "province"]
    assert table[table.province == "c"].hit_T1.isna().all()


def test_a_box_that_holds_many_hits_is_found(hand, targets):
    # One peel of the patient rule induction method (Friedman and Fisher 1999): cut off the tenth of one input
    # whose loss leaves the most hits among the rest.
    table = experiment_table(hand("y", "z"), targets, draws=DRAWS, rng=0)
    experiments = table[table.attrs["inputs"]]
    outcomes = {name: table[name].to_numpy() for name in table.attrs["hits"]}
    left = {
        name: outcomes["hit_T1"][(experiments[name] > experiments[name].quantile(0.1)).to_numpy()].mean()
        for name in ("shocks_y", "shocks_z")
    }
    assert left["shocks_y"] > left["shocks_z"] + 0.01


def test_refusals(hand, targets, aim):
    model = hand("y", "z")
    with pytest.raises(RequestError, match="No target can be assessed: there is no series 'w'"):
        experiment_table(model, aim(of="w"))
    paths = simulate(model, until=2015, draws=100, rng=3)
    with pytest.raises(RequestError, match="No target can be assessed: the paths hold no series 'w'"):
        experiment_table(paths, aim(of="w"))
    for other, what in (
        ({"rng": 4}, "The paths have 3 as seed, the inputs 4"),
        ({"draws": 90}, "The paths have 100 as number of draws, the inputs 90"),
        ({"scenarios": PUSH}, r"The paths have \['trend'\] as scenarios, the inputs \['push'\]"),
    ):
        asked = {"until": 2015, "draws": 100, "rng": 3, "keep": Inputs()} | other
        with pytest.raises(RequestError, match=what):
            experiment_table(paths, targets, inputs=simulate(model, **asked))


def test_it_is_one_dataset_again(hand, targets):
    table = experiment_table(hand("y", "z"), targets, draws=20, rng=0)
    assert isinstance(table.set_index(["scenario", "draw"]).to_xarray(), xr.Dataset)
