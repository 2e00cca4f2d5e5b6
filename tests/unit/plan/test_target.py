from __future__ import annotations

import math

import pytest

from sxsim.errors import PlanError
from sxsim.plan import AllOf, Base, Condition, Group, Number, Relation, Strength, Target

CONDITION = Condition(indicator="rd", relation=Relation.AT_LEAST, level=Number(value=2.5), years=(2020,))


def test_enumerations_carry_the_words_of_the_plan_file():
    assert [one.value for one in Strength] == ["binding", "plain", "best effort", "fuzzy"]
    assert [one.value for one in Group] == ["headline", "secondary"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"id": "H 1"}, r"target 'H 1': id = 'H 1' is not a usable name"),
        ({"stated_growth": -1.0}, r"target H1: stated_growth = -1\.0 is not above -1\. Growth is a fraction"),
        ({"stated_growth": math.nan}, r"target H1: stated_growth = nan is not a finite number"),
        (
            {"base": Base(value=1.0, year=2020)},
            r"target H1: base_year = 2020 is not before the target year 2020\. A b",
        ),
        ({"part_of": "H1"}, r"target H1: part_of = 'H1' is the target itself\. Name another"),
        ({"proxy_for": "H1"}, r"target H1: proxy_for = 'H1' is the target itself"),
    ],
)
def test_refuses_impossible_targets(values, message):
    with pytest.raises(PlanError, match=message):
        Target(**({"id": "H1", "label": "R&D", "condition": CONDITION} | values))


def test_refuses_numbers_that_are_not_finite():
    with pytest.raises(PlanError, match="base: base_value = nan is not a finite number"):
        Base(value=math.nan, year=2012)
    with pytest.raises(PlanError, match="base: base_year = 12 is not a calendar year"):
        Base(value=1.0, year=12)


def test_revised_rows_may_carry_a_colon():
    assert Target(id="H1:revised", label="R&D").id == "H1:revised"


@pytest.mark.parametrize(
    ("condition", "number"), [(CONDITION, 2.5), (AllOf(parts=(CONDITION,)), None), (None, None)]
)
def test_only_a_fixed_level_is_a_number(condition, number):
    assert Target(id="H1", label="R&D", condition=condition).number == number
