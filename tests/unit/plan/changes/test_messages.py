"""What a change refuses to be, by name of the change, key and value."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sxsim.errors import PlanError
from sxsim.plan import (
    CorrelationChange,
    Effect,
    EffectUnit,
    Elicited,
    GivenPath,
    Lever,
    LinearRamp,
    LinkedStrengths,
    PowerReturns,
    Pull,
    RandomEvent,
    Review,
    Rule,
    SaturatingReturns,
    SCurveRamp,
    Shock,
    SteadyTrack,
    StraightTrack,
    TargetRevision,
    Transmission,
    VolatilityChange,
)

MORE = Effect(indicator="rd", size=0.05, unit=EffectUnit.UNITS)
FUND = Lever(id="L1", label="Fund", effects=(MORE,))
TRACK = StraightTrack(start=2012, value=1.0, end=2020, goal=3.0)


def lever(**more):
    return Lever(**({"id": "L1", "label": "Fund", "effects": (MORE,)} | more))


def shock(**more):
    return Shock(**({"id": "coal", "label": "Coal", "effects": (MORE,), "year": 2015} | more))


def event(**more):
    return RandomEvent(**({"id": "coal", "label": "Coal", "effects": (MORE,), "probability": 0.1} | more))


def review(**more):
    settings = {"id": "r", "label": "r", "watched": "rd", "track": TRACK, "years": (2016,), "gain": 0.3}
    return Review(**(settings | {"indicator": "rd", "unit": EffectUnit.UNITS} | more))


def rule(**more):
    settings = {"id": "r", "label": "r", "reads": ("rd",), "decision": None, "years": (2016,)}
    return Rule(**(settings | {"indicator": "rd", "unit": EffectUnit.UNITS} | more))


def effect(size):
    return Effect(indicator="rd", size=size, unit=EffectUnit.UNITS)


REFUSED = [
    (lambda: effect(math.inf), r"effect on rd: size = inf is not a finite number"),
    (
        lambda: effect("big"),
        r"effect on rd: size = 'big' is neither a number nor a distribution\. Give a number, sx",
    ),
    (lambda: effect(True), r"effect on rd: size = True is neither a number"),
    (lambda: lever(id="L 1"), r"lever 'L 1': id = 'L 1' is not a usable name"),
    (lambda: lever(effects=(MORE, MORE)), r"lever L1: it moves 'rd' twice\. Give one effect per indicator"),
    (lambda: lever(delay=-1), r"lever L1: delay = -1 is negative\. Give zero or more"),
    (lambda: lever(delay=1.5), r"lever L1: delay = 1\.5 is no number of years\. Give whole years"),
    (lambda: lever(fade=math.nan), r"lever L1: fade = nan is not a finite number"),
    (lambda: lever(cost=-2.0), r"lever L1: cost = -2\.0 is negative"),
    (
        lambda: Pull(lever=lever(effects=()), start=2014),
        r"pull of lever L1: nobody has said what it does\. Give it",
    ),
    (lambda: Pull(lever=FUND, start=14), r"pull of lever L1: start = 14 is not a calendar year"),
    (
        lambda: Pull(lever=FUND, start=2016, end=2014),
        r"L1: start = 2016 lies after end = 2014\. Give the first",
    ),
    (lambda: Pull(lever=FUND, start=2014, dose=-1.0), r"pull of lever L1: dose = -1\.0 is negative"),
    (
        lambda: LinkedStrengths(levers=("L1", "L1"), correlation=0.5),
        r"linked strengths of L1, L1: fewer than two",
    ),
    (
        lambda: LinkedStrengths(levers=("L1", "L2"), correlation=2),
        r"L1, L2: correlation = 2 is not from 0 to 1",
    ),
    (
        lambda: LinearRamp(years=0),
        r"LinearRamp\(years=0\) is not a number of years\. Give the years until full",
    ),
    (lambda: SCurveRamp(years=2.5), r"SCurveRamp\(years=2\.5\) is not a number of years"),
    (
        lambda: PowerReturns(exponent=1.5),
        r"PowerReturns\(exponent=1\.5\) is not above 0 and at most 1\. Try 0\.5",
    ),
    (
        lambda: SaturatingReturns(half=0.0),
        r"SaturatingReturns\(half=0\.0\) is not above 0\. Give the dose at which",
    ),
    (lambda: shock(id=""), r"shock '': id = '' is not a usable name"),
    (lambda: shock(effects=()), r"shock coal: it has no effect\. Say what it does"),
    (lambda: shock(effects=(MORE, MORE)), r"shock coal: it moves 'rd' twice"),
    (lambda: shock(recovery=0.0), r"shock coal: recovery = 0\.0 is not above 0\. Give a half-life in years"),
    (lambda: shock(year=15), r"shock coal: year = 15 is not a calendar year"),
    (
        lambda: event(probability=1.5),
        r"event coal: probability = 1\.5 is not from 0 to 1\. 0\.1 is one in ten",
    ),
    (
        lambda: event(first_year=2016, last_year=2014),
        r"event coal: first_year = 2016 lies after last_year = 2014",
    ),
    (lambda: event(last_year=14), r"event coal: last_year = 14 is not a calendar year"),
    (
        lambda: VolatilityChange(factor=-1.0, start=2014),
        r"volatility of all: factor = -1\.0 is negative\. 1 leaves",
    ),
    (
        lambda: VolatilityChange(names=("a",), factor=2.0, start=2014, end=2013),
        r"of a: start = 2014 lies after end",
    ),
    (
        lambda: CorrelationChange(share=1.0),
        r"correlation of all: share = 1\.0 is not from -1 to below 1\. 0 leaves",
    ),
    (
        lambda: CorrelationChange(names=("a",), share=0.5),
        r"correlation of a: one indicator has none\. Name two",
    ),
    (lambda: GivenPath(indicator="a"), r"given path of a: figures = {} and growth = None\. Give exactly one"),
    (
        lambda: GivenPath(indicator="a", figures={2015: 1.0}, growth=0.1),
        r"figures = {2015: 1\.0} and growth = 0\.1",
    ),
    (
        lambda: GivenPath(indicator="a", figures={15: 1.0}),
        r"given path of a: year = 15 is not a calendar year",
    ),
    (lambda: GivenPath(indicator="a", figures={2015: math.nan}), r"figure of 2015 = nan is not a finite"),
    (lambda: GivenPath(indicator="a", growth=-1.0), r"given path of a: growth = -1\.0 is not above -1"),
    (
        lambda: GivenPath(indicator="a", growth=0.1, until=20),
        r"given path of a: until = 20 is not a calendar year",
    ),
    (
        lambda: Transmission(source="a", target="a", elasticity=0.5),
        r"transmission a to a: it leads back to itself",
    ),
    (
        lambda: Transmission(source="a", target="b", elasticity=math.inf),
        r"a to b: elasticity = inf is not a finite",
    ),
    (
        lambda: Transmission(source="a", target="b", elasticity=1, lag=-1),
        r"lag = -1 is not a number of years\. Give",
    ),
    (lambda: review(years=()), r"rule r: years is empty\. Name at least one year of decision"),
    (lambda: review(years=(16,)), r"rule r: year = 16 is not a calendar year"),
    (lambda: review(delay=0), r"rule r: delay = 0 is not a number of years\. Give 1 or more"),
    (lambda: review(lag=-1), r"rule r: lag = -1 is not a number of years\. Give 0 or more"),
    (lambda: review(lasts=0), r"rule r: lasts = 0 is not a number of years\. Give 1 or more"),
    (lambda: review(gain=math.nan), r"rule r: gain = nan is not a finite number"),
    (lambda: review(at_most=-0.1), r"rule r: at_most = -0\.1 is negative"),
    (lambda: rule(id="r r"), r"rule 'r r': id = 'r r' is not a usable name"),
    (lambda: rule(reads=()), r"rule r: reads is empty\. Name the indicators it looks at"),
    (
        lambda: StraightTrack(start=2020, value=1.0, end=2020, goal=2.0),
        r"end = 2020 is not after start = 2020",
    ),
    (
        lambda: StraightTrack(start=2012, value=1.0, end=2020, goal=math.nan),
        r"StraightTrack: goal = nan is not a",
    ),
    (
        lambda: SteadyTrack(start=2012, value=0.0, end=2020, goal=2.0),
        r"SteadyTrack from 0 to 2: a value is not above",
    ),
    (
        lambda: TargetRevision(target="H1", value=2.0, year=16),
        r"revision of H1: year = 16 is not a calendar year",
    ),
    (
        lambda: TargetRevision(target="H1", value="2", year=2016),
        r"revision of H1: value = '2' is neither a number",
    ),
    (
        lambda: TargetRevision(target="H1", value=2.0, year=2016, probability=-1),
        r"revision of H1: probability = -1 is not from 0 to 1",
    ),
    (
        lambda: Elicited(low=2.0, high=1.0),
        r"a range: low = 2\.0 is not below high = 1\.0\. Give the lower end first",
    ),
    (
        lambda: Elicited(low=0.0, high=1.0, mode=3.0),
        r"a range: mode = 3\.0 lies outside 0 to 1\. The most likely",
    ),
    (lambda: Elicited(low=math.nan, high=1.0), r"a range: low = nan is not a finite number"),
    (
        lambda: Elicited.read("about seven"),
        r"'about seven' is not a range\. Write it as in \"5 to 10, most likely 7",
    ),
]


@pytest.mark.parametrize(("make", "message"), REFUSED)
def test_what_makes_no_sense_is_refused(make, message):
    with pytest.raises(PlanError, match=message):
        make()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5 to 10, most likely 7", Elicited(low=5.0, high=10.0, mode=7.0)),
        ("5至10，最可能7", Elicited(low=5.0, high=10.0, mode=7.0)),
        ("-2.5% to −1%", Elicited(low=-2.5, high=-1.0)),
        ("0.5 – 1.5; likely 1", Elicited(low=0.5, high=1.5, mode=1.0)),
    ],
)
def test_a_range_is_read_as_people_write_it(text, expected):
    assert Elicited.read(text) == expected


def test_a_range_is_a_triangle_or_flat():
    triangle = Elicited(low=1.0, high=5.0, mode=2.0)
    x = np.linspace(1.0, 5.0, 41)
    below = np.where(x <= 2.0, (x - 1.0) ** 2 / 4.0, 1.0 - (5.0 - x) ** 2 / 12.0)
    np.testing.assert_allclose(triangle.ppf(below), x, rtol=1e-12)
    np.testing.assert_allclose(Elicited(low=1.0, high=5.0).ppf((x - 1.0) / 4.0), x, rtol=1e-12)
    for end in (1.0, 5.0):
        edge = Elicited(low=1.0, high=5.0, mode=end).ppf(np.array([0.0, 0.5, 1.0]))
        assert edge[0] == 1.0 and edge[2] == 5.0 and 1.0 < edge[1] < 5.0
