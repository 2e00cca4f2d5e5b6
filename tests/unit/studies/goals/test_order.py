from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sxsim.studies.goals.order import at_shares, place_of

NEVER = np.inf


def test_the_share_is_reached_at_its_order_statistic():
    low = np.arange(1.0, 11.0)[::-1]
    place = place_of(low, np.full(10, np.inf), 0.8)
    assert (place.at, place.reached, place.tilt) == (8.0, 0.8, 1.0)


def test_the_interval_has_the_ranks_of_the_binomial_law():
    low = np.arange(1.0, 1001.0)
    place = place_of(low, np.full(1000, np.inf), 0.3)
    assert place.lower == stats.binom.ppf(0.025, 1000, 0.3)
    assert place.upper == stats.binom.ppf(0.975, 1000, 0.3) + 1


def test_the_interval_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(0)
    truth = stats.norm.ppf(0.7)
    places = [place_of(row, np.full(200, np.inf), 0.7) for row in rng.normal(size=(2000, 200))]
    held = np.mean([place.lower <= truth <= place.upper for place in places])
    assert 0.945 <= held <= 0.98


def test_paths_that_need_the_same_are_reached_together():
    place = place_of(np.array([1.0, 2.0, 2.0, 2.0, 3.0]), np.full(5, np.inf), 0.5)
    assert (place.at, place.reached) == (2.0, 0.8)


def test_a_share_that_is_never_reached_says_how_many_are():
    place = place_of(np.array([1.0, 2.0, NEVER, NEVER]), np.full(4, np.inf), 0.75)
    assert place.at == np.inf
    assert place.reached == 0.5


def test_what_more_hinders_is_reached_from_above():
    place = place_of(np.full(4, -np.inf), np.array([1.0, 2.0, 3.0, 4.0]), 0.5)
    assert (place.at, place.tilt) == (3.0, -1.0)


@pytest.mark.parametrize(("shift", "at"), [(5.0, 4.9), (-5.0, -4.9)])
def test_a_range_is_reached_by_the_smallest_change_either_way(shift, at):
    centre = shift + np.linspace(-1, 1, 2001)
    place = place_of(centre - 1.0, centre + 1.0, 0.9)
    assert place.at == pytest.approx(at, abs=0.1 + 1e-9)
    assert place.tilt == np.sign(shift)


def test_a_range_may_be_kept_already_or_by_too_few_paths():
    centre = np.linspace(-1, 1, 2001)
    kept = place_of(centre - 1.0, centre + 1.0, 0.9)
    assert (kept.at, kept.reached) == (0.0, 1.0)
    narrow = place_of(centre - 0.1, centre + 0.1, 0.5)
    assert narrow.at == np.inf
    assert narrow.reached == pytest.approx(0.1, abs=0.001)


def test_shares_of_a_distribution():
    assert at_shares(np.array([4.0, 1.0, 3.0, 2.0]), np.array([0.25, 0.5, 1.0])).tolist() == [1.0, 2.0, 4.0]
