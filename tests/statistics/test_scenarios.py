"""Uncertain strengths and random events have the laws they were given."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import sxsim as sx

DRAWS, YEARS = 20_000, 5
ERRORS = 4.0  # a chance of one in 16,000 for each number compared, and seeds are fixed
LOG = sx.EffectUnit.LOG_A_YEAR


@pytest.fixture(scope="module")
def model():
    walk = sx.RandomWalk(drift=0.05, sigma=0.1)
    grown = sx.Grown(name="y", carrier=sx.Log(), law=walk, last_value=100.0, last_year=2012)
    return sx.GrowthModel(indicators=(grown,), last_year=2012)


def added(model, *changes):
    """What a scenario adds to the level of every path, ``(draw, year)``."""
    listed = [sx.TREND, sx.Scenario(id="s", label="s", changes=changes)]
    paths = np.log(sx.simulate(model, listed, horizon=YEARS, draws=DRAWS, rng=3).y)
    return (paths.sel(scenario="s") - paths.sel(scenario="trend")).transpose("draw", "year").to_numpy()


@pytest.mark.parametrize(
    "size", [stats.gamma(2.0), stats.norm(3.0, 1.0), sx.Elicited(low=5.0, high=10.0, mode=7.0)]
)
def test_strengths_have_the_law_that_was_given(model, size):
    lever = sx.Lever(id="L1", label="L", effects=(sx.Effect(indicator="y", size=size, unit=LOG),))
    moved = added(model, sx.Pull(lever=lever, start=2013))
    np.testing.assert_allclose(moved, moved[:, :1] * np.arange(1, YEARS + 1), rtol=1e-9, atol=1e-12)
    for p in (0.01, 0.1, 0.5, 0.9, 0.99):
        share = (100.0 * moved[:, 0] <= float(size.ppf(p))).mean()
        assert abs(share - p) < ERRORS * np.sqrt(p * (1 - p) / DRAWS)


def test_events_come_as_often_as_stated(model):
    effects = (sx.Effect(indicator="y", size=-10.0, unit=LOG),)
    once = added(model, sx.RandomEvent(id="e", label="e", effects=effects, probability=0.2))
    again = added(model, sx.RandomEvent(id="e", label="e", effects=effects, probability=0.2, once=False))
    counts, repeated = np.round(once / -0.1), np.round(again / -0.1)
    np.testing.assert_allclose(once, -0.1 * counts, atol=1e-12)
    assert set(np.unique(counts)) == {0.0, 1.0}
    for t in range(1, YEARS + 1):
        p = 1.0 - 0.8**t
        assert abs(counts[:, t - 1].mean() - p) < ERRORS * np.sqrt(p * (1 - p) / DRAWS)
        assert abs(repeated[:, t - 1].mean() - 0.2 * t) < ERRORS * np.sqrt(0.16 * t / DRAWS)
    np.testing.assert_array_equal(counts[:, 0], repeated[:, 0])


def test_every_event_has_a_size_of_its_own(model):
    size = stats.norm(-10.0, 2.0)
    effects = (sx.Effect(indicator="y", size=size, unit=LOG),)
    moved = added(model, sx.RandomEvent(id="e", label="e", effects=effects, probability=1.0, once=False))
    sizes = 100.0 * np.diff(moved, axis=1, prepend=0.0)
    assert (np.abs(sizes.mean(axis=0) + 10.0) < ERRORS * 2.0 / np.sqrt(DRAWS)).all()
    assert (np.abs(sizes.var(axis=0) - 4.0) < ERRORS * 4.0 * np.sqrt(2.0 / DRAWS)).all()
    correlation = np.corrcoef(sizes.T)[~np.eye(YEARS, dtype=bool)]
    assert (np.abs(correlation) < ERRORS / np.sqrt(DRAWS)).all()
