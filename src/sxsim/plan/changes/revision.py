"""Targets that are changed on the way."""

from __future__ import annotations

from dataclasses import dataclass

from sxsim.errors import PlanError
from sxsim.plan.changes.effect import BY_HAND
from sxsim.plan.changes.size import Size, check_size
from sxsim.plan.checks import check_year

REVISED = ":revised"


@dataclass(frozen=True, kw_only=True, slots=True)
class TargetRevision:
    """From some year on a target asks for another level; the path is left as it is.

    Results answer both questions: the original under the target's own id, the revised one as `<id>:revised`.

    Parameters
    ----------
    target
        Id of the target; its level must be a number.
    value
        The level from then on, in the indicator's units: a number, a range, or a distribution.
    year
        First year judged by it.
    probability
        Chance that the revision comes at all.
    origin
        Where the numbers come from.

    Raises
    ------
    PlanError
        The year is none, a probability outside 0 to 1, or a value that is neither number nor distribution.

    Examples
    --------
    >>> TargetRevision(target="H1", value=2.0, year=2016, probability=0.5).key
    ('revision', 'H1')
    """

    target: str
    value: Size
    year: int
    probability: float = 1.0
    origin: str = BY_HAND

    def __post_init__(self) -> None:
        owner = f"revision of {self.target}"
        check_size(owner, "value", self.value)
        check_year(owner, "year", self.year)
        if not 0 <= self.probability <= 1:
            raise PlanError(f"{owner}: probability = {self.probability!r} is not from 0 to 1.", "Try 0.5.")

    @property
    def key(self) -> tuple[str, ...]:
        """What it decides."""
        return ("revision", self.target)

    @property
    def indicators(self) -> tuple[str, ...]:
        """None: the path is left as it is."""
        return ()
