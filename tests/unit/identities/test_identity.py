from __future__ import annotations

import pytest

from sxsim.errors import PlanError
from sxsim.identities import Identity


def test_it_knows_its_parts_without_itself():
    one = Identity(
        indicator="firms", expression="firms[-1]  + certified", note="a stock", assumption="none leave"
    )
    assert (one.parts, str(one)) == (("certified",), "firms = firms[-1] + certified")
    assert [figure.name for figure in one.figures] == ["firms", "certified"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"indicator": ""}, r"^An identity has indicator=''\. Name the indicator it defines\."),
        ({"indicator": 3}, r"^An identity has indicator=3\. Name"),
        ({"expression": "f(x)"}, r"^identity whole: The expression 'f\(x\)' holds 'f\(x\)', which is a call"),
        (
            {"expression": "2 + 3"},
            r"^identity whole: The expression '2 \+ 3' names no indicator\. Compute it",
        ),
    ],
)
def test_refuses(values, message):
    with pytest.raises(PlanError, match=message):
        Identity(**({"indicator": "whole", "expression": "a + b"} | values))
