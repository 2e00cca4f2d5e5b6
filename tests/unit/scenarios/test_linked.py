from __future__ import annotations

import numpy as np
import pytest

from sxsim.errors import RequestError, UnknownNameError
from sxsim.plan import EffectUnit, Elicited, LinkedStrengths
from sxsim.scenarios import play

DRAWS = 4000
SIZE = Elicited(low=1.0, high=2.0)


@pytest.fixture
def levers(pull):
    return [pull(SIZE, EffectUnit.LOG_A_YEAR, of=of, name=f"L{i}") for i, of in enumerate("abc")]


def first_year(policy, given):
    numbers, names = given(2, DRAWS), sorted(policy.moves.names)
    world = {name: np.zeros((2, DRAWS)) for name in names}
    return play(policy, world, numbers, names, place=0, shape=(2, DRAWS))


def test_linked_levers_are_strong_together_and_others_are_not(hand, levers, compiled, given):
    link = LinkedStrengths(levers=("L0", "L1"), correlation=0.6)
    moved = first_year(compiled(hand("a", "b", "c"), *levers, link, horizon=2), given)
    found = np.corrcoef([moved[name][0] for name in "abc"])
    # Pearson correlation of two uniform sizes whose normal scores are correlated by r: 6 / pi arcsin(r / 2)
    error = 4.0 / np.sqrt(DRAWS)
    assert abs(found[0, 1] - 6.0 / np.pi * np.arcsin(0.3)) < error
    assert abs(found[0, 2]) < error and abs(found[1, 2]) < error


@pytest.mark.parametrize(("correlation", "same"), [(0.0, False), (1.0, True)])
def test_the_ends_are_the_own_number_and_the_common_one(hand, levers, compiled, given, correlation, same):
    link = LinkedStrengths(levers=("L0", "L1"), correlation=correlation)
    moved = first_year(compiled(hand("a", "b", "c"), *levers, link, horizon=2), given)
    alone = first_year(compiled(hand("a", "b", "c"), *levers, horizon=2), given)
    assert np.array_equal(moved["a"], moved["b"]) is same
    assert np.array_equal(moved["a"], alone["a"]) is not same
    np.testing.assert_array_equal(moved["c"], alone["c"])


def test_a_link_of_fixed_strengths_changes_nothing(hand, pull, compiled):
    link = LinkedStrengths(levers=("L1", "L2"), correlation=0.5)
    policy = compiled(hand("a", "b"), pull(of="a"), pull(of="b", name="L2"), link)
    assert policy.moves is None


def test_a_lever_that_is_not_pulled_is_refused(hand, levers, compiled):
    link = LinkedStrengths(levers=("L0", "M1"), correlation=0.5)
    with pytest.raises(
        UnknownNameError, match=r"Scenario 's': linked L0, M1: lever 'M1' is not pulled\. Known: L0"
    ):
        compiled(hand("a", "b", "c"), *levers, link)


def test_a_lever_that_is_linked_twice_is_refused(hand, levers, compiled):
    links = [LinkedStrengths(levers=("L0", other), correlation=0.5) for other in ("L1", "L2")]
    with pytest.raises(
        RequestError, match=r"linked L0, L2: lever 'L0' is linked in 'L0\+L1' too\. Link all of"
    ):
        compiled(hand("a", "b", "c"), *levers, *links)
