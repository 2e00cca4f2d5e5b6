from __future__ import annotations

import numpy as np
import pytest

from sxsim.errors import ModelError
from sxsim.fitting.grid import SHAPES
from sxsim.processes import Shape


@pytest.mark.parametrize(
    "given",
    [
        {"white": -0.1},
        {"growth": -1.0},
        {"noise": -1e-9},
        {"white": 0.0},
        {"white": 0.0, "noise": 1.0, "rho": 0.5},
        {"white": np.nan},
        {"growth": np.inf},
        {"noise": np.nan},
    ],
)
def test_variances_must_be_possible(given):
    with pytest.raises(ModelError, match=r"Shape white=.*, growth=.*, noise=.*\.") as caught:
        Shape(**given)
    assert "Give variances of at least zero, white or growth above it." in str(caught.value)


@pytest.mark.parametrize("given", [{"phi": 1.0}, {"phi": -0.1}, {"rho": 1.0}, {"rho": -0.2}, {"phi": np.nan}])
def test_persistences_must_be_possible(given):
    with pytest.raises(ModelError, match=r"Shape phi=.*, rho=.*\.") as caught:
        Shape(**given)
    assert "Give persistences in [0, 1)." in str(caught.value)


@pytest.mark.parametrize(
    ("shape", "kind"),
    [
        (Shape(), "random walk"),
        (Shape(growth=1.0, phi=0.3), "quickly damped growth"),
        (Shape(growth=1.0, phi=0.75), "gradually damped growth"),
        (Shape(growth=1.0, phi=0.9), "slowly damped growth"),
        (Shape(noise=1.0), "noise around a level"),
        (Shape(noise=1.0, rho=0.6), "returning level"),
        (Shape(growth=0.3, phi=0.9, noise=1.0), "local trend with noise"),
    ],
)
def test_a_shape_says_in_words_how_it_behaves(shape, kind):
    assert shape.kind() == kind


def test_the_autocovariance_is_the_one_written_down():
    shape = Shape(white=0.7, growth=0.3, phi=0.9, noise=0.5, rho=0.6)
    lags = np.arange(7)
    level = 2 * 0.6**lags - 0.6 ** (lags + 1) - 0.6 ** np.abs(lags - 1)
    raw = 0.7 * (lags == 0) + 0.3 * 0.9**lags + 0.5 * level
    np.testing.assert_allclose(shape.autocovariance(7), shape.unit() * raw, rtol=1e-12)


def test_the_covariance_is_that_of_changes_of_a_deviation():
    """The deviation of the level is itself a stationary process; its yearly changes are what is meant."""
    rho = 0.7
    shape = Shape(white=0.2, noise=1.0, rho=rho)
    deviation = rho ** np.abs(np.subtract.outer(np.arange(7), np.arange(7)))
    change = np.diff(np.diff(deviation, axis=0), axis=1) + 0.2 * np.eye(6)
    np.testing.assert_allclose(shape.covariance(6), shape.unit() * change, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("shape", SHAPES)
def test_one_year_ahead_has_variance_one_once_the_past_is_known(shape):
    covariance = shape.covariance(160)
    np.testing.assert_allclose(covariance, covariance.T)
    assert np.linalg.cholesky(covariance)[-1, -1] ** 2 == pytest.approx(1.0, abs=2e-3)


@pytest.mark.parametrize("factor", [0.01, 3.0])
def test_common_units_of_the_variances_do_not_matter(factor):
    given = {"white": 0.3, "growth": 0.5, "noise": 1.0}
    scaled = Shape(phi=0.8, rho=0.4, **{name: factor * value for name, value in given.items()})
    np.testing.assert_allclose(
        scaled.autocovariance(9), Shape(phi=0.8, rho=0.4, **given).autocovariance(9), rtol=1e-9
    )


def test_a_random_walk_has_no_memory_but_its_drift():
    np.testing.assert_allclose(Shape().covariance(5), np.eye(5), atol=1e-11)
    loads = Shape().loads(0.5, 4)
    np.testing.assert_allclose(loads, 0.25 * np.outer(np.arange(1, 5), [0, 0, 1]), atol=1e-15)


def test_growth_that_lasts_is_an_autoregression():
    shape = Shape(white=0.0, growth=4.0, phi=0.6)
    expected = 0.6 ** np.arange(6) / (1 - 0.36)
    np.testing.assert_allclose(shape.autocovariance(6), expected, rtol=1e-9)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("width", [0.0, 0.4])
def test_loads_are_what_the_future_shares_with_the_past(shape, width):
    """Covariance of every cumulated change with every past year equals loads times the state's basis."""
    past, horizon = 9, 6
    joint = shape.covariance(past + horizon) + width**2
    back = np.arange(past - 1.0, -1.0, -1.0)
    basis = np.stack([shape.phi**back, shape.rho**back, np.ones(past)])
    shared = joint[past:, :past].cumsum(axis=0)
    np.testing.assert_allclose(shape.loads(width, horizon) @ basis, shared, atol=1e-11)


def test_a_longer_horizon_keeps_the_earlier_loads():
    shape = Shape(growth=1.0, phi=0.8, noise=0.5, rho=0.3)
    np.testing.assert_array_equal(shape.loads(0.4, 9)[:4], shape.loads(0.4, 4))
