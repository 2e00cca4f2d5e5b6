from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsim.fitting import dependence
from sxsim.fitting.dependence import DRAWS, correlation_draws, joined_dependence

TRUTH = np.array([[1.0, 0.7, -0.3], [0.7, 1.0, 0.1], [-0.3, 0.1, 1.0]])


def innovations(rows, seed=0, truth=TRUTH):
    return np.random.default_rng(seed).standard_normal((rows, len(truth))) @ np.linalg.cholesky(truth).T


def check(draws, count):
    assert draws.shape == (DRAWS, count, count)
    np.testing.assert_array_equal(np.diagonal(draws, axis1=1, axis2=2), np.ones((DRAWS, count)))
    np.testing.assert_array_equal(draws, draws.transpose(0, 2, 1))
    assert np.linalg.eigvalsh(draws).min() > 1e-6


@settings(max_examples=25, deadline=None)
@given(
    rows=st.integers(0, 14), count=st.integers(1, 5), missing=st.floats(0, 1), common=st.floats(-0.99, 0.99),
    seed=st.integers(0, 1000),
)  # fmt: skip
def test_any_pattern_of_holes_gives_correlations(rows, count, missing, common, seed):
    rng = np.random.default_rng(seed)
    table = rng.standard_normal((rows, count)) + common * rng.standard_normal((rows, 1)) * 5
    table[rng.random((rows, count)) < missing] = np.nan
    check(correlation_draws(table), count)


@pytest.mark.parametrize("holes", [0.0, 0.2])
def test_many_years_tell_the_truth(holes):
    """The error of a correlation of 1200 rows or more, 0.03, is exceeded fourfold nowhere."""
    table = innovations(2000)
    table[np.random.default_rng(1).random(table.shape) < holes] = np.nan
    draws = correlation_draws(table)
    np.testing.assert_allclose(draws.mean(axis=0), TRUTH, rtol=0, atol=4 * 0.03)
    assert draws.std(axis=0).max() < 0.04


def test_without_a_common_year_only_the_prior_speaks():
    """Six beliefs from 2 to 64 years at a common correlation of 0.15 +- 0.3: wide, and a little positive."""
    table = np.full((12, 3), np.nan)
    for column in range(3):
        table[4 * column : 4 * column + 4, column] = [1.0, -1.2, 0.5, 1.1]
    off = correlation_draws(table)[:, *np.triu_indices(3, 1)]
    assert (np.abs(off.mean(axis=0) - 0.2) < 0.12).all()
    assert (off.std(axis=0) > 0.25).all()


@pytest.mark.parametrize("table", [np.zeros((0, 2)), np.full((5, 2), np.nan)])
def test_without_figures_the_prior_is_left(table):
    check(correlation_draws(table), 2)


def test_one_indicator_is_correlated_with_itself():
    assert (correlation_draws(innovations(5)[:, :1]) == 1.0).all()


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_copies_are_not_believed_to_be_copies(sign):
    one = innovations(12)[:, :1]
    draws = correlation_draws(np.hstack([one, sign * one]))
    check(draws, 2)
    assert 0.4 < sign * draws[:, 0, 1].mean() < 0.99


def test_few_years_are_drawn_together():
    table = innovations(8, seed=5)
    off = ~np.eye(3, dtype=bool)
    assert np.ptp(correlation_draws(table).mean(axis=0)[off]) < np.ptp(np.corrcoef(table.T)[off])


def test_more_years_leave_less_doubt():
    spreads = [correlation_draws(innovations(rows))[:, 0, 1].std() for rows in (5, 20, 200)]
    assert spreads[0] > spreads[1] > spreads[2]


def test_the_same_table_gives_the_same_draws_and_another_label_others():
    table = innovations(9)
    table[:3, 1], table[5, 2] = np.nan, np.nan
    np.testing.assert_array_equal(correlation_draws(table), correlation_draws(table.copy()))
    assert not (correlation_draws(table)[:, 0, 1] == correlation_draws(table, label="x")[:, 0, 1]).all()


def test_the_order_of_indicators_matters_no_more_than_the_draws_do():
    """The mean of 128 evenly spread draws, in two orders, within 4 errors of as many random ones."""
    table = innovations(12)
    table[3:6, 1] = np.nan
    order = [2, 0, 1]
    draws = correlation_draws(table)[:, order][:, :, order]
    turned = correlation_draws(table[:, order])
    assert (np.abs(draws.mean(0) - turned.mean(0)) <= 4 * draws.std(0) * np.sqrt(2 / DRAWS)).all()


def test_filling_the_holes_has_settled(monkeypatch):
    """Four times as many sweeps move the mean by no more than 4 errors of the draws."""
    table = innovations(14, truth=np.where(np.eye(4) > 0, 1.0, 0.75))
    table[np.random.default_rng(2).random(table.shape) < 0.4] = np.nan
    few = correlation_draws(table, draws=2048)
    monkeypatch.setattr(dependence, "_SWEEPS", 48)
    many = correlation_draws(table, draws=2048)
    assert (np.abs(few.mean(0) - many.mean(0)) <= 4 * few.std(0) * np.sqrt(2 / 2048)).all()


def test_very_long_tables_are_thinned(monkeypatch):
    table = innovations(600)
    monkeypatch.setattr(dependence, "MOST_ROWS", 50)
    assert correlation_draws(table)[:, 0, 1].std() > 2 * 0.51 / np.sqrt(600)


def test_the_table_is_not_touched():
    table = innovations(6)
    table[2, 1] = np.nan
    before = table.copy()
    correlation_draws(table)
    np.testing.assert_array_equal(table, before)


def test_tables_apart_are_independent_and_keep_their_places():
    one, other = innovations(9), innovations(7, seed=3)[:, :2]
    one[:2, 1] = np.nan
    joined = joined_dependence(6, {"": ((0, 2, 5), one), "province": ((1, 4), other)})
    np.testing.assert_array_equal(joined.draws[:, [0, 2, 5]][:, :, [0, 2, 5]], correlation_draws(one))
    np.testing.assert_array_equal(joined.draws[:, 1, 4], correlation_draws(other, label="province")[:, 0, 1])
    assert (joined.draws[:, [0, 2, 5]][:, :, [1, 3, 4]] == 0).all()
    assert joined.common_years[np.ix_([0, 2, 5], [0, 2, 5])].tolist() == [[9, 7, 9], [7, 7, 7], [9, 7, 9]]
    assert joined.common_years[3].tolist() == [0] * 6


def test_without_a_table_nothing_is_in_doubt():
    assert joined_dependence(2, {}).draws.tolist() == [[[1.0, 0.0], [0.0, 1.0]]]
