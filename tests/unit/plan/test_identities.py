from __future__ import annotations

import pytest

from sxsim.errors import PlanError
from sxsim.identities import Identity
from sxsim.plan import Bridge, Indicator, Kind, PlannedGrowth, Scenario

PARTS = (
    Indicator(id="spending", label="Spending", kind=Kind.AMOUNT),
    Indicator(id="gdp", label="GDP", kind=Kind.AMOUNT),
)
RD = Indicator(id="rd", label="R&D", kind=Kind.SHARE, units="%")
RATIO = Identity(indicator="rd", expression="100 * spending / gdp")


def test_a_plan_holds_identities_between_its_indicators(make_plan):
    plan = make_plan(indicators=(*PARTS, RD), identities=(RATIO,))
    assert plan.identities == (RATIO,)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"identities": (Identity(indicator="rd", expression="spending / gpd"),)},
            r"^identity rd: a name in expression = 'gpd' is not the id of any indicator\. Did you",
        ),
        (
            {"identities": (Identity(indicator="rdd", expression="spending / gdp"),)},
            r"^identity rdd: indicator = 'rdd' is not the id of any indicator\. Did you mean 'rd'\?",
        ),
        ({"identities": (RATIO, RATIO)}, r"^identity rd: it is defined twice, as '100 .*' and as"),
        (
            {"identities": (Identity(indicator="rd", expression="rd + gdp"),)},
            r"^identity rd: it needs itself within a year \(rd -> rd\)\. Where .*, write rd\[-1\]\.",
        ),
        (
            {
                "identities": (Identity(indicator="gdp", expression="9 * spending"),),
                "indicators": (
                    PARTS[0],
                    Indicator(
                        id="gdp", label="GDP", kind=Kind.AMOUNT,
                        bridge=Bridge(source="spending", assumption="close"),
                    ),
                ),
            },
            r"^indicator gdp: it has bridge_from, and the identity 'gdp = 9 \* spending' defines it\.",
        ),
        (
            {
                "identities": (RATIO,),
                "scenarios": (
                    Scenario(
                        id="push", label="Push",
                        changes=(PlannedGrowth(indicator="rd", base_value=1.0, base_year=2012, growth=0.1),),
                    ),
                ),
            },
            r"^scenario push: it changes 'rd', which the identity 'rd = 100 \* spending / gdp' defines\.",
        ),
    ],
)  # fmt: skip
def test_refuses(make_plan, values, message):
    with pytest.raises(PlanError, match=message):
        make_plan(**{"indicators": (*PARTS, RD)} | values)
