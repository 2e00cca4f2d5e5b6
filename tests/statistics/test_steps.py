"""Processes written as one step against the library's own, and against what is known of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest
import xarray as xr
from scipy import integrate, stats

import sxsim as sx

ERRORS = 4.0
E = np.random.default_rng(1).standard_normal((10, 500))
START = np.full(500, np.log(10.0))


@dataclass(frozen=True, kw_only=True)
class Walk(sx.PathProcess):
    drift: float
    sigma: float
    parameters: ClassVar = ()

    def step(self, state: Any, shock: Any) -> Any:
        return state + (self.drift + self.sigma * shock)


@dataclass(frozen=True, kw_only=True)
class Growth(sx.PathProcess):
    """Autoregressive growth, with the excess growth as memory."""

    drift: float
    phi: float
    sigma: float
    excess: float
    parameters: ClassVar = ()

    def begin(self, level: Any) -> Any:
        return level, np.full(level.shape, self.excess)

    def step(self, state: Any, shock: Any) -> Any:
        level, excess = state
        excess = self.phi * excess + self.sigma * shock
        return level + self.drift + excess, excess


@dataclass(frozen=True, kw_only=True)
class Returning(sx.PathProcess):
    """A first-order autoregression of the level itself around a constant."""

    middle: float
    rho: float
    sigma: float
    parameters: ClassVar = ()

    def step(self, state: Any, shock: Any) -> Any:
        return self.middle + self.rho * (state - self.middle) + self.sigma * shock


@dataclass(frozen=True, kw_only=True)
class Skewed(sx.PathProcess):
    """A step that is not linear: growth is a shifted lognormal number whose spread follows the level."""

    sigma: float
    parameters: ClassVar = ()

    def step(self, state: Any, shock: Any) -> Any:
        return state + np.expm1(self.sigma * (1.0 + 0.1 * state**2) * shock)


@dataclass(frozen=True, kw_only=True)
class Free(sx.PathProcess):
    """Growth with a memory that begins empty, all of it to be learned."""

    drift: float = sx.FREE
    sigma: float = sx.FREE
    phi: float = sx.FREE
    parameters: ClassVar = (
        sx.Parameter(name="drift", symbol="mu", unit="log per year"),
        sx.Parameter(name="sigma", symbol="sigma", unit="log per sqrt(year)", low=0.0),
        sx.Parameter(name="phi", symbol="phi", unit="share", low=0.0, high=1.0, belief=(2.0, 2.0)),
    )

    def begin(self, level: Any) -> Any:
        return level, np.zeros(level.shape)

    def step(self, state: Any, shock: Any) -> Any:
        level, excess = state
        excess = self.phi * excess + self.sigma * shock
        return level + self.drift + excess, excess


PAIRS: dict[str, tuple[Any, Any]] = {
    "walk": (Walk(drift=0.05, sigma=0.1), sx.RandomWalk(drift=0.05, sigma=0.1)),
    "growth": (
        Growth(drift=0.03, phi=0.6, sigma=0.1, excess=0.05),
        sx.AutoregressiveGrowth(drift=0.03, phi=0.6, sigma=0.1, excess=0.05),
    ),
    "returning": (
        Returning(middle=np.log(10.0) + 0.2, rho=0.5, sigma=0.1),
        sx.TrendStationary(drift=0.0, rho=0.5, sigma=0.1, deviation=-0.2),
    ),
}
every_pair = pytest.mark.parametrize(("own", "library"), PAIRS.values(), ids=list(PAIRS))


def model_of(law: Any) -> sx.GrowthModel:
    grown = sx.Grown(name="y", carrier=sx.Log(), law=law, last_value=10.0, last_year=2012)
    return sx.GrowthModel(indicators=(grown,), last_year=2012)


def test_a_random_walk_is_the_same_to_the_last_bit() -> None:
    own, library = PAIRS["walk"]
    assert np.array_equal(own.simulate(START, E), library.simulate(START, E))


@every_pair
def test_a_step_is_the_process_it_describes(own: Any, library: Any) -> None:
    levels = library.simulate(START, E)
    np.testing.assert_allclose(own.simulate(START, E), levels, rtol=0, atol=1e-13)
    np.testing.assert_allclose(own.residuals(START, levels), E, rtol=0, atol=1e-11)


@every_pair
def test_paths_are_those_of_the_exact_engine(own: Any, library: Any) -> None:
    ours, theirs = (sx.simulate(model_of(law), horizon=6, draws=3000, rng=4).y for law in (own, library))
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)


@every_pair
def test_the_likelihood_of_a_step_is_the_closed_form(own: Any, library: Any) -> None:
    """The difference of fourth order is exact for a straight line, up to rounding over the stencil."""
    levels = library.simulate(START[:1], E[:, :1])
    assert float(own.loglik(START[:1], levels)[0]) == pytest.approx(
        library.loglik(START[:1], levels), abs=1e-9
    )


@every_pair
def test_quantiles_of_a_step_are_near_the_exact_ones(own: Any, library: Any) -> None:
    """Order statistics of 2^14 quasi-random paths: closer than those of as many independent ones."""
    levels = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    for step in (1, 4, 8):
        exact = library.marginal(step).quantiles(levels)[:, 0]
        mean, covariance = library.moments(step)
        spread = np.sqrt(covariance[-1, -1])
        density = stats.norm(mean[-1], spread).pdf(exact)
        error = np.sqrt(levels * (1 - levels) / 2**14) / density
        got = own.one_year(step, float(START[0])).quantiles(levels)
        assert np.all(np.abs(got - exact) < ERRORS * error)


@every_pair
def test_odds_of_a_step_are_the_exact_ones(own: Any, library: Any) -> None:
    goal = sx.Condition(
        indicator="y", relation=sx.Relation.AT_LEAST, level=sx.Number(value=12.5), years=(2018,)
    )
    target = sx.Target(id="T", label="T", condition=goal)
    counted = sx.attainment(model_of(own), target, method=sx.MonteCarlo(draws=200_000), rng=3)
    exact = sx.attainment(model_of(library), target)
    assert (counted.route.item(), exact.route.item()) == ("monte-carlo with control", "exact")
    off = counted.probability.item() - exact.probability.item()
    assert abs(off) < ERRORS * counted.standard_error.item()


def test_the_likelihood_of_a_crooked_step_is_its_density() -> None:
    """A year's growth is lognormal minus one; the difference errs by 0.01^4 / 30 fifth slopes."""
    law, start = Skewed(sigma=0.3), np.array([1.5])
    scale = 0.3 * (1.0 + 0.1 * 1.5**2)
    for change in (-0.4, -0.05, 0.0, 0.3, 1.0):
        exact = stats.lognorm(scale).logpdf(1.0 + change)
        assert float(law.loglik(start, start[None] + change)[0]) == pytest.approx(exact, abs=1e-8)
    area = integrate.quad(
        lambda x: float(np.exp(law.loglik(start, start[None] + x)[0])),
        -0.9,
        8.0,
        points=[-0.3, 0.3],
        limit=200,
    )[0]
    assert area == pytest.approx(1.0, abs=1e-6)


def test_a_fitted_step_has_the_posterior_of_a_grid() -> None:
    """Growth with memory: mean and spread of two years' change, against sums over a grid of parameters.

    The likelihood is written out and the memory followed by hand. Tolerance: four errors of a weighted mean
    of the draws and of one of 2^14 paths.
    """
    rng = np.random.default_rng(12)
    truth = Growth(drift=0.06, phi=0.5, sigma=0.08, excess=0.0)
    levels = np.concatenate([[3.0], truth.simulate(np.array([3.0]), rng.standard_normal((13, 1)))[:, 0]])
    data = xr.Dataset({"y": ("year", np.exp(levels))}, coords={"year": np.arange(2000, 2014)})
    prior = sx.Prior(drift=0.05, years=3.0, shape=2.0, spread=0.08)
    law = sx.fit(data, family=Free(), prior=prior)["y"].law
    effective = 1.0 / (law.weights[0] ** 2).sum()
    assert effective > 80

    drift, phi, log_sigma = np.meshgrid(
        np.linspace(-0.25, 0.4, 131),
        np.linspace(0.005, 0.995, 100),
        np.linspace(-4.2, -0.8, 69),
        indexing="ij",
    )
    sigma, excess = np.exp(log_sigma), np.zeros_like(drift)
    log_weight = np.log(phi * (1 - phi)) - 2 * prior.shape * log_sigma - prior.rate / sigma**2
    log_weight += -0.5 * prior.years * ((drift - prior.drift) / sigma) ** 2 - log_sigma
    for change in np.diff(levels):
        e = (change - drift - phi * excess) / sigma
        log_weight += -0.5 * e**2 - log_sigma
        excess = change - drift
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    middle = 2 * drift + (phi + phi**2) * excess
    mean = (weight * middle).sum()
    variance = (weight * (middle**2 + sigma**2 * (1 + (1 + phi) ** 2))).sum() - mean**2
    change = law.marginal(np.array([2]), levels[-1:]).laws[0].values
    known = (weight * middle**2).sum() - mean**2
    assert abs(change.mean() - mean) < ERRORS * np.sqrt(known / effective + variance / 2**14)
    assert abs(change.std() / np.sqrt(variance) - 1) < ERRORS / np.sqrt(2 * effective)


def test_a_likelihood_finds_the_parameters_again() -> None:
    """Maximum over a grid, from 400 years, within 4 errors: sigma / sqrt(n) and sigma / sqrt(2 n)."""
    years, sigma, drift = 400, 0.1, 0.03
    e = np.random.default_rng(6).standard_normal((years, 1))
    levels = Walk(drift=drift, sigma=sigma).simulate(np.zeros(1), e)
    drifts, sigmas = np.meshgrid(np.linspace(-0.02, 0.08, 51), np.linspace(0.08, 0.12, 41))
    many = Walk(drift=drifts.ravel(), sigma=sigmas.ravel())
    fit = many.loglik(np.zeros(drifts.size), np.broadcast_to(levels, (years, drifts.size)))
    best = int(np.argmax(fit))
    assert abs(drifts.ravel()[best] - drift) < ERRORS * sigma / np.sqrt(years)
    assert abs(sigmas.ravel()[best] - sigma) < ERRORS * sigma / np.sqrt(2 * years)
