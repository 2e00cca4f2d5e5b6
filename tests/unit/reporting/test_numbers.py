from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sxsim.reporting.numbers import error_text, growth, percent, published, share, significant, with_unit


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (0.0, "< 0.1 %"),
        (0.0009, "< 0.1 %"),
        (0.001, "0.1 %"),
        (0.1724, "17.2 %"),
        (0.999, "99.9 %"),
        (0.9991, "> 99.9 %"),
        (1.0, "> 99.9 %"),
        (math.nan, "-"),
    ],
)
def test_a_probability_is_never_certain(probability, text):
    assert percent(probability) == text


def test_what_has_been_decided_may_be_certain():
    assert (percent(0.0, settled=True), percent(1.0, settled=True)) == ("0 %", "100 %")
    assert percent(0.4, settled=True) == "40.0 %"


def test_a_rough_estimate_loses_its_decimal():
    assert percent(0.1724, error=0.004) == "17.2 %"
    assert percent(0.1724, error=0.02) == "17 %"


@pytest.mark.parametrize(
    ("error", "low", "high"), [(0.0005, "< 0.2 %", "> 99.8 %"), (0.05, "< 15 %", "> 85 %")]
)
def test_no_hit_in_a_small_sample_says_how_small_it_is(error, low, high):
    assert (percent(0.0, error=error), percent(1.0, error=error)) == (low, high)


@given(st.floats(0, 1))
def test_no_probability_is_written_as_none_or_all(probability):
    assert percent(probability) not in ("0.0 %", "100.0 %", "0 %", "100 %")


def test_errors():
    assert error_text(0.0, none="none") == "none"
    assert error_text(7e-7, none="none") == "< 0.001 %"
    assert error_text(0.00158, none="none", sign="%") == "0.16%"
    assert error_text(math.nan, none="none") == "-"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.7301, "1.730"),
        (16793.6, "16,790"),
        (99996.0, "100,000"),
        (0.43801, "0.4380"),
        (-3.14159, "-3.142"),
        (0.0, "0"),
        (9.9999, "10.00"),
        (1.2e13, "1.200e+13"),
        (1.2e-9, "1.200e-09"),
        (math.inf, "-"),
    ],
)
def test_computed_values_have_four_digits(value, text):
    assert significant(value) == text


def test_published_values_keep_all_their_digits():
    assert [published(v) for v in (16471.0, 1.2, 124.16, math.nan)] == ["16,471", "1.2", "124.16", "-"]


def test_growth_and_shares():
    assert (growth(0.1093), growth(-0.301), growth(math.nan)) == ("+10.9 %", "-30.1 %", "-")
    assert (share(0.1, 0.4), share(0.0, 0.4), share(0.0, 0.0), share(math.nan, 1.0)) == (
        "25 %",
        "0 %",
        "-",
        "-",
    )


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("", "5"),
        ("%", "5 %"),
        ("% of GDP", "5 % of GDP"),
        ("firms", "5 firms"),
        ("100 million CNY", "5 x 100 million CNY"),
        ("亿元", "5亿元"),
    ],
)
def test_units(unit, text):
    assert with_unit("5", unit) == text
