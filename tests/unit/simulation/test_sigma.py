from __future__ import annotations

import numpy as np
import pytest

from sxsim.processes.mixture import sigma_multiplier
from sxsim.simulation.sigma import tabled_multiplier

UNIFORM = np.concatenate(
    [10.0 ** -np.arange(1.0, 15), np.linspace(0.001, 0.999, 777), 1 - 10.0 ** -np.arange(4.0, 12)]
)


@pytest.mark.parametrize("dof", [0.5, 1.0, 1.694, 3.0, 12.694, 60.0, 1000.0])
def test_the_table_is_the_quantile(dof):
    np.testing.assert_allclose(tabled_multiplier(UNIFORM, dof), sigma_multiplier(UNIFORM, dof), rtol=1e-9)


@pytest.mark.parametrize("dof", [1.694, 30.0])
def test_it_rises_with_the_uniform_to_the_very_ends(dof):
    ends = np.array([0.0, 2.0**-54, 1e-12, 0.5, 1 - 1e-12, 1 - 2.0**-53, 1.0])
    found = tabled_multiplier(ends, dof)
    assert np.isfinite(found).all()
    assert (np.diff(found) >= 0).all()
    assert (found > 0).all()


def test_a_known_spread_does_not_vary():
    assert tabled_multiplier(np.array([0.1, 0.9]), np.inf).tolist() == [1.0, 1.0]


def test_shape_is_kept():
    assert tabled_multiplier(np.full((2, 3), 0.5), 4.0).shape == (2, 3)
