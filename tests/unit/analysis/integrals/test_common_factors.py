from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy import special, stats

from sxsim.analysis.integrals.common_factors import CommonFactors, Loads, Profile, Rule

RULE = Rule(step=0.75, sharpness=3.5, parts=6)
CORRELATION = np.array([[1, 0.3, 0.5, 0.2], [0.3, 1, 0.25, 0.35], [0.5, 0.25, 1, 0.3], [0.2, 0.35, 0.3, 1]])


def profile(*, reach=0.2, dof=np.inf, weights=(1.0,), cosine=(1.0,)):
    """Cells in a plane: the first way is the common direction, the second at right angles to it."""
    cosine, size = np.asarray(cosine), len(weights)
    sine = np.sqrt(1.0 - cosine**2) * np.where(np.arange(size) % 2, -1.0, 1.0)
    return Profile(
        weights=np.asarray(weights),
        dof=np.full(size, dof),
        reach=np.broadcast_to(reach, size).astype(float),
        cosine=cosine,
        ways=np.column_stack([cosine, sine]),
    )


def probability(profiles, correlations, most=3):
    loads = Loads.of(np.asarray(correlations, float), most)
    return CommonFactors.of(profiles, loads, np.asarray(correlations), RULE).probabilities(1.25).mean()


@pytest.mark.parametrize("indicators", [2, 3, 4])
def test_loads_rebuild_the_correlation(indicators):
    part = CORRELATION[None, :indicators, :indicators]
    loads = Loads.of(part, 3)
    assert loads.loads.shape == (1, indicators, indicators - 1)
    np.testing.assert_allclose(loads.correlations, part, atol=1e-14)
    np.testing.assert_allclose(loads.own, np.linalg.eigvalsh(part[0])[0], rtol=1e-12)


def test_fewer_factors_come_near_it():
    loads = Loads.of(CORRELATION[None], 1)
    assert loads.loads.shape == (1, 4, 1)
    assert 0.01 < np.abs(loads.correlations - CORRELATION).max() < 0.3
    assert ((loads.own > 0) & (loads.own < 1)).all()


@pytest.mark.parametrize("indicators", [2, 3, 4])
def test_known_sigmas_give_the_multivariate_normal(indicators):
    reach = np.array([0.2, -0.4, 0.7, 0.1])[:indicators]
    part = CORRELATION[:indicators, :indicators]
    found = probability([profile(reach=r) for r in reach], part[None])
    expected = stats.multivariate_normal.cdf(reach, cov=part, maxpts=10**6, abseps=1e-8, releps=1e-8, rng=1)
    assert found == pytest.approx(expected, abs=2e-6)


def test_independent_indicators_multiply():
    profiles = [profile(reach=0.3, dof=5.0), profile(reach=-0.5, dof=9.0)]
    nearly = np.array([[1.0, 1e-9], [1e-9, 1.0]])
    expected = special.stdtr(5.0, 0.3) * special.stdtr(9.0, -0.5)
    assert probability(profiles, nearly[None]) == pytest.approx(expected, abs=1e-6)


def test_the_mean_over_correlations_is_that_of_each():
    rng = np.random.default_rng(3)
    many = np.array([np.eye(3) + (1 - np.eye(3)) * rho for rho in rng.uniform(-0.2, 0.7, 20)])
    profiles = [profile(reach=r, dof=8.0) for r in (0.1, 0.4, -0.2)]
    alone = np.mean([probability(profiles, one[None]) for one in many])
    assert probability(profiles, many) == pytest.approx(alone, abs=1e-6)


def test_other_directions_count_to_first_order():
    """Two cells each at a small angle: the error falls with the square of what covariances differ by.

    That difference is itself the square of the angle: half of the angle leaves a sixteenth of the error. The
    exact value is the mean of four bivariate normals.
    """
    reach, weights, rho = (0.1, 0.6), (0.4, 0.6), 0.6
    errors = []
    for sine in (0.4, 0.2):
        cells = profile(reach=reach, weights=weights, cosine=np.sqrt(1.0 - np.array([sine, 0.7 * sine]) ** 2))
        exact = 0.0
        for i, j in product(range(2), range(2)):
            shared = rho * (cells.ways[i] @ cells.ways[j])
            pair = stats.multivariate_normal(cov=[[1, shared], [shared, 1]])
            exact += weights[i] * weights[j] * pair.cdf([reach[i], reach[j]])
        errors.append(abs(probability([cells, cells], np.array([[[1.0, rho], [rho, 1.0]]])) - exact))
    assert errors[1] < errors[0] / 10
