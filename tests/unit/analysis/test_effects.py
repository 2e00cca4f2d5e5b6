from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.errors import RequestError
from sxsim.plan import EffectUnit

YEARS = np.arange(2013, 2019)
LOG = EffectUnit.LOG_A_YEAR
MEDIANS = 100.0 * np.exp(0.05 * np.arange(1, 7))


def effect(size, unit=LOG, of="y"):
    return sx.Effect(indicator=of, size=size, unit=unit, origin="council")


def pull(*effects, name="L1", start=2014, end=None, dose=1.0, **more):
    return sx.Pull(
        lever=sx.Lever(id=name, label=name, effects=effects, **more), start=start, end=end, dose=dose
    )


def scenario(*changes, name="s"):
    return sx.Scenario(id=name, label=name, changes=changes)


def effects_of(model, *changes):
    return sx.lever_effects(model, scenario(*changes), until=2018).isel(scenario=0)


RAMPS = [sx.StepRamp(), sx.LinearRamp(years=3), sx.SCurveRamp(years=4)]


@pytest.mark.parametrize("unit", EffectUnit)
@pytest.mark.parametrize("ramp", RAMPS)
def test_a_lever_does_what_the_forecast_shows(hand, unit, ramp):
    change = pull(effect(3.0, unit), ramp=ramp, delay=1, end=2016, fade=2.0)
    found = effects_of(hand("y"), change).squeeze()
    fan = sx.forecast(
        hand("y"), until=2018, quantiles=[0.5], scenarios=[sx.TREND, scenario(change)]
    ).y.squeeze()
    np.testing.assert_allclose(found.link, np.log(fan[1] / fan[0]), rtol=0, atol=1e-14)
    np.testing.assert_allclose(found.units, fan[1] - fan[0], rtol=0, atol=1e-11)
    np.testing.assert_array_equal(found.own, found.link)


def test_both_numbers_are_kept(hand):
    found = effects_of(hand("y"), pull(effect(5.0, EffectUnit.UNITS))).squeeze()
    np.testing.assert_allclose(found.units, np.where(YEARS < 2014, 0.0, 5.0), rtol=0, atol=1e-12)
    np.testing.assert_allclose(found.link, np.where(YEARS < 2014, 0.0, np.log1p(5.0 / MEDIANS)), atol=1e-14)


def test_what_is_passed_on_is_told_apart_from_the_own_effect(hand):
    link = sx.Transmission(source="a", target="b", elasticity=0.5, lag=2)
    found = effects_of(hand("a", "b"), pull(effect(2.0, of="a")), link)
    assert found.indicator.values.tolist() == ["a", "b"]
    lever = found.sel(change="lever L1")
    own = 0.02 * np.arange(6.0)
    np.testing.assert_allclose(lever.own, [own, np.zeros(6)], rtol=0, atol=1e-15)
    np.testing.assert_allclose(lever.link, [own, [0, 0, 0, 0.01, 0.02, 0.03]], rtol=0, atol=1e-15)
    assert found.link.sel(change="transmission a, b").isnull().all()
    assert "elasticity 0.5" in found.assumption.sel(change="transmission a, b").item()


def test_uncertain_sizes_stand_at_their_median_and_events_fall_at_once(hand):
    uncertain = sx.Elicited(low=0.0, high=8.0, mode=4.0)
    event = sx.RandomEvent(
        id="coal",
        label="c",
        effects=(effect(-uncertain.high),),
        probability=0.1,
        first_year=2015,
        recovery=1.0,
    )
    shock = sx.Shock(id="quake", label="q", effects=(effect(uncertain),), year=2016)
    found = effects_of(hand("y"), pull(effect(uncertain), start=2016), event, shock).link.squeeze()
    np.testing.assert_allclose(found.sel(change="lever L1"), [0, 0, 0, 0.04, 0.08, 0.12], atol=1e-15)
    np.testing.assert_allclose(found.sel(change="event coal"), [0, 0, -0.08, -0.04, -0.02, -0.01], atol=1e-15)
    np.testing.assert_allclose(found.sel(change="shock quake"), [0, 0, 0, 0.04, 0.04, 0.04], atol=1e-15)


def test_a_rule_decides_on_the_trend(hand):
    track = sx.StraightTrack(start=2012, value=100.0, end=2020, goal=180.0)
    review = sx.Review(
        id="mid", label="m", watched="y", track=track, years=(2015,), gain=0.1, indicator="y", unit=LOG, lag=0
    )
    found = effects_of(hand("y"), review).link.squeeze()
    size = 0.1 * (130.0 - MEDIANS[2]) / 100
    np.testing.assert_allclose(found, size * np.array([0, 0, 0, 1.0, 2.0, 3.0]), rtol=0, atol=1e-14)


def test_changes_of_several_scenarios_stand_side_by_side(hand):
    both = [scenario(pull(effect(1.0)), name="a"), scenario(pull(effect(2.0), name="L2"), name="b"), sx.TREND]
    found = sx.lever_effects(hand("y"), both, horizon=3)
    assert found.link.dims == ("scenario", "change", "indicator", "year")
    known = found.link.notnull().all(["indicator", "year"])
    assert known.values.tolist() == [[True, False], [False, True], [False, False]]
    assert found.assumption.sel(scenario="a").values.tolist() == [f"{both[0].assumptions()[0]}.", ""]
    assert "(council)" in found.assumption.sel(scenario="b", change="lever L2").item()


def test_cost_is_that_of_the_effort_made(hand):
    dear = pull(
        effect(1.0), start=2014, end=2016, dose=2.0, delay=2, fade=3.0, cost=10.0, cost_unit="million"
    )
    slow = pull(effect(1.0), name="L2", ramp=sx.LinearRamp(years=4), cost=4.0)
    free = pull(effect(1.0), name="L3")
    found = effects_of(hand("y"), dear, slow, free)
    assert found.cost.sel(lever="L1").values.tolist() == [0.0, 20.0, 20.0, 20.0, 0.0, 0.0]
    assert found.cost.sel(lever="L2").values.tolist() == [0.0, 1.0, 2.0, 3.0, 4.0, 4.0]
    assert found.cost.sel(lever="L3").isnull().all()
    assert found.cost_unit.values.tolist() == ["million", "", ""]


def test_members_of_a_batch_have_their_own_effect(panel):
    steps = np.exp(0.1 * np.arange(8))
    model = sx.fit(panel.assign(gdp=xr.DataArray(steps, dims="year")))
    link = sx.Transmission(source="gdp", target="y", elasticity=0.5)
    found = effects_of(
        model, pull(effect(1.0, EffectUnit.UNITS, of="gdp"), effect(0.5, EffectUnit.UNITS)), link
    )
    assert found.link.dims == ("change", "indicator", "year", "province")
    units = found.sel(change="lever L1", year=2015)
    np.testing.assert_allclose(units.units.sel(indicator="gdp"), 1.0, rtol=1e-12)
    own = units.own.sel(indicator="y", province=["a", "b"])
    np.testing.assert_allclose(units.link.sel(indicator="y") - own, 0.5 * units.link.sel(indicator="gdp")[:2])
    assert units.link.sel(indicator="y", province="c").isnull().all()


def test_a_rule_of_a_batch_looks_at_each_member(panel):
    def decision(seen, years, year):
        return np.where(seen["y"][-1] > 12.0, 5.0, 0.0)

    rule = sx.Rule(
        id="r",
        label="r",
        reads=("y",),
        decision=decision,
        years=(2013,),
        indicator="y",
        unit=EffectUnit.GROWTH,
    )
    found = effects_of(sx.fit(panel), rule).link.squeeze().sel(year=2014)
    assert float(found.sel(province="a")) > 0.04
    assert float(found.sel(province="b")) == 0.0
    assert found.sel(province="c").isnull().all()


def test_a_scenario_that_moves_nothing_has_no_indicator(hand):
    found = sx.lever_effects(hand("y"), sx.TREND, horizon=2)
    assert found.sizes["indicator"] == found.sizes["change"] == found.sizes["lever"] == 0


def test_it_can_be_saved(hand, tmp_path):
    found = sx.lever_effects(hand("y"), scenario(pull(effect(1.0), cost=3.0, cost_unit="yuan")), horizon=3)
    sx.save(xr.DataTree(found), tmp_path / "effects.nc")
    xr.testing.assert_identical(sx.open_result(tmp_path / "effects.nc").to_dataset(), found)


def test_what_cannot_be_compiled_is_refused_here_too(hand):
    with pytest.raises(
        RequestError, match=r"Scenario 's': lever L1 is first felt in 2019, outside the years"
    ):
        effects_of(hand("y"), pull(effect(1.0), start=2019))
    with pytest.raises(RequestError, match=r"until=None and horizon=None"):
        sx.lever_effects(hand("y"), sx.TREND)
