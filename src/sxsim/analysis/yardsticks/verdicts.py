"""What the official measures call good and bad, with the thresholds they publish."""

from __future__ import annotations

from enum import Enum

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Words = NDArray[np.str_]

_ALMOST = 1e-12  # rounding of a value that lies exactly on a threshold


class ScheduleVerdict(Enum):
    """Where a target stands at a mid-term evaluation in China, by time elapsed (时间过半、任务过半)."""

    REACHED = "target reached"  # 已达期末目标
    ON_SCHEDULE = "on schedule"  # 达到进度要求
    BEHIND = "behind schedule"  # 滞后


class PaceVerdict(Enum):
    """What Eurostat calls the ratio of the actual to the required growth: from 95 %, from 60 %, from 0 %."""

    SIGNIFICANT = "significant progress"
    MODERATE = "moderate progress"
    INSUFFICIENT = "insufficient progress"
    AWAY = "movement away"


class OutlookVerdict(Enum):
    """What the United Nations' progress chart calls the way done by the target year: from 95 %, from 10 %."""

    ON_TRACK = "target met or on track"
    FAIR = "fair progress, acceleration needed"
    STAGNATION = "stagnation or regression"


def schedule(ratio: Array, reached: NDArray[np.bool_]) -> Words:
    """Judge progress over time elapsed.

    Examples
    --------
    >>> schedule(np.array([0.9, 1.0, 2.0]), np.array([False, False, True])).tolist()
    ['behind schedule', 'on schedule', 'target reached']
    """
    verdict = ScheduleVerdict
    return _bands(ratio, (1.0,), (verdict.ON_SCHEDULE, verdict.BEHIND), reached, verdict.REACHED)


def pace(ratio: Array) -> Words:
    """Judge actual over required growth.

    Examples
    --------
    >>> pace(np.array([0.95, 0.6, 0.0, -0.1])).tolist()
    ['significant progress', 'moderate progress', 'insufficient progress', 'movement away']
    """
    return _bands(ratio, (0.95, 0.6, 0.0), tuple(PaceVerdict))


def outlook(share: Array, reached: NDArray[np.bool_]) -> Words:
    """Judge the way done by the target year; what is reached is met, whatever the trend.

    Examples
    --------
    >>> outlook(np.array([0.5, 0.05, 0.05]), np.array([False, False, True])).tolist()
    ['fair progress, acceleration needed', 'stagnation or regression', 'target met or on track']
    """
    return _bands(share, (0.95, 0.1), tuple(OutlookVerdict), reached, OutlookVerdict.ON_TRACK)


def _bands(
    value: Array,
    floors: tuple[float, ...],
    verdicts: tuple[Enum, ...],
    reached: NDArray[np.bool_] | None = None,
    at_goal: Enum | None = None,
) -> Words:
    """Return the verdict of the first floor a value reaches, the last one below all; none for NaN."""
    conditions, names = [np.isnan(value)], [""]
    if reached is not None and at_goal is not None:
        conditions, names = [*conditions, reached], [*names, str(at_goal.value)]
    conditions += [value >= floor - _ALMOST for floor in floors]
    names += [str(verdict.value) for verdict in verdicts[:-1]]
    return np.asarray(np.select(conditions, names, str(verdicts[-1].value)))
