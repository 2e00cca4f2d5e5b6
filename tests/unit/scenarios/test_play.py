"""A policy replayed over a small world, against the same story told draw by draw in plain Python."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

import sxsim as sx
from sxsim.errors import RequestError
from sxsim.plan import (
    EffectUnit,
    Elicited,
    LinearRamp,
    LinkedStrengths,
    PlannedGrowth,
    Review,
    Rule,
    StraightTrack,
    Transmission,
)
from sxsim.scenarios import play

YEARS, DRAWS = 8, 7
UNITS, GROWTH, PERCENT = EffectUnit.UNITS, EffectUnit.GROWTH, EffectUnit.PERCENT
DRIFT = {"a": 0.05, "b": 0.03, "c": 0.07}


@pytest.fixture
def model(walks):
    odds = sx.Odds(lower=0.0, upper=100.0)
    return walks(a=(sx.Log(), 100.0, 0.05), b=(odds, 20.0, 0.03), c=(sx.Log(), 8.0, 0.07))


@pytest.fixture
def world(model):
    rng = np.random.default_rng(5)
    return {
        name: model[name].last_level() + np.cumsum(0.1 * rng.standard_normal((YEARS, DRAWS)), axis=0)
        for name in model.names
    }


def forward(name, value):
    return math.log(value / (100 - value)) if name == "b" else math.log(value)


def back(name, level):
    return 100 / (1 + math.exp(-level)) if name == "b" else math.exp(level)


def trend(name, t):
    """Median in published units, t years after the last figure."""
    return back(name, forward(name, {"a": 100.0, "b": 20.0, "c": 8.0}[name]) + DRIFT[name] * t)


def converted(name, unit, efforts, t):
    """Addition in year t (from 1) of efforts by year."""
    value = trend(name, t)
    if unit is UNITS:
        value += efforts[t]
    elif unit is PERCENT:
        value *= 1 + efforts[t] / 100
    elif unit is EffectUnit.UNITS_A_YEAR:
        value += sum(efforts[u] for u in range(1, t + 1))
    else:
        for u in range(1, t + 1):
            value *= 1 + efforts[u] / 100 / (trend(name, u) / trend(name, u - 1))
    return forward(name, value) - forward(name, trend(name, t))


def triangle(low, high, mode, p):
    cut = (mode - low) / (high - low)
    if p < cut:
        return low + math.sqrt(p * (high - low) * (mode - low))
    return high - math.sqrt((1 - p) * (high - low) * (high - mode))


@pytest.fixture
def story(pull, effect, shock, event):
    """All kinds of changes that differ from path to path, and two that do not."""
    effects = (effect(Elicited(low=1.0, high=4.0, mode=2.0), GROWTH, of="a"), effect(2.0, UNITS, of="b"))
    falls = {"probability": 0.4, "first_year": 2014, "last_year": 2018, "recovery": 1.0, "once": False}
    review = Review(
        id="r",
        label="r",
        watched="b",
        track=StraightTrack(start=2012, value=22.0, end=2020, goal=40.0),
        years=(2013, 2015, 2016),
        gain=0.3,
        at_most=1.0,
        indicator="a",
        unit=GROWTH,
        lag=1,
        delay=2,
        lasts=2,
        ramp=LinearRamp(years=2),
    )
    return (
        pull(effects=effects, start=2014, ramp=LinearRamp(years=2), delay=1),
        pull(Elicited(low=-6.0, high=-1.0), PERCENT, of="c", name="L2", start=2012, end=2015),
        LinkedStrengths(levers=("L1", "L2"), correlation=0.36),
        shock(Elicited(low=-9.0, high=-3.0), PERCENT, of="a", year=2015, recovery=2.0),
        event(-1.0, UNITS, of="b", **falls),
        PlannedGrowth(indicator="c", base_value=8.0, base_year=2012, growth=0.1),
        Transmission(source="a", target="b", elasticity=0.5, lag=2),
        Transmission(source="b", target="c", elasticity=0.4),
        Transmission(source="c", target="b", elasticity=-0.6),
        review,
    )


def sizes_of(numbers, d):
    """Sizes of the growth of a, the percent of c and the shock, on one path."""
    phi, common = NormalDist().cdf, numbers.strength("L1+L2")[d]
    one, two = (0.6 * common + 0.8 * numbers.strength(name)[d] for name in ("L1", "L2"))
    fall = -9.0 + 6.0 * phi(-numbers.strength("shock s")[d])
    return triangle(1.0, 4.0, 2.0, phi(one)), -6.0 + 5.0 * phi(-two), fall


def own_additions(t, sizes, falls, review):
    """What is done to a, b and c themselves in year t."""
    growth, percent, fall = sizes
    share = [0.0 if u < 3 else min((u - 2) / 2, 1.0) for u in range(YEARS + 1)]
    a = converted("a", GROWTH, [growth * part for part in share], t) + converted("a", GROWTH, review, t)
    if t >= 3:
        a += converted("a", PERCENT, [fall] * 9, 3) * 0.5 ** ((t - 3) / 2)
    b = converted("b", UNITS, [2.0 * part for part in share], t)
    for when in range(2, min(t, 6) + 1):
        if falls[when - 1]:
            b += converted("b", UNITS, [-1.0] * 9, when) * 0.5 ** (t - when)
    # the second lever was at work in 2012: its figures hold it already, and miss it after 2015
    c = converted("c", PERCENT, [percent * ((1.0 if u <= 3 else 0.0) - 1.0) for u in range(YEARS + 1)], t)
    return a, b, c


def told(world, sizes, falls):
    """Levels of one path, year by year."""
    review, published, level = [0.0] * (YEARS + 1), {2012: 20.0}, {name: [] for name in "abc"}
    passed = [0.0] * (YEARS + 1)
    for t in range(1, YEARS + 1):
        a, b, c = own_additions(t, sizes, falls, review)
        passed[t] = a
        b += 0.5 * passed[t - 2] if t > 2 else 0.0
        b, c = (b - 0.6 * c) / 1.24, (c + 0.4 * b) / 1.24
        c += math.log(8.0 * 1.1**t) - forward("c", trend("c", t))
        for name, addition in (("a", a), ("b", b), ("c", c)):
            level[name].append(world[name][t - 1] + addition)
        published[2012 + t] = back("b", level["b"][-1])
        if 2012 + t in (2013, 2015, 2016):
            gap = 22.0 + 18.0 * (t - 1) / 8 - published[2012 + t - 1]
            for later, part in ((t + 2, 0.5), (t + 3, 1.0)):
                if later <= YEARS:
                    review[later] += part * min(0.3 * max(gap, 0.0), 1.0)
    return level


def test_every_path_is_what_plain_python_says(model, world, story, compiled, given):
    policy, numbers = compiled(model, *story, horizon=YEARS), given(YEARS, DRAWS)
    found = play(policy, world, numbers, "abc", place=0, shape=(YEARS, DRAWS))
    falls = numbers.events("e")[0] < 0.4
    assert falls[1:6].any() and not falls[1:6].all()
    for d in range(DRAWS):
        own = {name: levels[:, d] for name, levels in world.items()}
        expected = told(own, sizes_of(numbers, d), falls[:, d])
        for name in "abc":
            np.testing.assert_allclose(found[name][:, d], expected[name], rtol=0, atol=2e-12)


def once(years=(2015,), **more):
    settings = {"id": "r", "label": "r", "reads": ("b",), "indicator": "a", "unit": GROWTH} | more
    return Rule(years=years, **settings)


def played(compiled, model, world, given, *changes):
    policy = compiled(model, *changes, horizon=YEARS)
    names = sorted(policy.moves.names)
    return play(policy, world, given(YEARS, DRAWS), names, place=0, shape=(YEARS, DRAWS))


def test_an_event_that_is_sure_is_a_shock_in_its_first_year(model, world, event, shock, compiled, given):
    sure = event(-8.0, PERCENT, of="a", probability=1.0, first_year=2015, recovery=2.0)
    found = played(compiled, model, world, given, sure)["a"]
    offsets = compiled(model, shock(-8.0, PERCENT, of="a", year=2015, recovery=2.0), horizon=YEARS).offsets
    np.testing.assert_allclose(found, world["a"] + offsets["a"][0][:, None], rtol=0, atol=1e-14)


def test_an_event_that_is_sure_every_year_is_a_shock_every_year(model, world, event, shock, compiled, given):
    every = event(-8.0, PERCENT, of="a", probability=1.0, recovery=2.0, once=False)
    found = played(compiled, model, world, given, every)["a"]
    shocks = [shock(-8.0, PERCENT, of="a", name=f"s{y}", year=y, recovery=2.0) for y in range(2013, 2021)]
    offsets = compiled(model, *shocks, horizon=YEARS).offsets["a"][0]
    np.testing.assert_allclose(found, world["a"] + offsets[:, None], rtol=0, atol=1e-14)


def test_an_event_that_cannot_happen_needs_no_moves(model, event, compiled):
    assert compiled(model, event(of="a", probability=0.0)).moves is None


def test_an_event_happens_at_most_once_and_every_size_is_its_own(model, world, event, compiled, given):
    uniform, normal = given(YEARS, DRAWS).events("e")
    size = Elicited(low=-9.0, high=-1.0)
    found = played(compiled, model, world, given, event(size, PERCENT, of="a", probability=0.5))["a"]
    phi = NormalDist().cdf
    for d in range(DRAWS):
        first = next((t for t in range(YEARS) if uniform[t, d] < 0.5), YEARS)
        blow = math.log(1 + (-9.0 + 8.0 * phi(-normal[first, d])) / 100) if first < YEARS else 0.0
        expected = np.where(np.arange(YEARS) < first, 0.0, blow)
        np.testing.assert_allclose(found[:, d] - world["a"][:, d], expected, rtol=0, atol=1e-13)


def test_what_a_lever_does_at_its_median_is_the_same_on_all_paths(model, pull, effect, compiled):
    """Only what an uncertain strength makes beyond that differs from draw to draw."""
    effects = (effect(Elicited(low=1.0, high=2.0), of="a"), effect(1.0, of="b"))
    policy = compiled(model, pull(effects=effects))
    fixed = compiled(model, pull(effects=(effect(1.5, of="a"), effect(1.0, of="b"))))
    assert list(policy.offsets) == ["a", "b"] and policy.moves.names == {"a"} and fixed.moves is None
    for name, offsets in policy.offsets.items():
        np.testing.assert_allclose(offsets, fixed.offsets[name], rtol=1e-14)
    assert policy.moves.reads == frozenset() and policy.needs(["a"]) == {"a"}


def test_what_moves_reach_is_named(model, pull, compiled):
    links = [Transmission(source=s, target=t, elasticity=0.5, lag=1) for s, t in (("a", "b"), ("b", "c"))]
    policy = compiled(model, pull(Elicited(low=1.0, high=2.0), of="b"), *links)
    assert policy.moves.names == {"b", "c"} and sorted(policy.offsets) == ["b", "c"]


def test_a_rule_may_read_what_nothing_moves(model, world, compiled, given):
    seen_years = []

    def decision(seen, years, year):
        seen_years.append((years.tolist(), year))
        return np.where(seen["b"][-1] > 20.0, 1.0, 0.0)

    found = played(compiled, model, world, given, once((2013, 2015), decision=decision, lag=1))
    assert list(found) == ["a"]
    assert seen_years == [([2012], 2013), ([2012, 2013, 2014], 2015)]


@pytest.mark.parametrize("wrong", [np.zeros(3), np.full(DRAWS, np.nan), 1.0])
def test_a_decision_that_is_not_one_number_for_each_path_is_refused(model, world, compiled, given, wrong):
    with pytest.raises(RequestError, match=r"Rule 'r' decides in 2015 on .* for 7 paths\. Return one finite"):
        played(compiled, model, world, given, once(decision=lambda *_: wrong))


def test_a_rule_that_knows_nothing_yet_is_refused(model, world, compiled, given):
    message = (
        r"Rule 'r' decides in 2015, and no figure up to 2011 is known\. Let it decide later, or see more"
    )
    with pytest.raises(RequestError, match=message):
        played(compiled, model, world, given, once(decision=lambda *_: np.zeros(DRAWS), lag=4))
