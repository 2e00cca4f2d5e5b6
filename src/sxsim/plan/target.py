"""Targets: what a plan promises, in whose words, and who is in charge."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sxsim.errors import PlanError
from sxsim.plan.checks import check_finite, check_growth, check_id, check_year
from sxsim.plan.condition import Condition, Promise
from sxsim.plan.level import Number


class Strength(Enum):
    """How firmly the text commits itself."""

    BINDING = "binding"
    PLAIN = "plain"
    BEST_EFFORT = "best effort"
    FUZZY = "fuzzy"


class Group(Enum):
    """Whether a target stands among the headline figures or further down."""

    HEADLINE = "headline"
    SECONDARY = "secondary"


@dataclass(frozen=True, kw_only=True, slots=True)
class Base:
    """The value and year the plan counts from.

    Raises
    ------
    PlanError
        If the value is not finite or the year is not a calendar year.

    Examples
    --------
    >>> Base(value=1.09, year=2012)
    Base(value=1.09, year=2012)
    """

    value: float
    year: int

    def __post_init__(self) -> None:
        check_finite("base", "base_value", self.value)
        check_year("base", "base_year", self.year)


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """One promise of the plan.

    Parameters
    ----------
    id, label, label_zh
        Row id (the `target` coordinate of results) and how people call it.
    text, line
        The plan's own words, and the line they stand in.
    group, strength
        Headline or further down; how firm the wording is.
    condition
        What has to hold; None where nothing can be tested.
    unit
        Unit of the level and the base.
    base, stated_growth
        Where the plan counts from, and its yearly growth as a fraction (0.109 is 10.9 percent).
    lead_units
        Ids of the units in charge.
    part_of
        Id of the target of which this one is a part (6 national among 25 in all).
    proxy_for
        Id of the target this one stands in for.
    definition, assumption
        How it is counted; what had to be assumed because the plan does not say.
    not_assessable
        Why no probability can be given, in the plan author's words; empty otherwise.

    Raises
    ------
    PlanError
        If the id is unusable, growth is not above -1, the base is not before the last target year, or the
        target is a part of, or a proxy for, itself.

    Examples
    --------
    >>> Target(id="H1", label="R&D intensity", base=Base(value=1.09, year=2012), stated_growth=0.109).strength
    <Strength.PLAIN: 'plain'>
    """

    id: str
    label: str
    label_zh: str = ""
    text: str = ""
    line: int | None = None
    group: Group = Group.SECONDARY
    condition: Promise | None = None
    unit: str = ""
    base: Base | None = None
    stated_growth: float | None = None
    strength: Strength = Strength.PLAIN
    lead_units: tuple[str, ...] = ()
    part_of: str | None = None
    proxy_for: str | None = None
    definition: str = ""
    assumption: str = ""
    not_assessable: str = ""

    def __post_init__(self) -> None:
        check_id("target", self.id)
        owner = f"target {self.id}"
        if self.stated_growth is not None:
            check_growth(owner, "stated_growth", self.stated_growth)
        last = self.condition.years[-1] if self.condition else None
        if self.base and last is not None and self.base.year >= last:
            raise PlanError(
                f"{owner}: base_year = {self.base.year} is not before the target year {last}.",
                "A base lies before the year it leads to.",
            )
        for key, other in (("part_of", self.part_of), ("proxy_for", self.proxy_for)):
            if other == self.id:
                raise PlanError(f"{owner}: {key} = {other!r} is the target itself.", "Name another target.")

    @property
    def number(self) -> float | None:
        """The one fixed level it asks for; None where it asks for anything else."""
        condition = self.condition
        level = condition.level if isinstance(condition, Condition) else None
        return level.value if isinstance(level, Number) else None
