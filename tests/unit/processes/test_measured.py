from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import special

from sxsim.processes import MeasuredPosterior, Shape

PARTS = {
    "weights": np.array([[0.5, 0.3, 0.2], [0.6, 0.4, 0.0]]),
    "pair": np.array([[0, 1, 2], [1, 1, 1]]),
    "exponent": np.array([[0.0, 0.0, 0.5], [0.0, 0.0, 0.0]]),
    "prior_drift": np.array([[0.02, 0.05, 0.0], [0.1, 0.0, 0.0]]),
    "sigma": np.array([[0.05, 0.1, 0.2], [0.08, 0.12, 0.08]]),
}


@pytest.fixture
def law():
    rng = np.random.default_rng(2)
    basis = 0.3 * rng.normal(size=(2, 3, 4, 2))
    explained = basis @ basis.transpose(0, 1, 3, 2)
    explained[..., 3, :] *= 0.3
    explained[..., :, 3] *= 0.3
    return MeasuredPosterior(
        shapes=(Shape(), Shape(white=0.5, growth=0.5, phi=0.75), Shape(white=0.3, noise=1.0, rho=0.85)),
        widths=np.array([0.4, 0.4, 1.0]),
        state=0.05 * rng.normal(size=(2, 3, 4)),
        explained=explained,
        start=np.full((2, 3), 0.4),
        effective=np.array([3.0, 2.0]),
        changes=np.array([5.0, 2.0]),
        own_drift=np.full(2, 0.3),
        own_variance=np.full(2, 0.6),
        **PARTS,
    )


@pytest.mark.parametrize(
    "change", [{}, {"lead": 1}, {"release_sd": 0.05}, {"bridge_sd": 0.03}, {"lead": 1, "bridge_sd": 0.03}]
)
def test_one_year_and_all_years_tell_the_same(law, change):
    law = replace(law, **change)
    for member in (0, 1):
        joint = law.mixture(6, member)
        assert joint.factors.shape == (3, 6, 7)
        for step in (1, 2, 6):
            one = law.marginal(step)
            np.testing.assert_allclose(one.location[member], joint.locations[:, step - 1])
            spread = joint.scales * np.sqrt((joint.factors[:, step - 1] ** 2).sum(axis=1))
            np.testing.assert_allclose(one.spread[member], spread)
            share = joint.factors[:, step - 1, 0] ** 2 / (joint.factors[:, step - 1] ** 2).sum(axis=1)
            np.testing.assert_allclose(law.drift_share(step)[member], share)


def test_a_longer_horizon_keeps_the_bits_of_earlier_years(law):
    short, long = law.mixture(3), law.mixture(8)
    np.testing.assert_array_equal(short.locations, long.locations[:, :3])
    np.testing.assert_array_equal(short.factors, long.factors[:, :3, :4])


def test_each_member_has_its_own_step(law):
    both = law.marginal(np.array([2, 5]))
    np.testing.assert_array_equal(both.location[0], law.marginal(2).location[0])
    np.testing.assert_array_equal(both.spread[1], law.marginal(5).spread[1])


def test_the_first_year_with_a_known_part_is_the_start_itself(law):
    first = replace(law, lead=1).marginal(1)
    np.testing.assert_allclose(first.location, law.state[..., 3])
    left = law.start - law.explained[..., 3, 3]
    np.testing.assert_allclose(first.spread, law.sigma * np.sqrt(left))


def test_sigma_is_known_in_every_cell(law):
    marginal = law.marginal(3)
    assert np.isinf(marginal.dof).all()
    value = np.array([0.2, 0.2])
    normal = special.ndtr((marginal.location - 0.2) / marginal.spread)[1]
    assert marginal.at_least(value)[1] == pytest.approx(normal @ law.weights[1])


def test_first_releases_are_wider_by_their_spread(law):
    wide = replace(law, release_sd=0.07)
    for step in (1, 4):
        squares = law.marginal(step).spread ** 2 + 0.07**2
        np.testing.assert_allclose(wide.marginal(step).spread ** 2, squares)


def test_lent_growth_begins_at_the_last_figure_of_another_series(law):
    lent = replace(law, lead=1, release_sd=0.1).lent(0.02)
    assert (lent.lead, lent.release_sd, lent.bridge_sd) == (0, 0.0, 0.02)
    changed = replace(law, start=0.0 * law.start, explained=lent.explained, state=lent.state)
    squares = changed.marginal(3).spread ** 2 + (3 * 0.02) ** 2
    np.testing.assert_allclose(lent.marginal(3).spread ** 2, squares)
    np.testing.assert_array_equal(lent.state[..., :3], law.state[..., :3])


def test_says_in_words_what_carries_the_weight(law):
    assert law.shape_words(0) == "random walk 50%, gradually damped growth 30%, returning level 20%"
    assert law.shape_words(1) == "gradually damped growth 100%"
    np.testing.assert_array_equal(law.effective_cells(), [3.0, 2.0])
