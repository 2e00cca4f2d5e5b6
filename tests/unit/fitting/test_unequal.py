from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sxsim.fitting.unequal import alike, layout_of

marks = st.tuples(st.integers(0, 12), st.integers(1, 6), st.floats(0, 1), st.integers(0, 999)).map(
    lambda a: np.random.default_rng(a[3]).random((a[0], a[1])) < a[2]
)


@given(marks)
def test_rows_never_grow_from_one_group_to_the_next(seen):
    layout = layout_of(seen)
    assert sorted(layout.order.tolist()) == list(range(seen.shape[1]))
    assert [g.first for g in layout.groups] + [seen.shape[1]] == [0] + [g.last for g in layout.groups]
    for one, later in zip(layout.groups[:-1], layout.groups[1:], strict=True):
        assert set(later.rows) < set(one.rows)


@given(marks)
def test_seen_cells_and_holes_make_the_staircase(seen):
    layout = layout_of(seen)
    ordered = seen[:, layout.order]
    assert not (ordered & layout.holes).any()
    for group in layout.groups:
        used = np.zeros(len(seen), bool)
        used[group.rows] = True
        for column in range(group.first, group.last):
            np.testing.assert_array_equal((ordered | layout.holes)[:, column], used)


def test_histories_that_end_together_have_no_hole():
    seen = np.array([[0, 1, 0], [0, 1, 1], [1, 1, 1]], bool)
    layout = layout_of(seen)
    assert layout.order.tolist() == [1, 2, 0]
    assert not layout.holes.any()
    assert [g.rows.tolist() for g in layout.groups] == [[0, 1, 2], [1, 2], [2]]


@given(marks)
def test_every_row_is_alike_to_itself_once(seen):
    found = list(alike(seen))
    assert sorted(row for _, rows in found for row in rows) == list(range(len(seen)))
    for mask, rows in found:
        assert (seen[rows] == mask).all()
