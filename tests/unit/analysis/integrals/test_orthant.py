from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.stats import qmc

from sxsim.analysis.integrals.orthant import orthant, orthant_and_slope


def points(dims, count=2**12):
    return np.clip(qmc.Sobol(dims, scramble=True, rng=1).random(count), 1e-12, 1 - 1e-12)


def probability(mean, covariance, count=2**12):
    mean, covariance = np.asarray(mean, float), np.asarray(covariance, float)
    rows = len(mean)
    uniforms = points(rows - 1, count).T if rows > 1 else np.zeros((0, count))
    return orthant(mean[:, None], covariance[:, :, None], uniforms).mean()


def test_one_condition_is_a_normal_probability():
    value = orthant(np.array([[0.3, -1.0]]), np.array([[[4.0, 0.25]]]), np.zeros((0, 2)))
    np.testing.assert_allclose(value, stats.norm.cdf([0.15, -2.0]), rtol=1e-9)


def test_independent_conditions_multiply():
    expected = stats.norm.cdf(0.5) * stats.norm.cdf(-0.2) * stats.norm.cdf(0.0)
    assert probability([0.5, -0.4, 0.0], np.diag([1.0, 4.0, 9.0])) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("rho", [-0.95, -0.3, 0.0, 0.6, 0.99])
def test_two_conditions_at_the_median_are_known(rho):
    expected = 0.25 + np.arcsin(rho) / (2 * np.pi)
    assert probability([0.0, 0.0], [[1.0, rho], [rho, 1.0]]) == pytest.approx(expected, abs=2e-4)


def test_three_conditions_agree_with_another_implementation():
    mean = np.array([0.4, -0.3, 0.8])
    covariance = np.array([[1.0, 0.5, 0.2], [0.5, 2.0, -0.4], [0.2, -0.4, 1.5]])
    expected = stats.multivariate_normal(mean=-mean, cov=covariance).cdf(np.zeros(3), rng=1)
    assert probability(mean, covariance) == pytest.approx(expected, abs=5e-4)


def test_a_condition_asked_twice_counts_once():
    assert probability([0.7, 0.7], np.ones((2, 2))) == pytest.approx(stats.norm.cdf(0.7), abs=1e-4)


def test_conditions_that_exclude_each_other_are_never_met():
    opposite = np.array([[1.0, -1.0], [-1.0, 1.0]])
    assert probability([-0.5, -0.5], opposite) == pytest.approx(0.0, abs=1e-6)


def test_far_out_nothing_breaks():
    assert probability([-40.0, -40.0], [[1.0, 0.5], [0.5, 1.0]]) == 0.0
    assert probability([40.0, 40.0], [[1.0, 0.5], [0.5, 1.0]]) == 1.0


def test_each_point_has_its_own_covariance():
    mean = np.zeros((2, 2))
    covariance = np.array([[[1.0, 1.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 1.0]]])
    value = orthant(mean, covariance, np.full((1, 2), 0.5))
    np.testing.assert_allclose(value, [0.25, 0.5], atol=1e-6)


def test_the_slope_is_the_derivative_of_every_point():
    """Central differences of the same points: their error is the third derivative times step squared."""
    rng = np.random.default_rng(4)
    lower = np.tril(rng.uniform(0.2, 1.0, (4, 4)))
    covariance = lower @ lower.T
    covariance /= np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
    change = rng.uniform(-0.2, 0.2, (4, 4))
    change = change + change.T
    np.fill_diagonal(change, 0.0)
    mean, uniforms = np.array([0.3, -0.2, 0.5, 0.1])[:, None], points(3, 64).T
    value, slope = orthant_and_slope(mean, covariance[..., None], change[..., None], uniforms)
    np.testing.assert_allclose(value, orthant(mean, covariance[..., None], uniforms), rtol=1e-12)
    step = 1e-4
    up, down = (orthant(mean, (covariance + s * change)[..., None], uniforms) for s in (step, -step))
    np.testing.assert_allclose(slope, (up - down) / (2 * step), rtol=1e-5, atol=1e-8)


def test_the_slope_of_two_conditions_is_their_density():
    """Plackett: P(both) grows with their correlation by the density where both are just met."""
    a, b, rho = 0.4, -0.3, 0.35
    covariance, change = np.array([[1.0, rho], [rho, 1.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])
    _, slope = orthant_and_slope(np.array([[a], [b]]), covariance[..., None], change[..., None], points(1).T)
    expected = stats.multivariate_normal(cov=covariance).pdf([a, b])
    assert slope.mean() == pytest.approx(expected, rel=1e-4)


def test_far_out_the_slope_is_nothing():
    both, change = np.full((2, 2), 0.5) + 0.5 * np.eye(2), np.array([[0.0, 0.1], [0.1, 0.0]])
    for mean in (-60.0, 60.0):
        _, slope = orthant_and_slope(
            np.full((2, 1), mean), both[..., None], change[..., None], np.array([[0.2, 0.9]])
        )
        assert slope.tolist() == [0.0, 0.0]
