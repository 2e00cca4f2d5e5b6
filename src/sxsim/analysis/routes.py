"""The route every question takes: a closed form, an integral, or counting together with others."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.conjunctions import Conjunctions, asked_key, conjoined, settled
from sxsim.analysis.counting.monte_carlo import counted_answers
from sxsim.analysis.exact import Answer
from sxsim.analysis.integrals.quasi import obstacle, quasi_answer
from sxsim.analysis.integrals.quasi_paths import path_answer, with_parts
from sxsim.analysis.question import Question, deciding_laws, joined, merged
from sxsim.analysis.table import Solved
from sxsim.errors import RequestError
from sxsim.plan import Scenario
from sxsim.processes import (
    GaussianPosterior,
    GaussianProcess,
    GrowthModel,
    PathLaw,
    RandomWalkPosterior,
    Rescaled,
)
from sxsim.scenarios import Policy, compile_scenarios
from sxsim.simulation import Exact, Method, MonteCarlo, Sobol
from sxsim.streams import Seed

_ONE_MODEL = GaussianProcess | GaussianPosterior | RandomWalkPosterior | PathLaw

Array = NDArray[np.float64]
Direct = tuple[list[Answer | None], Answer | None]


def policies_for(
    questions: Sequence[Question], model: GrowthModel, scenarios: Sequence[Scenario]
) -> tuple[Policy, ...]:
    """Compile the scenarios up to the last year that is asked for."""
    years = [row.year for question in questions for row in question.rows]
    horizon = max(max(years, default=0) - model.last_year, 1)
    return compile_scenarios(scenarios, model, horizon)


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """Where questions are answered without counting, each once, however many scenarios ask the same.

    Attributes
    ----------
    method, seed
        How, and from which random points.
    split
        Whether counts say what part of the variance is shock; where nobody asks they cost a third.
    known
        What was answered before.
    """

    method: Method | None
    seed: Seed
    split: bool = True
    known: dict[Hashable, Answer | None] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How the method is called in a record."""
        return "best allowed" if self.method is None else repr(self.method)

    def answers(self, questions: Sequence[Question], together: Sequence[Question], policy: Policy) -> Direct:
        """Answer each question and all together; None for what is left to counting."""
        answers = [self.one(question, policy) for question in questions]
        if len(together) == 1:
            return answers, answers[questions.index(together[0])]
        return answers, self.all(together, policy)

    def one(self, question: Question, policy: Policy) -> Answer | None:
        """Answer a question by a closed form or an integral; None where it has to be counted."""
        if not question.rows or not question.kept.any():
            return settled(question.kept)
        if why := _only_counted(question, policy):
            _refuse_forced(question, why, self.method)
            return None
        key = ("one", question.event, asked_key(question.rows, question.kept, policy))
        if key not in self.known:
            self.known[key] = self._one(question, policy)
        return self.known[key]

    def all(self, questions: Sequence[Question], policy: Policy) -> Answer | None:
        """Return the probability that all hold; None where they have to be counted together."""
        return self.chance(merged(questions, policy.model), policy)

    def chance(self, question: Question, policy: Policy) -> Answer | None:
        """Return a probability without what it is made of; None where it has to be counted."""
        if not question.rows or not question.kept.any():
            return settled(question.kept)
        if _only_counted(question, policy):
            return None
        key = ("chance", question.event, asked_key(question.rows, question.kept, policy))
        if key not in self.known:
            self.known[key] = self._chance(question, policy)
        return self.known[key]

    def remembered(self, question: Question, policy: Policy) -> Answer | None:
        """Return a probability that was asked for before; None where it was not."""
        return self.known.get(("chance", question.event, asked_key(question.rows, question.kept, policy)))

    def _chance(self, question: Question, policy: Policy) -> Answer | None:
        found = self._conjunctions.summed(question, policy)
        if found is None and isinstance(self.method, Sobol):
            return path_answer(
                question, policy.model, policy.offsets, method=self.method, seed=self.seed, split=False
            )
        return found

    def _one(self, question: Question, policy: Policy) -> Answer | None:
        model, offsets = policy.model, policy.offsets
        rows, conjunctions = conjoined(question), self._conjunctions
        if (found := conjunctions.closed_form(rows, policy)) is not None:
            return _masked(found, question.kept)
        if rows and not obstacle(rows, model):
            found = quasi_answer(rows, model, offsets, method=self._linear, seed=self.seed)
            return _masked(found, question.kept)
        if (summed := conjunctions.summed(question, policy)) is not None:
            return with_parts(summed, question, model, offsets, method=self._linear, seed=self.seed)
        if isinstance(self.method, Exact):
            why = obstacle(question.rows, model) or "it is made of too many conjunctions"
            raise RequestError(
                f"Target {question.target.id!r} has no exact answer. {why[0].upper()}{why[1:]}.",
                "Leave out method=, or use method=sx.Sobol() or sx.MonteCarlo(draws=100_000).",
            )
        if isinstance(self.method, Sobol):
            return path_answer(question, model, offsets, method=self.method, seed=self.seed)
        return None

    @property
    def _conjunctions(self) -> Conjunctions:
        forced = isinstance(self.method, Sobol)
        return Conjunctions(method=self._linear, closed=not forced, seed=self.seed, known=self.known)

    @property
    def _linear(self) -> Sobol | Exact:
        return self.method if isinstance(self.method, Sobol | Exact) else Sobol()


def solve(
    questions: Sequence[Question], model: GrowthModel, policies: Sequence[Policy], desk: Desk
) -> list[Solved]:
    """Answer every question under every policy, and the conjunction of all that are not proxies."""
    if not questions:
        return [({}, None) for _ in policies]
    together = joined(questions)
    if isinstance(desk.method, MonteCarlo) and any(question.rows for question in questions):
        counted = counted_answers(questions, together, model, policies, method=desk.method, seed=desk.seed)
        return _named(questions, counted, policies)
    direct = [desk.answers(questions, together, policy) for policy in policies]
    return _completed(direct, questions, together, model, policies=policies, desk=desk)


def answers_under(
    policy: Policy, questions: Sequence[Question], model: GrowthModel, *, desk: Desk, joint: bool = False
) -> list[Answer]:
    """Answer some questions under one policy; ``joint`` ones are counted where nothing else answers them.

    Those that are counted see the same draws.
    """
    counting = desk.method if isinstance(desk.method, MonteCarlo) else None
    found: list[Answer | None] = [None] * len(questions)
    if not counting:
        found = [desk.chance(q, policy) if joint else desk.one(q, policy) for q in questions]
    left = [q for q, answer in zip(questions, found, strict=True) if answer is None]
    if left:
        by = counting or MonteCarlo()
        [(counted, _)] = counted_answers(left, left[:1], model, [policy], method=by, seed=desk.seed)
        more = iter(counted)
        found = [next(more) if answer is None else answer for answer in found]
    return [_without_cells(q, a, policy.model) for q, a in zip(questions, found, strict=True) if a]


def _completed(
    direct: Sequence[Direct],
    questions: Sequence[Question],
    together: Sequence[Question],
    model: GrowthModel,
    *,
    policies: Sequence[Policy],
    desk: Desk,
) -> list[Solved]:
    """Count what is left, in worlds of all that is asked for: no scenario decides what another sees."""
    solved = [(list(answers), joint) for answers, joint in direct]
    slots = [s for s, (answers, joint) in enumerate(solved) if joint is None or None in answers]
    if not slots:
        return _named(questions, solved, policies)
    chosen = [policies[s] for s in slots]
    steady = [_steady(questions, together, policy, desk) for policy in chosen]
    counted = counted_answers(
        questions,
        together,
        model,
        chosen,
        method=MonteCarlo(),
        seed=desk.seed,
        steady=steady,
        split=desk.split,
    )
    for s, (found, joint) in zip(slots, counted, strict=True):
        answers = [known or one for known, one in zip(solved[s][0], found, strict=True)]
        solved[s] = list(answers), solved[s][1] or joint
    return _named(questions, solved, policies)


def _steady(
    questions: Sequence[Question], together: Sequence[Question], policy: Policy, desk: Desk
) -> list[Answer | None]:
    """Answer without counting what can be if nothing differed from draw to draw; all together comes last."""
    if policy.moves is None:
        return [None] * (len(questions) + 1)
    answers, joint = desk.answers(questions, together, replace(policy, moves=None))
    return [*answers, joint]


def _named(
    questions: Sequence[Question],
    solved: Sequence[tuple[Sequence[Answer | None], Answer | None]],
    policies: Sequence[Policy],
) -> list[Solved]:
    """Answers under every policy by the id of their target."""
    return [
        (
            {
                q.target.id: _without_cells(q, a, policy.model)
                for q, a in zip(questions, answers, strict=True)
                if a
            },
            joint,
        )
        for (answers, joint), policy in zip(solved, policies, strict=True)
    ]


def _only_counted(question: Question, policy: Policy) -> str:
    """Say why nothing but counting answers a question; empty if something may."""
    if policy.differs(question.indicators):
        return f"scenario {policy.scenario!r} moves its paths differently from draw to draw"
    if question.derived:
        return f"{', '.join(sorted(question.derived))}: it is computed from others by an identity"
    if told := sorted(policy.model.concerned(question.indicators)):
        return f"the law of {', '.join(told)} follows from figures that were given"
    return ""


def _refuse_forced(question: Question, why: str, method: Method | None) -> None:
    """Refuse any other route than counting."""
    if method is not None:
        raise RequestError(
            f"Target {question.target.id!r} cannot be answered by {method!r}: {why}.",
            "Leave out method=, or use method=sx.MonteCarlo(draws=100_000).",
        )


def _without_cells(question: Question, answer: Answer, model: GrowthModel) -> Answer:
    """Count draws of a process's parameters as parameters: only the cells of a family are models."""
    laws = deciding_laws(question, model)
    if not all(isinstance(law.base if isinstance(law, Rescaled) else law, _ONE_MODEL) for law in laws):
        return answer
    moved = answer.variance_parameter + answer.variance_model
    return replace(answer, variance_parameter=moved, variance_model=np.zeros_like(moved))


def _masked(answer: Answer, kept: NDArray[np.bool_]) -> Answer:
    """Return zero for members that already broke the condition."""
    if kept.all():
        return answer
    return replace(
        answer,
        probability=np.where(kept, answer.probability, 0.0),
        standard_error=np.where(kept, answer.standard_error, 0.0),
        variance_parameter=np.where(kept, answer.variance_parameter, 0.0),
        variance_model=np.where(kept, answer.variance_model, 0.0),
    )
