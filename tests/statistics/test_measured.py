"""Figures with errors against dense algebra, quadrature over sigma, and simulation from the model itself."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from sxsim.fitting import measured_fit
from sxsim.fitting.evaluate import evaluate
from sxsim.fitting.grid import Grid, operators
from sxsim.fitting.learned import learned_prior
from sxsim.fitting.measured import Figures, Settings, weigh
from sxsim.fitting.measured_fit import Fitted, stacked
from sxsim.fitting.reading import Measured
from sxsim.fitting.walk import Prior
from sxsim.processes import Shape

SHAPES = (
    Shape(),
    Shape(white=0.5, growth=0.5, phi=0.75),
    Shape(white=0.3, noise=1.0, rho=0.85),
    Shape(noise=1.0),
    Shape(white=0.7, growth=0.3, phi=0.93, noise=0.5),
)
WIDTH, DRIFT, STRENGTH, SPREAD, HORIZON = 0.4, 0.03, 1.5, 0.06, 6


def cell(shape, *, discount=1.0):
    one = np.ones(1)
    return Settings(
        shapes=(shape,),
        widths=WIDTH * one,
        pair=np.zeros(1, np.int64),
        exponent=0.0 * one,
        drift=DRIFT * one,
        strength=STRENGTH * one,
        rate=STRENGTH * SPREAD**2 * one,
        discount=discount * one,
    )


def history(seed=0, figures=11, gap=True, **more):
    """Levels with a gap of two years, and whatever errors are asked for."""
    rng = np.random.default_rng(seed)
    years = np.delete(np.arange(figures + 1), 4) if gap else np.arange(figures)
    logs = rng.normal(0.05, 0.08, years.max() + 1).cumsum()[years]
    logs = logs + rng.normal(size=len(years)) * more.get("noise", np.zeros(len(years)))
    errors = {"noise": np.zeros(len(years)), "steps": np.zeros(len(years) - 1)} | more
    return years, Figures(logs=logs - logs[-1], gaps=np.diff(years), **errors)


def law_of(cells, figures, *, lead=0, release_sd=0.0):
    weighed = weigh(cells, figures)
    nothing = np.zeros((1, 1))
    partial = (0.0, 1.0) if lead else None
    errors = Measured(noise=nothing, steps=nothing, partial=partial, release_sd=release_sd)
    return stacked([Fitted(cells=cells, weighed=weighed, weight=np.ones(1), offset=0.0)], errors)


def dense(shape, years, figures, sigma, release_sd=0.0):
    """Mean and covariance of the levels ahead given the figures, and the log density of their changes.

    Everything is written out: yearly changes, drift, errors and shifts are one Gaussian vector, figures and
    future levels are rows of zeros and ones over it.
    """
    last, count = int(years.max()), len(years)
    ahead = last + HORIZON
    shifts = np.flatnonzero(figures.steps)
    size = ahead + 1 + count + len(shifts) + 1 + HORIZON
    prior = np.zeros((size, size))
    prior[:ahead, :ahead] = sigma**2 * shape.covariance(ahead)
    prior[ahead, ahead] = (sigma * WIDTH) ** 2
    place = ahead + 1
    prior[range(place, place + count), range(place, place + count)] = figures.noise**2
    place += count
    tail = [*(figures.steps[shifts] ** 2), figures.after**2, *([release_sd**2] * HORIZON)]
    prior[range(place, size), range(place, size)] = tail
    rows = np.zeros((count + HORIZON, size))
    for row, year in enumerate([*years, *range(last + 1, ahead + 1)]):
        rows[row, :year] = 1.0
        rows[row, ahead] = year
        if row < count:
            rows[row, ahead + 1 + row] = 1.0
        rows[row, ahead + 1 + count + np.flatnonzero(shifts < row)] = 1.0
        if row >= count:
            rows[row, ahead + 1 + count + len(shifts)] = 1.0
            rows[row, ahead + 2 + count + len(shifts) + row - count] = 1.0
    seen = rows[1:count] - rows[: count - 1]
    future = rows[count:] - rows[count - 1]
    observed = seen @ prior @ seen.T
    gain = future @ prior @ seen.T @ np.linalg.inv(observed)
    rest = np.diff(figures.logs) - DRIFT * np.diff(years)
    mean = gain @ rest + DRIFT * np.arange(1.0, HORIZON + 1)
    covariance = future @ prior @ future.T - gain @ seen @ prior @ future.T
    # levels ahead count from the printed figure, whose own error is not in the future
    sign, logdet = np.linalg.slogdet(observed)
    assert sign > 0
    misfit = rest @ np.linalg.solve(observed, rest)
    return mean, covariance, -0.5 * (logdet + misfit + len(rest) * np.log(2 * np.pi))


def by_quadrature(shape, years, figures, release_sd=0.0):
    """Mixture over a fine grid of sigma: weights, means and spreads of every year, and the evidence."""
    logs = np.linspace(np.log(SPREAD) - 3.0, np.log(SPREAD) + 5.0, 161)
    solved = [dense(shape, years, figures, float(np.exp(u)), release_sd) for u in logs]
    rate = STRENGTH * SPREAD**2
    prior = np.log(2.0) + STRENGTH * np.log(rate) - special.gammaln(STRENGTH)
    prior = prior - 2.0 * STRENGTH * logs - rate * np.exp(-2.0 * logs)
    weight = np.array([s[2] for s in solved]) + prior
    evidence = special.logsumexp(weight) + np.log(logs[1] - logs[0])
    weight = np.exp(weight - special.logsumexp(weight))
    means = np.stack([s[0] for s in solved])
    spreads = np.sqrt(np.stack([np.diag(s[1]) for s in solved]))
    return weight, means, spreads, evidence


LEVEL = np.linspace(-0.6, 1.2, 13)
CASES = {
    "errors in every year": {"noise": np.full(11, 0.05)},
    "errors larger than the changes": {"noise": np.full(11, 0.2)},
    "an error of the last figure": {"noise": np.append(np.zeros(10), 0.1)},
    "a break": {"steps": np.where(np.arange(10) == 6, 0.3, 0.0)},
    "a break after the last figure": {"after": 0.15},
    "all of it": {
        "noise": np.where(np.arange(11) < 5, 0.06, 0.01),
        "steps": np.where(np.arange(10) == 7, 0.2, 0.0),
        "after": 0.05,
    },
}


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.kind())
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_cells_equal_dense_algebra_and_quadrature_over_sigma(shape, case, monkeypatch):
    """Points of sigma a quarter apart in the logarithm leave less than 2e-4 in probability."""
    monkeypatch.setattr(measured_fit, "_CUTS", np.linspace(0.0005, 0.9995, 2000))
    monkeypatch.setattr(measured_fit, "_LIGHTEST", 0.0)
    years, figures = history(**case)
    weight, means, spreads, evidence = by_quadrature(shape, years, figures)
    law = law_of(cell(shape), figures)
    assert weigh(cell(shape), figures).loglik[0] == pytest.approx(evidence, abs=1e-3)
    for step in (1, 3, HORIZON):
        expected = special.ndtr((LEVEL[:, None] - means[:, step - 1]) / spreads[:, step - 1]) @ weight
        found = [law.marginal(step).at_most(np.array([level]))[0] for level in LEVEL]
        np.testing.assert_allclose(found, expected, atol=2e-4)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_five_groups_of_sigma_are_enough(case):
    """The groups keep mean and covariance; what is left of the tails is below 0.004 in probability."""
    years, figures = history(seed=3, **case)
    for shape in SHAPES:
        weight, means, spreads, _ = by_quadrature(shape, years, figures)
        law = law_of(cell(shape), figures)
        for step in (1, HORIZON):
            expected = special.ndtr((LEVEL[:, None] - means[:, step - 1]) / spreads[:, step - 1]) @ weight
            found = [law.marginal(step).at_most(np.array([level]))[0] for level in LEVEL]
            np.testing.assert_allclose(found, expected, atol=4e-3)


def test_first_releases_scatter_around_the_level(monkeypatch):
    monkeypatch.setattr(measured_fit, "_CUTS", np.linspace(0.0005, 0.9995, 2000))
    years, figures = history(noise=np.full(11, 0.03))
    weight, means, spreads, _ = by_quadrature(SHAPES[1], years, figures, release_sd=0.03)
    law = law_of(cell(SHAPES[1]), figures, release_sd=0.03)
    for step in (1, HORIZON):
        expected = special.ndtr((LEVEL[:, None] - means[:, step - 1]) / spreads[:, step - 1]) @ weight
        found = [law.marginal(step).at_most(np.array([level]))[0] for level in LEVEL]
        np.testing.assert_allclose(found, expected, atol=2e-4)


def test_part_of_a_year_is_the_year_itself_seen_dimly(monkeypatch):
    """A dim figure of the first year ahead: the law of all years given the last full figure, conditioned."""
    monkeypatch.setattr(measured_fit, "_CUTS", np.linspace(0.0005, 0.9995, 2000))
    monkeypatch.setattr(measured_fit, "_LIGHTEST", 0.0)
    shape, spread, seen = SHAPES[4], 0.04, 0.17
    years, figures = history(gap=False)
    whole = Figures(
        logs=np.append(figures.logs, seen),
        gaps=np.append(figures.gaps, 1),
        noise=np.append(figures.noise, spread),
        steps=np.append(figures.steps, 0.0),
    )
    logs = np.linspace(np.log(SPREAD) - 3.0, np.log(SPREAD) + 5.0, 161)
    rate = STRENGTH * SPREAD**2
    means, spreads, weight = [], [], []
    for u in logs:
        mean, covariance, density = dense(shape, years, figures, float(np.exp(u)))
        total = covariance[0, 0] + spread**2
        gain = covariance[:, 0] / total
        means.append(mean + gain * (seen - mean[0]))
        spreads.append(np.sqrt(np.diag(covariance) - gain * covariance[0]))
        weight.append(density - 0.5 * (np.log(total) + (seen - mean[0]) ** 2 / total))
    weight = np.array(weight) - 2.0 * STRENGTH * logs - rate * np.exp(-2.0 * logs)
    weight = np.exp(weight - special.logsumexp(weight))
    cells = cell(shape)
    fitted = Fitted(cells=cells, weighed=weigh(cells, whole), weight=np.ones(1), offset=seen)
    nothing = np.zeros((1, 1))
    law = stacked([fitted], Measured(noise=nothing, steps=nothing, partial=(seen, spread)))
    for step in (1, 2, HORIZON):
        expected = (
            special.ndtr((LEVEL[:, None] - np.array(means)[:, step - 1]) / np.array(spreads)[:, step - 1])
            @ weight
        )
        found = [law.marginal(step).at_most(np.array([level]))[0] for level in LEVEL]
        np.testing.assert_allclose(found, expected, atol=2e-4)


@pytest.mark.parametrize("figures", [2, 6, 12, 30])
def test_without_errors_the_points_of_sigma_give_the_exact_cells(figures):
    """Single precision of the exact cells is the limit: 1e-4 of a log density, 1e-6 of a state."""
    grid = learned_prior().grid
    _, exact = history(seed=figures, figures=figures, gap=False)
    weighed = weigh(Settings.of_grid(grid), exact)
    known = evaluate(grid, operators(grid, tuple(exact.gaps.tolist())), exact.logs[None])
    np.testing.assert_allclose(weighed.loglik, known.loglik[0], atol=2e-3)
    state = np.einsum("pc,pci->ci", weighed.weight, weighed.state)
    np.testing.assert_allclose(state[:, :3].T, known.state[:, 0], atol=2e-5)
    np.testing.assert_array_equal(state[:, 3], 0.0)
    precision = (weighed.weight / weighed.sigma[:, None] ** 2).sum(axis=0)
    np.testing.assert_allclose(precision, known.shape / known.rate[0], rtol=2e-3)


def test_an_endless_error_of_one_figure_is_a_missing_year():
    """With every discount: the figure neither says anything nor lets time pass for the variance."""
    grid = learned_prior().grid
    _, whole = history(gap=False, noise=np.where(np.arange(11) == 5, 1e3, 0.0))
    years = np.delete(np.arange(11), 5)
    missing = Figures(logs=whole.logs[years], gaps=np.diff(years), noise=np.zeros(10), steps=np.zeros(9))
    plain = Grid(rows=grid.rows[grid.exponent == 0.0])
    dim, gap = weigh(Settings.of_grid(plain), whole), weigh(Settings.of_grid(plain), missing)
    rest = dim.loglik - gap.loglik
    np.testing.assert_allclose(rest, rest[0], atol=1e-3)
    for name in ("weight", "state", "explained", "strength"):
        left, right = getattr(dim, name), getattr(gap, name)
        if name != "strength":
            left, right = (np.einsum("pc,pc...->c...", w.weight, getattr(w, name)) for w in (dim, gap))
        np.testing.assert_allclose(left, right, atol=1e-3, rtol=1e-3)


def test_an_endless_break_leaves_its_change_out():
    grid = learned_prior().grid
    plain = Settings.of_grid(Grid(rows=grid.rows[grid.exponent == 0.0]))
    across = np.arange(10) == 6
    _, wide = history(steps=np.where(across, 1e3, 0.0))
    _, endless = history(steps=np.where(across, np.inf, 0.0))
    one, other = weigh(plain, wide), weigh(plain, endless)
    rest = one.loglik - other.loglik
    np.testing.assert_allclose(rest, rest[0], atol=1e-3)
    for name in ("state", "explained"):
        left, right = (np.einsum("pc,pc...->c...", w.weight, getattr(w, name)) for w in (one, other))
        np.testing.assert_allclose(left, right, atol=1e-3, rtol=1e-3)
    np.testing.assert_allclose(one.strength, other.strength, atol=1e-4)


def test_what_is_announced_with_a_probability_happens_that_often():
    """Histories and futures drawn from the model itself: the ranks of the truth are uniform.

    With 400 ranks the Kolmogorov distance stays below 1.63 / sqrt(400) = 0.0815 in 99 % of cases.
    """
    rng = np.random.default_rng(11)
    prior = Prior(drift=DRIFT, years=WIDTH**-2, shape=STRENGTH, spread=SPREAD)
    cells, ranks = Settings.of_walk(prior), []
    noise = np.array([0.05, 0.0, 0.05, 0.02, 0.08])
    for _ in range(400):
        sigma = np.sqrt(prior.rate / rng.gamma(STRENGTH))
        drift = DRIFT + sigma * WIDTH * rng.normal()
        levels = (drift + sigma * rng.normal(size=8)).cumsum()
        shift = np.where(np.arange(5) >= 2, 0.1 * rng.normal(), 0.0)
        printed = levels[:5] + noise * rng.normal(size=5) + shift
        figures = Figures(
            logs=printed - printed[-1],
            gaps=np.ones(4, int),
            noise=noise,
            steps=np.array([0.0, 0.1, 0.0, 0.0]),
        )
        truth = levels[7] + shift[-1] - printed[-1]
        ranks.append(law_of(cells, figures).marginal(3).at_most(np.array([truth]))[0])
    ordered = np.sort(ranks)
    grid = np.arange(1, 401) / 400
    assert max(np.abs(ordered - grid).max(), np.abs(ordered - grid + 1 / 400).max()) < 0.0815
