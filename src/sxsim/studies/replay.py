"""The line run again as of every year: what could be said then, next to what came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import index

import numpy as np
import xarray as xr

from sxsim import labels
from sxsim.analysis.attainment import as_targets, attainment
from sxsim.errors import RequestError
from sxsim.fitting import fit
from sxsim.plan import REVISED, Benchmark, Between, Plan, Scenario
from sxsim.processes import GrowthModel
from sxsim.simulation import Method, as_scenarios, check_method
from sxsim.simulation.method import check_whole
from sxsim.simulation.progress import shown
from sxsim.streams import Seed, provenance, type_of_rng
from sxsim.studies.alert import AlertRule
from sxsim.studies.information import Asking, Fit, settled_by
from sxsim.studies.line import Line, horizon, judged
from sxsim.studies.news import as_expected
from sxsim.studies.outcome import Outcome, Verdict, outcomes
from sxsim.studies.passed import playable
from sxsim.studies.release import FirstRelease, Vintages
from sxsim.studies.standing import plain, refuse_batch


def replay(
    plan: Plan,
    as_of: Iterable[int] | None = None,
    *,
    targets: Sequence[str] | None = None,
    scenarios: Scenario | Sequence[Scenario] | None = None,
    release: Vintages = FirstRelease(),  # noqa: B008
    rule: AlertRule = AlertRule(),  # noqa: B008
    news: bool = True,
    futures: int = 0,
    fit: Fit = fit,
    method: Method | None = None,
    rng: type_of_rng = None,
    progress: bool = False,
) -> xr.Dataset:
    """Say how likely each target was as it could be known in each year, and what came of it.

    For every year of ``as_of`` the model is fitted to what was known then and nothing else, and every target
    is put to it. Each year is answered by itself: neither the others nor later figures change a bit of it.

    Parameters
    ----------
    plan
        Its history has no batch.
    as_of
        Years whose figures are the last ones known; the default runs from the plan's ``fit_until`` to its
        end, or to the last year of the history.
    targets
        Ids; the default is every target. ``joint`` is about these.
    scenarios
        What is changed; the default is the first scenario of the plan. A change counts from the year looked
        from on; figures that a scenario gives for years that have passed give way to those that came.
    release
        Which figures were known when: :class:`sxsim.FirstRelease`, :class:`sxsim.AsRestated`, or anything
        with their methods ``known`` and ``final``.
    rule
        Thresholds of the alerts.
    news
        Whether to split the changes from year to year, which takes a second fit for each.
    futures
        Simulated futures for what coming figures will settle, see :func:`sxsim.value_of_information`; 0
        leaves it out.
    fit
        From a history to a model, called like :func:`sxsim.fit` with ``until=`` and ``identities=``.
    method
        As for :func:`sxsim.attainment`.
    rng
        Seed, the same for every year; None takes fresh entropy, recorded in the result.
    progress
        Whether to show a bar; needs tqdm.

    Returns
    -------
    xarray.Dataset
        Dims ``(as_of, scenario, target)``: all that :func:`sxsim.attainment` says, with its numerical errors
        and routes, ``joint`` and ``headline_joint``; ``reason`` where nothing could be said then. Further
        ``alert`` (see :class:`sxsim.Alert`) and ``alert_unsure``; ``last_figure`` and ``last_figure_year``;
        ``median`` forecast for the last year asked for, or the figure of that year, and ``level``;
        ``change`` from the ``as_of`` before, which is ``change_passing``, had every figure come as its median
        forecast, and ``change_news``, the rest. By target: ``outcome``, ``outcome_value`` and
        ``outcome_note``, and what is asked: ``indicator``, ``relation``, ``benchmark`` where the level
        moves, ``level_upper`` where it is a range, ``unit``, ``when`` in ``first_year`` to
        ``last_year``. With ``futures`` also the variables of :func:`sxsim.value_of_information`, dims
        ``(as_of, target, year)``, for the trend.

    Raises
    ------
    RequestError
        No year, a year twice or after the last of the history, a batch, or a question that the method cannot
        answer.
    UnknownNameError
        The plan has no such target.
    HistoryError
        Nothing was known in a year.
    MissingExtraError
        tqdm is needed and not installed.

    References
    ----------
    Croushore and Stark (2001), A real-time data set for macroeconomists,
    https://doi.org/10.1016/S0304-4076(01)00072-0

    Examples
    --------
    >>> import sxsim as sx
    >>> found = sx.replay(sx.load_plan("shanxi-2014"), [2012, 2016], news=False, rng=0)
    >>> found.probability.sel(target=["H1", "H2"]).squeeze("scenario").round(3).values.tolist()
    [[0.058, 0.757], [0.004, 0.982]]
    >>> found.outcome.sel(target=["H1", "H2"]).values.tolist()
    ['missed', 'hit']
    """
    check_whole("futures", futures, "Give a whole number of at least 0.", least=0)
    years = _years(plan, as_of)
    check_method(method)
    chosen = as_targets(plan.targets if targets is None else [plan.target(name) for name in targets])
    refuse_batch(chosen, plan.history)
    listed = as_scenarios(plan.scenarios[0] if scenarios is None else scenarios)
    seed = Seed.of(rng)
    line = Line(plan=plan, targets=chosen, scenarios=listed, fit=fit, method=method, seed=seed)
    pages, parts, before = [], [], None
    for year in shown(years, len(years), progress):
        known = release.known(plan.history, year)
        model = fit(known, until=year, identities=plan.identities)
        page = line.page(model)
        pages.append(judged(page, rule, chosen, known))
        if news:
            parts.append(_passing(line, before, known, page))
            before = model, known, page
        if futures:
            settled = _settled(line, model, known, page, rule=rule, futures=futures)
            pages[-1] = pages[-1].assign(settled.data_vars)
    table = xr.concat(
        pages, xr.Variable(labels.AS_OF, years), data_vars="all", coords="minimal", join="outer"
    )
    table = table.assign(_changes(table, parts)).assign(_ends(plan, table, release))
    record = provenance(
        seed, "replay", plan=plan.id, plan_digest=plan.digest, title=plan.title, title_zh=plan.title_zh,
        release=repr(release), futures=futures,
    )  # fmt: skip
    named = {"scenario_label": [s.label for s in listed], "scenario_label_zh": [s.label_zh for s in listed]}
    table = table.assign_coords({name: (labels.SCENARIO, column) for name, column in named.items()})
    thresholds = {"on_track": rule.on_track, "at_risk": rule.at_risk, "alert_errors": rule.errors}
    return table.assign_attrs({**record, **thresholds})


def _years(plan: Plan, as_of: Iterable[int] | None) -> list[int]:
    if labels.YEAR not in plan.history:
        raise RequestError(f"The plan {plan.id!r} has no history.", "Give it figures.")
    last = int(plan.history[labels.YEAR].max())
    listed = range(plan.fit_until, min(plan.end, last) + 1) if as_of is None else as_of
    try:
        years = sorted(map(index, listed))
    except TypeError:
        raise RequestError(f"as_of={as_of!r} is no list of years.", "Give range(2012, 2020), say.") from None
    if not years:
        raise RequestError("as_of names no year.", "Give range(2012, 2020), say.")
    if twice := sorted({year for year in years if years.count(year) > 1}):
        raise RequestError(f"as_of names {twice[0]} twice.", "Give each year once.")
    if years[-1] > last:
        raise RequestError(
            f"as_of names {years[-1]}, after the last year of the history, {last}.", "Leave it out."
        )
    return years


def _passing(
    line: Line, before: tuple[GrowthModel, xr.Dataset, xr.Dataset] | None, now: xr.Dataset, page: xr.Dataset
) -> xr.DataArray:
    """Return how far probabilities would have moved by themselves; NaN where there was no year before."""
    if before is None:
        return xr.full_like(page["probability"], np.nan)
    model, known, earlier = before
    year = int(now[labels.YEAR].max())
    expected = line.fit(as_expected(model, known, now), until=year, identities=line.plan.identities)
    played, unplayable = playable(line.scenarios, expected, horizon(line.targets, year))
    odds = attainment(expected, line.targets, scenarios=played, method=line.method, rng=line.seed.entropy)[
        "probability"
    ]
    there = ~odds[labels.SCENARIO].isin(list(unplayable))
    return odds.where(there) - earlier["probability"]


def _changes(table: xr.Dataset, passing: Sequence[xr.DataArray]) -> dict[str, xr.DataArray]:
    change = table["probability"].diff(labels.AS_OF).reindex({labels.AS_OF: table[labels.AS_OF]})
    if not passing:
        return {"change": change}
    own = xr.concat(passing, table[labels.AS_OF], coords="minimal", join="outer")
    return {"change": change, "change_passing": own, "change_news": change - own}


def _settled(
    line: Line, model: GrowthModel, known: xr.Dataset, page: xr.Dataset, *, rule: AlertRule, futures: int
) -> xr.Dataset:
    """Return what coming figures settle, as of one year."""
    asking = Asking(
        plan=line.plan, model=model, known=known, observed=None, futures=futures, draws=1024, rule=rule,
        fit=line.fit, seed=line.seed,
    )  # fmt: skip
    targets = line.targets
    if line.scenarios[0].changes:
        page = attainment(model, targets, rng=line.seed.entropy)
    today = page.isel({labels.SCENARIO: 0}, drop=True).sel({labels.TARGET: [t.id for t in targets]})
    return settled_by(asking, targets, today).drop_vars(["probability", "reason"])


def _ends(plan: Plan, table: xr.Dataset, release: Vintages) -> dict[str, object]:
    """What each row asks for, and what really happened."""
    rows = [str(name) for name in table[labels.TARGET].values]
    targets = [plan.target(row.removesuffix(REVISED)) for row in rows]
    final = release.final(plan.history)
    found = [
        Outcome(verdict=Verdict.UNKNOWN) if row.endswith(REVISED) else outcomes([target], final)[0]
        for row, target in zip(rows, targets, strict=True)
    ]
    asked = [target.condition.years if target.condition else (0,) for target in targets]
    conditions = [plain(target) for target in targets]
    moving = [c.level.indicator if c and isinstance(c.level, Benchmark) else "" for c in conditions]
    columns = {
        "indicator": [c.indicator if c else "" for c in conditions],
        "benchmark": moving,
        "benchmark_label": [_titled(plan, name, labels.LONG_NAME) for name in moving],
        "benchmark_label_zh": [_titled(plan, name, labels.LONG_NAME_ZH) for name in moving],
        "level_upper": [c.level.upper if c and isinstance(c.level, Between) else np.nan for c in conditions],
        "when": [c.when.value if c else "" for c in conditions],
        "relation": [c.relation.value if c else "" for c in conditions],
        "outcome": [one.verdict.value for one in found],
        "outcome_value": [one.value for one in found],
        "outcome_note": [one.note for one in found],
        "unit": [target.unit for target in targets],
        "first_year": [years[0] for years in asked],
        "last_year": [years[-1] for years in asked],
    }
    return {name: (labels.TARGET, column) for name, column in columns.items()}


def _titled(plan: Plan, name: str, attribute: str) -> str:
    return str(plan.history[name].attrs.get(attribute, "")) if name in plan.history else ""
