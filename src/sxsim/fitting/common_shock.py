"""How much of a year's shock all members of a batch share: booms and crises that belong to the calendar."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sxsim.fitting.walk import Summary

Array = NDArray[np.float64]

_PSEUDO_YEARS = 8.0
_FEWEST_CHANGES, _FEWEST_YEARS = 4, 3
_HIGHEST = 0.95


def common_share(summary: Summary) -> tuple[float, int]:
    """Return the share of the variance of a year's shock that is common, and the years it rests on.

    Changes are brought to mean zero and unit variance member by member. The mean product of two members in
    one year, over all pairs and years, is the variance of the common shock in a model of one factor; it is
    drawn to zero like a correlation seen for as many years against eight, because a factor has one value a
    year however many members there are (Bai and Ng 2002, https://doi.org/10.1111/1468-0262.00273, on why
    years count for the factor and members for its loads).
    """
    change = np.where(summary.gaps == 1, summary.changes, np.nan)
    count = np.isfinite(change).sum(axis=1)
    change = change[count >= _FEWEST_CHANGES]
    if len(change) < 2:
        return 0.0, 0
    mean = np.nanmean(change, axis=1, keepdims=True)
    spread = np.nanstd(change, axis=1, keepdims=True, ddof=1)
    unit = (change - mean) / np.where(spread > 0, spread, np.inf)
    seen = np.isfinite(unit)
    unit = np.where(seen, unit, 0.0)
    members, years = seen.sum(axis=0), int((seen.sum(axis=0) > 1).sum())
    pairs = float((members * (members - 1.0)).sum())
    if years < _FEWEST_YEARS:
        return 0.0, years
    products = float((unit.sum(axis=0) ** 2 - (unit**2).sum(axis=0)).sum())
    share = products / pairs * years / (years + _PSEUDO_YEARS)
    return float(np.clip(share, 0.0, _HIGHEST)), years
