"""The family of growth processes against textbooks, dense linear algebra, slow loops and simulation."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import xarray as xr
from scipy import integrate, stats

import sxsim as sx
from sxsim.fitting.evaluate import evaluate
from sxsim.fitting.family import cell_posterior
from sxsim.fitting.grid import (
    DISCOUNTS,
    DRIFTS,
    EXPONENTS,
    SHAPES,
    SPREADS,
    STRENGTH,
    WIDTHS,
    Grid,
    operators,
)
from sxsim.fitting.learned import LearnedPrior, level_table
from sxsim.processes import Kernels, Shape

SIGMAS = 4.0
HORIZON = 6
GAPS = [(1,) * 11, (1, 2, 1, 1, 3, 1, 1), (1,), (4,), (2,) * 5]
CELLS = np.array(
    [
        (0, 0, 1, 2, 1, 0),  # random walk
        (0, 3, 0, 1, 0, 1),  # growth that lasts
        (0, 11, 2, 3, 2, 0),  # noise around a level
        (0, 13, 1, 0, 1, 1),  # local trend with noise
        (0, 17, 1, 4, 2, 0),  # returning level
        (0, 19, 0, 5, 1, 1),  # returning level with growth
    ]
)


def known(shape: Shape, count: int, width: float = 0.0) -> tuple[Kernels, np.ndarray]:
    """One kernel after ``count`` yearly changes, and what takes the changes to its state; dense algebra."""
    back = np.arange(count - 1.0, -1.0, -1.0)
    basis = np.stack([shape.phi**back, shape.rho**back, np.ones(count)])
    gain = np.linalg.solve(shape.covariance(count) + width**2, basis.T).T
    explained = (gain @ basis.T)[None]
    return Kernels(
        shapes=(shape,), widths=np.array([width]), pair=np.zeros(1, int), explained=explained
    ), gain


@pytest.mark.parametrize("phi", [0.3, 0.75, 0.97])
def test_growth_that_lasts_is_the_autoregression_of_the_textbook(phi: float) -> None:
    """Given the last growth x: mean ``s_h x``, covariance ``sum c_(h-j) c_(k-j)``."""
    shape = Shape(white=0.0, growth=1.0, phi=phi)
    kernels, gain = known(shape, 40)
    past = np.random.default_rng(1).normal(size=40)
    steps = np.arange(1, HORIZON + 1)
    sums = phi * (1 - phi**steps) / (1 - phi)
    np.testing.assert_allclose(shape.loads(0.0, HORIZON) @ gain @ past, sums * past[-1], rtol=1e-6)
    c = (1 - phi**steps) / (1 - phi)
    lower = np.array([[c[h - j] if j <= h else 0.0 for j in range(HORIZON)] for h in range(HORIZON)])
    np.testing.assert_allclose(kernels.covariances(np.array([0]), HORIZON)[0], lower @ lower.T, rtol=1e-7)


@pytest.mark.parametrize("noise", [0.25, 1.0, 4.0])
def test_noise_around_a_level_is_simple_exponential_smoothing(noise: float) -> None:
    shape = Shape(noise=noise)
    ratio = 1.0 / noise
    alpha = (np.sqrt(ratio**2 + 4 * ratio) - ratio) / 2
    levels = np.random.default_rng(2).normal(size=161).cumsum()
    smoothed = levels[0]
    for level in levels[1:]:
        smoothed += alpha * (level - smoothed)
    kernels, gain = known(shape, 160)
    forecast = levels[-1] + shape.loads(0.0, HORIZON) @ gain @ np.diff(levels)
    np.testing.assert_allclose(forecast, smoothed, rtol=0, atol=1e-8)
    variance = 1 + alpha**2 * np.arange(HORIZON)
    np.testing.assert_allclose(kernels.variances(HORIZON)[0], variance, rtol=1e-8)


@pytest.mark.parametrize("shape", [SHAPES[13], Shape(white=0.5, growth=0.5, phi=0.75)])
def test_a_local_trend_is_the_damped_trend_of_the_textbook(shape: Shape) -> None:
    """ETS(A,Ad,N): covariance by ``c_j = alpha + beta (phi + ... + phi^j)``, the same for all years ahead."""
    covariance = known(shape, 180)[0].covariances(np.array([0]), HORIZON)[0]
    phi, first, second = shape.phi, covariance[0, 1], covariance[0, 2]
    beta = (second - first) / phi**2
    alpha = first - beta * phi
    assert 0 < alpha < 1 + 1e-6
    assert beta > 0
    c = np.array([1.0, *(alpha + beta * np.cumsum(phi ** np.arange(1, HORIZON)))])
    lower = np.array([[c[h - j] if j <= h else 0.0 for j in range(HORIZON)] for h in range(HORIZON)])
    np.testing.assert_allclose(covariance, lower @ lower.T, rtol=1e-6)


def dense(cell: np.ndarray, gaps: tuple[int, ...]) -> dict[str, np.ndarray]:
    """Observed levels and what is to be predicted, from the Gaussian of all years, missing ones dropped."""
    years, shape, width = sum(gaps), SHAPES[cell[1]], WIDTHS[cell[2]]
    yearly = shape.covariance(years + HORIZON) + width**2
    level = yearly.cumsum(axis=0).cumsum(axis=1)
    seen = np.cumsum(gaps) - 1
    to_last = np.eye(years + HORIZON)[years:] - np.eye(years + HORIZON)[years - 1]
    past, future = level[np.ix_(seen, seen)], to_last @ level @ to_last.T
    weights = np.linalg.solve(past, (to_last @ level)[:, seen].T).T
    drift = width**2 * (seen + 1.0)
    ahead = np.arange(1.0, HORIZON + 1)
    return {
        "past": past,
        "weights": weights,
        "covariance": future - weights @ (to_last @ level)[:, seen].T,
        "with_drift": width**2 * ahead - weights @ drift,
        "drift": width**2 - drift @ np.linalg.solve(past, drift),
    }


def one_cell(cell: np.ndarray) -> LearnedPrior:
    grid = Grid(rows=cell[None])
    return LearnedPrior(grid=grid, theta=np.zeros((len(level_table(grid)), 18)), eta=0.5, source="")


def history(gaps: tuple[int, ...], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Figures ``gaps`` years apart: the levels seen, less the last, and the same with the years between."""
    rng = np.random.default_rng(seed)
    logs = np.concatenate([[0.0], rng.normal(0.05, 0.1, len(gaps)).cumsum()])
    logs -= logs[-1]
    whole = np.full(sum(gaps) + 1, np.nan)
    whole[np.concatenate([[0], np.cumsum(gaps)])] = logs
    return logs, whole


@pytest.mark.parametrize("gaps", GAPS, ids=str)
@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: SHAPES[cell[1]].kind())
def test_one_cell_is_a_dense_gaussian_with_missing_years_integrated_out(
    cell: np.ndarray, gaps: tuple[int, ...]
) -> None:
    grid, full, m = Grid(rows=cell[None]), dense(cell, gaps), len(gaps)
    logs, whole = history(gaps)
    ops = operators(grid, gaps)
    errors = ops.whiten[0, :m] @ np.diff(logs) - DRIFTS[cell[3]] * ops.drift[0, :m]
    centred = logs[1:] - logs[0] - DRIFTS[cell[3]] * np.cumsum(gaps)
    np.testing.assert_allclose(errors, np.linalg.solve(np.linalg.cholesky(full["past"]), centred), rtol=1e-6)
    assert ops.logdet[0] == pytest.approx(0.5 * np.linalg.slogdet(full["past"])[1], abs=1e-7)
    law = cell_posterior(whole[None], one_cell(cell))
    joint = law.mixture(HORIZON)
    expected = full["weights"] @ centred + DRIFTS[cell[3]] * np.arange(1, HORIZON + 1)
    np.testing.assert_allclose(joint.locations[0], expected, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(
        law.kernels.covariances(np.array([0]), HORIZON)[0], full["covariance"], rtol=1e-6
    )
    variances = np.diagonal(full["covariance"])
    np.testing.assert_allclose(law.kernels.variances(HORIZON)[0], variances, rtol=1e-6)
    column = full["with_drift"] / np.sqrt(full["drift"])
    np.testing.assert_allclose(joint.factors[0, :, 0], column, rtol=1e-5)
    for step in range(1, HORIZON + 1):
        share = float(law.drift_share(step)[0, 0])
        assert share == pytest.approx(column[step - 1] ** 2 / variances[step - 1], rel=1e-5)


def slow(row: np.ndarray, logs: np.ndarray, gaps: tuple[int, ...]) -> tuple[float, float, float]:
    """Log density of the changes, then shape and rate, of one cell; year by year in plain words."""
    exponent, drift, discount = EXPONENTS[row[0]], DRIFTS[row[3]], DISCOUNTS[row[5]]
    u = np.exp(logs)
    values = logs if exponent == 0 else (u**exponent - 1) / exponent
    past = dense(row, gaps)["past"]
    lower = np.linalg.cholesky(past)
    errors = np.linalg.solve(lower, values[1:] - values[0] - drift * np.cumsum(gaps))
    a = a0 = STRENGTH
    b = b0 = STRENGTH * SPREADS[row[4]] ** 2
    total = exponent * logs[1:].sum() - np.log(np.diagonal(lower)).sum()
    for e in errors:
        total += stats.t.logpdf(e, 2 * a, scale=np.sqrt(b / a))
        a = discount * (a + 0.5) + (1 - discount) * a0
        b = discount * (b + e**2 / 2) + (1 - discount) * b0
    return float(total), a, b


@pytest.mark.parametrize("gaps", [(1,) * 11, (1, 2, 1, 1, 3, 1, 1)], ids=str)
def test_every_learned_cell_has_the_likelihood_of_a_slow_loop(gaps: tuple[int, ...]) -> None:
    grid = Grid(rows=sx.learned_prior().grid.rows[::3])
    logs = history(gaps, seed=5)[0]
    found = evaluate(grid, operators(grid, gaps), logs[None])
    expected = np.array([slow(row, logs, gaps) for row in grid.rows])
    np.testing.assert_allclose(found.loglik[0], expected[:, 0], rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(found.shape, expected[:, 1], rtol=1e-12)
    np.testing.assert_allclose(found.rate[0], expected[:, 2], rtol=1e-4)


@pytest.mark.parametrize("start", [-0.4, 0.0, 0.3])
@pytest.mark.parametrize("exponent", [0, 1, 2])
def test_the_density_of_a_log_change_integrates_to_one(exponent: int, start: float) -> None:
    """In units that are given, one change after a figure; less what the transform puts beyond zero."""
    row = np.array((exponent, 0, 1, 3, 2, 0))
    grid, power = Grid(rows=row[None]), EXPONENTS[exponent]
    ops = operators(grid, (1,))
    at = np.linspace(-30, 8, 400_001)
    logs = np.stack([np.full_like(at, start), start + at], axis=1)
    density = np.exp(evaluate(grid, ops, logs).loglik[:, 0].astype(float))
    mass = integrate.simpson(density, x=at)
    beyond = 0.0
    if power:
        first = np.expm1(power * start) / power
        scale = SPREADS[2] * np.exp(ops.logdet[0])
        beyond = stats.t.cdf((-1 / power - first - DRIFTS[3]) / scale, 2 * STRENGTH)
        assert beyond < 0.01
    assert mass == pytest.approx(1.0 - beyond, abs=2e-4)


@cache
def four() -> sx.GrowthModel:
    rng = np.random.default_rng(31)
    mix = np.linalg.cholesky(0.5 * np.eye(4) + 0.5)
    moves = rng.standard_normal((13, 4)) @ mix.T * [0.05, 0.1, 0.15, 0.08] + [0.08, 0.04, 0.1, 0.0]
    values = np.exp(np.concatenate([np.zeros((1, 4)), moves]).cumsum(axis=0))
    table = {name: ("year", 10 * values[:, i]) for i, name in enumerate("abcd")}
    data = xr.Dataset(table, coords={"year": np.arange(1999, 2013)})
    data["c"][-2:] = np.nan
    data["d"][4] = np.nan
    return sx.fit(data, prior=sx.learned_prior())


def wanted(name: str, factor: float, years: tuple[int, ...]) -> sx.Target:
    level = sx.Number(value=factor * float(np.asarray(four()[name].last_value).squeeze()))
    condition = sx.Condition(indicator=name, relation=sx.Relation.AT_LEAST, level=level, years=years)
    return sx.Target(id=f"{name}{len(years)}", label=name, condition=condition)


SINGLE = (("a", 1.4), ("b", 1.3), ("c", 1.8), ("d", 1.1))


def test_simulated_paths_agree_with_the_forecast() -> None:
    model, draws = four(), 100_000
    levels = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    fan = sx.forecast(model, horizon=6, quantiles=levels)
    paths = sx.simulate(model, horizon=6, draws=draws, rng=3)
    error = np.sqrt(levels * (1 - levels) / draws)
    for name in model.names:
        for year in fan.year.to_numpy():
            drawn = paths[name].sel(year=year).to_numpy().squeeze()
            below = (drawn <= fan[name].sel(year=year).to_numpy()[:, None]).mean(axis=1)
            assert (np.abs(below - levels) / error).max() < SIGMAS, (name, year)


@cache
def odds(kind: str) -> xr.Dataset:
    methods = {"exact": None, "sobol": sx.Sobol(), "counted": sx.MonteCarlo(draws=200_000)}
    targets = [wanted(name, factor, (2017,)) for name, factor in SINGLE]
    return sx.attainment(four(), targets, method=methods[kind], rng=8).squeeze("scenario")


@pytest.mark.parametrize("kind", ["sobol", "counted"])
def test_routes_agree(kind: str) -> None:
    best, other = odds("exact"), odds(kind)
    z = np.abs(best.probability - other.probability) / other.standard_error
    assert float(z.max()) < SIGMAS
    error = np.hypot(best.joint_standard_error, other.joint_standard_error)
    assert abs(float(best.joint - other.joint)) < SIGMAS * float(error)


def test_conditions_in_every_year_agree_with_counting() -> None:
    targets = [wanted("a", 1.05, (2014, 2015, 2017)), wanted("c", 1.1, (2013, 2016))]
    quick, counted = (
        sx.attainment(four(), targets, method=method, rng=2)
        for method in (None, sx.MonteCarlo(draws=200_000))
    )
    for value, error in (("probability", "standard_error"), ("joint", "joint_standard_error")):
        z = np.abs(quick[value] - counted[value]) / np.hypot(quick[error], counted[error])
        assert float(z.max()) < SIGMAS


@pytest.mark.parametrize("kind", ["exact", "sobol", "counted"])
def test_the_split_adds_up_and_the_model_has_a_part(kind: str) -> None:
    result = odds(kind)
    p = result.probability
    parts = result.variance_shock + result.variance_parameter + result.variance_model
    np.testing.assert_allclose(parts, p * (1 - p), rtol=0, atol=1e-12)
    assert (result.variance_model > 0).all()
    for name in ("variance_model", "variance_parameter"):
        assert float(np.abs(result[name] - odds("exact")[name]).max()) < 0.005
