"""Small counts whose truth is known: ranges cover at least what they say, and the routes agree."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import sxsim as sx

FIGURES, SERIES = 12, 1000


def counts_of(law: str) -> np.ndarray:
    """Yearly counts ``(series, year)`` around three, one year more than is fitted, not all zero."""
    rng = np.random.default_rng(17)
    spread = 1.0 if law == "Poisson" else rng.gamma(2.0, 0.5, (SERIES, FIGURES + 1))
    counts = rng.poisson(3.0 * spread, (SERIES, FIGURES + 1)).astype(float)
    return counts[(counts[:, :FIGURES] > 0).any(axis=1)]


def model_of(counts: np.ndarray) -> sx.GrowthModel:
    data = {"y": (("series", "year"), counts[:, :FIGURES], {"kind": "count"})}
    return sx.fit(xr.Dataset(data, coords={"year": np.arange(2001, 2001 + FIGURES)}))


@pytest.mark.parametrize("law", ["Poisson", "negative binomial"])
def test_ranges_of_a_small_count_cover_at_least_what_they_say(law: str) -> None:
    """Whole numbers cannot cover exactly 80 or 95 %; four errors of a share of 1,000 below is the limit."""
    counts = counts_of(law)
    fan = sx.forecast(model_of(counts), horizon=1, quantiles=(0.025, 0.1, 0.9, 0.975)).y.isel(year=0)
    assert (fan == np.floor(fan)).all()
    assert (fan.min(), fan.sel(quantile=0.025).min()) == (0, 0)
    came = xr.DataArray(counts[:, FIGURES], dims="series", coords={"series": fan.series})
    for level, (low, high) in ((0.95, (0.025, 0.975)), (0.8, (0.1, 0.9))):
        covered = ((came >= fan.sel(quantile=low)) & (came <= fan.sel(quantile=high))).mean()
        assert covered > level - 4 * np.sqrt(level * (1 - level) / len(counts))


@pytest.mark.parametrize("relation", (sx.Relation.AT_LEAST, sx.Relation.AT_MOST))
@pytest.mark.parametrize("level", [1.0, 2.5])
def test_routes_agree_on_a_count(relation: sx.Relation, level: float) -> None:
    """Closed form, counting on the model scale, and counting whole paths: four errors of 20,000 draws."""
    model = model_of(np.array([[0.0, 1, 0, 2, 1, 3, 0, 1, 2, 2, 1, 2, 0]])).select(("y",))
    condition = sx.Condition(indicator="y", relation=relation, level=sx.Number(value=level), years=(2015,))
    target = sx.Target(id="T", label="T", condition=condition)
    exact = sx.attainment(model, target)
    assert exact.route.item() == "exact"
    p, draws = exact.probability.item(), 20_000
    error = 4 * np.sqrt(p * (1 - p) / draws)
    counted = sx.attainment(model, target, method=sx.MonteCarlo(draws=draws), rng=3).probability.item()
    paths = sx.simulate(model, horizon=3, draws=draws, rng=3)
    on_paths = sx.attainment(paths, target).probability.item()
    assert counted == pytest.approx(p, abs=error)
    assert on_paths == counted
    side = "at_least" if relation is sx.Relation.AT_LEAST else "at_most"
    assert sx.forecast(model, until=2015, **{side: level}).y.sel(year=2015).item() == pytest.approx(p)


def test_no_lab_at_all_can_be_asked_of_a_count() -> None:
    model = model_of(np.array([[0.0, 1, 0, 2, 1, 3, 0, 1, 2, 2, 1, 2, 0]]))
    condition = sx.Condition(
        indicator="y", relation=sx.Relation.AT_MOST, level=sx.Number(value=0), years=(2013,)
    )
    odds = sx.attainment(model, sx.Target(id="T", label="T", condition=condition))
    assert 0.02 < odds.probability.item() < 0.6
