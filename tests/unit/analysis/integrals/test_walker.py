from __future__ import annotations

import numpy as np
import pytest

from sxsim.analysis.integrals.walker import Walker
from sxsim.fitting import fit, learned_prior, walk_prior
from sxsim.links import Log
from sxsim.processes import Grown, RandomWalk, StudentShocks
from sxsim.simulation import Order

HALF = np.full(3, 0.5)


def walker(grown, horizon=3, offset=None, last_year=2012):
    return Walker.of(grown, last_year, horizon, offset, member=0, order=Order.YEARS)


def grown(law):
    return Grown(name="y", carrier=Log(), law=law, last_value=100.0, last_year=2012)


def test_normals_become_levels():
    normals = np.random.default_rng(1).standard_normal((3, 3))
    one = walker(grown(RandomWalk(drift=0.1, sigma=0.2)))
    expected = np.log(100.0) + np.cumsum(0.1 + 0.2 * normals, axis=0)
    np.testing.assert_allclose(one.levels(HALF, HALF, 0 * HALF, normals), expected, rtol=1e-12)
    assert (one.picks, one.uncertain, one.years) == (False, False, 3)


def test_a_law_that_is_walked_walks():
    law = StudentShocks(drift=0.1, sigma=0.2, dof=5.0)
    normals = np.random.default_rng(1).standard_normal((3, 3))
    one = walker(grown(law))
    expected = law.simulate(np.full(3, np.log(100.0)), normals)
    np.testing.assert_allclose(one.levels(HALF, HALF, HALF, normals), expected, rtol=1e-12)
    assert (one.picks, one.uncertain) == (False, False)


def test_sigma_and_drift_count(model):
    one = walker(model["y"])
    assert (one.picks, one.uncertain) == (False, True)
    quiet = one.levels(HALF, np.array([0.1, 0.5, 0.9]), np.ones(3), np.zeros((3, 3)))
    assert (np.diff(quiet[-1]) > 0).all()


def test_years_before_the_first_ahead_are_walked_too(table):
    ended = fit(table(y=[1.0, 1.2, 1.3, 1.5, np.nan, np.nan], z=np.arange(1.0, 7.0)), prior=walk_prior())
    one = walker(ended["y"])
    assert one.years == 5
    normals = np.zeros((5, 3))
    normals[:2] = 1.0
    assert (one.levels(HALF, HALF, 0 * HALF, normals) > one.levels(HALF, HALF, 0 * HALF, 0 * normals)).all()


def test_a_policy_adds_to_every_year(model):
    offset = np.array([[0.0, 0.1, 0.3]])
    plain, moved = (
        walker(model["y"], offset=o).levels(HALF, HALF, 0 * HALF, np.zeros((3, 3))) for o in (None, offset)
    )
    np.testing.assert_allclose(moved - plain, offset.T * np.ones(3), atol=1e-12)


def test_medians_of_cells_are_those_of_their_laws(table):
    learned = fit(table(y=np.exp(0.1 * np.arange(8) ** 1.2)), prior=learned_prior())
    one = walker(learned["y"])
    assert one.picks
    law = learned["y"].law.mixture(3)
    pick = np.cumsum(law.weights) - 0.5 * law.weights
    nothing = np.zeros(len(pick))
    levels = one.levels(pick, nothing + 0.5, nothing, np.zeros((3, len(pick))))
    plain = law.exponents == 0
    np.testing.assert_allclose(levels[:, plain] - one.start, law.locations.T[:, plain], rtol=1e-10)
    assert np.isfinite(levels).all()


@pytest.mark.parametrize("order", Order)
def test_the_order_builds_all_years(model, order):
    assert Walker.of(model["y"], 2012, 6, None, member=0, order=order).build.shape == (6, 6)
