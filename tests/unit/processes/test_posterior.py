from __future__ import annotations

import numpy as np
import pytest

from sxsim.processes import RandomWalkPosterior

TWO = RandomWalkPosterior(
    drift=np.array([0.1, -0.02]),
    years=np.array([11.0, 4.0]),
    shape=np.array([5.0, 1.5]),
    rate=np.array([0.05, 0.3]),
)
BRIDGED = RandomWalkPosterior(
    drift=TWO.drift, years=TWO.years, shape=TWO.shape, rate=TWO.rate, bridge_sd=0.03
)


@pytest.mark.parametrize("step", [1, 2, 8])
def test_a_year_ahead_is_student_t_with_the_stated_scale(step):
    for law, bridge in ((TWO, 0.0), (BRIDGED, 0.03)):
        one = law.marginal(step)
        squared = TWO.rate / TWO.shape * (step + step**2 / TWO.years) + (step * bridge) ** 2
        np.testing.assert_allclose(one.location, step * TWO.drift, rtol=1e-14)
        np.testing.assert_allclose(one.spread**2, squared, rtol=1e-12)
        np.testing.assert_allclose(one.dof, 2 * TWO.shape, rtol=1e-14)


def test_each_member_may_be_another_number_of_years_from_its_last_figure():
    both, early, late = TWO.marginal(np.array([3, 5])), TWO.marginal(3), TWO.marginal(5)
    np.testing.assert_allclose(both.spread, [early.spread[0], late.spread[1]], rtol=1e-14)
    np.testing.assert_allclose(both.location, [early.location[0], late.location[1]], rtol=1e-14)


@pytest.mark.parametrize("law", [TWO, BRIDGED])
def test_the_joint_law_has_the_marginals(law):
    for member in (0, 1):
        joint = law.mixture(5, member)
        spreads = joint.scales[0] * np.sqrt((joint.factors[0] ** 2).sum(axis=1))
        for step in range(1, 6):
            one = law.marginal(step)
            assert joint.locations[0, step - 1] == pytest.approx(one.location[member], rel=1e-13)
            assert spreads[step - 1] == pytest.approx(one.spread[member], rel=1e-13)
        assert joint.dof[0] == pytest.approx(law.dof()[member])


def test_the_share_of_the_drift_grows_with_the_horizon():
    shares = np.stack([BRIDGED.drift_share(step) for step in range(1, 20)])
    assert ((shares > 0) & (shares < 1)).all()
    assert (np.diff(shares, axis=0) > 0).all()
    np.testing.assert_allclose(TWO.drift_share(6), (36 / TWO.years) / (6 + 36 / TWO.years), rtol=1e-13)
    assert (BRIDGED.drift_share(6) > TWO.drift_share(6)).all()


def test_parameters_are_drawn_by_inversion():
    middle = np.full((2, 1, 2), 0.5)
    drift, sigma = TWO.sample(middle)
    assert drift.shape == sigma.shape == (1, 2)
    np.testing.assert_allclose(drift[0], TWO.drift, rtol=0, atol=1e-15)
    low, high = np.full((2, 1, 2), 0.2), np.full((2, 1, 2), 0.8)
    assert (TWO.sample(low)[0] < drift).all()
    assert (TWO.sample(high)[0] > drift).all()
    assert (TWO.sample(low)[1] < sigma).all()
    assert (TWO.sample(high)[1] > sigma).all()
