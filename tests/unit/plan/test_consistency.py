from __future__ import annotations

import pytest

from sxsim.errors import PlanError
from sxsim.plan import (
    Aim,
    AllOf,
    AnyOf,
    Benchmark,
    Between,
    Bridge,
    Clause,
    Condition,
    CorrelationChange,
    Effect,
    EffectUnit,
    Indicator,
    Kind,
    Lever,
    LinkedStrengths,
    Noise,
    Number,
    OwnPast,
    PlannedGrowth,
    Pull,
    RandomEvent,
    Reading,
    Relation,
    Scenario,
    Sector,
    Shock,
    StockFlow,
    TargetRevision,
    Total,
    Unit,
    VolatilityChange,
    Worded,
)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"id": "my plan"}, r"plan 'my plan': id = 'my plan' is not a usable name"),
        ({"start": 2021}, r"plan demo: start = 2021 lies after end = 2020\. Give the first year first"),
        ({"base_year": 12}, r"plan demo: base_year = 12 is not a calendar year"),
        ({"fit_until": 12}, r"plan demo: fit_until = 12 is not a calendar year"),
        (
            {"sectors": (Sector(id="T1", label="x"),)},
            r"sector T1: id = 'T1' is already used by an earlier target\. Give every row its own id",
        ),
        (
            {"scenarios": (Scenario(id="a", label="a"), Scenario(id="a", label="b"))},
            r"scenario a: id = 'a' is already used by an earlier scenario",
        ),
        (
            {"levers": (Lever(id="L1", label="x", targets=("T2",)),)},
            r"lever L1: targets = 'T2' is not the id of any target\. Known: T1\.",
        ),
        (
            {"aims": (Aim(id="A1", label="x", indicator="firm"),)},
            r"aim A1: indicator = 'firm' is not the id of any indicator\. Did you mean 'firms'\?",
        ),
        (
            {"aims": (Aim(id="A1", label="x", lead_units=("sciences",)),)},
            r"aim A1: lead_units = 'sciences' is not the id of any unit\. Did you mean 'science'\?",
        ),
        (
            {"clauses": (Clause(line=5, section="1", units=("arts",)),)},
            r"clause 5: units = 'arts' is not the id of any unit",
        ),
        (
            {"clauses": (Clause(line=5, section="1", rows=("T9",)),)},
            r"clause 5: rows = 'T9' is not the id of any row",
        ),
        (
            {"stock_flows": (StockFlow(stock="T9", flow="T1", first_year=2014, last_year=2020),)},
            r"stock_flow T9: stock = 'T9' is not the id of any target",
        ),
        (
            {"stock_flows": (StockFlow(stock="T1", flow="T9", first_year=2014, last_year=2020),)},
            r"stock_flow T1: flow = 'T9' is not the id of any target",
        ),
        (
            {"stock_flows": (StockFlow(stock="T1", flow="T1", first_year=2014, last_year=2018),)},
            r"stock_flow T1: last_year = 2018 is not the target year 2020 of 'T1'\. The flow has to run up",
        ),
        (
            {
                "scenarios": (
                    Scenario(
                        id="s",
                        label="s",
                        changes=(PlannedGrowth(indicator="x", base_value=1.0, base_year=2012, growth=0.1),),
                    ),
                )
            },
            r"scenario s: planned growth = 'x' is not the id of any indicator",
        ),
    ],
)
def test_refuses_contradictions_between_rows(make_plan, make_target, values, message):
    with pytest.raises(PlanError, match=message):
        make_plan(make_target("T1"), **values)


@pytest.mark.parametrize(
    ("reading", "key"),
    [
        (Reading(restated="gone"), "restated"),
        (Reading(noise=Noise(variable="gone")), "noise_variable"),
    ],
)
def test_refuses_figures_read_with_an_indicator_that_is_not_there(make_plan, reading, key):
    one = Indicator(id="rd", label="R&D", kind=Kind.AMOUNT, reading=reading)
    with pytest.raises(PlanError, match=rf"indicator rd: {key} = 'gone' is not the id of any indicator"):
        make_plan(indicators=(one,))


def test_refuses_indicators_used_twice_or_bridged_from_nowhere(make_plan):
    one = Indicator(id="rd", label="R&D", kind=Kind.AMOUNT)
    with pytest.raises(PlanError, match="indicator rd: id = 'rd' is already used by an earlier indicator"):
        make_plan(indicators=(one, one))
    bridged = Indicator(
        id="rd", label="R&D", kind=Kind.AMOUNT, bridge=Bridge(source="gone", drift_sd=0.1, assumption="")
    )
    with pytest.raises(
        PlanError, match=r"indicator rd: bridge_from = 'gone' is not the id of any indicator\. Known: rd"
    ):
        make_plan(indicators=(bridged,))


def test_refuses_targets_that_point_nowhere(make_plan, make_target):
    with pytest.raises(PlanError, match=r"target T1: indicator = 'farms' .* Did you mean 'firms'\?"):
        make_plan(make_target(indicator="farms"))
    with pytest.raises(PlanError, match=r"target T1: part_of = 'T0' is not the id of any target"):
        make_plan(make_target(part_of="T0"))
    with pytest.raises(PlanError, match=r"target T1: proxy_for = 'T0' is not the id of any target"):
        make_plan(make_target(proxy_for="T0"))
    with pytest.raises(
        PlanError, match=r"target T1: lead_units = 'x' is not the id of any unit\. The plan defines no unit"
    ):
        make_plan(make_target(lead_units=("x",)), units=())
    moving = Condition(
        indicator="rd", relation=Relation.AT_LEAST, level=Benchmark(indicator="rd_national"), years=(2020,)
    )
    with pytest.raises(
        PlanError, match=r"target T1: benchmark = 'rd_national' is not the id of any indicator"
    ):
        make_plan(make_target(condition=moving))


def test_refuses_parts_that_contain_their_whole(make_plan, make_target):
    chain = make_target("T1", part_of="T2"), make_target("T2", part_of="T3"), make_target("T3", part_of="T1")
    with pytest.raises(
        PlanError, match=r"target T1: part_of = 'T2' leads back .* \(T1 -> T2 -> T3 -> T1\)\. A part"
    ):
        make_plan(*chain)
    into_a_ring = (
        make_target("T0", part_of="T2"),
        make_target("T2", part_of="T3"),
        make_target("T3", part_of="T2"),
    )
    with pytest.raises(PlanError, match=r"target T2: part_of = 'T3' leads back"):
        make_plan(*into_a_ring)


def test_refuses_levels_and_bases_outside_the_share(make_plan, make_target):
    with pytest.raises(
        PlanError, match=r"target T1: value = 250\.0 lies outside the bounds of 'rd', 0 to 100\. Use the"
    ):
        make_plan(make_target(indicator="rd", value=250.0))
    with pytest.raises(
        PlanError, match=r"target T1: base_value = -1\.0 lies outside the bounds of 'rd', 0 to 100"
    ):
        make_plan(make_target(indicator="rd", value=2.5, base=(-1.0, 2012)))


def test_units_are_rows_too(make_plan, make_target):
    with pytest.raises(PlanError, match="unit T1: id = 'T1' is already used by an earlier target"):
        make_plan(make_target("T1"), units=(Unit(id="T1", label="x"),))


MORE = Effect(indicator="rd", size=0.1, unit=EffectUnit.UNITS_A_YEAR)
FUND = Lever(id="L1", label="Fund", effects=(MORE,))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            Pull(lever=Lever(id="L9", label="Other", effects=(MORE,)), start=2015),
            r"scenario x: lever = 'L9' is not the id of any lever\. Known: L1",
        ),
        (
            LinkedStrengths(levers=("L1", "L9"), correlation=0.5),
            r"scenario x: linked = 'L9' is not the id of",
        ),
        (
            Pull(lever=FUND, start=2021),
            r"scenario x: lever L1: start = 2021 lies after .* last year, 2020\. It",
        ),
        (
            Shock(id="s", label="S", effects=(MORE,), year=2021),
            r"scenario x: shock s: year = 2021 lies after",
        ),
        (
            RandomEvent(id="e", label="E", effects=(MORE,), probability=0.1, first_year=2021),
            r"scenario x: event e: first_year = 2021 lies after",
        ),
        (
            VolatilityChange(factor=2.0, start=2021),
            r"scenario x: volatility: start = 2021 lies after the plan",
        ),
        (
            TargetRevision(target="T2", value=900.0, year=2016),
            r"scenario x: revision = 'T2' is not the id of any target\. Known: T1",
        ),
    ],
)
def test_scenarios_fit_their_plan(make_plan, make_target, change, message):
    scenarios = (Scenario(id="x", label="X", changes=(change,)),)
    with pytest.raises(PlanError, match=message):
        make_plan(make_target(), levers=(FUND,), scenarios=scenarios)


def test_what_has_no_first_year_or_begins_in_time_is_left_alone(make_plan):
    changes = (
        CorrelationChange(share=0.5),
        Pull(lever=FUND, start=2020),
        RandomEvent(id="e", label="E", effects=(MORE,), probability=0.1),
    )
    plan = make_plan(levers=(FUND,), scenarios=(Scenario(id="x", label="X", changes=changes),))
    assert plan.scenario("x").changes == changes


def test_effects_of_levers_name_indicators_of_the_plan(make_plan):
    fund = Lever(id="L1", label="Fund", effects=(Effect(indicator="rnd", size=1.0, unit=EffectUnit.GROWTH),))
    with pytest.raises(PlanError, match=r"lever L1: effect = 'rnd' is not the id of any indicator\. Did you"):
        make_plan(levers=(fund,))


@pytest.mark.parametrize("kind", [Kind.SHARE, Kind.RATIO, Kind.STOCK])
def test_only_yearly_quantities_add_up(make_plan, make_target, kind):
    flow = Total(indicator="x", relation=Relation.AT_LEAST, level=Number(value=0.5), years=(2019, 2020))
    indicator = Indicator(id="x", label="X", kind=kind)
    with pytest.raises(
        PlanError, match=rf"T1: a total over 2019-2020 is asked of 'x', a {kind.value}\. Only what"
    ):
        make_plan(make_target(condition=AnyOf(parts=(flow,))), indicators=(indicator,))


@pytest.mark.parametrize(
    ("level", "relation", "message"),
    [
        (
            Worded(word="mostly", threshold=101.0),
            ">=",
            r"threshold = 101\.0 lies outside the bounds of 'rd', 0 to 100",
        ),
        (Between(lower=-1.0, upper=5.0), "within", r"lower = -1\.0 lies outside the bounds"),
        (Between(lower=1.0, upper=500.0), "within", r"upper = 500\.0 lies outside the bounds"),
    ],
)
def test_every_fixed_level_lies_inside_the_bounds(make_plan, make_target, level, relation, message):
    one = Condition(indicator="rd", relation=Relation(relation), level=level, years=(2020,))
    with pytest.raises(PlanError, match=rf"target T1: {message}"):
        make_plan(make_target(condition=AllOf(parts=(one,))))


def test_what_may_be_negative_has_no_growth_rate(make_plan, make_target):
    one = Condition(indicator="x", relation=Relation.AT_LEAST, level=OwnPast(growth=0.1), years=(2020,))
    balance = Indicator(id="x", label="X", kind=Kind.BALANCE)
    with pytest.raises(
        PlanError, match=r"T1: growth = 0\.1 is asked of 'x', a balance\. What may be negative"
    ):
        make_plan(make_target(condition=one), indicators=(balance,))


def test_every_part_names_a_known_indicator(make_plan, make_target):
    one = Condition(indicator="firm", relation=Relation.AT_LEAST, level=Number(value=1.0), years=(2020,))
    with pytest.raises(PlanError, match=r"target T1: indicator = 'firm' is not the id of any indicator"):
        make_plan(make_target(condition=AllOf(parts=(one,))))
