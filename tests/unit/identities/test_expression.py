from __future__ import annotations

import pickle
import re

import numpy as np
import pytest

from sxsim.errors import PlanError
from sxsim.identities import Expression, Figure


def value(text, before=(), **figures):
    """The value of an expression, given figures of this year, and of years before by (name, lag)."""
    known = {(name, 0): figure for name, figure in figures.items()} | dict(before)
    return Expression(text=text).evaluate(lambda name, lag: np.asarray(known[name, lag], float))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100 * rd / gdp", 100 * 3.0 / 7.0),
        ("rd - gdp - 2", 3.0 - 7.0 - 2),
        ("rd - (gdp - 2)", 3.0 - (7.0 - 2)),
        ("rd / gdp / 2", 3.0 / 7.0 / 2),
        ("-rd ** 2", -9.0),
        ("2 ** -1 * rd", 1.5),
        ("- - rd", 3.0),
        ("rd ** .5 + 1.5e1", 3.0**0.5 + 15.0),
        ("rd_1 + rd[-1] * 2", 5.0 + 4.0),
        ("(rd / rd[-1]) ** (1 / 5)", (3.0 / 2.0) ** (1 / 5)),
        ("研发 / rd", 6.0 / 3.0),
        ("rd\n   + gdp", 10.0),
    ],
)
def test_arithmetic_is_that_of_the_text(text, expected):
    found = value(text, before={("rd", 1): 2.0}, rd=3.0, gdp=7.0, rd_1=5.0, 研发=6.0)
    assert float(found) == pytest.approx(expected, rel=1e-15)


def test_draws_are_computed_side_by_side():
    assert value("a / b[-1]", before={("b", 1): 4.0}, a=[1.0, 2.0]).tolist() == [0.25, 0.5]


def test_it_knows_what_it_reads():
    one = Expression(text="firms[-1] + certified - certified[-3] + 0 * certified")
    assert one.names == ("firms", "certified")
    assert one.lags == {"firms": 1, "certified": 3}
    assert one.figures == (
        Figure(name="firms", lag=1), Figure(name="certified"), Figure(name="certified", lag=3),
    )  # fmt: skip


def test_it_is_its_text_and_travels():
    one = Expression(text=" a  +\n b ")
    assert (str(one), one) == ("a + b", Expression(text="a + b"))
    assert one != Expression(text="b + a")
    assert pickle.loads(pickle.dumps(one)).evaluate(lambda name, lag: np.asarray(2.0)) == 4.0


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("1 / a", {"a": 0.0}),
        ("1 / (1 / a)", {"a": 0.0}),
        ("a ** -1", {"a": 0.0}),
        ("1 / a ** -0.5", {"a": 0.0}),
        ("a ** 0.5", {"a": -1.0}),
        ("a - b", {"a": np.nan, "b": 1.0}),
    ],
)
def test_what_has_no_value_is_no_number(text, figures):
    assert np.isnan(value(text, **figures))


ARITHMETIC = r"Use numbers, names, \+ - \* / \*\*, parentheses, and name\[-1\] for the figure of the year bef"
LAG = r"whose lag is not one of -1 to -100\. A lag is a negative whole number of years: name\[-1\] is the"
EXPONENT = (
    r"whose exponent is not a number between -100 and 100 other than zero\. An exponent may hold numbers"
)


@pytest.mark.parametrize(
    ("text", "piece", "reason"),
    [
        ("exp(x)", "exp(x)", r"which is a call\. " + ARITHMETIC),
        ("x + max(x, y)", ",", r"which is no part of arithmetic\. " + ARITHMETIC),
        ("__import__('os')", "'", "which is no part of arithmetic"),
        ("x.real", ".real", "which is no part of arithmetic"),
        ("x < y", "<", "which is no part of arithmetic"),
        ("x == y", "=", "which is no part of arithmetic"),
        ('x + "y"', '"', "which is no part of arithmetic"),
        ("lambda: x", ":", "which is no part of arithmetic"),
        ("(x := 2)", ":", "which is no part of arithmetic"),
        ("x % 2", "%", "which is no part of arithmetic"),
        ("x @ y", "@", "which is no part of arithmetic"),
        ("~x", "~", "which is no part of arithmetic"),
        ("x # y", "#", "which is no part of arithmetic"),
        ("x\x00", "\x00", "which is no part of arithmetic"),
        ("研发 ÷ x", "÷", "which is no part of arithmetic"),
        ("1_000 * x", "1_000", "which is no part of arithmetic"),
        ("0x1f * x", "0x1f", "which is no part of arithmetic"),
        ("2x", "2x", "which is no part of arithmetic"),
        ("1if x else y", "1if", "which is no part of arithmetic"),
        ("x if y else z", "x if y else z", "which is a choice between two values"),
        ("a + (x is y)", "x is y", "which is a comparison"),
        ("x and y", "x and y", "which is a logical choice"),
        ("not x", "not x", "which is no arithmetic"),
        ("x // y", "x // y", "which is no arithmetic"),
        ("+x", "+x", "which is no arithmetic"),
        ("True * x", "True", "which is no arithmetic"),
        ("[x]", "[x]", "which is a list"),
        ("[x for x in y]", "[x for x in y]", "which is a loop"),
        ("(x for x in y)", "(x for x in y)", "which is a loop"),
        ("()", "()", "which is no arithmetic"),
        ("x[1]", "x[1]", LAG),
        ("x[0]", "x[0]", LAG),
        ("x[-0]", "x[-0]", LAG),
        ("x[-1.5]", "x[-1.5]", LAG),
        ("x[-101]", "x[-101]", LAG),
        ("x[-True]", "x[-True]", LAG),
        ("x[y]", "x[y]", LAG),
        ("x[-1][-1]", "x[-1][-1]", "which is a lag of something other than a name"),
        ("(x + y)[-1]", "(x + y)[-1]", "which is a lag of something other than a name"),
        ("x ** y", "x ** y", EXPONENT),
        ("x ** 0", "x ** 0", EXPONENT),
        ("9 ** 9 ** 9 * x", "9 ** 9 ** 9", EXPONENT),
        ("x ** 101", "x ** 101", EXPONENT),
        ("x / 0", "x / 0", "which divides by zero"),
        ("x / (2 - 2)", "x / (2 - 2)", "which divides by zero"),
        ("1e999 * x", "1e999", "which is not a finite number"),
        ("1e300 * 1e300 * x", "1e300 * 1e300", "which is not a finite number"),
        ("x * (-8) ** 0.5", "(-8) ** 0.5", "which is not a finite number"),
        ("x +", "x +", "which cannot be read"),
        ("x y", "y", "which cannot be read"),
        ("(x", "(x", "which cannot be read"),
        ("yield", "yield", "which cannot be read"),
    ],
)
def test_anything_but_arithmetic_is_refused_by_name(text, piece, reason):
    with pytest.raises(PlanError, match=rf"holds {re.escape(repr(piece))}, {reason}") as caught:
        Expression(text=text)
    assert str(caught.value).startswith(f"The expression {text!r} holds")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", r"^The expression is empty\. Use numbers"),
        (" \n ", r"^The expression is empty\. Use numbers"),
        (None, r"^The expression None is not text\. Put it in quotation marks"),
        (
            "x + " * 1500 + "x",
            r"^The expression '(x \+ ){50}\.\.\.' has 6,001 characters, more than 4,000\. Split",
        ),
        ("-" * 3000 + "x", r"^The expression '-{200}\.\.\.' is nested more than 200 deep\. Split it into"),
        (" + ".join(["x"] * 300), r" is nested more than 200 deep\. Split it into several identities"),
        (
            "(" * 1500 + "x" + ")" * 1500,
            r"^The expression '\({200}\.\.\.' holds '[()]+', which cannot be read",
        ),
        ("9" * 3000 + " * x", r"holds '9{200}\.\.\.', which is not a finite number"),
        ("x[-" + "9" * 3000 + "]", r"holds 'x\[-9{197}\.\.\.', whose lag is not one of -1 to -100"),
    ],
    ids=range(9),
)
def test_bombs_are_put_out(text, message):
    with pytest.raises(PlanError, match=message):
        Expression(text=text)
