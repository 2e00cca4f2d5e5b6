"""Rules: on every path, what is done depends on what was published before, never on what comes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import PlanError
from sxsim.plan.changes.effect import BY_HAND, EffectUnit
from sxsim.plan.changes.ramp import AT_ONCE, Ramp
from sxsim.plan.checks import check_finite, check_id, check_year

Array = NDArray[np.float64]


class Track(Protocol):
    """Where an indicator should stand by the plan."""

    def at(self, year: int) -> float:
        """Return the value of a year."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class StraightTrack:
    """The straight line from one value to another, in published units.

    Raises
    ------
    PlanError
        A value is not finite, or the second year is not after the first.

    Examples
    --------
    >>> StraightTrack(start=2012, value=1.0, end=2020, goal=3.0).at(2016)
    2.0
    """

    start: int
    value: float
    end: int
    goal: float

    def __post_init__(self) -> None:
        _check_track(self)

    def at(self, year: int) -> float:
        """Return the value of a year, before the first and after the second too."""
        return self.value + (self.goal - self.value) * (year - self.start) / (self.end - self.start)


@dataclass(frozen=True, kw_only=True, slots=True)
class SteadyTrack:
    """The same growth every year from one value to another.

    Raises
    ------
    PlanError
        A value is not above 0, or the second year is not after the first.

    Examples
    --------
    >>> SteadyTrack(start=2012, value=1.0, end=2020, goal=4.0).at(2016)
    2.0
    """

    start: int
    value: float
    end: int
    goal: float

    def __post_init__(self) -> None:
        _check_track(self)
        if not min(self.value, self.goal) > 0:
            raise PlanError(
                f"SteadyTrack from {self.value:g} to {self.goal:g}: a value is not above 0.",
                "Take sx.StraightTrack.",
            )

    def at(self, year: int) -> float:
        """Return the value of a year, before the first and after the second too."""
        share = (year - self.start) / (self.end - self.start)
        return float(self.value * (self.goal / self.value) ** share)


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """A review: where an indicator is behind its track, effort is added in proportion to the gap.

    Parameters
    ----------
    id, label
        Its name, and how people call it.
    watched
        Id of the indicator that is looked at.
    track
        Where it should stand.
    years
        Years of review.
    gain
        Effort for each unit of the gap, in the unit of the effect.
    at_most
        The most effort one review can add; None: no bound.
    indicator, unit
        What the effort moves, and what it is counted in.
    lag
        Years until a figure is published: in year t those up to t - lag are known.
    delay
        Years from the review to the first effect, 1 or more.
    lasts
        Years of effort; None goes on to the end of the run.
    ramp
        How the effort comes in.
    above
        Whether to act where the indicator stands above its track, not below.
    origin
        Where the numbers come from.

    Raises
    ------
    PlanError
        No year, a lag that is negative, a delay or duration below 1, or a number that is not finite.

    Examples
    --------
    >>> track = StraightTrack(start=2012, value=1.09, end=2020, goal=2.5)
    >>> review = Review(
    ...     id="midterm", label="Mid-term review", watched="rd", track=track, years=(2016,), gain=0.3,
    ...     at_most=0.1, indicator="rd", unit=EffectUnit.UNITS_A_YEAR,
    ... )
    >>> review.decide({"rd": np.array([[1.2, 1.7]])}, np.array([2015]), 2016).round(3).tolist()
    [0.1, 0.0]
    """

    id: str
    label: str
    watched: str
    track: Track
    years: tuple[int, ...]
    gain: float
    at_most: float | None = None
    indicator: str
    unit: EffectUnit
    lag: int = 1
    delay: int = 1
    lasts: int | None = None
    ramp: Ramp = AT_ONCE
    above: bool = False
    origin: str = BY_HAND

    def __post_init__(self) -> None:
        check_rule(self)
        owner = f"rule {self.id}"
        check_finite(owner, "gain", self.gain)
        if self.at_most is not None:
            check_finite(owner, "at_most", self.at_most)
            if self.at_most < 0:
                raise PlanError(f"{owner}: at_most = {self.at_most!r} is negative.", "Give zero or more.")

    @property
    def reads(self) -> tuple[str, ...]:
        """Indicators it looks at."""
        return (self.watched,)

    @property
    def key(self) -> tuple[str, ...]:
        """What it decides."""
        return ("rule", self.id)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Indicators it moves."""
        return (self.indicator,)

    def decide(self, seen: Mapping[str, Array], years: NDArray[np.int64], year: int) -> Array:
        """Return the effort of every path, ``(draw,)``, from the latest published figure; NaN without any."""
        del year
        figures = seen[self.watched]
        known = np.flatnonzero(np.isfinite(figures).all(axis=1))
        latest = known[-1] if known.size else -1
        gap = self.track.at(int(years[latest])) - figures[latest]
        behind = np.maximum(-gap if self.above else gap, 0.0)
        effort = self.gain * behind
        if self.at_most is None:
            return np.asarray(effort)
        return np.asarray(np.clip(effort, -self.at_most, self.at_most))


Decision = Callable[[Mapping[str, Array], NDArray[np.int64], int], Array]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A rule of one's own: a function that decides on what has been published.

    Parameters
    ----------
    id, label
        Its name, and how people call it.
    reads
        Ids of the indicators it looks at.
    decision
        Called in every year of decision with the published values by name ``(year, draw)``, the years they
        belong to, and the year of decision; returns the effort of every path, ``(draw,)``. It is handed
        copies up to the lag and nothing later.
    years, indicator, unit, lag, delay, lasts, ramp, origin
        As for :class:`sxsim.Review`.

    Raises
    ------
    PlanError
        As for a review.

    Examples
    --------
    >>> def fallen(seen, years, year):
    ...     return np.where(seen["gdp"][-1] < seen["gdp"][-2], 1.0, 0.0)
    >>> rule = Rule(
    ...     id="help", label="Help after a fall", reads=("gdp",), decision=fallen, years=(2016, 2017),
    ...     indicator="rd", unit=EffectUnit.GROWTH, lasts=1,
    ... )
    >>> rule.key
    ('rule', 'help')
    """

    id: str
    label: str
    reads: tuple[str, ...]
    decision: Decision
    years: tuple[int, ...]
    indicator: str
    unit: EffectUnit
    lag: int = 1
    delay: int = 1
    lasts: int | None = None
    ramp: Ramp = AT_ONCE
    origin: str = BY_HAND

    def __post_init__(self) -> None:
        check_rule(self)
        if not self.reads:
            raise PlanError(f"rule {self.id}: reads is empty.", "Name the indicators it looks at.")

    @property
    def key(self) -> tuple[str, ...]:
        """What it decides."""
        return ("rule", self.id)

    @property
    def indicators(self) -> tuple[str, ...]:
        """Indicators it moves."""
        return (self.indicator,)

    def decide(self, seen: Mapping[str, Array], years: NDArray[np.int64], year: int) -> Array:
        """Return the effort of every path, ``(draw,)``."""
        return self.decision(seen, years, year)


def check_rule(rule: Review | Rule) -> None:
    """Refuse a rule without a year, or one that acts before it knows."""
    check_id("rule", rule.id)
    owner = f"rule {rule.id}"
    if not rule.years:
        raise PlanError(f"{owner}: years is empty.", "Name at least one year of decision.")
    for year in rule.years:
        check_year(owner, "year", year)
    lasts = 1 if rule.lasts is None else rule.lasts
    for key, value, least in (("lag", rule.lag, 0), ("delay", rule.delay, 1), ("lasts", lasts, 1)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise PlanError(f"{owner}: {key} = {value!r} is not a number of years.", f"Give {least} or more.")


def _check_track(track: StraightTrack | SteadyTrack) -> None:
    owner = type(track).__name__
    for key, value in (("value", track.value), ("goal", track.goal)):
        check_finite(owner, key, value)
    for key, year in (("start", track.start), ("end", track.end)):
        check_year(owner, key, year)
    if track.end <= track.start:
        raise PlanError(
            f"{owner}: end = {track.end} is not after start = {track.start}.", "Give the first year first."
        )
