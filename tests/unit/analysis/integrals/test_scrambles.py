from __future__ import annotations

import numpy as np
import pytest

from sxsim.analysis.integrals.scrambles import Scrambles, directions
from sxsim.streams import Seed


def scrambles(entropy=1):
    return Scrambles(seed=Seed(entropy=entropy), replicates=4)


@pytest.mark.parametrize("start", [0, 256, 512])
def test_every_coordinate_has_one_point_in_every_stratum(start):
    points = scrambles().points(7, range(1), start, 256)[:, 0]
    assert points.shape == (7, 256)
    assert ((points > 0) & (points < 1)).all()
    assert (np.sort(np.floor(points * 256), axis=1) == np.arange(256)).all()


def test_pairs_of_early_coordinates_fill_the_squares():
    """A net in two dimensions: each of 16 by 16 squares holds one of 256 points."""
    first, second = np.floor(scrambles().points(2, range(1, 2), 0, 256)[:, 0] * 16)
    assert len(set(zip(first, second, strict=True))) == 256


def test_more_points_continue_the_same_sequence():
    one = scrambles()
    whole = one.points(5, range(2, 3), 0, 512)[:, 0]
    np.testing.assert_array_equal(whole[:, :256], one.points(5, range(2, 3), 0, 256)[:, 0])
    np.testing.assert_array_equal(whole[:, 256:], one.points(5, range(2, 3), 256, 256)[:, 0])
    assert (np.sort(np.floor(whole * 512), axis=1) == np.arange(512)).all()


def test_the_seed_decides_and_replicates_differ():
    np.testing.assert_array_equal(
        scrambles().points(3, range(1), 0, 64), scrambles().points(3, range(1), 0, 64)
    )
    assert (scrambles().points(3, range(1), 0, 64) != scrambles().points(3, range(1, 2), 0, 64)).all()
    assert (scrambles().points(3, range(1), 0, 64) != scrambles(2).points(3, range(1), 0, 64)).all()


def test_every_point_is_uniform():
    """The first point over 4000 scrambles: mean and variance of a uniform, 4 errors."""
    many = Scrambles(seed=Seed(entropy=3), replicates=4000)
    first = many.points(2, range(4000), 0, 4)[:, :, 0].T
    assert np.abs(first.mean(axis=0) - 0.5).max() < 4 / np.sqrt(12 * 4000)
    assert np.abs(((first - 0.5) ** 2).mean(axis=0) - 1 / 12).max() < 4 / np.sqrt(180 * 4000)


def test_no_coordinate_is_no_point_set():
    assert scrambles().points(0, range(3), 0, 8).shape == (0, 3, 8)


def test_directions_rebuild_the_plain_sequence():
    from scipy.stats import qmc

    plain = (qmc.Sobol(6, scramble=False).random(64) * 2**30).astype(np.uint64)
    digits = np.zeros((1, 6), np.uint64)
    for step in directions(6, 6):
        digits = np.concatenate([digits, digits ^ step])
    assert {tuple(row) for row in digits} == {tuple(row) for row in plain}
