from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sxsim.errors import ModelError
from sxsim.processes import Dependence, GrowthModel


def draws(count=6, size=3, seed=0):
    rows = np.random.default_rng(seed).standard_normal((count, size + 4, size))
    return np.stack([np.corrcoef(table.T) for table in rows])


def test_what_is_known_is_one_matrix():
    known = Dependence.known([[1.0, 0.3], [0.3, 1.0]])
    assert known.draws.shape == (1, 2, 2)
    assert known.common_years is None
    assert known.mean.tolist() == [[1.0, 0.3], [0.3, 1.0]]


def test_a_part_holds_the_same_draws_of_its_pairs():
    whole = Dependence(draws=draws(), common_years=np.arange(9).reshape(3, 3))
    part = whole.select([2, 0])
    np.testing.assert_array_equal(part.draws[:, 0, 1], whole.draws[:, 2, 0])
    np.testing.assert_array_equal(part.mean, whole.mean[np.ix_([2, 0], [2, 0])])
    assert part.common_years.tolist() == [[8, 6], [2, 0]]


def test_ordered_draws_are_the_same_from_little_to_much_correlation():
    whole = Dependence(draws=draws())
    ordered = whole.ordered()
    assert (np.diff(ordered.draws.sum(axis=(1, 2))) >= 0).all()
    np.testing.assert_allclose(ordered.mean, whole.mean, rtol=0, atol=1e-15)


def test_factors_give_the_draws_back():
    whole = Dependence(draws=draws())
    lower = whole.factors()
    np.testing.assert_allclose(lower @ lower.transpose(0, 2, 1), whole.draws, rtol=0, atol=1e-14)
    np.testing.assert_array_equal(lower, np.tril(lower))


def test_a_model_reads_the_mean_and_keeps_the_draws_in_the_order_of_names(hand):
    grown = hand("c", "a", "b").indicators
    given = Dependence(draws=draws(), common_years=np.arange(9).reshape(3, 3))
    model = GrowthModel(indicators=(grown[2], grown[0], grown[1]), last_year=2012, dependence=given)
    assert model.names == ("a", "b", "c")
    np.testing.assert_array_equal(model.dependence.draws[:, 0, 2], given.draws[:, 1, 0])
    np.testing.assert_array_equal(model.correlation, model.dependence.mean)
    part = model.select(("c", "a"))
    np.testing.assert_array_equal(part.dependence.draws[:, 0, 1], given.draws[:, 1, 0])
    assert part.dependence.common_years.tolist() == [[4, 3], [1, 0]]


def test_a_model_can_be_copied_with_something_replaced(hand):
    model = replace(hand("a", "b", "c"), correlation=None, dependence=Dependence(draws=draws()))
    later = replace(model, last_year=2013)
    np.testing.assert_array_equal(later.dependence.draws, model.dependence.draws)


def test_refuses_a_correlation_that_is_not_the_mean_of_the_dependence(hand):
    with pytest.raises(ModelError, match=r"correlation is not the mean of the dependence\. Give one of them"):
        hand("a", "b", "c", correlation=np.eye(3), dependence=Dependence(draws=draws()))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (np.zeros((0, 2, 2)), r"The correlation has shape \(2, 2\) and 0 draws"),
        (np.tile(np.eye(3), (4, 1, 1)), r"shape \(3, 3\) and 4 draws, the model 2 indicators\. Give one row"),
        (np.stack([np.eye(2), np.ones((2, 2))]), r"correlation of a, b is singular"),
        (np.stack([np.eye(2), 2 * np.eye(2)]), r"not symmetric with ones on its diagonal"),
    ],
)
def test_refuses_draws_that_are_no_correlations(hand, given, message):
    with pytest.raises(ModelError, match=message):
        hand("a", "b", dependence=Dependence(draws=given))
