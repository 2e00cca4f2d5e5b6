from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from sxsim.errors import HistoryError, SxsimError, UnknownNameError
from sxsim.fitting.history import read_history


def over(years, values=None):
    values = np.arange(1.0, len(years) + 1) if values is None else values
    return xr.Dataset({"y": ("year", values)}, coords={"year": years})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([1, 2], r"is an xarray\.Dataset or a pandas\.DataFrame, not list\. Name each indicator as a"),
        (xr.DataArray([1.0]), r"not DataArray\. Name each indicator"),
        (xr.Dataset({"y": ("year", [1.0])}), r"has no coordinate 'year'\. Add integer years"),
        (xr.Dataset({"y": ("time", [1.0])}, coords={"time": [2012]}), r"has no coordinate 'year'\. Add"),
        (xr.Dataset(coords={"year": [2012]}), r"is empty: it has no variable\. Give each indicator as"),
        (pd.DataFrame(index=[2012]), r"is empty: it has no variable\. Give each"),
        (over(np.zeros(0, int)), r"is empty: it has no year\. Give at least one year"),
        (over([2011, 2012, 2011]), r"Years stand twice in the history: 2011\. Keep one of each"),
        (pd.DataFrame({"y": [1.0, 2.0]}, index=[2010, 2010]), r"stand twice in the history: 2010\. Keep one"),
        (pd.DataFrame({"y": [1.0, 2.0, 3.0], "year": [2010, 2011, 2010]}), r"the history: 2010\. Keep"),
        (over(["2010", "2011"]), r"'year' holds .*'2010'.*, not whole years\. Use integers such as"),
        (over(pd.to_datetime(["2010-12-31"])), r"holds .*2010.*12.*31.*, not whole years\. Use integers"),
    ],
)  # fmt: skip
def test_refuses_what_is_no_table_of_years(data, message):
    with pytest.raises(HistoryError, match=message):
        read_history(data)


@pytest.mark.parametrize(("year", "shown"), [(2011.5, r"2011\.5"), (np.nan, "nan"), (np.inf, "inf")])
def test_the_year_that_is_none_is_named(year, shown):
    with pytest.raises(
        HistoryError, match=rf"'year' holds .*{shown}.*, not whole years\. Use integers such as 2012"
    ):
        read_history(over([2010.0, 2011.0, year]))


def test_refuses_an_index_of_several_levels():
    index = pd.MultiIndex.from_tuples([("a", 2010), ("a", 2011)], names=["province", "year"])
    message = (
        r"index of several levels: province, year\. Use the year as the only index, or convert with to_xarray"
    )
    with pytest.raises(HistoryError, match=message):
        read_history(pd.DataFrame({"y": [1.0, 2.0]}, index=index))


@pytest.mark.parametrize("extra", [("province", [1.0, 2.0]), 3.0])
def test_refuses_a_variable_without_years(extra):
    with pytest.raises(HistoryError, match=r"'area' has no dimension 'year'\. Drop it, or give it years"):
        read_history(over([2011, 2012]).assign(area=extra))


def test_refuses_an_end_before_the_beginning(table):
    with pytest.raises(
        HistoryError, match=r"No year up to until=1990: the history starts in 2010\. Raise until"
    ):
        read_history(table(y=[1, 2, 3]), until=1990)


@pytest.mark.parametrize("until", [2011.5, "2011"])
def test_refuses_an_end_that_is_no_year(table, until):
    with pytest.raises(SxsimError, match=rf"until={until!r}"):
        read_history(table(y=[1, 2, 3]), until=until)


def test_refuses_a_history_without_figures(table):
    with pytest.raises(
        HistoryError,
        match=r"no figure that can be fitted \(y: it has no figure at all; z: .*\)\. Give at least",
    ):
        read_history(table(y=[np.nan] * 3, z=[1, 2, 3], attrs={"z": {"role": "vintage"}}))


@pytest.mark.parametrize(
    ("attrs", "message"),
    [
        ({"role": "prox"}, r"'y' has the attribute role='prox'\. Did you mean 'proxy'\?"),
        (
            {"role": "zzz"},
            r"'y' has the attribute role='zzz'\. Known: benchmark, bound, indicator, noise, proxy, vintage",
        ),
        ({"kind": "shar"}, r"'y' has the attribute kind='shar'\. Did you mean 'share'\?"),
        ({"kind": 3}, r"'y' has the attribute kind=3\. Known: amount, balance, count"),
    ],
)
def test_refuses_words_it_does_not_know(table, attrs, message):
    with pytest.raises(HistoryError, match=message):
        read_history(table(y=[1, 2, 3], attrs={"y": attrs}))


@pytest.mark.parametrize(
    ("values", "attrs", "message"),
    [
        (
            [1, -2, 3],
            {"kind": "amount"},
            r"'y' is -2 in 2011, outside \[0, inf\]\. Correct the figure, or declare ki",
        ),
        ([1, 2, 120], {"kind": "share", "units": "%"}, r"'y' is 120 in 2012, outside \[0, 100\]\. Correct"),
        (
            [1.5, 0.2, 0.1],
            {"kind": "share"},
            r"'y' is 1\.5 in 2010, outside \[0, 1\]\. .*attributes lower and upper",
        ),
        ([3, 4, 5], {"kind": "share", "lower": 3.5, "upper": 9}, r"'y' is 3 in 2010, outside \[3\.5, 9\]"),
        ([1, np.inf, 3], {}, r"'y' holds an infinite value\. Use NaN where a figure is missing"),
        ([1, -np.inf, 3], {"kind": "balance"}, r"'y' holds an infinite value"),
    ],
)
def test_refuses_figures_outside_their_range(table, values, attrs, message):
    with pytest.raises(HistoryError, match=message):
        read_history(table(y=values, attrs={"y": attrs}))


def test_the_member_of_a_batch_with_a_wrong_figure_is_found_by_year(panel):
    panel["y"][1, 5] = -4.0
    panel["y"].attrs["kind"] = "amount"
    with pytest.raises(HistoryError, match=r"'y' is -4 in 2010, outside \[0, inf\]"):
        read_history(panel)


def test_refuses_text(table):
    data = table(y=[1, 2, 3]).assign(note=("year", ["a", "b", "c"]))
    with pytest.raises(
        HistoryError, match=r"'note' does not hold numbers\. Convert the column, NaN where missing"
    ):
        read_history(data)


@pytest.mark.parametrize(
    ("bounds", "shown"),
    [
        ({"lower": 5.0, "upper": 1.0}, r"lower=5\.0 and upper=1\.0"),
        ({"lower": "low", "upper": 1.0}, r"lower='low' and upper=1\.0"),
        ({"upper": np.inf}, r"lower=0\.0 and upper=inf"),
    ],
)
def test_refuses_impossible_bounds_and_names_the_variable(table, bounds, shown):
    message = rf"'y' is a share between {shown}\. Give two finite bounds in order, or choose another kind"
    with pytest.raises(HistoryError, match=message):
        read_history(table(y=[0.1, 0.2, 0.3], attrs={"y": {"kind": "share"} | bounds}))


def bridged(table, **values):
    attrs = {"y": {"bridge_from": "neighbour", "bridge_sd": 0.05} | values}
    return table(y=[np.nan, np.nan, 3], neighbour=[1, 2, 3], empty=[np.nan] * 3, bound=[1, 2, 3],
                 attrs=attrs | {"bound": {"role": "bound"}})  # fmt: skip


def test_refuses_a_bridge_to_nowhere(table):
    with pytest.raises(
        UnknownNameError,
        match=r"'y' learns its growth from 'neighbor', which is not in the history\. Did you mean 'n",
    ):
        read_history(bridged(table, bridge_from="neighbor"))


@pytest.mark.parametrize("source", ["empty", "bound"])
def test_refuses_a_bridge_to_a_series_that_is_not_fitted(table, source):
    message = rf"'y' learns its growth from '{source}', which is not fitted\. Choose another series"
    with pytest.raises(HistoryError, match=message):
        read_history(bridged(table, bridge_from=source))


@pytest.mark.parametrize(("spread", "shown"), [(0.0, "0"), (-0.1, r"-0\.1"), (np.nan, "nan")])
def test_refuses_a_bridge_without_a_spread(table, spread, shown):
    message = rf"'y' is bridged to 'neighbour' with bridge_sd={shown}\. State the extra standard deviation"
    with pytest.raises(HistoryError, match=message):
        read_history(bridged(table, bridge_sd=spread))


def test_refuses_a_bridge_on_a_bridge(table):
    data = bridged(table)
    data["neighbour"].attrs.update(bridge_from="third", bridge_sd=0.1)
    data["third"] = data["neighbour"].copy()
    data["third"].attrs.clear()
    with pytest.raises(
        HistoryError, match=r"'y' is bridged to 'neighbour', itself bridged\. Bridge to a fitted"
    ):
        read_history(data)
    with pytest.raises(HistoryError, match=r"'y' is bridged to 'y', itself bridged"):
        read_history(bridged(table, bridge_from="y"))


def test_refuses_a_bridge_between_different_batches(panel):
    data = panel.assign(z=("year", np.arange(1.0, 9.0), {"bridge_from": "y", "bridge_sd": 0.1}))
    with pytest.raises(
        HistoryError, match=r"'z' and 'y' differ in their dimensions\. Give both the same batch"
    ):
        read_history(data)


def test_refuses_a_bridge_from_a_balance_to_an_amount(table):
    attrs = {"y": {"bridge_from": "z", "bridge_sd": 0.05}}
    with pytest.raises(HistoryError, match=r"'y'.*'z'"):
        read_history(table(y=[np.nan, np.nan, 3], z=[-1, 2, 3], attrs=attrs))
