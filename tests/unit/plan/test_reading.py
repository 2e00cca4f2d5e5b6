from __future__ import annotations

import math

import numpy as np
import pytest

from sxsim.errors import HistoryError
from sxsim.plan import Break, Noise, Partial, Reading, Release, reading_of, reading_to_attributes


def test_one_or_several_will_do():
    one = Reading(noise=Noise(relative=0.02), breaks=Break(year=2018, absolute=3.0), outliers=2020)
    several = Reading(noise=[Noise(relative=0.02)], breaks=(Break(year=2018, absolute=3.0),), outliers=[2020])
    assert one == several
    assert (one.noise[0].years, one.outliers, one.decided_by) == ((), (2020,), Release.FIRST)


def test_years_are_sorted_and_breaks_too():
    assert Noise(absolute=1, years=np.array([2003, 2001, 2001])).years == (2001, 2003)
    late, early = Break(year=2018, relative=0.1), Break(year=2009, relative=0.1)
    assert Reading(breaks=(late, early)).breaks == (early, late)


def test_a_part_of_a_year_stands_for_the_whole():
    assert Partial(year=2024, value=75.0, share=0.75, spread=0.02).whole == 100.0


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Noise(), r"noise: no size given\. Give exactly one of relative, absolute, variable"),
        (lambda: Noise(relative=0.1, absolute=2), r"noise: relative = 0\.1 and absolute = 2 given"),
        (lambda: Noise(relative=-0.1), r"noise: relative = -0\.1 is not a standard error\. .* outliers"),
        (lambda: Noise(absolute=math.inf), r"noise: absolute = inf is not a standard error"),
        (lambda: Noise(absolute=1.0, years=(98,)), r"noise: 98 is not a calendar year"),
        (lambda: Break(year=2018), r"break of 2018: no size given\. Give exactly one of relative, absolute"),
        (lambda: Break(year=18, relative=1), r"break of 18: 18 is not a calendar year"),
        (lambda: Break(year=2018, relative=0.0), r"break of 2018: a spread of 0\.0 is not above zero"),
        (
            lambda: Partial(year=2024, value=0, share=0.5, spread=0.1),
            r"part of 2024: value = 0 is not above zero",
        ),
        (
            lambda: Partial(year=2024, value=1, share=75, spread=0.1),
            r"part of 2024: share = 75 is not a share\. .* as in 0\.72",
        ),
        (
            lambda: Partial(year=2024, value=1, share=0.5, spread=0),
            r"part of 2024: spread = 0 is not above zero\. .* log\(share\)",
        ),
        (lambda: Reading(outliers=(20,)), r"outliers: 20 is not a calendar year"),
        (
            lambda: Reading(breaks=(Break(year=2018, relative=1), Break(year=2018, relative=2))),
            r"Two breaks in 2018\. Keep one",
        ),
        (
            lambda: Reading(decided_by=Release.RESTATED),
            r"decided_by=Release\.RESTATED, but no restated figures are named",
        ),
    ],
)
def test_refuses_what_cannot_be_meant(make, message):
    with pytest.raises(HistoryError, match=message):
        make()


FULL = Reading(
    noise=(Noise(absolute=0.05, years=(1998, 1999)), Noise(relative=0.02), Noise(variable="rd_sd")),
    breaks=(Break(year=2010, absolute=0.1), Break(year=2018, relative=0.06)),
    outliers=(2003, 2020),
    partial=Partial(year=2024, value=74.0, share=0.72, spread=0.02),
    restated="rd_restated",
    decided_by=Release.RESTATED,
)


def test_attributes_hold_numbers_lists_and_text_and_come_back():
    attributes = reading_to_attributes(FULL)
    assert attributes == {
        "noise_absolute": [0.05, 0.05],
        "noise_absolute_years": [1998, 1999],
        "noise_relative": 0.02,
        "noise_variable": "rd_sd",
        "break_absolute": [0.1],
        "break_absolute_years": [2010],
        "break_relative": [0.06],
        "break_relative_years": [2018],
        "outlier_years": [2003, 2020],
        "partial_year": 2024,
        "partial_value": 74.0,
        "partial_share": 0.72,
        "partial_spread": 0.02,
        "restated": "rd_restated",
        "decided_by": "restated",
    }
    back = reading_of("rd", attributes)
    assert reading_to_attributes(back) == attributes
    assert reading_of("rd", {key: np.asarray(value) for key, value in attributes.items()}) == back


def test_one_size_may_serve_several_years():
    reading = reading_of("rd", {"noise_relative": 0.02, "noise_relative_years": [2001, 2002]})
    assert [(one.relative, one.years) for one in reading.noise] == [(0.02, (2001,)), (0.02, (2002,))]


def test_nothing_to_read_is_none():
    assert reading_of("rd", {"units": "%", "breaks": "a sentence"}) is None


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"break_relative": 0.1}, r"'rd': break_relative stands there without break_relative_years"),
        ({"noise_relative": [0.1, 0.2]}, r"noise_relative stands there without noise_relative_years"),
        ({"noise_absolute_years": [2001]}, r"noise_absolute_years stands there without noise_absolute"),
        (
            {"noise_absolute": [1.0, 2.0], "noise_absolute_years": [2001, 2002, 2003]},
            r"noise_absolute holds 2 numbers for 3 years\. Give one for each",
        ),
        ({"noise_relative": "much"}, r"noise_relative = 'much' is not a number"),
        ({"outlier_years": [2003.5]}, r"outlier_years = \[2003\.5\] does not hold whole years"),
        ({"partial_year": 2024}, r"partial_year stands there without partial_value"),
        ({"restated": "x", "decided_by": "last"}, r"decided_by = 'last'\. Use 'first' or 'restated'"),
    ],
)
def test_refuses_attributes_that_cannot_be_meant(attributes, message):
    with pytest.raises(HistoryError, match=message):
        reading_of("rd", attributes)


def test_an_error_for_all_years_beside_others_is_written_year_by_year():
    both = Reading(noise=(Noise(relative=0.1), Noise(relative=0.2, years=(2003,))))
    assert reading_to_attributes(both, [2002, 2003]) == {
        "noise_relative": [0.1, 0.1, 0.2],
        "noise_relative_years": [2002, 2003, 2003],
    }
