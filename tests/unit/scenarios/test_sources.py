"""Levers and shocks of fixed size: their effect on the median is a closed form, and nonsense is refused."""

from __future__ import annotations

import numpy as np
import pytest

import sxsim as sx
from sxsim.errors import RequestError, UnknownNameError
from sxsim.plan import (
    TREND,
    EffectUnit,
    Elicited,
    LinearRamp,
    PlannedGrowth,
    PowerReturns,
    Scenario,
    SCurveRamp,
    StepRamp,
)
from sxsim.scenarios import compile_scenarios

DRIFT, LAST, YEARS = 0.05, 100.0, np.arange(2013, 2021)
MEDIANS = LAST * np.exp(DRIFT * np.arange(1, 9))


def share_of(ramp, age):
    """Share of full effort by age, written anew."""
    if age < 0:
        return 0.0
    if isinstance(ramp, StepRamp):
        return 1.0
    x = min((age + 1) / ramp.years, 1.0)
    return x if isinstance(ramp, LinearRamp) else 3 * x**2 - 2 * x**3


def intensity(year, *, ramp, start, delay, end, fade):
    age = year - start - delay
    last = end - start if end else None
    if last is None or age <= last:
        return share_of(ramp, age)
    return share_of(ramp, last) * 0.5 ** ((age - last) / fade) if fade else 0.0


def closed_form(unit, size, efforts, reached):
    """Link-scale effect of every year on a log scale; `reached` stands in the figures already."""
    piled = np.cumsum(size * efforts)
    level = size * (efforts - reached)
    growth = np.exp(DRIFT)
    return {
        EffectUnit.UNITS: np.log1p(level / MEDIANS),
        EffectUnit.PERCENT: np.log1p(level / 100),
        EffectUnit.UNITS_A_YEAR: np.log1p(piled / MEDIANS),
        EffectUnit.GROWTH: np.cumsum(np.log1p(size * efforts / 100 / growth)),
        EffectUnit.LOG_A_YEAR: piled / 100,
    }[unit]


def median(model, scenario, until=2020, name="y"):
    fan = sx.forecast(model, until=until, quantiles=[0.5], scenarios=[scenario])
    return fan[name].sel(scenario=scenario.id, quantile=0.5).to_numpy()


@pytest.mark.parametrize("unit", EffectUnit)
@pytest.mark.parametrize("ramp", [StepRamp(), LinearRamp(years=3), SCurveRamp(years=4)])
@pytest.mark.parametrize(
    ("start", "delay", "end", "fade"),
    [
        (2013, 0, None, 0.0),
        (2014, 2, 2015, 0.0),
        (2015, 1, 2016, 2.0),
        (2011, 0, 2014, 1.5),
        (2012, 0, 2012, 3.0),
    ],
)
def test_the_median_moves_by_the_closed_form(hand, pull, unit, ramp, start, delay, end, fade):
    shape = {"ramp": ramp, "start": start, "delay": delay, "end": end, "fade": fade}
    scenario = Scenario(id="s", label="s", changes=(pull(3.0, unit, **shape),))
    efforts = np.array([intensity(year, **shape) for year in YEARS])
    expected = closed_form(unit, 3.0, efforts, intensity(2012, **shape))
    found = np.log(median(hand("y"), scenario)) - np.log(median(hand("y"), TREND))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-14)


def test_returns_turn_a_dose_into_effect(hand, pull, compiled):
    policy = compiled(
        hand("y"), pull(3.0, EffectUnit.LOG_A_YEAR, dose=4.0, returns=PowerReturns(exponent=0.5))
    )
    np.testing.assert_allclose(policy.offsets["y"][0], 0.06 * np.arange(1, 7), rtol=1e-15)


def test_levers_on_one_indicator_add_on_the_link_scale(hand, pull, compiled):
    one, two = pull(3.0), pull(5.0, EffectUnit.PERCENT, name="L2", start=2015)
    both = compiled(hand("y"), one, two).offsets["y"]
    each = [compiled(hand("y"), single).offsets["y"] for single in (one, two)]
    np.testing.assert_allclose(both, each[0] + each[1], rtol=1e-15)


def test_a_lever_moves_all_its_indicators(hand, pull, effect, compiled):
    effects = (effect(1.0, of="a"), effect(-2.0, EffectUnit.PERCENT, of="b"))
    policy = compiled(hand("a", "b", "c"), pull(effects=effects))
    assert sorted(policy.offsets) == ["a", "b"]
    np.testing.assert_allclose(policy.offsets["b"], np.full((1, 6), np.log(0.98)), rtol=1e-14)


def test_no_dose_and_what_is_in_the_figures_already_change_nothing(hand, pull, compiled):
    for change in (pull(dose=0.0), pull(start=2005), pull(Elicited(low=1.0, high=2.0), dose=0.0)):
        policy = compiled(hand("y"), change)
        assert policy.offsets == {} and policy.moves is None


def test_a_lever_adds_to_the_growth_as_planned(hand, pull, compiled):
    planned = PlannedGrowth(indicator="y", base_value=100.0, base_year=2012, growth=0.1)
    alone, lever = compiled(hand("y"), planned), compiled(hand("y"), pull(3.0))
    both = compiled(hand("y"), planned, pull(3.0))
    np.testing.assert_array_equal(both.offsets["y"], alone.offsets["y"] + lever.offsets["y"])


def test_a_share_moves_in_percentage_points(walks, pull):
    model = walks(y=(sx.Odds(lower=0.0, upper=100.0), 20.0, 0.05))
    scenario = Scenario(id="s", label="s", changes=(pull(0.5, EffectUnit.UNITS_A_YEAR, start=2014),))
    found = median(model, scenario) - median(model, TREND)
    np.testing.assert_allclose(found, 0.5 * np.arange(8), atol=1e-12)


@pytest.mark.parametrize("unit", EffectUnit)
@pytest.mark.parametrize("recovery", [None, 2.0])
def test_a_shock_falls_in_its_year_and_recovers_on_the_link_scale(hand, shock, unit, recovery):
    scenario = Scenario(id="s", label="s", changes=(shock(-8.0, unit, year=2015, recovery=recovery),))
    found = np.log(median(hand("y"), scenario)) - np.log(median(hand("y"), TREND))
    blow = {
        EffectUnit.UNITS: np.log1p(-8 / MEDIANS[2]),
        EffectUnit.UNITS_A_YEAR: np.log1p(-8 / MEDIANS[2]),
        EffectUnit.PERCENT: np.log(0.92),
        EffectUnit.GROWTH: np.log1p(-0.08 / np.exp(DRIFT)),
        EffectUnit.LOG_A_YEAR: -0.08,
    }[unit]
    ages = np.arange(8) - 2
    left = 0.5 ** (ages / recovery) if recovery else np.ones(8)
    np.testing.assert_allclose(found, np.where(ages < 0, 0.0, blow * left), rtol=0, atol=1e-14)


def test_scenarios_do_not_change_each_other_and_more_years_keep_the_bits(hand, pull, shock):
    listed = [
        Scenario(id="a", label="a", changes=(pull(3.0, EffectUnit.GROWTH, ramp=SCurveRamp(years=3)),)),
        Scenario(id="b", label="b", changes=(pull(1.0), shock(-5.0, EffectUnit.PERCENT, recovery=3.0))),
    ]
    together = compile_scenarios([TREND, *listed], hand("y"), 8)
    assert together[0].offsets == {} and together[0].moves is None
    for scenario, policy in zip(listed, together[1:], strict=True):
        [alone] = compile_scenarios([scenario], hand("y"), 8)
        [short] = compile_scenarios([scenario], hand("y"), 3)
        assert policy.model is not None and policy.moves is None
        np.testing.assert_array_equal(alone.offsets["y"], policy.offsets["y"])
        np.testing.assert_array_equal(short.offsets["y"], policy.offsets["y"][:, :3])


def test_every_member_of_a_batch_is_moved_at_its_own_trend(panel, pull):
    scenario = Scenario(id="s", label="s", changes=(pull(0.5, EffectUnit.UNITS),))
    fan = sx.forecast(sx.fit(panel), until=2015, quantiles=[0.5], scenarios=[TREND, scenario]).y.squeeze()
    found = fan.sel(scenario="s") - fan.sel(scenario="trend")
    np.testing.assert_allclose(found.sel(province=["a", "b"]), 0.5, rtol=1e-12)
    assert found.sel(province="c").isnull().all()


def test_an_indicator_left_out_of_the_model_is_skipped(table, pull, effect, shock, compiled):
    model = sx.fit(table(y=[1.0, 1.1, 1.2, 1.3, 1.4], empty=[np.nan] * 5))
    effects = (effect(0.1), effect(0.1, of="empty"))
    assert list(compiled(model, pull(effects=effects), shock(of="empty")).offsets) == ["y"]


@pytest.mark.parametrize("name", ["pull", "shock", "event"])
def test_something_unknown_is_refused(hand, request, compiled, name):
    change = request.getfixturevalue(name)(of="patent")
    message = (
        r"Scenario 's': \w+ \w+ speaks of 'patent', which the model does not hold\. Did you mean 'patents'"
    )
    with pytest.raises(UnknownNameError, match=message):
        compiled(hand("patents"), change)


@pytest.mark.parametrize(
    ("years", "message"),
    [
        (
            {"start": 2019},
            r"Scenario 's': lever L1 is first felt in 2019, outside the years 2013 to 2018 of the",
        ),
        ({"start": 2017, "delay": 2}, r"lever L1 is first felt in 2019, outside"),
        ({"start": 2009, "end": 2010}, r"lever L1 ended in 2010, outside the years 2013 to 2018"),
    ],
)
def test_a_lever_outside_the_run_is_refused(hand, pull, compiled, years, message):
    with pytest.raises(RequestError, match=message):
        compiled(hand("y"), pull(**years))


def test_a_lever_that_ended_before_may_still_be_felt(hand, pull, compiled):
    late = compiled(hand("y"), pull(3.0, start=2010, end=2011, delay=3)).offsets["y"][0]
    assert (late[:2] > 0).all() and not late[2:].any()
    fading = compiled(hand("y"), pull(3.0, start=2010, end=2011, fade=2.0)).offsets["y"][0]
    assert (fading < 0).all()


def test_a_shock_or_event_outside_the_run_is_refused(hand, shock, event, compiled):
    with pytest.raises(
        RequestError, match=r"Scenario 's': shock s lies in 2012, outside the years 2013 to 2018"
    ):
        compiled(hand("y"), shock(year=2012))
    message = (
        r"event e lies in 2019 to 2021, outside the years 2013 to 2018 of the run\. Move it, leave it out"
    )
    with pytest.raises(RequestError, match=message):
        compiled(hand("y"), event(first_year=2019, last_year=2021))


@pytest.mark.parametrize(
    ("size", "unit", "message"),
    [
        (
            -60.0,
            EffectUnit.UNITS_A_YEAR,
            r"Scenario 's': lever L1 leads 'y' to -9\.48\d+ in 2014, outside \(0, in",
        ),
        (
            -100.0,
            EffectUnit.PERCENT,
            r"lever L1 leads 'y' to 0 in 2013, outside \(0, inf\)\. Make it smaller, or",
        ),
        (-120.0, EffectUnit.GROWTH, r"leads 'y' to 0 in 2013, outside"),
        (
            Elicited(low=-120.0, high=50.0),
            EffectUnit.PERCENT,
            r"L1, where its size is -119\.83, leads 'y' to",
        ),
    ],
)
def test_a_lever_that_leads_outside_the_range_is_refused(hand, pull, compiled, size, unit, message):
    with pytest.raises(RequestError, match=message):
        compiled(hand("y"), pull(size, unit))


def test_an_event_that_leads_outside_in_its_last_year_is_refused(walks, event, compiled):
    model = walks(y=(sx.Odds(lower=0.0, upper=100.0), 20.0, 0.5))
    message = r"Scenario 's': event e leads 'y' to 104\.84 in 2015, outside \(0, 100\)"
    with pytest.raises(RequestError, match=message):
        compiled(model, event(52.0))
    assert compiled(model, event(52.0, last_year=2014)).moves is not None


def test_moving_counts_of_a_walk_gives_whole_numbers(compiled, shock):
    law = sx.NegativeBinomial(drift=0.0, memory=0.9, mean=9.0, size=20.0)
    grown = sx.Grown(name="y", carrier=sx.Linear(scale=1.0), law=law, last_value=9, last_year=2012)
    model = sx.GrowthModel(indicators=(grown,), last_year=2012)
    offsets = compiled(model, shock(3.0, recovery=1.0)).offsets["y"][0]
    assert offsets.tolist() == [0.0, 3.0, 2.0, 1.0, 0.0, 0.0]
