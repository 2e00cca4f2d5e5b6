from __future__ import annotations

import numpy as np
import pytest

from sxsim.errors import ModelError
from sxsim.identities import Derivation, Identity, in_order

RNG = np.random.default_rng(1)
CERTIFIED = RNG.uniform(50.0, 150.0, (6, 40))


def derivation(whole=(), observed=None, **expressions):
    identities = [Identity(indicator=name, expression=text) for name, text in expressions.items()]
    return Derivation(
        identities=in_order(identities),
        observed={name: np.asarray(figures) for name, figures in (observed or {}).items()},
        whole=frozenset(whole),
        first_year=2013,
    )


def test_a_stock_with_certificates_of_three_years_equals_a_loop_by_hand():
    before = [60.0, 90.0, 140.0]
    found = derivation(
        observed={"firms": [290.0], "certified": before}, firms="firms[-1] + certified - certified[-3]"
    ).all_years({"certified": CERTIFIED})["firms"]
    for draw in range(CERTIFIED.shape[1]):
        stock, flows = 290.0, [*before, *CERTIFIED[:, draw]]
        for t in range(len(CERTIFIED)):
            stock = stock + flows[t + 3] - flows[t]
            assert found[t, draw] == stock


def test_years_may_be_taken_one_by_one():
    one = derivation(observed={"firms": [290.0]}, firms="firms[-1] + certified", double="2 * firms")
    values = {name: np.full(CERTIFIED.shape, np.nan) for name in ("certified", *one.names)}
    for t, row in enumerate(CERTIFIED):
        values["certified"][t] = row
        one.step(values, t)
        assert np.isnan(values["firms"][t + 1 :]).all()
    together = one.all_years({"certified": CERTIFIED})
    assert list(together) == ["firms", "double"]
    assert all((values[name] == together[name]).all() for name in together)


def test_what_is_given_is_not_touched():
    given = {"certified": CERTIFIED.copy()}
    derivation(double="2 * certified").all_years(given)
    assert list(given) == ["certified"]
    assert (given["certified"] == CERTIFIED).all()


@pytest.mark.parametrize(
    ("text", "expected"),
    [("0.1 * a", [3.0, -1.0]), ("a", [30.0, -1.0]), ("a / 7", [4.0, -1.0]), ("a - 1", [29.0, -2.0])],
)
def test_of_a_count_the_whole_part_is_taken(text, expected):
    found = derivation(whole=["n"], n=text).all_years({"a": np.array([[30.0, -1.0]])})["n"]
    assert found.tolist() == [expected]


def test_later_identities_read_the_whole_part():
    found = derivation(whole=["n"], n="a / 2", m="10 * n").all_years({"a": np.array([[3.0]])})
    assert (found["n"].item(), found["m"].item()) == (1.0, 10.0)


def test_a_part_that_is_no_number_makes_a_whole_that_is_none():
    a = np.array([[1.0, np.nan], [np.nan, 2.0]])
    found = derivation(observed={"s": [1.0]}, s="s[-1] + a").all_years({"a": a})["s"]
    np.testing.assert_array_equal(found, [[2.0, np.nan], [np.nan, np.nan]])


@pytest.mark.parametrize(
    ("text", "zeros", "count"),
    [
        ("1 / a", [0.0, 2.0, np.nan], 1),
        ("(a - 1) ** 0.5", [0.0, 0.5, np.nan], 2),
        ("1 / (1 / a)", [0.0, 0.0, 1.0], 2),
    ],
)
def test_a_result_that_is_no_number_is_heard_of(text, zeros, count):
    a = np.array([[1.0, 2.0, 3.0], zeros])
    with pytest.raises(
        ModelError,
        match=rf"^'x = .*' is no finite number in {count} of 3 draws in 2014, though its parts are\.",
    ):
        derivation(x=text).all_years({"a": a})
