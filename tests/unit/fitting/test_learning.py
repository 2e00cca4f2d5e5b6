from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from sxsim.fitting.features import COUNT
from sxsim.fitting.grid import Grid
from sxsim.fitting.learned import LearnedPrior, level_table
from sxsim.fitting.learning import Scored, Windows, _mean_score, learn, score

ROWS = np.array([(0, 0, 1, 2, 1, 0), (1, 3, 1, 1, 2, 1), (0, 11, 2, 1, 0, 0), (2, 14, 0, 3, 1, 1)])
GRID = Grid(rows=ROWS)


def prior(eta=0.5):
    return LearnedPrior(grid=GRID, theta=np.zeros((len(level_table(GRID)), COUNT)), eta=eta, source="")


def windows(seed=0, count=40, figures=9, horizon=3):
    rng = np.random.default_rng(seed)
    walk = np.cumsum(rng.normal(0.04, 0.1, (count, figures + horizon)), axis=1)
    return Windows(
        logs=walk[:, :figures] - walk[:, figures - 1, None],
        gaps=(1,) * (figures - 1),
        future=walk[:, figures:] - walk[:, figures - 1, None],
    )


@pytest.fixture(scope="module")
def scored():
    return score(GRID, [windows(0), windows(1, figures=6)])


def walk_logpdf(window, drift, year):
    """Student-t in closed form: a random walk, width 0.4, spread 0.025, discount 0.93."""
    a, k, d, rate = 1.0, 1 / 0.4**2, 0.93, 0.025**2
    b, mean = np.full(len(window.logs), rate), np.full(len(window.logs), drift)
    for change in np.diff(window.logs, axis=1).T:
        b = d * (b + 0.5 * (change - mean) ** 2 * k / (k + 1)) + (1 - d) * rate
        mean, k, a = (k * mean + change) / (k + 1), k + 1, d * (a + 0.5) + 1 - d
    scale = np.sqrt(b / a * (year + year**2 / k))
    return stats.t.logpdf(window.future[:, year - 1], 2 * a, year * mean, scale)


@pytest.mark.parametrize("year", [1, 3])
def test_densities_are_those_of_the_closed_form_over_the_best(year):
    window = windows()
    found = score(Grid(rows=np.array([(0, 0, 1, 2, 1, 0), (0, 0, 1, 4, 1, 0)])), [window]).density[year - 1]
    exact = np.stack([walk_logpdf(window, 0.02, year), walk_logpdf(window, 0.12, year)], axis=1)
    np.testing.assert_allclose(found, np.exp(exact - exact.max(axis=1, keepdims=True)), rtol=2e-4)


def test_years_not_known_teach_nothing():
    window = windows()
    blind = replace(window, future=np.where(np.arange(3) == 1, np.nan, window.future))
    assert (score(GRID, [blind]).density[1] == 1.0).all()
    np.testing.assert_array_equal(score(GRID, [blind]).density[2], score(GRID, [window]).density[2])


def test_the_slope_is_that_of_the_score(scored):
    at = prior()
    _, slope, eta_slope = _mean_score(at, scored, COUNT)
    for level, feature in ((0, 0), (4, 1), (9, 5)):
        step = np.zeros_like(at.theta)
        step[level, feature] = 1e-2
        up, down = (_mean_score(replace(at, theta=at.theta + s * step), scored, 1)[0] for s in (1, -1))
        assert slope[level, feature] == pytest.approx((up - down) / 2e-2, abs=2e-5)
    up, down = (_mean_score(replace(at, eta=at.eta * np.exp(s)), scored, 1)[0] for s in (0.01, -0.01))
    assert eta_slope == pytest.approx((up - down) / 0.02, abs=2e-5)


def test_learning_raises_the_score_and_a_ridge_holds_it_back(scored):
    start = prior()
    before = _mean_score(start, scored, 1)[0]
    free, held = learn(start, scored, ridge=1e-5), learn(start, scored, ridge=1.0)
    assert _mean_score(free, scored, 1)[0] > _mean_score(held, scored, 1)[0] > before
    assert np.abs(held.theta).max() < 0.1 * np.abs(free.theta).max()


def test_intercepts_alone_leave_the_features_as_they_were(scored):
    start = replace(prior(), theta=np.full((len(level_table(GRID)), COUNT), 0.01))
    moved = learn(start, scored, ridge=1e-3, intercepts_only=True)
    np.testing.assert_array_equal(moved.theta[:, 1:], start.theta[:, 1:])
    assert np.abs(moved.theta[:, 0] - 0.01).max() > 1e-3


def test_weights_come_back_when_the_truth_is_one_cell(scored):
    """Where one cell has all the density the weights go there."""
    density = np.full_like(scored.density, 0.1)
    density[:, :, 2] = 1.0
    rigged = Scored(
        loglik=np.zeros_like(scored.loglik), density=density, features=np.ones_like(scored.features)
    )
    learned = learn(prior(), rigged, ridge=1e-6)
    assert learned.weights(rigged.loglik, rigged.features)[:, 2].min() > 0.95
