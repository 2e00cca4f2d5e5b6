from __future__ import annotations

import numpy as np
import pytest

from sxsim.simulation.small import backward, cholesky, dot, forward, less, minus

DRAWS = 5


def systems(size, seed=0):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(DRAWS, size, size))
    return root @ root.transpose(0, 2, 1) + np.eye(size)


def entries(matrices):
    return [[matrices[:, i, j] for j in range(matrices.shape[2])] for i in range(matrices.shape[1])]


@pytest.mark.parametrize("size", [1, 2, 5])
def test_systems_are_solved_draw_by_draw(size):
    matrices, right = systems(size), np.random.default_rng(1).normal(size=(size, DRAWS))
    lower = cholesky(entries(matrices))
    for i, row in enumerate(lower):
        for j, entry in enumerate(row):
            np.testing.assert_allclose(entry, np.linalg.cholesky(matrices)[:, i, j], atol=1e-12)
    solved = np.stack(backward(lower, forward(lower, list(right))))
    np.testing.assert_allclose(solved.T, np.linalg.solve(matrices, right.T[..., None])[..., 0], atol=1e-12)


def test_what_all_draws_share_needs_one_entry():
    shared = cholesky([[np.full(1, 4.0)], [np.full(1, 2.0), np.full(1, 5.0)]])
    assert [entry.tolist() for row in shared for entry in row] == [[2.0], [1.0], [2.0]]


def test_nothing_stands_for_zero():
    matrices = systems(3)
    matrices[:, 0, 1] = matrices[:, 1, 0] = matrices[:, 0, 2] = matrices[:, 2, 0] = 0.0
    table = entries(matrices)
    for i, j in ((1, 0), (2, 0)):
        table[i][j] = None
    lower = cholesky(table)
    assert lower[1][0] is None
    assert lower[2][0] is None
    right = [None, np.ones(DRAWS), None]
    solved = backward(lower, forward(lower, right))
    assert solved[0] is None
    want = np.linalg.solve(matrices, np.array([0.0, 1.0, 0.0])[None, :, None])[..., 0]
    np.testing.assert_allclose(np.stack(solved[1:]).T, want[:, 1:], atol=1e-12)


def test_sums_skip_nothing_but_zeros():
    one = np.ones(1)
    assert dot([one, None], [one, one]).tolist() == [1.0]
    assert dot([None], [one]) is None
    assert dot([one], [one], one).tolist() == [2.0]
    assert minus(None, [one], [one]).tolist() == [-1.0]
    assert minus(one, [one, one], [one, None]).tolist() == [0.0]
    assert less([one, None], [None, None]) == [one, None]
