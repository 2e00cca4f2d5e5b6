"""What a lever does follows from its effort, whatever its shape."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import sxsim as sx
from sxsim.scenarios import Trend, compile_scenarios
from sxsim.scenarios.effort import effort_felt

YEARS = np.arange(2013, 2021)
CARRIERS = {
    "log": (sx.Log(), 100.0),
    "share": (sx.Odds(lower=0.0, upper=100.0), 30.0),
    "net": (sx.Linear(), 3.0),
}
UNITS, PERCENT = sx.EffectUnit.UNITS, sx.EffectUnit.PERCENT
RATIOS = [unit for unit in sx.EffectUnit if unit not in (UNITS, sx.EffectUnit.UNITS_A_YEAR)]

ramps = st.one_of(
    st.just(sx.StepRamp()),
    st.integers(1, 6).map(lambda years: sx.LinearRamp(years=years)),
    st.integers(1, 6).map(lambda years: sx.SCurveRamp(years=years)),
)


@st.composite
def pulls(draw, unit):
    """A lever with effects on all three indicators of the model, in one unit each can take."""
    on = ["log", "share"] if unit in RATIOS else list(CARRIERS)
    effects = tuple(sx.Effect(indicator=name, size=draw(st.floats(-1.0, 1.0)), unit=unit) for name in on)
    lever = sx.Lever(
        id="L1",
        label="L1",
        effects=effects,
        delay=draw(st.integers(0, 2)),
        ramp=draw(ramps),
        fade=draw(st.floats(0.0, 5.0, allow_subnormal=False)),
    )
    start = draw(st.integers(2009, 2018))
    end = draw(st.none() | st.integers(max(start, 2013), 2022))
    return sx.Pull(lever=lever, start=start, end=end, dose=draw(st.floats(0.0, 3.0)))


def model():
    walk = sx.RandomWalk(drift=0.02, sigma=0.1)
    grown = tuple(
        sx.Grown(name=name, carrier=carrier, law=walk, last_value=value, last_year=2012)
        for name, (carrier, value) in CARRIERS.items()
    )
    return sx.GrowthModel(indicators=grown, last_year=2012)


MODEL = model()


def offsets(*changes, years=8):
    [policy] = compile_scenarios([sx.Scenario(id="s", label="s", changes=changes)], MODEL, years)
    return policy.offsets


def added(pull):
    """What a pull adds to each published median."""
    out = {}
    for name, offset in offsets(pull).items():
        grown, trend = MODEL[name], Trend.of(MODEL[name], YEARS).levels[:, 0]
        out[name] = grown.carrier.inverse(trend + offset[0]) - grown.carrier.inverse(trend)
    return out


@given(pulls(UNITS))
def test_units_arrive_as_stated_on_every_scale(pull):
    felt = effort_felt(pull, np.arange(2012, 2021))
    for effect in pull.lever.effects:
        expected = effect.size * pull.dose * (felt[1:] - felt[0])
        found = added(pull).get(effect.indicator, np.zeros(8))
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


@given(st.sampled_from(list(sx.EffectUnit)).flatmap(pulls), st.integers(1, 7))
def test_a_shorter_run_keeps_the_bits(pull, years):
    long = offsets(pull)
    try:
        short = offsets(pull, years=years)
    except sx.SxsimError:
        assert pull.start + pull.lever.delay > 2012 + years
        return
    for name, offset in short.items():
        np.testing.assert_array_equal(offset, long[name][:, :years])


@given(st.sampled_from(list(sx.EffectUnit)).flatmap(pulls), st.floats(1.0, 2.0))
def test_more_of_it_never_does_less(pull, more):
    fewer, many = offsets(pull), offsets(replace(pull, dose=pull.dose * more))
    for name, offset in fewer.items():
        assert (np.abs(many[name]) >= np.abs(offset) * (1.0 - 1e-12) - 1e-15).all()


@given(pulls(UNITS), pulls(PERCENT))
def test_two_levers_add_up_and_order_means_nothing(one, two):
    two = replace(two, lever=replace(two.lever, id="L2"))
    both, turned = offsets(one, two), offsets(two, one)
    each = [offsets(one), offsets(two)]
    assert both.keys() == turned.keys() == each[0].keys() | each[1].keys()
    for name in both:
        total = sum(part.get(name, np.zeros((1, 8))) for part in each)
        np.testing.assert_allclose(both[name], total, rtol=0, atol=1e-15)
        np.testing.assert_array_equal(both[name], turned[name])
