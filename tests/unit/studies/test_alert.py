from __future__ import annotations

import numpy as np
import pytest

from sxsim.errors import RequestError
from sxsim.studies.alert import Alert, AlertRule

RULE = AlertRule(on_track=0.6, at_risk=0.3, errors=3.0)


def judged(probability, error=0.0, route="exact"):
    alert, unsure = RULE.judge(*(np.array([value]) for value in (probability, error, route)))
    return alert[0], bool(unsure[0])


@pytest.mark.parametrize(
    ("probability", "expected"),
    [(0.6, "on track"), (0.5999, "at risk"), (0.3, "at risk"), (0.2999, "off track"), (np.nan, "cannot say")],
)
def test_a_threshold_itself_is_reached(probability, expected):
    assert RULE.grade(probability) is Alert(expected)
    assert judged(probability) == (expected, False)


def test_a_probability_is_graded_at_its_lower_end_and_marked_near_a_threshold():
    assert judged(0.65, error=0.01) == ("on track", False)
    assert judged(0.61, error=0.01) == ("at risk", True)
    assert judged(0.59, error=0.01) == ("at risk", True)
    assert judged(0.55, error=0.01) == ("at risk", False)


@pytest.mark.parametrize(("value", "expected"), [(1.0, "met"), (0.0, "missed"), (np.nan, "cannot say")])
def test_what_was_observed_is_decided(value, expected):
    assert judged(value, route="observed") == (expected, False)


def test_a_certain_forecast_is_not_an_observation():
    assert judged(1.0) == ("on track", False)
    assert judged(0.0) == ("off track", False)


def test_two_computations_of_one_probability_do_not_contradict_each_other():
    draws = np.random.default_rng(0).binomial(400, 0.6, size=(2, 4000)) / 400
    error = np.sqrt(draws * (1 - draws) / 400)
    alert, unsure = RULE.judge(draws, error, np.full(draws.shape, "monte-carlo"))
    sure = ~unsure.any(axis=0)
    assert (alert[0, sure] == alert[1, sure]).all()
    assert unsure.mean() > 0.99
    assert (RULE.grades(draws[0]) != RULE.grades(draws[1])).mean() > 0.4  # what it would be without


@pytest.mark.parametrize(("on_track", "at_risk"), [(0.3, 0.6), (0.5, 0.5), (1.0, 0.5), (0.5, 0.0)])
def test_thresholds_out_of_order(on_track, at_risk):
    with pytest.raises(RequestError, match=r"are no thresholds\. Give two probabilities"):
        AlertRule(on_track=on_track, at_risk=at_risk)


@pytest.mark.parametrize("errors", [-1.0, np.inf, np.nan])
def test_a_width_that_is_none(errors):
    with pytest.raises(RequestError, match=r"errors=.* is no width\. Give a number from zero on"):
        AlertRule(errors=errors)
