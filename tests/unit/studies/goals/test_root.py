from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sxsim.analysis.exact import Answer
from sxsim.studies.goals.root import root_of


def answer(p, error=0.0):
    nothing = np.zeros_like(p)
    return Answer(
        probability=p,
        standard_error=np.full_like(p, error),
        route="test",
        variance_parameter=nothing,
        variance_model=nothing,
    )


def test_members_have_roots_of_their_own_and_few_calls_are_needed():
    calls, centre, scale = [], np.array([-3.0, 0.0, 40.0]), np.array([0.1, 1.0, 5.0])

    def chance(x):
        calls.append(x)
        return answer(stats.t.cdf((x - centre) / scale, 5))

    root = root_of(chance, 0.8, centre - 0.1, centre + 0.1)
    np.testing.assert_allclose(root.at, centre + scale * stats.t.ppf(0.8, 5), rtol=1e-8)
    assert root.error.tolist() == [0.0, 0.0, 0.0]
    assert len(calls) < 25


def test_the_error_is_that_of_the_probability_over_the_slope():
    root = root_of(lambda x: answer(stats.norm.cdf(x), 1e-4), 0.3, np.array([-1.0]), np.array([0.0]))
    assert root.error.item() == pytest.approx(1e-4 / stats.norm.pdf(stats.norm.ppf(0.3)), rel=1e-3)


def test_where_the_probability_jumps_the_end_that_reaches_is_taken():
    root = root_of(lambda x: answer(np.where(x >= 1.25, 0.9, 0.1)), 0.5, np.zeros(1), np.ones(1))
    assert root.at.item() == pytest.approx(1.25, abs=1e-9)
    assert root.answer.probability.item() == 0.9


def test_a_value_that_is_never_taken_has_no_root():
    root = root_of(lambda x: answer(0.4 * stats.norm.cdf(x)), 0.5, np.zeros(1), np.ones(1))
    assert np.isnan(root.at).all()
