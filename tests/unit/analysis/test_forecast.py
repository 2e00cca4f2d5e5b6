from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsim.analysis import forecast
from sxsim.errors import RequestError
from sxsim.fitting import fit
from sxsim.io import open_result, save
from sxsim.links import Odds
from sxsim.plan import TREND, PlannedGrowth, Scenario
from sxsim.processes import Grown, GrowthModel, RandomWalk

FASTER = Scenario(
    id="faster",
    label="Faster",
    changes=(PlannedGrowth(indicator="y", base_value=2.0, base_year=2012, growth=0.2),),
)


def test_the_fan_has_the_agreed_shape(model):
    fan = forecast(model, horizon=4)
    assert set(fan.data_vars) == {"y", "z"}
    assert fan.y.dims == ("quantile", "year")
    assert fan["quantile"].values.tolist() == [0.05, 0.5, 0.95]
    assert fan.year.values.tolist() == [2013, 2014, 2015, 2016]
    assert fan.attrs["method"] == "exact"
    assert "seed_entropy" not in fan.attrs
    xr.testing.assert_identical(fan, forecast(model, until=2016))


def test_scenarios_add_a_dimension(model):
    fan = forecast(model, horizon=4, scenarios=(TREND, FASTER))
    assert fan.y.dims == ("scenario", "quantile", "year")
    assert fan.scenario.values.tolist() == ["trend", "faster"]
    plain = forecast(model, horizon=4)
    for name in ("y", "z"):
        np.testing.assert_array_equal(fan[name].sel(scenario="trend"), plain[name])
    np.testing.assert_array_equal(fan.z.sel(scenario="faster"), plain.z)
    assert (fan.y.sel(scenario="faster") > plain.y).all()
    assert forecast(model, horizon=1, scenarios=FASTER).scenario.values.tolist() == ["faster"]


def test_a_batch_keeps_its_dimensions_and_words(panel):
    fan = forecast(fit(panel), horizon=3)
    assert fan.y.dims == ("quantile", "year", "province")
    assert fan.province.values.tolist() == ["a", "b", "c"]
    assert fan.y.attrs == {"units": "cases"}
    alone = forecast(fit(panel.sel(province="b", drop=True)), horizon=3)
    np.testing.assert_allclose(fan.y.sel(province="b"), alone.y, rtol=1e-6)  # how far quantiles are closed in
    assert np.isnan(fan.y.sel(province="c")).all()


def test_quantiles_of_a_hand_made_walk_are_known(hand):
    fan = forecast(hand(drift=0.05, sigma=0.1), horizon=9, quantiles=[0.5, 0.8413447460685429])
    np.testing.assert_allclose(fan.y.sel(quantile=0.5), 100 * np.exp(0.05 * np.arange(1, 10)), rtol=1e-13)
    np.testing.assert_allclose(fan.y[1] / fan.y[0], np.exp(0.1 * np.sqrt(np.arange(1, 10))), rtol=1e-12)


@settings(max_examples=25)
@given(
    quantiles=st.lists(st.floats(0.001, 0.999), min_size=2, max_size=6, unique=True),
    drift=st.floats(-0.2, 0.2), sigma=st.floats(0.01, 0.5),
)  # fmt: skip
def test_quantiles_rise(quantiles, drift, sigma):
    walk = RandomWalk(drift=drift, sigma=sigma)
    share = Grown(name="y", carrier=Odds(upper=100.0), law=walk, last_value=40.0, last_year=2012)
    fan = forecast(GrowthModel(indicators=(share,), last_year=2012), horizon=3, quantiles=sorted(quantiles))
    assert (fan.y.diff("quantile") >= 0).all()
    assert ((fan.y > 0) & (fan.y < 100)).all()


def test_ranges_widen_with_the_years(model):
    fan = np.log(forecast(model, horizon=10).y)
    width = fan.sel(quantile=0.95) - fan.sel(quantile=0.05)
    assert (width.diff("year") > 0).all()


def test_quantiles_come_in_the_order_asked_for(model):
    up, down = (forecast(model, horizon=2, quantiles=levels) for levels in ((0.1, 0.9), [0.9, 0.1]))
    np.testing.assert_array_equal(down.y.values[::-1], up.y.values)


def test_years_are_counted_from_the_last_of_the_model(table):
    model = fit(table(y=[1.0, 1.2, 1.3, 1.5, np.nan, np.nan]))
    fan = forecast(model, horizon=1, quantiles=[0.5])
    assert fan.year.values.tolist() == [2013]
    np.testing.assert_allclose(fan.y.item(), 1.5 * np.exp(model["y"].law.marginal(3).location[0]), rtol=1e-12)


@pytest.mark.parametrize("scenarios", [None, (TREND, FASTER)])
def test_a_fan_can_be_kept(model, tmp_path, scenarios):
    fan = forecast(model, horizon=3, scenarios=scenarios)
    tree = open_result(save(xr.DataTree(fan), tmp_path / "fan.nc"))
    xr.testing.assert_identical(tree.to_dataset(), fan)


@pytest.mark.parametrize(
    ("quantiles", "shown"),
    [
        ((0.0, 0.5), r"\(0\.0, 0\.5\)"),
        ([0.5, 1.0], r"\[0\.5, 1\.0\]"),
        ((0.5, -0.1), r"\(0\.5, -0\.1\)"),
        ((float("nan"),), r"\(nan,\)"),
        ((5, 50, 95), r"\(5, 50, 95\)"),
        ((), r"\(\)"),
        (0.5, r"0\.5"),
    ],
)
def test_refuses_quantiles_outside(model, quantiles, shown):
    with pytest.raises(RequestError, match=rf"quantiles={shown}\. Give .*probabilities between 0 and 1"):
        forecast(model, horizon=2, quantiles=quantiles)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, r"until=None and horizon=None\. Give exactly one of them"),
        ({"until": 2020, "horizon": 8}, r"until=2020 and horizon=8\. Give exactly one of them"),
        (
            {"until": 2010},
            r"The horizon ends in 2010, not after the model's last year 2012\. Choose a later year, or",
        ),
        ({"horizon": 2, "scenarios": ()}, r"No scenario was given\. Leave out scenarios="),
        (
            {"horizon": 2, "scenarios": (FASTER, FASTER)},
            r"Scenarios stand twice: faster\. Give each its own id",
        ),
    ],
)
def test_refuses_years_and_scenarios_that_make_no_fan(model, options, message):
    with pytest.raises(RequestError, match=message):
        forecast(model, **options)
