from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim.errors import RequestError, UnknownNameError
from sxsim.studies.release import AsRestated, FirstRelease

NAN = np.nan


@pytest.fixture
def history(table):
    """Figures of 2009-2012 with restated ones, which the history names for `z` and not for `y`."""
    return table(
        y=[1.0, 2.0, 3.0, 4.0],
        y_restated=[1.5, NAN, 3.5, 4.5],
        z=[5.0, 6.0, 7.0, 8.0],
        z_restated=[5.5, 6.5, 7.5, NAN],
        attrs={"z": {"restated": "z_restated", "decided_by": "first"}, "z_restated": {"role": "vintage"}},
    )


def values(data, name):
    return data[name].values.tolist()


def test_first_releases_stand_and_nothing_restated_is_left_to_the_fit(history):
    known = FirstRelease().known(history, 2011)
    assert known.year.values.tolist() == [2009, 2010, 2011]
    assert values(known, "z") == [5, 6, 7]
    assert known.z.attrs == {}
    assert history.z.attrs["restated"] == "z_restated"


def test_first_releases_may_stand_in_another_variable(history):
    first = FirstRelease(figures={"y": "y_restated"})
    assert values(first.known(history, 2010), "y") == [1.5, 2.0]
    assert values(first.final(history), "y") == [1.5, 2.0, 3.5, 4.5]


@pytest.mark.parametrize("lag", [1, {"y": 1}])
def test_figures_that_come_late(history, lag):
    known = FirstRelease(lag=lag).known(history, 2012)
    np.testing.assert_array_equal(known.y, [1, 2, 3, NAN])
    np.testing.assert_array_equal(known.z, [5, 6, 7, NAN if lag == 1 else 8])


def test_restated_figures_are_known_after_their_delay(history):
    known = AsRestated(figures={"y": "y_restated"}).known(history, 2011)
    assert values(known, "y") == [1.5, 2.0, 3.0]
    np.testing.assert_array_equal(known.z_restated, [5.5, 6.5, NAN])
    assert known.z.attrs == {"restated": "z_restated", "decided_by": "restated"}


def test_a_census_restates_many_years_at_once(history):
    census = AsRestated(figures={"y": "y_restated"}, since=2012)
    assert values(census.known(history, 2011), "y") == [1.0, 2.0, 3.0]
    assert values(census.known(history, 2012), "y") == [1.5, 2.0, 3.5, 4.0]


def test_in_the_end_all_restated_figures_count(history):
    final = AsRestated(figures={"y": "y_restated"}).final(history)
    assert values(final, "y") == [1.5, 2.0, 3.5, 4.5]
    assert values(final, "z") == [5.5, 6.5, 7.5, 8.0]


@pytest.mark.parametrize("release", [FirstRelease(), AsRestated(figures={"y": "y_restated"})])
def test_later_figures_change_nothing(history, release):
    later = history.where(history.year <= 2010, 99.0)
    xr.testing.assert_identical(release.known(later, 2010), release.known(history, 2010))


def test_part_of_a_year_counts_until_the_year_is_known(table):
    part = {"partial_year": 2012, "partial_value": 3.0, "partial_share": 0.7, "partial_spread": 0.02}
    history = table(y=[1.0, 2.0, 3.0, 4.0], attrs={"y": part})
    assert FirstRelease().known(history, 2011).y.attrs == part
    assert FirstRelease().known(history, 2012).y.attrs == {}
    assert FirstRelease().known(history, 2010).y.attrs == {}


@pytest.mark.parametrize("figures", [{"x": "y"}, {"y": "x"}])
def test_a_name_that_is_not_there(history, figures):
    with pytest.raises(UnknownNameError, match=r"figures= names 'x', which the history does not hold"):
        FirstRelease(figures=figures).known(history, 2012)


@pytest.mark.parametrize("lag", [-1, 0.5, {"y": "one"}, True])
def test_a_lag_that_is_none(lag):
    for release in (FirstRelease, AsRestated):
        with pytest.raises(RequestError, match=r"lag=.* is no number of years\. Give a whole number"):
            release(lag=lag)


def test_a_delay_that_is_none():
    with pytest.raises(RequestError, match=r"delay=-1 is no number of years"):
        AsRestated(delay=-1)
    with pytest.raises(RequestError, match=r"since=None is no number of years"):
        AsRestated(since=None)
