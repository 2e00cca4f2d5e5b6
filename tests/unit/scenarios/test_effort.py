from __future__ import annotations

import numpy as np
import pytest

from sxsim.errors import RequestError
from sxsim.plan import EffectUnit, LinearRamp, Rule, SCurveRamp
from sxsim.scenarios.effort import effort_felt, effort_made

YEARS = np.arange(2010, 2022)


def in_years(**shares):
    return [shares.get(f"y{year}", 0.0) for year in YEARS]


def test_a_step_is_felt_from_its_start_to_its_end(pull):
    found = effort_felt(pull(start=2014, end=2016), YEARS)
    assert found.tolist() == in_years(y2014=1.0, y2015=1.0, y2016=1.0)


def test_a_delay_moves_the_whole_effort(pull):
    found = effort_felt(pull(start=2014, end=2016, delay=3, ramp=LinearRamp(years=2)), YEARS)
    assert found.tolist() == in_years(y2017=0.5, y2018=1.0, y2019=1.0)


def test_without_an_end_it_goes_on(pull):
    assert effort_felt(pull(start=2019, ramp=LinearRamp(years=4)), YEARS)[-3:].tolist() == [0.25, 0.5, 0.75]


def test_what_was_reached_at_the_end_fades_by_its_half_life(pull):
    one = pull(start=2014, end=2015, fade=2.0, ramp=LinearRamp(years=4))
    ages = YEARS - 2015
    expected = np.where(ages > 0, 0.5 * 0.5 ** (ages / 2.0), in_years(y2014=0.25, y2015=0.5))
    np.testing.assert_allclose(effort_felt(one, YEARS), expected, rtol=1e-15)


def test_effort_is_made_from_the_start_to_the_end_whatever_its_delay(pull):
    one = pull(start=2014, end=2016, delay=3, fade=5.0, ramp=SCurveRamp(years=2))
    assert effort_made(one, YEARS).tolist() == in_years(y2014=0.5, y2015=1.0, y2016=1.0)
    assert effort_made(pull(start=2020), YEARS).tolist() == in_years(y2020=1.0, y2021=1.0)


class Unsound:
    """A ramp of one's own that fails."""

    def share(self, age):
        return np.full(np.shape(age), np.nan)


def test_a_ramp_that_gives_no_number_is_refused(hand, pull, compiled):
    with pytest.raises(
        RequestError, match=r"Scenario 's': lever L1: its ramp or its returns give nan\. Let them"
    ):
        compiled(hand("y"), pull(ramp=Unsound()))
    rule = Rule(
        id="r",
        label="r",
        reads=("y",),
        decision=lambda seen, *_: seen["y"][-1],
        years=(2014,),
        indicator="y",
        unit=EffectUnit.UNITS,
        ramp=Unsound(),
    )
    with pytest.raises(RequestError, match=r"Scenario 's': rule r: its ramp or its returns give nan"):
        compiled(hand("y"), rule)


@pytest.mark.parametrize("delay", [0, 2])
def test_years_before_do_not_depend_on_years_after(pull, delay):
    one = pull(start=2012, end=2015, delay=delay, fade=1.5, ramp=SCurveRamp(years=3))
    np.testing.assert_array_equal(effort_felt(one, YEARS[:6]), effort_felt(one, YEARS)[:6])
