from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from scipy import stats

from sxsim import cases
from sxsim.cases.quadrature import all_positive, both_below, checked, expected, staying
from sxsim.errors import UnknownNameError


@pytest.mark.parametrize("name", cases.names())
def test_a_case_says_what_it_shows_and_how_sure_it_is(name):
    case = cases.load(name)
    assert case.name == name
    assert case.shows and case.computed
    assert 0 < case.answer < 1
    assert 0 < case.error <= 2e-6


def test_a_case_is_computed_once():
    assert cases.load("every_year") is cases.load("every_year")


def test_names_are_in_order_and_each_once():
    assert list(cases.names()) == sorted(set(cases.names()))


def test_refuses_a_name_that_is_not_there():
    with pytest.raises(UnknownNameError, match=r"There is no case 'every_yaer'\. Did you mean .*every_year"):
        cases.load("every_yaer")


def test_nothing_is_computed_before_it_is_asked_for():
    script = "import sxsim; print(sxsim.cases.load.cache_info().currsize)"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout == "0\n"


@pytest.mark.parametrize(("h", "k"), [(0.3, -0.7), (-1.0, -0.2), (1.2, 0.4), (-0.5, 2.0)])
@pytest.mark.parametrize("rho", [-0.8, 0.1, 0.95])
def test_two_normal_numbers_by_quadrature(h, k, rho):
    """Gauss-Legendre over the first number, which has the kink of its own bound."""

    def given(nodes):
        x, w = np.polynomial.legendre.leggauss(nodes)
        z = 0.5 * (h + 9.0) * (x + 1.0) - 9.0
        tail = stats.norm.cdf((k - rho * z) / np.sqrt(1 - rho**2))
        return 0.5 * (h + 9.0) * float(w @ (stats.norm.pdf(z) * tail))

    value, error = checked(given, 100)
    assert both_below(h, k, rho) == pytest.approx(value, abs=error + 1e-12)


def test_a_walk_that_stays_is_a_multivariate_normal_vector():
    steps = np.arange(1.0, 4.0)
    mean, covariance = 0.1 * steps + 0.05, 0.04 * np.minimum.outer(steps, steps)
    value, error = all_positive(mean, covariance)
    assert staying(0.1, 0.2, [(-0.05, np.inf)] * 3, 60) == pytest.approx(value, abs=4 * error)


def test_the_mean_of_a_square():
    assert expected(lambda z: z**2, 60) == pytest.approx(1.0, abs=1e-12)
