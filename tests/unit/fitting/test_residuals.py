from __future__ import annotations

import numpy as np
import pytest

from sxsim.fitting.family import beside_walks, cell_posterior
from sxsim.fitting.grid import DRIFTS, EXPONENTS, SHAPES, WIDTHS, Grid
from sxsim.fitting.learned import LearnedPrior, learned_prior, level_table
from sxsim.fitting.residuals import standardised_errors
from sxsim.fitting.walk import Prior, posterior_of, summarise
from sxsim.processes.transform import box_cox

PRIOR = learned_prior()
NAN = np.nan


def walk(figures=14, members=1, seed=0):
    return np.random.default_rng(seed).normal(0.06, 0.08, (members, figures)).cumsum(axis=1)


def one_cell(*row: int) -> LearnedPrior:
    grid = Grid(rows=np.array([row]))
    return LearnedPrior(grid=grid, theta=np.zeros((len(level_table(grid)), 18)), eta=1.0, source="one cell")


@pytest.mark.parametrize(
    "row", [(0, 0, 0, 2, 0, 0), (0, 6, 1, 3, 1, 1), (1, 12, 2, 1, 2, 0), (2, 19, 1, 4, 1, 0)]
)
@pytest.mark.parametrize("years", [range(12), (0, 1, 3, 4, 5, 9, 10)])
def test_one_cell_is_the_conditional_normal_law_of_each_change(row, years):
    """By regression of every change on those before it, with dense matrices and no factor."""
    levels = np.full((1, 12), NAN)
    levels[0, list(years)] = walk(figures=len(years))[0]
    law = cell_posterior(levels, one_cell(*row))
    found = standardised_errors(levels, law)
    logs = levels[0, list(years)] - levels[0, max(years)]
    change = np.diff(box_cox(logs, np.asarray(EXPONENTS[row[0]])))
    gaps, ends = np.diff(list(years)), np.cumsum(np.diff(list(years)))
    spans = np.array(
        [
            [start < t + 1 <= end for t in range(ends[-1])]
            for start, end in zip(ends - gaps, ends, strict=True)
        ],
        float,
    )
    single = SHAPES[row[1]].covariance(ends[-1]) + WIDTHS[row[2]] ** 2
    covariance = spans @ single @ spans.T
    mean = DRIFTS[row[3]] * gaps
    scale = np.sqrt(law.rate[0, 0] / law.shape[0, 0])
    for t in range(len(change)):
        gain = np.linalg.solve(covariance[:t, :t], covariance[:t, t]) if t else np.zeros(0)
        expected = mean[t] + gain @ (change[:t] - mean[:t])
        sd = np.sqrt(covariance[t, t] - gain @ covariance[:t, t])
        assert found[0, list(years)[t + 1]] == pytest.approx(
            (change[t] - expected) / sd / scale, rel=1e-5, abs=1e-5
        )
    assert np.isfinite(found).sum() == len(change)


def test_cells_are_averaged_by_their_weights():
    levels, rows = walk(), PRIOR.grid.rows[[3, 90]]
    two = Grid(rows=rows)
    prior = LearnedPrior(grid=two, theta=np.zeros((len(level_table(two)), 18)), eta=0.4, source="two cells")
    both = cell_posterior(levels, prior)
    by_hand = np.zeros(levels.shape[1])
    for weight, drift, exponent in zip(both.weights[0], both.prior_drift[0], both.exponent[0], strict=True):
        (row,) = (r for r in rows if DRIFTS[r[3]] == drift and EXPONENTS[r[0]] == exponent)
        by_hand += weight * standardised_errors(levels, cell_posterior(levels, one_cell(*row)))[0]
    np.testing.assert_allclose(standardised_errors(levels, both)[0], by_hand, rtol=1e-4, atol=1e-5)


def test_a_random_walk_has_its_innovations():
    levels = np.array([[0.0, 0.1, NAN, 0.35, 0.3], [NAN, 1.0, 1.2, 1.1, NAN]])
    law = posterior_of(summarise(levels), Prior(drift=0.03, years=4, shape=1.5, spread=0.06))
    found = standardised_errors(levels, law)
    sigma = np.sqrt(law.rate / law.shape)
    first = (
        np.array([0.1 - law.drift[0], (0.25 - 2 * law.drift[0]) / np.sqrt(2), -0.05 - law.drift[0]])
        / sigma[0]
    )
    np.testing.assert_allclose(found[0, [1, 3, 4]], first)
    np.testing.assert_allclose(found[1, [2, 3]], (np.array([0.2, -0.1]) - law.drift[1]) / sigma[1])
    assert np.isnan(found[[0, 0, 1, 1, 1], [0, 2, 0, 1, 4]]).all()


def test_members_keep_their_own_errors_whatever_stands_beside_them():
    levels = walk(figures=12, members=3)
    levels[1, :9] = NAN
    levels[2, 4] = NAN
    walks = posterior_of(summarise(levels), Prior(drift=0.03, years=1.0, shape=1.5, spread=0.06))
    law = beside_walks(cell_posterior(levels, PRIOR), walks, np.array([0.0, 1.0, 0.25]))
    found = standardised_errors(levels, law)
    cells, walked = (
        standardised_errors(levels, cell_posterior(levels, PRIOR)),
        standardised_errors(levels, walks),
    )
    for member, share in ((0, 0.0), (1, 1.0), (2, 0.25)):
        mixed = (1 - share) * cells[member] + share * walked[member]
        np.testing.assert_allclose(found[member], mixed, rtol=1e-4, atol=1e-5)
        alone = standardised_errors(levels[[member]], cell_posterior(levels[[member]], PRIOR))
        np.testing.assert_allclose(cells[member], alone[0], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("row", [[NAN] * 6, [NAN, 2.0, NAN, NAN, NAN, NAN]])
def test_fewer_than_two_figures_have_no_error(row):
    levels = np.array([row])
    assert np.isnan(standardised_errors(levels, cell_posterior(levels, PRIOR))).all()


def test_errors_of_the_true_cell_are_centred_and_free_of_each_other():
    """2,000 random walks fitted with the cell that is true: 12 changes each, four errors of the mean."""
    count, figures = 2000, 13
    rng = np.random.default_rng(7)
    levels = (0.02 + 0.025 * rng.standard_normal((count, figures))).cumsum(axis=1)
    found = standardised_errors(levels, cell_posterior(levels, one_cell(0, 0, 0, 2, 1, 0)))[:, 1:]
    error = 1 / np.sqrt(count * (figures - 1))
    assert abs(found.mean()) < 4 * error * found.std()
    lagged = (found[:, 1:] * found[:, :-1]).mean() / (found**2).mean()
    assert abs(lagged) < 4 / np.sqrt(count * (figures - 2))
