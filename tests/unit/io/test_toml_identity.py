from __future__ import annotations

import numpy as np
import pytest

from sxsim.errors import PlanError
from sxsim.identities import Identity
from sxsim.io import read_plan

TABLES = """
[[indicator]]
id = "cost"
label = "Investment for each charging point"
kind = "count"
units = "thousand yuan"
[[identity]]
indicator = "cost"
expression = "1000 * green_investment / charging_points[-1]"
note = "n"
assumption = "a"
"""
PLANNED = """
[[identity]]
indicator = "renewable_share"
expression = "0.3 * charging_points"
"""


def test_identities_are_read(edited):
    plan = read_plan(edited(add=TABLES))
    text = "1000 * green_investment / charging_points[-1]"
    assert plan.identities == (Identity(indicator="cost", expression=text, note="n", assumption="a"),)


def test_a_derived_indicator_brings_its_attributes_even_without_a_figure(edited):
    cost = read_plan(edited(add=TABLES)).history["cost"]
    assert np.isnan(cost).all()
    assert (cost.attrs["kind"], cost.attrs["units"], cost.attrs["source"]) == ("count", "thousand yuan", "")
    without = TABLES.split("[[identity]]")[0]
    assert "cost" not in read_plan(edited((TABLES, without))).history


def test_as_planned_leaves_out_what_is_derived(edited):
    plan = read_plan(edited(add=PLANNED))
    assert [one.indicator for one in plan.scenario("as_planned").changes] == ["charging_points"]


@pytest.mark.parametrize(
    ("swap", "message"),
    [
        (
            ('indicator = "cost"\nexp', "exp"),
            r"\[\[identity\]\] number 1: the key 'indicator' is missing\. Add",
        ),
        (
            ("expression =", "expresion ="),
            r"\[\[identity\]\] cost: unknown key 'expresion'\. Did you mean 'expre",
        ),
        (
            ("[-1]", "[1]"),
            r"\[\[identity\]\] cost: The expression '1000 \* .*' holds 'charging_points\[1\]', whose",
        ),
        (
            ("[-1]", "(1)"),
            r"\[\[identity\]\] cost: The expression .* holds 'charging_points\(1\)', which is a call",
        ),
        (
            ("_points[-1]", "_point"),
            r"\[\[identity\]\] cost: a name in expression = 'charging_point' is not the id",
        ),
        (
            ("points[-1]", "points / cost"),
            r"\[\[identity\]\] cost: it needs itself within a year \(cost -> cost\)",
        ),
        (('"1000 * green', "12 #"), r"\[\[identity\]\] cost: expression = 12 is not text"),
    ],
)
def test_mistakes_say_where_they_stand(edited, swap, message):
    with pytest.raises(PlanError, match=r"plan\.toml: " + message):
        read_plan(edited(add=TABLES.replace(*swap)))
