from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sxsim.fitting.laplace import DRAWS, weighted_draws


def moments(draws):
    mean = draws.weights @ draws.points
    away = draws.points - mean
    return mean, (draws.weights[:, None] * away).T @ away


def test_a_normal_density_gives_back_its_moments():
    centre, covariance = np.array([3.0, -5.0]), np.array([[0.5, 0.6], [0.6, 2.0]])
    law = stats.multivariate_normal(centre, covariance)
    draws = weighted_draws(lambda x: np.atleast_1d(law.logpdf(x)), 2)
    mean, spread = moments(draws)
    assert draws.weights.sum() == pytest.approx(1.0)
    assert draws.effective() > 0.7 * DRAWS
    error = 4 * np.sqrt(np.diag(covariance) / draws.effective())
    assert (np.abs(mean - centre) < error).all()
    assert spread == pytest.approx(covariance, abs=4 * np.sqrt(2 / draws.effective()) * 2.0)


def test_a_skewed_density_is_corrected_by_weights():
    """exp(x) is exponential: P(exp(x) > 3) = exp(-3), within 4 errors."""
    draws = weighted_draws(lambda x: x[:, 0] - np.exp(x[:, 0]), 1)
    p = np.exp(-3.0)
    got = draws.weights @ (np.exp(draws.points[:, 0]) > 3.0)
    assert abs(got - p) < 4 * np.sqrt(p * (1 - p) / draws.effective())


def test_the_higher_of_two_peaks_is_found():
    low, high = stats.norm(-2.0, 0.3), stats.norm(2.0, 0.3)
    draws = weighted_draws(
        lambda x: np.logaddexp(np.log(0.01) + low.logpdf(x[:, 0]), high.logpdf(x[:, 0])), 1
    )
    assert draws.weights @ draws.points[:, 0] == pytest.approx(2.0, abs=0.2)


def test_without_coordinates_one_draw_carries_all():
    draws = weighted_draws(lambda x: np.zeros(len(x)), 0)
    assert (draws.points.shape, draws.weights.tolist(), draws.effective()) == ((1, 0), [1.0], 1.0)


def test_where_the_density_is_not_a_number_nothing_is_drawn():
    draws = weighted_draws(lambda x: np.where(x[:, 0] > 0, -x[:, 0], np.nan), 1)
    assert (draws.points[draws.weights > 0, 0] > 0).all()
    assert draws.weights.sum() == pytest.approx(1.0)


def test_it_is_the_same_in_every_run():
    first, again = (weighted_draws(lambda x: -(x**2).sum(axis=1), 2) for _ in range(2))
    assert np.array_equal(first.points, again.points)
