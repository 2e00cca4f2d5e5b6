from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim.errors import RequestError
from sxsim.fitting.history import read_history
from sxsim.links import Log
from sxsim.studies.windows import last_level, windows, yearly_growth


def test_a_window_ends_at_its_origin_and_the_truth_begins_after_it(panel):
    [one] = windows(read_history(panel), [2010], 3, 3)
    assert one.history["year"].values.tolist() == list(range(2005, 2011))
    assert one.truth["year"].values.tolist() == [2011, 2012, 2013]
    assert np.isnan(one.truth["y"].sel(year=2013)).all()


def test_members_too_short_are_left_out_and_stay_out_of_the_history(panel):
    [one] = windows(read_history(panel), [2010], 2, 5)
    assert one.history["province"].values.tolist() == ["a"]
    assert one.scored["y"].values.tolist() == [True]
    [one] = windows(read_history(panel), [2010], 2, 4)
    assert one.history["province"].values.tolist() == ["a", "b"]


def test_a_bridge_keeps_the_series_it_leads_from(table):
    attrs = {"x": {"bridge_from": "z", "bridge_sd": 0.02}}
    data = table(x=[np.nan] * 2 + [3.0] * 4, z=[1.0, 2.0] + [np.nan] * 4, w=[np.nan] * 5 + [1.0], attrs=attrs)
    [one] = windows(read_history(data), [2011], 1, 3)
    assert set(one.history.data_vars) == {"x", "z"}
    assert set(one.scored) == {"x"}


def test_without_origins_every_year_that_leaves_enough(table):
    cut = windows(read_history(table(y=np.arange(1.0, 13.0))), None, 3, 5)
    assert [one.origin for one in cut] == [2005, 2006, 2007, 2008, 2009]


def test_origins_that_cannot_be_used(table):
    door = read_history(table(y=np.arange(1.0, 8.0)))
    with pytest.raises(RequestError, match=r"The origin 2012 leaves nothing to compare: .* 2006 to 2012\."):
        windows(door, [2012], 2, 5)
    with pytest.raises(RequestError, match=r"origins=\['a'\] are not whole years\. Give integers"):
        windows(door, ["a"], 2, 5)
    with pytest.raises(RequestError, match=r"origins=\[2010, 2010\]\. Give at least one year, and each"):
        windows(door, [2010, 2010], 2, 5)
    with pytest.raises(
        RequestError, match=r"The history has 7 years: too few for 5 up to an origin, 3 after\."
    ):
        windows(door, None, 3, 5)


def test_last_level_and_growth_see_gaps_and_late_ends():
    values = np.exp([[0.0, 0.1, np.nan, 0.5, np.nan], [np.nan, np.nan, 0.2, np.nan, 0.0]])
    history = xr.DataArray(values, dims=("series", "year"), coords={"year": np.arange(2001, 2006)})
    level, year = last_level(history, Log())
    np.testing.assert_allclose(level, [0.5, 0.0])
    np.testing.assert_array_equal(year, [2004, 2005])
    np.testing.assert_allclose(yearly_growth(history, Log(), 10), [0.5 / 3, -0.1])
    np.testing.assert_allclose(yearly_growth(history, Log(), 2), [0.4 / 2, -0.1])
    np.testing.assert_allclose(yearly_growth(history, Log(), 1), [np.nan, np.nan])
