from __future__ import annotations

import numpy as np
import pytest

from sxsim.processes.root import rising_root

LOW, HIGH = np.full(5, -1.0), np.full(5, 2.0)


def root(function):
    return rising_root(function, (LOW, HIGH), (function(LOW), function(HIGH)))


def test_functions_side_by_side():
    goals = np.array([0.1, 0.5, -0.3, 3.0, 7.9])
    calls = []

    def cubes(x):
        calls.append(x)
        return x**3 - goals

    assert root(cubes) == pytest.approx(np.cbrt(goals), abs=1e-12)
    assert len(calls) < 30


def test_straight_lines_take_two_looks():
    calls = []

    def line(x):
        calls.append(x)
        return 3.0 * x - np.linspace(-1.0, 1.0, 5)

    assert root(line) == pytest.approx(np.linspace(-1.0, 1.0, 5) / 3.0, abs=1e-15)
    assert len(calls) < 8


def test_what_does_not_cross_gives_the_nearer_end():
    assert root(lambda x: x + 5.0).tolist() == LOW.tolist()
    assert root(lambda x: x - 5.0).tolist() == HIGH.tolist()


def test_a_leap_is_found_where_it_is():
    assert root(lambda x: np.where(x < 0.3, -1.0, 9.0)) == pytest.approx(np.full(5, 0.3), abs=1e-12)


def test_infinite_values_are_no_obstacle():
    assert root(lambda x: np.where(x > 0.9, np.inf, np.expm1(x))) == pytest.approx(np.zeros(5), abs=1e-12)
