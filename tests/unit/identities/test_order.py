from __future__ import annotations

from itertools import permutations

import pytest

from sxsim.errors import PlanError
from sxsim.identities import Identity, in_order, needed


def defined(**expressions):
    return [Identity(indicator=name, expression=text) for name, text in expressions.items()]


CHAIN = defined(z="a + 1", m="z / b", k="m * z", y="y[-1] + k[-1]")


def test_each_comes_after_what_it_reads_whatever_the_order_given():
    orders = {tuple(one.indicator for one in in_order(given)) for given in permutations(CHAIN)}
    assert len(orders) == 1
    (order,) = orders
    assert order.index("z") < order.index("m") < order.index("k")


def test_a_lag_needs_no_order():
    assert len(in_order(defined(prey="prey[-1] - hunter[-1] + a", hunter="hunter[-1] + prey[-1]"))) == 2


def test_what_is_needed_is_found_through_all_of_them():
    assert needed(CHAIN, ["m"]) == {"m", "z", "a", "b"}
    assert needed(CHAIN, ["y"]) == {"y", "k", "m", "z", "a", "b"}
    assert needed(CHAIN, ["b"]) == {"b"}


def test_two_writers_are_named():
    with pytest.raises(
        PlanError,
        match=r"^identity x: it is defined twice, as 'a \+ b' and as 'a - b'\. Keep one of the two\.",
    ):
        in_order([*defined(x="a + b"), *defined(x="a - b")])


@pytest.mark.parametrize(
    ("expressions", "message"),
    [
        (
            {"x": "x + 1"},
            r"^identity x: it needs itself within a year \(x -> x\)\. Where .*, write x\[-1\]\.",
        ),
        ({"x": "y + a", "y": "x"}, r"\((x -> y -> x|y -> x -> y)\)"),
        ({"x": "y + z[-1]", "y": "w", "w": "2 * x + z", "z": "a"}, r"(x -> y -> w|y -> w -> x|w -> x -> y)"),
    ],
)
def test_a_circle_within_a_year_is_named(expressions, message):
    with pytest.raises(PlanError, match=message):
        in_order(defined(**expressions))
