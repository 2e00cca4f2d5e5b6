"""How much every scenario adds to the probability of each target, draw by draw where it is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from sxsim import labels
from sxsim.analysis.attainment import as_targets, batch_of
from sxsim.analysis.contrast import Contrast, of_answers, of_draws, same
from sxsim.analysis.counting.paired import Pairs, paired_hits
from sxsim.analysis.paths import all_hit, hits_on_paths
from sxsim.analysis.question import Question, ask, check_sizes, joined
from sxsim.analysis.routes import Desk, Direct, policies_for
from sxsim.analysis.table import NOT_ASSESSED, target_labels
from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.plan import TREND, Scenario, Target
from sxsim.processes import GrowthModel
from sxsim.simulation import Method, MonteCarlo, as_scenarios, check_method
from sxsim.streams import Seed, provenance, type_of_rng

Line = tuple[Mapping[str, Contrast], Contrast | None]


def compare(
    source: GrowthModel | xr.Dataset,
    targets: Target | Sequence[Target],
    *,
    scenarios: Scenario | Sequence[Scenario] = (),
    baseline: str = "trend",
    method: Method | None = None,
    rng: type_of_rng = None,
) -> xr.Dataset:
    """Say how much each scenario adds to the probability of each target, and how sure that is.

    All scenarios see the same draws, so a difference is known far better than the probabilities are: only
    draws that hit in one scenario and miss in the other count. Where both sides have a closed form or an
    integral, these are subtracted instead. Targets are judged as they are given, also where a scenario
    revises them.

    Parameters
    ----------
    source
        A model, or paths from :func:`sxsim.simulate`.
    targets
        What is to be reached. A target that cannot be judged stays in the result with the reason.
    scenarios
        What is changed; for paths the scenarios are those of the paths.
    baseline
        Id of the scenario the others are held against; the trend need not be among ``scenarios``.
    method
        As in :func:`sxsim.attainment`; ``sx.MonteCarlo(draws=...)`` counts everything.
    rng
        Seed of the quasi-random or random points; None takes fresh entropy, recorded in the result.

    Returns
    -------
    xarray.Dataset
        Dims ``(scenario, target, *batch)``: ``difference`` of the probabilities as a fraction,
        ``standard_error`` (numerical) and ``route``, ``paired draws`` where it was counted; ``reason`` by
        target; ``joint_difference``, ``joint_standard_error`` and ``joint_route`` for all that are no
        proxies. The baseline adds nothing to itself.

    Raises
    ------
    UnknownNameError
        The baseline is not among the scenarios.
    RequestError
        As :func:`sxsim.attainment`; mirror images or an error to be reached, which paired draws do not know.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> model = sx.fit(plan.history, until=2012)
    >>> gain = sx.compare(model, plan.targets, scenarios=plan.scenarios)
    >>> round(float(gain.difference.sel(scenario="as_planned", target="H1")), 3)
    0.436
    """
    listed = as_targets(targets)
    check_method(method)
    if isinstance(source, xr.Dataset):
        return _on_paths(source, listed, baseline)
    chosen = _with_baseline(scenarios, baseline)
    return compare_at(Desk(method=method, seed=Seed.of(rng)), source, listed, chosen, baseline)


def compare_at(
    desk: Desk,
    source: GrowthModel,
    listed: Sequence[Target],
    chosen: Sequence[Scenario],
    baseline: str,
) -> xr.Dataset:
    """Compare at a desk that other questions of the same model may have been put to."""
    asked = [ask(target, source) for target in listed]
    questions = [question for question in asked if isinstance(question, Question)]
    check_sizes(questions, source)
    base = [one.id for one in chosen].index(baseline)
    lines = _lines(questions, source, chosen, base, desk)
    record = provenance(desk.seed, desk.name, **source.vintage())
    return _table(
        asked,
        listed,
        lines,
        scenarios=[one.id for one in chosen],
        batch=batch_of(questions, source),
        record={**record, "baseline": baseline},
    )


def _with_baseline(scenarios: Scenario | Sequence[Scenario], baseline: str) -> tuple[Scenario, ...]:
    """Return the scenarios, led by the trend where it is wanted and missing."""
    chosen = as_scenarios(scenarios)
    names = [scenario.id for scenario in chosen]
    if baseline not in names and baseline == TREND.id:
        return (TREND, *chosen)
    check_baseline(baseline, names)
    return chosen


def check_baseline(baseline: str, names: Sequence[str]) -> None:
    """Refuse a baseline that is not among the scenarios."""
    if baseline not in names:
        raise UnknownNameError(f"The baseline {baseline!r} is not a scenario.", nearest(baseline, names))


def _lines(
    questions: Sequence[Question],
    model: GrowthModel,
    scenarios: Sequence[Scenario],
    base: int,
    desk: Desk,
) -> list[Line]:
    """Hold every scenario against the baseline, question by question and all together."""
    if not questions:
        return [({}, None) for _ in scenarios]
    together = joined(questions)
    policies = policies_for(questions, model, scenarios)
    counting = desk.method if isinstance(desk.method, MonteCarlo) else None
    none: Direct = [None] * len(questions), None
    direct = [none if counting else desk.answers(questions, together, policy) for policy in policies]
    answers = [[*found, joint] for found, joint in direct]
    pairs = None
    if any(answer is None for line in answers for answer in line):
        by = _checked(counting or MonteCarlo())
        pairs = paired_hits(questions, together, model, policies, method=by, seed=desk.seed)
    lines = list[Line]()
    for s, line in enumerate(answers):
        found = []
        for q, (own, other) in enumerate(zip(line, answers[base], strict=True)):
            if s == base:
                found.append(same(questions[0].kept.size))
            elif own and other:
                found.append(of_answers(own, other))
            else:
                found.append(_counted(pairs, s, base, q))
        named = {question.target.id: one for question, one in zip(questions, found, strict=False)}
        lines.append((named, found[-1]))
    return lines


def _counted(pairs: Pairs | None, scenario: int, base: int, question: int) -> Contrast:
    assert pairs is not None
    gained, lost = pairs.differing(scenario, base, question)
    return of_draws(gained, lost, pairs.draws)


def _checked(method: MonteCarlo) -> MonteCarlo:
    if method.antithetic or method.until_error is not None:
        raise RequestError(
            f"method={method!r}: scenarios are compared on a given number of plain draws.",
            "Use method=sx.MonteCarlo(draws=100_000).",
        )
    return method


def _on_paths(paths: xr.Dataset, targets: Sequence[Target], baseline: str) -> xr.Dataset:
    """Hold the scenarios of finished paths against one of them."""
    asked, hits, batch = hits_on_paths(paths, targets)
    names = [str(name) for name in paths[labels.SCENARIO].to_numpy()]
    check_baseline(baseline, names)
    together = [question.target.id for question in joined([a for a in asked if isinstance(a, Question)])]
    lines = list[Line]()
    for name in names:
        found = {key: _from_hits(hit, name, baseline) for key, hit in hits.items()}
        whole = [hits[key] for key in together]
        joint = _from_hits(all_hit(whole), name, baseline) if whole else None
        lines.append((found, joint))
    record = {str(k): v for k, v in paths.attrs.items()} | {"method": "counted on given paths"}
    return _table(
        asked, targets, lines, scenarios=names, batch=batch, record={**record, "baseline": baseline}
    )


def _from_hits(hits: xr.DataArray, scenario: str, baseline: str) -> Contrast:
    own, other = (hits.sel({labels.SCENARIO: name}) for name in (scenario, baseline))
    gained, lost = (
        np.atleast_1d(one.sum(labels.DRAW, skipna=False).to_numpy()).ravel()
        for one in (own * (1.0 - other), other * (1.0 - own))
    )
    return same(gained.size) if scenario == baseline else of_draws(gained, lost, hits.sizes[labels.DRAW])


def _table(
    asked: Sequence[Question | str],
    targets: Sequence[Target],
    lines: Sequence[Line],
    *,
    scenarios: Sequence[str],
    batch: Mapping[str, xr.DataArray],
    record: Mapping[str, str | int],
) -> xr.Dataset:
    shape = tuple(c.size for c in batch.values())
    nothing = np.full(int(np.prod(shape, dtype=int)), np.nan)
    shown = [[found.get(target.id) for target in targets] for found, _ in lines]
    joints = [joint for _, joint in lines]

    def column(field: str, table: Sequence[Sequence[Contrast | None]]) -> np.ndarray:
        rows = [[getattr(one, field) if one else nothing for one in line] for line in table]
        return np.array(rows).reshape(len(lines), -1, *shape)

    variables: dict[str, tuple[object, object]] = {
        "reason": (labels.TARGET, [a if isinstance(a, str) else "" for a in asked]),
        "route": (labels.ODDS_DIMS, [[o.route if o else NOT_ASSESSED for o in line] for line in shown]),
        "joint_route": (labels.SCENARIO, [j.route if j else NOT_ASSESSED for j in joints]),
    }
    for field in ("difference", "standard_error"):
        variables[field] = ((*labels.ODDS_DIMS, *batch), column(field, shown))
        variables[f"joint_{field}"] = (
            (labels.SCENARIO, *batch),
            column(field, [[joint] for joint in joints])[:, 0],
        )
    coords = {
        labels.SCENARIO: list(scenarios),
        labels.TARGET: [target.id for target in targets],
        **target_labels(targets),
        **batch,
    }
    return xr.Dataset(variables, coords=coords, attrs=dict(record))
