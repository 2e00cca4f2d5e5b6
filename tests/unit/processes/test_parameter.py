from __future__ import annotations

import math

import pytest

from sxsim.errors import ModelError
from sxsim.processes import Parameter, RandomWalk

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
