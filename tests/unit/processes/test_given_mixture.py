from __future__ import annotations

import numpy as np

from sxsim.processes import GivenMixture, RandomWalk
from sxsim.processes.mixture import Mixture
from sxsim.processes.random_walk import walk_mixture


def test_it_is_the_law_it_was_given():
    walk = RandomWalk(drift=0.1, sigma=0.2)
    given = GivenMixture(law=walk.mixture(6))
    for step in (1, 4, 6):
        value = np.array([0.3])
        np.testing.assert_allclose(
            given.marginal(step).at_least(value), walk.marginal(step).at_least(value), rtol=1e-12
        )
    short = given.mixture(3)
    expected = walk.mixture(3)
    for name in Mixture.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(short, name), getattr(expected, name))


def test_the_share_of_the_drift_is_that_of_its_column():
    law = walk_mixture(5, drift=0.1, drift_spread=0.5, scale=0.2, dof=8.0)
    share = GivenMixture(law=law).drift_share(4)
    np.testing.assert_allclose(share, [[(0.5 * 4) ** 2 / ((0.5 * 4) ** 2 + 4)]], rtol=1e-12)
