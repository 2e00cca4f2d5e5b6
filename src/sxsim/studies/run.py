"""The whole line on one plan: audit, fit, forecast, attainment, and what really happened."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis import QUANTILES, Hits, forecast
from sxsim.analysis.attainment import as_targets, attainment_at
from sxsim.analysis.compare import compare_at
from sxsim.analysis.promise import figures_of
from sxsim.analysis.routes import Desk
from sxsim.errors import RequestError
from sxsim.fitting import fit, fit_report
from sxsim.plan import (
    REVISED,
    Benchmark,
    Between,
    Condition,
    Finding,
    Plan,
    Scenario,
    Target,
    audit,
    promise_table,
)
from sxsim.processes import GrowthModel
from sxsim.scenarios import scenario_table
from sxsim.simulation import as_scenarios, simulate
from sxsim.streams import Seed, provenance, type_of_rng
from sxsim.studies.headline import headline_joint
from sxsim.studies.outcome import Outcome, Verdict, outcomes
from sxsim.studies.revised import revised_levels
from sxsim.studies.standing import held_against


def run(
    plan: Plan,
    *,
    until: int | None = None,
    scenarios: Scenario | Sequence[Scenario] | None = None,
    draws: int = 100_000,
    detail: bool = False,
    rng: type_of_rng = None,
) -> xr.DataTree:
    """Answer a plan from its own file: how likely is each target, and what happened where it is known.

    Parameters
    ----------
    plan
        From :func:`sxsim.load_plan`.
    until
        Last year of history to use; the default is the plan's own ``fit_until``.
    scenarios
        What is changed; the default is every scenario of the plan.
    draws
        Paths simulated beside the closed forms, so that every run checks its own answer.
    detail
        Whether to say also, under the first scenario, when targets are hit, which together, and how far short
        they fall.
    rng
        Seed; None takes fresh entropy, recorded in the result.

    Returns
    -------
    xarray.DataTree
        ``/attainment`` (the odds, with outcome and level), ``/asked`` (every condition of every target, those
        of combined ones after them), ``/scenarios`` (their stories, and what they
        assume), ``/comparison`` (what the others add to the first), ``/forecast``, ``/fit``, ``/observed``,
        ``/audit`` and ``/rows`` (every row of the plan and, where it was not assessed, why). With ``detail``
        also ``/detail``, as :func:`sxsim.attainment` has it.

    Raises
    ------
    HistoryError, RequestError
        The history cannot be fitted, or no target lies after its end.

    Examples
    --------
    >>> import sxsim as sx
    >>> tree = sx.run(sx.load_plan("shanxi-2014"), draws=2000, rng=0)
    >>> str(tree["attainment"].outcome.sel(target="H1").item())
    'missed'
    """
    cut = plan.fit_until if until is None else until
    model = fit(plan.history, until=cut, identities=plan.identities)
    years = [year for t in plan.targets if t.condition for year in t.condition.years if year > cut]
    if not years:
        raise RequestError(f"No target of {plan.id!r} lies after {cut}.", "Choose an earlier until=.")
    listed = plan.scenarios if scenarios is None else as_scenarios(scenarios)
    seed = Seed.of(rng)
    desk = Desk(method=None, seed=seed)
    odds = _with_checks(plan, model, listed, draws, desk)
    known = (*model.names, *model.derived)
    names = [name for name in dict.fromkeys(_asked(plan.targets)) if name in known]
    fan = xr.Dataset()
    if names:
        fan = forecast(model, until=max(years), quantiles=QUANTILES, scenarios=listed, indicators=names)
    nodes = {
        "attainment": odds.assign(_described(plan, model, odds, fan, listed)),
        "asked": promise_table({t.id: t.condition for t in plan.targets if t.condition}),
        "scenarios": scenario_table(listed),
        "forecast": fan,
        "fit": fit_report(model).data,
        "observed": plan.history,
        "audit": _findings(audit(plan)),
        "rows": _rows(plan, odds),
    }
    if len(listed) > 1:
        nodes["comparison"] = compare_at(desk, model, plan.targets, listed, listed[0].id)
    if detail:
        nodes["detail"] = attainment_at(desk, model, as_targets(plan.targets), listed[:1], detail=True)
    record = provenance(seed, "whole line", **model.vintage(), title=plan.title, title_zh=plan.title_zh)
    tree = xr.DataTree.from_dict(nodes)
    tree.attrs.update({**record, "draws": int(draws)})
    return tree


def _with_checks(
    plan: Plan, model: GrowthModel, scenarios: Sequence[Scenario], draws: int, desk: Desk
) -> xr.Dataset:
    """Odds by the best route, the joint of the headline targets, and the odds counted on simulated paths."""
    odds = attainment_at(desk, model, as_targets(plan.targets), scenarios)
    extra, named = headline_joint(desk, model, plan.targets, scenarios)
    if extra:
        odds.attrs["headline_joint_targets"] = named
    extra |= _simulated(plan, model, odds, scenarios, draws=draws, seed=desk.seed)
    return odds.assign({str(name): value.variable for name, value in extra.items()})


def _simulated(
    plan: Plan,
    model: GrowthModel,
    odds: xr.Dataset,
    scenarios: Sequence[Scenario],
    *,
    draws: int,
    seed: Seed,
) -> dict[str, xr.DataArray]:
    """Shares of simulated paths that hit, with their errors; NaN for what is not counted."""
    assessed = odds[labels.TARGET].values[odds["reason"].values == ""]
    open_ones = [
        target
        for target in plan.targets
        if target.id in assessed and target.condition and target.condition.years[-1] > model.last_year
    ]
    nothing = xr.full_like(odds["probability"], np.nan)
    if not open_ones:
        return {"simulated_probability": nothing, "simulated_standard_error": nothing}
    hits = simulate(model, scenarios, draws=draws, rng=seed.entropy, keep=Hits(open_ones))
    counted = hits.reindex({labels.TARGET: odds[labels.TARGET]})
    return {f"simulated_{name}": counted[name] for name in ("probability", "standard_error")}


def _asked(targets: Sequence[Target]) -> list[str]:
    """Names the targets speak of, in their order."""
    conditions = [target.condition for target in targets if target.condition]
    return [name for condition in conditions for name in condition.indicators]


def _described(
    plan: Plan, model: GrowthModel, odds: xr.Dataset, fan: xr.Dataset, scenarios: Sequence[Scenario]
) -> dict[str, object]:
    """Median and 90 % range in the last year asked for, the level, required growth, and the outcome."""
    rows = [str(name) for name in odds[labels.TARGET].values]
    targets = [{t.id: t for t in plan.targets}[name.removesuffix(REVISED)] for name in rows]
    found = outcomes(targets, plan.history)
    shape = (odds.sizes[labels.SCENARIO], odds.sizes[labels.TARGET])
    middle, low, high, level = (np.full(shape, np.nan) for _ in range(4))
    required = np.full(shape[1], np.nan)
    basis = [""] * shape[1]
    for i, target in enumerate(targets):
        condition = target.condition
        if odds["reason"].values[i] or condition is None:
            continue
        basis[i] = _basis(model, condition.indicators[0])
        if not isinstance(condition, Condition):
            continue
        level[:, i] = _level(condition, model, fan)
        year = condition.years[-1]
        if year <= model.last_year:
            continue
        values = fan[condition.indicator].sel({labels.YEAR: year})
        low[:, i], middle[:, i], high[:, i] = (values.sel({labels.QUANTILE: q}) for q in QUANTILES)
        if target.number is not None:
            required[i] = _required_growth(model, condition.indicator, target.number, year)
    for i in (i for i, name in enumerate(rows) if name.endswith(REVISED)):
        level[:, i] = revised_levels(targets[i], scenarios)
        required[i], found[i] = np.nan, Outcome(verdict=Verdict.UNKNOWN)
    per_target = _questions(targets) | {
        "required_growth": required,
        "unit": [t.unit for t in targets],
        "basis": basis,
        "line": [t.line or 0 for t in targets],
        "outcome": [o.verdict.value for o in found],
        "outcome_value": [o.value for o in found],
        "outcome_note": [o.note for o in found],
    }
    table: dict[str, object] = {name: (labels.TARGET, column) for name, column in per_target.items()}
    ranges = {"median": middle, "low": low, "high": high, "level": level}
    return table | {name: (labels.ODDS_DIMS, values) for name, values in ranges.items()}


def _level(condition: Condition, model: GrowthModel, fan: xr.Dataset) -> NDArray[np.float64] | float:
    """Return what the last year is held against, by scenario."""

    def in_year(name: str, year: int) -> NDArray[np.float64]:
        if year <= model.last_year:
            return figures_of(model, name, year)
        return fan[name].sel({labels.YEAR: year, labels.QUANTILE: 0.5}).to_numpy()

    return held_against(condition, in_year)


def _questions(targets: Sequence[Target]) -> dict[str, list[str] | list[int] | list[float]]:
    """What each target asks for: series, level, side and years; empty or 0 where it states no condition."""
    asked = [t.condition for t in targets]
    plain = [c if isinstance(c, Condition) else None for c in asked]
    moving = [c.level.indicator if c and isinstance(c.level, Benchmark) else "" for c in plain]
    return {
        "indicator": [c.indicator if c else "" for c in plain],
        "benchmark": moving,
        "relation": [c.relation.value if c else "" for c in plain],
        "level_upper": [c.level.upper if c and isinstance(c.level, Between) else np.nan for c in plain],
        "first_year": [c.years[0] if c else 0 for c in asked],
        "last_year": [c.years[-1] if c else 0 for c in asked],
    }


def _required_growth(model: GrowthModel, name: str, level: float, year: int) -> float:
    """Yearly growth from the last known figure to the level, as a fraction; NaN for what is derived."""
    if name not in model:
        return np.nan
    value, last = float(np.ravel(model[name].last_value)[0]), int(model[name].last_years()[0])
    return float((level / value) ** (1.0 / (year - last)) - 1.0) if level * value > 0 else np.nan


def _basis(model: GrowthModel, name: str) -> str:
    """Say what the law of an indicator rests on."""
    for identity in model.identities:
        if identity.indicator == name:
            return str(identity)
    evidence = model[name].evidence
    if evidence is None:
        return ""
    return "; ".join([evidence.rungs[0].value, *evidence.notes])


def _findings(findings: Sequence[Finding]) -> xr.Dataset:
    columns = {
        "row": [f.row for f in findings],
        "severity": [f.severity.value for f in findings],
        "code": [f.code.value for f in findings],
        "sentence": [f.sentence for f in findings],
    }
    return xr.Dataset({name: ("finding", column) for name, column in columns.items()})


def _rows(plan: Plan, odds: xr.Dataset) -> xr.Dataset:
    """Every row of the plan; targets and aims say why they were not assessed."""
    reasons = dict(zip(odds[labels.TARGET].values.tolist(), odds["reason"].values.tolist(), strict=True))
    rows = plan.rows()
    columns = {
        "kind": [type(noun).__name__.lower() for noun in rows.values()],
        "label": [noun.label for noun in rows.values()],
        "label_zh": [noun.label_zh for noun in rows.values()],
        "text": [getattr(noun, "text", "") for noun in rows.values()],
        "not_assessed": [_why(name, noun, reasons) for name, noun in rows.items()],
    }
    return xr.Dataset({key: ("row", column) for key, column in columns.items()}, coords={"row": list(rows)})


def _why(name: str, noun: object, reasons: dict[str, str]) -> str:
    if type(noun).__name__ == "Aim":
        return "the plan gives a direction and no number"
    return reasons.get(name, "")
