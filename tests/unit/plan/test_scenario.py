from __future__ import annotations

import math

import pytest

from sxsim.errors import PlanError
from sxsim.plan import (
    TREND,
    Change,
    Effect,
    EffectUnit,
    Elicited,
    Lever,
    PlannedGrowth,
    Pull,
    RandomEvent,
    Review,
    Scenario,
    StraightTrack,
    TargetRevision,
    Transmission,
    VolatilityChange,
)


def planned(**values):
    return PlannedGrowth(
        **({"indicator": "rd", "base_value": 1.09, "base_year": 2012, "growth": 0.1} | values)
    )


def test_the_trend_changes_nothing():
    assert (TREND.id, TREND.changes) == ("trend", ())
    assert isinstance(planned(), Change)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"growth": -1.5}, r"planned growth of rd: growth = -1\.5 is not above -1"),
        ({"base_value": math.inf}, r"planned growth of rd: base_value = inf is not a finite number"),
        ({"base_year": 12}, r"planned growth of rd: base_year = 12 is not a calendar year"),
    ],
)
def test_refuses_impossible_growth(values, message):
    with pytest.raises(PlanError, match=message):
        planned(**values)


def test_refuses_unusable_ids():
    with pytest.raises(PlanError, match="scenario 'as planned': id = 'as planned' is not a usable name"):
        Scenario(id="as planned", label="As planned")


def test_what_is_left_out_may_be_the_change_itself():
    grown = planned()
    base = Scenario(id="base", label="Base", changes=(grown, planned(indicator="firms")))
    assert base.extended(id="x", label="X", without=(grown,)).changes == base.changes[1:]


def test_an_extension_cannot_decide_a_thing_twice():
    both = (planned(), planned(growth=0.2))
    with pytest.raises(
        PlanError, match=r"scenario x: two changes decide planned growth rd: Pl.* and Planned"
    ):
        Scenario(id="base", label="Base").extended(id="x", label="X", changes=both)


def test_every_assumption_is_named_once_with_its_origin():
    more = Effect(
        indicator="rd", size=Elicited.read("0 to 2, most likely 1"), unit=EffectUnit.GROWTH, origin="guess"
    )
    fall = Effect(indicator="gdp", size=-8.0, unit=EffectUnit.PERCENT, origin="2009")
    track = StraightTrack(start=2012, value=1.0, end=2020, goal=2.0)
    changes = (
        planned(),
        *(Pull(lever=Lever(id=name, label=name, effects=(more,)), start=2014) for name in ("L1", "L2")),
        RandomEvent(id="coal", label="Coal", effects=(fall,), probability=0.2, origin="one in five"),
        Review(
            id="mid", label="M", watched="rd", track=track, years=(2016,), gain=0.25, at_most=0.1,
            indicator="rd", unit=EffectUnit.UNITS_A_YEAR, origin="rule",
        ),
        Transmission(source="rd", target="firms", elasticity=0.3, lag=2, origin="grants"),
        TargetRevision(target="H1", value=2.0, year=2016, probability=0.5, origin="draft"),
        VolatilityChange(factor=2.0, start=2015),
    )  # fmt: skip
    assert tuple(map(str, Scenario(id="x", label="X", changes=changes).assumptions())) == (
        "lever L1, L2: moves rd by 0 to 2, most likely 1 percentage points of yearly growth (guess)",
        "event coal: moves gdp by -8 percent of the level (2009)",
        "event coal: comes with a chance of 0.2 a year (one in five)",
        "rule mid: moves rd by 0.25 of the gap, at most 0.1, in units a year (rule)",
        "transmission rd to firms: elasticity 0.3 after 2 years (grants)",
        "revision H1: 2 from 2016 on, with probability 0.5 (draft)",
        "volatility: yearly shocks of every indicator times 2 from 2015 on (no origin stated)",
    )
