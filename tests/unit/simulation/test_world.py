from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsim.fitting import fit
from sxsim.links import Log
from sxsim.processes import Grown, GrowthModel, Mixture
from sxsim.processes.cell_posterior import row_cholesky
from sxsim.simulation import Twin, world_of
from sxsim.streams import BLOCK, Seed


def correlation(count, seed):
    rows = np.random.default_rng(seed).standard_normal((count + 3, count))
    return np.corrcoef(rows.T).reshape(count, count)


def world(model, horizon=3, seed=5):
    return world_of(model, horizon, Seed.of(seed))


@settings(max_examples=25)
@given(count=st.integers(1, 8), seed=st.integers(0, 100))
def test_the_factor_is_the_one_of_numpy(count, seed):
    matrix = correlation(count, seed)
    np.testing.assert_allclose(row_cholesky(matrix), np.linalg.cholesky(matrix), rtol=0, atol=1e-14)


@settings(max_examples=25)
@given(count=st.integers(2, 8), seed=st.integers(0, 100))
def test_more_indicators_keep_the_bits_of_the_first_rows(count, seed):
    matrix = correlation(count, seed)
    whole = row_cholesky(matrix)
    for size in range(1, count):
        np.testing.assert_array_equal(row_cholesky(matrix[:size, :size]), whole[:size, :size])


def test_independent_indicators_are_not_mixed():
    np.testing.assert_array_equal(row_cholesky(np.eye(4)), np.eye(4))


def test_a_block_holds_every_indicator_whole(hand, panel):
    levels = world(hand("a", "b")).block(0)
    assert {name: level.shape for name, level in levels.items()} == {"a": (1, 3, BLOCK), "b": (1, 3, BLOCK)}
    assert all(np.isfinite(level).all() for level in levels.values())
    assert world(fit(panel)).block(0)["y"].shape == (3, 3, BLOCK)


def test_blocks_are_repeated_and_differ(hand):
    first, again, second = (world(hand()).block(number)["y"] for number in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert not np.isin(first, second).any()


def test_a_longer_horizon_keeps_the_earlier_years(table):
    model = fit(table(a=[1, 1.2, 1.1, 1.5, 1.6], b=[3, 3.2, 3.1, np.nan, np.nan]))
    short, long = world(model, 2).block(0), world(model, 5).block(0)
    for name in ("a", "b"):
        np.testing.assert_array_equal(long[name][:, :2], short[name])


def test_levels_start_from_the_last_figure(hand):
    calm = world(hand(drift=0.1, sigma=1e-9)).block(0)["y"]
    np.testing.assert_allclose(calm[0, :, 0], np.log(100) + 0.1 * np.arange(1, 4), rtol=0, atol=1e-6)


def test_years_that_are_not_known_are_walked_through(table):
    model = fit(table(a=[1, 1.2, 1.1, 1.5, 1.6], b=[3, 3.2, 3.1, np.nan, np.nan]))
    level = world(model).block(0)["b"]
    law = model["b"].law.marginal(5)
    middle = float(np.log(3.1) + law.location[0])
    assert np.median(level[0, 2]) == pytest.approx(middle, abs=5 * float(law.spread[0]) / BLOCK**0.5)


def test_a_twin_shares_parameters_but_not_the_shocks(table):
    model = fit(table(a=[1, 1.2, 1.1, 1.5, 1.6]))
    kinds = (Twin.NONE, Twin.PARAMETERS, Twin.CELLS)
    level, twin, cells = (world(model, 40).block(0, kind)["a"][0] for kind in kinds)
    for other in (twin, cells):
        assert not np.isin(level, other).all()
    assert np.corrcoef(level[-1], twin[-1])[0, 1] > 0.3 > np.corrcoef(level[-1], cells[-1])[0, 1]


def test_members_with_the_same_figures_differ_in_luck(panel):
    panel["y"][1] = panel["y"][0]
    level = world(fit(panel)).block(0)["y"]
    assert not np.isin(level[0], level[1]).any()


def test_a_member_is_known_by_its_label_not_by_its_place(panel):
    level = world(fit(panel)).block(0)["y"]
    turned = world(fit(panel.sel(province=["c", "b", "a"]))).block(0)["y"]
    np.testing.assert_array_equal(turned[::-1], level)


def test_correlated_indicators_move_together(hand):
    matrix = np.array([[1.0, 0.9], [0.9, 1.0]])
    levels = world(hand("a", "b", correlation=matrix), 1).block(0)
    assert np.corrcoef(levels["a"].ravel(), levels["b"].ravel())[0, 1] == pytest.approx(0.9, abs=0.05)


class Crisis:
    """Growth of ten percent a year, or a fall by as much with one chance in four: two cells."""

    def mixture(self, horizon, member=0):
        del member
        steps = np.arange(1.0, horizon + 1)
        factor = np.column_stack([np.zeros(horizon), np.tril(np.ones((horizon, horizon)))])
        return Mixture(
            weights=np.array([0.75, 0.25]),
            locations=np.stack([0.1 * steps, -0.1 * steps]),
            factors=np.stack([factor, factor]),
            scales=np.array([1e-6, 1e-6]),
            dof=np.array([np.inf, 5.0]),
            exponents=np.zeros(2),
        )


def test_a_law_of_several_cells_keeps_its_cell_for_the_whole_path():
    grown = Grown(name="y", carrier=Log(), law=Crisis(), last_value=1.0, last_year=2012)
    level = world(GrowthModel(indicators=(grown,), last_year=2012)).block(0)["y"][0]
    fallen = level[0] < 0
    assert fallen.mean() == pytest.approx(0.25, abs=0.05)
    expected = np.where(fallen, -0.1, 0.1) * np.arange(1, 4)[:, None]
    np.testing.assert_allclose(level, expected, rtol=0, atol=1e-3)
