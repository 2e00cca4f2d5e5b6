from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.errors import ModelError, UnknownNameError
from sxsim.fitting.drift_prior import Believed, believed_walk
from sxsim.fitting.walk import Prior, posterior_of, summarise

SURE = sx.DriftPrior(growth=0.3, spread=1e-3)
VAGUE = sx.DriftPrior(growth=0.3, spread=10.0)


def growth(model, name="y", years=5):
    fan = sx.forecast(model, horizon=years, quantiles=(0.5,))[name].isel(quantile=0, year=-1)
    last = model.history[name].isel(year=-1)
    return (np.log(fan) - np.log(last)).to_numpy() / years


@pytest.fixture(scope="module")
def slow():
    """Twelve figures that grow by 4 % a year, and four that do."""
    rng = np.random.default_rng(0)
    walk = np.exp(np.cumsum(0.04 + 0.05 * rng.normal(size=12)))
    years = {"year": np.arange(2001, 2013)}
    return xr.Dataset({"y": ("year", walk), "z": ("year", np.where(np.arange(12) < 8, np.nan, walk))}, years)


def test_a_sure_belief_decides_the_drift_of_a_short_series(slow):
    """Four figures are a random walk: nothing but the drift says where it goes."""
    sure, vague = (sx.fit(slow, drift_prior={"z": belief}) for belief in (SURE, VAGUE))
    assert growth(sure, "z") == pytest.approx(0.3, abs=0.01)
    assert growth(vague, "z") == pytest.approx(0.04, abs=0.05)


def test_in_a_long_series_growth_that_lasts_gives_way_to_the_belief(slow):
    """Twelve figures of 4 % may be a long calm: growth rises from there towards what is believed."""
    plain, sure = sx.fit(slow), sx.fit(slow, drift_prior=SURE)
    assert growth(plain) + 0.01 < growth(sure) < growth(sure, years=15) < 0.3
    assert growth(sx.fit(slow, drift_prior=VAGUE)) == pytest.approx(0.04, abs=0.05)


def test_other_indicators_keep_their_law(slow):
    plain, believed = sx.fit(slow), sx.fit(slow, drift_prior={"z": SURE})
    assert growth(plain, "y") == growth(believed, "y")
    assert growth(plain, "z") != growth(believed, "z")


def test_a_belief_is_marked_as_an_assumption(slow):
    report = str(sx.fit_report(sx.fit(slow, drift_prior=SURE)))
    assert report.count("ASSUMPTION: long-run growth +0.3 a year with spread 0.001 on the link scale") == 2


def test_units_and_companions_do_not_matter(slow):
    alone = growth(sx.fit(slow[["y"]] * 1000.0, drift_prior=VAGUE))
    wide = slow[["y"]].expand_dims(region=["a", "b"]).copy()
    wide["y"] = wide["y"] * xr.DataArray([1.0, 7.0], dims="region")
    np.testing.assert_allclose(growth(sx.fit(wide, drift_prior=VAGUE)), alone, rtol=1e-4)


def test_the_spread_has_its_stated_size_at_the_scale_of_sigma():
    levels = np.cumsum(np.random.default_rng(1).normal(0.05, 0.1, (3, 9)), axis=1)
    summary, prior = summarise(levels), Prior(drift=0.03, years=3.0, shape=1.5, spread=0.08)
    plain, belief = posterior_of(summary, prior), sx.DriftPrior(growth=0.2, spread=0.07)
    sigma = np.sqrt(plain.rate / plain.shape)
    walk = believed_walk(summary, prior, belief)
    np.testing.assert_allclose((walk.years - summary.span) ** -0.5 * sigma, 0.07, rtol=1e-9)
    widths = np.array(Believed.of(belief, plain).widths())
    np.testing.assert_allclose(widths * sigma, 0.07, rtol=0.051)


@pytest.mark.parametrize(("growth", "spread"), [(np.nan, 0.1), (0.1, 0.0), (0.1, -1.0), (0.1, np.inf)])
def test_refuses_what_is_no_belief(growth, spread):
    with pytest.raises(ModelError, match=r"DriftPrior growth=.*spread=.*Give a finite growth per year"):
        sx.DriftPrior(growth=growth, spread=spread)


def test_refuses_something_else_a_strange_name_and_two_sources_of_the_drift(slow):
    with pytest.raises(ModelError, match=r"drift_prior=0\.2 is not a DriftPrior\. Give sx\.DriftPrior"):
        sx.fit(slow, drift_prior=0.2)
    with pytest.raises(UnknownNameError, match=r"drift_prior= names 'w', which the history does not hold"):
        sx.fit(slow, drift_prior={"w": SURE})
    both = slow.copy()
    both["z"] = both["z"].assign_attrs(bridge_from="y", bridge_sd=0.02)
    message = r"'z' has a drift_prior= and bridge_from, which cannot be used together"
    with pytest.raises(ModelError, match=message):
        sx.fit(both, drift_prior={"z": SURE})
