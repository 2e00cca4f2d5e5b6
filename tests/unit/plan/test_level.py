from __future__ import annotations

import math

import pytest

from sxsim.errors import PlanError
from sxsim.plan import Benchmark, Between, Number, OwnPast, Worded, fixed


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Number(value=math.inf), r"number: value = inf is not a finite number\. Give a number"),
        (lambda: Between(lower=math.nan, upper=1.0), r"between: lower = nan is not a finite number"),
        (lambda: Between(lower=0.0, upper=math.inf), r"between: upper = inf is not a finite number"),
        (
            lambda: Between(lower=3.0, upper=2.0),
            r"between: lower = 3\.0 is not below upper = 2\.0\. Give the lower end first",
        ),
        (lambda: Between(lower=2.0, upper=2.0), r"between: lower = 2\.0 is not below upper = 2\.0"),
        (lambda: Benchmark(indicator="rd", times=math.nan), r"benchmark rd: times = nan is not a finite"),
        (
            lambda: Benchmark(indicator="rd", times=0.0),
            r"benchmark rd: times = 0\.0 is not above zero\. Give 1 for the value itself",
        ),
        (lambda: OwnPast(growth=-1.0), r"own past: growth = -1\.0 is not above -1\. Growth is a fraction"),
        (lambda: OwnPast(since=15), r"own past: since = 15 is not a calendar year\. Write years in full"),
        (
            lambda: Worded(word="mostly", threshold=math.inf),
            r"level 'mostly': threshold = inf is not a finite number",
        ),
    ],
)
def test_refuses_impossible_levels(make, message):
    with pytest.raises(PlanError, match=message):
        make()


def test_growth_counts_from_the_year_it_is_held_against():
    assert OwnPast(growth=0.1).year_before(2020) == 2019
    assert OwnPast(growth=0.1).times(2020) == pytest.approx(1.1)
    assert OwnPast(since=2015, growth=0.07).times(2020) == pytest.approx(1.07**5)
    assert OwnPast(since=2015).times(2020) == 1.0


@pytest.mark.parametrize(
    ("level", "found"),
    [
        (Number(value=2.5), Number(value=2.5)),
        (Between(lower=1.0, upper=2.0), Between(lower=1.0, upper=2.0)),
        (Worded(word="mostly", threshold=80), Number(value=80)),
        (Worded(word="mostly"), None),
        (Benchmark(indicator="rd"), None),
        (OwnPast(since=2015), None),
    ],
)
def test_what_stands_for_a_number(level, found):
    assert fixed(level) == found
