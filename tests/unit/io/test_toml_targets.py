"""Every kind of target in a plan file, and every way to get one wrong."""

from __future__ import annotations

import pytest

from sxsim.errors import PlanError
from sxsim.io import read_plan
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
    Total,
    When,
    Worded,
    audit,
)

AT_LEAST, AT_MOST, WITHIN = Relation
SHARE = 'indicator = "renewable_share"\nrelation = ">="\n'
MONEY = 'indicator = "green_investment"\nrelation = ">="\n'
PART = '{ indicator = "renewable_share", relation = ">=", value = 50, year = 2029 }'


def row(keys, name="X"):
    return f'\n[[target]]\nid = "{name}"\nlabel = "{name}"\n{keys}\n'


@pytest.fixture
def asked(edited):
    """What the row X asks for, by its keys."""
    return lambda keys, more="": read_plan(edited(add=row(keys) + more)).target("X").condition


def money(level, years=(2030,), **values):
    return Condition(indicator="green_investment", relation=AT_LEAST, level=level, years=years, **values)


@pytest.mark.parametrize(
    ("keys", "promise"),
    [
        (
            'indicator = "renewable_share"\nrelation = "within"\nlower = 50\nupper = 60\nyear = 2030',
            Condition(
                indicator="renewable_share", relation=WITHIN, level=Between(lower=50, upper=60), years=(2030,)
            ),
        ),
        (
            MONEY + 'benchmark = "charging_points"\ntimes = 0.8\nyear = 2030',
            money(Benchmark(indicator="charging_points", times=0.8)),
        ),
        (MONEY + "since = 2015\ngrowth = 0.07\nyear = 2030", money(OwnPast(since=2015, growth=0.07))),
        (MONEY + "since = 2023\nyear = 2030", money(OwnPast(since=2023))),
        (
            MONEY + "growth = 0.02\nevery_year = [2028, 2030]",
            money(OwnPast(growth=0.02), years=(2028, 2029, 2030)),
        ),
        (
            MONEY + "value = 9000\nby_year = [2028, 2030]",
            money(Number(value=9000), years=(2028, 2029, 2030), when=When.ANY_YEAR),
        ),
        (MONEY + "value = 9000\nyear = 2030\nprecision = 10", money(Number(value=9000), precision=10.0)),
        (
            MONEY + "value = 60000\ntotal_over = [2022, 2024]\nprecision = 100",
            Total(
                indicator="green_investment",
                relation=AT_LEAST,
                level=Number(value=60000),
                years=(2022, 2023, 2024),
                precision=100.0,
            ),
        ),
        (MONEY + 'word = "enough"\nyear = 2030', money(Worded(word="enough"))),
        (
            MONEY + 'word = "enough"\nthreshold = 9000\nyear = 2030',
            money(Worded(word="enough", threshold=9000)),
        ),
    ],
)
def test_every_kind_of_condition_can_be_written(asked, keys, promise):
    assert asked(keys) == promise


def test_rows_are_combined_by_their_ids_or_in_place(edited):
    more = (
        row(f'all_of = ["T1", {PART}]', "A")
        + row('any_of = ["A", "T3"]', "B")
        + row('at_least = 2\nof = ["T1", "T2", "B"]', "C")
    )
    plan = read_plan(edited(add=more))
    one, two, three = (plan.target(name).condition for name in ("T1", "T2", "T3"))
    inner = Condition(indicator="renewable_share", relation=AT_LEAST, level=Number(value=50.0), years=(2029,))
    both = AllOf(parts=(one, inner))
    either = AnyOf(parts=(both, three))
    assert plan.target("A").condition == both
    assert plan.target("B").condition == either
    assert plan.target("C").condition == AtLeast(parts=(one, two, either), count=2)


def test_what_takes_a_row_that_cannot_be_assessed_cannot_be_assessed(edited):
    swap = ('label_zh = "公共充电桩达到400个"', 'not_assessable = "Nobody counts."')
    plan = read_plan(edited(swap, add=row('any_of = ["T1", "T3"]', "A") + row('all_of = ["A", "T2"]', "B")))
    assert plan.target("A").not_assessable == plan.target("B").not_assessable == "T3: Nobody counts."
    own = row('all_of = ["T1", "T3"]\nnot_assessable = "My own words."', "D")
    assert read_plan(edited(add=own)).target("D").not_assessable == "My own words."


MISTAKES = [
    (
        SHARE + "year = 2030\nvalue = 5\nlower = 4\nupper = 6",
        r"X: value = 5\.0 and lower = 4\.0 are both given\. Keep",
    ),
    (
        SHARE + 'year = 2030\nbenchmark = "b"\ngrowth = 0.1',
        r"X: benchmark = 'b' and growth = 0\.1 are both given",
    ),
    (
        SHARE + "year = 2030\nby_year = [2024, 2030]\nvalue = 5",
        r"year = 2030 and by_year = \[2024, 2030\] are both",
    ),
    (
        SHARE + "year = 2030",
        r"X: none of value, lower, upper, benchmark, since, growth, word is given\. Give one; wh",
    ),
    (SHARE + "value = 5", r"X: none of year, every_year, by_year, total_over is given\. Give one; where"),
    (SHARE + "year = 2030\nlower = 5", r"X: lower = 5\.0 stands there without upper\. Add upper = "),
    (SHARE + "year = 2030\nupper = 5", r"X: upper = 5\.0 stands there without lower"),
    (SHARE + "year = 2030\nvalue = 5\ntimes = 2", r"X: value = 5\.0 and times = 2\.0 are both given"),
    (SHARE + "year = 2030\ntimes = 2", r"X: times = 2\.0 stands there without benchmark\. Add benchmark"),
    (SHARE + "year = 2030\nthreshold = 2", r"X: threshold = 2\.0 stands there without word"),
    ("year = 2030\nvalue = 5", r"X: value = 5\.0 stands there without indicator\. Add indicator"),
    ('indicator = "renewable_share"\nyear = 2030\nvalue = 5', r"without relation\. Add relation"),
    ("precision = 0.1", r"X: precision = 0\.1 stands there without indicator"),
    (
        SHARE + "year = 2030\nlower = 50\nupper = 60",
        r"X: relation = '>=' does not go with lower = 50\.0\. 'within' takes lower and upper, '>=' and",
    ),
    (
        'indicator = "renewable_share"\nrelation = "within"\nvalue = 50\nyear = 2030',
        r"X: relation = 'within' does not go with value = 50\.0",
    ),
    (
        'indicator = "renewable_share"\nrelation = "within"\nlower = 60\nupper = 50\nyear = 2030',
        r"X: between: lower = 60\.0 is not below upper = 50\.0",
    ),
    (
        MONEY + "growth = 0.1\ntotal_over = [2024, 2030]",
        r"X: total_over = \[2024, 2030\] does not go with growth = 0\.1\. Hold a total against value",
    ),
    (
        MONEY + "value = 1\ntotal_over = [2030, 2024]",
        r"total_over = \[2030, 2024\] is not a first and a last year",
    ),
    (MONEY + "value = 1\nby_year = [2024]", r"by_year = \[2024\] is not a first and a last year"),
    (
        MONEY + "since = 2030\nyear = 2030",
        r"X: condition on green_investment: since = 2030 is not before 2030",
    ),
    (MONEY + "growth = 0.1\nyear = 2030\nprecision = 0.1", r"precision = 0\.1 is given, but its level moves"),
    (MONEY + "value = 1\nyear = 2030\nprecision = -1", r"precision = -1\.0 is negative"),
    (MONEY + 'benchmark = "charging_points"\ntimes = 0\nyear = 2030', r"times = 0\.0 is not above zero"),
    (
        MONEY + 'benchmark = "charging_point"\nyear = 2030',
        r"benchmark = 'charging_point' is not the id of any indicator",
    ),
    (
        MONEY + "value = 1\nby_year = [2020, 2023]",
        r"X: by_year = \[2020, 2023\] does not reach beyond the data",
    ),
    (MONEY + "value = 1\ntotal_over = [2020, 2023]", r"X: total_over = \[2020, 2023\] does not reach beyond"),
    (
        SHARE + "value = 300\ntotal_over = [2024, 2030]",
        r"X: a total over 2024-2030 is asked of 'renewable_share', a share",
    ),
    (
        SHARE + 'word = "mostly"\nthreshold = 120\nyear = 2030',
        r"X: threshold = 120\.0 lies outside the bounds of 'rene",
    ),
    # combined
    ('all_of = ["T1"]\nany_of = ["T2"]', r"X: all_of = \['T1'\] and any_of = \['T2'\] are both given"),
    (
        'at_least = 2\nall_of = ["T1"]',
        r"X: at_least = 2 stands there without of\. at_least, of belong together",
    ),
    ('of = ["T1"]', r"X: of = \['T1'\] stands there without at_least"),
    ("at_least = 2", r"X: at_least = 2 stands there without of"),
    ("all_of = []", r"X: all_of = \[\] names nothing\. Name the ids of other targets"),
    ('at_least = 3\nof = ["T1", "T2"]', r"X: at_least = 3 is not between 1 and 2, the parts\. Give how many"),
    ('at_least = 0\nof = ["T1", "T2"]', r"X: at_least = 0 is not between 1 and 2"),
    ('all_of = ["T1", "T1"]', r"X: all_of names 'T1' twice\. Name every part once"),
    ('all_of = ["T1", "T4"]', r"X: all_of number 2 = 'T4' is not the id of any target\. "),
    ('any_of = ["X"]', r"X: any_of number 1 = 'X' leads back to itself \(X -> X\)\. What is combined cannot"),
    ('any_of = "T1"', r"X: any_of = 'T1' is not a list of targets\. Write their ids in square brackets"),
    ("any_of = [1]", r"X: any_of = \[1\] is not a list of targets"),
    (
        'any_of = ["T1"]\nyear = 2030',
        r"X: year = 2030 means nothing beside any_of, which combines others\. Give it",
    ),
    (
        'any_of = ["T1"]\nbase_value = 3\nbase_year = 2023',
        r"X: base_value = 3\.0 means nothing beside any_of",
    ),
    ('any_of = ["T1"]\nstated_growth = 0.1', r"X: stated_growth = 0\.1 means nothing beside any_of"),
    (
        'any_of = [{ indicator = "renewable_share", valeu = 3 }]',
        r"X: any_of number 1: unknown key 'valeu'\. Did you me",
    ),
    (
        'any_of = [{ indicator = "renewable_share", value = 3, year = 2030 }]',
        r"X: any_of number 1: .* without relation",
    ),
    (
        f"any_of = [{PART.replace('2029', '2023')}]",
        r"X: any_of = .* does not reach beyond the data \(fit_until = 2023\)",
    ),
    (
        'any_of = [{ indicator = "rs", relation = ">=", value = 3, year = 2030 }]',
        r"X: indicator = 'rs' is not the id of any indicator",
    ),
]


@pytest.mark.parametrize(("keys", "message"), MISTAKES)
def test_every_mistake_names_row_and_key(edited, keys, message):
    with pytest.raises(PlanError, match=message):
        read_plan(edited(add=row(keys)))


def test_rows_that_name_each_other_are_refused(edited):
    circle = row('all_of = ["T1", "B"]', "A") + row('any_of = ["C", "T2"]', "B") + row('all_of = ["A"]', "C")
    with pytest.raises(
        PlanError, match=r"C: all_of number 1 = 'A' leads back to itself \(A -> B -> C -> A\)"
    ):
        read_plan(edited(add=circle))


def test_a_row_without_condition_cannot_be_combined(edited):
    silent = row("", "S") + row('all_of = ["S"]', "A")
    with pytest.raises(PlanError, match=r"A: all_of number 1 = 'S' has no condition that could be combined"):
        read_plan(edited(add=silent))


def test_a_balance_has_no_growth(edited):
    swap = ('kind = "amount"', 'kind = "balance"')
    with pytest.raises(PlanError, match=r"X: growth = 0\.1 is asked of 'green_investment', a balance"):
        read_plan(edited(swap, add=row(MONEY + "since = 2023\ngrowth = 0.1\nyear = 2030")))


def test_the_audit_of_the_file_sees_what_excludes_each_other(edited):
    low = PART.replace('">="', '"<="').replace("50", "40")
    findings = audit(read_plan(edited(add=row(f"all_of = [{PART}, {low}]"))))
    [found] = [one for one in findings if one.row == "X"]
    assert found.code.name == "CONTRADICTION"
