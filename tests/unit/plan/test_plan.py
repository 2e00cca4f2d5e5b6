from __future__ import annotations

import pickle

import pytest

from sxsim.errors import UnknownNameError
from sxsim.plan import TREND, Clause, Lever, Plan


def test_looks_up_by_id(make_plan, make_target):
    plan = make_plan(make_target("T1"))
    assert plan.target("T1").id == "T1"
    assert plan.indicator("rd").id == "rd"
    assert plan.scenario("trend") is TREND
    assert list(plan.rows()) == ["T1", "science"]


@pytest.mark.parametrize(
    ("verb", "name", "message"),
    [
        ("target", "T2", r"The plan has no target 'T2'\. Known: T1\."),
        ("indicator", "firm", r"The plan has no indicator 'firm'\. Did you mean 'firms'\?"),
        ("scenario", "boom", r"The plan has no scenario 'boom'\. Known: trend\."),
        ("leads", "scienc", r"Plan 'demo' has no unit 'scienc'\. Did you mean 'science'\?"),
    ],
)
def test_unknown_names_get_the_nearest(make_plan, make_target, verb, name, message):
    with pytest.raises(UnknownNameError, match=message):
        getattr(make_plan(make_target("T1")), verb)(name)


def test_leads_reads_rows_and_clauses(make_plan, make_target):
    plan = make_plan(
        make_target("T1", lead_units=("science",)),
        make_target("T2"),
        make_target("T3"),
        levers=(Lever(id="L1", label="Fund", targets=("T1",), lead_units=("science",)),),
        clauses=(Clause(line=56, section="3.2", units=("science",), rows=("T2", "T1")),),
    )
    assert plan.leads("science") == ("T1", "T2", "L1")


def test_repr_is_short_and_human(make_plan, make_target):
    text = repr(make_plan(make_target()))
    assert text == (
        "Plan('demo', 2014-2020: 1 target, 2 indicators, 0 levers, 1 scenario; fitted until 2012)"
    )


def test_equality_ignores_the_dataset_and_survives_pickling(make_plan, make_target):
    plan = make_plan(make_target())
    other: Plan = pickle.loads(pickle.dumps(plan))
    assert other == plan
    assert hash(other) == hash(plan)
