"""Every process against an independent computation: textbook formulas, enumeration, quadrature."""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
from scipy import integrate, stats

import sxsim as sx
from sxsim.processes.one_year import StudentSum

ERRORS = 4.0
DRAWS = 200_000
CALM, WILD = sx.RandomWalk(drift=0.08, sigma=0.02), sx.RandomWalk(drift=-0.05, sigma=0.2)
CYCLE = sx.Regimes(ordinary=CALM, other=WILD, leave=0.2, recover=0.4, other_now=0.3)
RISKY = sx.JumpDiffusion(drift=0.05, sigma=0.05, rate=0.3, jump=-0.3, jump_sd=0.1)
TAILS = sx.StudentShocks(drift=0.02, sigma=0.1, dof=3.5)


def model_of(law: Any, last_value: float = 10.0) -> sx.GrowthModel:
    carrier = getattr(law, "carrier", None) or sx.Log()
    grown = sx.Grown(name="y", carrier=carrier, law=law, last_value=last_value, last_year=2012)
    return sx.GrowthModel(indicators=(grown,), last_year=2012)


def target(level: float, *years: int) -> sx.Target:
    condition = sx.Condition(
        indicator="y", relation=sx.Relation.AT_LEAST, level=sx.Number(value=level), years=years
    )
    return sx.Target(id="T", label="T", condition=condition)


def test_damped_trend_has_the_textbook_mean_and_covariance() -> None:
    """ETS(A,Ad,N): variance sigma^2 (1 + sum c_j^2), c_j = alpha + beta (phi + ... + phi^j)."""
    phi, alpha, beta, sigma, trend = 0.8, 0.6, 0.25, 0.1, 0.15
    law = sx.DampedTrend(drift=0.0, phi=phi, alpha=alpha, beta=beta, sigma=sigma, trend=trend)
    mean, covariance = law.moments(8)
    c = [1.0] + [alpha + beta * sum(phi**i for i in range(1, j + 1)) for j in range(1, 8)]
    for h in range(1, 9):
        assert mean[h - 1] == pytest.approx(trend * sum(phi**i for i in range(1, h + 1)), rel=1e-12)
        for k in range(h, 9):
            expected = sigma**2 * sum(c[h - j] * c[k - j] for j in range(1, h + 1))
            assert covariance[h - 1, k - 1] == pytest.approx(expected, rel=1e-12)


def test_autoregressive_growth_has_the_textbook_mean_and_covariance() -> None:
    mu, phi, sigma, excess = 0.03, 0.6, 0.1, 0.08
    mean, covariance = sx.AutoregressiveGrowth(drift=mu, phi=phi, sigma=sigma, excess=excess).moments(7)
    c = [(1 - phi ** (i + 1)) / (1 - phi) for i in range(7)]
    for h in range(1, 8):
        assert mean[h - 1] == pytest.approx(h * mu + phi * (1 - phi**h) / (1 - phi) * excess, rel=1e-12)
        for k in range(h, 8):
            expected = sigma**2 * sum(c[h - j] * c[k - j] for j in range(1, h + 1))
            assert covariance[h - 1, k - 1] == pytest.approx(expected, rel=1e-12)


def test_a_stationary_trend_has_the_textbook_mean_and_covariance() -> None:
    mu, rho, sigma, u = 0.03, 0.7, 0.1, -0.2
    mean, covariance = sx.TrendStationary(drift=mu, rho=rho, sigma=sigma, deviation=u).moments(7)
    for h in range(1, 8):
        assert mean[h - 1] == pytest.approx(h * mu + (rho**h - 1) * u, rel=1e-12)
        for k in range(h, 8):
            expected = sigma**2 * rho ** (k - h) * (1 - rho ** (2 * h)) / (1 - rho**2)
            assert covariance[h - 1, k - 1] == pytest.approx(expected, rel=1e-12)


def test_gompertz_is_the_diffusion_it_says() -> None:
    """Euler-Maruyama with 400 steps a year; 4 Monte Carlo errors, and a step error below one of them."""
    rate, ceiling, sigma, start = 0.3, 80.0, 0.15, 20.0
    law = sx.TrendStationary.gompertz(rate=rate, ceiling=ceiling, sigma=sigma, last_value=start)
    mean, covariance = law.moments(3)
    rng, steps, draws = np.random.default_rng(2), 400, 20_000
    z = np.full(draws, np.log(start))
    for year in range(3):
        for _ in range(steps):
            z += (rate * (np.log(ceiling) - z) - sigma**2 / 2) / steps
            z += sigma * np.sqrt(1 / steps) * rng.standard_normal(draws)
        change, spread = z - np.log(start), np.sqrt(covariance[year, year])
        assert abs(change.mean() - mean[year]) < ERRORS * spread / np.sqrt(draws) + 1e-3
        assert abs(change.std() / spread - 1) < ERRORS / np.sqrt(2 * draws) + 1e-3


@pytest.mark.parametrize("law", [TAILS, RISKY, CYCLE], ids=["student", "jumps", "regimes"])
def test_walking_agrees_with_the_closed_form_in_every_year(law: Any) -> None:
    """P(y <= quantile q) is q within 4 binomial errors at five quantiles of six years."""
    levels = np.array([0.01, 0.2, 0.5, 0.8, 0.99])
    fan = sx.forecast(model_of(law), horizon=6, quantiles=levels).y.to_numpy()
    paths = sx.simulate(model_of(law), horizon=6, draws=DRAWS, rng=3).y.squeeze("scenario").to_numpy()
    below = (paths[None] <= fan[:, None]).mean(axis=1)
    error = np.sqrt(levels * (1 - levels) / DRAWS)[:, None]
    assert np.abs((below - levels[:, None]) / error).max() < ERRORS


def test_jumps_are_those_of_merton() -> None:
    """Direct simulation of normal shocks, Poisson counts and jump sizes, against the enumerated mixture."""
    rng = np.random.default_rng(5)
    count = rng.poisson(0.3, (4, DRAWS))
    jumps = -0.3 * count + 0.1 * np.sqrt(count) * rng.standard_normal((4, DRAWS))
    change = (0.05 + 0.05 * rng.standard_normal((4, DRAWS)) + jumps).sum(axis=0)
    law = RISKY.one_year(4, 0.0)
    for level in (-0.8, -0.3, 0.0, 0.2, 0.3):
        p = float(law.at_most(level))
        assert abs((change <= level).mean() - p) < ERRORS * np.sqrt(p * (1 - p) / DRAWS)
        assert float(law.at_least(level)) == pytest.approx(1 - p, abs=1e-12)


def test_regimes_are_the_sum_over_all_hidden_paths() -> None:
    """All 2^5 sequences of regimes, each with its probability and its normal law."""
    move = np.array([[0.8, 0.2], [0.4, 0.6]])
    for level in (-0.6, -0.1, 0.2, 0.38):
        expected = 0.0
        for path in product((0, 1), repeat=6):
            chance = (0.7, 0.3)[path[0]] * np.prod([move[a, b] for a, b in pairwise(path)])
            mean = sum((0.08, -0.05)[s] for s in path[1:])
            spread = np.sqrt(sum((0.02, 0.2)[s] ** 2 for s in path[1:]))
            expected += chance * stats.norm(mean, spread).cdf(level)
        assert float(CYCLE.one_year(5, 0.0).at_most(level)) == pytest.approx(expected, abs=1e-12)


def test_regimes_walk_like_a_hidden_chain() -> None:
    """Joint law of two years: a chain simulated with its states, against one number a year."""
    rng = np.random.default_rng(7)
    state = rng.random(DRAWS) < 0.3
    growth = []
    for _ in range(2):
        state = np.where(state, rng.random(DRAWS) >= 0.4, rng.random(DRAWS) < 0.2)
        e = rng.standard_normal(DRAWS)
        growth.append(np.where(state, -0.05 + 0.2 * e, 0.08 + 0.02 * e))
    walked = np.diff(CYCLE.simulate(np.zeros(DRAWS), rng.standard_normal((2, DRAWS))), axis=0, prepend=0.0)
    for first, second in product((-0.1, 0.05, 0.09), repeat=2):
        p, q = (((x[0] <= first) & (x[1] <= second)).mean() for x in (growth, walked))
        assert abs(p - q) < ERRORS * np.sqrt((p * (1 - p) + q * (1 - q)) / DRAWS)


@pytest.mark.parametrize("dof", [1.5, 2.5, 4.0, 12.0, 120.0])
def test_a_sum_of_two_student_laws_is_their_convolution(dof: float) -> None:
    law = StudentSum(location=0.0, scale=1.0, dof=dof, years=2)
    one = stats.t(dof)
    for level in (-12.0, -3.0, -0.4, 1.7):
        at = [level / 2 - 40, level, level / 2, 0.0, level / 2 + 40]
        expected = sum(
            integrate.quad(lambda x, c=level: one.cdf(c - x) * one.pdf(x), a, b, epsabs=1e-13, limit=400)[0]
            for a, b in zip([-np.inf, *sorted(at)], [*sorted(at), np.inf], strict=True)
        )
        assert float(law.at_most(level)) == pytest.approx(expected, abs=1e-9)
        if expected > 1e-7:  # the integral has thirteen digits, not more
            assert float(law.quantiles(expected)) == pytest.approx(level, abs=1e-4)


def test_a_year_of_student_shocks_is_student_and_its_density_integrates() -> None:
    x = np.array([-9.0, -1.0, 0.0, 2.0])
    assert StudentSum(location=0.0, scale=1.0, dof=3.0, years=1).at_most(x) == pytest.approx(
        stats.t(3).cdf(x)
    )
    law = StudentSum(location=0.2, scale=0.5, dof=3.0, years=3)
    area = integrate.quad(lambda v: float(law.density(v)), -1.0, 1.5)[0]
    assert area == pytest.approx(float(law.at_most(1.5) - law.at_most(-1.0)), abs=1e-9)


def test_the_logistic_curve_is_a_random_walk_in_log_odds() -> None:
    curve = sx.Logistic(ceiling=50.0, drift=0.2, sigma=0.15)
    odds = sx.Grown(
        name="y",
        carrier=sx.Odds(lower=0.0, upper=50.0),
        law=sx.RandomWalk(drift=0.2, sigma=0.15),
        last_value=10.0,
        last_year=2012,
    )
    other = sx.GrowthModel(indicators=(odds,), last_year=2012)
    fans = [sx.forecast(m, horizon=6, quantiles=(0.05, 0.5, 0.95)).y for m in (model_of(curve), other)]
    np.testing.assert_allclose(fans[0].to_numpy(), fans[1].to_numpy(), rtol=1e-12)
    single = [sx.attainment(m, target(22.0, 2017)).probability.item() for m in (model_of(curve), other)]
    assert single[0] == pytest.approx(single[1], abs=1e-14)
    every = [sx.attainment(m, target(16.0, 2015, 2016, 2017), rng=1) for m in (model_of(curve), other)]
    p, q = (odds.probability.item() for odds in every)
    assert [odds.route.item() for odds in every] == ["monte-carlo with control", "separation of variables"]
    assert abs(p - q) < ERRORS * np.hypot(every[0].standard_error.item(), every[1].standard_error.item())
    assert every[0].standard_error.item() < 1e-4  # the twin of this law is the law itself


def test_adoption_without_noise_solves_its_equation() -> None:
    law = sx.Bass(innovation=0.02, imitation=0.45, reached=0.08, sigma=0.0)
    path = 0.08 * np.exp(law.simulate(np.zeros(1), np.zeros((10, 1)))[:, 0])
    solved = integrate.solve_ivp(
        lambda t, f: (0.02 + 0.45 * f) * (1 - f),
        (0, 10),
        [0.08],
        t_eval=np.arange(1, 11),
        rtol=1e-11,
        atol=1e-13,
    )
    np.testing.assert_allclose(path, solved.y[0], rtol=1e-9)


def test_counts_have_the_law_of_a_gamma_mean_and_poisson_counts() -> None:
    """The first year is Poisson around a gamma mean; the second too, around what the first one taught."""
    law = sx.NegativeBinomial(drift=0.1, memory=0.7, mean=6.0, size=9.0)
    rng = np.random.default_rng(11)
    size, rate = 0.7 * 9.0, 0.7 * 9.0 / (6.0 * np.exp(0.1))
    first = rng.poisson(rng.gamma(size, 1 / rate, DRAWS))
    second = rng.poisson(rng.gamma(0.7 * (size + first), np.exp(0.1) / (0.7 * (rate + 1))))
    walked = law.simulate(np.zeros(DRAWS), rng.standard_normal((2, DRAWS)))
    for a, b in product((2, 6, 12), repeat=2):
        p = ((first <= a) & (second <= b)).mean()
        q = ((walked[0] <= a) & (walked[1] <= b)).mean()
        assert abs(p - q) < ERRORS * np.sqrt((p * (1 - p) + q * (1 - q)) / DRAWS)
    assert walked.mean(axis=1) == pytest.approx([6.0 * np.exp(0.1), 6.0 * np.exp(0.2)], rel=0.02)


def test_likelihoods_are_densities() -> None:
    """exp(loglik) of one year integrates to one, or sums to one for counts."""
    start = np.log(np.array([10.0]))
    laws = [TAILS, RISKY, CYCLE, sx.Logistic(ceiling=40.0, drift=0.2, sigma=0.1)]
    laws.append(sx.Bass(innovation=0.02, imitation=0.4, reached=0.2, sigma=0.3))
    bounds = [
        (-300.0, 300.0),
        (-3.0, 2.0),
        (-2.0, 2.0),
        (-2.0, np.log(4.0) - 1e-12),
        (1e-9, np.log(5.0) - 1e-9),
    ]
    for law, (low, high) in zip(laws, bounds, strict=True):
        area = integrate.quad(
            lambda z, law=law: float(np.exp(law.loglik(start, start[None] + z))[0]),
            low,
            high,
            points=[0.0, 0.08, 0.3] if low < 0 else [0.1, 0.4],
            limit=500,
            epsabs=1e-9,
        )[0]
        assert area == pytest.approx(1.0, abs=2e-6), type(law).__name__
    counts = np.arange(400.0)[None]
    law = sx.NegativeBinomial(drift=0.1, memory=0.7, mean=6.0, size=9.0)
    assert np.exp(law.loglik(np.zeros(400), counts)).sum() == pytest.approx(1.0, abs=1e-9)


def test_processes_of_different_kinds_move_together() -> None:
    """Correlated with a random walk, jumps keep their law: within 4 errors of the closed form."""
    grown = [
        sx.Grown(name=name, carrier=sx.Log(), law=law, last_value=10.0, last_year=2012)
        for name, law in (("a", sx.RandomWalk(drift=0.0, sigma=0.1)), ("y", RISKY))
    ]
    model = sx.GrowthModel(
        indicators=tuple(grown), last_year=2012, correlation=np.array([[1.0, 0.8], [0.8, 1.0]])
    )
    paths = sx.simulate(model, horizon=3, draws=DRAWS, rng=3).squeeze("scenario")
    p = float(RISKY.one_year(3, 0.0).at_most(0.0))
    change = np.log(paths.y.sel(year=2015).to_numpy() / 10.0)
    assert abs((change <= 0.0).mean() - p) < ERRORS * np.sqrt(p * (1 - p) / DRAWS)
    assert stats.spearmanr(change, paths.a.sel(year=2015).to_numpy()).statistic > 0.6
