from __future__ import annotations

import pytest

from sxsim.io import read_plan
from sxsim.plan import (
    CorrelationChange,
    Effect,
    EffectUnit,
    Elicited,
    GivenPath,
    LinearRamp,
    LinkedStrengths,
    PowerReturns,
    Pull,
    RandomEvent,
    Review,
    SaturatingReturns,
    SCurveRamp,
    Shock,
    SteadyTrack,
    StepRamp,
    StraightTrack,
    TargetRevision,
    Transmission,
    VolatilityChange,
)

EVERYTHING = """
[[lever]]
id = "L2"
label = "Charging grant"
delay = 1
ramp = "linear"
ramp_years = 3
fade = 2
returns = "power"
returns_exponent = 0.5
cost = 12.5
cost_unit = "million yuan a year"
dose_unit = "one grant scheme"
[[lever]]
id = "L3"
label = "Training"
ramp = "s-curve"
ramp_years = 4
returns = "saturating"
returns_half = 2
[[effect]]
lever = ["L2", "L3"]
indicator = "charging_points"
size = "5 to 10, most likely 7"
unit = "units a year"
origin = "a guess"
[[effect]]
lever = "L2"
event = "strike"
shock = "slump"
indicator = "green_investment"
size = -3
unit = "percent of the level"
origin = "another guess"
[[shock]]
id = "slump"
label = "Slump"
year = 2026
recovery = 1.5
[[event]]
id = "strike"
label = "Strike"
probability = 0.1
first_year = 2025
last_year = 2028
once = false
origin = "one in ten years"
[[rule]]
id = "review"
label = "Review"
target = "T1"
years = [2026]
gain = 0.25
at_most = 1
unit = "units a year"
lasts = 3
origin = "as the plan says"
[[rule]]
id = "brake"
label = "Brake"
watched = "charging_points"
track = "steady"
track_from = [2023, 169]
track_to = [2030, 400]
years = [2026, 2028]
gain = 0.1
indicator = "green_investment"
unit = "percentage points of yearly growth"
lag = 0
delay = 2
ramp = "linear"
ramp_years = 2
above = true
origin = "caution"
[[transmission]]
id = "money_to_points"
source = "green_investment"
target = "charging_points"
elasticity = 0.4
lag = 2
origin = "engineers"
[[revision]]
id = "softer"
target = "T1"
value = "50 to 54"
year = 2027
probability = 0.5
origin = "a rumour"
[[given]]
id = "budget"
indicator = "green_investment"
figures = [[2025, 8200], [2026, 8500]]
origin = "the budget"
[[given]]
id = "frozen"
indicator = "green_investment"
growth = 0.0
until = 2027
origin = "a worry"
[[volatility]]
id = "rough"
indicators = ["charging_points"]
factor = 1.5
start = 2025
origin = "prices"
[[correlation]]
id = "closer"
share = 0.5
origin = "one market"
[[linked]]
id = "same_office"
levers = ["L2", "L3"]
correlation = 0.7
[[scenario]]
id = "more"
label = "More"
extends = "all"
pulls = [{ lever = "L2", start = 2025, ramp = "step" }]
without = ["money_to_points", "brake", "L3"]
[[scenario]]
id = "all"
label = "All"
label_zh = "全部"
story = "Everything at once."
extends = "as_planned"
pulls = [{ lever = ["L2", "L3"], start = 2025, end = 2028, dose = 2 }]
shocks = ["slump"]
events = ["strike"]
rules = ["review", "brake"]
transmissions = ["money_to_points"]
revisions = ["softer"]
volatilities = ["rough"]
correlations = ["closer"]
linked = ["same_office"]
[[scenario]]
id = "frozen"
label = "Frozen budget"
extends = "given"
given = ["frozen"]
[[scenario]]
id = "given"
label = "Budget"
given = ["budget"]
[[scenario.pulls]]
lever = "L3"
delay = 1
"""


@pytest.fixture
def plan(edited):
    return read_plan(edited(add=EVERYTHING))


def of(scenario, noun):
    return [change for change in scenario.changes if isinstance(change, noun)]


def test_levers_are_read_whole(plan):
    grant = next(one for one in plan.levers if one.id == "L2")
    points, money = grant.effects
    assert points == Effect(
        indicator="charging_points",
        size=Elicited(low=5.0, high=10.0, mode=7.0),
        unit=EffectUnit.UNITS_A_YEAR,
        origin="a guess",
    )
    assert (money.size, money.unit, money.origin) == (-3.0, EffectUnit.PERCENT, "another guess")
    assert (grant.delay, grant.ramp, grant.fade) == (1, LinearRamp(years=3), 2.0)
    assert (grant.returns, grant.cost) == (PowerReturns(exponent=0.5), 12.5)
    assert (grant.cost_unit, grant.dose_unit) == ("million yuan a year", "one grant scheme")
    training = next(one for one in plan.levers if one.id == "L3")
    assert training.effects == (points,)
    assert (training.ramp, training.returns) == (SCurveRamp(years=4), SaturatingReturns(half=2.0))


def test_everything_a_scenario_can_hold_can_be_written(plan):
    everything = plan.scenario("all")
    assert (everything.extends, everything.label_zh) == ("as_planned", "全部")
    assert everything.changes[:2] == plan.scenario("as_planned").changes
    grant, training = of(everything, Pull)
    assert (grant.lever, training.lever) == tuple(one for one in plan.levers if one.id in {"L2", "L3"})
    assert (grant.start, grant.end, grant.dose) == (2025, 2028, 2.0)
    money = grant.lever.effects[1:]
    assert of(everything, Shock) == [Shock(id="slump", label="Slump", effects=money, year=2026, recovery=1.5)]
    assert of(everything, RandomEvent) == [
        RandomEvent(
            id="strike", label="Strike", effects=money, probability=0.1, first_year=2025, last_year=2028,
            once=False, origin="one in ten years",
        )
    ]  # fmt: skip
    assert of(everything, Transmission) == [
        Transmission(
            source="green_investment",
            target="charging_points",
            elasticity=0.4,
            lag=2,
            origin="engineers",
        )
    ]
    assert of(everything, TargetRevision) == [
        TargetRevision(
            target="T1", value=Elicited(low=50.0, high=54.0), year=2027, probability=0.5, origin="a rumour"
        )
    ]
    assert of(everything, VolatilityChange) == [
        VolatilityChange(names=("charging_points",), factor=1.5, start=2025, origin="prices")
    ]
    assert of(everything, CorrelationChange) == [CorrelationChange(share=0.5, origin="one market")]
    assert of(everything, LinkedStrengths) == [LinkedStrengths(levers=("L2", "L3"), correlation=0.7)]


def test_a_rule_is_a_review_of_a_target_or_of_its_own_track(plan):
    review, brake = of(plan.scenario("all"), Review)
    assert (review.watched, review.indicator) == ("renewable_share", "renewable_share")
    assert review.track == StraightTrack(start=2023, value=42.2, end=2030, goal=55.0)
    assert (review.gain, review.at_most, review.lasts, review.lag) == (0.25, 1.0, 3, 1)
    assert brake.track == SteadyTrack(start=2023, value=169.0, end=2030, goal=400.0)
    assert (brake.watched, brake.indicator) == ("charging_points", "green_investment")
    assert (brake.years, brake.lag, brake.delay, brake.above) == ((2026, 2028), 0, 2, True)
    assert brake.ramp == LinearRamp(years=2)


def test_only_differences_are_written_and_order_does_not_matter(plan):
    everything, more = plan.scenario("all"), plan.scenario("more")
    keys = {one.key for one in everything.changes}
    gone = {("transmission", "green_investment", "charging_points"), ("rule", "brake"), ("lever", "L3")}
    gone.add(("linked", "L2", "L3"))
    assert {one.key for one in more.changes} == keys - gone
    (pull,) = of(more, Pull)
    assert (pull.start, pull.end, pull.lever.ramp) == (2025, None, StepRamp())
    assert pull.lever.effects == of(everything, Pull)[0].lever.effects


def test_pulls_may_be_tables_and_begin_with_the_plan(plan):
    budget = plan.scenario("given")
    (pull,) = of(budget, Pull)
    assert (pull.start, pull.lever.delay) == (2024, 1)
    assert of(budget, GivenPath) == [
        GivenPath(indicator="green_investment", figures={2025: 8200.0, 2026: 8500.0}, origin="the budget")
    ]
    assert of(plan.scenario("frozen"), GivenPath) == [
        GivenPath(indicator="green_investment", growth=0.0, until=2027, origin="a worry")
    ]
