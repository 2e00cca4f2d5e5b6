from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from sxsim.analysis.integrals.nodes import chebyshev_rule, normal_grid, precision_nodes

NEEDED = 1e-6  # a tenth of the smallest error that is promised without being asked for


@pytest.mark.parametrize("dof", [1.0, 2.5, 4.0, 11.0, 200.0])
@pytest.mark.parametrize("step", [0.6, 0.75])
def test_moments_of_the_precision(dof, step):
    """E (chi / sqrt(dof))^r by its closed form."""
    nodes, weights = precision_nodes(dof, step)
    assert weights.sum() == pytest.approx(1.0)
    for r in (1.0, 2.0, 3.0):
        log = special.gammaln((dof + r) / 2) - special.gammaln(dof / 2) + r / 2 * np.log(2 / dof)
        assert weights @ nodes**r == pytest.approx(np.exp(log), rel=NEEDED)


@pytest.mark.parametrize("dof", [3.0, 8.0])
@pytest.mark.parametrize("step", [0.6, 0.75])
def test_a_normal_of_unknown_sigma_is_student(dof, step):
    nodes, weights = precision_nodes(dof, step)
    for z in (-4.0, -1.0, 0.5, 3.0):
        assert weights @ special.ndtr(z * nodes) == pytest.approx(special.stdtr(dof, z), abs=NEEDED)


def test_a_known_sigma_has_one_node():
    nodes, weights = precision_nodes(np.inf, 0.6)
    assert (nodes.tolist(), weights.tolist()) == ([1.0], [1.0])


def test_moments_of_independent_normals():
    nodes, weights = normal_grid((0.9, 0.7, 1.0))
    assert nodes.shape == (3, len(weights))
    assert weights.sum() == pytest.approx(1.0)
    np.testing.assert_allclose((nodes * weights) @ nodes.T, np.eye(3), atol=1e-6)
    assert weights @ (nodes[2] ** 4) == pytest.approx(3.0, rel=1e-5)
    assert weights @ np.cos(nodes.sum(axis=0)) == pytest.approx(np.exp(-1.5), abs=1e-6)


def test_chebyshev_points_rebuild_polynomials():
    points, transform = chebyshev_rule(6)
    coefficients = transform @ (points**5 - 2 * points)
    np.testing.assert_allclose(
        np.polynomial.chebyshev.cheb2poly(coefficients), [0, -2, 0, 0, 0, 1], atol=1e-13
    )
