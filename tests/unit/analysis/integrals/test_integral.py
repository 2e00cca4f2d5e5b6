from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from sxsim.analysis.integrals.integral import integrate
from sxsim.streams import Seed


@dataclass(frozen=True)
class Power:
    """Mean of a power of the product of coordinates."""

    dims: int
    power: float
    known: float = 0.0
    bound: float = 0.0

    def values(self, points):
        return points.prod(axis=0) ** self.power if self.dims else np.zeros(points.shape[1])

    @property
    def truth(self):
        return self.known + (1.0 / (1.0 + self.power)) ** self.dims


def run(*integrals, points=64, replicates=16, **more):
    return integrate(integrals, points=points, replicates=replicates, seed=Seed(entropy=5), **more)


def test_averages_lie_within_four_errors():
    integrals = [Power(2, 1.0), Power(3, 0.5), Power(2, 2.0, known=0.25)]
    found = run(*integrals)
    assert found.points == 64
    for integral, value, error in zip(integrals, found.value, found.error, strict=True):
        assert abs(value - integral.truth) < 4 * error


def test_an_integral_without_points_is_known():
    found = run(Power(0, 1.0, known=0.3, bound=1e-7), Power(2, 1.0))
    assert found.value[0] == 0.3
    assert found.error[0] == pytest.approx(1e-7)


def test_what_scrambles_cannot_see_is_added_to_the_error():
    plain, bounded = run(Power(2, 1.0)), run(Power(2, 1.0, bound=0.01))
    assert bounded.error[0] == pytest.approx(plain.error[0] + 0.01)


def test_points_are_doubled_until_all_errors_are_reached():
    found = run(Power(2, 1.0), Power(3, 1.0), until=1e-5, most=2**16)
    assert found.points > 64
    assert (found.error <= 1e-5).all()


def test_doubled_points_are_those_of_a_longer_run():
    doubled = run(Power(3, 1.0), until=1e-12, most=256)
    assert doubled.points == 256
    assert doubled.value == pytest.approx(run(Power(3, 1.0), points=256).value, rel=1e-12)


def test_a_member_without_figures_does_not_hold_up_the_others():
    found = run(Power(2, 1.0), Power(2, 1.0, known=np.nan), until=1e-4, most=2**14)
    assert np.isnan(found.value).tolist() == [False, True]
    assert found.error[0] <= 1e-4
