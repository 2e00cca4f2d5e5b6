"""What moves a probability, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sxsim import labels
from sxsim.analysis.attainment import as_targets, attainment
from sxsim.analysis.moves import Case, Factor, factors_of, slope
from sxsim.analysis.question import Question, ask, none_assessed
from sxsim.analysis.views import seen_under, views_of, views_table
from sxsim.errors import RequestError, SxsimError
from sxsim.plan import TREND, Lever, Scenario, Target
from sxsim.processes import GrowthModel
from sxsim.simulation import Method, MonteCarlo, as_scenarios, check_method
from sxsim.simulation.progress import shown
from sxsim.streams import Seed, type_of_rng

_BASE = ("probability", "standard_error", "reason")
_JOINT = ("joint", "joint_standard_error")
_SLOPES = ("derivative", "derivative_error", "joint_derivative", "joint_derivative_error")


def sensitivity(
    model: GrowthModel,
    targets: Target | Sequence[Target],
    *,
    scenarios: Scenario | Sequence[Scenario] = (TREND,),
    joint: bool = False,
    method: Method | None = None,
    rng: type_of_rng = None,
    progress: bool = False,
) -> xr.Dataset:
    """Say what moves each probability: growth, shocks, last figure, level, levers, correlation, assumptions.

    Derivatives are differences of :func:`sxsim.attainment` on common random numbers. Everything else stays
    as it is: the fit is not repeated. Each is taken by its own unit: growth by a percentage point a year,
    sigma, last figure, level and the strength of a lever by their logarithm (a hundredth of it is what one
    percent more does), correlation by the whole way to moving as one, or to independence.

    Parameters
    ----------
    model
        From :func:`sxsim.fit`, or put together by hand.
    targets
        What is to be reached, as first stated: revisions are left out. What cannot be assessed stays in the
        result with the reason.
    scenarios
        Under which; levers are those they pull.
    joint
        Whether all together are asked too, which takes ten times as long for five targets.
    method, rng
        As for :func:`sxsim.attainment`.
    progress
        Whether to show a bar; needs tqdm.

    Returns
    -------
    xarray.Dataset
        ``derivative`` and ``derivative_error`` with the dims ``(scenario, factor, target, *batch)``,
        ``joint_derivative`` and ``joint_derivative_error`` without targets; zero where a factor does not
        matter, NaN with a ``factor_reason`` ``(scenario, factor)`` where it cannot be moved. The coordinates
        ``kind``, ``owner``, its labels and ``unit`` say what a factor is. The error has the numerical error
        and what halving the step changed. ``view_probability`` ``(scenario, view, target, *batch)`` and
        ``view_joint`` are what cells with one assumption about growth say, ``view_weight`` how much the
        history speaks for it, ``view_spread`` ``(scenario, target, *batch)`` the standard deviation of the
        probability between cells. ``probability``, ``standard_error``, ``joint``, ``joint_standard_error``
        and ``reason`` are those of :func:`sxsim.attainment`.

    Raises
    ------
    RequestError, UnknownNameError
        As :func:`sxsim.attainment`; no target can be assessed; mirror images or an error to be reached.

    Examples
    --------
    >>> import sxsim as sx
    >>> walk = sx.RandomWalk(drift=0.05, sigma=0.1)
    >>> rd = sx.Grown(name="rd", carrier=sx.Log(), law=walk, last_value=1.0, last_year=2012)
    >>> model = sx.GrowthModel(indicators=(rd,), last_year=2012)
    >>> level = sx.Condition(
    ...     indicator="rd", relation=sx.Relation.AT_LEAST, level=sx.Number(value=1.5), years=(2020,)
    ... )
    >>> moves = sx.sensitivity(model, sx.Target(id="H1", label="R&D", condition=level))
    >>> moves.derivative.squeeze().to_series().round(3).to_dict()["yearly growth: rd"]
    0.107
    """
    listed, chosen = as_targets(targets), as_scenarios(scenarios)
    _check(method)
    seed = Seed.of(rng)
    asked = [ask(target, model) for target in listed]
    assessed = tuple(question.target for question in asked if isinstance(question, Question))
    if not assessed:
        raise none_assessed(asked)
    odds = attainment(model, listed, scenarios=chosen, method=method, rng=seed.entropy)
    odds = odds.sel({labels.TARGET: [target.id for target in listed]})
    cases = [Case(model=model, scenario=scenario, targets=assessed) for scenario in chosen]
    how = _How(joint=joint, method=method, seed=seed, progress=progress)
    base = odds[[*_BASE, *(_JOINT if joint else ())]]
    spread = (odds["variance_model"].clip(min=0.0) ** 0.5).rename("view_spread")
    found = {"view_spread": spread} | _derivatives(cases, odds, how) | _views(cases, odds, how)
    return base.assign(found)


def _check(method: Method | None) -> None:
    """Refuse what is no method, or gives the two sides of a difference other draws."""
    check_method(method)
    if isinstance(method, MonteCarlo) and (method.antithetic or method.until_error is not None):
        raise RequestError(
            f"method={method!r}: differences are taken on a given number of plain draws.",
            "Use method=sx.MonteCarlo(draws=100_000).",
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _How:
    """How everything is asked."""

    joint: bool
    method: Method | None
    seed: Seed
    progress: bool


def _derivatives(cases: Sequence[Case], odds: xr.Dataset, how: _How) -> dict[str, xr.DataArray]:
    """Move every factor of every scenario to both sides."""
    pieces = [(s, factor) for s, case in enumerate(cases) for factor in factors_of(case)]
    found: list[dict[Factor, dict[str, xr.DataArray] | SxsimError]] = [{} for _ in cases]
    for s, factor in shown(pieces, len(pieces), how.progress):
        found[s][factor] = _moved(cases[s], factor, odds.isel({labels.SCENARIO: s}), how)
    refused = [one for line in found for one in line.values() if isinstance(one, SxsimError)]
    if refused and len(refused) == sum(map(len, found)):
        raise refused[0]
    factors = list(dict.fromkeys(factor for line in found for factor in line))
    absent = RequestError("the scenario does not pull this lever")
    table = [[line.get(factor, absent) for factor in factors] for line in found]
    reasons = [[one.text if isinstance(one, SxsimError) else "" for one in line] for line in table]
    dims = (labels.SCENARIO, labels.FACTOR)
    out = {"factor_reason": xr.DataArray(reasons, dims=dims, coords=_coordinates(factors, cases, odds))}
    for name in _SLOPES if how.joint else _SLOPES[:2]:
        blank = xr.full_like(odds["joint" if name.startswith("joint") else "probability"][0], np.nan)
        rows = [
            xr.concat([blank if isinstance(one, SxsimError) else one[name] for one in line], labels.FACTOR)
            for line in table
        ]
        out[name] = xr.concat(rows, labels.SCENARIO).drop_vars(labels.SCENARIO, errors="ignore")
    return out


def _moved(case: Case, factor: Factor, odds: xr.Dataset, how: _How) -> dict[str, xr.DataArray] | SxsimError:
    """Derivatives by one factor; zero where it does not matter."""
    try:
        step, targets = factor.step(case), factor.targets(case)
        if how.joint and factor.names:
            targets = tuple(dict.fromkeys((*case.lead, *targets)))
        groups = case.groups(targets, joint=how.joint)
        found = [slope(one, factor, step=step, method=how.method, seed=how.seed) for one in groups]
    except SxsimError as error:
        return error
    out = {name: xr.zeros_like(odds["joint" if "joint" in name else "probability"]) for name in _SLOPES}
    for name in _SLOPES[:2]:
        out[name] = out[name].where(odds["reason"] == "")
    for group, one in zip(groups, found, strict=True):
        place = {labels.TARGET: [target.id for target in group.targets]}
        out["derivative"].loc[place], out["derivative_error"].loc[place] = one.value, one.error
        if group.targets == case.lead:
            out["joint_derivative"][...], out["joint_derivative_error"][...] = one.joint, one.joint_error
    return out


def _coordinates(
    factors: Sequence[Factor], cases: Sequence[Case], odds: xr.Dataset
) -> dict[str, tuple[str, list[str]] | xr.DataArray]:
    return {
        labels.SCENARIO: odds[labels.SCENARIO],
        labels.FACTOR: (labels.FACTOR, [factor.name for factor in factors]),
        "kind": (labels.FACTOR, [factor.kind.value for factor in factors]),
        "owner": (labels.FACTOR, [factor.owner for factor in factors]),
        "owner_label": (labels.FACTOR, [_label(factor, cases, labels.LONG_NAME) for factor in factors]),
        "owner_label_zh": (labels.FACTOR, [_label(factor, cases, labels.LONG_NAME_ZH) for factor in factors]),
        "unit": (labels.FACTOR, [factor.unit(cases[0]) for factor in factors]),
    }


def _label(factor: Factor, cases: Sequence[Case], name: str) -> str:
    """Return how people call the owner of a factor; empty where nobody has said."""
    history = cases[0].model.history
    if factor.owner in history:
        return str(history[factor.owner].attrs.get(name, ""))
    rows: list[Target | Lever] = [*cases[0].targets]
    rows += [lever for case in cases for lever in case.levers]
    said = {one.id: (one.label, one.label_zh) for one in rows}
    return said.get(factor.owner, ("", ""))[name == labels.LONG_NAME_ZH]


def _views(cases: Sequence[Case], odds: xr.Dataset, how: _How) -> dict[str, xr.DataArray]:
    """Ask every scenario under every assumption; nothing where no indicator has cells of more than one."""
    views = views_of(cases[0])
    found = [
        [
            seen_under(
                view, case, odds.isel({labels.SCENARIO: s}), joint=how.joint, method=how.method, seed=how.seed
            )
            for view in views
        ]
        for s, case in enumerate(cases)
    ]
    return views_table(views, found) if views else {}
