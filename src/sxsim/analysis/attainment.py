"""The probability that each target is hit, and that all are, under every scenario."""

from __future__ import annotations

from collections.abc import Sequence

import xarray as xr

from sxsim.analysis.paths import attainment_from_paths
from sxsim.analysis.question import Question, ask, check_sizes
from sxsim.analysis.routes import solve
from sxsim.analysis.table import Solved, odds_table
from sxsim.errors import RequestError
from sxsim.plan import TREND, Scenario, Target
from sxsim.processes import GrowthModel
from sxsim.simulation import Method, as_scenarios, check_method
from sxsim.streams import Seed, provenance, type_of_rng


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
        not reach. Where figures are given for years to come (:meth:`sxsim.GrowthModel.given`), questions
        about indicators that are concerned are counted, and ``Exact`` and ``Sobol`` refuse them.

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
    solved = solve(questions, source, policies, method, seed)
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


def _drawn(solved: Sequence[Solved]) -> dict[str, int]:
    """Return the number of paths, where some were drawn; it is one for all that was counted."""
    found = [answer for answers, joint in solved for answer in (*answers.values(), joint) if answer]
    most = max((answer.draws for answer in found), default=0)
    return {"draws": most} if most else {}


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
