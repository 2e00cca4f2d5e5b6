from __future__ import annotations

import math

import pytest

from sxsim.errors import PlanError
from sxsim.plan import (
    AllOf,
    AnyOf,
    AtLeast,
    Benchmark,
    Between,
    Condition,
    Number,
    OwnPast,
    Relation,
    Target,
    Total,
    When,
    Worded,
    single,
)

VALUES = {"indicator": "rd", "relation": Relation.AT_LEAST, "level": Number(value=2.5), "years": (2020,)}


def condition(**values):
    return Condition(**(VALUES | values))


def total(**values):
    return Total(**(VALUES | values))


def test_enumerations_carry_the_words_of_the_plan_file():
    assert [one.value for one in Relation] == [">=", "<=", "within"]
    assert [one.value for one in When] == ["every year", "any year"]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"years": ()}, r"condition on rd: years is empty\. Name at least one"),
        ({"years": (2020, 2014)}, r"years = \(2020, 2014\) are not ascending\. Sort them"),
        ({"years": (2014, 2014)}, r"years = \(2014, 2014\) are not ascending"),
        ({"years": (20,)}, r"year = 20 is not a calendar year\. Write years in full"),
        ({"level": Benchmark(indicator="rd")}, r"benchmark = 'rd' is the indicator itself\. Name another"),
        ({"level": OwnPast(since=2020)}, r"rd: since = 2020 is not before 2020\. Hold it against an earlier"),
        (
            {"level": OwnPast(since=2018), "years": (2017, 2020)},
            r"condition on rd: since = 2018 is not before 2017",
        ),
        (
            {"relation": Relation.WITHIN},
            r"rd: relation = 'within' does not go with the level Number\(value=2\.5\)\. 'within' takes a",
        ),
        (
            {"level": Between(lower=2.0, upper=3.0)},
            r"relation = '>=' does not go with the level Between\(lower=2\.0, upper=3\.0\)",
        ),
        ({"precision": -0.1}, r"condition on rd: precision = -0\.1 is negative\. Give the step, or 0"),
        ({"precision": math.nan}, r"condition on rd: precision = nan is not a finite number"),
        (
            {"precision": 0.1, "level": OwnPast()},
            r"rd: precision = 0\.1 is given, but its level moves\. A level that moves is compared exactly",
        ),
        ({"precision": 0.1, "level": Benchmark(indicator="gdp")}, r"is given, but its level moves"),
    ],
)
def test_refuses_impossible_conditions(values, message):
    with pytest.raises(PlanError, match=message):
        condition(**values)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"years": ()}, r"total of rd: years is empty"),
        ({"level": OwnPast()}, r"total of rd: level is OwnPast\(.*\)\. Give a Number or a Between"),
        ({"relation": Relation.WITHIN}, r"total of rd: relation = 'within' does not go with"),
        ({"precision": -1.0}, r"total of rd: precision = -1\.0 is negative"),
    ],
)
def test_refuses_impossible_totals(values, message):
    with pytest.raises(PlanError, match=message):
        total(**values)


@pytest.mark.parametrize("kind", [AllOf, AnyOf])
def test_refuses_to_combine_nothing(kind):
    with pytest.raises(PlanError, match=rf"{kind.__name__}: parts is empty\. Name at least one condition"):
        kind(parts=())


@pytest.mark.parametrize("count", [0, 3])
def test_refuses_a_count_that_is_not_one_of_its_parts(count):
    with pytest.raises(PlanError, match=rf"AtLeast: count = {count} is not between 1 and 2, its parts"):
        AtLeast(parts=(condition(), total()), count=count)
    with pytest.raises(PlanError, match="AtLeast: parts is empty"):
        AtLeast(parts=(), count=1)


def test_precision_goes_with_every_fixed_level():
    levels = (Number(value=1.0), Worded(word="mostly"))
    assert [condition(level=level, precision=0.1).precision for level in levels] == [0.1, 0.1]
    ranged = condition(relation=Relation.WITHIN, level=Between(lower=1.0, upper=2.0), precision=0.1)
    assert ranged.precision == 0.1


def test_what_is_combined_speaks_of_all_its_parts():
    moving = condition(level=Benchmark(indicator="national"), years=(2014, 2020))
    flow = total(indicator="firms", years=(2015, 2016))
    several = AllOf(parts=(AnyOf(parts=(moving, flow)), condition()))
    assert several.indicators == ("rd", "national", "firms")
    assert several.years == (2014, 2015, 2016, 2020)
    assert list(single(several)) == [moving, flow, condition()]
    assert [kind.least for kind in (several, several.parts[0])] == [2, 1]
    assert AtLeast(parts=(moving, flow), count=2).least == 2


def test_years_are_exchanged_and_nothing_else():
    assert condition(when=When.ANY_YEAR).of_years((2019,)) == condition(when=When.ANY_YEAR, years=(2019,))
    assert total().of_years((2018, 2019)) == total(years=(2018, 2019))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"relation": ">="}, r"^condition on rd: relation is '>='\. Give sx\.Relation\.AT_LEAST, AT_MOST or"),
        ({"level": 2.5}, r"^condition on rd: level is 2\.5\. Give sx\.Number\(value=\.\.\.\) or another"),
        ({"when": "any year"}, r"^condition on rd: when is 'any year'\. Give sx\.When\.EVERY_YEAR or"),
        ({"years": 2020}, r"^condition on rd: years = 2020 is no list of years\. Write \(2020,\) for one"),
        ({"years": "2020"}, r"^condition on rd: years = '2020' is no list of years"),
    ],
)
def test_refuses_what_only_looks_like_a_condition(values, message):
    given = {"relation": Relation.AT_LEAST, "level": Number(value=2.5), "years": (2020,)} | values
    with pytest.raises(PlanError, match=message):
        Condition(indicator="rd", **given)


def test_lists_become_tuples():
    rd = Condition(indicator="rd", relation=Relation.AT_LEAST, level=Number(value=2.5), years=[2019, 2020])
    assert rd.years == (2019, 2020)
    assert AllOf(parts=[rd]).parts == (rd,)
    assert hash(AllOf(parts=[rd])) == hash(AllOf(parts=(rd,)))


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (3, r"^AnyOf: parts = 3 is no list\. Give a tuple of conditions"),
        ((3,), r"^AnyOf: a part is 3\. Give a target's \.condition"),
        (
            (Target(id="H1", label="R&D", text="a long text that nobody wants to read in a message"),),
            r"^AnyOf: a part is a Target\. Give a target's \.condition",
        ),
    ],
)
def test_refuses_parts_that_are_no_conditions(parts, message):
    with pytest.raises(PlanError, match=message):
        AnyOf(parts=parts)
