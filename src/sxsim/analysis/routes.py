"""The route every question takes: a closed form, an integral, or counting together with others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.counting.monte_carlo import counted_answers
from sxsim.analysis.exact import Answer, exact_answer
from sxsim.analysis.integrals.quasi import obstacle, quasi_answer
from sxsim.analysis.integrals.quasi_paths import path_answer
from sxsim.analysis.question import Question, closed, deciding_laws, joined, offset_of
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

Direct = tuple[list[Answer | None], Answer | None]


def policies_for(
    questions: Sequence[Question], model: GrowthModel, scenarios: Sequence[Scenario]
) -> tuple[Policy, ...]:
    """Compile the scenarios up to the last year that is asked for."""
    years = [row.year for question in questions for row in question.rows]
    horizon = max(max(years, default=0) - model.last_year, 1)
    return compile_scenarios(scenarios, model, horizon)


def solve(
    questions: Sequence[Question],
    model: GrowthModel,
    policies: Sequence[Policy],
    method: Method | None,
    seed: Seed,
) -> list[Solved]:
    """Answer every question under every policy, and the conjunction of all that are not proxies."""
    if not questions:
        return [({}, None) for _ in policies]
    together = joined(questions)
    if isinstance(method, MonteCarlo):
        counted = counted_answers(questions, together, model, policies, method=method, seed=seed)
        return _named(questions, counted, policies)
    direct = [direct_answers(questions, together, policy, method, seed) for policy in policies]
    return _completed(direct, questions, together, model, policies=policies, seed=seed)


def answers_under(
    policy: Policy,
    questions: Sequence[Question],
    model: GrowthModel,
    *,
    method: Method | None,
    seed: Seed,
    joint: bool = False,
) -> list[Answer]:
    """Answer some questions under one policy; ``joint`` ones are counted where nothing else answers them.

    Those that are counted see the same draws.
    """
    counting = method if isinstance(method, MonteCarlo) else None
    found: list[Answer | None] = [None] * len(questions)
    if not counting:
        found = [
            _all([q], policy, method, seed) if joint else _one(q, policy, method, seed) for q in questions
        ]
    left = [q for q, answer in zip(questions, found, strict=True) if answer is None]
    if left:
        by = counting or MonteCarlo()
        [(counted, _)] = counted_answers(left, left[:1], model, [policy], method=by, seed=seed)
        more = iter(counted)
        found = [next(more) if answer is None else answer for answer in found]
    return [_without_cells(q, a, policy.model) for q, a in zip(questions, found, strict=True) if a]


def direct_answers(
    questions: Sequence[Question],
    together: Sequence[Question],
    policy: Policy,
    method: Method | None,
    seed: Seed,
) -> Direct:
    """Answer without counting what can be, each question and all together; None for the rest."""
    answers = [_one(question, policy, method, seed) for question in questions]
    if len(together) == 1:
        return answers, answers[questions.index(together[0])]
    return answers, _all(together, policy, method, seed)


def _completed(
    direct: Sequence[Direct],
    questions: Sequence[Question],
    together: Sequence[Question],
    model: GrowthModel,
    *,
    policies: Sequence[Policy],
    seed: Seed,
) -> list[Solved]:
    """Count what is left: scenarios that leave the same questions open are replayed over one world."""
    groups = dict[tuple[tuple[int, ...], bool], list[int]]()
    for s, (answers, joint) in enumerate(direct):
        missing = tuple(q for q, answer in enumerate(answers) if answer is None)
        if missing or joint is None:
            groups.setdefault((missing, joint is None), []).append(s)
    solved = [(list(answers), joint) for answers, joint in direct]
    for (missing, all_open), slots in groups.items():
        wanted = [questions[q] for q in missing]
        asked = [q for q in questions if q in wanted or (all_open and q in together)]
        joint_of = together if all_open else asked
        chosen = [policies[s] for s in slots]
        steady = _steady(asked, joint_of, chosen, seed)
        counted = counted_answers(
            asked, joint_of, model, chosen, method=MonteCarlo(), seed=seed, steady=steady
        )
        for s, (found, joint) in zip(slots, counted, strict=True):
            for q in missing:
                solved[s][0][q] = found[asked.index(questions[q])]
            solved[s] = solved[s][0], joint if all_open else solved[s][1]
    return _named(questions, solved, policies)


def _steady(
    questions: Sequence[Question], together: Sequence[Question], policies: Sequence[Policy], seed: Seed
) -> list[list[Answer | None]]:
    """Answer without counting what can be if nothing differed from draw to draw; all together comes last."""
    found = list[list[Answer | None]]()
    for policy in policies:
        calm: Direct = [None] * len(questions), None
        if policy.moves is not None:
            calm = direct_answers(questions, together, replace(policy, moves=None), None, seed)
        found.append([*calm[0], calm[1]])
    return found


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


def _one(question: Question, policy: Policy, method: Method | None, seed: Seed) -> Answer | None:
    """Answer a question by a closed form or an integral; None where it has to be counted."""
    rows, model, offsets = question.rows, policy.model, policy.offsets
    if not rows or not question.kept.any():
        return _settled(question.kept)
    if why := _only_counted(question, policy):
        _refuse_forced(question, why, method)
        return None
    if len(rows) == 1 and closed(rows[0], model) and not isinstance(method, Sobol):
        answer = exact_answer(
            rows[0], model[rows[0].indicator], offset_of(offsets, rows[0], model), model.last_year
        )
        return _masked(answer, question.kept)
    if not (why := obstacle(rows, model)):
        linear = method if isinstance(method, Sobol | Exact) else Sobol()
        return _masked(quasi_answer(rows, model, offsets, method=linear, seed=seed), question.kept)
    if isinstance(method, Exact):
        raise RequestError(
            f"Target {question.target.id!r} has no exact answer. {why[0].upper()}{why[1:]}.",
            "Leave out method=, or use method=sx.Sobol() or sx.MonteCarlo(draws=100_000).",
        )
    if isinstance(method, Sobol):
        return path_answer([question], model, offsets, method=method, seed=seed)
    return None


def _all(questions: Sequence[Question], policy: Policy, method: Method | None, seed: Seed) -> Answer | None:
    """Return the probability that all hold; None where they have to be counted together."""
    model, offsets = policy.model, policy.offsets
    rows = tuple(dict.fromkeys(row for question in questions for row in question.rows))
    kept = np.logical_and.reduce([question.kept for question in questions])
    if not rows or not kept.any():
        return _settled(kept)
    if any(_only_counted(question, policy) for question in questions):
        return None
    if not obstacle(rows, model):
        linear = method if isinstance(method, Sobol | Exact) else Sobol()
        return _masked(quasi_answer(rows, model, offsets, method=linear, seed=seed, split=False), kept)
    if isinstance(method, Sobol):
        return path_answer(questions, model, offsets, method=method, seed=seed, split=False)
    return None


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


def _settled(kept: NDArray[np.bool_]) -> Answer:
    """Return the answer when nothing is left to chance."""
    none = np.zeros(kept.size)
    return Answer(
        probability=kept.astype(float),
        standard_error=none,
        route="observed",
        variance_parameter=none,
        variance_model=none,
    )


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
