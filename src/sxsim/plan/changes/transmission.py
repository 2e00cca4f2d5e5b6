"""How what is done to one indicator reaches another."""

from __future__ import annotations

from dataclasses import dataclass

from sxsim.errors import PlanError
from sxsim.plan.changes.effect import BY_HAND
from sxsim.plan.checks import check_finite


@dataclass(frozen=True, kw_only=True, slots=True)
class Transmission:
    """What levers, shocks, events and rules do to one indicator moves another, some years later.

    One percent more of the source makes `elasticity` percent more of the target, `lag` years later; of
    shares, percent of their odds. Growth as planned and given paths are not passed on: they say where an
    indicator is.

    Parameters
    ----------
    source, target
        Ids of the indicators.
    elasticity
        Percent for a percent.
    lag
        Years until it arrives.
    origin
        Where the number comes from.

    Raises
    ------
    PlanError
        The source is the target, the elasticity is not finite, or the lag is negative.

    Examples
    --------
    >>> Transmission(source="rd", target="patents", elasticity=0.3, lag=2).lag
    2
    """

    source: str
    target: str
    elasticity: float
    lag: int = 0
    origin: str = BY_HAND

    def __post_init__(self) -> None:
        owner = f"transmission {self.source} to {self.target}"
        if self.source == self.target:
            raise PlanError(f"{owner}: it leads back to itself.", "Name another target.")
        check_finite(owner, "elasticity", self.elasticity)
        if isinstance(self.lag, bool) or not isinstance(self.lag, int) or self.lag < 0:
            raise PlanError(f"{owner}: lag = {self.lag!r} is not a number of years.", "Give 0 or more.")

    @property
    def key(self) -> tuple[str, ...]:
        """What it decides."""
        return ("transmission", self.source, self.target)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Indicators it speaks of."""
        return (self.source, self.target)
