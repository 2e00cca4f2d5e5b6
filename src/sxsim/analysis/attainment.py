"""The probability that each target is hit, and that all are, under every scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim.analysis.counting.monte_carlo import counted_answers
from sxsim.analysis.exact import Answer, exact_answer
from sxsim.analysis.integrals.quasi import obstacle, quasi_answer
from sxsim.analysis.integrals.quasi_paths import path_answer
from sxsim.analysis.paths import attainment_from_paths
from sxsim.analysis.question import Question, ask, check_sizes, closed, joined, offset_of
from sxsim.analysis.table import odds_table
from sxsim.errors import RequestError
from sxsim.plan import TREND, Scenario, Target
from sxsim.processes import GaussianPosterior, GaussianProcess, GrowthModel, PathLaw, RandomWalkPosterior
from sxsim.scenarios import Policy, compile_scenarios
from sxsim.simulation import Exact, Method, MonteCarlo, Sobol, as_scenarios, check_method
from sxsim.streams import Seed, provenance, type_of_rng

Array = NDArray[np.float64]

_ONE_MODEL = GaussianProcess | GaussianPosterior | RandomWalkPosterior | PathLaw


def attainment(
    source: GrowthModel | xr.Dataset,
    targets: Target | Sequence[Target],
    *,
    scenarios: Scenario | Sequence[Scenario] = (TREND,),
    method: Method | None = None,
    rng: type_of_rng = None,
) -> xr.Dataset:
    """Say how likely each target is, how likely all are together, and how sure that number is.

    Parameters
    ----------
    source
        A model, asked by the best route the question allows; or paths from :func:`sxsim.simulate`, counted.
    targets
        What is to be reached. A target that cannot be judged stays in the result with the reason.
    scenarios
        What is changed; for paths the scenarios are those of the paths.
    method
        ``sx.Exact(...)``, ``sx.Sobol(...)`` or ``sx.MonteCarlo(...)`` forces a route; the default takes the
        closed form for one indicator at one year, an integral over quasi-random points for several
        conditions, and counting for the rest, helped by known events where laws are walked year by year.
        ``Exact`` counts a joint that has no exact answer.
    rng
        Seed of the quasi-random or random points; None takes fresh entropy, recorded in the result.

    Returns
    -------
    xarray.Dataset
        Dims ``(scenario, target, *batch)``: ``probability``, ``standard_error`` (numerical), ``route``, and
        ``variance_shock``, ``variance_parameter``, ``variance_model``, which sum to p(1 - p); ``reason``
        says why a target was not assessed; ``joint`` with its error, the product if independent and the
        Frechet bounds. Proxies are left out of ``joint``. Routes are called exact, common direction,
        separation of variables, quasi-random paths, monte-carlo and observed.

    Raises
    ------
    RequestError
        No target, two targets of one id, a method that cannot answer the question, or an error that it does
        not reach.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> model = sx.fit(plan.history, until=2012)
    >>> odds = sx.attainment(model, plan.targets, scenarios=plan.scenarios)
    >>> bool(odds.probability.sel(scenario="trend", target="H1") < 0.5)
    True
    """
    listed = _as_targets(targets)
    check_method(method)
    if isinstance(source, xr.Dataset):
        return attainment_from_paths(source, listed)
    policies = as_scenarios(scenarios)
    asked = [ask(target, source) for target in listed]
    questions = [question for question in asked if isinstance(question, Question)]
    check_sizes(questions, source)
    seed = Seed.of(rng)
    solved = _solve(questions, source, policies, method, seed)
    name = "best allowed" if method is None else repr(method)
    record = provenance(seed, name, **source.vintage(), **_drawn(solved))
    return odds_table(
        asked,
        listed,
        solved,
        scenarios=[s.id for s in policies],
        batch=_batch(questions, source),
        record=record,
    )


Solved = tuple[Mapping[str, Answer], Answer | None]


def _drawn(solved: Sequence[Solved]) -> dict[str, int]:
    """Return the number of paths, where some were drawn; it is one for all that was counted."""
    found = [answer for answers, joint in solved for answer in (*answers.values(), joint) if answer]
    most = max((answer.draws for answer in found), default=0)
    return {"draws": most} if most else {}


def _solve(
    questions: Sequence[Question],
    model: GrowthModel,
    scenarios: Sequence[Scenario],
    method: Method | None,
    seed: Seed,
) -> list[Solved]:
    """Answer every question under every scenario, and the conjunction of all that are not proxies."""
    if not questions:
        return [({}, None) for _ in scenarios]
    years = [row.year for question in questions for row in question.rows]
    horizon = max(max(years, default=0) - model.last_year, 1)
    policies = compile_scenarios(scenarios, model, horizon)
    together = joined(questions)
    if isinstance(method, MonteCarlo):
        counted = counted_answers(questions, together, model, policies, method=method, seed=seed)
        return [
            (
                {q.target.id: _without_cells(q, a, model) for q, a in zip(questions, answers, strict=True)},
                joint,
            )
            for answers, joint in counted
        ]
    solved: list[Solved] = []
    for policy in policies:
        answers = {
            q.target.id: _without_cells(q, _one(q, model, policy, method, seed), model) for q in questions
        }
        alone = answers[together[0].target.id] if len(together) == 1 else None
        solved.append((answers, alone or _all(together, model, policy, method, seed)))
    return solved


def _one(question: Question, model: GrowthModel, policy: Policy, method: Method | None, seed: Seed) -> Answer:
    rows = question.rows
    if not rows or not question.kept.any():
        return _settled(question.kept)
    if len(rows) == 1 and closed(rows[0], model) and not isinstance(method, Sobol):
        row = rows[0]
        answer = exact_answer(
            row, model[row.indicator], offset_of(policy.offsets, row, model), model.last_year
        )
        return _masked(answer, question.kept)
    if not (why := obstacle(rows, model)):
        linear = method if isinstance(method, Sobol | Exact) else Sobol()
        return _masked(quasi_answer(rows, model, policy.offsets, method=linear, seed=seed), question.kept)
    if isinstance(method, Exact):
        raise RequestError(
            f"Target {question.target.id!r} has no exact answer. {why[0].upper()}{why[1:]}.",
            "Leave out method=, or use method=sx.Sobol() or sx.MonteCarlo(draws=100_000).",
        )
    if isinstance(method, Sobol):
        return path_answer([question], model, policy.offsets, method=method, seed=seed)
    return counted_answers([question], [question], model, [policy], method=MonteCarlo(), seed=seed)[0][1]


def _all(
    questions: Sequence[Question],
    model: GrowthModel,
    policy: Policy,
    method: Method | None,
    seed: Seed,
) -> Answer:
    """Return the probability that all hold; where one has no exact answer, they are counted together."""
    rows = tuple(dict.fromkeys(row for question in questions for row in question.rows))
    kept = np.logical_and.reduce([question.kept for question in questions])
    if not rows or not kept.any():
        return _settled(kept)
    if not obstacle(rows, model):
        linear = method if isinstance(method, Sobol | Exact) else Sobol()
        return _masked(quasi_answer(rows, model, policy.offsets, method=linear, seed=seed, split=False), kept)
    if isinstance(method, Sobol):
        return path_answer(questions, model, policy.offsets, method=method, seed=seed, split=False)
    return counted_answers(questions, questions, model, [policy], method=MonteCarlo(), seed=seed)[0][1]


def _without_cells(question: Question, answer: Answer, model: GrowthModel) -> Answer:
    """Count draws of a process's parameters as parameters: only the cells of a family are models."""
    if not all(isinstance(model[name].law, _ONE_MODEL) for name in question.indicators):
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


def _as_targets(targets: Target | Sequence[Target]) -> tuple[Target, ...]:
    listed = (targets,) if isinstance(targets, Target) else tuple(targets)
    if not listed:
        raise RequestError("No target was given.", "Give plan.targets or one sx.Target.")
    ids = [target.id for target in listed]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise RequestError(f"Targets stand twice: {', '.join(twice)}.", "Give each its own id.")
    return listed


def _batch(questions: Sequence[Question], model: GrowthModel) -> dict[str, xr.DataArray]:
    for question in questions:
        if question.target.condition and (batch := model.batch(question.target.condition.indicator)):
            return batch
    return {}
