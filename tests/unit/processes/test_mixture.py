from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sxsim.processes.mixture import StudentT, sigma_multiplier, student_cdf, student_quantile

DOFS = np.array([1.7, 5.0, 30.0, np.inf])


def law(dof=DOFS, location=0.4, spread=0.3):
    shape = np.shape(dof)
    return StudentT(
        location=np.full(shape, location), spread=np.full(shape, spread), dof=np.asarray(dof, float)
    )


@settings(max_examples=25)
@given(value=st.floats(-5, 5))
def test_both_sides_of_a_level_sum_to_one(value):
    np.testing.assert_allclose(
        law().at_least(np.array(value)) + law().at_most(np.array(value)), 1.0, rtol=1e-12
    )


@settings(max_examples=25)
@given(p=st.floats(0.001, 0.999))
def test_a_quantile_is_reached_with_its_probability(p):
    np.testing.assert_allclose(law().at_most(law().quantile(p)), p, rtol=1e-7)


def test_probabilities_agree_with_another_implementation():
    z = np.array([-2.0, -0.1, 0.0, 1.3])
    for dof in (1.7, 5.0, 30.0):
        np.testing.assert_allclose(student_cdf(z, np.array(dof)), stats.t(dof).cdf(z), rtol=1e-9)
    np.testing.assert_allclose(student_cdf(z, np.array(np.inf)), stats.norm.cdf(z), rtol=1e-12)
    assert float(student_quantile(np.array(0.9), np.array(np.inf))) == pytest.approx(stats.norm.ppf(0.9))


def test_the_median_is_the_location():
    np.testing.assert_allclose(law().quantile(0.5), 0.4, rtol=0, atol=1e-15)


@settings(max_examples=25)
@given(u=st.floats(1e-6, 1 - 1e-6), gap=st.floats(1e-3, 0.5), dof=st.floats(1, 200))
def test_a_spread_rises_with_its_uniform(u, gap, dof):
    low, high = sigma_multiplier(np.array([u, min(u + gap, 1 - 1e-7)]), dof)
    assert 0 < low <= high


def test_a_spread_has_the_law_it_should():
    uniform = np.array([0.05, 0.5, 0.95])
    expected = np.sqrt(7.0 / stats.chi2(7.0).ppf(1 - uniform))
    np.testing.assert_allclose(sigma_multiplier(uniform, 7.0), expected, rtol=1e-9)


def test_a_known_spread_does_not_vary():
    assert sigma_multiplier(np.array([0.1, 0.9]), np.inf).tolist() == [1.0, 1.0]
