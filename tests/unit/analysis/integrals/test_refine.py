from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from sxsim.analysis.integrals.refine import refined, variance_parts
from sxsim.errors import RequestError
from sxsim.simulation import Exact, Sobol, Twin
from sxsim.streams import Seed


@dataclass(frozen=True)
class Step:
    """A jump: the error falls slowly."""

    dims: int = 3
    known: float = 0.0
    bound: float = 0.0

    def values(self, points):
        return (points.sum(axis=0) < 1.2).astype(float)


SEED = Seed(entropy=4)


def test_a_number_of_points_is_kept():
    assert refined([Step()], Sobol(points=128), SEED, 2**10).points == 128


def test_an_error_decides_the_points():
    loose, tight = (refined([Step()], Sobol(points=64, until_error=e), SEED, 2**16) for e in (0.01, 3e-4))
    assert loose.points < tight.points
    assert tight.error[0] <= 3e-4
    assert refined([Step()], Exact(error=1e-3), SEED, 2**16).error[0] <= 1e-3


def test_an_error_that_is_not_reached_is_refused():
    message = (
        r"An error of 1e-06 is not reached: it is \d\.\de-0\d after 16 scrambles of 1,024 points\. "
        r"Take sx\.Exact\(error=0\.0\d+\), or sx\.Sobol\(\) for what its points give"
    )
    with pytest.raises(RequestError, match=message):
        refined([Step()], Exact(error=1e-6), SEED, 2**10)
    with pytest.raises(RequestError, match=r" of 512 points\. Take sx\.Sobol\(until_error=0\.\d+\), or"):
        refined([Step()], Sobol(points=64, until_error=1e-6), SEED, 2**9)


def test_the_error_that_is_offered_is_reached():
    with pytest.raises(RequestError) as refused:
        refined([Step()], Exact(error=1e-6), SEED, 2**10)
    offered = float(str(refused.value).split("error=")[1].split(")")[0])
    assert refined([Step()], Exact(error=offered), SEED, 2**10).error[0] <= offered


def test_parts_come_from_two_worlds():
    p = np.array([0.5])
    worlds = {Twin.PARAMETERS: 0.375, Twin.CELLS: 0.3}

    def two(twin):
        return [Known(worlds[twin])]

    parameter, model = variance_parts(two, p, Sobol(points=4), SEED, several=True)
    assert (parameter[0], model[0]) == (pytest.approx(0.075), pytest.approx(0.05))
    parameter, model = variance_parts(two, p, Exact(), SEED, several=False)
    assert (parameter[0], model[0]) == (pytest.approx(0.125), 0.0)


@dataclass(frozen=True)
class Known:
    """Nothing left to average."""

    known: float
    dims: int = 0
    bound: float = 0.0

    def values(self, points):
        return np.zeros(points.shape[1])
