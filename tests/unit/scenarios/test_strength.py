from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy import special, stats

from sxsim.plan import Elicited
from sxsim.scenarios.strength import Strength

SCORES = np.linspace(-4.5, 4.5, 4001)


@dataclass
class Plain:
    """A law that knows its quantiles and nothing else, and cannot be a key."""

    centre: float

    def ppf(self, q):
        return self.centre + np.log(q / (1.0 - q))


@pytest.mark.parametrize(
    "size",
    [
        Elicited(low=5.0, high=10.0, mode=7.0),
        Elicited(low=5.0, high=10.0),
        stats.norm(1.0, 0.5),
        stats.lognorm(0.5),
        stats.gamma(2.0),
        stats.triang(0.3, 5.0, 2.0),
        stats.beta(0.5, 0.5),
        stats.poisson(3.0),
        Plain(5.0),
    ],
)
def test_the_size_is_the_quantile_at_the_score(size):
    strength = Strength.of(size)
    assert not strength.certain
    found = strength.at(SCORES)
    expected = size.ppf(special.ndtr(SCORES))
    # a table answers exactly for a score 1e-10 away; the textbook formula loses 1e-11 of a score up here
    slope = np.abs(np.gradient(expected, SCORES)) + 1.0
    assert (np.abs(found - expected) <= 1e-9 * slope).all()


def test_each_value_depends_on_its_own_score_alone():
    strength = Strength.of(stats.gamma(2.0))
    found = strength.at(SCORES.reshape(1, -1))
    np.testing.assert_array_equal(found[0, 17:20], strength.at(SCORES[17:20]))


def test_far_scores_have_finite_sizes():
    for size in (stats.norm(1.0, 0.5), stats.t(3.0, 1.0), Plain(1.0), Elicited(low=0.0, high=1.0)):
        assert np.isfinite(Strength.of(size).at(np.array([-9.0, 9.0]))).all()


def test_what_lowers_is_strong_where_it_is_low():
    strength = Strength.of(Elicited(low=-10.0, high=-5.0))
    np.testing.assert_allclose(strength.at(np.array([-8.0, 0.0, 8.0])), [-5.0, -7.5, -10.0])


def test_a_number_is_itself():
    strength = Strength.of(0.3)
    assert strength.certain
    assert strength.at(np.zeros(3)).tolist() == [0.3] * 3
    assert strength.ends() == (0.3,)


def test_ends_are_the_quantiles_one_in_a_thousand():
    np.testing.assert_allclose(Strength.of(stats.norm()).ends(), special.ndtri([0.001, 0.999]))
