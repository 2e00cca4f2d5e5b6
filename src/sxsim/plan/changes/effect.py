"""What something does to an indicator, in the plan's own units."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sxsim.errors import PlanError
from sxsim.plan.changes.size import Size, check_size

BY_HAND = "set by hand, no source stated"


class EffectUnit(Enum):
    """What one unit of size means; the value is how people write it.

    Growth and units a year pile up, year by year, as long as the effort lasts; percent and units are the
    distance from where the indicator would be otherwise.
    """

    GROWTH = "percentage points of yearly growth"
    UNITS_A_YEAR = "units a year"
    UNITS = "units"
    PERCENT = "percent of the level"
    LOG_A_YEAR = "log points a year"


PILING = frozenset({EffectUnit.GROWTH, EffectUnit.UNITS_A_YEAR, EffectUnit.LOG_A_YEAR})


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """What full effort does to one indicator: always an assumption, with its origin.

    Parameters
    ----------
    indicator
        Id of the indicator.
    size
        How much: a number, a range (:class:`sxsim.Elicited`) or a frozen distribution of scipy.
    unit
        What it is counted in. Units are those of the indicator: for a share in percent, percentage points.
    origin
        Where the number comes from.

    Raises
    ------
    PlanError
        The size is neither a finite number nor a distribution with a finite median.

    Examples
    --------
    >>> Effect(indicator="rd", size=0.05, unit=EffectUnit.UNITS_A_YEAR, origin="council estimate").size
    0.05
    """

    indicator: str
    size: Size
    unit: EffectUnit
    origin: str = BY_HAND

    def __post_init__(self) -> None:
        check_size(f"effect on {self.indicator}", "size", self.size)


def check_effects(owner: str, effects: tuple[Effect, ...]) -> None:
    """Refuse two effects of one owner on one indicator."""
    names = [effect.indicator for effect in effects]
    if twice := [name for name in names if names.count(name) > 1]:
        raise PlanError(f"{owner}: it moves {twice[0]!r} twice.", "Give one effect per indicator.")
