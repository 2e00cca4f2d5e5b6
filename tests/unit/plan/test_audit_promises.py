"""The audit of totals, of multiples of a whole, of words, and of what has to hold together."""

from __future__ import annotations

import pytest

from sxsim.plan import (
    AllOf,
    AnyOf,
    AtLeast,
    Benchmark,
    Between,
    Condition,
    FindingCode,
    Indicator,
    Kind,
    Number,
    OwnPast,
    Relation,
    Severity,
    Total,
    When,
    Worded,
    audit,
)

AT_LEAST, AT_MOST, WITHIN = Relation
YEARS = tuple(range(2014, 2021))


def condition(value=1000.0, relation=AT_LEAST, years=(2020,), indicator="firms", **values):
    level = value if not isinstance(value, float) else Number(value=value)
    return Condition(indicator=indicator, relation=relation, level=level, years=years, **values)


def total(value, relation=AT_LEAST, years=YEARS, indicator="flow"):
    level = value if not isinstance(value, float) else Number(value=value)
    return Total(indicator=indicator, relation=relation, level=level, years=years)


@pytest.fixture
def found(make_plan, make_target):
    """What the audit says of one target, by code."""
    flow = Indicator(id="flow", label="Flow", kind=Kind.FLOW, units="firms", definition="counted by year")

    def find(*promises, **values):
        targets = [make_target(f"T{i}", condition=one, **values) for i, one in enumerate(promises, start=1)]
        plan = make_plan(*targets, indicators=(*make_plan().indicators, flow))
        return {one.code: one for one in audit(plan) if one.row == f"T{len(promises)}"}

    return find


@pytest.mark.parametrize(
    ("promise", "growth", "code", "sums"),
    [
        (total(700.0), None, FindingCode.TOTAL_REACHED, 700.0),
        (total(701.0), None, FindingCode.TOTAL_SHORT, 700.0),
        (total(701.0), 0.01, FindingCode.TOTAL_REACHED, sum(100 * 1.01**k for k in range(2, 9))),
        (total(700.0, AT_MOST), 0.01, FindingCode.TOTAL_SHORT, sum(100 * 1.01**k for k in range(2, 9))),
        (total(Between(lower=600.0, upper=800.0), WITHIN), None, FindingCode.TOTAL_REACHED, 700.0),
        (total(Between(lower=600.0, upper=690.0), WITHIN), None, FindingCode.TOTAL_SHORT, 700.0),
    ],
)
def test_a_total_is_held_against_what_the_base_adds_up_to(found, promise, growth, code, sums):
    one = found(promise, base=(100.0, 2012), stated_growth=growth)[code]
    assert one.severity is Severity.NOTE
    assert one.numbers["sum"] == pytest.approx(sums)


def test_the_sentence_of_a_total(found):
    one = found(total(701.0), base=(100.0, 2012))[FindingCode.TOTAL_SHORT]
    assert one.sentence == (
        "At least 701 firms in all is asked for over 7 years (2014-2020); 100 firms of 2012, kept up, add up "
        "to 700 firms, which does not meet it."
    )
    grown = found(total(701.0), base=(100.0, 2012), stated_growth=0.02)[FindingCode.TOTAL_REACHED]
    assert (
        "100 firms of 2012, growing by 2% a year, add up to 773.46 firms, which meets it." in grown.sentence
    )


def test_a_total_without_base_is_left_alone(found):
    assert set(found(total(700.0))) == {FindingCode.INCOMPLETE}


CONTRADICTORY = [
    AllOf(parts=(condition(5.0), condition(3.0, AT_MOST))),
    AllOf(parts=(condition(5.0), condition(Between(lower=1.0, upper=3.0), WITHIN))),
    AllOf(parts=(condition(5.0, years=YEARS), AllOf(parts=(condition(3.0, AT_MOST, years=(2016,)),)))),
    AtLeast(parts=(condition(5.0), condition(3.0, AT_MOST)), count=2),
    AllOf(parts=(condition(5.0), condition(3.0, AT_MOST, when=When.ANY_YEAR))),
    AllOf(parts=(condition(Worded(word="many", threshold=5.0)), condition(3.0, AT_MOST))),
    AllOf(parts=(total(700.0), total(600.0, AT_MOST))),
]
POSSIBLE = [
    AllOf(parts=(condition(3.0), condition(3.0, AT_MOST))),
    AllOf(parts=(condition(5.0), condition(3.0, AT_MOST, years=(2019,)))),
    AllOf(parts=(condition(5.0), condition(3.0, AT_MOST, years=(2019, 2020), when=When.ANY_YEAR))),
    AllOf(parts=(condition(5.0), AnyOf(parts=(condition(3.0, AT_MOST), condition(9.0))))),
    AnyOf(parts=(condition(5.0), condition(3.0, AT_MOST))),
    AtLeast(parts=(condition(5.0), condition(3.0, AT_MOST), condition(7.0)), count=2),
    AllOf(parts=(condition(5.0), condition(3.0, AT_MOST, indicator="flow"))),
    AllOf(parts=(condition(5.0), condition(Worded(word="few"), AT_MOST))),
    AllOf(parts=(condition(5.0), condition(OwnPast(), AT_MOST))),
    AllOf(parts=(total(700.0), condition(3.0, AT_MOST, indicator="flow"))),
]


@pytest.mark.parametrize("promise", CONTRADICTORY)
def test_what_excludes_each_other_is_an_error(found, promise):
    assert found(promise)[FindingCode.CONTRADICTION].severity is Severity.ERROR


@pytest.mark.parametrize("promise", POSSIBLE)
def test_what_leaves_a_way_is_none(found, promise):
    assert FindingCode.CONTRADICTION not in found(promise)


def test_the_sentence_of_a_contradiction_is_said_once(found):
    years = (2018, 2019, 2020)
    one = found(AllOf(parts=(condition(5.0, years=years), condition(3.0, AT_MOST, years=years))))
    assert one[FindingCode.CONTRADICTION].sentence == (
        "It takes at least 5 and at most 3 of firms in 2018: both cannot hold."
    )
    summed = found(AllOf(parts=(total(700.0), total(600.0, AT_MOST))))[FindingCode.CONTRADICTION]
    assert "at least 700 firms and at most 600 firms of flow over 2014-2020 in all" in summed.sentence


@pytest.mark.parametrize(
    ("times", "code", "severity", "said"),
    [
        (0.4, FindingCode.NESTED_FEASIBLE, Severity.NOTE, "0.4 times what T1 is about, which is possible."),
        (
            1.5,
            FindingCode.NESTED_INFEASIBLE,
            Severity.ERROR,
            "1.5 times what T1 is about: a part cannot be larger",
        ),
    ],
)
def test_a_part_may_be_held_against_its_whole(make_plan, make_target, times, code, severity, said):
    part = condition(Benchmark(indicator="firms", times=times), indicator="rd")
    plan = make_plan(make_target("T1"), make_target("T2", condition=part, part_of="T1"))
    [one] = [one for one in audit(plan) if one.code is code]
    assert (one.row, one.severity) == ("T2", severity)
    assert said in one.sentence


def test_what_is_left_out_is_asked_of_the_parts(found):
    word = condition(Worded(word="many"))
    assert (
        found(word)[FindingCode.INCOMPLETE].sentence
        == "The plan gives no number for 'many' and no base value."
    )
    assert (
        found(AllOf(parts=(word,)))[FindingCode.INCOMPLETE].sentence == "The plan gives no number for 'many'."
    )
    assert not found(AllOf(parts=(condition(),)))
    assert not found(condition(OwnPast(since=2013)))
