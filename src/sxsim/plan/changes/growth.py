"""The plan's own growth as the median."""

from __future__ import annotations

from dataclasses import dataclass

from sxsim.plan.checks import check_finite, check_growth, check_year


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedGrowth:
    """The median of an indicator follows the plan's own growth from its base; the uncertainty stays.

    Parameters
    ----------
    indicator
        Id of the indicator.
    base_value, base_year
        Where the plan counts from, in the indicator's units.
    growth
        Yearly growth as a fraction: 0.109 is 10.9 percent.

    Raises
    ------
    PlanError
        If a number is not finite, growth is not above -1, or the year is not a calendar year.

    Examples
    --------
    >>> PlannedGrowth(indicator="rd", base_value=1.09, base_year=2012, growth=0.109).growth
    0.109
    """

    indicator: str
    base_value: float
    base_year: int
    growth: float

    def __post_init__(self) -> None:
        owner = f"planned growth of {self.indicator}"
        check_finite(owner, "base_value", self.base_value)
        check_year(owner, "base_year", self.base_year)
        check_growth(owner, "growth", self.growth)

    @property
    def key(self) -> tuple[str, ...]:
        """What it decides."""
        return ("planned growth", self.indicator)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Indicators it moves."""
        return (self.indicator,)
