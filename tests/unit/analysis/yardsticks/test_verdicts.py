from __future__ import annotations

import numpy as np

from sxsim.analysis.yardsticks.verdicts import (
    OutlookVerdict,
    PaceVerdict,
    ScheduleVerdict,
    outlook,
    pace,
    schedule,
)

NO = np.array([False])


def test_a_threshold_belongs_to_the_better_side():
    assert [PaceVerdict(str(word)) for word in pace(np.array([0.95, 0.949, 0.6, 0.599, 0.0, -1e-9]))] == [
        PaceVerdict.SIGNIFICANT,
        *[PaceVerdict.MODERATE] * 2,
        *[PaceVerdict.INSUFFICIENT] * 2,
        PaceVerdict.AWAY,
    ]
    shares = np.array([0.95, 0.1, 0.0999])
    assert [OutlookVerdict(str(word)) for word in outlook(shares, NO)] == list(OutlookVerdict)


def test_rounding_of_what_lies_on_a_threshold_costs_nothing():
    third = np.array([1.0 - 2e-16, 0.95 - 1e-16])
    assert schedule(third[:1], NO).tolist() == [ScheduleVerdict.ON_SCHEDULE.value]
    assert pace(third[1:]).tolist() == [PaceVerdict.SIGNIFICANT.value]


def test_what_is_reached_is_reached_whatever_the_trend():
    yes = np.array([True])
    assert schedule(np.array([0.1]), yes).tolist() == [ScheduleVerdict.REACHED.value]
    assert outlook(np.array([-3.0]), yes).tolist() == [OutlookVerdict.ON_TRACK.value]


def test_without_a_value_there_is_no_verdict():
    none = np.array([np.nan])
    assert [schedule(none, NO)[0], pace(none)[0], outlook(none, NO)[0]] == ["", "", ""]


def test_housing_in_hubei_was_ahead_when_half_the_time_had_passed():
    """Of 1.1 million homes 39.6, 41.3 and 14.5 ten thousands were done in two and a half years of five."""
    done = (39.6 + 41.3 + 14.5) / 110
    assert schedule(np.array([done / 0.5]), NO).tolist() == ["on schedule"]
