from __future__ import annotations

import numpy as np
import pytest

from sxsim.analysis.yardsticks import formulas as f


def test_the_slope_of_the_unicef_note_is_a_reduction_of_6_4_percent():
    years = np.array([1990, 1994, 1995, 1998, 2000, 2003, 2005])
    prevalence = 37.0 * np.exp(-0.06613 * (years - 1990))
    assert f.trend_growth(years, prevalence, np.full(7, True)) == pytest.approx(-0.064, abs=5e-4)


def test_the_trend_is_that_of_numpy_whatever_is_left_out():
    rng = np.random.default_rng(4)
    values = rng.lognormal(1.0, 0.3, (5, 3, 9))
    years = np.arange(2000, 2009) + np.zeros_like(values)
    used = rng.random(values.shape) < 0.7
    used[..., :2] = True
    found = f.trend_growth(np.where(used, years, np.nan), np.where(used, values, np.nan), used)
    for place in np.ndindex(5, 3):
        kept = used[place]
        slope = np.polyfit(years[place][kept] - 2000, np.log(values[place][kept]), 1)[0]
        assert found[place] == pytest.approx(np.exp(slope) - 1, abs=1e-12)


def test_one_figure_or_none_has_no_trend():
    used = np.array([[False, True, False], [False, False, False]])
    assert np.isnan(f.trend_growth(np.arange(3.0), np.ones(3), used)).all()


def test_a_fall_of_40_percent_from_2012_to_2025_is_3_9_percent_a_year():
    assert -f.annual_growth(100.0, 60.0, 13) == pytest.approx(0.039, abs=5e-4)


def test_a_share_of_the_level_ends_at_one():
    assert f.share_of_level(np.array([0.0, 1.25, 2.5, 5.0]), 2.5).tolist() == [0.0, 0.5, 1.0, 1.0]


def test_at_the_goal_every_scale_is_at_its_end():
    for base, goal, direction in ((2.0, 5.0, 1), (5.0, 2.0, -1)):
        assert f.straight_share(base, goal, goal) == 1.0
        assert f.steady_share(base, goal, goal) == 1.0
        assert f.current_status(base, goal, goal, direction) == 10.0


def test_the_current_status_index_is_ten_times_the_straight_share():
    base, figure, goal = np.array([2.0, 9.0]), np.array([2.6, 10.0]), np.array([5.0, 4.0])
    index = f.current_status(base, figure, goal, np.sign(goal - base))
    assert index == pytest.approx(10 * f.straight_share(base, figure, goal))


def test_growth_that_goes_on_is_extrapolated_year_by_year():
    value, growth = 12.0, (12.0 / 10.0) ** 0.5
    for _ in range(4):
        value *= growth
    share = f.extrapolated_share(10.0, 12.0, 20.0, 2, 4)
    assert share == pytest.approx((value - 10.0) / (20.0 - 10.0))
