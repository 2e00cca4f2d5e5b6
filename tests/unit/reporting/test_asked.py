from __future__ import annotations

import pytest

from sxsim.plan import Condition, Relation
from sxsim.reporting.asked import NOT_SAID, asked


@pytest.mark.parametrize(
    ("target", "indicator", "series"),
    [
        ("H1", "rd_intensity", ("rd_intensity",)),
        ("H3", "tech_contract_total", ("tech_contract_total",)),
        (
            "H4-proxy",
            "high_tech_mfg_revenue_to_gdp",
            ("high_tech_mfg_revenue_to_gdp", "high_tech_mfg_revenue_to_gdp_national"),
        ),
        ("S14", "", ("gas_share_homes", "gas_share_key_industry")),
    ],
)
def test_the_question_is_found_in_the_result(shanxi, target, indicator, series):
    question = asked(shanxi, target)
    assert (question.indicator, question.series, question.year) == (indicator, series, 2020)


def test_it_is_the_noun_the_plan_has(shanxi):
    promise = asked(shanxi, "S4").promise
    assert isinstance(promise, Condition)
    assert (promise.relation, promise.years) == (Relation.AT_LEAST, tuple(range(2014, 2021)))


def test_a_revised_row_asks_what_its_original_asks(shanxi):
    assert asked(shanxi, "H1:revised") == asked(shanxi, "H1")


def test_a_row_without_a_condition_asks_for_nothing(shanxi):
    assert asked(shanxi, "S15") is NOT_SAID
    assert (NOT_SAID.indicator, NOT_SAID.series, NOT_SAID.year) == ("", (), 0)


def test_an_older_result_says_nothing(shanxi):
    tree = shanxi.copy()
    del tree["asked"]
    assert asked(tree, "H1") is NOT_SAID
