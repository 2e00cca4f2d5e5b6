"""The closed forms against textbook results, quadrature and a written table."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy import integrate, stats

import sxsim as sx

HISTORY = np.log([100.0, 104.0, 103.0, 111.0, 118.0, 116.0, 127.0, 131.0, 140.0, 139.0, 150.0, 158.0])


def model_of(levels: np.ndarray, prior: sx.Prior | None = None) -> sx.GrowthModel:
    years = np.arange(2013 - len(levels), 2013)
    return sx.fit(xr.Dataset({"y": ("year", np.exp(levels))}, coords={"year": years}), prior=prior)


@pytest.mark.parametrize("horizon", [1, 3, 8])
@pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.99])
def test_the_flat_prior_gives_the_textbook_prediction_interval(horizon: int, level: float) -> None:
    change = np.diff(HISTORY)
    m = len(change)
    half = stats.t.ppf(0.5 + level / 2, m - 1) * change.std(ddof=1) * np.sqrt(horizon * (1 + horizon / m))
    expected = HISTORY[-1] + horizon * change.mean() + np.array([-half, half])
    fan = sx.forecast(
        model_of(HISTORY, sx.Prior.flat()), horizon=horizon, quantiles=[0.5 - level / 2, 0.5 + level / 2]
    )
    assert np.allclose(np.log(fan.y.isel(year=-1)), expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("points", "horizon", "coverage", "frequencies"),
    [
        (8, 5, 0.815, (0.728, 0.817, 0.872, 0.937, 0.972)),
        (12, 3, 0.887, (0.764, 0.859, 0.912, 0.967, 0.990)),
        (12, 5, 0.865, (0.749, 0.844, 0.899, 0.959, 0.986)),
        (20, 5, 0.902, (0.768, 0.865, 0.920, 0.973, 0.993)),
        (25, 5, 0.912, (0.774, 0.872, 0.926, 0.977, 0.995)),
    ],
)
def test_what_a_plug_in_claim_is_really_worth(
    points: int, horizon: int, coverage: float, frequencies: tuple[float, ...]
) -> None:
    """Claims of a plug-in random walk, put to the exact predictive: the table every modeller should know.

    A plug-in claim of p is the event beyond ``h mean - z_p s sqrt(h)``; its exact probability is ours.
    """
    rng = np.random.default_rng(points * 100 + horizon)
    levels = np.concatenate([[0.0], np.cumsum(rng.normal(0.05, 0.1, points - 1))])
    change = np.diff(levels)
    law = model_of(levels, sx.Prior.flat())["y"].law.marginal(horizon)

    def exact(claim: float) -> float:
        cut = horizon * change.mean() - stats.norm.ppf(claim) * change.std(ddof=1) * np.sqrt(horizon)
        return float(law.at_least(np.array([cut]))[0])

    claims = (0.80, 0.90, 0.95, 0.99, 0.999)
    assert [exact(claim) for claim in claims] == pytest.approx(frequencies, abs=6e-4)
    assert exact(0.975) - exact(0.025) == pytest.approx(coverage, abs=6e-4)


def test_the_predictive_is_the_posterior_integrated_by_quadrature() -> None:
    """Integrate drift and sigma numerically over likelihood and prior; no conjugate formula is used."""
    prior = sx.Prior(drift=0.03, years=3.0, shape=1.5, spread=0.05)
    levels = HISTORY[-5:]
    change = np.diff(levels)
    model = model_of(levels, prior)
    horizon, threshold = 4, 0.25

    grid_sigma = np.linspace(np.log(0.002), np.log(3.0), 1201)
    grid_mu = np.linspace(-1.5, 1.5, 6001)
    sigma = np.exp(grid_sigma)[:, None]
    posterior = stats.norm.pdf(grid_mu, prior.drift, sigma / np.sqrt(prior.years))
    posterior = posterior * stats.invgamma.pdf(sigma**2, prior.shape, scale=prior.rate) * 2 * sigma**2
    for x in change:
        posterior = posterior * stats.norm.pdf(x, grid_mu, sigma)

    def integral(values: np.ndarray) -> float:
        return float(integrate.trapezoid(integrate.trapezoid(values, grid_mu), grid_sigma))

    hit = stats.norm.sf(threshold, horizon * grid_mu, sigma * np.sqrt(horizon))
    expected = integral(posterior * hit) / integral(posterior)
    got = float(model["y"].law.marginal(horizon).at_least(np.array([threshold]))[0])
    assert got == pytest.approx(expected, abs=2e-7)


def test_the_split_of_the_uncertainty_by_quadrature() -> None:
    """variance_parameter = Var(P(hit | drift, sigma)), integrated over the posterior on a fine grid."""
    model = model_of(HISTORY[-6:], sx.Prior(drift=0.03, years=3.0, shape=0.85, spread=0.045))
    law = model["y"].law
    target = sx.Target(
        id="T",
        label="T",
        condition=sx.Condition(
            indicator="y", relation=sx.Relation.AT_LEAST, level=sx.Number(value=220.0), years=(2018,)
        ),
    )
    odds = sx.attainment(model, target)
    u = (np.arange(4000) + 0.5) / 4000
    v = (np.arange(2000) + 0.5) / 2000
    drift, sigma = law.sample(np.stack(np.meshgrid(u, v, indexing="ij"))[..., None])
    hit = stats.norm.sf(np.log(220.0 / np.exp(HISTORY[-1])), 6 * drift, sigma * np.sqrt(6))
    assert float(odds.probability.squeeze()) == pytest.approx(hit.mean(), abs=1e-5)
    assert float(odds.variance_parameter.squeeze()) == pytest.approx(hit.var(), abs=1e-4)


def test_gaps_equal_integrating_the_missing_year_out() -> None:
    """A history with a hole is fitted as the two-year change it is, not by filling the hole."""
    levels = np.array([0.0, 0.1, np.nan, 0.25, 0.31, np.nan, np.nan, 0.7])
    prior = sx.Prior(drift=0.02, years=2.0, shape=1.2, spread=0.08)
    years = np.arange(2005, 2013)
    law = sx.fit(xr.Dataset({"y": ("year", np.exp(levels))}, coords={"year": years}), prior=prior)["y"].law
    d = np.array([1.0, 2.0, 1.0, 3.0])
    x = np.array([0.1, 0.15, 0.06, 0.39])
    covariance = np.diag(d) + np.outer(d, d) / prior.years
    centred = x - d * prior.drift
    gain = d / prior.years @ np.linalg.inv(covariance)
    rate = prior.rate + 0.5 * centred @ np.linalg.solve(covariance, centred)
    assert float(law.drift[0]) == pytest.approx(prior.drift + gain @ centred, rel=1e-12)
    assert float(law.rate[0]) == pytest.approx(rate, rel=1e-12)
    assert float(law.shape[0]) == pytest.approx(prior.shape + 2.0)
