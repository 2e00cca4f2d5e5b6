from __future__ import annotations

import numpy as np
import pytest

from sxsim.analysis import forecast
from sxsim.fitting import fit
from sxsim.fitting.cap import farthest_change

STEPS = np.array([1.0, 6.0, 12.0])
EXPLODING = [1.0, 1.0, 1.1, 1.0, 60.0, 1.1, 900.0]


def test_the_range_without_its_largest_change_and_a_factor_of_two(table):
    model = fit(
        table(y=[1.0, 2.0, 1.5, 4.0, 3.0])
    )  # without the step to 4 it went from 1 to 2, 1.5 and 1.125
    expected = (np.log(2.0) + 0.7) * np.array([1.0, 1.0, 2.0])
    np.testing.assert_allclose(farthest_change(model, model["y"], STEPS)[:, 0], expected)


def test_a_jump_does_not_widen_the_range_and_a_missing_year_hides_nothing(table):
    calm, jumped = [3.0, 3.1, 3.0, 3.1, 3.2, 3.3], [3.0, 3.1, 3.0, 310.0, 320.0, 330.0]
    for figures in (calm, jumped):
        model = fit(table(y=figures))
        assert farthest_change(model, model["y"], STEPS)[0, 0] < np.log(1.2) + 0.7
    gap = fit(table(y=[1.0, np.nan, 2.0, 4.0, 3.0, 3.0]))
    assert farthest_change(gap, gap["y"], STEPS)[0, 0] == pytest.approx(np.log(2.0) + 0.7)


def test_few_figures_and_models_by_hand_have_no_limit(table, hand):
    short, made = fit(table(y=[1.0, 2.0, 1.5, 4.0])), hand()
    assert np.isinf(farthest_change(short, short["y"], STEPS)).all()
    assert np.isinf(farthest_change(made, made["y"], STEPS)).all()


def test_a_figure_on_its_bound_does_not_widen_the_range(table):
    model = fit(table(y=[0.0, 2.0, 1.0, 4.0, 3.0, 2.0]))
    assert farthest_change(model, model["y"], STEPS)[0, 0] == pytest.approx(np.log(4.0) + 0.7)


def test_what_was_drawn_in_is_counted(table):
    fan = forecast(fit(table(y=EXPLODING)), horizon=3, quantiles=(1e-6, 0.5, 1 - 1e-6)).y
    assert fan.attrs["capped"] == int(fan.y_capped.sum()) > 0
    model = fit(table(y=EXPLODING))
    limit = farthest_change(model, model["y"], STEPS)[0, 0]
    np.testing.assert_array_equal(fan.y_capped, np.abs(np.log(fan / 900.0)) > limit - 1e-9)
    assert np.abs(np.log(fan / 900.0)).max() == pytest.approx(limit)
    calm = forecast(fit(table(y=[1.0, 1.1, 1.2, 1.3, 1.4])), horizon=3).y
    assert "capped" not in calm.attrs
    assert "y_capped" not in calm.coords
