from __future__ import annotations

import numpy as np
import pytest

from sxsim.errors import RequestError
from sxsim.simulation import Exact, MonteCarlo, Order, Sobol


def test_methods_are_values():
    assert Exact() == Exact(error=1e-5)
    assert Sobol() == Sobol(points=1024, replicates=16)
    assert MonteCarlo() == MonteCarlo(draws=100_000) != MonteCarlo(draws=10)
    assert repr(MonteCarlo(draws=10)) == "MonteCarlo(draws=10)"


def test_methods_cannot_be_changed():
    with pytest.raises(AttributeError):
        MonteCarlo().draws = 5
    with pytest.raises(TypeError):
        MonteCarlo(10)


@pytest.mark.parametrize("points", [2, 64, 4096])
def test_powers_of_two_are_taken(points):
    assert Sobol(points=points).points == points


@pytest.mark.parametrize("points", [0, 1, -4, 3, 1000, 64.5])
def test_refuses_points_that_are_no_power_of_two(points):
    with pytest.raises(
        RequestError, match=rf"points={points!r}\)?( is not a power of two)?\. (Try|Give a power of two)"
    ):
        Sobol(points=points)


@pytest.mark.parametrize("replicates", [1, 0, -3])
def test_refuses_replicates_that_tell_no_error(replicates):
    message = rf"replicates={replicates!r}\. One scramble leaves no error estimate: give at least 2"
    with pytest.raises(RequestError, match=message):
        Sobol(replicates=replicates)


def test_refuses_replicates_that_are_not_whole():
    with pytest.raises(RequestError, match=r"replicates=2\.5"):
        Sobol(replicates=2.5)


@pytest.mark.parametrize("error", [0.0, -1e-5, 1, 1.0, np.nan, True, "small"])
@pytest.mark.parametrize(
    ("method", "name"), [(Exact, "error"), (Sobol, "until_error"), (MonteCarlo, "until_error")]
)
def test_refuses_errors_that_are_no_shares(method, name, error):
    message = rf"^{name}={error!r}\. Give a standard error above zero, such as 0\.002"
    with pytest.raises(RequestError, match=message):
        method(**{name: error})


def test_exact_needs_an_error():
    with pytest.raises(RequestError, match=r"^error=None\. Leave it out, or give a standard error"):
        Exact(error=None)


def test_the_record_of_sobol_is_short():
    assert repr(Sobol()) == "Sobol(points=1024, replicates=16)"
    some = Sobol(points=64, until_error=1e-4, order=Order.BRIDGE)
    assert repr(some) == "Sobol(points=64, replicates=16, until_error=0.0001, order=Order.BRIDGE)"


def test_errors_of_numpy_are_errors():
    assert Sobol(until_error=np.float64(1e-4)).until_error == 1e-4


@pytest.mark.parametrize("order", ["bridge", None, 1])
def test_refuses_what_is_no_order(order):
    with pytest.raises(
        RequestError, match=rf"order={order!r} is not an order\. Give one of sx\.Order\.PRINC"
    ):
        Sobol(order=order)
    assert Sobol(order=Order.YEARS) != Sobol()


@pytest.mark.parametrize("draws", [0, -1, 1.5, 1e5, True, "many", None])
def test_refuses_draws_that_are_not_counted(draws):
    with pytest.raises(
        RequestError, match=rf"draws={draws!r}\. Give a whole number of at least 1, such as 100_000"
    ):
        MonteCarlo(draws=draws)


def test_whole_numbers_of_numpy_are_whole_numbers():
    assert MonteCarlo(draws=np.int64(10)).draws == 10


def test_a_method_says_what_decides_its_numbers():
    method = MonteCarlo(draws=10, antithetic=True, until_error=0.01, control=False, threads=4, progress=True)
    assert repr(method) == "MonteCarlo(draws=10, antithetic=True, until_error=0.01, control=False)"


@pytest.mark.parametrize("error", [0, -0.1, 1, 2.5])
def test_refuses_a_precision_that_cannot_be(error):
    message = rf"until_error={error!r}\. Give a standard error above zero, such as 0\.002"
    with pytest.raises(RequestError, match=message):
        MonteCarlo(until_error=error)


@pytest.mark.parametrize("threads", [0, -1, 1.5, True])
def test_refuses_threads_that_are_not_counted(threads):
    with pytest.raises(RequestError, match=rf"threads={threads!r}\. Give a whole number of at least 1"):
        MonteCarlo(threads=threads)
