from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsim.fitting.features import COUNT, features

SIZE, MEAN_IN_SPREADS, SIGN, STILL = 2, 3, 4, 17


def walk(members=4, figures=12, seed=0, spread=0.08):
    return np.random.default_rng(seed).normal(0.05, spread, (members, figures)).cumsum(axis=1)


@pytest.mark.parametrize("figures", [1, 2, 3, 4, 7, 30])
def test_every_history_has_features(figures):
    rows = features(walk(figures=figures), (1,) * (figures - 1))
    assert rows.shape == (4, COUNT)
    assert np.isfinite(rows).all()
    assert (rows[:, 0] == 1).all()
    np.testing.assert_allclose(rows[:, 1], 1.5 * np.log(figures / 22))


def test_one_figure_tells_only_that_it_is_one():
    assert (features(np.zeros((2, 1)), ())[:, 2:] == 0).all()


@settings(max_examples=40)
@given(seed=st.integers(0, 10_000), figures=st.integers(2, 40), spread=st.floats(0.001, 2.0))
def test_features_keep_to_their_range(seed, figures, spread):
    rows = features(walk(figures=figures, seed=seed, spread=spread), (1,) * (figures - 1))
    assert np.abs(rows).max() < 6.0


@settings(max_examples=20)
@given(seed=st.integers(0, 100), shift=st.floats(-20, 20))
def test_units_do_not_matter(seed, shift):
    logs = walk(seed=seed)
    np.testing.assert_allclose(features(logs + shift, (1,) * 11), features(logs, (1,) * 11), atol=1e-9)


def test_members_do_not_touch_each_other():
    logs = walk()
    np.testing.assert_allclose(features(logs, (1,) * 11)[2:3], features(logs[2:3], (1,) * 11), atol=1e-12)


def test_a_constant_series_is_still():
    rows = features(np.zeros((1, 8)), (1,) * 7)
    assert np.isfinite(rows).all()
    assert rows[0, STILL] == 4.0
    assert rows[0, SIGN] == 0.0


def test_steady_growth_has_its_sign_and_size():
    up, down = (features(np.outer([1.0], rate * np.arange(10)), (1,) * 9)[0] for rate in (0.07, -0.07))
    assert up[SIZE] == pytest.approx(np.log(0.072 / 0.07))
    assert (up[SIGN], down[SIGN]) == (1.0, -1.0)
    assert (up[MEAN_IN_SPREADS], down[MEAN_IN_SPREADS]) == (2.0, -2.0)
    assert up[STILL] == 0.0


def test_changes_over_gaps_are_taken_per_year():
    whole = features(np.outer([1.0], 0.05 * np.arange(9)), (1,) * 8)
    years = np.array([0, 1, 4, 6, 7, 8])
    gappy = features(np.outer([1.0], 0.05 * years), tuple(np.diff(years).tolist()))
    np.testing.assert_allclose(gappy[0, [2, 3, 4, 13, 14]], whole[0, [2, 3, 4, 13, 14]], atol=1e-9)
