from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from sxsim.processes import (
    DrawnPaths,
    JumpDiffusion,
    Logistic,
    NegativeBinomial,
    StudentShocks,
    gaussian_twin,
)
from sxsim.processes.gaussian_twin import normal_scores


def test_a_function_of_a_gaussian_walk_has_that_walk_as_its_twin():
    law = Logistic(ceiling=250.0, drift=0.15, sigma=0.2)
    twin = gaussian_twin(law, np.log(100.0), 5)
    steps = np.arange(1, 6)
    expected = np.tril(np.ones((5, 5))) / np.sqrt(steps)[:, None]
    np.testing.assert_allclose(twin.factors[0, :, 1:], expected, atol=0.02)
    np.testing.assert_allclose(twin.locations[0], 0.0, atol=0.02)


@pytest.mark.parametrize(
    "law",
    [
        StudentShocks(drift=0.03, sigma=0.06, dof=4.0),
        JumpDiffusion(drift=0.06, sigma=0.05, rate=0.2, jump=-0.3, jump_sd=0.1),
    ],
)
def test_one_year_is_exact_and_all_years_have_unit_variance(law):
    twin = gaussian_twin(law, 0.0, 6)
    assert twin.factors[0, 0, 1] == pytest.approx(1.0, abs=0.02)
    np.testing.assert_allclose(np.square(twin.factors[0]).sum(axis=1), 1.0, atol=0.02)
    assert (np.triu(twin.factors[0, :, 1:], 1) == 0.0).all()
    assert (twin.factors[:, :, 0] == 0.0).all()


def test_each_draw_of_the_parameters_has_a_cell():
    weights = np.array([[0.2, 0.5, 0.3]])
    law = DrawnPaths(
        process=StudentShocks(sigma=0.06, dof=4.0),
        draws={"drift": np.array([[-0.1, 0.0, 0.1]])},
        weights=weights,
    )
    twin = gaussian_twin(law, 0.0, 3)
    assert twin.weights.tolist() == weights[0].tolist()
    assert (np.diff(twin.locations, axis=0) > 0.3).all()
    whole = weights[0] @ (twin.locations**2 + np.square(twin.factors).sum(axis=2))
    np.testing.assert_allclose(whole, 1.0, atol=0.02)
    np.testing.assert_allclose(weights[0] @ twin.locations, 0.0, atol=0.02)


def test_a_law_without_chance_has_a_twin_all_the_same():
    twin = gaussian_twin(Logistic(ceiling=250.0, drift=0.15, sigma=0.0), np.log(100.0), 3)
    assert (np.square(twin.factors).sum(axis=2) > 0).all()
    assert np.isfinite(twin.locations).all()


def test_tied_ranks_share_their_middle():
    values = np.array([[1.0, 0.0, 1.0, 3.0]])
    expected = special.ndtri([0.5, 0.125, 0.5, 0.875])
    np.testing.assert_allclose(normal_scores(values, np.full(4, 0.25))[0], expected, rtol=1e-12)
    counts = gaussian_twin(NegativeBinomial(drift=0.05, memory=0.8, mean=2.0, size=4.0), 2.0, 2)
    assert np.square(counts.factors[0, 0]).sum() < 1.0


def test_it_is_the_same_in_every_run_and_for_longer_horizons():
    law = StudentShocks(drift=0.03, sigma=0.06, dof=4.0)
    short, long = gaussian_twin(law, 0.0, 3), gaussian_twin(law, 0.0, 8)
    np.testing.assert_array_equal(short.factors, long.factors[:, :3, :4])
