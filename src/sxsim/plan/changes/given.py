"""An indicator that follows a known path: everything correlated with it is updated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sxsim.errors import PlanError
from sxsim.plan.checks import check_finite, check_growth, check_year


@dataclass(frozen=True, kw_only=True, slots=True, init=False)
class GivenPath:
    """Suppose an indicator follows this path; what is correlated with it moves along, as its history says.

    Give figures, or a yearly growth from its last figure on.

    Parameters
    ----------
    indicator
        Id of the indicator.
    figures
        Value by year, in the indicator's units.
    growth, until
        Yearly growth as a fraction (0.03 is 3 percent), and the last year it is given for; None goes on to
        the end of the run.
    origin
        Where the path comes from.

    Raises
    ------
    PlanError
        Neither figures nor growth, or both; a figure that is not finite, or a year that is none.

    Examples
    --------
    >>> GivenPath(indicator="rd_intensity_national", figures={2020: 2.5}).figures
    ((2020, 2.5),)
    """

    indicator: str
    figures: tuple[tuple[int, float], ...]
    growth: float | None
    until: int | None
    origin: str

    def __init__(
        self,
        *,
        indicator: str,
        figures: Mapping[int, float] | tuple[tuple[int, float], ...] = (),
        growth: float | None = None,
        until: int | None = None,
        origin: str = "",
    ) -> None:
        owner = f"given path of {indicator}"
        pairs = tuple(sorted(dict(figures).items()))
        if bool(pairs) == (growth is not None):
            raise PlanError(
                f"{owner}: figures = {dict(pairs)!r} and growth = {growth!r}.", "Give exactly one of them."
            )
        for given, value in pairs:
            check_year(owner, "year", given)
            check_finite(owner, f"figure of {given}", value)
        if growth is not None:
            check_growth(owner, "growth", growth)
        if until is not None:
            check_year(owner, "until", until)
        object.__setattr__(self, "indicator", indicator)
        object.__setattr__(self, "figures", pairs)
        object.__setattr__(self, "growth", growth)
        object.__setattr__(self, "until", until)
        object.__setattr__(self, "origin", origin)

    @property
    def key(self) -> tuple[str, ...]:
        """What it decides."""
        return ("given path", self.indicator)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Indicators it speaks of."""
        return (self.indicator,)
