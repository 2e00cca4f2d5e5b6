"""Expressions are arithmetic and nothing else; the order in which identities are given is no matter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sxsim.errors import PlanError
from sxsim.identities import Derivation, Expression, Identity, in_order

NAMES = ("a", "b", "gdp_total", "研发")
NUMBERS = st.floats(0.25, 4.0, allow_nan=False).map(lambda number: f"{number!r}")
LEAVES = st.one_of(
    NUMBERS, st.sampled_from(NAMES), st.builds("{}[-{}]".format, st.sampled_from(NAMES), st.integers(1, 3))
)
TEXTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("{} {} {}".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("-{}".format, inner),
    ),
    max_leaves=12,
)
FIGURES = st.lists(st.floats(0.5, 2.0), min_size=16, max_size=16)


class Series(float):
    """A figure of this year that knows the years before, as `x[-1]` reads in Python itself."""

    def __new__(cls, figures):
        made = super().__new__(cls, figures[0])
        made.figures = figures
        return made

    def __getitem__(self, lag):
        return self.figures[-lag]


def python_says(text, series):
    """What Python makes of the text; None where it finds no finite real number on the way or at the end."""
    try:
        found = eval(text, {"__builtins__": {}}, dict(series))
    except (ZeroDivisionError, OverflowError):
        return None
    return float(found) if isinstance(found, float | int) and np.isfinite(found) else None


def compared(text, figures):
    """The value of a text and what Python says of it; None where one of them finds no number."""
    series = {name: Series(figures[4 * i : 4 * i + 4]) for i, name in enumerate(NAMES)}
    expected = python_says(text, series)
    try:
        expression = Expression(text=text)
    except PlanError as error:  # numbers alone that have no value
        assert "divides by zero" in error.text or "not a finite number" in error.text
        return None, expected
    found = float(expression.evaluate(lambda name, lag: np.asarray(series[name].figures[lag])))
    return (found if np.isfinite(found) else None), expected


@given(text=TEXTS, figures=FIGURES)
def test_an_expression_equals_what_python_makes_of_the_same_text(text, figures):
    found, expected = compared(text, figures)  # the same operations in the same order: equal to the last bit
    assert found == expected


@given(text=TEXTS, exponent=st.sampled_from(["2", "-1", "3", "(1 + 1)", "(1 / 2)", "-.5"]), figures=FIGURES)
def test_a_power_equals_that_of_python_within_two_roundings(text, exponent, figures):
    found, expected = compared(f"({text}) ** {exponent}", figures)
    if expected is None:
        assert found is None
    else:
        assert found == pytest.approx(expected, rel=2 * np.finfo(float).eps, abs=0)


@given(text=st.text(max_size=60))
def test_any_text_is_an_expression_or_one_refusal(text):
    try:
        expression = Expression(text=text)
    except PlanError:
        return
    expression.evaluate(lambda name, lag: np.asarray(1.0))


PIECES = st.sampled_from(
    [
        *"abx01.+-*/()[],:=<>'\"\\{}@%~^&|!;# \n\t",
        *("**", "//", "x", "[-1]", "[-1:2]", "lambda", " if ", " else ", " for ", " in ", "print(", "1j"),
        *("__import__('os')", ".__class__", "exec(", "open(", "().__class__", "f'{x}'", "await ", "yield "),
        *(":=", "...", "9**9", "1e9", "True", "None", " not ", " and ", " is ", "*x", "0x1"),
    ]
)
TRAPS = ("trap()", "trap[-1]()", "x.trap", "trap", "(trap)", "[trap for x in trap]", "trap**2")


class Trap:
    """Anything that is done to it is heard."""

    def __init__(self):
        object.__setattr__(self, "sprung", False)

    def spring(self, *args, **kwargs):
        object.__setattr__(self, "sprung", True)
        raise AssertionError("executed")

    __call__ = __getitem__ = __iter__ = __pow__ = __add__ = __radd__ = __mul__ = __getattr__ = spring


@given(pieces=st.lists(st.one_of(PIECES, st.sampled_from(TRAPS)), max_size=12))
def test_no_text_is_ever_executed(pieces):
    import builtins

    trap = Trap()
    builtins.trap = trap
    try:
        Expression(text="".join(pieces))
    except PlanError:
        pass
    finally:
        del builtins.trap
    assert not object.__getattribute__(trap, "sprung")


CHAIN = (
    Identity(indicator="whole", expression="national + provincial"),
    Identity(indicator="share", expression="national / whole"),
    Identity(indicator="stock", expression="0.9 * stock[-1] + whole - provincial[-2]"),
    Identity(indicator="per_stock", expression="whole[-1] / stock * share"),
)
OBSERVED = {"stock": [50.0], "provincial": [3.0, 4.0], "whole": [9.0]}


@given(order=st.permutations(CHAIN), seed=st.integers(0, 2**32 - 1))
def test_the_order_in_which_identities_are_given_is_no_matter(order, seed):
    rng = np.random.default_rng(seed)
    values = {name: rng.uniform(1.0, 9.0, (5, 3)) for name in ("national", "provincial")}

    def derived(identities):
        observed = {name: np.asarray(figures) for name, figures in OBSERVED.items()}
        one = Derivation(
            identities=in_order(identities), observed=observed, whole=frozenset(), first_year=2013
        )
        return one.all_years(values)

    first, second = derived(CHAIN), derived(order)
    assert all((first[name] == second[name]).all() for name in first)
    alone = derived([CHAIN[0], CHAIN[1]])
    assert all((first[name] == alone[name]).all() for name in alone)
