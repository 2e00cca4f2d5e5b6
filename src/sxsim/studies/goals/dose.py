"""How much of one lever it would take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.exact import Answer
from sxsim.analysis.question import Question
from sxsim.analysis.routes import Desk, policies_for, solve
from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.plan import Lever, Plan, Pull, Scenario
from sxsim.processes import GrowthModel
from sxsim.studies.goals.found import Found, GoalStatus, either, known_at, settled
from sxsim.studies.goals.root import root_of
from sxsim.studies.goals.solve import of_root

Array = NDArray[np.float64]

SCAN = 9  # doses that are looked at before a root is sought


@dataclass(frozen=True, kw_only=True, slots=True)
class Dosing:
    """A lever whose dose is free.

    Attributes
    ----------
    lever, start, end
        What is pulled, and when.
    """

    lever: Lever
    start: int
    end: int | None = None

    def added(self, scenario: Scenario, dose: float) -> Scenario:
        """Return a scenario with so much of the lever, instead of what it has of it."""
        pull = Pull(lever=self.lever, start=self.start, end=self.end, dose=dose)
        return scenario.extended(
            id=scenario.id, label=scenario.label, label_zh=scenario.label_zh, changes=(pull,)
        )


def dosing_of(
    lever: Lever | str,
    plan: Plan | None,
    scenario: Scenario,
    first_year: int,
    *,
    start: int | None,
    end: int | None,
) -> Dosing:
    """Find a lever and when it is pulled: as the scenario does, or from a year on.

    Raises
    ------
    UnknownNameError
        There is no lever of that id.
    RequestError
        Nobody has said what it does.
    """
    pulls = {one.lever.id: one for one in scenario.changes if isinstance(one, Pull)}
    known = {one.id: one for one in plan.levers} if plan else {}
    known |= {name: pull.lever for name, pull in pulls.items()}
    if isinstance(lever, str) and lever not in known:
        raise UnknownNameError(f"There is no lever {lever!r}.", nearest(lever, [*known, "growth"]))
    found = known[lever] if isinstance(lever, str) else lever
    if not isinstance(found, Lever):
        raise RequestError(f"lever={lever!r} is no lever.", "Give 'growth', the id of one, or an sx.Lever.")
    if not found.effects:
        raise RequestError(
            f"Lever {found.id!r}: nobody has said what it does.",
            "Give it effects=, with their origin, before it is asked for.",
        )
    if found.id in pulls and start is None and end is None:
        return Dosing(lever=found, start=pulls[found.id].start, end=pulls[found.id].end)
    begin = max(first_year, plan.start if plan else first_year) if start is None else start
    return Dosing(lever=found, start=begin, end=end)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class DoseSearch:
    """A question, a lever and where its dose may lie.

    Attributes
    ----------
    question, model, scenario, dosing
        What is asked, under which scenario, and what is changed.
    desk
        Where probabilities are answered, from the same points or draws every time.
    bounds
        Smallest and largest dose.
    """

    question: Question
    model: GrowthModel
    scenario: Scenario
    dosing: Dosing
    desk: Desk
    bounds: tuple[float, float]

    def answers(self, doses: Sequence[float], beside: Sequence[Scenario] = ()) -> list[Answer]:
        """Return the probability at some doses, in one run where it has to be counted.

        Each beside a scenario of its own, where they are given.
        """
        under = beside or [self.scenario] * len(doses)
        scenarios = [
            replace(self.dosing.added(one, dose), id=f"dose-{i}")
            for i, (one, dose) in enumerate(zip(under, doses, strict=True))
        ]
        policies = policies_for([self.question], self.model, scenarios)
        solved = solve([self.question], self.model, policies, self.desk)
        return [answers[self.question.target.id] for answers, _ in solved]

    def each(self, doses: Array) -> Answer:
        """Return the probability of each member at a dose of its own."""
        several, places = np.unique(doses, return_inverse=True)
        return _picked(self.answers(several.tolist()), places)

    def found(self, shares: Sequence[float]) -> list[Found]:
        """Return the smallest dose at which the probability reaches each share.

        Some doses between the bounds are looked at first: the probability may rise and fall again. The root
        is sought below the first of them that is enough.
        """
        if not self.question.rows or not self.question.kept.any():
            return [settled(self.question.kept)] * len(shares)
        doses = np.linspace(*self.bounds, SCAN)
        scan = self.answers(doses.tolist())
        return [self._one(share, doses, scan) for share in shares]

    def beside(self, other: Dosing, doses: Sequence[float], share: float) -> list[Found]:
        """Return the smallest dose beside each dose of another lever; what is looked at first, in one run."""
        if not self.question.rows or not self.question.kept.any():
            return [settled(self.question.kept)] * len(doses)
        own = np.linspace(*self.bounds, SCAN)
        under = [other.added(self.scenario, dose) for dose in doses]
        every = [one for one in under for _ in own]
        scan = self.answers(own.tolist() * len(under), every)
        return [
            replace(self, scenario=one)._one(share, own, scan[i * SCAN : (i + 1) * SCAN])
            for i, one in enumerate(under)
        ]

    def _one(self, share: float, doses: Array, scan: Sequence[Answer]) -> Found:
        table = np.stack([answer.probability for answer in scan])
        enough = table >= share
        first, most = enough.argmax(axis=0), np.nan_to_num(table, nan=-1.0).argmax(axis=0)
        reached, unknown = np.asarray(enough.any(axis=0)), np.asarray(np.isnan(table).any(axis=0))
        least = known_at(doses[first], _picked(scan, first), GoalStatus.REACHED)
        best = _picked(scan, most)
        nothing = either(
            unknown,
            known_at(doses[most], best, GoalStatus.UNASSESSED),
            known_at(doses[most], best, GoalStatus.UNREACHABLE),
        )
        found = either(reached, least, nothing)
        between = reached & (first > 0)
        if not between.any():
            return found
        low, high = (np.where(between, doses[place], np.nan) for place in (np.maximum(first, 1) - 1, first))
        return either(between, of_root(root_of(self._within, share, low, high)), found)

    def _within(self, doses: Array) -> Answer:
        """Return probabilities at doses that may be asked for; NaN elsewhere."""
        known = np.isfinite(doses)
        answer = self.each(np.clip(np.where(known, doses, self.bounds[0]), *self.bounds))
        return replace(answer, probability=np.where(known, answer.probability, np.nan))


def _picked(answers: Sequence[Answer], places: NDArray[np.intp]) -> Answer:
    """Return for each member the answer at a place of its own."""
    members = np.arange(len(places))

    def column(name: str) -> Array:
        return np.stack([getattr(answer, name) for answer in answers])[places, members]

    return replace(
        answers[0],
        probability=column("probability"),
        standard_error=column("standard_error"),
        variance_parameter=column("variance_parameter"),
        variance_model=column("variance_model"),
    )
