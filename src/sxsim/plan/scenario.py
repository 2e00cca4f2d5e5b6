"""Scenarios: named sets of changes made to the trend, and a story for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sxsim.errors import PlanError, UnknownNameError, nearest
from sxsim.plan.assumption import Assumption, assumptions_of
from sxsim.plan.changes import (
    Change,
    CorrelationChange,
    GivenPath,
    Pull,
    RandomEvent,
    Review,
    Rule,
    Shock,
    TargetRevision,
    Transmission,
    VolatilityChange,
)
from sxsim.plan.checks import check_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """What is done differently from the trend, and why.

    Parameters
    ----------
    id, label, label_zh, story
        Its name in results, how people call it, and its story in a sentence.
    changes
        What it changes; each thing once.
    extends
        Id of the scenario it was made from, for people: its changes stand in `changes` already.

    Raises
    ------
    PlanError
        If the id is unusable, or two changes decide the same thing.

    Examples
    --------
    >>> Scenario(id="as_planned", label="As planned").changes
    ()
    """

    id: str
    label: str
    label_zh: str = ""
    story: str = ""
    changes: tuple[Change, ...] = ()
    extends: str = ""

    def __post_init__(self) -> None:
        check_id("scenario", self.id)
        _check_writers(self)

    def extended(
        self,
        *,
        id: str,
        label: str,
        changes: Iterable[Change] = (),
        without: Sequence[str | Change] = (),
        label_zh: str = "",
        story: str = "",
    ) -> Scenario:
        """Return a scenario that differs from this one only in what is given.

        A change replaces the one of this scenario that decides the same thing.

        Parameters
        ----------
        id, label, label_zh, story
            Of the new scenario.
        changes
            What is different.
        without
            What is left out: changes, or names of levers, shocks, events, rules, targets or indicators.

        Returns
        -------
        Scenario
            Fully resolved.

        Raises
        ------
        UnknownNameError
            What is to be left out is not in this scenario.

        Examples
        --------
        >>> from sxsim.plan import PlannedGrowth
        >>> grown = PlannedGrowth(indicator="rd", base_value=1.09, base_year=2012, growth=0.1)
        >>> planned = Scenario(id="planned", label="As planned", changes=(grown,))
        >>> planned.extended(id="trend_again", label="Trend", without=("rd",)).changes
        ()
        """
        names = {name for change in self.changes for name in change.key[1:]}
        left_out = {one for one in without if isinstance(one, str)}
        for name in sorted(left_out - names):
            raise UnknownNameError(
                f"Scenario {id!r} leaves out {name!r}, which is not in {self.id!r}.", nearest(name, names)
            )
        keys = {one.key for one in without if not isinstance(one, str)}
        different = Scenario(id=id, label=label, changes=tuple(changes)).changes
        left = {
            change.key: change
            for change in self.changes
            if change.key not in keys and left_out.isdisjoint(change.key[1:])
        }
        left |= {change.key: change for change in different}
        return Scenario(
            id=id,
            label=label,
            label_zh=label_zh,
            story=story,
            changes=tuple(left.values()),
            extends=self.id,
        )

    def assumptions(self) -> tuple[Assumption, ...]:
        """Return every number nobody has measured, with its origin; ``str`` of one is a sentence."""
        return assumptions_of(self.changes)


def _check_writers(scenario: Scenario) -> None:
    """Refuse two changes that decide the same thing, or move what a given path already says."""
    seen: dict[tuple[str, ...], Change] = {}
    for change in scenario.changes:
        if change.key in seen:
            raise PlanError(
                f"scenario {scenario.id}: two changes decide {named(change)}: {seen[change.key]!r} and "
                f"{change!r}.",
                "Keep one of the two.",
            )
        seen[change.key] = change
    given = {change.indicator: change for change in scenario.changes if isinstance(change, GivenPath)}
    for change in scenario.changes:
        for name in () if isinstance(change, GivenPath) else moved(change):
            if name in given:
                raise PlanError(
                    f"scenario {scenario.id}: {named(given[name])} and {named(change)} both write {name!r}.",
                    "Give the path of another indicator, or leave the other change out.",
                )


def moved(change: Change) -> tuple[str, ...]:
    """Indicators whose level a change moves."""
    match change:
        case Transmission(target=target):
            return (target,)
        case VolatilityChange() | CorrelationChange() | GivenPath():
            return ()
    return change.indicators


def first_years(change: Change) -> tuple[tuple[str, int], ...]:
    """First year in which a change does anything, by the key that says it; empty where none does."""
    match change:
        case Pull(start=year) | VolatilityChange(start=year):
            return (("start", year),)
        case Shock(year=year) | TargetRevision(year=year):
            return (("year", year),)
        case RandomEvent(first_year=int(year)):
            return (("first_year", year),)
        case Review(years=years) | Rule(years=years):
            return (("years", min(years)),)
    return ()


def named(change: Change) -> str:
    """What a change decides, for messages and labels: "lever L1"."""
    return f"{change.key[0]} {', '.join(change.key[1:])}".strip()


TREND = Scenario(
    id="trend",
    label="Trend",
    label_zh="趋势延续",
    story="The indicators go on as their own history suggests.",
)
