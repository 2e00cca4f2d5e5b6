from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
from scipy import stats

from sxsim.errors import ModelError
from sxsim.processes import FREE, Parameter, RandomWalk
from sxsim.processes.parameter import free_names, with_values

SIGMA = Parameter(name="sigma", symbol="sigma", unit="log per sqrt(year)", low=0.0, high=2.0)


def test_a_value_in_the_domain_passes_as_a_number():
    assert [SIGMA.check(value) for value in (0.0, 1, 2.0)] == [0.0, 1.0, 2.0]
    assert type(SIGMA.check(1)) is float


@pytest.mark.parametrize("value", [-0.1, 2.1, math.nan, math.inf, -math.inf])
def test_refuses_a_value_outside(value):
    message = rf"sigma={value!r} is outside its domain \[0, 2\] \(log per sqrt\(year\)\)\. Give a finite"
    with pytest.raises(ModelError, match=message):
        SIGMA.check(value)


def test_a_parameter_without_bounds_refuses_only_what_is_not_finite():
    drift = Parameter(name="drift", symbol="mu", unit="log per year")
    assert drift.check(-1e9) == -1e9
    with pytest.raises(
        ModelError, match=r"drift=nan is outside its domain \[-inf, inf\] \(log per year\)\. Give"
    ):
        drift.check(math.nan)


def test_typical_values_lie_in_the_domain():
    assert [parameter.name for parameter in RandomWalk.parameters] == ["drift", "sigma"]
    for parameter in RandomWalk.parameters:
        low, high = parameter.typical
        assert low < high
        assert parameter.check(low) == low
        assert parameter.check(high) == high


def test_a_free_parameter_passes_and_says_so():
    assert SIGMA.check(FREE) is FREE
    assert repr(FREE) == "FREE"
    assert free_names(RandomWalk(drift=0.1)) == ("sigma",)
    assert free_names(object()) == ()
    copied = pickle.loads(pickle.dumps(RandomWalk(drift=0.1)))
    assert free_names(copied) == ("sigma",)


def test_one_value_per_path_is_checked_as_a_whole():
    values = np.array([0.1, 0.2])
    assert SIGMA.check(values) is values
    with pytest.raises(ModelError, match=r"sigma=-0\.2 is outside its domain"):
        SIGMA.check(np.array([0.1, -0.2]))


def test_coordinates_fill_the_domain():
    between = Parameter(name="phi", symbol="phi", unit="share", low=-1.0, high=3.0, belief=(2.0, 3.0))
    assert between.bounded([-50.0, 0.0, 50.0]).tolist() == pytest.approx([-1.0, 1.0, 3.0])
    above = Parameter(name="size", symbol="a", unit="events", low=2.0)
    assert above.bounded([-50.0, 0.0]).tolist() == pytest.approx([2.0, 3.0])
    assert Parameter(name="mu", symbol="mu", unit="log").bounded(-3.0) == -3.0


def test_a_belief_is_a_beta_law_seen_in_the_coordinate():
    between = Parameter(name="phi", symbol="phi", unit="share", low=-1.0, high=3.0, belief=(2.0, 3.0))
    x = np.array([-1.0, 0.3, 2.0])
    share = 1 / (1 + np.exp(-x))
    expected = stats.beta(2, 3).logpdf(share) + np.log(share * (1 - share))
    got = between.log_belief(x)
    assert np.diff(got) == pytest.approx(np.diff(expected), rel=1e-12)
    assert SIGMA.log_belief([1.0, 2.0]).tolist() == [0.0, 0.0]


def test_values_are_set_on_a_copy():
    free = RandomWalk()
    assert with_values(free, {"drift": 0.1, "sigma": 0.2}) == RandomWalk(drift=0.1, sigma=0.2)
    assert free_names(free) == ("drift", "sigma")
