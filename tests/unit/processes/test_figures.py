from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from sxsim.errors import ModelError, RequestError, UnknownNameError
from sxsim.fitting import fit
from sxsim.links import Count, Linear, Log, Odds
from sxsim.processes import (
    DrawnPaths,
    Grown,
    GrowthModel,
    Logistic,
    NegativeBinomial,
    RandomWalk,
    StudentShocks,
    read_path,
)

YEARS = [2013, 2015]


def model_of(law, carrier=None, last_value=1.0, last_year=2012, **more):
    grown = Grown(name="y", carrier=carrier or Log(), law=law, last_value=last_value, last_year=last_year)
    return GrowthModel(indicators=(grown,), last_year=2012, **more)


@pytest.mark.parametrize(
    "figures",
    [
        {2015: 120, 2013: 110.0},
        {np.int64(2013): 110.0, np.int64(2015): 120.0},
        pd.Series([120.0, 110.0], index=[2015, 2013]),
        xr.DataArray([110.0, 120.0], dims="year", coords={"year": YEARS}),
    ],
    ids=["mapping", "numpy years", "series", "array"],
)
def test_figures_may_come_in_any_form_and_order(hand, figures):
    found = read_path({"y": figures}, hand())["y"]
    assert found.years.tolist() == YEARS
    assert found.values.tolist() == [[110.0], [120.0]]


def test_a_dataset_gives_several_indicators(hand):
    table = xr.Dataset({name: ("year", [1.0, 2.0]) for name in "ab"}, coords={"year": YEARS})
    assert sorted(read_path(table, hand("a", "b"))) == ["a", "b"]


def test_members_of_a_batch_are_found_by_their_labels(panel):
    model = fit(panel.isel(province=[0, 1]))
    table = xr.DataArray(
        [[1.0, 2.0, 3.0]], dims=("year", "province"), coords={"year": [2013], "province": ["z", "b", "a"]}
    )
    assert read_path({"y": table}, model)["y"].values.tolist() == [[3.0, 2.0]]
    frame = table.isel(province=[1, 2]).to_series()
    assert read_path({"y": frame}, model)["y"].values.tolist() == [[3.0, 2.0]]
    assert read_path({"y": {2013: 4.0}}, model)["y"].values.tolist() == [[4.0, 4.0]]


def test_figures_given_later_add_up(hand):
    model = (
        hand("a", "b").given({"a": {2014: 110.0}}).given({"a": {2013: 105.0, 2014: 110.0}, "b": {2020: 1.0}})
    )
    figures = model.conditions.figures
    assert figures["a"].years.tolist() == [2013, 2014]
    assert figures["a"].values.ravel().tolist() == [105.0, 110.0]
    assert figures["b"].years.tolist() == [2020]
    assert model.conditions.base.conditions is None


def test_one_year_has_one_figure(hand):
    model = hand().given({"y": {2014: 110.0}})
    with pytest.raises(RequestError, match=r"'y' is given twice in 2014, as 110 and as 111\. Keep one"):
        model.given({"y": {2014: 111.0, 2013: 100.0}})


WRONG = {
    "no name": ({}, r"The path names no indicator\. Give figures by indicator"),
    "no mapping": ([1.0], r"The path is list\. Give figures by indicator"),
    "no year": ({"y": {}}, r"The path of 'y' has no year\. Give at least one"),
    "no years": ({"y": [1.0, 2.0]}, r"The path of 'y' is list without years\. Give figures by year"),
    "text": ({"y": {2013: "many"}}, r"The path of 'y' holds more than numbers"),
    "half a year": ({"y": {2013.5: 1.0}}, r"The path of 'y' has the year 2013\.5\. Give whole years"),
    "past": ({"y": {2012: 1.0, 2013: 2.0}}, r"'y' gives 2012, which is not after the model's last year 2012"),
    "missing": ({"y": {2013: np.nan}}, r"The path of 'y' gives nan in 2013, outside \(0, inf\)"),
    "below": ({"y": {2013: 1.0, 2014: -2.0}}, r"The path of 'y' gives -2 in 2014, outside \(0, inf\)"),
    "endless": ({"y": {2013: np.inf}}, r"The path of 'y' gives inf in 2013, outside"),
    "twice": ({"y": pd.Series([1.0, 2.0], index=[2013, 2013])}, r"The path of 'y' holds 2013 twice"),
    "dimension": (
        {"y": xr.DataArray([[1.0]], dims=("year", "region"), coords={"year": [2013]})},
        r"The path of 'y' has the dimension 'region'; the indicator has 'year'\. Use these",
    ),
}


@pytest.mark.parametrize(("path", "message"), WRONG.values(), ids=WRONG)
def test_what_is_no_path_is_refused(hand, path, message):
    with pytest.raises(RequestError, match=message):
        hand().given(path)


def test_a_name_the_model_does_not_hold(hand, table):
    with pytest.raises(UnknownNameError, match=r"'gpd' is not in the model\. Did you mean 'gdp'\?"):
        hand("gdp").given({"gpd": {2013: 1.0}})
    model = fit(table(a=[1, 1.2, 1.1], b=[np.nan, np.nan, np.nan]))
    with pytest.raises(UnknownNameError, match=r"'b' is not in the model: "):
        model.given({"b": {2013: 1.0}})


def test_a_member_that_is_left_out(panel):
    model = fit(panel.isel(province=[0, 1]))
    table = xr.DataArray([[1.0]], dims=("year", "province"), coords={"year": [2013], "province": ["a"]})
    with pytest.raises(RequestError, match=r"The path of 'y' misses province b\. Give every member"):
        model.given({"y": table})


def test_a_count_is_whole():
    model = model_of(RandomWalk(drift=0.1, sigma=0.1), Count())
    with pytest.raises(RequestError, match=r"The path of 'y' gives 2\.5 in 2013; it is a count\. Give whole"):
        model.given({"y": {2013: 2.5}})
    model.given({"y": {2013: 3.0}})


def test_a_share_stays_inside(hand):
    model = model_of(RandomWalk(drift=0.1, sigma=0.1), Odds(lower=0.0, upper=100.0), 30.0)
    with pytest.raises(RequestError, match=r"gives 100 in 2013, outside \(0, 100\)"):
        model.given({"y": {2013: 100.0}})


def test_what_is_certain_cannot_be_given():
    with pytest.raises(
        ModelError, match=r"Nothing is uncertain about 'y', so that it cannot be 1\.5 in 2013"
    ):
        model_of(RandomWalk(drift=0.1, sigma=0.0)).given({"y": {2013: 1.5}})


def test_laws_that_cannot_follow():
    counts = model_of(NegativeBinomial(drift=0.05, memory=0.8, mean=3.0, size=10.0), Linear(scale=1.0), 5.0)
    with pytest.raises(ModelError, match=r"'y' is a count, which cannot be given"):
        counts.given({"y": {2013: 6.0}})
    shocks = StudentShocks(drift=0.1, sigma=0.1, dof=4.0)
    drawn = DrawnPaths(process=shocks, draws={"drift": np.full((1, 2), 0.1)}, weights=np.full((1, 2), 0.5))
    with pytest.raises(ModelError, match=r"The parameters of 'y' are drawn \(DrawnPaths\)"):
        model_of(drawn).given({"y": {2013: 1.1}})
    with pytest.raises(
        ModelError, match=r"'y' is walked year by year; its path leaves out a year from 2013 on"
    ):
        model_of(shocks).given({"y": {2014: 1.1}})
    with pytest.raises(
        ModelError, match=r"its path leaves out a year from 2012 on\. Give every year from 2012"
    ):
        model_of(shocks, last_year=2011).given({"y": {2013: 1.1}})
    still = StudentShocks(drift=0.1, sigma=0.0, dof=4.0)
    with pytest.raises(ModelError, match=r"StudentShocks cannot take 'y' along the path given\. Stay within"):
        model_of(still).given({"y": {2013: 1.5}})
    with pytest.raises(ModelError, match=r"A figure of 3 is not below the ceiling 2"):
        model_of(Logistic(ceiling=2.0, drift=0.3, sigma=0.1)).given({"y": {2013: 3.0}})
