from __future__ import annotations

import numpy as np
import pytest

from sxsim.fitting.expectation import expected_covariance, fill_holes
from sxsim.fitting.factorised import Belief
from sxsim.fitting.unequal import layout_of

TRUTH = np.array([[1.0, 0.7, -0.3], [0.7, 1.0, 0.1], [-0.3, 0.1, 1.0]])
PRIOR = Belief(strength=np.array([4.0]), common=np.array([0.1]))


def holed(rows=12, seed=0, share=0.3):
    rng = np.random.default_rng(seed)
    table = rng.standard_normal((rows, 3)) @ np.linalg.cholesky(TRUTH).T
    table[rng.random(table.shape) < share] = np.nan
    return table


def log_posterior(covariance, table):
    """Log likelihood of what was observed, the prior counted as four more rows."""
    inverse = np.linalg.inv(covariance)
    value = -0.5 * (4.0 * np.linalg.slogdet(covariance)[1] + np.sum(PRIOR.products(3)[0] * inverse))
    for row in table:
        seen = np.isfinite(row)
        part = covariance[np.ix_(seen, seen)]
        value -= 0.5 * (np.linalg.slogdet(part)[1] + row[seen] @ np.linalg.solve(part, row[seen]))
    return value


@pytest.mark.parametrize("seed", range(4))
def test_no_direction_leads_higher(seed):
    table = holed(seed=seed)
    found = expected_covariance(table, PRIOR, settled=1e-12)
    top = log_posterior(found, table)
    rng = np.random.default_rng(seed)
    for _ in range(20):
        step = rng.standard_normal((3, 3))
        for size in (1e-3, 1e-2):
            assert log_posterior(found + size * (step + step.T), table) < top


def test_many_rows_with_holes_tell_the_truth():
    """The error of a moment of 3000 rows, a third of them missing, is below 2 / sqrt(2000); 4 of them."""
    found = expected_covariance(holed(3000), PRIOR)
    np.testing.assert_allclose(found, TRUTH, rtol=0, atol=4 * 2 / np.sqrt(2000))


@pytest.mark.parametrize("table", [np.zeros((0, 2)), np.full((5, 2), np.nan)])
def test_without_figures_the_prior_remains(table):
    np.testing.assert_allclose(expected_covariance(table, PRIOR), [[1, 0.1], [0.1, 1]], rtol=0, atol=1e-12)


def test_holes_are_filled_as_the_others_of_their_row_say():
    """Given x the second has mean 0.7 x and variance 0.51; 4 errors of 20,000 chains."""
    chains, x = 20_000, np.array([1.5, -1.0])
    table = np.array([[x[0], np.nan], [x[1], np.nan], [0.3, 0.4]])
    seen = np.isfinite(table)
    layout = layout_of(seen)
    assert not layout.holes.any()  # histories of unequal length need no filling
    table = np.column_stack([table, [0.1, 0.2, np.nan]])
    seen = np.isfinite(table)
    layout = layout_of(seen)
    tables = np.repeat(np.where(seen, table, 0.0)[None][:, :, layout.order], chains, axis=0)
    lower = np.linalg.cholesky(np.array([[1.0, 0.0, 0.7], [0.0, 1.0, 0.0], [0.7, 0.0, 1.0]]))[None]
    assert layout.order.tolist() == [0, 2, 1]
    fill_holes(tables, seen[:, layout.order], layout, lower, np.random.default_rng(0))
    assert (tables[:, seen[:, layout.order]] == table[:, layout.order][seen[:, layout.order]]).all()
    filled = layout.holes
    assert filled.sum() == 1
    drawn = tables[:, filled][:, 0]
    assert abs(drawn.mean()) < 4 / np.sqrt(chains)
    assert abs(drawn.std() - 1.0) < 4 / np.sqrt(2 * chains)


def test_a_hole_leans_on_its_row():
    chains = 20_000
    table = np.array([[1.5, np.nan, 0.2], [0.3, 0.4, np.nan], [1.0, 0.2, 0.1], [np.nan, 0.3, 0.5]])
    seen = np.isfinite(table)
    layout = layout_of(seen)
    tables = np.repeat(np.where(seen, table, 0.0)[None][:, :, layout.order], chains, axis=0)
    lower = np.linalg.cholesky(TRUTH[np.ix_(layout.order, layout.order)])[None]
    fill_holes(tables, seen[:, layout.order], layout, lower, np.random.default_rng(0))
    gain = np.linalg.solve(TRUTH[np.ix_([0, 2], [0, 2])], TRUTH[[0, 2], 1])
    mean, spread = gain @ [1.5, 0.2], np.sqrt(1.0 - gain @ TRUTH[[0, 2], 1])
    drawn = tables[:, 0, np.flatnonzero(layout.order == 1)[0]]
    assert abs(drawn.mean() - mean) < 4 * spread / np.sqrt(chains)
    assert abs(drawn.std() - spread) < 4 * spread / np.sqrt(2 * chains)
