from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
from scipy import stats

import sxsim as sx
from sxsim.errors import ModelError

LAWS = [
    sx.RandomWalk(drift=0.05, sigma=0.1),
    sx.AutoregressiveGrowth(drift=0.03, phi=-0.4, sigma=0.1, excess=0.05),
    sx.DampedTrend(drift=0.01, phi=0.8, alpha=0.7, beta=0.3, sigma=0.1, trend=0.1, gap=0.02),
    sx.TrendStationary(drift=0.03, rho=0.5, sigma=0.1, deviation=-0.2),
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Echo(sx.GaussianProcess):
    """Half of a shock comes back two years later."""

    drift: float = sx.FREE
    sigma: float = sx.FREE

    parameters: ClassVar[tuple[sx.Parameter, ...]] = sx.RandomWalk.parameters

    def system(self) -> sx.System:
        return sx.System(
            observe=np.array([0.0, 0.5]),
            transition=np.array([[0.0, 0.0], [1.0, 0.0]]),
            gain=np.array([1.0, 0.0]),
        )

    def state(self) -> np.ndarray:
        return np.zeros(2)


@pytest.mark.parametrize("law", [*LAWS, Echo(drift=0.02, sigma=0.1)], ids=lambda law: type(law).__name__)
def test_moments_marginal_mixture_and_simulation_tell_the_same(law):
    mean, covariance = law.moments(6)
    mixture = law.mixture(6)
    factor = mixture.scales[0] * mixture.factors[0]
    np.testing.assert_allclose(mixture.locations[0], mean, rtol=1e-14)
    np.testing.assert_allclose(factor @ factor.T, covariance, rtol=1e-12)
    still = law.simulate(np.zeros(1), np.zeros((6, 1)))[:, 0]
    np.testing.assert_allclose(still, mean, atol=1e-14)
    columns = law.simulate(np.zeros(6), np.eye(6)) - still[:, None]
    np.testing.assert_allclose(columns @ columns.T, covariance, atol=1e-15)
    year = law.marginal(np.array([2, 5]))
    np.testing.assert_allclose(year.location, mean[[1, 4]], rtol=1e-14)
    np.testing.assert_allclose(year.spread, np.sqrt(np.diag(covariance))[[1, 4]], rtol=1e-12)
    assert law.drift_share(np.array([2, 5])).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("law", LAWS, ids=lambda law: type(law).__name__)
def test_likelihood_is_that_of_the_joint_normal_law(law):
    levels = np.array([0.1, 0.05, 0.3, 0.35])
    mean, covariance = law.moments(4)
    expected = stats.multivariate_normal(mean, covariance).logpdf(levels)
    assert law.loglik(np.zeros(1), levels[:, None]) == pytest.approx(expected, rel=1e-10)


def test_the_state_after_a_history_is_its_last_level():
    assert LAWS[1].start(np.array([[1.0], [2.0]])).tolist() == [2.0]


@pytest.mark.parametrize(
    "use",
    [
        lambda law: law.simulate(np.zeros(1), np.zeros((1, 1))),
        lambda law: law.residuals(np.zeros(1), np.zeros((1, 1))),
        lambda law: law.moments(3),
        lambda law: sx.Grown(name="y", carrier=sx.Log(), law=law, last_value=1.0, last_year=2012),
    ],
)
def test_refuses_to_compute_with_what_was_left_free(use):
    message = (
        r"DampedTrend has no value for phi, sigma\. Give numbers, or let sx\.fit\(history, family=sx\.Damp"
    )
    with pytest.raises(ModelError, match=message):
        use(sx.DampedTrend(drift=0.1, alpha=0.5, beta=0.5))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: sx.AutoregressiveGrowth(phi=1.0),
            r"phi=1\.0 is outside its domain \[-0\.99, 0\.99\] \(share kept",
        ),
        (lambda: sx.AutoregressiveGrowth(excess=np.inf), r"excess=inf is outside its domain"),
        (lambda: sx.TrendStationary(rho=-0.1), r"rho=-0\.1 is outside its domain \[0, 0\.99\]"),
        (lambda: sx.TrendStationary(sigma=-1.0), r"sigma=-1\.0 is outside its domain \[0, inf\]"),
        (lambda: sx.DampedTrend(alpha=1.2), r"alpha=1\.2 is outside its domain \[0, 1\] \(share\)"),
        (lambda: sx.DampedTrend(beta=np.nan), r"beta=nan is outside its domain"),
    ],
)
def test_refuses_impossible_parameters(make, message):
    with pytest.raises(ModelError, match=message):
        make()


@pytest.mark.parametrize("name", ["rate", "ceiling", "last_value"])
def test_gompertz_refuses_what_is_not_above_zero(name):
    given = {"rate": 0.2, "ceiling": 100.0, "sigma": 0.1, "last_value": 10.0} | {name: 0.0}
    with pytest.raises(ModelError, match=rf"Gompertz {name}=0\.0\. Give a finite number above zero"):
        sx.TrendStationary.gompertz(**given)


def test_gompertz_ends_at_its_ceiling():
    law = sx.TrendStationary.gompertz(rate=0.3, ceiling=80.0, sigma=0.2, last_value=20.0)
    mean, covariance = law.moments(60)
    assert mean[-1] == pytest.approx(np.log(80.0 / 20.0) - 0.2**2 / (2 * 0.3), abs=1e-6)
    assert covariance[-1, -1] == pytest.approx(0.2**2 / (2 * 0.3), rel=1e-9)


def test_an_own_process_is_first_class():
    years = np.arange(2000, 2014)
    rng = np.random.default_rng(3)
    z = Echo(drift=0.05, sigma=0.1).simulate(np.zeros(1), rng.standard_normal((14, 1)))[:, 0]
    import xarray as xr

    model = sx.fit(xr.Dataset({"y": ("year", np.exp(z))}, coords={"year": years}), family=Echo())
    assert "grows as Echo" in str(sx.fit_report(model))
    fan = sx.forecast(model, horizon=4).y
    assert (np.diff(fan.to_numpy(), axis=0) > 0).all()
