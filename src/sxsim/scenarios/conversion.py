"""From effort in the plan's own units to additions on the link scale, at the trend median."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import RequestError
from sxsim.links import Carrier, Count, Linear, Log
from sxsim.plan import PILING, EffectUnit
from sxsim.scenarios.trend import Trend

Array = NDArray[np.float64]

_EDGE = 1e-9
_RATIOS = frozenset({EffectUnit.PERCENT, EffectUnit.GROWTH})


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class LinkScale:
    """Effort of every year, in one unit, as an addition to the link-scale level of one indicator.

    With ``s_t`` the effort of year t, ``m_t`` the trend median in published units, ``g_t = m_t / m_(t-1)``
    and ``f`` the link, the addition is ``f(v_t) - f(m_t)`` with the value ``v_t``

    - units: ``m_t + s_t``; percent: ``m_t (1 + s_t / 100)``;
    - units a year: ``m_t + s_1 + ... + s_t``;
    - growth: ``m_t (1 + s_1 / (100 g_1)) ... (1 + s_t / (100 g_t))``;

    and of log points ``(s_1 + ... + s_t) / 100`` itself. Values that would leave the range of the indicator
    are held just inside: a billionth of the distance of the median. Counts move by whole numbers.

    Attributes
    ----------
    carrier
        The link, before a count is cut to its whole part.
    unit
        What effort is counted in.
    counts
        Whether levels are whole numbers.
    medians
        Of the model's last year and of those after it, ``(1 + year, member)``.
    """

    carrier: Carrier
    unit: EffectUnit
    counts: bool
    medians: Array

    @staticmethod
    def of(owner: str, trend: Trend, unit: EffectUnit) -> LinkScale:
        """Prepare the conversion of one unit for one indicator; refuse units that mean nothing there."""
        grown = trend.grown
        carrier: Carrier = Log() if isinstance(grown.carrier, Count) else grown.carrier
        medians = carrier.inverse(np.concatenate([trend.before[None], trend.levels]))
        if isinstance(carrier, Linear) and (unit is EffectUnit.LOG_A_YEAR or not grown.counts):
            _refuse_balance(owner, grown.name, unit)
        if unit in _RATIOS and (medians <= 0).any():
            step = int(np.flatnonzero((medians <= 0).any(axis=1))[0])
            raise RequestError(
                f"{owner} moves {grown.name!r} in {unit.value}, and its trend is "
                f"{np.nanmin(medians[step]):g} in {trend.years[0] - 1 + step}.",
                "Give the size in units.",
            )
        return LinkScale(carrier=carrier, unit=unit, counts=grown.counts, medians=medians)

    @property
    def piles(self) -> bool:
        """Whether effort piles up, year by year."""
        return self.unit in PILING

    def table(self, effort: Array, place: int | None = None) -> Array:
        """Return the addition of every year from the effort ``(year, k)``, ``(year, k)``.

        Of one member ``place``, for k draws; without it k is 1 or the number of members.
        """
        medians = self._medians(place)
        return self._addition(self._reached(effort, place), medians[1:])

    def reached(self, before: Array | None, effort: Array, step: int, place: int | None = None) -> Array:
        """Return what effort has led to by year ``step``, from the year before and the effort of that year.

        A sum, a factor, or the effort itself; ``before`` is None before there was any.
        """
        match self.unit:
            case EffectUnit.GROWTH:
                medians = self._medians(place)
                growth = medians[step + 1] / medians[step]
                factor = np.asarray(np.maximum(1.0 + 0.01 * effort / growth, 0.0))
                return factor if before is None else before * factor
            case EffectUnit.UNITS_A_YEAR | EffectUnit.LOG_A_YEAR:
                return effort if before is None else before + effort
        return effort

    def row(self, reached: Array, step: int, place: int | None = None) -> Array:
        """Return the addition in year ``step`` from what effort has led to by then, ``(k,)``."""
        return self._addition(reached, self._medians(place)[step + 1])

    def once(self, size: Array, step: int, place: int | None = None) -> Array:
        """Return the addition in year ``step`` from the effort ``(k,)`` of that year alone, ``(k,)``."""
        return self.row(self.reached(None, size, step, place), step, place)

    def whole(self, additions: Array) -> Array:
        """Return whole numbers for counts, and anything else as it is."""
        return np.asarray(np.round(additions)) if self.counts else additions

    def values(self, effort: Array) -> Array:
        """Published values the effort ``(year, 1)`` leads to from the trend, ``(year, member)``."""
        return self._values(self._reached(effort), self.medians[1:])

    def value(self, size: float, step: int) -> Array:
        """Published values the effort of year ``step`` alone leads to in that year, ``(member,)``."""
        return self._values(self.reached(None, np.array([size]), step), self.medians[step + 1])

    def outside(self, values: Array) -> NDArray[np.bool_]:
        """Whether values leave the range of the indicator."""
        return np.asarray((values <= self.carrier.lower) | (values >= self.carrier.upper))

    def _medians(self, place: int | None) -> Array:
        if place is None or self.medians.shape[1] == 1:
            return self.medians
        return self.medians[:, place : place + 1]

    def _reached(self, effort: Array, place: int | None = None) -> Array:
        """What effort has led to by every year."""
        rows, before = list[Array](), None
        for step, row in enumerate(effort):
            before = self.reached(before, row, step, place)
            rows.append(before)
        return np.stack(rows)

    def _values(self, reached: Array, median: Array) -> Array:
        match self.unit:
            case EffectUnit.GROWTH:
                return median * reached
            case EffectUnit.PERCENT:
                return median * (1.0 + 0.01 * reached)
            case EffectUnit.LOG_A_YEAR:
                return self.carrier.inverse(self.carrier.forward(median) + 0.01 * reached)
        return median + reached

    def _addition(self, reached: Array, median: Array) -> Array:
        if self.unit is EffectUnit.LOG_A_YEAR:
            return 0.01 * reached + 0.0 * median
        least, most = (
            end + _EDGE * (median - end) if np.isfinite(end) else end
            for end in (self.carrier.lower, self.carrier.upper)
        )
        values = np.clip(self._values(reached, median), least, most)
        return self.whole(self.carrier.forward(values) - self.carrier.forward(median))


def _refuse_balance(owner: str, name: str, unit: EffectUnit) -> None:
    if unit in _RATIOS or unit is EffectUnit.LOG_A_YEAR:
        raise RequestError(
            f"{owner} moves {name!r} in {unit.value}, which means nothing around zero.",
            "Give the size in units, or in units a year.",
        )
