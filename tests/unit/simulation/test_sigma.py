from __future__ import annotations

import numpy as np
import pytest

from sxsim.processes.mixture import sigma_multiplier
from sxsim.simulation.sigma import cell_multipliers

ENDS = 2.0 ** -np.arange(1.0, 54)
UNIFORM = np.concatenate([10.0 ** -np.arange(1.0, 15), np.linspace(0.001, 0.999, 7777), ENDS, 1 - ENDS])
ONE = np.zeros(1, np.int64)


def multiplier(uniform, dof):
    return cell_multipliers(np.array([dof]), ONE, uniform)


@pytest.mark.parametrize("dof", [0.5, 1.0, 1.694, 3.0, 12.694, 60.0, 1000.0])
def test_the_table_is_the_quantile(dof):
    """Cubics through Chebyshev nodes; bodies are smoother than the tail, whose bound is doubled for them."""
    a = 1 / dof
    bound = 2 * a * (a + 1) * (a + 2) * (a + 3) / 3072 / 32**4 + 1e-10
    np.testing.assert_allclose(multiplier(UNIFORM, dof), sigma_multiplier(UNIFORM, dof), rtol=bound)


@pytest.mark.parametrize("dof", [1.694, 30.0])
def test_it_rises_with_the_uniform_to_the_very_ends(dof):
    ends = np.array([0.0, 2.0**-54, 1e-12, 0.5, 1 - 1e-12, 1 - 2.0**-53, 1.0])
    found = multiplier(ends, dof)
    assert np.isfinite(found).all()
    assert (np.diff(found) >= 0).all()
    assert (found > 0).all()


def test_a_known_spread_does_not_vary():
    assert multiplier(np.array([0.1, 0.9]), np.inf).tolist() == [1.0, 1.0]


def test_every_draw_reads_the_table_of_its_cell():
    dof, cell, uniform = np.array([3.0, np.inf, 3.0, 8.0]), np.array([0, 1, 2, 3]), np.full(4, 0.3)
    found = cell_multipliers(dof, cell, uniform)
    expected = [float(multiplier(np.array([0.3]), d)[0]) for d in dof]
    assert found.tolist() == expected
