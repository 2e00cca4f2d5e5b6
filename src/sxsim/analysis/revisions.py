"""Targets whose level is changed on the way: every level they may have, and what is expected over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.exact import Answer
from sxsim.analysis.table import Solved
from sxsim.errors import RequestError
from sxsim.plan import (
    REVISED,
    Benchmark,
    Condition,
    Number,
    Promise,
    Scenario,
    Size,
    Target,
    TargetRevision,
    certain,
)

Array = NDArray[np.float64]
Revisions = Mapping[str, TargetRevision]

_ALONE, _TOGETHER = (9, 6), (5, 4)  # levels that stand for an uncertain one, and fewer to tell their error
_MOST = 256


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """One way in which targets may come to be judged, as targets that are not revised any more.

    Attributes
    ----------
    weight
        How likely it is.
    targets
        All of them must hold.
    """

    weight: float
    targets: tuple[Target, ...]


class Added(TypedDict):
    """Answers to revised targets and the rows for them, as :func:`odds_table` takes them."""

    revised: Sequence[Solved]
    also: Mapping[str, Target]


Ask = Callable[[Sequence[Way], bool], Sequence[Answer]]


def revisions_of(scenarios: Sequence[Scenario], targets: Sequence[Target]) -> list[Revisions]:
    """Per scenario, what it revises of the targets that are asked for, by the id of the target.

    Raises
    ------
    RequestError
        A target that is revised has no number that could be revised, or is judged only before the revision.
    """
    known = {target.id: target for target in targets}
    found = list[Revisions]()
    for scenario in scenarios:
        mine = [one for one in scenario.changes if isinstance(one, TargetRevision) and one.target in known]
        for revision in mine:
            _check(scenario, revision, known)
        found.append({revision.target: revision for revision in mine})
    return found


def with_revisions(
    solved: Solved, targets: Sequence[Target], together: Sequence[str], revisions: Revisions, ask: Ask
) -> Solved:
    """Answer one scenario's targets as they are judged in the end, by the ids of the originals.

    A revision does not depend on the paths, so the probability is the expectation over the levels it may
    bring. Whether it comes is weighed exactly. An uncertain value is stood for by its quantiles at
    ``t^2 (3 - 2 t)``, which tames the tails, with ``t`` at nine Gauss-Legendre nodes, five where several
    targets are asked together. What six nodes, or four, say differently is taken for the error of the nodes
    and added to the numerical errors of the answers, which may all go the same way.

    Parameters
    ----------
    solved
        Answers to the originals.
    targets, together
        What is asked, and the ids of what is asked all together.
    revisions
        What the scenario revises.
    ask
        Answers some ways to be judged; true where only the probability is wanted.
    """
    known = {target.id: target for target in targets}
    answers, joint = dict(solved[0]), solved[1]
    for name in revisions:
        if name in answers:
            answers[name] = _expected([known[name]], revisions, ask, joint=False)
    if not set(together).isdisjoint(revisions):
        one = [known[name] for name in together]
        joint = answers[one[0].id] if len(one) == 1 else _expected(one, revisions, ask, joint=True)
    return answers, joint


def _expected(targets: Sequence[Target], revisions: Revisions, ask: Ask, *, joint: bool) -> Answer:
    """Weigh the answers to all ways in which some targets may be judged together."""
    sizes: tuple[int, ...] = _TOGETHER if joint else _ALONE
    if all(certain(revisions[target.id].value) for target in targets if target.id in revisions):
        sizes = sizes[:1]
    rules = [_ways(targets, revisions, nodes) for nodes in sizes]
    answers = ask([way for rule in rules for way in rule], joint)
    fine = [(way.weight, answer) for way, answer in zip(rules[0], answers, strict=False)]
    coarse = [(way.weight, answer) for way, answer in zip(rules[-1], answers[-len(rules[-1]) :], strict=True)]
    mean = averaged(fine)
    beyond = np.abs(mean.probability - averaged(coarse).probability)
    return replace(mean, standard_error=mean.standard_error + beyond)


def averaged(weighed: Sequence[tuple[float, Answer]]) -> Answer:
    """Return the mean of answers that share their draws or points, so that their errors add up.

    What parameters and cells contribute is what they do once it is known which level has come. The route is
    that of the answer with the largest part in the error.
    """

    def mean(field: str) -> Array:
        return np.asarray(sum(weight * getattr(answer, field) for weight, answer in weighed))

    _, leading = max(weighed, key=lambda one: (one[0] * np.nanmax([*one[1].standard_error, 0.0]), one[0]))
    return Answer(
        probability=np.clip(mean("probability"), 0.0, 1.0),
        standard_error=mean("standard_error"),
        route=leading.route,
        variance_parameter=mean("variance_parameter"),
        variance_model=mean("variance_model"),
        draws=max(answer.draws for _, answer in weighed),
    )


def _ways(targets: Sequence[Target], revisions: Revisions, nodes: int) -> list[Way]:
    """Every way in which some targets may be judged together."""
    each = [_levels(target, revisions.get(target.id), nodes) for target in targets]
    count = prod(len(ways) for ways in each)
    if count > _MOST:
        named = ", ".join(target.id for target in targets if target.id in revisions)
        raise RequestError(
            f"The uncertain revisions of {named} make {count} ways to judge all targets together, more than "
            f"{_MOST}.",
            "Revise fewer targets by chance in one scenario, or ask for some of the targets.",
        )
    return [
        Way(weight=prod(way.weight for way in ways), targets=tuple(t for way in ways for t in way.targets))
        for ways in product(*each)
    ]


def _levels(target: Target, revision: TargetRevision | None, nodes: int) -> list[Way]:
    if revision is None:
        return [Way(weight=1.0, targets=(target,))]
    chance = revision.probability
    revised = [
        Way(weight=chance * share, targets=_judged(target, revision.year, value))
        for share, value in _values(revision.value, nodes)
    ]
    kept = Way(weight=1.0 - chance, targets=(target,))
    return [way for way in (kept, *revised) if way.weight > 0]


def _values(size: Size, nodes: int) -> list[tuple[float, float]]:
    """Values that stand for a size, with the weight of each."""
    if isinstance(size, int | float | np.number):
        return [(1.0, float(size))]
    places, weights = np.polynomial.legendre.leggauss(nodes)
    t = 0.5 * (places + 1.0)
    values = np.asarray(size.ppf(t * t * (3.0 - 2.0 * t)), float)
    return list(zip((3.0 * weights * t * (1.0 - t)).tolist(), values.tolist(), strict=True))


def _judged(target: Target, year: int, value: float) -> tuple[Target, ...]:
    """Return the target of the years before a revision, and that of the others with their new level."""
    condition = target.condition
    assert isinstance(condition, Condition)
    before = tuple(one for one in condition.years if one < year)
    after = tuple(one for one in condition.years if one >= year)
    parts = [replace(condition, years=before)] if before else []
    parts.append(replace(condition, years=after, level=Number(value=value)))
    return tuple(replace(target, condition=part, base=None) for part in parts)


def revised_rows(
    targets: Sequence[Target], revisions: Sequence[Revisions], revised: Sequence[Solved]
) -> Added:
    """Return what the table adds: nothing where no scenario revises."""
    names = {name for mine in revisions for name in mine}
    also = {target.id: _row(target) for target in targets if target.id in names}
    return {"revised": revised if also else (), "also": also}


def _row(target: Target) -> Target:
    """Return the target as the row of its revision shows it."""
    return replace(
        target,
        id=f"{target.id}{REVISED}",
        label=f"{target.label} (revised)",
        label_zh=f"{target.label_zh}（修订）" if target.label_zh else "",
    )


def _level(condition: Promise | None) -> str:
    """Say what a target is held against that is no number."""
    match condition:
        case None:
            return "no condition"
        case Condition(level=Benchmark(indicator=name)):
            return f"the moving level {name!r}"
        case _:
            return "no single level"


def _check(scenario: Scenario, revision: TargetRevision, known: Mapping[str, Target]) -> None:
    owner = f"Scenario {scenario.id!r} revises {revision.target!r}"
    condition = known[revision.target].condition
    if condition is None or known[revision.target].number is None:
        raise RequestError(
            f"{owner} to a number, but the target has {_level(condition)}.",
            "Revise targets whose level is a number.",
        )
    if revision.year > condition.years[-1]:
        raise RequestError(
            f"{owner} in {revision.year}, after its last year {condition.years[-1]}.",
            "Revise it in a year up to then.",
        )
