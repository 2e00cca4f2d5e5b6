from __future__ import annotations

import numpy as np
import pytest

from sxsim.analysis.integrals.covariance import Given, across, within
from sxsim.analysis.integrals.system import system_of
from sxsim.analysis.question import ask
from sxsim.fitting import fit, walk_prior


@pytest.fixture
def system(table, aim):
    """Two years against a moving level that ended two years earlier, and one fixed level."""
    z = [1.5, 1.6, 1.55, 1.7, 1.9, 1.85, np.nan, np.nan]
    model = fit(table(y=[1.0, 1.1, 1.25, 1.3, 1.5, 1.7, 1.75, 2.0], z=z), prior=walk_prior())
    targets = (aim("A", level="z", years=(2014, 2016)), aim("B", level=2.4))
    return system_of([row for target in targets for row in ask(target, model).rows], model, {}, 0)


def given(system, points=5):
    rng = np.random.default_rng(3)
    return Given(
        cells=[rng.integers(0, len(f.weights), points) for f in system.factors],
        sigmas=[rng.uniform(0.5, 2.0, points) for _ in system.factors],
        mix=rng.integers(0, len(system.correlations), points),
    )


def loads(system, state, point, *, shocks=True):
    """Loads of all rows on independent normals, written out: shared ones mixed, then years of one's own."""
    mix = np.linalg.cholesky(system.correlations[state.mix[point]])
    blocks = []
    for k in range(len(system.factors)):
        shared = 0.0
        for i, factor in enumerate(system.factors):
            cell, sigma = state.cells[i][point], state.sigmas[i][point]
            parts = [factor.drift[cell][:, None], *([factor.years[cell]] if shocks else [])]
            shared = shared + mix[i, k] * sigma * np.concatenate(parts, axis=1)
        blocks.append(shared)
    for i, factor in enumerate(system.factors):
        if shocks:
            blocks.append(state.sigmas[i][point] * factor.unseen[state.cells[i][point]])
    return np.concatenate(blocks, axis=1)


def test_one_world_is_what_loads_on_normals_give(system):
    state = given(system)
    covariance = within(system).covariance(state)
    for point in range(5):
        expected = loads(system, state, point)
        np.testing.assert_allclose(covariance[:, :, point], expected @ expected.T, rtol=1e-9, atol=1e-12)


def test_two_worlds_share_their_drifts(system):
    state = given(system)
    covariance = across(system).covariance(state)
    for point in range(5):
        expected = loads(system, state, point, shocks=False)
        np.testing.assert_allclose(covariance[:, :, point], expected @ expected.T, rtol=1e-9, atol=1e-12)
