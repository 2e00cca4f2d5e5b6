from __future__ import annotations

import math

import pytest

from sxsim.errors import PlanError
from sxsim.plan import TREND, Change, PlannedGrowth, Scenario


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
