from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsim.errors import ModelError
from sxsim.links import Count, Linear, Log, Odds, deciding

CARRIERS = [
    Log(),
    Odds(),
    Odds(lower=0.0, upper=100.0),
    Odds(lower=-2.0, upper=3.0),
    Linear(),
    Linear(scale=40.0),
]
LEVELS = st.lists(st.floats(min_value=-12, max_value=12), min_size=1, max_size=8)
each = pytest.mark.parametrize("carrier", CARRIERS, ids=repr)


@each
@settings(max_examples=25)
@given(levels=LEVELS)
def test_levels_come_back(carrier, levels):
    z = np.array(levels)
    np.testing.assert_allclose(carrier.forward(carrier.inverse(z)), z, rtol=1e-9, atol=1e-9)


@each
@settings(max_examples=25)
@given(levels=LEVELS)
def test_values_come_back_and_lie_inside_the_bounds(carrier, levels):
    values = carrier.inverse(np.array(levels))
    assert ((values > carrier.lower) & (values < carrier.upper)).all()
    np.testing.assert_allclose(carrier.inverse(carrier.forward(values)), values, rtol=1e-9, atol=1e-12)


@each
@settings(max_examples=25)
@given(low=st.floats(-12, 12), gap=st.floats(1e-3, 5))
def test_a_higher_level_is_a_higher_value(carrier, low, gap):
    below, above = carrier.inverse(np.array([low, low + gap]))
    assert below < above


@each
def test_shape_is_kept_and_the_argument_is_not_touched(carrier):
    levels = np.linspace(-1, 1, 6).reshape(2, 3)
    before = levels.copy()
    assert carrier.inverse(levels).shape == carrier.forward(carrier.inverse(levels)).shape == (2, 3)
    assert (levels == before).all()


@each
def test_a_missing_figure_stays_missing(carrier):
    assert np.isnan(carrier.forward(np.array([np.nan]))).all()
    assert np.isnan(carrier.inverse(np.array([np.nan]))).all()


def test_bounds_are_those_of_the_quantity():
    assert (Log().lower, Log().upper) == (0.0, math.inf)
    assert (Odds().lower, Odds().upper) == (0.0, 1.0)
    assert (Linear().lower, Linear().upper) == (-math.inf, math.inf)


def test_links_are_the_ones_they_are_named_after():
    assert float(Log().forward(np.array(2.5))) == math.log(2.5)
    assert float(Odds(lower=1.0, upper=5.0).forward(np.array(2.0))) == pytest.approx(math.log(1 / 3))
    assert float(Linear(scale=4.0).forward(np.array(-2.0))) == -0.5


def test_a_share_far_out_is_exactly_at_its_end():
    share = Odds(lower=2.0, upper=7.0)
    assert share.inverse(np.array([-1000.0, 1000.0])).tolist() == [2.0, 7.0]


def test_carriers_are_equal_when_their_numbers_are():
    assert Odds(upper=100.0) == Odds(lower=0.0, upper=100.0) != Odds()
    assert Linear(scale=2.0) != Linear(scale=3.0)


@pytest.mark.parametrize(
    ("lower", "upper", "shown"),
    [(1.0, 1.0, "lower=1, upper=1"), (3.0, 2.0, "lower=3, upper=2"), (0.0, math.inf, "lower=0, upper=inf"),
     (-math.inf, 1.0, "lower=-inf, upper=1"), (math.nan, 1.0, "lower=nan, upper=1")],
)  # fmt: skip
def test_refuses_bounds_that_enclose_nothing(lower, upper, shown):
    remedy = "Set the attributes lower and upper, or choose another kind"
    with pytest.raises(ModelError, match=rf"two finite bounds in order, not {shown}\. {remedy}"):
        Odds(lower=lower, upper=upper)


@pytest.mark.parametrize("scale", [0.0, -1.0, math.inf, math.nan])
def test_refuses_a_scale_that_is_none(scale):
    with pytest.raises(
        ModelError, match=rf"scale of a balance is {scale!r}\. Give a finite scale above zero"
    ):
        Linear(scale=scale)


def test_a_count_is_published_as_its_whole_part():
    assert Count().inverse(np.log([0.2, 0.999, 1.0, 7.3])).tolist() == [0, 0, 1, 7]
    whole = np.arange(1.0, 2000.0)
    np.testing.assert_array_equal(Count().inverse(Count().forward(whole)), whole)
    assert Count().inverse(np.array([1e4])) == np.inf
    assert (Count().lower, Count().upper) == (0.0, np.inf)


@pytest.mark.parametrize(("level", "least", "most"), [(2.0, 2, 3), (1.2, 2, 2), (0.0, 0, 1), (-0.5, 0, 0)])
def test_whole_steps_decide_about_a_count(level, least, most):
    assert deciding(Count(), np.array(level), 1.0) == least
    assert deciding(Count(), np.array(level), -1.0) == most
    assert deciding(Log(), np.array(level), 1.0) == deciding(Log(), np.array(level), -1.0) == level
