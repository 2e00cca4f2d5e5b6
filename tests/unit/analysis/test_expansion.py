from __future__ import annotations

import numpy as np

from sxsim.analysis.event import Row, Settled, Several, Sum
from sxsim.analysis.expansion import MOST, expanded


def row(name="a", level=1.0, *, sign=1.0, year=2015, **more):
    return Row(indicator=name, year=year, sign=sign, level=level, **more)


def plain(event, size=1):
    return {rows: weight.tolist() for rows, weight in expanded(event, size).items()}


A, B, C = row("a"), row("b"), row("c")
LOW, HIGH = row(level=1.0), row(level=2.0, sign=-1.0)


def test_rows_that_all_have_to_hold_are_one_conjunction():
    assert plain(Several(least=2, parts=(A, B))) == {frozenset([A, B]): [1.0]}
    assert plain(A) == {frozenset([A]): [1.0]}


def test_alternatives_are_taken_by_what_they_leave_out():
    found = plain(Several(least=1, parts=(A, B)))
    assert found == {frozenset(): [1.0], frozenset([A.reversed(), B.reversed()]): [-1.0]}


def test_of_a_range_one_side_is_counted_off():
    found = plain(Several(least=2, parts=(LOW, HIGH)))
    assert found == {frozenset([LOW]): [1.0], frozenset([HIGH.reversed()]): [-1.0]}


def test_of_several_bounds_the_tightest_is_kept():
    found = plain(Several(least=3, parts=(LOW, row(level=1.5), row(level=0.5))))
    assert found == {frozenset([row(level=1.5)]): [1.0]}


def test_what_cannot_hold_is_nothing():
    assert expanded(Several(least=2, parts=(row(level=2.0), row(level=1.0, sign=-1.0))), 1) == {}
    assert expanded(Several(least=2, parts=(A, A.reversed())), 1) == {}
    moving = row("a", None, benchmark="b")
    assert expanded(Several(least=2, parts=(moving, moving.reversed())), 1) == {}


def test_so_many_of_three():
    found = plain(Several(least=2, parts=(A, B, C)))
    total = {
        frozenset([A, B]): [1.0],
        frozenset([A.reversed(), B, C]): [1.0],
        frozenset([A, B.reversed(), C]): [1.0],
    }
    assert found == total


def test_what_is_settled_is_a_weight_for_each_member():
    some = Settled(holds=(True, False))
    assert plain(some, 2) == {frozenset(): [1.0, 0.0]}
    assert plain(Several(least=2, parts=(some, A)), 2) == {frozenset([A]): [1.0, 0.0]}
    either = plain(Several(least=1, parts=(some, A)), 2)
    assert either == {frozenset(): [1.0, 1.0], frozenset([A.reversed()]): [0.0, -1.0]}


def test_levels_of_each_member_and_sums_stay_as_they_are():
    each = row(level=(1.0, 2.0))
    flow = Sum(indicator="a", years=(2013, 2014), sign=1.0, level=3.0)
    assert plain(Several(least=3, parts=(each, HIGH, flow)), 2) == {frozenset([each, HIGH, flow]): [1.0, 1.0]}


def test_too_many_conjunctions_are_not_listed():
    ranges = [row(level=x, year=2013 + k, sign=s) for k in range(7) for x, s in ((1.0, 1.0), (2.0, -1.0))]
    assert expanded(Several(least=14, parts=tuple(ranges)), 1) is None
    six = expanded(Several(least=12, parts=tuple(ranges[:12])), 1)
    assert six is not None
    assert len(six) == MOST == 2**6
    assert np.sum(list(six.values())) == 0.0
    either = Several(least=1, parts=(A, Several(least=14, parts=tuple(ranges))))
    assert expanded(either, 1) is None
    assert expanded(Several(least=2, parts=(A, B, Several(least=14, parts=tuple(ranges)))), 1) is None
