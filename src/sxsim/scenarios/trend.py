"""The trend of one indicator: the medians at which units are converted to levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.processes import Grown

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Trend:
    """Median levels of an indicator on the link scale.

    Attributes
    ----------
    grown
        The indicator.
    years
        Years after the model's last, ``(year,)``.
    levels
        Median of these years, ``(year, member)``.
    before
        Median of the model's last year, ``(member,)``: the last figure, where it is of that year.
    """

    grown: Grown
    years: Whole
    levels: Array
    before: Array

    @staticmethod
    def of(grown: Grown, years: Whole) -> Trend:
        """Find the medians one year at a time, so that more years keep the bits."""
        gap = years[0] - 1 - grown.last_years()
        last = grown.last_level()
        before = np.where(gap > 0, _median(grown, np.maximum(gap, 1)), last) if gap.any() else last
        levels = np.stack([_median(grown, year - grown.last_years()) for year in years])
        return Trend(grown=grown, years=years, levels=levels, before=before)


def _median(grown: Grown, step: Whole) -> Array:
    return np.asarray(grown.last_level() + grown.marginal(step).quantiles(0.5)[0])
