"""Correlation that is not known: its posterior covers, and every route averages over it alike."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import xarray as xr
from scipy import linalg, stats

import sxsim as sx
from sxsim.analysis.integrals.orthant import orthant
from sxsim.fitting import dependence
from sxsim.fitting.dependence import correlation_draws
from sxsim.fitting.factorised import Belief, drawn, factors
from sxsim.fitting.unequal import layout_of

SIGMAS = 4.0
RARE, LIKELY = 1.4, -0.9


def test_two_indicators_over_three_years_are_a_matrix_t_law() -> None:
    """Normal-inverse-Wishart, drift and covariance unknown: P(both stay above a line for three years).

    Ours: covariances by regressions, the six normal conditions in order over random points. Theirs: scipy's
    inverse Wishart, drift and years simulated and counted. They agree within 4 errors of both.
    """
    rng = np.random.default_rng(0)
    years, worth, strength, common = 9, 4.0, 6.0, 0.3
    growth = 0.05 + 0.08 * rng.standard_normal((years, 2)) @ np.linalg.cholesky([[1, 0.5], [0.5, 1]]).T
    prior = Belief(strength=np.array([strength]), common=np.array([common]))
    pseudo = prior.products(2)[0] * 0.08**2
    mean, left = growth.mean(axis=0), linalg.helmert(years) @ growth  # eight rows free of the mean
    total = worth + years
    drift = (worth * 0.03 + years * mean) / total
    extra = np.sqrt(worth * years / total) * (mean - 0.03)
    table = np.vstack([left, extra]) / 0.08
    line = np.array([0.02, 0.06, 0.12])

    layout = layout_of(np.ones(table.shape, bool))
    steps = np.arange(1.0, 4.0)
    over_years = np.minimum(steps[:, None], steps) + np.outer(steps, steps) / total
    values, count = [], 2048
    beliefs = prior.take(np.zeros(count, int))
    for replicate in range(16):
        generator = np.random.default_rng(replicate)
        lower = 0.08 * factors(table[None], layout, beliefs, drawn(layout, beliefs, generator))
        sigma = lower @ lower.transpose(0, 2, 1)
        covariance = np.einsum("st,cij->csitj", over_years, sigma).reshape(count, 6, 6)
        centre = (steps[:, None] * drift - line[:, None]).ravel()
        points = generator.random((5, count))
        values.append(orthant(centre[:, None], np.moveaxis(covariance, 0, -1), points).mean())
    ours, error = np.mean(values), np.std(values, ddof=1) / 4.0

    count = 200_000
    law = stats.invwishart(strength + 3 + years, pseudo + 0.08**2 * table.T @ table)
    sigma = law.rvs(count, random_state=1)
    lower = np.linalg.cholesky(sigma)
    drifts = drift + (lower @ rng.standard_normal((count, 2, 1)))[:, :, 0] / np.sqrt(total)
    shocks = np.einsum("cij,ctj->cti", lower, rng.standard_normal((count, 3, 2)))
    paths = (drifts[:, None] + shocks).cumsum(axis=1)
    theirs = (paths >= line[:, None]).all(axis=(1, 2)).mean()
    assert abs(ours - theirs) < SIGMAS * np.hypot(error, np.sqrt(theirs * (1 - theirs) / count))
    assert 0.05 < ours < 0.95


def simulated_table(
    rng: np.random.Generator, columns: int, rows: int, kind: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw a belief, a correlation from it, and a table with the gaps of its kind."""
    beliefs, log_prior = dependence._beliefs(columns)
    pick = rng.choice(len(log_prior), p=np.exp(log_prior) / np.exp(log_prior).sum())
    belief = beliefs.take(np.array([pick]))
    degrees = float(belief.strength[0]) + columns + 1
    sigma = stats.invwishart(degrees, belief.products(columns)[0]).rvs(random_state=rng)
    table = rng.standard_normal((rows, columns)) @ np.linalg.cholesky(sigma).T
    for column in range(1, columns):
        table[: rng.integers(0, rows - 3), column] = np.nan
    if kind:
        table[rng.random(table.shape) < 0.2] = np.nan
    size = np.sqrt(np.diag(sigma))
    return table, sigma / np.outer(size, size)


@pytest.mark.parametrize("kind", [0, 1], ids=["unequal starts", "holes as well"])
def test_the_posterior_covers_as_often_as_it_says(kind: int) -> None:
    """Truths from the prior: between the 13th and the 116th of 128 draws in 103 of 129 cases.

    200 tables; the share is binomial, and every truth's rank is uniform (Talts et al. 2018).
    """
    rng, tables = np.random.default_rng(11 + kind), 200
    inside, below = 0, 0
    for number in range(tables):
        table, truth = simulated_table(rng, (2, 3, 5)[number % 3], (8, 12, 20)[number // 3 % 3], kind)
        draws = np.sort(correlation_draws(table, label=str(number))[:, 0, 1])
        inside += bool(draws[12] < truth[0, 1] < draws[115])
        below += bool(truth[0, 1] < draws[63])
    for count, share in ((inside, 103 / 129), (below, 64 / 129)):
        assert abs(count / tables - share) < SIGMAS * np.sqrt(share * (1 - share) / tables)


def pair(level: tuple[float, float], draws: np.ndarray) -> tuple[sx.GrowthModel, list[sx.Target]]:
    """Two random walks known but for their correlation, and two targets that many sigmas above the median."""
    names = ("a", "b")
    grown = tuple(
        sx.Grown(
            name=name,
            carrier=sx.Log(),
            law=sx.RandomWalk(drift=0.0, sigma=0.1),
            last_value=1.0,
            last_year=2012,
        )
        for name in names
    )
    model = sx.GrowthModel(indicators=grown, last_year=2012, dependence=sx.Dependence(draws=draws))
    targets = []
    for name, z in zip(names, level, strict=True):
        goal = sx.Number(value=float(np.exp(0.1 * z)))
        condition = sx.Condition(indicator=name, relation=sx.Relation.AT_LEAST, level=goal, years=(2013,))
        targets.append(sx.Target(id=name, label=name, condition=condition))
    return model, targets


@cache
def doubtful() -> np.ndarray:
    """Return what eleven common years leave of one correlation."""
    rng = np.random.default_rng(4)
    return correlation_draws(rng.standard_normal((11, 2)) @ np.linalg.cholesky([[1, 0.4], [0.4, 1]]).T)


def both(level: tuple[float, float], correlation: float) -> float:
    """P(both above their levels) by scipy."""
    law = stats.multivariate_normal(cov=[[1.0, correlation], [correlation, 1.0]])
    return float(law.cdf([-level[0], -level[1]]))


@pytest.mark.parametrize("level", [(RARE, RARE), (RARE, LIKELY), (LIKELY, LIKELY)])
def test_the_joint_is_the_average_over_the_correlation(level: tuple[float, float]) -> None:
    draws = doubtful()
    expected = np.mean([both(level, r) for r in draws[:, 0, 1]])
    model, targets = pair(level, draws)
    for method in (sx.Sobol(points=2048), sx.MonteCarlo(draws=400_000)):
        odds = sx.attainment(model, targets, method=method, rng=3).squeeze()
        assert abs(float(odds.joint) - expected) < SIGMAS * float(odds.joint_standard_error)
    assert float(odds.joint_standard_error) < 1e-3


def test_two_rare_targets_come_together_more_often_when_the_correlation_is_in_doubt() -> None:
    """Both far above the median: the joint is convex in the correlation, so that doubt raises it (Jensen).

    By Plackett's identity its slope is the bivariate density at the two levels, which rises with the
    correlation there.
    """
    draws = doubtful()
    mean = float(draws[:, 0, 1].mean())
    model, targets = pair((RARE, RARE), draws)
    odds = sx.attainment(model, targets, rng=0).squeeze()
    plugged = both((RARE, RARE), mean)
    assert float(odds.joint) - plugged > 10 * float(odds.joint_standard_error)
    assert float(odds.joint) > 1.05 * plugged


def test_doubt_about_the_correlation_counts_as_parameter() -> None:
    """P(a >= b) given the correlation is a normal tail; its variance over the draws is the parameter part."""
    draws = np.stack([np.array([[1.0, r], [r, 1.0]]) for r in (-0.8, 0.2, 0.9, 0.9)])
    model, _ = pair((0.0, 0.0), draws)
    b = sx.Grown(
        name="b", carrier=sx.Log(), law=sx.RandomWalk(drift=0.1, sigma=0.1), last_value=1.0, last_year=2012
    )
    model = sx.GrowthModel(indicators=(model["a"], b), last_year=2012, dependence=model.dependence)
    condition = sx.Condition(
        indicator="a", relation=sx.Relation.AT_LEAST, level=sx.Benchmark(indicator="b"), years=(2013,)
    )
    target = sx.Target(id="T", label="T", condition=condition)
    given = stats.norm.cdf(-1.0 / np.sqrt(2.0 - 2.0 * draws[:, 0, 1]))
    count = 400_000
    # the covariance of two hits has at most the error of a proportion; quasi-random points are far better
    for method, band in (
        (sx.Sobol(points=2048), 1e-5),
        (sx.MonteCarlo(draws=count), SIGMAS / np.sqrt(count)),
    ):
        odds = sx.attainment(model, target, method=method, rng=2).squeeze()
        error = float(odds.standard_error) + 1e-12
        assert abs(float(odds.probability) - given.mean()) < SIGMAS * error
        assert abs(float(odds.variance_parameter) - given.var()) < band < given.var() / 2
        assert float(odds.variance_model) == 0.0


@cache
def shanxi() -> tuple[sx.GrowthModel, list[sx.Target], tuple[sx.Scenario, ...]]:
    plan = sx.load_plan("shanxi-2014")
    return sx.fit(plan.history, until=2012), [plan.target(i) for i in ("H1", "H2", "H3")], plan.scenarios[:2]


def test_the_joint_of_the_headline_targets_is_the_same_by_both_routes() -> None:
    model, targets, scenarios = shanxi()
    fine = sx.attainment(model, targets, scenarios=scenarios, method=sx.Sobol(points=4096), rng=1)
    counted = sx.attainment(model, targets, scenarios=scenarios, method=sx.MonteCarlo(draws=10**6), rng=1)
    error = np.hypot(fine.joint_standard_error, counted.joint_standard_error)
    assert float((np.abs(fine.joint - counted.joint) / error).max()) < SIGMAS
    assert float((fine.joint_standard_error / fine.joint).max()) < 2e-3


def test_a_fit_finds_the_correlation_of_the_shocks() -> None:
    """Two amounts in 200 provinces over 12 years, shocks correlated by 0.6.

    The error of a correlation of 2000 rows is 0.64 / sqrt(2000); whitening, itself uncertain, may hide a
    tenth, and makes none.
    """
    rng = np.random.default_rng(0)
    growth = 0.05 + 0.1 * rng.standard_normal((200, 12, 2)) @ np.linalg.cholesky([[1, 0.6], [0.6, 1]]).T
    levels = np.exp(growth.cumsum(axis=1))
    table = xr.Dataset(
        {name: (("province", "year"), levels[:, :, i]) for i, name in enumerate("ab")},
        coords={"year": np.arange(2001, 2013)},
    )
    error = SIGMAS * 0.64 / np.sqrt(2000)
    assert 0.9 * 0.6 - error < sx.fit(table).correlation[0, 1] < 0.6 + error


def test_the_correlation_of_a_fit_is_in_doubt() -> None:
    model, _, _ = shanxi()
    off = model.dependence.draws[:, *np.triu_indices(len(model.names), 1)]
    assert off.std(axis=0).min() > 0.15
    np.testing.assert_array_equal(model.correlation, model.dependence.draws.mean(axis=0))
