from __future__ import annotations

import math
import pickle

import pytest

from sxsim.errors import HistoryError, PlanError
from sxsim.plan import Bridge, Indicator, Kind, Observation, Role, bounds


def share(**values):
    return Indicator(**({"id": "rd", "label": "R&D", "kind": Kind.SHARE, "units": "% of GDP"} | values))


def test_defaults_are_the_plain_case():
    one = share()
    assert one.role is Role.INDICATOR
    assert (one.lower, one.upper, one.bridge, one.breaks) == (None, None, None, ())


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, (0.0, 100.0)),
        ({"units": "of GDP"}, (0.0, 1.0)),
        ({"lower": 10, "upper": 60}, (10.0, 60.0)),
        ({"upper": 60}, (0.0, 60.0)),
        ({"kind": Kind.STOCK}, (0.0, math.inf)),
        ({"kind": Kind.BALANCE}, (-math.inf, math.inf)),
    ],
)
def test_bounds_follow_kind_units_and_overrides(values, expected):
    assert bounds(share(**values)) == expected


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"id": "r d"}, r"indicator 'r d': id = 'r d' is not a usable name\. Use letters"),
        ({"id": ""}, r"id = '' is not a usable name"),
        ({"lower": math.nan}, r"indicator rd: lower = nan is not a finite number\. Give a number"),
        ({"upper": math.inf}, r"indicator rd: upper = inf is not a finite number"),
        (
            {"kind": Kind.STOCK, "upper": 9.0},
            r"upper = 9\.0 is given, but kind = 'stock' has no bounds\. Use kind",
        ),
        ({"lower": 60.0, "upper": 60.0}, r"lower = 60\.0 is not below upper = 60\.0\. Mend one"),
        ({"lower": 100.0}, r"lower = 100\.0 is not below upper = 100\.0"),
    ],
)
def test_refuses_impossible_indicators(values, message):
    with pytest.raises(PlanError, match=message):
        share(**values)


def test_a_bridge_leads_elsewhere():
    with pytest.raises(
        PlanError, match=r"indicator rd: bridge_from = 'rd' is the indicator itself\. Name another"
    ):
        share(bridge=Bridge(source="rd", drift_sd=0.1, assumption="none"))


@pytest.mark.parametrize(
    ("spread", "message"), [(-0.1, "drift_sd = -0.1 is negative"), (math.nan, "nan is not a finite")]
)
def test_refuses_impossible_bridges(spread, message):
    with pytest.raises(PlanError, match=f"bridge from x: .*{message}"):
        Bridge(source="x", drift_sd=spread, assumption="")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_refuses_observations_that_are_not_finite(value):
    with pytest.raises(
        HistoryError, match=r"rd in 2012: value = -?(nan|inf) is not a finite number\. Leave the row"
    ):
        Observation(indicator="rd", year=2012, value=value, source="")


@pytest.mark.parametrize("year", [12, 20012])
def test_refuses_years_that_are_not_calendar_years(year):
    with pytest.raises(HistoryError, match=rf"year = {year} is not a calendar year\. Write years in full"):
        Observation(indicator="rd", year=year, value=1.0, source="")


def test_nouns_are_frozen_hashable_and_picklable():
    one = share(bridge=Bridge(source="x", drift_sd=0.1, assumption="why"))
    with pytest.raises(AttributeError):
        one.id = "other"
    assert pickle.loads(pickle.dumps(one)) == one
    assert hash(one) == hash(share(bridge=Bridge(source="x", drift_sd=0.1, assumption="why")))
