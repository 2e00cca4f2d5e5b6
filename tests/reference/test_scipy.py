"""Joint and every-year probabilities against scipy's multivariate normal and Student-t."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy import stats

import sxsim as sx

YEARS = (2013, 2014, 2015, 2016, 2017)


def every_year(name: str, levels: float, years: tuple[int, ...] = YEARS) -> sx.Target:
    condition = sx.Condition(
        indicator=name, relation=sx.Relation.AT_LEAST, level=sx.Number(value=levels), years=years
    )
    return sx.Target(id=f"{name}-{years[0]}-{years[-1]}", label=name, condition=condition)


def test_joint_odds_of_correlated_walks_against_the_multivariate_normal() -> None:
    names, drift, sigma = ("a", "b", "c"), (0.05, 0.02, 0.08), (0.1, 0.05, 0.2)
    correlation = np.array([[1.0, 0.5, 0.2], [0.5, 1.0, -0.3], [0.2, -0.3, 1.0]])
    grown = tuple(
        sx.Grown(
            name=n, carrier=sx.Log(), law=sx.RandomWalk(drift=m, sigma=s), last_value=100.0, last_year=2012
        )
        for n, m, s in zip(names, drift, sigma, strict=True)
    )
    model = sx.GrowthModel(indicators=grown, last_year=2012, correlation=correlation)
    levels, ends = (120.0, 108.0, 130.0), (2016, 2015, 2017)
    targets = tuple(every_year(n, c, (y,)) for n, c, y in zip(names, levels, ends, strict=True))
    odds = sx.attainment(model, targets, method=sx.Sobol(points=4096, replicates=32), rng=3)
    steps = np.array(ends) - 2012
    mean = np.array(drift) * steps - np.log(np.array(levels) / 100)
    covariance = correlation * np.outer(sigma, sigma) * np.minimum(steps[:, None], steps)
    expected = stats.multivariate_normal(-mean, covariance, seed=1).cdf(np.zeros(3))
    assert float(odds.joint.squeeze()) == pytest.approx(expected, abs=2e-5)


@pytest.mark.parametrize("level", [150.0, 162.0, 175.0])
def test_every_year_of_an_unknown_walk_against_the_multivariate_t(level: float) -> None:
    """Drift and sigma unknown: the years ahead are jointly Student-t with 2 shape degrees of freedom."""
    history = np.array([100.0, 104.0, 103.0, 111.0, 118.0, 116.0, 127.0, 131.0, 140.0, 139.0, 150.0, 158.0])
    data = xr.Dataset({"y": ("year", history)}, coords={"year": np.arange(2001, 2013)})
    model = sx.fit(data, prior=sx.Prior(drift=0.03, years=3.0, shape=0.85, spread=0.045))
    odds = sx.attainment(model, every_year("y", level), method=sx.Sobol(points=4096, replicates=32), rng=3)
    law = model["y"].law
    steps = np.arange(1.0, 6.0)
    scale = law.rate[0] / law.shape[0]
    shape = scale * (np.minimum(steps[:, None], steps) + np.outer(steps, steps) / law.years[0])
    margin = np.log(158.0 / level) + law.drift[0] * steps
    reference = [
        stats.multivariate_t(-margin, shape, df=2 * law.shape[0], seed=seed).cdf(np.zeros(5), maxpts=200_000)
        for seed in range(4)
    ]
    assert float(odds.probability.squeeze()) == pytest.approx(np.mean(reference), abs=2e-4)
