from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsim.errors import ModelError
from sxsim.processes import GrowthModel, nearest_correlation


def pairwise(count, seed):
    """Return correlations drawn pair by pair, which rarely fit together."""
    upper = np.triu(np.random.default_rng(seed).uniform(-1, 1, (count, count)), 1)
    return upper + upper.T + np.eye(count)


def distance(one, other):
    return np.linalg.norm(one - other)


def test_the_example_of_higham():
    """Higham (2002), section 4: three by three, known to four figures."""
    given = np.array([[1.0, 1.0, 0.0], [1.0, 1.0, 1.0], [0.0, 1.0, 1.0]])
    expected = [[1.0, 0.7607, 0.1573], [0.7607, 1.0, 0.7607], [0.1573, 0.7607, 1.0]]
    np.testing.assert_allclose(nearest_correlation(given, floor=0.0), expected, rtol=0, atol=5e-5)


@settings(max_examples=30, deadline=None)
@given(count=st.integers(1, 7), seed=st.integers(0, 1000))
def test_it_is_a_correlation_and_stays_as_it_is(count, seed):
    found = nearest_correlation(pairwise(count, seed))
    np.testing.assert_array_equal(np.diag(found), np.ones(count))
    np.testing.assert_array_equal(found, found.T)
    assert np.linalg.eigvalsh(found).min() > 0.999e-6
    np.testing.assert_allclose(nearest_correlation(found), found, rtol=0, atol=1e-8)


@settings(max_examples=20, deadline=None)
@given(count=st.integers(2, 6), seed=st.integers(0, 1000))
def test_nothing_lies_nearer(count, seed):
    """Neither clipped eigenvalues with a unit diagonal, nor any step towards another correlation."""
    given = pairwise(count, seed)
    found = nearest_correlation(given, floor=0.0)
    values, vectors = np.linalg.eigh(given)
    clipped = (vectors * np.maximum(values, 0)) @ vectors.T
    size = np.sqrt(np.diag(clipped))
    assert distance(found, given) <= distance(clipped / np.outer(size, size), given) + 1e-7
    rows = np.random.default_rng(seed + 1).standard_normal((count + 2, count))
    other = np.corrcoef(rows.T)
    for step in (0.01, 0.3):
        assert distance(found, given) <= distance(found + step * (other - found), given) + 1e-7


def test_a_correlation_is_returned_unchanged():
    given = np.array([[1.0, 0.5, -0.2], [0.5, 1.0, 0.3], [-0.2, 0.3, 1.0]])
    np.testing.assert_allclose(nearest_correlation(given), given, rtol=0, atol=1e-15)


def test_a_model_takes_what_was_mended(hand):
    grown = hand("a", "b", "c").indicators
    impossible = np.array([[1.0, 0.9, 0.9], [0.9, 1.0, -0.9], [0.9, -0.9, 1.0]])
    with pytest.raises(ModelError, match=r"singular .* Take sx\.nearest_correlation\(matrix\)"):
        GrowthModel(indicators=grown, last_year=2012, correlation=impossible)
    model = GrowthModel(indicators=grown, last_year=2012, correlation=nearest_correlation(impossible))
    np.testing.assert_allclose(model.correlation[0], [1.0, 0.5, 0.5], rtol=0, atol=1e-5)


@pytest.mark.parametrize(
    ("matrix", "more", "message"),
    [
        (np.ones((2, 3)), {}, r"is not square and finite\. Give one row each"),
        ([1.0, 0.5], {}, r"is not square and finite"),
        ([[1.0, np.nan], [np.nan, 1.0]], {}, r"is not square and finite"),
        ([[1.0, 0.2], [0.5, 1.0]], {}, r"not symmetric\. Average it with its transpose"),
        (np.eye(2), {"floor": 1.0}, r"floor=1\.0 does not lie in \[0, 1\)\. The default is 1e-6"),
    ],
)
def test_refuses_what_cannot_be_mended(matrix, more, message):
    with pytest.raises(ModelError, match=message):
        nearest_correlation(matrix, **more)
