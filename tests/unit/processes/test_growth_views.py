from __future__ import annotations

import numpy as np
import pytest

import sxsim as sx
from sxsim.processes import Aspect, growth_views, under_view, with_volatility

RISING = [1.0, 1.1, 1.25, 1.3, 1.5, 1.7, 1.75, 2.0, 2.1, 2.3, 2.4, 2.7]


@pytest.fixture
def fitted(table):
    return sx.fit(table(y=RISING))


def test_every_aspect_shares_out_the_whole_weight(fitted):
    views = growth_views(fitted, "y")
    for aspect in Aspect:
        mine = [view for view in views if view.aspect is aspect]
        assert sum(float(view.weight[0]) for view in mine) == pytest.approx(1.0)
        np.testing.assert_array_equal(sum(view.cells.astype(int) for view in mine), 1)
        assert [v.weight[0] for v in mine] == sorted((v.weight[0] for v in mine), reverse=True)
    assert "y, kind of growth: random walk" in [view.name for view in views]
    assert {v.value for v in views if v.aspect is Aspect.EXPONENT} <= {
        "growth in proportion",
        "between proportion and equal steps",
        "equal steps",
    }


def test_tails_under_the_views_of_one_aspect_average_to_those_of_all(fitted):
    value = np.array([0.3])
    whole = fitted["y"].marginal(5).at_least(value)
    for aspect in Aspect:
        views = [view for view in growth_views(fitted, "y") if view.aspect is aspect]
        parts = [
            view.weight * under_view(fitted, view)["y"].marginal(5).at_least(value)
            for view in views
            if view.weight > 0
        ]
        assert sum(parts) == pytest.approx(whole)


def test_rougher_years_keep_their_views(fitted):
    rough = with_volatility(fitted, {"y": [2.0, 2.0]})
    views = growth_views(rough, "y")
    assert [view.name for view in views] == [view.name for view in growth_views(fitted, "y")]
    law = under_view(rough, views[0])["y"].law
    np.testing.assert_array_equal(law.factors, [2.0, 2.0])
    assert law.base.weights.sum() == pytest.approx(1.0)


def test_members_a_view_says_nothing_of_stay_as_they_are(panel):
    model = sx.fit(panel)
    view = growth_views(model, "y")[0]
    assert view.cells.shape == model["y"].law.weights.shape
    law = under_view(model, view)["y"].law
    assert np.isfinite(law.weights[:2]).all()


def test_one_cell_has_no_views(hand):
    assert growth_views(hand(), "y") == []
