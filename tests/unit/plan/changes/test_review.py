from __future__ import annotations

import numpy as np
import pytest

from sxsim.plan import EffectUnit, Review, SteadyTrack, StraightTrack

TRACK = StraightTrack(start=2012, value=10.0, end=2016, goal=14.0)


def review(**more):
    settings = {"id": "r", "label": "r", "watched": "y", "track": TRACK, "years": (2015,), "gain": 0.5}
    return Review(**(settings | {"indicator": "y", "unit": EffectUnit.UNITS} | more))


def decided(one, *rows, years=(2012, 2013, 2014)):
    seen = {"y": np.array(rows, float)}
    return one.decide(seen, np.array(years[-len(rows) :]), 2015).tolist()


def test_effort_goes_with_the_gap_up_to_its_bound():
    assert decided(review(), [11.0, 12.0, 15.0]) == [0.5, 0.0, 0.0]
    assert decided(review(at_most=0.4), [11.0, 11.6, 12.0]) == [0.4, pytest.approx(0.2), 0.0]


def test_a_negative_gain_takes_away_down_to_its_bound():
    assert decided(review(gain=-0.5, at_most=0.4), [11.0, 11.6]) == [-0.4, pytest.approx(-0.2)]


def test_it_may_act_above_the_track_instead():
    assert decided(review(above=True), [11.0, 15.0]) == [0.0, 1.5]


def test_it_looks_at_the_latest_figure_there_is():
    assert decided(review(), [9.0, 9.0], [10.0, 12.0], [np.nan, np.nan]) == [0.5, 0.0]
    assert np.isnan(decided(review(), [np.nan, np.nan])).all()


def test_tracks_pass_through_both_ends_and_go_on():
    assert [TRACK.at(year) for year in (2010, 2012, 2014, 2016, 2018)] == [8.0, 10.0, 12.0, 14.0, 16.0]
    steady = SteadyTrack(start=2012, value=1.0, end=2014, goal=4.0)
    assert [steady.at(year) for year in (2011, 2012, 2013, 2014, 2015)] == [0.5, 1.0, 2.0, 4.0, 8.0]
