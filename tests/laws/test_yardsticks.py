"""Official measures: what lies on a track is on schedule, units do not matter, better is never worse."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from sxsim.analysis.yardsticks import formulas as f

AMOUNT = st.floats(0.1, 100.0)
GROWTH = st.floats(0.01, 0.4)
YEARS = st.integers(1, 10)


@given(AMOUNT, GROWTH, YEARS, YEARS, st.booleans())
def test_steady_growth_to_the_goal_keeps_pace_everywhere(base, growth, elapsed, left, down):
    rate = (1 / (1 + growth) if down else 1 + growth) - 1
    figure, goal = base * (1 + rate) ** elapsed, base * (1 + rate) ** (elapsed + left)
    time = elapsed / (elapsed + left)
    actual, required = f.annual_growth(base, figure, elapsed), f.annual_growth(base, goal, elapsed + left)
    assert np.isclose(f.steady_share(base, figure, goal) / time, 1.0)
    assert np.isclose(f.pace_ratio(actual, required, -1 if down else 1), 1.0)
    assert np.isclose(f.extrapolated_share(base, figure, goal, elapsed, left), 1.0)
    assert np.isclose(f.annual_growth(figure, goal, left), rate)


@given(AMOUNT, st.floats(0.1, 50.0), YEARS, YEARS)
def test_equal_amounts_to_the_goal_are_on_the_straight_track(base, step, elapsed, left):
    share = f.straight_share(base, base + step * elapsed, base + step * (elapsed + left))
    assert np.isclose(share, elapsed / (elapsed + left))


@given(AMOUNT, AMOUNT, AMOUNT, st.floats(0.01, 1e4), YEARS, YEARS)
def test_units_do_not_matter(base, figure, goal, scale, elapsed, left):
    assume(abs(goal / base - 1) > 1e-3)
    for measure in (f.straight_share, f.steady_share, lambda *x: f.extrapolated_share(*x, elapsed, left)):
        with np.errstate(over="ignore"):
            plain, scaled = measure(base, figure, goal), measure(scale * base, scale * figure, scale * goal)
        assert np.isclose(plain, scaled, rtol=1e-6, atol=1e-6)


@given(AMOUNT, AMOUNT, st.floats(1.001, 3.0), GROWTH, YEARS, YEARS)
def test_a_better_figure_is_never_judged_worse(base, figure, better, growth, elapsed, left):
    goal = base * (1 + growth) ** (elapsed + left)
    more = figure * better
    required = f.annual_growth(base, goal, elapsed + left)

    def pace(value):
        return f.pace_ratio(f.annual_growth(base, value, elapsed), required, 1)

    assert pace(more) >= pace(figure)
    assert f.share_of_level(more, goal) >= f.share_of_level(figure, goal)
    assert f.straight_share(base, more, goal) >= f.straight_share(base, figure, goal)
    assert f.steady_share(base, more, goal) >= f.steady_share(base, figure, goal)
    assert f.current_status(base, more, goal, 1) >= f.current_status(base, figure, goal, 1)
    assert f.annual_growth(more, goal, left) <= f.annual_growth(figure, goal, left)
