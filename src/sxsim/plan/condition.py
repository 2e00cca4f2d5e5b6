"""Conditions: what has to hold for a target to be kept, alone or several combined."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from itertools import pairwise

from sxsim.errors import PlanError
from sxsim.plan.checks import check_finite, check_year
from sxsim.plan.level import Benchmark, Between, Level, Number, OwnPast, Worded

_LEVELS = (Number, Between, Benchmark, OwnPast, Worded)
_SHORT = 60  # letters of a value that messages show


class Relation(Enum):
    """Where a value must lie; the level itself counts as reached."""

    AT_LEAST = ">="
    AT_MOST = "<="
    WITHIN = "within"


class When(Enum):
    """In how many of its years a condition has to hold."""

    EVERY_YEAR = "every year"
    ANY_YEAR = "any year"


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """Holds when the relation to the level holds in every listed year, or in any of them.

    Parameters
    ----------
    indicator
        Id of the indicator that is looked at.
    relation, level
        On which side of which level it must lie; "within" goes with :class:`Between` alone.
    years
        Calendar years in ascending order; one for an end-year target, all of them for an every-year target.
    when
        Whether it has to hold in every year or in any of them ("by 2020 at the latest").
    precision
        Step of the published figures at which values are compared, in the indicator's units: with 0.1 a value
        of 2.46 counts as 2.5. The default, 0, compares exactly.

    Raises
    ------
    PlanError
        If no year is given, or they are not ascending, relation and level do not go together, the level is
        the indicator itself or a year that is not earlier, or the precision is negative or asked of a level
        that moves.

    Examples
    --------
    >>> Condition(indicator="rd", relation=Relation.AT_LEAST, level=Number(value=2.5), years=(2020,)).years
    (2020,)
    """

    indicator: str
    relation: Relation
    level: Level
    years: tuple[int, ...]
    when: When = When.EVERY_YEAR
    precision: float = 0.0

    def __post_init__(self) -> None:
        owner = f"condition on {self.indicator}"
        object.__setattr__(self, "years", _checked_years(owner, self.years))
        _check_kind(owner, "when", self.when, When, "sx.When.EVERY_YEAR or sx.When.ANY_YEAR")
        _check_kind(owner, "level", self.level, _LEVELS, "sx.Number(value=...) or another level")
        _check_relation(owner, self.relation, self.level)
        if isinstance(self.level, Benchmark) and self.level.indicator == self.indicator:
            raise PlanError(
                f"{owner}: benchmark = {self.indicator!r} is the indicator itself.",
                "Name another one; OwnPast holds it against its own earlier value.",
            )
        if isinstance(self.level, OwnPast) and self.level.year_before(self.years[0]) >= self.years[0]:
            raise PlanError(
                f"{owner}: since = {self.level.since} is not before {self.years[0]}.",
                "Hold it against an earlier year.",
            )
        _check_precision(owner, self.precision, self.level)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Indicators it speaks of."""
        other = (self.level.indicator,) if isinstance(self.level, Benchmark) else ()
        return (self.indicator, *other)

    def of_years(self, years: tuple[int, ...]) -> Condition:
        """Return the condition for other years."""
        return replace(self, years=years)


@dataclass(frozen=True, kw_only=True, slots=True)
class Total:
    """Holds when the sum over the years lies on the right side of the level: 500 in all from 2014 to 2020.

    Parameters
    ----------
    indicator
        Id of a yearly flow.
    relation, level
        On which side of which number the sum must lie.
    years
        The years that are added up, in ascending order.
    precision
        As for :class:`Condition`, of the sum.

    Raises
    ------
    PlanError
        If years are missing or not ascending, or the level is neither a number nor a range.

    Examples
    --------
    >>> flow = Total(indicator="certified", relation=Relation.AT_LEAST, level=Number(value=700),
    ...     years=tuple(range(2014, 2021)))
    >>> flow.years[-1]
    2020
    """

    indicator: str
    relation: Relation
    level: Number | Between
    years: tuple[int, ...]
    precision: float = 0.0

    def __post_init__(self) -> None:
        owner = f"total of {self.indicator}"
        object.__setattr__(self, "years", _checked_years(owner, self.years))
        _check_kind(owner, "level", self.level, (Number, Between), "a Number or a Between")
        _check_relation(owner, self.relation, self.level)
        _check_precision(owner, self.precision, self.level)

    @property
    def indicators(self) -> tuple[str, ...]:
        """The indicator it speaks of."""
        return (self.indicator,)

    def of_years(self, years: tuple[int, ...]) -> Total:
        """Return the total over other years."""
        return replace(self, years=years)


@dataclass(frozen=True, kw_only=True, slots=True)
class Combined(ABC):
    """Several conditions of which some number has to hold."""

    parts: tuple[Promise, ...]

    def __post_init__(self) -> None:
        owner = type(self).__name__
        if isinstance(self.parts, str) or not isinstance(self.parts, Iterable):
            raise PlanError(f"{owner}: parts = {self.parts!r} is no list.", "Give a tuple of conditions.")
        object.__setattr__(self, "parts", tuple(self.parts))
        if not self.parts:
            raise PlanError(f"{owner}: parts is empty.", "Name at least one condition.")
        for part in self.parts:
            _check_kind(owner, "a part", part, (Condition, Total, Combined), "a target's .condition")

    @property
    @abstractmethod
    def least(self) -> int:
        """How many parts have to hold."""

    @property
    def indicators(self) -> tuple[str, ...]:
        """Indicators the parts speak of."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.indicators))

    @property
    def years(self) -> tuple[int, ...]:
        """Years the parts speak of."""
        return tuple(sorted({year for part in self.parts for year in part.years}))


@dataclass(frozen=True, kw_only=True, slots=True)
class AllOf(Combined):
    """Holds when all its parts hold: "every year at the national level, and 60 percent by 2020".

    Raises
    ------
    PlanError
        If there is no part.

    Examples
    --------
    >>> rd = Condition(indicator="rd", relation=Relation.AT_LEAST, level=Number(value=2.5), years=(2020,))
    >>> AllOf(parts=(rd, rd.of_years((2019,)))).least
    2
    """

    @property
    def least(self) -> int:
        """All parts have to hold."""
        return len(self.parts)


@dataclass(frozen=True, kw_only=True, slots=True)
class AnyOf(Combined):
    """Holds when any of its parts holds.

    Raises
    ------
    PlanError
        If there is no part.

    Examples
    --------
    >>> rd = Condition(indicator="rd", relation=Relation.AT_LEAST, level=Number(value=2.5), years=(2020,))
    >>> AnyOf(parts=(rd, rd.of_years((2019,)))).least
    1
    """

    @property
    def least(self) -> int:
        """One part has to hold."""
        return 1


@dataclass(frozen=True, kw_only=True, slots=True)
class AtLeast(Combined):
    """Holds when at least ``count`` of its parts hold.

    Raises
    ------
    PlanError
        If there is no part, or the count is not between 1 and their number.

    Examples
    --------
    >>> rd = Condition(indicator="rd", relation=Relation.AT_LEAST, level=Number(value=2.5), years=(2020,))
    >>> two = AtLeast(count=2, parts=(rd, rd.of_years((2019,)), rd.of_years((2018,))))
    >>> two.years
    (2018, 2019, 2020)
    """

    count: int

    def __post_init__(self) -> None:
        Combined.__post_init__(self)
        if not 1 <= self.count <= len(self.parts):
            raise PlanError(
                f"AtLeast: count = {self.count!r} is not between 1 and {len(self.parts)}, its parts.",
                "Give how many of the parts have to hold.",
            )

    @property
    def least(self) -> int:
        """Return the count."""
        return self.count


Promise = Condition | Total | Combined


def single(promise: Promise) -> Iterator[Condition | Total]:
    """Yield the conditions and totals a promise is made of, in order.

    Examples
    --------
    >>> rd = Condition(indicator="rd", relation=Relation.AT_LEAST, level=Number(value=2.5), years=(2020,))
    >>> [one.years for one in single(AnyOf(parts=(rd, rd.of_years((2019,)))))]
    [(2020,), (2019,)]
    """
    if isinstance(promise, Condition | Total):
        yield promise
        return
    for part in promise.parts:
        yield from single(part)


def _checked_years(owner: str, years: Iterable[int]) -> tuple[int, ...]:
    """Return years as a tuple; refuse what is none, empty or out of order."""
    if isinstance(years, str) or not isinstance(years, Iterable):
        raise PlanError(f"{owner}: years = {years!r} is no list of years.", f"Write ({years!r},) for one.")
    listed = tuple(years)
    if not listed:
        raise PlanError(f"{owner}: years is empty.", "Name at least one year.")
    for year in listed:
        check_year(owner, "year", year)
    if any(later <= earlier for earlier, later in pairwise(listed)):
        raise PlanError(f"{owner}: years = {listed} are not ascending.", "Sort them, each year once.")
    return listed


def _check_kind(owner: str, key: str, value: object, kinds: type | tuple[type, ...], give: str) -> None:
    """Refuse what is of no kind that has a meaning here: a bare number, a text, a whole target."""
    if not isinstance(value, kinds):
        said = repr(value)
        said = said if len(said) <= _SHORT else f"a {type(value).__name__}"
        raise PlanError(f"{owner}: {key} is {said}.", f"Give {give}.")


def _check_relation(owner: str, relation: Relation, level: Level) -> None:
    _check_kind(owner, "relation", relation, Relation, "sx.Relation.AT_LEAST, AT_MOST or WITHIN")
    if (relation is Relation.WITHIN) is not isinstance(level, Between):
        raise PlanError(
            f"{owner}: relation = {relation.value!r} does not go with the level {level!r}.",
            "'within' takes a Between, '>=' and '<=' take any other level.",
        )


def _check_precision(owner: str, precision: float, level: Level) -> None:
    check_finite(owner, "precision", precision)
    if precision < 0:
        raise PlanError(f"{owner}: precision = {precision!r} is negative.", "Give the step, or 0 for none.")
    if precision and not isinstance(level, Number | Between | Worded):
        raise PlanError(
            f"{owner}: precision = {precision!r} is given, but its level moves.",
            "A level that moves is compared exactly: leave precision out.",
        )
