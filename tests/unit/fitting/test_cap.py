from __future__ import annotations

import numpy as np
import pytest

from sxsim.analysis import forecast
from sxsim.fitting import fit
from sxsim.fitting.cap import farthest_change

STEPS = np.array([1.0, 6.0, 12.0])
EXPLODING = [1.0, 1.0, 1.1, 1.0, 60.0, 1.1, 900.0]


def test_three_ranges_and_a_half_growing_with_the_horizon(table):
    model = fit(table(y=[1.0, 2.0, 1.5, 4.0, 3.0]))
    expected = (3 * np.log(4.0) + 0.5) * np.array([1.0, 1.0, 2.0])
    np.testing.assert_allclose(farthest_change(model, model["y"], STEPS)[:, 0], expected)


def test_few_figures_and_models_by_hand_have_no_limit(table, hand):
    short, made = fit(table(y=[1.0, 2.0, 1.5, 4.0])), hand()
    assert np.isinf(farthest_change(short, short["y"], STEPS)).all()
    assert np.isinf(farthest_change(made, made["y"], STEPS)).all()


def test_a_figure_on_its_bound_does_not_widen_the_range(table):
    model = fit(table(y=[0.0, 2.0, 1.0, 4.0, 3.0, 2.0]))
    assert farthest_change(model, model["y"], STEPS)[0, 0] == pytest.approx(3 * np.log(4.0) + 0.5)


def test_what_was_drawn_in_is_counted(table):
    fan = forecast(fit(table(y=EXPLODING)), horizon=3, quantiles=(1e-6, 0.5, 1 - 1e-6)).y
    assert fan.attrs["capped"] == int(fan.y_capped.sum()) > 0
    beyond = np.abs(np.log(fan / 900.0)) > 3 * np.log(900.0) + 0.5 - 1e-9
    np.testing.assert_array_equal(fan.y_capped, beyond)
    limit = 3 * np.log(900.0) + 0.5
    assert np.abs(np.log(fan / 900.0)).max() == pytest.approx(limit)
    calm = forecast(fit(table(y=[1.0, 1.1, 1.2, 1.3, 1.4])), horizon=3).y
    assert "capped" not in calm.attrs
    assert "y_capped" not in calm.coords
