"""The probability that each target is hit, and that all are, under every scenario."""

from __future__ import annotations

from collections.abc import Sequence

import xarray as xr

from sxsim import labels
from sxsim.analysis.detail import details
from sxsim.analysis.exact import Answer
from sxsim.analysis.paths import attainment_from_paths
from sxsim.analysis.question import Question, ask, check_sizes, joined, merged
from sxsim.analysis.revisions import Ask, Way, revised_rows, revisions_of, with_revisions
from sxsim.analysis.routes import Desk, answers_under, policies_for, solve
from sxsim.analysis.table import Solved, odds_table
from sxsim.errors import RequestError
from sxsim.plan import REVISED, TREND, Scenario, Target
from sxsim.processes import GrowthModel
from sxsim.scenarios import Policy
from sxsim.simulation import Method, as_scenarios, check_method
from sxsim.streams import Seed, provenance, type_of_rng


def attainment(
    source: GrowthModel | xr.Dataset,
    targets: Target | Sequence[Target],
    *,
    scenarios: Scenario | Sequence[Scenario] = (TREND,),
    method: Method | None = None,
    detail: bool = False,
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
        What is changed; for paths the scenarios are those of the paths, and only those that revise targets
        need to be given.
    method
        ``sx.Exact(...)``, ``sx.Sobol(...)`` or ``sx.MonteCarlo(...)`` forces a route; the default takes the
        closed form for one indicator at one year, an integral over quasi-random points for several
        conditions, and counting for the rest, helped by known events where laws are walked year by year.
        ``Exact`` counts a joint that has no exact answer.
    detail
        Whether to say also when targets are hit, which together, and how far short they fall.
    rng
        Seed of the quasi-random or random points; None takes fresh entropy, recorded in the result.

    Returns
    -------
    xarray.Dataset
        Dims ``(scenario, target, *batch)``: ``probability``, ``standard_error`` (numerical), ``route``, and
        ``variance_shock``, ``variance_parameter``, ``variance_model``, which sum to p(1 - p); ``reason``
        says why a target was not assessed; ``joint`` with its error, the product if independent and the
        Frechet bounds. Proxies are left out of ``joint``. A target that some scenario revises has one more
        row, ``<id>:revised``, in every scenario, and ``joint_revised`` asks all targets as they are judged in
        the end; ``variance_shock`` of these rows has what is not known of the level. Routes are called exact,
        common direction, separation of variables, quasi-random paths, monte-carlo and observed; combinations
        are added up from conjunctions, under the route of the one with the largest error.

        With ``detail``, each with its ``..._standard_error``: over ``year`` the ``probability_by_year``, that
        of the ``first_hit``, its ``hazard`` (first hit in a year, if in none before) and ``stays_hit`` (hit
        in that year and every later one up to the last), and ``never_hit``, which with all of ``first_hit``
        adds up to 1; over ``count`` the probability that ``at_least`` so many are hit; over ``given``
        ``given_hit`` and ``given_missed``, the probability of a target if another is hit or missed;
        ``failure_share`` and ``only_failure``, how often a target is among the missed, or alone, where not
        all are hit. ``shortfall`` has quantiles of what is missing where a target is missed, in its units.
        Years count from the first one ahead; combinations have none. Single years have closed forms,
        combinations of up to three targets are integrated to 0.0001, and all else is counted in one world of
        100,000 draws, unless another method is forced.

    Raises
    ------
    RequestError
        No target, two targets of one id, a method that cannot answer the question, or an error that it does
        not reach; a revision of a target without a number, after its last year, or to what cannot be judged.
        Where figures are given for years to come (:meth:`sxsim.GrowthModel.given`), questions about
        indicators that are concerned are counted, and ``Exact`` and ``Sobol`` refuse them.
    UnknownNameError
        A scenario that revises a target is not among the paths.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> model = sx.fit(plan.history, until=2012)
    >>> odds = sx.attainment(model, plan.targets, scenarios=plan.scenarios)
    >>> bool(odds.probability.sel(scenario="trend", target="H1") < 0.5)
    True
    """
    listed, chosen = as_targets(targets), as_scenarios(scenarios)
    check_method(method)
    if isinstance(source, xr.Dataset):
        if detail:
            raise RequestError("detail=True was asked of finished paths.", "Ask the model they come from.")
        return attainment_from_paths(source, listed, chosen)
    return attainment_at(Desk(method=method, seed=Seed.of(rng)), source, listed, chosen, detail=detail)


def attainment_at(
    desk: Desk,
    source: GrowthModel,
    listed: Sequence[Target],
    chosen: Sequence[Scenario],
    *,
    detail: bool = False,
) -> xr.Dataset:
    """Answer at a desk that other questions of the same model may have been put to."""
    revisions = revisions_of(chosen, listed)
    asked = [ask(target, source) for target in listed]
    questions = [question for question in asked if isinstance(question, Question)]
    check_sizes(questions, source)
    policies = policies_for(questions, source, chosen)
    solved = solve(questions, source, policies, desk)
    together = [question.target.id for question in joined(questions)]
    revised = []
    for one, policy, mine in zip(solved, policies, revisions, strict=True):
        judge = _judge(policy, source, desk)
        revised.append(with_revisions(one, listed, together, mine, judge))
    record = provenance(desk.seed, desk.name, **source.vintage(), **_drawn([*solved, *revised]))
    batch = batch_of(questions, source)
    odds = odds_table(
        asked,
        listed,
        solved,
        scenarios=[s.id for s in chosen],
        batch=batch,
        record=record,
        **revised_rows(listed, revisions, revised),
    )
    if not (detail and questions):
        return odds
    rows = odds[labels.TARGET].to_numpy().tolist()
    return odds.merge(details(questions, source, chosen, policies, rows=rows, batch=batch, desk=desk))


def _judge(policy: Policy, model: GrowthModel, desk: Desk) -> Ask:
    """Return what answers the ways in which targets may be judged under one policy."""

    def judge(ways: Sequence[Way], joint: bool) -> Sequence[Answer]:
        questions = [merged([_revised(t, model, policy.scenario) for t in w.targets], model) for w in ways]
        return answers_under(policy, questions, model, desk=desk, joint=joint)

    return judge


def _revised(target: Target, model: GrowthModel, scenario: str) -> Question:
    found = ask(target, model)
    if isinstance(found, str):
        raise RequestError(
            f"Scenario {scenario!r} revises {target.id!r} to what cannot be judged: {found}.",
            "Correct the value of the revision.",
        )
    return found


def _drawn(solved: Sequence[Solved]) -> dict[str, int]:
    """Return the number of paths, where some were drawn; it is one for all that was counted."""
    found = [answer for answers, joint in solved for answer in (*answers.values(), joint) if answer]
    most = max((answer.draws for answer in found), default=0)
    return {"draws": most} if most else {}


def as_targets(targets: Target | Sequence[Target]) -> tuple[Target, ...]:
    """Return one or many targets as a tuple of different names."""
    listed = (targets,) if isinstance(targets, Target) else tuple(targets)
    if not listed:
        raise RequestError("No target was given.", "Give plan.targets or one sx.Target.")
    ids = [target.id for target in listed]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise RequestError(f"Targets stand twice: {', '.join(twice)}.", "Give each its own id.")
    if taken := [name for name in ids if name.endswith(REVISED)]:
        raise RequestError(
            f"Target {taken[0]!r} has the name of a revised target.",
            f"Names that end in {REVISED!r} are kept for rows that revisions add; give it another id.",
        )
    return listed


def batch_of(questions: Sequence[Question], model: GrowthModel) -> dict[str, xr.DataArray]:
    """Return the batch the questions lie on."""
    for question in questions:
        if question.target.condition and (batch := model.batch(question.target.condition.indicators[0])):
            return batch
    return {}
