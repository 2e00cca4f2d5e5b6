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
