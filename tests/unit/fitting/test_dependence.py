from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsim.fitting.dependence import shrunk_correlation

TRUTH = np.array([[1.0, 0.7, -0.3], [0.7, 1.0, 0.1], [-0.3, 0.1, 1.0]])


def innovations(rows, seed=0, truth=TRUTH):
    return np.random.default_rng(seed).standard_normal((rows, len(truth))) @ np.linalg.cholesky(truth).T


def check(correlation, count):
    assert correlation.shape == (count, count)
    np.testing.assert_allclose(np.diag(correlation), 1.0, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(correlation, correlation.T)
    assert np.linalg.eigvalsh(correlation).min() > 1e-6


@settings(max_examples=25)
@given(
    rows=st.integers(0, 14), count=st.integers(1, 5), missing=st.floats(0, 1), common=st.floats(-0.99, 0.99),
    seed=st.integers(0, 1000),
)  # fmt: skip
def test_any_pattern_of_holes_gives_a_correlation(rows, count, missing, common, seed):
    rng = np.random.default_rng(seed)
    table = rng.standard_normal((rows, count)) + common * rng.standard_normal((rows, 1)) * 5
    table[rng.random((rows, count)) < missing] = np.nan
    check(shrunk_correlation(table), count)


def test_many_years_tell_the_truth():
    np.testing.assert_allclose(shrunk_correlation(innovations(2000)), TRUTH, rtol=0, atol=0.06)


def test_many_years_with_holes_tell_the_truth():
    table = innovations(2000)
    table[np.random.default_rng(1).random(table.shape) < 0.2] = np.nan
    np.testing.assert_allclose(shrunk_correlation(table), TRUTH, rtol=0, atol=0.08)


def test_without_a_common_year_nothing_is_known():
    table = np.full((12, 3), np.nan)
    for column in range(3):
        table[4 * column : 4 * column + 4, column] = [1.0, -2.0, 0.5, 1.5]
    np.testing.assert_allclose(shrunk_correlation(table), np.eye(3), rtol=0, atol=1e-12)


@pytest.mark.parametrize("table", [np.zeros((0, 2)), np.full((5, 2), np.nan), np.zeros((5, 2))])
def test_without_figures_indicators_are_independent(table):
    np.testing.assert_array_equal(shrunk_correlation(table), np.eye(2))


def test_one_indicator_is_correlated_with_itself():
    assert shrunk_correlation(innovations(5)[:, :1]).tolist() == [[1.0]]


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_copies_are_not_believed_to_be_copies(sign):
    one = innovations(12)[:, :1]
    correlation = shrunk_correlation(np.hstack([one, sign * one]))
    check(correlation, 2)
    assert 0.4 < sign * correlation[0, 1] < 0.98


def test_few_years_are_drawn_towards_zero():
    table = innovations(8, seed=5)
    raw = np.corrcoef(table.T)
    shrunk = shrunk_correlation(table)
    off = ~np.eye(3, dtype=bool)
    assert np.abs(shrunk[off]).max() < np.abs(raw[off]).max()


def test_more_pseudo_years_shrink_more():
    table = np.hstack([innovations(12)[:, :1]] * 2)
    weak, strong = (shrunk_correlation(table, pseudo_years=k)[0, 1] for k in (2.0, 50.0))
    assert 0 < strong < weak < 1


def test_the_order_of_indicators_does_not_matter():
    table = innovations(12)
    table[3:6, 1] = np.nan
    order = [2, 0, 1]
    expected = shrunk_correlation(table)[np.ix_(order, order)]
    np.testing.assert_allclose(shrunk_correlation(table[:, order]), expected, rtol=0, atol=1e-9)


def test_the_table_is_not_touched():
    table = innovations(6)
    table[2, 1] = np.nan
    before = table.copy()
    shrunk_correlation(table)
    np.testing.assert_array_equal(table, before)
