from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsim.datasets import load_plan
from sxsim.plan import (
    Base,
    Condition,
    Effect,
    EffectUnit,
    Finding,
    FindingCode,
    Indicator,
    Kind,
    Lever,
    Number,
    Plan,
    PlannedGrowth,
    Pull,
    Relation,
    Scenario,
    Severity,
    StockFlow,
    Target,
    audit,
)

GAPS = {FindingCode.INCOMPLETE, FindingCode.ASSUMED}


def facts(plan):
    """Findings by row and code, without gaps."""
    return {(one.row, one.code): one for one in audit(plan) if one.code not in GAPS}


@pytest.fixture(scope="module")
def shanxi():
    return load_plan("shanxi-2014")


def test_the_bundled_plan_yields_exactly_these_facts(shanxi):
    code = FindingCode
    assert {key: one.severity for key, one in facts(shanxi).items()} == dict.fromkeys(
        [
            ("H1", code.GROWTH_CLOSES_WITHIN_ROUNDING), ("H1", code.PERIOD_COUNT), ("H1", code.BASE_AGREES),
            ("H2", code.GROWTH_CLOSES), ("H2", code.PERIOD_COUNT), ("H2", code.BASE_AGREES),
            ("H3", code.GROWTH_CLOSES), ("H3", code.PERIOD_COUNT), ("H3", code.BASE_AGREES),
            ("H4", code.BASE_AGREES),
            ("S8", code.NESTED_FEASIBLE), ("S12", code.NESTED_FEASIBLE), ("S5", code.STOCK_REACHED),
            ("shanxi-2014", code.EFFECT_UNSTATED),
        ],
        Severity.NOTE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "end", "implied", "seven", "six"),
    [
        ("H1", 2.494, 0.10934, 2.249, 2.028),
        ("H2", 10028, 0.10861, 9043, 8154),
        ("H3", 266.15, 0.09941, 241.95, 219.96),
    ],
)
def test_the_bundled_growth_closes_over_eight_years_only(shanxi, row, end, implied, seven, six):
    found = facts(shanxi)
    closing = next(
        one for (name, code), one in found.items() if name == row and code.name.startswith("GROWTH")
    )
    assert closing.numbers["periods"] == 8
    assert closing.numbers["end"] == pytest.approx(end, rel=2e-4)
    assert closing.numbers["implied_growth"] == pytest.approx(implied, abs=5e-6)
    counted = found[row, FindingCode.PERIOD_COUNT].numbers
    assert [counted[f"periods_{key}"] for key in ("base", "plan", "steps")] == [8, 7, 6]
    assert counted["end_plan"] == pytest.approx(seven, rel=2.5e-4)
    assert counted["end_steps"] == pytest.approx(six, rel=2.5e-4)


def test_the_bundled_sentences_read_as_they_should(shanxi):
    found = facts(shanxi)
    assert str(found["H1", FindingCode.GROWTH_CLOSES_WITHIN_ROUNDING]) == (
        "NOTE H1: 10.9% a year for 8 years takes 1.09% of GDP in 2012 to 2.494% of GDP in 2020, which misses "
        "2.5% of GDP; 10.934% a year is needed, which is within the rounding of the stated rate "
        "(10.85% to 10.95%)."
    )
    assert (
        "the plan's own 7 years (2014-2020) it ends at 9,043"
        in found["H2", FindingCode.PERIOD_COUNT].sentence
    )
    assert (
        "3 cities of the 5 cities of S10, which is possible"
        in found["S12", FindingCode.NESTED_FEASIBLE].sentence
    )


def test_the_bundled_stock_needs_three_hundred_firms(shanxi):
    found = facts(shanxi)["S5", FindingCode.STOCK_REACHED]
    assert found.sentence.startswith(
        "100 a year for 7 years (2014-2020) add 700, so 1,000 in 2020 takes at least 300 before 2014: "
        "the 371 of 2013 are enough, the 290 of 2012 would not be enough; losses only raise the need"
    )
    assert found.numbers == {
        "flow": 100, "years": 7, "stock": 1000, "need": 300, "observed_2013": 371, "observed_2012": 290,
    }  # fmt: skip


def test_the_bundled_gaps_are_named(shanxi):
    gaps = [(one.row, one.sentence) for one in audit(shanxi) if one.code is FindingCode.INCOMPLETE]
    assert ("H5", "The plan gives no base value.") in gaps
    assert ("S14", "The plan gives no number for '基本替代' and no number for '部分替代'.") in gaps
    assert not {"H1", "H2", "H3", "H4"} & {row for row, _ in gaps}
    assert "S2" in {one.row for one in audit(shanxi) if one.code is FindingCode.ASSUMED}


def test_growth_that_falls_short_is_an_error(make_plan, make_target):
    plan = make_plan(make_target(indicator="rd", value=3.0, unit="%", base=(1.09, 2012), stated_growth=0.109))
    found = facts(plan)["T1", FindingCode.GROWTH_FALLS_SHORT]
    assert found.severity is Severity.ERROR
    assert "which is outside the rounding of the stated rate (10.85% to 10.95%)" in found.sentence
    assert facts(plan)["T1", FindingCode.PERIOD_COUNT].severity is Severity.WARNING


def test_growth_may_have_to_stay_below_a_level(make_plan, make_target):
    def code(value):
        low = make_target(
            indicator="rd", value=value, relation=Relation.AT_MOST, base=(50.0, 2012), stated_growth=-0.05
        )
        return next(iter(facts(make_plan(low))))[1]

    end = 50 * 0.95**8
    assert code(end) is FindingCode.GROWTH_CLOSES
    assert code(end * 0.97) is FindingCode.GROWTH_CLOSES_WITHIN_ROUNDING
    assert code(end * 0.9) is FindingCode.GROWTH_FALLS_SHORT


def test_counting_years_is_no_question_when_the_base_is_the_year_before(make_plan, make_target):
    plan = make_plan(make_target(value=195.0, base=(100.0, 2013), stated_growth=0.10))
    assert [code for _, code in facts(plan)] == [
        FindingCode.GROWTH_CLOSES_WITHIN_ROUNDING,
        FindingCode.BASE_UNOBSERVED,
    ]


def test_several_counts_that_close_are_worth_a_second_look(make_plan, make_target):
    plan = make_plan(make_target(value=110.0, base=(100.0, 2012), stated_growth=0.10))
    assert facts(plan)["T1", FindingCode.PERIOD_COUNT].severity is Severity.WARNING


def test_base_is_compared_to_its_printed_digits(make_plan, make_target):
    def code(observed):
        plan = make_plan(
            make_target(indicator="rd", value=2.5, base=(1.09, 2012)), figures=[("rd", 2012, observed)]
        )
        return next(iter(facts(plan).values()))

    assert code(1.0934).code is FindingCode.BASE_AGREES
    assert code(1.1).code is FindingCode.BASE_AGREES  # the observed figure has one digit only
    differs = code(1.12)
    assert (differs.code, differs.severity) == (FindingCode.BASE_DIFFERS, Severity.WARNING)
    assert differs.sentence == "The stated base of 1.09% in 2012 differs from the observed 1.12%."


def test_parts_larger_than_their_whole_are_errors(make_plan, make_target):
    plan = make_plan(make_target("T1", value=5.0), make_target("T2", value=6.0, part_of="T1"))
    found = facts(plan)["T2", FindingCode.NESTED_INFEASIBLE]
    assert found.severity is Severity.ERROR
    assert found.sentence == "It is 6 of the 5 of T1: a part cannot be larger than its whole."


@pytest.mark.parametrize("values", [{"unit": "thousand"}, {"year": 2025}])
def test_parts_in_another_unit_or_year_are_not_compared(make_plan, make_target, values):
    plan = make_plan(make_target("T1", value=5.0), make_target("T2", value=6.0, part_of="T1", **values))
    found = facts(plan)["T2", FindingCode.NESTED_UNCOMPARABLE]
    assert found.severity is Severity.WARNING
    assert "the two differ in unit or year" in found.sentence


@pytest.mark.parametrize(
    ("figures", "yearly", "code", "severity", "words"),
    [
        ([2013], 100.0, FindingCode.STOCK_REACHED, Severity.NOTE, "the 371 of 2013 are enough"),
        ([2012], 100.0, FindingCode.STOCK_SHORT, Severity.WARNING, "the 290 of 2012 would not be enough"),
        ([2014], 100.0, FindingCode.STOCK_UNOBSERVED, Severity.NOTE, "no figure from before then is known"),
        (
            [],
            150.0,
            FindingCode.STOCK_REACHED,
            Severity.NOTE,
            "at least 0 before 2014: the flow alone is enough",
        ),
    ],
)
def test_stocks_and_flows(make_plan, make_target, figures, yearly, code, severity, words):
    known = {2012: 290.0, 2013: 371.0, 2014: 520.0}
    plan = make_plan(
        make_target("T1", value=1000.0),
        make_target("T2", value=yearly),
        figures=[("firms", year, known[year]) for year in figures],
        stock_flows=(StockFlow(stock="T1", flow="T2", first_year=2014, last_year=2020),),
    )
    found = audit(plan)[-1]
    assert (found.row, found.code, found.severity) == ("T1", code, severity)
    assert words in found.sentence
    assert found.sentence.endswith("losses only raise the need.")


def test_stocks_without_a_number_are_left_alone(make_plan):
    plan = make_plan(
        Target(id="T1", label="x"),
        Target(id="T2", label="y", part_of="T1"),
        stock_flows=(StockFlow(stock="T1", flow="T2", first_year=2014, last_year=2020),),
    )
    assert facts(plan) == {}


def test_gaps_are_listed_in_one_sentence(make_plan):
    found = audit(make_plan(Target(id="T1", label="x", assumption="The year is taken to be 2020.")))
    assert [str(one) for one in found] == [
        "NOTE T1: The plan gives no level and year that can be tested, no base value and no definition.",
        "NOTE T1: It rests on an assumption: The year is taken to be 2020.",
    ]


def test_findings_are_values():
    one = Finding(
        row="H1", severity=Severity.NOTE, code=FindingCode.ASSUMED, sentence="x", numbers={"a": 1.0}
    )
    assert one == Finding(
        row="H1", severity=Severity.NOTE, code=FindingCode.ASSUMED, sentence="x", numbers={"a": 1.0}
    )
    assert len({one, one}) == 1


@settings(max_examples=50)
@given(
    base=st.floats(0.1, 1e4),
    tenths=st.integers(-90, 400),
    year=st.integers(2015, 2040),
    excess=st.sampled_from([0.5, 0.999, 1.0, 1.001, 2.0]),
)
def test_the_implied_growth_leads_to_the_level(base, tenths, year, excess):
    growth = tenths / 1000
    level = base * (1 + growth) ** (year - 2012) * excess
    goal = Condition(indicator="x", relation=Relation.AT_LEAST, level=Number(value=level), years=(year,))
    plan = Plan(
        id="p", title="p", start=2014, end=2020, base_year=2012, fit_until=2012,
        indicators=(Indicator(id="x", label="x", kind=Kind.AMOUNT),),
        targets=(
            Target(id="T", label="T", condition=goal, base=Base(value=base, year=2012), stated_growth=growth),
        ),
    )  # fmt: skip
    found = audit(plan)[0]
    assert base * (1 + found.numbers["implied_growth"]) ** (year - 2012) == pytest.approx(level)
    assert (found.code is FindingCode.GROWTH_CLOSES) == (excess <= 1.0)


def lever(name, *indicators):
    effects = tuple(
        Effect(indicator=one, size=1.0, unit=EffectUnit.GROWTH, origin="assumed") for one in indicators
    )
    return Lever(id=name, label=name, effects=effects)


def test_levers_nobody_has_given_an_effect_are_named(make_plan):
    (found,) = audit(make_plan(levers=(lever("L1"), lever("L2", "rd"), lever("L3"))))
    assert (found.row, found.code, found.severity) == ("demo", FindingCode.EFFECT_UNSTATED, Severity.NOTE)
    assert "what 2 of 3 levers do" in found.sentence and "L1, L3" in found.sentence
    assert audit(make_plan(levers=(lever("L2", "rd"),))) == []


def test_levers_on_top_of_planned_growth_may_count_twice(make_plan):
    levers = (lever("L1", "rd"), lever("L2", "firms"))
    planned = PlannedGrowth(indicator="rd", base_value=1.09, base_year=2012, growth=0.1)
    pulls = tuple(Pull(lever=one, start=2015) for one in levers)
    once = Scenario(id="once", label="Once", changes=(planned, pulls[1]))
    twice = Scenario(id="twice", label="Twice", changes=(planned, *pulls))
    (found,) = audit(make_plan(levers=levers, scenarios=(once, twice)))
    assert (found.row, found.code, found.severity) == ("twice", FindingCode.COUNTED_TWICE, Severity.WARNING)
    assert found.sentence.startswith("rd follows the plan's own growth and is moved by L1 as well")
