from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from sxsim.fitting.history import read_history
from sxsim.links import Count, Linear, Log, Odds

YEARS = np.arange(2008, 2013)


def only(data, **options):
    (series,) = read_history(data, **options).series
    return series


def test_a_dataset_becomes_arrays(table):
    door = read_history(table(a=[1, 2, 4], b=[3, np.nan, 5]))
    assert door.years.tolist() == [2010, 2011, 2012]
    assert [series.name for series in door.series] == ["a", "b"]
    np.testing.assert_array_equal(door.series[1].values, [[3, np.nan, 5]])
    np.testing.assert_allclose(door.series[1].levels, np.log([[3, np.nan, 5]]), rtol=1e-15)
    assert (door.series[0].batch, door.series[0].notes, dict(door.absent)) == ((), (), {})


def test_a_frame_with_years_as_index_or_column_is_the_same_history(table):
    columns = {"a": [1.0, 2.0, 4.0], "b": [3.0, np.nan, 5.0]}
    expected = read_history(table(**columns))
    by_index = pd.DataFrame(columns, index=[2010, 2011, 2012])
    by_name = pd.DataFrame(columns, index=pd.Index([2010, 2011, 2012], name="when"))
    by_column = pd.DataFrame({"year": [2010, 2011, 2012]} | columns)
    for frame in (by_index, by_name, by_column):
        before = frame.copy()
        door = read_history(frame)
        pd.testing.assert_frame_equal(frame, before)
        assert door.years.tolist() == expected.years.tolist()
        for found, wanted in zip(door.series, expected.series, strict=True):
            assert found.name == wanted.name
            np.testing.assert_array_equal(found.values, wanted.values)


def test_whole_numbers_and_missing_marks_of_pandas_are_read():
    frame = pd.DataFrame({"a": pd.array([1, None, 3], dtype="Int64")}, index=[2010.0, 2011.0, 2012.0])
    np.testing.assert_array_equal(only(frame).values, [[1, np.nan, 3]])


def test_years_are_sorted_and_gaps_filled():
    data = xr.Dataset({"y": ("year", [4.0, 1.0, 2.0])}, coords={"year": [2012, 2007, 2009]})
    door = read_history(data)
    assert door.years.tolist() == list(range(2007, 2013))
    np.testing.assert_array_equal(door.series[0].values, [[1, np.nan, 2, np.nan, np.nan, 4]])
    assert data.year.values.tolist() == [2012, 2007, 2009]


def test_ends_may_be_ragged(table):
    door = read_history(table(a=[np.nan, 2, 3, 4], b=[1, 2, np.nan, np.nan]))
    assert np.isfinite(door.series[0].values).ravel().tolist() == [False, True, True, True]
    assert np.isfinite(door.series[1].values).ravel().tolist() == [True, True, False, False]


def test_until_cuts_the_history(table):
    door = read_history(table(a=[1, 2, 3, 4]), until=2010)
    assert door.years.tolist() == [2009, 2010]
    assert door.data.year.values.tolist() == [2009, 2010]


def test_until_may_lie_beyond_the_figures(table):
    door = read_history(table(a=[1, 2, 3]), until=2014)
    assert door.years.tolist() == [2010, 2011, 2012, 2013, 2014]
    np.testing.assert_array_equal(door.series[0].values, [[1, 2, 3, np.nan, np.nan]])


def test_batch_dimensions_become_members(panel):
    series = only(panel.transpose("year", "province"))
    assert series.batch == ("province",)
    np.testing.assert_array_equal(series.values, panel.y.values)
    assert np.isnan(series.levels[2]).all()


def test_two_batch_dimensions_are_read_in_their_order():
    values = np.arange(1.0, 25.0).reshape(2, 3, 4)
    data = xr.Dataset({"y": (("region", "sector", "year"), values)}, coords={"year": YEARS[:4]})
    series = only(data)
    assert series.batch == ("region", "sector")
    np.testing.assert_array_equal(series.values, values.reshape(6, 4))


@pytest.mark.parametrize(
    ("attrs", "values", "carrier"),
    [
        ({}, [1, 2, 3], Log()),
        ({}, [-1, 2, 3], Linear(scale=np.sqrt(14 / 3))),
        ({"kind": "balance"}, [3, 3, 3], Linear(scale=3.0)),
        ({"kind": "share"}, [0.1, 0.2, 0.3], Odds()),
        ({"kind": "share", "units": "% of GDP"}, [1, 2, 3], Odds(upper=100.0)),
        ({"kind": "share", "units": " %"}, [1, 2, 3], Odds(upper=100.0)),
        (
            {"kind": "share", "units": "%", "lower": 1.0, "upper": 30.0},
            [2, 3, 4],
            Odds(lower=1.0, upper=30.0),
        ),
        *[({"kind": kind}, [1, 2, 3], Log()) for kind in ("ratio", "amount", "stock", "flow")],
        ({"kind": "count"}, [0, 2, 3], Count()),
        ({"kind": "count"}, [1.5, 2, 3], Log()),
    ],
)
def test_the_kind_fixes_the_carrier(table, attrs, values, carrier):
    assert only(table(y=values, attrs={"y": attrs})).carrier == carrier


@pytest.mark.parametrize(
    ("values", "moved"),
    [
        ([0, 3, 4], 0.5),
        ([0, 3.5, 4], 0.05),
        ([0, 1.09, 1.1], 0.005),
        ([0, 1.25, 0], 0.005),
        ([0, 12, 13], 0.5),
        ([0, 3000, 4000], 500),
        ([0, 3e-12, 4e-12], 5e-13),
    ],
)
def test_a_zero_is_moved_by_half_a_reporting_step_and_noted(table, values, moved):
    series = only(table(y=values))
    expected = np.where(np.array(values) == 0, moved, values)
    np.testing.assert_allclose(series.values[0], expected, rtol=1e-14)
    years = ", ".join(str(year) for year in np.arange(2010, 2013)[np.array(values) == 0])
    count = values.count(0)
    assert len(series.notes) == 1
    assert f"{count} figure" in series.notes[0]
    assert f"({years})" in series.notes[0]
    assert series.notes[0].endswith(f"moved inside by {moved:g}")


def test_a_full_share_is_moved_down(table):
    series = only(table(y=[97.5, 100, 99.1], attrs={"y": {"kind": "share", "units": "%"}}))
    np.testing.assert_allclose(series.values[0], [97.5, 99.95, 99.1])


def test_figures_moved_inside_stay_inside(table):
    narrow = {"kind": "share", "lower": 0.0, "upper": 0.4}
    series = only(table(y=[0, 0.001, 0], attrs={"y": narrow}))
    assert ((series.values > 0) & (series.values < 0.4)).all()
    assert np.isfinite(series.levels).all()


def test_empty_and_full_shares_stay_apart(table):
    series = only(table(y=[0, 1, 0.5], attrs={"y": {"kind": "share"}}))
    assert series.values[0, 0] < series.values[0, 2] < series.values[0, 1]


@pytest.mark.parametrize("values", [[0, 1, 5], [0, 0.02, 3], [0, 2e-10, 3e-10]])
def test_a_zero_that_was_moved_is_still_the_smallest(table, values):
    moved = only(table(y=values)).values[0]
    assert 0 < moved[0] < values[1]


def test_a_balance_at_zero_is_left_alone(table):
    series = only(table(y=[0, -3, 4]))
    assert series.values.tolist() == [[0, -3, 4]]
    assert series.notes == ()


@pytest.mark.parametrize("role", ["bound", "vintage"])
def test_some_roles_are_shown_but_not_fitted(table, role):
    door = read_history(table(y=[1, 2, 3], z=[-5, 0, np.inf], attrs={"z": {"role": role, "kind": "share"}}))
    assert [series.name for series in door.series] == ["y"]
    assert door.absent == {"z": f"its role is {role}, which is not fitted"}
    assert "z" in door.data


@pytest.mark.parametrize("role", ["indicator", "proxy", "benchmark"])
def test_the_other_roles_are_fitted(table, role):
    assert only(table(y=[1, 2, 3], attrs={"y": {"role": role}})).name == "y"


def test_a_variable_without_figures_is_left_out_with_the_reason(table):
    data = table(y=[1, 2, 3], never=[np.nan] * 3, later=[np.nan, np.nan, 7])
    assert read_history(data, until=2011).absent == {
        "never": "it has no figure at all",
        "later": "it has no figure up to 2011; the first is for 2012",
    }


def test_the_reason_looks_at_all_members_of_a_batch(panel):
    late = panel.assign(z=panel.y.where(panel.year >= 2011))
    assert read_history(late, until=2009).absent["z"].endswith("the first is for 2011")


def test_a_bridge_is_read_from_the_attributes(table):
    attrs = {"y": {"bridge_from": "z", "bridge_sd": 0.04}}
    series = {s.name: s for s in read_history(table(y=[np.nan, np.nan, 3], z=[1, 2, 3], attrs=attrs)).series}
    assert (series["y"].bridge_from, series["y"].bridge_sd) == ("z", 0.04)
    assert (series["z"].bridge_from, series["z"].bridge_sd) == (None, None)
