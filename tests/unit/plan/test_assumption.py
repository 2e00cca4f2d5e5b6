from __future__ import annotations

import string

import numpy as np
import pytest

from sxsim.plan import (
    Assumed,
    CorrelationChange,
    Effect,
    EffectUnit,
    GivenPath,
    Lever,
    LinkedStrengths,
    PlannedGrowth,
    Pull,
    Review,
    Rule,
    Scenario,
    StraightTrack,
    VolatilityChange,
)

TRACK = StraightTrack(start=2012, value=1.0, end=2020, goal=2.0)
DECIDING = {"label": "M", "years": (2016,), "indicator": "rd", "unit": EffectUnit.GROWTH, "origin": "a guess"}


def said(change):
    return [str(one) for one in Scenario(id="x", label="X", changes=(change,)).assumptions()]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            Review(id="mid", watched="rd", track=TRACK, gain=0.5, **DECIDING),
            "rule mid: moves rd by 0.5 of the gap, without bound, in percentage points of yearly growth "
            "(a guess)",
        ),
        (
            Rule(id="own", reads=("rd",), decision=lambda seen, years, year: np.zeros(1), **DECIDING),
            "rule own: moves rd in percentage points of yearly growth (a guess)",
        ),
        (
            GivenPath(indicator="gdp", figures={2016: 120.0, 2015: 110.5}, origin="o"),
            "given path gdp: gdp is 110.5 in 2015; 120 in 2016 (o)",
        ),
        (
            GivenPath(indicator="gdp", growth=0.035),
            "given path gdp: gdp grows by 3.5 percent a year (no origin stated)",
        ),
        (
            VolatilityChange(names=("gdp", "rd"), factor=1.5, start=2014, end=2016, origin="o"),
            "volatility gdp, rd: yearly shocks of gdp, rd times 1.5 from 2014 to 2016 (o)",
        ),
        (
            CorrelationChange(share=0.3, origin="o"),
            "correlation: correlation of every indicator goes 0.3 of the way to moving as one (o)",
        ),
        (
            LinkedStrengths(levers=("L1", "L2"), correlation=0.5),
            "linked L1, L2: their uncertain strengths are correlated by 0.5 (no origin stated)",
        ),
    ],
)
def test_every_change_says_what_it_assumes(change, sentence):
    assert said(change) == [sentence]


def test_what_the_plan_states_is_no_assumption():
    assert said(PlannedGrowth(indicator="rd", base_value=1.0, base_year=2012, growth=0.1)) == []


def test_levers_that_assume_the_same_with_another_origin_stand_apart():
    def pull(name, origin):
        more = Effect(indicator="rd", size=1.0, unit=EffectUnit.GROWTH, origin=origin)
        return Pull(lever=Lever(id=name, label=name, effects=(more,)), start=2014)

    changes = (pull("L1", "a"), pull("L2", "b"), pull("L3", "a"))
    found = Scenario(id="x", label="X", changes=changes).assumptions()
    assert [(one.names, one.origin) for one in found] == [(("L1", "L3"), "a"), (("L2",), "b")]


def test_forms_have_blanks_and_no_two_are_alike():
    assert all(any(name for _, name, _, _ in string.Formatter().parse(form.value)) for form in Assumed)
