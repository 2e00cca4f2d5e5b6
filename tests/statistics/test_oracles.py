"""Simulation against closed forms and quadrature with ten million draws, where numba is there to draw them.

Every bound is four standard errors of a share, or what replaces four where many shares are compared at once
(Bonferroni: passed by chance as often as one comparison beyond four errors).
"""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from itertools import pairwise, product
from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy import special, stats

import sxsim as sx

MANY = 10**7 if find_spec("numba") else 10**6
FIGURES = np.log([100.0, 104.0, 103.0, 111.0, 118.0, 116.0, 127.0, 131.0, 140.0, 139.0, 150.0, 158.0])


def errors(comparisons: int) -> float:
    """Four errors for one comparison, more for several."""
    return float(-special.ndtri(special.ndtr(-4.0) / comparisons))


def target(name: str, of: str, level: float, *years: int, relation: Any = sx.Relation.AT_LEAST) -> sx.Target:
    condition = sx.Condition(indicator=of, relation=relation, level=sx.Number(value=level), years=years)
    return sx.Target(id=name, label=name, condition=condition)


def counted(model: sx.GrowthModel, *targets: sx.Target, draws: int = MANY, rng: int = 1) -> xr.Dataset:
    until = max(year for t in targets if t.condition for year in t.condition.years)
    return sx.simulate(model, until=until, draws=draws, rng=rng, keep=sx.Hits(targets), threads=2).squeeze(
        "scenario"
    )


def agree(shares: Any, expected: Any, draws: int) -> None:
    p = np.asarray(expected, float)
    z = (np.asarray(shares) - p) / np.sqrt(p * (1 - p) / draws)
    assert np.abs(z).max() < errors(z.size), z


def by_hand(correlation: Any = None, **laws: Any) -> sx.GrowthModel:
    grown = [
        sx.Grown(name=name, carrier=sx.Log(), law=law, last_value=100.0, last_year=2012)
        for name, law in laws.items()
    ]
    return sx.GrowthModel(indicators=tuple(grown), last_year=2012, correlation=correlation)


def fitted(prior: sx.Prior | None = None) -> sx.GrowthModel:
    history = xr.Dataset({"y": ("year", np.exp(FIGURES))}, coords={"year": np.arange(2001, 2013)})
    return sx.fit(history, prior=prior)


@pytest.mark.parametrize("prior", [None, sx.Prior.flat()], ids=["family", "random walk"])
def test_marginals(prior: sx.Prior | None) -> None:
    """The default family, and a walk of unknown drift and variance: five quantiles of three years."""
    model, years = fitted(prior), (2013, 2015, 2017)
    fan = sx.forecast(model, horizon=5, quantiles=(0.01, 0.2, 0.5, 0.8, 0.99)).y
    asked, expected = [], []
    for place, (year, q) in enumerate(product(years, range(5))):
        level = float(fan.sel(year=year)[q])
        asked.append(target(f"T{place}", "y", level, year))
        expected.append(sx.forecast(model, horizon=5, at_least=level).y.sel(year=year).item())
    agree(counted(model, *asked).probability, expected, MANY)


def test_every_year_of_a_known_walk(every_year: Any) -> None:
    drift, sigma = 0.04, 0.08
    model = by_hand(y=sx.RandomWalk(drift=drift, sigma=sigma))
    asked, expected = [], []
    for level in (85.0, 101.0, 112.0):
        asked.append(target(f"E{level:.0f}", "y", level, 2013, 2014, 2015, 2016, 2017))
        walk = stats.norm(drift, sigma)
        expected.append(every_year(walk.pdf, walk.sf, [np.log(level / 100.0)] * 5, sigma))
    agree(counted(model, *asked).probability, expected, MANY)


def test_every_year_of_a_walk_of_unknown_drift_and_variance() -> None:
    """A flat prior makes the years multivariate Student-t; its integral is good to 1e-5."""
    model, change = fitted(sx.Prior.flat()), np.diff(FIGURES)
    steps, m = np.arange(1.0, 5.0), len(change)
    shape = change.var(ddof=1) * (np.minimum.outer(steps, steps) + np.multiply.outer(steps, steps) / m)
    bar = np.log(165.0 / 158.0)
    law = stats.multivariate_t(np.zeros(4), shape, df=m - 1, seed=1)
    # P(x >= bar) = P(-x <= -bar)
    expected = law.cdf(steps * change.mean() - bar, maxpts=400_000)
    share = float(counted(model, target("E", "y", 165.0, 2013, 2014, 2015, 2016)).probability[0])
    assert abs(share - expected) < 4 * np.sqrt(expected * (1 - expected) / MANY) + 2e-5


def test_joint_of_correlated_indicators() -> None:
    """Known laws: the orthant of a multivariate normal, one year of each, not the same."""
    correlation = np.array([[1.0, 0.6, -0.2], [0.6, 1.0, 0.3], [-0.2, 0.3, 1.0]])
    drift, sigma = np.array([0.03, 0.06, 0.0]), np.array([0.1, 0.2, 0.05])
    walks = [sx.RandomWalk(drift=d, sigma=s) for d, s in zip(drift, sigma, strict=True)]
    model = by_hand(correlation, **dict(zip("abc", walks, strict=True)))
    years, levels = np.array([5, 3, 4]), np.array([110.0, 105.0, 99.0])
    asked = [
        target(name, name, level, 2012 + int(year))
        for name, level, year in zip("abc", levels, years, strict=True)
    ]
    covariance = correlation * np.multiply.outer(sigma, sigma) * np.minimum.outer(years, years)
    margin = years * drift - np.log(levels / 100.0)
    expected = stats.multivariate_normal(
        np.zeros(3), covariance, abseps=1e-8, releps=1e-8, maxpts=2_000_000, seed=1
    ).cdf(margin)
    kept = counted(model, *asked)
    agree(kept.joint_probability, expected, MANY)
    agree(kept.probability, special.ndtr(margin / (sigma * np.sqrt(years))), MANY)


TAILS = sx.StudentShocks(drift=0.03, sigma=0.06, dof=4.0)
RISKY = sx.JumpDiffusion(drift=0.06, sigma=0.05, rate=0.2, jump=-0.3, jump_sd=0.1)
CYCLE = sx.Regimes(
    ordinary=sx.RandomWalk(drift=0.08, sigma=0.03),
    other=sx.RandomWalk(drift=-0.05, sigma=0.1),
    leave=0.2,
    recover=0.4,
    other_now=0.3,
)


@pytest.mark.parametrize("law", [TAILS, RISKY, CYCLE], ids=["student", "jumps", "regimes"])
def test_walked_laws_have_their_closed_forms(law: Any) -> None:
    asked, expected = [], []
    for year, level in product((2013, 2016), (80.0, 105.0, 115.0)):
        asked.append(target(f"{year}-{level:.0f}", "y", level, year))
        expected.append(float(law.one_year(year - 2012, np.log(100.0)).at_least(np.log(level / 100.0))))
    agree(counted(by_hand(y=law), *asked, draws=MANY).probability, expected, MANY)


def merton(x: np.ndarray, *, law: sx.JumpDiffusion, at_least: bool) -> np.ndarray:
    """Density, or tail, of one year: normal laws weighted by the number of jumps."""
    out = np.zeros_like(x)
    for k in range(15):
        part = stats.norm(law.drift + k * law.jump, np.hypot(law.sigma, np.sqrt(k) * law.jump_sd))
        out += stats.poisson.pmf(k, law.rate) * (part.sf(x) if at_least else part.pdf(x))
    return out


def every_year_of(law: Any, bars: list[float], every_year: Any) -> float:
    if isinstance(law, sx.JumpDiffusion):
        density, tail = (partial(merton, law=law, at_least=side) for side in (False, True))
    else:
        shock = stats.t(law.dof, law.drift, law.sigma)
        density, tail = shock.pdf, shock.sf
    return float(every_year(density, tail, bars, law.sigma))


@pytest.mark.parametrize("law", [TAILS, RISKY], ids=["student", "jumps"])
def test_every_year_of_walked_laws(law: Any, every_year: Any) -> None:
    """Counted, and with the help of a Gaussian twin: four errors of each."""
    level, model = 101.0, by_hand(y=law)
    asked = target("E", "y", level, 2013, 2014, 2015, 2016)
    expected = every_year_of(law, [np.log(level / 100.0)] * 4, every_year)
    agree(counted(model, asked, draws=MANY).probability, [expected], MANY)
    odds = sx.attainment(model, asked, method=sx.MonteCarlo(draws=MANY, threads=2), rng=2)
    error = odds.standard_error.item()
    assert abs(odds.probability.item() - expected) < 4 * error
    assert 4 * error**2 < expected * (1 - expected) / MANY


def test_every_year_of_regimes() -> None:
    """Growth without shocks to speak of: a year is good or bad, and the path of regimes decides."""
    good, bad = sx.RandomWalk(drift=0.1, sigma=1e-3), sx.RandomWalk(drift=-0.1, sigma=1e-3)
    law = sx.Regimes(ordinary=good, other=bad, leave=0.3, recover=0.4, other_now=0.25)
    move, expected = np.array([[0.7, 0.3], [0.4, 0.6]]), 0.0
    for path in product((0, 1), repeat=6):
        if (np.cumsum([1 - 2 * s for s in path[1:]]) >= 0).all():
            expected += (0.75, 0.25)[path[0]] * np.prod([move[a, b] for a, b in pairwise(path)])
    asked = target("E", "y", 100.0 * np.exp(-0.05), 2013, 2014, 2015, 2016, 2017)
    agree(counted(by_hand(y=law), asked, draws=MANY // 10).probability, [expected], MANY // 10)


def test_what_next_year_will_say_is_what_is_said_now() -> None:
    """Martingale: the probability after one more figure, averaged over what the figure may be."""
    prior = sx.Prior(drift=0.03, years=2.0, shape=2.0, spread=0.08)
    model, series = fitted(prior), 40_000
    ahead = sx.simulate(model, until=2013, draws=series, rng=4).y.squeeze().to_numpy()
    table = np.concatenate([np.tile(np.exp(FIGURES), (series, 1)), ahead[:, None]], axis=1)
    history = xr.Dataset(
        {"y": (("series", "year"), table)},
        coords={"year": np.arange(2001, 2014), "series": np.arange(series)},
    )
    now = float(sx.forecast(model, until=2016, at_least=180.0).y.sel(year=2016).item())
    updated = sx.fit(history, prior=prior)
    later = sx.forecast(updated, until=2016, at_least=180.0).y.sel(year=2016).to_numpy().ravel()
    assert abs(later.mean() - now) < 4 * later.std() / np.sqrt(series)
    assert later.std() > 0.05
