"""Integrals over quasi-random points against quadrature, other libraries, and their own stated errors."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special, stats

import sxsim as sx
from sxsim.analysis.integrals.common_direction import CommonDirection
from sxsim.analysis.integrals.integral import integrate
from sxsim.analysis.integrals.separation import Sampled
from sxsim.analysis.integrals.system import system_of
from sxsim.analysis.question import ask
from sxsim.processes import RandomWalkPosterior
from sxsim.streams import Seed

SIGMAS = 4.0
DRIFT, YEARS, SHAPE, RATE = 0.04, 11.0, 5.5, 0.055


def walk(*names: str, correlation: np.ndarray | None = None) -> sx.GrowthModel:
    """Random walks whose drift and sigma a dozen figures have left open."""
    one = np.ones(1)
    law = RandomWalkPosterior(drift=DRIFT * one, years=YEARS * one, shape=SHAPE * one, rate=RATE * one)
    grown = tuple(
        sx.Grown(name=name, carrier=sx.Log(), law=law, last_value=100.0, last_year=2012) for name in names
    )
    return sx.GrowthModel(indicators=grown, last_year=2012, correlation=correlation)


def at_least(name: str, level: float, *years: int) -> sx.Target:
    condition = sx.Condition(
        indicator=name, relation=sx.Relation.AT_LEAST, level=sx.Number(value=level), years=years
    )
    return sx.Target(id=name, label=name, condition=condition)


def every_year(bar: float, drift: float, sigma: float, years: int) -> float:
    """P(the level is above the bar in every year), by a forward recursion on Gauss-Legendre nodes."""
    nodes, weights = np.polynomial.legendre.leggauss(80)
    density, at, weight = np.ones(1), np.zeros(1), np.ones(1)
    for year in range(1, years + 1):
        high = max(bar + 9 * sigma, drift * year + 9 * sigma * np.sqrt(year))
        z = 0.5 * (high - bar) * nodes + 0.5 * (high + bar)
        step = np.exp(-0.5 * ((z[:, None] - at - drift) / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
        density, at, weight = step @ (density * weight), z, 0.5 * (high - bar) * weights
    return float(density @ weight)


@pytest.mark.parametrize(("level", "years"), [(80.0, 4), (101.0, 5), (130.0, 4)])
def test_every_year_under_unknown_drift_and_sigma(level: float, years: int) -> None:
    """The recursion averaged over drift and sigma by Gauss nodes; both methods within 4 stated errors.

    The average itself is good to some 1e-6, measured by fewer nodes.
    """
    score, drift_weights = np.polynomial.hermite_e.hermegauss(20)
    drift_weights /= drift_weights.sum()
    uniform, sigma_weights = np.polynomial.legendre.leggauss(24)
    bar = np.log(level / 100.0)
    expected = 0.0
    for u, w in zip(0.5 * (uniform + 1.0), 0.5 * sigma_weights, strict=True):
        sigma = np.sqrt(RATE / special.gammainccinv(SHAPE, u))
        drifts = DRIFT + sigma / np.sqrt(YEARS) * score
        values = [every_year(bar, drift, sigma, years) for drift in drifts]
        expected += w * float(drift_weights @ values)
    target = at_least("y", level, *range(2013, 2013 + years))
    for method in (sx.Exact(), sx.Sobol(points=4096)):
        odds = sx.attainment(walk("y"), target, method=method, rng=1)
        assert odds.route.item() == "separation of variables"
        error = odds.standard_error.item()
        assert error <= (1e-5 if method == sx.Exact() else 1e-4)
        assert abs(odds.probability.item() - expected) < SIGMAS * error + 2e-5


def test_years_of_one_sigma_are_multivariate_student() -> None:
    """With the drift known all years share one sigma: exactly scipy's multivariate t, to its own error."""
    one = np.ones(1)
    law = RandomWalkPosterior(drift=DRIFT * one, years=1e12 * one, shape=SHAPE * one, rate=RATE * one)
    grown = sx.Grown(name="y", carrier=sx.Log(), law=law, last_value=100.0, last_year=2012)
    model = sx.GrowthModel(indicators=(grown,), last_year=2012)
    odds = sx.attainment(model, at_least("y", 105.0, 2014, 2016, 2018), method=sx.Exact(), rng=1)
    steps = np.array([2.0, 4.0, 6.0])
    scale = RATE / SHAPE * np.minimum.outer(steps, steps)
    reach = DRIFT * steps - np.log(1.05)
    expected = stats.multivariate_t(shape=scale, df=2 * SHAPE).cdf(reach, maxpts=2 * 10**6, random_state=1)
    assert abs(odds.probability.item() - expected) < SIGMAS * odds.standard_error.item() + 1e-4


def test_targets_of_different_years_are_multivariate_normal() -> None:
    process = sx.RandomWalk(drift=DRIFT, sigma=0.1)
    correlation = np.array([[1.0, 0.6, 0.2], [0.6, 1.0, -0.3], [0.2, -0.3, 1.0]])
    grown = tuple(
        sx.Grown(name=n, carrier=sx.Log(), law=process, last_value=100.0, last_year=2012) for n in "abc"
    )
    model = sx.GrowthModel(indicators=grown, last_year=2012, correlation=correlation)
    years = (2015, 2018, 2020)
    targets = [at_least(name, 115.0, year) for name, year in zip("abc", years, strict=True)]
    odds = sx.attainment(model, targets, rng=1)
    assert odds.joint_route.item() == "common direction"
    steps = np.array(years) - 2012.0
    shared = correlation * np.minimum.outer(steps, steps) * 0.01
    reach = DRIFT * steps - np.log(1.15)
    expected = stats.multivariate_normal.cdf(reach, cov=shared, maxpts=10**6, abseps=1e-8, rng=1)
    assert abs(odds.joint.item() - expected) < odds.joint_standard_error.item() + 1e-6


@pytest.mark.parametrize("method", [None, sx.Exact(error=1e-6), sx.MonteCarlo(draws=400_000)])
def test_the_joint_of_the_bundled_plan_is_the_same_by_every_route(method: sx.Exact | sx.MonteCarlo) -> None:
    """Against separation of variables with many points, which shares nothing with common directions."""
    plan = sx.load_plan("shanxi-2014")
    model = sx.fit(plan.history, until=2012)
    targets = [plan.target(name) for name in ("H1", "H2", "H3")]
    rows = [row for target in targets for row in ask(target, model).rows]
    fine = integrate(
        [Sampled.of(system_of(rows, model, {}, 0))], points=2**16, replicates=16, seed=Seed(entropy=9)
    )
    odds = sx.attainment(model, targets, method=method, rng=1)
    error = np.hypot(odds.joint_standard_error.item(), fine.error[0])
    assert abs(odds.joint.item() - fine.value[0]) < SIGMAS * error
    if method is None:
        assert odds.joint_standard_error.item() < 2e-6


def test_the_error_of_a_common_direction_is_honest() -> None:
    """Over 200 seeds the 95 % interval covers a fine reference 90 to 98 % of the time.

    The binomial error of 200 trials is 1.5 points; the band is about 3 of them below and 2 above.
    """
    plan = sx.load_plan("shanxi-2014")
    model = sx.fit(plan.history, until=2012)
    names = ("rd_intensity", "gdp", "tech_market_output_value")
    known = model.select(names)
    model = sx.GrowthModel(
        indicators=known.indicators, last_year=2012, correlation=known.correlation, history=known.history
    )
    fan = sx.forecast(model, until=2020, quantiles=[0.45]).isel(quantile=0, year=-1)
    targets = [at_least(name, float(fan[name]), 2020) for name in names]
    rows = [row for target in targets for row in ask(target, model).rows]
    integral = CommonDirection.of(system_of(rows, model, {}, 0))
    assert not integral.complete
    fine = integrate([integral], points=2**14, replicates=16, seed=Seed(entropy=0))
    inside = 0
    for seed in range(200):
        found = integrate([integral], points=64, replicates=16, seed=Seed(entropy=seed + 1))
        half = 2.131 * found.error[0]  # 97.5 % point of Student-t with 15 degrees of freedom
        inside += abs(found.value[0] - fine.value[0]) < half
    assert 180 <= inside <= 196
