from __future__ import annotations

import numpy as np
import pytest

from sxsim.fitting.grid import (
    DISCOUNTS,
    DRIFTS,
    EXPONENTS,
    SHAPES,
    SPREADS,
    STRENGTH,
    WIDTHS,
    Grid,
    operators,
)
from sxsim.processes.transform import box_cox


@pytest.fixture(scope="module")
def few():
    return Grid(
        rows=np.array([(0, 0, 1, 2, 1, 0), (1, 3, 1, 1, 2, 1), (2, 0, 1, 4, 0, 0), (0, 17, 2, 0, 1, 1)])
    )


def test_the_full_grid_holds_every_combination_once():
    grid = Grid.full()
    counts = (len(EXPONENTS), len(SHAPES), len(WIDTHS), len(DRIFTS), len(SPREADS), len(DISCOUNTS))
    assert len(grid) == np.prod(counts)
    assert len(np.unique(grid.rows, axis=0)) == len(grid)
    assert (grid.rows.max(axis=0) + 1).tolist() == list(counts)
    assert len(grid.kernels) == len(SHAPES) * len(WIDTHS)


def test_columns_are_looked_up_in_the_settings(few):
    assert len(few) == 4
    assert few.exponent.tolist() == [0.0, 0.5, 1.0, 0.0]
    assert few.drift.tolist() == [DRIFTS[2], DRIFTS[1], DRIFTS[4], DRIFTS[0]]
    assert few.discount.tolist() == [DISCOUNTS[0], DISCOUNTS[1], DISCOUNTS[0], DISCOUNTS[1]]
    np.testing.assert_allclose(few.rate, STRENGTH * np.array([0.025, 0.09, 0.008, 0.025]) ** 2)


def test_cells_share_their_pair_of_shape_and_width(few):
    assert few.kernels == ((SHAPES[0], WIDTHS[1]), (SHAPES[3], WIDTHS[1]), (SHAPES[17], WIDTHS[2]))
    assert few.kernel.tolist() == [0, 1, 0, 2]
    assert few.width.tolist() == [WIDTHS[1], WIDTHS[1], WIDTHS[2]]


def test_no_shape_stands_twice():
    assert len(set(SHAPES)) == len(SHAPES)
    assert DRIFTS[1] == 0.0


@pytest.mark.parametrize("gaps", [(1,) * 7, (1, 3, 2), (5,)])
def test_operators_have_the_shapes_they_say(few, gaps):
    ops, changes = operators(few, gaps), len(gaps)
    assert ops.whiten.shape == (3, changes + 3, changes)
    assert ops.drift.shape == (3, changes + 3)
    assert ops.logdet.shape == (3,)
    assert ops.state.shape == (3, 3, 3)
    np.testing.assert_allclose(ops.state, ops.state.transpose(0, 2, 1), atol=1e-12)
    assert (np.linalg.eigvalsh(ops.state) > -1e-10).all()


def test_a_drift_of_one_a_year_is_whitened_like_any_change(few):
    gaps = (1, 3, 2)
    ops = operators(few, gaps)
    np.testing.assert_allclose(ops.drift, ops.whiten @ np.array(gaps, float), rtol=1e-12)


def test_earlier_years_do_not_see_later_ones(few):
    short, long = operators(few, (1, 2)), operators(few, (1, 2, 1, 4))
    np.testing.assert_allclose(long.whiten[:, :2, :2], short.whiten[:, :2], rtol=1e-9, atol=1e-12)
    assert (np.triu(long.whiten[0, :4], 1) == 0).all()


def test_the_errors_of_a_random_walk_are_its_changes_less_the_drift_learned_so_far():
    width = WIDTHS[1]
    ops = operators(Grid(rows=np.array([(0, 0, 1, 0, 0, 0)])), (1, 1, 1))
    changes = np.array([0.1, -0.2, 0.4])
    expected = []
    for t in range(3):
        precision = 1 / width**2 + t
        expected.append((changes[t] - changes[:t].sum() / precision) / np.sqrt(1 + 1 / precision))
    np.testing.assert_allclose(ops.whiten[0, :3] @ changes, expected, rtol=1e-8)


def test_one_figure_explains_nothing(few):
    ops = operators(few, ())
    assert ops.whiten.shape == (3, 3, 0)
    assert (ops.logdet == 0).all()
    assert (ops.state == 0).all()


def test_operators_are_made_once(few):
    assert operators(few, (1, 1)) is operators(Grid(rows=few.rows[::-1]), (1, 1))


@pytest.mark.parametrize("exponent", EXPONENTS)
def test_the_last_figure_is_zero_in_every_transform(exponent):
    assert box_cox(np.zeros(1), exponent).tolist() == [0.0]
    ratio = 1.7
    expected = np.log(ratio) if exponent == 0 else (ratio**exponent - 1) / exponent
    assert box_cox(np.log([ratio]), exponent)[0] == pytest.approx(expected, rel=1e-12)
