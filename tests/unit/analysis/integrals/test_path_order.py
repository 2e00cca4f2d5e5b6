from __future__ import annotations

import numpy as np
import pytest

from sxsim.analysis.integrals.path_order import construction
from sxsim.simulation import Order


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("years", [1, 2, 5, 8, 13])
def test_normals_stay_independent(order, years):
    build = construction(order, years)
    np.testing.assert_allclose(build @ build.T, np.eye(years), atol=1e-12)


def test_years_come_as_they_are():
    np.testing.assert_allclose(construction(Order.YEARS, 6), np.eye(6), atol=1e-14)


@pytest.mark.parametrize("years", [2, 7, 8])
def test_a_bridge_starts_with_the_last_year(years):
    path = construction(Order.BRIDGE, years).cumsum(axis=0)
    np.testing.assert_allclose(path[-1], np.sqrt(years) * np.eye(years)[0], atol=1e-12)
    middle = years // 2 - 1
    assert np.abs(path[middle, 2:]).max(initial=0.0) < 1e-12


@pytest.mark.parametrize("years", [3, 8])
def test_main_directions_explain_most_first(years):
    explained = (construction(Order.PRINCIPAL, years).cumsum(axis=0) ** 2).sum(axis=0)
    assert (np.diff(explained) <= 1e-12).all()
    assert explained[0] > 0.8 * explained.sum()
    others = (construction(Order.BRIDGE, years).cumsum(axis=0) ** 2).sum(axis=0)
    assert explained[0] >= others[0]
