from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsim.fitting.family import cell_posterior
from sxsim.fitting.learned import learned_prior
from sxsim.processes.cell_posterior import row_cholesky
from sxsim.processes.marginal import MixtureMarginal


@pytest.fixture(scope="module")
def law():
    rng = np.random.default_rng(4)
    levels = rng.normal(0.06, 0.08, (3, 14)).cumsum(axis=1)
    levels[1, 3:5] = np.nan
    levels[2, :9] = np.nan
    return cell_posterior(levels, learned_prior())


@pytest.mark.parametrize("bridge", [0.0, 0.03])
def test_one_year_and_all_years_tell_the_same(law, bridge):
    law = replace(law, bridge_sd=bridge)
    for member in range(3):
        joint = law.mixture(8, member)
        for step in (1, 3, 8):
            year = law.marginal(step)
            spread = joint.scales * np.sqrt((joint.factors[:, step - 1] ** 2).sum(axis=1))
            np.testing.assert_allclose(spread, year.spread[member], rtol=1e-7)
            np.testing.assert_allclose(joint.locations[:, step - 1], year.location[member], rtol=1e-9)
            np.testing.assert_array_equal(joint.dof, year.dof[member])
            np.testing.assert_array_equal(joint.exponents, year.exponent[member])


def test_factors_rebuild_the_covariance_of_every_cell(law):
    for member in range(3):
        factors = law.mixture(6, member).factors
        expected = np.stack([law.kernels.covariances(np.array([int(k)]), 6)[0] for k in law.kernel[member]])
        np.testing.assert_allclose(factors @ factors.transpose(0, 2, 1), expected, rtol=1e-7, atol=1e-9)
        assert (np.triu(factors[:, :, 1:], 1) == 0).all()


def test_variances_are_the_diagonal_of_the_covariance(law):
    for kernel in (0, 7, len(law.kernels.pair) - 1):
        diagonal = np.diagonal(law.kernels.covariances(np.array([kernel]), 9)[0])
        np.testing.assert_allclose(law.kernels.variances(9)[kernel], diagonal, rtol=1e-9)


def test_a_longer_horizon_keeps_the_bits_of_the_earlier_years(law):
    short, long = law.mixture(3, 1), law.mixture(9, 1)
    np.testing.assert_array_equal(long.factors[:, :3, :4], short.factors)
    np.testing.assert_array_equal(long.locations[:, :3], short.locations)


def test_members_may_ask_for_different_years(law):
    mixed = law.marginal(np.array([1, 5, 3]))
    for member, step in enumerate((1, 5, 3)):
        alone = law.marginal(step)
        np.testing.assert_allclose(mixed.location[member], alone.location[member], rtol=1e-12)
        np.testing.assert_allclose(mixed.spread[member], alone.spread[member], rtol=1e-12)


def test_a_bridge_widens_in_proportion_to_the_years(law):
    wide = replace(law, bridge_sd=0.05)
    for step in (1, 4):
        extra = wide.marginal(step).spread ** 2 - law.marginal(step).spread ** 2
        np.testing.assert_allclose(extra, (0.05 * step) ** 2, rtol=1e-6)
        assert (wide.drift_share(step) > law.drift_share(step)).all()


def test_the_share_of_the_drift_is_a_share_and_the_first_column_of_the_factors(law):
    for bridge in (0.0, 0.03):
        bridged = replace(law, bridge_sd=bridge)
        for step in (1, 6):
            share = bridged.drift_share(step)
            assert ((share >= 0) & (share <= 1)).all()
            factors = bridged.mixture(6, 2).factors[:, step - 1] ** 2
            np.testing.assert_allclose(share[2], factors[:, 0] / factors.sum(axis=1), rtol=1e-6)


def test_the_share_of_the_drift_grows_with_the_horizon_of_a_random_walk(law):
    walks = np.array([law.kernels.shapes[p].kind() == "random walk" for p in law.kernels.pair])[law.kernel]
    shares = np.stack([law.drift_share(step) for step in range(1, 9)])
    assert walks.any()
    assert (np.diff(shares, axis=0)[:, walks] > 0).all()


def test_a_history_is_worth_what_it_removes(law):
    shares = law.own_drift_share(), law.own_variance_share()
    for share in shares:
        assert ((share > 0) & (share < 1)).all()
        assert share[2] < share[0]


def test_effective_cells_and_kinds_describe_the_weights(law):
    even = replace(law, weights=np.full_like(law.weights, 1 / law.weights.shape[1]))
    np.testing.assert_allclose(even.effective_cells(), law.weights.shape[1])
    assert ((law.effective_cells() >= 1) & (law.effective_cells() <= law.weights.shape[1])).all()
    shares = law.shape_shares(0)
    assert sum(shares.values()) == pytest.approx(1.0)
    assert list(shares.values()) == sorted(shares.values(), reverse=True)


def test_the_law_of_a_year_is_a_mixture(law):
    assert isinstance(law.marginal(2), MixtureMarginal)
    np.testing.assert_allclose(law.marginal(2).weights.sum(axis=1), 1.0)


@settings(max_examples=20)
@given(size=st.integers(1, 9), seed=st.integers(0, 100))
def test_factors_of_many_matrices_are_those_of_numpy(size, seed):
    rows = np.random.default_rng(seed).standard_normal((4, size, size + 3))
    matrices = rows @ rows.transpose(0, 2, 1)
    np.testing.assert_allclose(row_cholesky(matrices), np.linalg.cholesky(matrices), rtol=1e-7, atol=1e-9)
