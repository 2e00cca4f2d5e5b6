"""An event is the sum of its conjunctions on every path, whatever the event and whatever the path."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sxsim.analysis.event import Event, Row, Settled, Several, Sum, clears, held_by, leaves, several
from sxsim.analysis.expansion import MOST, Sums, expanded
from sxsim.links import Linear

PLACES = tuple(product("ab", (2013, 2014)))
# Values of one place meet no level and no value of another place: levels themselves have no weight.
GRID = {place: np.array([0.5, 1.5, 2.5, 3.5]) + 0.01 * k for k, place in enumerate(PLACES)}
PATHS = dict(
    zip(PLACES, np.stack(np.meshgrid(*GRID.values(), indexing="ij")).reshape(len(PLACES), -1), strict=True)
)
CARRIERS = {name: Linear() for name in "ab"}
MEMBERS = 2

signs = st.sampled_from([1.0, -1.0])
numbers = st.sampled_from([1.0, 2.0, 3.0])
levels = numbers | st.tuples(numbers, numbers)
fixed = st.builds(
    Row, indicator=st.sampled_from("ab"), year=st.sampled_from([2013, 2014]), sign=signs, level=levels
)
moving = st.builds(
    Row, indicator=st.just("a"), year=st.just(2014), sign=signs, level=st.none(), benchmark=st.just("b")
)
past = st.builds(
    Row,
    indicator=st.just("b"),
    year=st.just(2014),
    sign=signs,
    level=st.none(),
    benchmark=st.just("b"),
    since=st.just(2013),
)
added = st.builds(
    Sum, indicator=st.just("a"), years=st.just((2013, 2014)), sign=signs, level=st.sampled_from([3.0, 4.5])
)
known = st.builds(Settled, holds=st.tuples(st.booleans(), st.booleans()))
leaf = fixed | fixed | moving | past | added


def groups(parts: st.SearchStrategy[Event]) -> st.SearchStrategy[Event]:
    return st.lists(parts, min_size=1, max_size=4).flatmap(
        lambda found: st.builds(Several, least=st.integers(1, len(found)), parts=st.just(tuple(found)))
    )


trees = groups(groups(groups(leaf) | leaf) | leaf | known) | groups(leaf | known)


def truth(event: Event, member: int) -> np.ndarray:
    """Whether an event holds on every path, by looking at each."""

    def look(one: Row | Sum) -> np.ndarray:
        return clears(one, lambda name, year: PATHS[name, year], CARRIERS, member)

    held = held_by(event, look, member)
    return np.broadcast_to(held, len(PATHS["a", 2013]))


def summed(sums: Sums, member: int) -> np.ndarray:
    total = np.zeros(len(PATHS["a", 2013]))
    for rows, weight in sums.items():
        total += weight[member] * truth(
            Several(least=len(rows), parts=tuple(rows)) if rows else _sure(), member
        )
    return total


def _sure() -> Settled:
    return Settled(holds=(True,) * MEMBERS)


@given(event=trees)
def test_the_conjunctions_add_up_to_the_event_on_every_path(event: Event) -> None:
    sums = expanded(event, MEMBERS)
    if sums is None:
        return
    assert len(sums) <= MOST
    for member in range(MEMBERS):
        assert np.array_equal(summed(sums, member), truth(event, member).astype(float))


@given(event=trees)
def test_a_conjunction_has_one_row_for_an_indicator_in_a_year(event: Event) -> None:
    for rows in expanded(event, MEMBERS) or {}:
        numbered = [
            (row.indicator, row.year) for row in rows if isinstance(row, Row) and isinstance(row.level, float)
        ]
        assert len(set(numbered)) == len(numbered)
        assert not any(row.reversed() in rows for row in rows)


@given(parts=st.lists(leaf | groups(leaf) | known, min_size=1, max_size=4), data=st.data())
def test_combining_takes_out_what_is_settled_and_changes_nothing(
    parts: list[Event], data: st.DataObject
) -> None:
    least = data.draw(st.integers(1, len(parts)))
    plain = Several(least=least, parts=tuple(parts))
    short = several(least, parts)
    for member in range(MEMBERS):
        assert np.array_equal(truth(short, member), truth(plain, member))
    assert set(leaves(short)) <= set(leaves(plain))


@given(event=trees)
def test_more_rows_cleared_never_break_an_event(event: Event) -> None:
    rows = sorted(set(leaves(event)), key=repr)
    held = np.zeros((2,) * len(rows) + (MEMBERS,), bool) if len(rows) <= 8 else None
    if held is None:
        return
    for cleared in product((False, True), repeat=len(rows)):
        by_row = dict(zip(rows, cleared, strict=True))
        held[tuple(map(int, cleared))] = held_by(event, lambda one, t=by_row: np.array(t[one]))
    for axis in range(len(rows)):
        assert (np.diff(held.astype(int), axis=axis) >= 0).all()


@pytest.mark.parametrize("least", range(1, 8))
def test_so_many_of_seven_rows_by_truth_table(least: int) -> None:
    rows = tuple(Row(indicator=name, year=2013, sign=1.0, level=1.0) for name in "abcdefg")
    sums = expanded(Several(least=least, parts=rows), 1)
    if sums is None:
        assert 1 < least < 7
        return
    for cleared in product((False, True), repeat=7):
        table = dict(zip(rows, cleared, strict=True))
        table |= {row.reversed(): not held for row, held in table.items()}
        total = sum(float(w[0]) * all(table[row] for row in conjunction) for conjunction, w in sums.items())
        assert total == (sum(cleared) >= least)
