"""Closed form, quasi-random integral and simulation must agree; every band is a stated number of errors."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import xarray as xr
from scipy import special

import sxsim as sx

SIGMAS = 4.0


@cache
def shanxi() -> tuple[sx.Plan, sx.GrowthModel]:
    plan = sx.load_plan("shanxi-2014")
    return plan, sx.fit(plan.history, until=2012)


ASKED = (
    "high_tech_enterprises",
    "high_tech_mfg_revenue_to_gdp",
    "high_tech_mfg_revenue_to_gdp_national",
    "innovation_platforms",
    "rd_intensity",
    "tech_contract_total",
    "valid_invention_patents",
)


@cache
def million() -> xr.Dataset:
    plan, model = shanxi()
    return sx.simulate(
        model, plan.scenarios[:2], until=2020, draws=10**6, rng=11, indicators=ASKED, threads=2
    )


@pytest.mark.parametrize("name", ASKED)
def test_a_million_paths_agree_with_the_closed_form_in_every_year(name: str) -> None:
    """P(y <= forecast quantile q) is q at 5 quantiles, in every year and scenario.

    The bound is passed by chance once in a thousand runs of all 560 comparisons (Bonferroni): 4.76 errors.
    """
    plan, model = shanxi()
    levels = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    fan = sx.forecast(model, until=2020, quantiles=levels, scenarios=plan.scenarios[:2])[name]
    paths = million()[name]
    below = np.stack(
        [
            [
                (
                    paths.sel(scenario=s, year=y).to_numpy()
                    <= fan.sel(scenario=s, year=y).to_numpy()[:, None]
                ).mean(1)
                for y in fan.year
            ]
            for s in fan.scenario
        ]
    )
    error = np.sqrt(levels * (1 - levels) / 10**6)
    bound = special.ndtri(1 - 0.0005 / (len(ASKED) * below.size))
    assert np.abs((below - levels) / error).max() < bound


def test_all_routes_agree_on_every_shanxi_target() -> None:
    plan, model = shanxi()
    best = sx.attainment(model, plan.targets, scenarios=plan.scenarios[:2], rng=1)
    sobol = sx.attainment(model, plan.targets, scenarios=plan.scenarios[:2], method=sx.Sobol(), rng=2)
    counted = sx.attainment(
        model, plan.targets, scenarios=plan.scenarios[:2], method=sx.MonteCarlo(draws=400_000), rng=3
    )
    for other in (sobol, counted):
        error = np.hypot(best.standard_error, other.standard_error) + 1e-9
        z = np.abs(best.probability - other.probability) / error
        assert float(z.max()) < SIGMAS
        joint = np.abs(best.joint - other.joint) / np.hypot(
            best.joint_standard_error, other.joint_standard_error
        )
        assert float(joint.max()) < SIGMAS
        # the covariance of two hits has at most the error of a proportion
        assert float(np.abs(best.variance_parameter - other.variance_parameter).max()) < SIGMAS / np.sqrt(
            400_000
        )
    from_paths = sx.attainment(million(), plan.targets)
    z = np.abs(best.probability - from_paths.probability) / from_paths.standard_error
    assert float(z.max()) < SIGMAS


def test_the_shanxi_answer_is_plausible_and_explained() -> None:
    plan, model = shanxi()
    odds = sx.attainment(model, plan.targets, scenarios=plan.scenarios[:2], rng=0).sel(scenario="trend")
    p = odds.probability
    assert 0.02 < float(p.sel(target="H1")) < 0.45
    assert 0.50 < float(p.sel(target="H2")) < 0.995
    assert float(odds.joint_lower) <= float(odds.joint) <= float(odds.joint_upper)
    assert "tech_contract_midband" in str(sx.fit_report(model))


def every_year(level: float) -> sx.Target:
    condition = sx.Condition(
        indicator="y",
        relation=sx.Relation.AT_LEAST,
        level=sx.Number(value=level),
        years=(2013, 2014, 2015, 2016),
    )
    return sx.Target(id="E", label="every year", condition=condition)


@pytest.mark.parametrize("level", [80.0, 101.0, 115.0])
def test_every_year_targets_against_a_forward_recursion(level: float) -> None:
    """Known drift and sigma: integrate year by year on Gauss-Legendre nodes, exact to many digits."""
    drift, sigma = 0.04, 0.08
    walk = sx.RandomWalk(drift=drift, sigma=sigma)
    grown = sx.Grown(name="y", carrier=sx.Log(), law=walk, last_value=100.0, last_year=2012)
    model = sx.GrowthModel(indicators=(grown,), last_year=2012)
    odds = sx.attainment(model, every_year(level), method=sx.Sobol(points=4096, replicates=32), rng=5)
    bar = np.log(level / 100.0)
    nodes, weights = np.polynomial.legendre.leggauss(300)

    def normal(x: np.ndarray) -> np.ndarray:
        return np.exp(-0.5 * (x / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))

    density, at, weight = None, None, None
    for year in range(1, 5):
        high = max(drift * year + 9 * sigma * np.sqrt(year), bar + 9 * sigma)
        z = 0.5 * (high - bar) * nodes + 0.5 * (high + bar)
        w = 0.5 * (high - bar) * weights
        step = normal(z - drift) if at is None else normal(z[:, None] - at - drift) @ (density * weight)
        density, at, weight = step, z, w
    expected = float(density @ weight)
    got, error = float(odds.probability.squeeze()), float(odds.standard_error.squeeze())
    assert abs(got - expected) < SIGMAS * error + 1e-12
    assert error < 2e-4


def test_the_quoted_quasi_random_error_is_honest() -> None:
    """Over 200 seeds the 95 % interval from 16 scrambles covers a fine reference 90 to 98 % of the time.

    The binomial error of 200 trials is 1.5 points; the band is about 3 of them below and 2 above.
    """
    plan, model = shanxi()
    target = plan.target("H4-proxy")
    fine = sx.attainment(model, target, method=sx.Sobol(points=2**15, replicates=32), rng=0)
    reference = float(fine.probability.squeeze())
    inside = 0
    for seed in range(200):
        odds = sx.attainment(model, target, method=sx.Sobol(points=256, replicates=16), rng=seed + 1)
        half = 2.131 * float(odds.standard_error.squeeze())  # 97.5 % point of Student-t with 15 dof
        inside += abs(float(odds.probability.squeeze()) - reference) < half
    assert 180 <= inside <= 196


def test_same_year_growth_is_correlated_as_stated() -> None:
    correlation = np.array([[1.0, 0.6, -0.3], [0.6, 1.0, 0.1], [-0.3, 0.1, 1.0]])
    walk = sx.RandomWalk(drift=0.02, sigma=0.1)
    grown = tuple(
        sx.Grown(name=n, carrier=sx.Log(), law=walk, last_value=1.0, last_year=2012) for n in ("c", "a", "b")
    )
    model = sx.GrowthModel(indicators=grown, last_year=2012, correlation=correlation)
    draws = 200_000
    paths = sx.simulate(model, horizon=3, draws=draws, rng=3)
    growth = {
        n: np.diff(np.log(paths[n].isel(scenario=0).to_numpy()), axis=-1).ravel() for n in ("c", "a", "b")
    }
    measured = np.corrcoef([growth["c"], growth["a"], growth["b"]])
    assert np.abs(measured - correlation).max() < SIGMAS / np.sqrt(2 * draws)


def test_reliability_is_exact_when_the_world_is_the_prior() -> None:
    """Drift and sigma from the prior, a history from them, a target: claims of p come true p of the time."""
    prior = sx.Prior(drift=0.03, years=2.0, shape=2.0, spread=0.08)
    rng = np.random.default_rng(20)
    series, points, horizon = 40_000, 8, 5
    sigma = np.sqrt(prior.rate / rng.gamma(prior.shape, size=series))
    drift = prior.drift + sigma / np.sqrt(prior.years) * rng.standard_normal(series)
    growth = drift[:, None] + sigma[:, None] * rng.standard_normal((series, points - 1 + horizon))
    levels = np.concatenate([np.zeros((series, 1)), growth.cumsum(axis=1)], axis=1)
    data = xr.Dataset(
        {"y": (("series", "year"), np.exp(levels[:, :points]))},
        coords={"year": np.arange(2005, 2013), "series": np.arange(series)},
    )
    law = sx.fit(data, prior=prior)["y"].law.marginal(horizon)
    truth = levels[:, -1] - levels[:, points - 1]
    pit = law.at_most(truth)
    assert np.abs(np.histogram(pit, 20, (0, 1))[0] / series - 0.05).max() < SIGMAS * np.sqrt(
        0.05 * 0.95 / series
    )
