"""Targets counted on finished paths, in published units."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis.counting.share import share_error
from sxsim.analysis.exact import Answer
from sxsim.analysis.promise import unsaid
from sxsim.analysis.question import Question, joined, stated_reason
from sxsim.analysis.revisions import Ask, Revisions, Way, revised_rows, revisions_of, with_revisions
from sxsim.analysis.table import Solved, odds_table
from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.plan import Condition, OwnPast, Promise, Scenario, Target, Worded, judged, known, single


def attainment_from_paths(
    paths: xr.Dataset, targets: Sequence[Target], given: Sequence[Scenario]
) -> xr.Dataset:
    """Count the paths that keep each target; splitting the uncertainty would need the model."""
    asked, hits, batch = hits_on_paths(paths, targets)
    questions = [question for question in asked if isinstance(question, Question)]
    draws = paths.sizes[labels.DRAW]
    scenarios = [str(name) for name in paths[labels.SCENARIO].to_numpy()]
    revisions = _revisions(given, targets, scenarios)
    together = [question.target.id for question in joined(questions)]
    solved, revised = list[Solved](), list[Solved]()
    for scenario, mine in zip(scenarios, revisions, strict=True):
        chosen = {name: hit.sel({labels.SCENARIO: scenario}) for name, hit in hits.items()}
        joint = _answer(all_hit([chosen[name] for name in together]), draws) if together else None
        solved.append(({name: _answer(hit, draws) for name, hit in chosen.items()}, joint))
        judge = _judge(paths.sel({labels.SCENARIO: scenario}), draws)
        revised.append(with_revisions(solved[-1], targets, together, mine, judge))
    record = {str(k): v for k, v in paths.attrs.items()} | {"method": "counted on given paths"}
    return odds_table(
        asked,
        targets,
        solved,
        scenarios=scenarios,
        batch=batch,
        record=record,
        **revised_rows(targets, revisions, revised),
    )


def hits_on_paths(
    paths: xr.Dataset, targets: Sequence[Target]
) -> tuple[list[Question | str], dict[str, xr.DataArray], dict[str, xr.DataArray]]:
    """Return what is asked, whether each path of each scenario keeps it, by target, and the batch."""
    check_paths(paths)
    asked = [_ask(target, paths) for target in targets]
    questions = [question for question in asked if isinstance(question, Question)]
    batch = _batch(questions, paths)
    hits = {q.target.id: _hits(q.target.condition, paths) for q in questions if q.target.condition}
    return asked, hits, batch


def check_paths(paths: xr.Dataset) -> None:
    """Refuse what has not the dimensions of simulated paths."""
    for dim in labels.PATH_DIMS:
        if dim not in paths.dims:
            raise RequestError(f"The paths have no dimension {dim!r}.", "Give what sx.simulate returned.")


def _revisions(
    given: Sequence[Scenario], targets: Sequence[Target], scenarios: Sequence[str]
) -> list[Revisions]:
    """Per scenario of the paths, what the one of its name revises."""
    found = {one.id: mine for one, mine in zip(given, revisions_of(given, targets), strict=True)}
    for name in (name for name, mine in found.items() if mine and name not in scenarios):
        raise UnknownNameError(
            f"Scenario {name!r} revises targets and is not among the paths.", nearest(name, scenarios)
        )
    return [found.get(name, {}) for name in scenarios]


def _judge(paths: xr.Dataset, draws: int) -> Ask:
    """Return what counts the paths of one scenario that keep targets in the ways they may be judged."""

    def judge(ways: Sequence[Way], joint: bool) -> Sequence[Answer]:
        del joint
        return [
            _answer(all_hit([_hits(t.condition, paths) for t in way.targets if t.condition]), draws)
            for way in ways
        ]

    return judge


def _ask(target: Target, paths: xr.Dataset) -> Question | str:
    condition = target.condition
    if condition is None or target.not_assessable:
        return stated_reason(target)
    for name in condition.indicators:
        if name not in paths:
            return f"the paths hold no series {name!r}"
    held = paths[labels.YEAR].to_numpy().tolist()
    if unseen := [year for year in _years(condition) if year not in held]:
        return f"the paths do not hold the year {unseen[0]}"
    for one in single(condition):
        if isinstance(one.level, Worded) and one.level.threshold is None:
            return unsaid(one.level)
    return Question(target=target, rows=(), kept=np.ones(1, bool))


def _years(promise: Promise) -> list[int]:
    """Years a promise looks at, those it is held against included."""
    earlier = {
        one.level.year_before(year)
        for one in single(promise)
        if isinstance(one, Condition) and isinstance(one.level, OwnPast)
        for year in one.years
    }
    return sorted(earlier.union(promise.years))


def _hits(promise: Promise, paths: xr.Dataset) -> xr.DataArray:
    """Whether each path keeps a promise; NaN where a figure is missing."""
    like = paths[promise.indicators[0]].isel({labels.YEAR: 0}, drop=True)
    dims = (labels.SCENARIO, labels.DRAW, *(dim for dim in like.dims if dim not in labels.PATH_DIMS))
    ordered = [dim for dim in dims if dim in like.dims]

    def figures(name: str, year: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return known(paths[name].sel({labels.YEAR: year}).transpose(*ordered).to_numpy())

    found = judged(promise, figures)
    hits = like.transpose(*ordered).copy(data=found.kept.astype(float))
    return hits.where(~found.open)


def all_hit(hits: Sequence[xr.DataArray]) -> xr.DataArray:
    """Whether each path keeps all; NaN where it is not known of one."""
    kept = hits[0]
    for hit in hits[1:]:
        kept = kept * hit
    return kept


def _answer(hits: xr.DataArray, draws: int) -> Answer:
    count = np.atleast_1d(hits.sum(labels.DRAW, skipna=False).to_numpy()).ravel().astype(float)
    unknown = np.full_like(count, np.nan)
    return Answer(
        probability=count / draws,
        standard_error=share_error(count, draws),
        route="monte-carlo",
        variance_parameter=unknown,
        variance_model=unknown,
    )


def _batch(questions: Sequence[Question], paths: xr.Dataset) -> dict[str, xr.DataArray]:
    """Return the batch coordinates all questions share; refuse questions that differ in them."""
    found: dict[str, dict[str, xr.DataArray]] = {}
    for question in questions:
        for name in question.target.condition.indicators if question.target.condition else ():
            dims = [str(dim) for dim in paths[name].dims if dim not in labels.PATH_DIMS]
            found[name] = {dim: paths[name][dim] for dim in dims}
    if len({tuple(batch) for batch in found.values()}) > 1:
        named = "; ".join(f"{name}: {', '.join(batch) or 'no batch'}" for name, batch in found.items())
        raise RequestError(
            f"The targets lie on different dimensions ({named}).", "Ask them in separate calls."
        )
    return next(iter(found.values()), {})
