from __future__ import annotations

import numpy as np
import pytest

import sxsim as sx
from sxsim.errors import MissingFileError
from sxsim.fitting.features import COUNT
from sxsim.fitting.grid import Grid
from sxsim.fitting.learned import LearnedPrior, learned_prior, level_table, read_learned_prior

ROWS = np.array([(0, 0, 1, 2, 1, 0), (1, 3, 1, 1, 2, 1), (0, 3, 2, 1, 0, 0)])


def prior(theta=None, eta=0.5):
    grid = Grid(rows=ROWS)
    count = len(level_table(grid))
    return LearnedPrior(
        grid=grid, theta=np.zeros((count, COUNT)) if theta is None else theta, eta=eta, source=""
    )


def test_the_shipped_prior_fits_its_grid_and_says_where_it_comes_from():
    shipped = learned_prior()
    assert shipped is learned_prior() is sx.learned_prior()
    assert len(shipped.grid) == 100
    assert len(np.unique(shipped.grid.rows, axis=0)) == 100
    assert shipped.theta.shape == (len(shipped.levels), COUNT)
    assert 0 < shipped.eta < 1
    assert "sha256" in shipped.source
    assert np.isfinite(shipped.theta).all()


def test_every_cell_has_one_level_of_each_setting_and_of_each_crossed_pair():
    table = level_table(Grid(rows=ROWS))
    assert set(np.unique(table)) == {0.0, 1.0}
    assert table.sum(axis=0).tolist() == [9.0] * 3
    assert (table.sum(axis=1) >= 1).all()


def test_without_coefficients_the_likelihood_decides_tempered():
    loglik = np.array([[0.0, 2.0, -4.0]], np.float32)
    expected = np.exp([0.0, 1.0, -2.0])
    weights = prior().weights(loglik, np.ones((1, COUNT)))
    np.testing.assert_allclose(weights[0], expected / expected.sum(), rtol=1e-6)


def test_a_coefficient_moves_the_cells_that_have_its_level():
    theta = np.zeros((len(level_table(Grid(rows=ROWS))), COUNT))
    theta[0, 1] = 1.5  # exponent 0, second feature
    described = np.zeros((2, COUNT))
    described[1, 1] = 2.0
    weights = prior(theta).weights(np.zeros((2, 3), np.float32), described)
    np.testing.assert_allclose(weights[0], 1 / 3, rtol=1e-6)
    np.testing.assert_allclose(weights[1, [0, 2]] / weights[1, 1], np.exp(3.0), rtol=1e-5)


def test_weights_sum_to_one_whatever_the_likelihood():
    loglik = np.array([[0.0, -1e4, -1e5], [1e5, 1e5, 0.0]], np.float32)
    weights = prior().weights(loglik, np.ones((2, COUNT)))
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, rtol=1e-6)
    np.testing.assert_allclose(weights, [[1, 0, 0], [0.5, 0.5, 0]], atol=1e-6)


def test_a_prior_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "cells.npz"
    theta = np.random.default_rng(0).normal(size=(len(prior().levels), COUNT)).astype(np.float32)
    np.savez_compressed(path, rows=ROWS.astype(np.int8), theta=theta, eta=0.4, source="own series", walk=0.2)
    for place in (path, str(path)):
        found = read_learned_prior(place)
        np.testing.assert_array_equal(found.grid.rows, ROWS)
        np.testing.assert_array_equal(found.theta, theta)
        assert (found.eta, found.source, found.walk) == (0.4, "own series", 0.2)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(MissingFileError, match=r"There is no file '.*absent\.npz'\.") as caught:
        read_learned_prior(tmp_path / "absent.npz")
    assert "Write one with scripts/learn_cells.py." in str(caught.value)
