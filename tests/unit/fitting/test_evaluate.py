from __future__ import annotations

import numpy as np
import pytest

from sxsim.fitting.evaluate import evaluate
from sxsim.fitting.grid import EXPONENTS, SPREADS, STRENGTH, Grid, operators
from sxsim.fitting.learned import learned_prior


@pytest.fixture(scope="module")
def grid():
    return learned_prior().grid


def logs(members=3, figures=9, seed=0):
    walk = np.random.default_rng(seed).normal(0.05, 0.1, (members, figures)).cumsum(axis=1)
    return walk - walk[:, -1:]


def test_results_have_the_shapes_they_say(grid):
    found = evaluate(grid, operators(grid, (1,) * 8), logs())
    assert found.loglik.shape == found.rate.shape == (3, len(grid))
    assert found.shape.shape == (len(grid),)
    assert found.state.shape == (3, 3, len(grid))
    assert found.loglik.dtype == found.rate.dtype == found.state.dtype == np.float32
    assert np.isfinite(found.loglik).all()
    assert (found.rate > 0).all()
    assert (found.shape >= STRENGTH).all()


def test_without_a_change_the_prior_is_all_there_is(grid):
    found = evaluate(grid, operators(grid, ()), np.zeros((2, 1)))
    assert (found.loglik == 0).all()
    assert (found.shape == STRENGTH).all()
    np.testing.assert_allclose(found.rate[0], grid.rate, rtol=1e-6)
    assert (found.state == 0).all()


def test_members_do_not_touch_each_other(grid):
    ops, rows = operators(grid, (1,) * 8), logs()
    together = evaluate(grid, ops, rows)
    for member in range(3):
        alone = evaluate(grid, ops, rows[member : member + 1])
        np.testing.assert_allclose(together.loglik[member], alone.loglik[0], rtol=1e-5, atol=1e-4)
        np.testing.assert_allclose(together.rate[member], alone.rate[0], rtol=1e-5)
        np.testing.assert_allclose(together.state[:, member], alone.state[:, 0], rtol=1e-4, atol=1e-5)


def test_a_part_of_the_grid_gives_a_part_of_the_answer(grid):
    part = Grid(rows=grid.rows[50:90])
    rows = logs()
    whole = evaluate(grid, operators(grid, (1,) * 8), rows)
    small = evaluate(part, operators(part, (1,) * 8), rows)
    np.testing.assert_allclose(small.loglik, whole.loglik[:, 50:90], rtol=1e-5, atol=1e-4)
    np.testing.assert_allclose(small.state, whole.state[:, :, 50:90], rtol=1e-4, atol=1e-5)


def test_a_transform_that_no_cell_has_is_left_out():
    grid = Grid(rows=np.array([(1, 0, 1, 2, 1, 0)]))
    assert evaluate(grid, operators(grid, (1, 1)), logs(figures=3)).loglik.shape == (3, 1)


@pytest.mark.parametrize("exponent", range(len(EXPONENTS)))
def test_the_better_spread_is_likelier(exponent):
    """Changes of two or three percent speak for the middle spread and against the widest."""
    grid = Grid(rows=np.array([(exponent, 0, 1, 2, spread, 0) for spread in range(len(SPREADS))]))
    changes = np.array([0.04, -0.01, 0.02, 0.05, 0.03, -0.02, 0.03])
    values = np.concatenate([[0.0], changes.cumsum()])
    loglik = evaluate(grid, operators(grid, (1,) * 7), (values - values[-1])[None]).loglik[0]
    assert loglik[1] > loglik[2]


def test_what_lies_long_ago_counts_less():
    """One jump, early or late: with a strong discount only the late one leaves a wide future."""
    grid = Grid(rows=np.array([(0, 0, 1, 1, 1, 1)]))
    rates = []
    for place in (0, 9):
        changes = np.full(10, 0.01)
        changes[place] = 0.5
        values = np.concatenate([[0.0], changes.cumsum()])
        rates.append(
            float(evaluate(grid, operators(grid, (1,) * 10), (values - values[-1])[None]).rate[0, 0])
        )
    assert rates[1] > 10 * rates[0]
