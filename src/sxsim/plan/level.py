"""Levels: what a value is held against."""

from __future__ import annotations

from dataclasses import dataclass

from sxsim.errors import PlanError
from sxsim.plan.checks import check_finite, check_growth, check_year


@dataclass(frozen=True, kw_only=True, slots=True)
class Number:
    """A fixed level, in the indicator's units.

    Raises
    ------
    PlanError
        If the value is not finite.

    Examples
    --------
    >>> Number(value=2.5)
    Number(value=2.5)
    """

    value: float

    def __post_init__(self) -> None:
        check_finite("number", "value", self.value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Between:
    """Two fixed levels, both ends included, for the relation "within".

    Raises
    ------
    PlanError
        If an end is not finite, or they are not in order.

    Examples
    --------
    >>> Between(lower=2.0, upper=3.0)
    Between(lower=2.0, upper=3.0)
    """

    lower: float
    upper: float

    def __post_init__(self) -> None:
        check_finite("between", "lower", self.lower)
        check_finite("between", "upper", self.upper)
        if not self.lower < self.upper:
            raise PlanError(
                f"between: lower = {self.lower!r} is not below upper = {self.upper!r}.",
                "Give the lower end first.",
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Benchmark:
    """A moving level: the value of another indicator in the same year, or a multiple of it.

    Parameters
    ----------
    indicator
        Id of the other indicator.
    times
        1 for "at the national level", 0.8 for "at 80 percent of it", 0.4 for "40 percent of which".

    Raises
    ------
    PlanError
        If the multiple is not a number above zero.

    Examples
    --------
    >>> Benchmark(indicator="rd_intensity_national")
    Benchmark(indicator='rd_intensity_national', times=1.0)
    """

    indicator: str
    times: float = 1.0

    def __post_init__(self) -> None:
        check_finite(f"benchmark {self.indicator}", "times", self.times)
        if self.times <= 0:
            raise PlanError(
                f"benchmark {self.indicator}: times = {self.times!r} is not above zero.",
                "Give 1 for the value itself, 0.8 for 80 percent of it.",
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnPast:
    """A moving level: the indicator's own value in an earlier year, grown since.

    Parameters
    ----------
    since
        The year it is held against; None for the year before.
    growth
        Yearly growth since then as a fraction: 0.07 for "7 percent a year on average", 0 for "no lower than".

    Raises
    ------
    PlanError
        If growth is not above -1, or the year is not a calendar year.

    Examples
    --------
    >>> OwnPast(since=2015, growth=0.07)
    OwnPast(since=2015, growth=0.07)
    """

    since: int | None = None
    growth: float = 0.0

    def __post_init__(self) -> None:
        check_growth("own past", "growth", self.growth)
        if self.since is not None:
            check_year("own past", "since", self.since)

    def year_before(self, year: int) -> int:
        """Return the year that some year is held against."""
        return year - 1 if self.since is None else self.since

    def times(self, year: int) -> float:
        """Return the multiple of the earlier value that some year asks for."""
        return float((1.0 + self.growth) ** (year - self.year_before(year)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Worded:
    """A level in words ("basically", 基本), which cannot be judged before somebody says what they mean.

    Parameters
    ----------
    word
        The plan's own word.
    threshold
        What the reader takes it to mean, in the indicator's units; None as long as nobody said.

    Raises
    ------
    PlanError
        If the threshold is not finite.

    Examples
    --------
    >>> Worded(word="基本替代", threshold=80.0).threshold
    80.0
    """

    word: str
    threshold: float | None = None

    def __post_init__(self) -> None:
        if self.threshold is not None:
            check_finite(f"level {self.word!r}", "threshold", self.threshold)


Level = Number | Between | Benchmark | OwnPast | Worded


def fixed(level: Level) -> Number | Between | None:
    """Return the number or range a level stands for; None where it moves, or words have no threshold.

    Examples
    --------
    >>> fixed(Worded(word="mostly", threshold=80.0)), fixed(OwnPast())
    (Number(value=80.0), None)
    """
    match level:
        case Number() | Between():
            return level
        case Worded(threshold=float() | int() as value):
            return Number(value=value)
        case _:
            return None
