from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sxsim.errors import ModelError
from sxsim.processes import RandomWalk

WALK = RandomWalk(drift=0.05, sigma=0.2)
shocks = st.lists(st.floats(-4, 4), min_size=1, max_size=12)


@settings(max_examples=25)
@given(drift=st.floats(-0.5, 0.5), sigma=st.floats(0.01, 2), start=st.floats(-10, 10), innovations=shocks)
def test_residuals_undo_simulate(drift, sigma, start, innovations):
    walk, e = RandomWalk(drift=drift, sigma=sigma), np.array(innovations)[:, None]
    levels = walk.simulate(np.array([start]), e)
    np.testing.assert_allclose(walk.residuals(np.array([start]), levels), e, atol=1e-9)


def test_own_residuals_rebuild_a_history():
    levels = np.log([3.0, 3.4, 3.3, 4.1])[:, None]
    again = WALK.simulate(levels[0], WALK.residuals(levels[0], levels[1:]))
    np.testing.assert_allclose(again, levels[1:], rtol=0, atol=1e-14)


def test_many_draws_go_side_by_side():
    e = np.random.default_rng(1).standard_normal((5, 3, 7))
    levels = WALK.simulate(np.zeros((3, 7)), e)
    alone = WALK.simulate(np.zeros(1), e[:, 1, 4:5])
    assert levels.shape == (5, 3, 7)
    np.testing.assert_array_equal(levels[:, 1, 4:5], alone)


def test_the_state_after_a_history_is_its_last_level():
    assert WALK.start(np.array([[1.0], [2.0]])).tolist() == [2.0]


def test_likelihood_is_that_of_normal_changes():
    levels = np.array([[1.0], [1.3], [1.1]])
    changes = np.array([0.3, -0.2])
    expected = stats.norm(0.05, 0.2).logpdf(changes).sum()
    assert WALK.loglik(levels[0], levels[1:]) == pytest.approx(expected, rel=1e-12)


def test_moments_marginal_and_mixture_tell_the_same():
    mean, covariance = WALK.moments(6)
    sums = np.tril(np.ones((6, 6)))
    np.testing.assert_allclose(mean, 0.05 * np.arange(1, 7), rtol=1e-14)
    np.testing.assert_allclose(covariance, 0.2**2 * sums @ sums.T, rtol=1e-14)
    law = WALK.mixture(6)
    factor = law.scales[0] * law.factors[0]
    np.testing.assert_allclose(law.locations[0], mean, rtol=1e-14)
    np.testing.assert_allclose(factor @ factor.T, covariance, rtol=1e-12)
    for step in range(1, 7):
        one = WALK.marginal(step)
        assert float(one.location[0]) == pytest.approx(mean[step - 1], rel=1e-14)
        assert float(one.spread[0]) ** 2 == pytest.approx(covariance[step - 1, step - 1], rel=1e-12)
        assert np.isinf(one.dof).all()


def test_known_parameters_take_no_share():
    assert WALK.drift_share(5).tolist() == [0.0]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"drift": math.nan},
            r"drift=nan is outside its domain \[-inf, inf\] \(log per year\)\. Give a finite",
        ),
        (
            {"sigma": -0.1},
            r"sigma=-0\.1 is outside its domain \[0, inf\] \(log per sqrt\(year\)\)\. Give a finite",
        ),
        ({"sigma": math.inf}, r"sigma=inf is outside its domain"),
    ],
)
def test_refuses_impossible_parameters(values, message):
    with pytest.raises(ModelError, match=message):
        RandomWalk(**({"drift": 0.1, "sigma": 0.1} | values))
