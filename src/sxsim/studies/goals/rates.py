"""Extra growth in published units, beside the trend, the plan's own growth and the past."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.labels import UNITS, YEAR
from sxsim.links import Carrier, Count, Linear, Log
from sxsim.processes import GrowthModel
from sxsim.scenarios import Policy, Trend
from sxsim.studies.goals.lift import Lift

Array = NDArray[np.float64]

PERCENT = "% a year"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Rates:
    """Average yearly growth of one indicator from the model's last year to the last year asked for.

    Published values ``m`` grow by ``(m_H / m_0)^(1 / H) - 1`` a year, in percent; what may be negative by
    ``(m_H - m_0) / H`` in its own units. Medians: with an amount ``x`` of extra growth the link-scale median
    of year ``H`` is that of the trend plus ``x H``.

    Attributes
    ----------
    name, unit
        Of the indicator; what growth is counted in.
    years
        How many years ahead.
    """

    name: str
    unit: str
    years: int
    _carrier: Carrier
    _base: Array
    _end: Array
    _direction: float

    @staticmethod
    def of(lift: Lift, last: int, model: GrowthModel, policy: Policy) -> Rates | None:
        """Prepare the rates of what is lifted; None where that is not one indicator."""
        if len(lift.directions) != 1 or last <= model.last_year:
            return None
        [(name, direction)] = lift.directions.items()
        grown, years = model[name], last - model.last_year
        trend = Trend.of(grown, np.arange(model.last_year + 1, last + 1))
        added = policy.offsets[name][:, years - 1] if name in policy.offsets else 0.0
        carrier = Log() if isinstance(grown.carrier, Count) else grown.carrier
        units = str(model.history[name].attrs.get(UNITS, "units")) if name in model.history else "units"
        return Rates(
            name=name,
            unit=f"{units} a year" if isinstance(carrier, Linear) else PERCENT,
            years=years,
            _carrier=carrier,
            _base=carrier.inverse(trend.before),
            _end=trend.levels[-1] + added,
            _direction=direction,
        )

    def at(self, amount: Array) -> Array:
        """Return the growth of the median with an amount of extra growth, ``(member, ...)``."""
        more = (1,) * (amount.ndim - 1)
        base, end = self._base.reshape(-1, *more), self._end.reshape(-1, *more)
        reached = self._carrier.inverse(end + self._direction * self.years * amount)
        if isinstance(self._carrier, Linear):
            return np.asarray((reached - base) / self.years)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(100.0 * ((reached / base) ** (1.0 / self.years) - 1.0))

    def past(self, model: GrowthModel) -> Array:
        """Return yearly growth of the past, ``(member, year)``; NaN where a figure is missing.

        Between figures some years apart it is the average of these years, in the last of them.
        """
        if self.name not in model.history:
            return np.zeros((self._base.size, 0))
        history = model.history[self.name]
        known = history.sel({YEAR: history[YEAR] <= model.last_year}).transpose(..., YEAR)
        years = known[YEAR].to_numpy()
        rows = known.to_numpy().reshape(self._base.size, years.size).astype(float)
        out = np.full((self._base.size, max(years.size - 1, 0)), np.nan)
        for row, figures in zip(out, rows, strict=True):
            seen = np.flatnonzero(np.isfinite(figures))
            row[seen[1:] - 1] = self._growth(figures[seen], np.diff(years[seen]))
        return out

    def _growth(self, values: Array, gaps: NDArray[np.int64]) -> Array:
        if isinstance(self._carrier, Linear):
            return np.diff(values) / gaps
        with np.errstate(divide="ignore", invalid="ignore"):
            found = 100.0 * ((values[1:] / values[:-1]) ** (1.0 / gaps) - 1.0)
        return np.where(np.isfinite(found), found, np.nan)


def rank_among(past: Array, rate: Array) -> Array:
    """Return the share of past years that grew less, ``(member, ...)``; NaN without a past."""
    more = (1,) * (rate.ndim - 1)
    table = past.reshape(len(past), *more, -1)
    count = np.isfinite(table).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (table < rate[..., None]).sum(axis=-1) / count
    return np.where((count > 0) & np.isfinite(rate), share, np.nan)
