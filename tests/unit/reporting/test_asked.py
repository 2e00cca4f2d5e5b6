from __future__ import annotations

import numpy as np
import pytest

from sxsim.plan import Relation
from sxsim.reporting.asked import NOT_SAID, asked


@pytest.mark.parametrize(
    ("target", "indicator", "benchmark"),
    [
        ("H1", "rd_intensity", ""),
        ("H3", "tech_contract_total", ""),
        ("H4-proxy", "high_tech_mfg_revenue_to_gdp", "high_tech_mfg_revenue_to_gdp_national"),
        ("S5", "high_tech_enterprises", ""),
    ],
)
def test_the_question_is_found_in_the_result(shanxi, target, indicator, benchmark):
    question = asked(shanxi, target)
    assert (question.indicator, question.benchmark, question.year) == (indicator, benchmark, 2020)


def test_a_result_that_states_the_question_is_believed(changed):
    size = 23
    tree = changed(
        indicator=("target", np.full(size, "gdp")),
        benchmark=("target", np.full(size, "")),
        relation=("target", np.full(size, "<=")),
        first_year=("target", np.full(size, 2014)),
        last_year=("target", np.full(size, 2019)),
    )
    question = asked(tree, "H1")
    assert (question.indicator, question.relation) == ("gdp", Relation.AT_MOST)
    assert (question.first_year, question.year) == (2014, 2019)


def test_a_row_without_a_condition_asks_for_nothing(shanxi):
    assert asked(shanxi, "S15") is NOT_SAID
