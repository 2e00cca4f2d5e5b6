from __future__ import annotations

import numpy as np
import pytest

from sxsim.analysis.event import (
    Row,
    Settled,
    Several,
    Sum,
    clears,
    held_by,
    leaves,
    link_shift,
    several,
)
from sxsim.links import Count, Linear, Log, Odds


def row(name="a", level=1.0, *, year=2015, sign=1.0, **more):
    return Row(indicator=name, year=year, sign=sign, level=level, **more)


A, B, C = row("a"), row("b"), row("c")
YES, NO, SOME = Settled(holds=(True, True)), Settled(holds=(False, False)), Settled(holds=(True, False))


def test_a_row_knows_what_it_compares():
    moving = row("a", None, benchmark="b", since=2013)
    assert moving.names == ("a", "b")
    assert moving.years == (2013, 2015)
    assert moving.terms == (("a", 2015, 1.0), ("b", 2013, -1.0))
    assert not moving.fixed
    own = row("a", None, benchmark="a", since=2014, sign=-1.0)
    assert own.names == ("a",)
    assert own.terms == (("a", 2015, -1.0), ("a", 2014, 1.0))
    assert A.years == (2015,)
    assert A.terms == (("a", 2015, 1.0),)
    assert A.fixed


def test_levels_are_one_for_all_or_one_each():
    assert [row(level=(1.0, 2.0)).level_of(m) for m in range(2)] == [1.0, 2.0]
    assert [A.level_of(m) for m in range(2)] == [1.0, 1.0]
    flow = Sum(indicator="a", years=(2013, 2015), sign=1.0, level=(1.0, 2.0))
    assert [flow.level_of(m) for m in range(2)] == [1.0, 2.0]
    assert flow.names == ("a",)
    assert flow.year == 2015


@pytest.mark.parametrize(
    "leaf", [A, row("a", None, benchmark="b"), Sum(indicator="a", years=(2013,), sign=1.0, level=2.0)]
)
def test_turning_twice_changes_nothing(leaf):
    assert leaf.reversed() != leaf
    assert leaf.reversed().reversed() == leaf
    assert leaf.reversed().sign == -leaf.sign


@pytest.mark.parametrize(
    ("least", "parts", "expected"),
    [
        (1, [YES, A], YES),
        (1, [NO, A], A),
        (2, [YES, A], A),
        (2, [NO, A], NO),
        (2, [YES, NO, A, B], Several(least=1, parts=(A, B))),
        (2, [NO, A, B, C], Several(least=2, parts=(A, B, C))),
        (3, [YES, A, B, C], Several(least=2, parts=(A, B, C))),
        (1, [SOME, A], Several(least=1, parts=(SOME, A))),
        (1, [SOME], SOME),
        (2, [A, Several(least=2, parts=(B, C))], Several(least=3, parts=(A, B, C))),
        (1, [A, Several(least=1, parts=(B, C))], Several(least=1, parts=(A, B, C))),
        (1, [A, Several(least=2, parts=(B, C))], Several(least=1, parts=(A, Several(least=2, parts=(B, C))))),
        (2, [A, A], Several(least=1, parts=(A,))),
        (2, [A, A, B], Several(least=2, parts=(A, A, B))),
    ],
)
def test_what_is_settled_is_taken_out_and_nests_are_opened(least, parts, expected):
    assert several(least, parts) == expected


def test_leaves_come_in_order_and_without_what_is_settled():
    event = Several(least=1, parts=(B, Several(least=2, parts=(A, SOME, B))))
    assert list(leaves(event)) == [B, A, B]


@pytest.mark.parametrize(("least", "expected"), [(1, [1, 1, 1, 0]), (2, [1, 1, 0, 0]), (3, [1, 0, 0, 0])])
def test_so_many_have_to_hold(least, expected):
    held = {A: [1, 1, 1, 0], B: [1, 1, 0, 0], C: [1, 0, 0, 0]}
    found = held_by(Several(least=least, parts=(A, B, C)), lambda one: np.array(held[one], bool))
    assert found.tolist() == [bool(e) for e in expected]


def test_what_is_settled_is_looked_up_by_member():
    event = Several(least=1, parts=(SOME, A))
    never = lambda one: np.zeros(3, bool)  # noqa: E731
    assert held_by(event, never, 0).tolist() == [True] * 3
    assert held_by(event, never, 1).tolist() == [False] * 3
    assert held_by(SOME, never).tolist() == [True, False]


def values(**by_name):
    return lambda name, year: np.asarray(by_name[name], float)


def test_a_fixed_level_is_compared_on_the_scale_of_growth():
    levels = values(a=np.log([0.9, 1.0, 1.1]))
    assert clears(A, levels, {"a": Log()}, 0).tolist() == [False, True, True]
    assert clears(row(level=(5.0, 1.05)), levels, {"a": Log()}, 1).tolist() == [False, False, True]
    assert clears(row(sign=-1.0), levels, {"a": Log()}, 0).tolist() == [True, True, False]


def test_equal_links_are_compared_by_a_step():
    levels = values(a=np.log([0.79, 0.81]), b=np.log([1.0, 1.0]))
    part = row("a", None, benchmark="b", times=0.8)
    assert clears(part, levels, {"a": Log(), "b": Log()}, 0).tolist() == [False, True]


def test_different_links_are_compared_in_published_units():
    levels = values(a=np.log([49.0, 51.0]), b=np.zeros(2))
    carriers = {"a": Log(), "b": Odds(lower=0.0, upper=100.0)}
    assert clears(row("a", None, benchmark="b"), levels, carriers, 0).tolist() == [False, True]


def test_counts_tie_as_whole_numbers():
    levels = values(a=np.log([3.1, 3.9, 2.9]), b=np.log([3.9, 3.1, 3.1]))
    carriers = {"a": Count(), "b": Count()}
    assert clears(row("a", None, benchmark="b"), levels, carriers, 0).tolist() == [True, True, False]
    half = row("a", None, benchmark="b", times=0.5)
    assert clears(half, values(a=np.log([1.9, 2.1]), b=np.log([4.1, 5.9])), carriers, 0).tolist() == [
        False,
        False,
    ]


def test_what_is_derived_comes_in_published_units():
    assert clears(row("d", 2.0), values(d=[1.9, 2.0]), {}, 0).tolist() == [False, True]


def test_a_sum_is_taken_in_published_units_against_the_members_level():
    by_year = {2013: np.log([1.0, 2.0]), 2014: np.log([1.5, 2.5])}
    flow = Sum(indicator="a", years=(2013, 2014), sign=1.0, level=(9.0, 2.5))
    assert clears(flow, lambda name, year: by_year[year], {"a": Log()}, 1).tolist() == [True, True]
    assert clears(flow.reversed(), lambda name, year: by_year[year], {"a": Log()}, 1).tolist() == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("own", "other", "times", "expected"),
    [
        (Log(), Log(), 1.0, 0.0),
        (Log(), Log(), 0.5, np.log(0.5)),
        (Odds(), Odds(), 1.0, 0.0),
        (Odds(), Odds(), 0.5, None),
        (Odds(), Odds(upper=100.0), 1.0, None),
        (Linear(), Linear(), 1.0, 0.0),
        (Linear(), Linear(), 0.5, None),
        (Linear(), Linear(scale=2.0), 1.0, None),
        (Count(), Count(), 1.0, None),
        (Count(), Count(), 0.5, None),
        (Count(), Log(), 1.0, None),
        (None, None, 1.0, None),
        (Log(), None, 1.0, None),
    ],
)
def test_a_multiple_is_a_step_only_where_growth_is_a_difference(own, other, times, expected):
    assert link_shift(own, other, times) == expected
