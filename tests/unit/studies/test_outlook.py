from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy import special

import sxsim as sx
from sxsim.links import Log, Odds
from sxsim.studies.cases import kept_every_year
from sxsim.studies.outlook import LEVELS, ModelOutlook, NormalOutlook, QuantileOutlook, on_link

YEARS = np.arange(2013, 2017)


def goals(*values):
    return xr.Dataset({"y": ("year", np.asarray(values, float))}, coords={"year": YEARS[: len(values)]})


def test_a_model_answers_as_attainment_does(table, aim):
    model = sx.fit(table(y=[10.0, 11.0, 12.5, 12.0, 13.0, 14.5, 15.0, 15.2]))
    outlook = ModelOutlook(model=model, horizon=4)
    levels = (15.0, 16.0, 17.0, 17.0)
    found = outlook.at_least(goals(*levels))["y"]
    for year, level in zip(YEARS.tolist(), levels, strict=True):
        odds = sx.attainment(model, aim(level=level, years=(year,)))
        assert float(found.sel(year=year)) == pytest.approx(float(odds.probability.squeeze()), rel=1e-12)
    draws = 20_000
    paths = outlook.paths(["y"], draws=draws, rng=1)["y"]
    kept = float(kept_every_year(paths, goals(15, 15, 15, 15)["y"]))
    exact = sx.attainment(model, aim(level=15.0, years=tuple(YEARS.tolist())), rng=1)
    p = float(exact.probability.squeeze())
    assert kept == pytest.approx(
        p, abs=4 * np.sqrt(p * (1 - p) / draws + float(exact.standard_error.squeeze()) ** 2)
    )


def test_goals_on_or_beyond_a_bound(table):
    model = sx.fit(table(y=[0.3, 0.4, 0.35, 0.5, 0.55, 0.5], attrs={"y": {"kind": "share"}}))
    outlook = ModelOutlook(model=model, horizon=4)
    found = outlook.at_least(goals(-1.0, 0.0, 1.0, np.nan))["y"]
    np.testing.assert_array_equal(found, [1.0, 1.0, 0.0, np.nan])


def test_members_without_figures_have_no_probability(panel):
    outlook = ModelOutlook(model=sx.fit(panel), horizon=1)
    asked = xr.ones_like(panel.isel(year=[-1])).assign_coords(year=[2013])
    kept = kept_every_year(outlook.paths(["y"], draws=8, rng=0)["y"], asked["y"])
    for found in (outlook.at_least(asked)["y"].squeeze(), kept):
        np.testing.assert_array_equal(found.notnull(), [True, True, False])


def test_further_dimensions_of_the_goals_are_kept(panel):
    outlook = ModelOutlook(model=sx.fit(panel), horizon=2)
    one = xr.ones_like(panel.isel(year=[-2, -1])).assign_coords(year=[2013, 2014])
    both = xr.concat([5 * one, 20 * one], dim="growth")
    assert outlook.at_least(both)["y"].sizes == {"growth": 2, "year": 2, "province": 3}
    paths = outlook.paths(["y"], draws=64, rng=0)["y"]
    kept = kept_every_year(paths, both["y"])
    xr.testing.assert_allclose(kept.isel(growth=1), kept_every_year(paths, 20 * one["y"]))


@pytest.fixture
def normal():
    """Normal on the log scale: medians 10 and 12."""
    location = goals(np.log(10.0), np.log(12.0))
    return walk(location, goals(0.1, 0.2), Log())


def walk(location, spread, carrier):
    return NormalOutlook(location=location, spread=spread, drift_spread=0.0 * spread, carriers={"y": carrier})


def test_a_normal_outlook_is_its_formulas(normal):
    found = normal.quantiles(np.array([0.1, 0.5]))["y"].transpose("quantile", "year")
    expected = np.log([10.0, 12.0]) + special.ndtri([[0.1], [0.5]]) * [0.1, 0.2]
    np.testing.assert_allclose(found, np.exp(expected))
    p = normal.at_least(goals(10.0, -1.0))["y"]
    np.testing.assert_allclose(p, [0.5, 1.0])


def test_without_spread_it_is_certain():
    outlook = walk(goals(2.0, 2.0), goals(0.0, 0.0), Log())
    np.testing.assert_array_equal(outlook.at_least(goals(np.exp(1.9), np.exp(2.1)))["y"], [1.0, 0.0])


def test_quantiles_of_a_normal_law_are_read_back_exactly(normal):
    """Straight lines between normal scores are exact where the law is normal, in the tails too."""
    line = walk(goals(10.0, 12.0), goals(1.0, 2.0), sx.Linear())
    copy = QuantileOutlook(forecast=line.quantiles(LEVELS))
    asked = goals(11.3, 3.0)
    np.testing.assert_allclose(copy.at_least(asked)["y"], line.at_least(asked)["y"], rtol=1e-9)
    levels = np.array([0.025, 0.33, 0.9])
    again = copy.quantiles(levels)["y"].transpose("quantile", "year")
    np.testing.assert_allclose(again, line.quantiles(levels)["y"].transpose("quantile", "year"), rtol=1e-9)


def test_paths_of_a_plain_walk_have_its_law():
    """Covariance ``sigma^2 (min(h, k) + h k / D)`` of 40,000 paths within 4.5 errors; mean likewise."""
    values = np.array([10.0, 11.0, 10.5, 12.0, 13.5, 13.0])
    history = xr.Dataset({"y": ("year", values)}, coords={"year": np.arange(2007, 2013)})
    outlook = sx.PlainWalk(drift=True)(history, 3)
    paths = outlook.paths(["y"], draws=40_000, rng=2)["y"]
    assert paths.dims == ("draw", "year")
    changes = np.diff(values)
    variance, h = changes.var(ddof=1), np.arange(1, 4)
    law = variance * (np.minimum(h[:, None], h) + np.outer(h, h) / 5)
    found = np.cov(paths.transpose("year", "draw"))
    error = np.sqrt((law**2 + np.outer(np.diag(law), np.diag(law))) / 40_000)
    assert (np.abs(found - law) < 4.5 * error).all()
    means = paths.mean("draw") - (13.0 + h * changes.mean())
    assert (np.abs(means) < 4.5 * np.sqrt(np.diag(law) / 40_000)).all()
    assert outlook.paths(["other"], draws=8, rng=0).equals(xr.Dataset())


def test_quantiles_that_are_all_equal_are_certain():
    flat = xr.DataArray(
        np.full((len(LEVELS), 1), 5.0), dims=("quantile", "year"), coords={"quantile": LEVELS}
    )
    copy = QuantileOutlook(forecast=xr.Dataset({"y": flat.assign_coords(year=[2013])}))
    assert float(copy.at_least(goals(4.0))["y"].squeeze()) == 1.0
    assert float(copy.at_least(goals(6.0))["y"].squeeze()) == 0.0
    assert copy.paths(["y"], draws=8, rng=0).equals(xr.Dataset())


def test_levels_beyond_the_bounds_are_infinitely_far():
    values = np.array([-0.1, 0.0, 0.5, 1.0, np.nan])
    np.testing.assert_array_equal(on_link(values, Odds()), [-np.inf, -np.inf, 0.0, np.inf, np.nan])
