"""What would it take? Growth, or a dose of a lever, for a probability that is asked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from sxsim import labels
from sxsim.analysis.question import Question
from sxsim.analysis.table import target_labels
from sxsim.errors import RequestError
from sxsim.plan import TREND, Lever, Plan, Scenario
from sxsim.processes import GrowthModel
from sxsim.simulation import Method
from sxsim.streams import provenance, type_of_rng
from sxsim.studies.goals.asked import Asked, Wanted, as_shares, asked_of
from sxsim.studies.goals.dose import DoseSearch, Dosing, dosing_of
from sxsim.studies.goals.found import Found, unassessed
from sxsim.studies.goals.growth import ANY, SHARES, Uplift, uplifts
from sxsim.studies.goals.rates import Rates, rank_among
from sxsim.studies.goals.table import Variables, found_table, joint_table, reshaped

GROWTH = "growth"
REQUIRED = "required"
WARNING = "That policy can bring this about is an assumption: the figures say only what comes without it."
_SUPPOSED = "extra growth is supposed, whatever may bring it about (no origin: nobody has measured it)"


def goal_seek(
    model: GrowthModel,
    targets: Wanted,
    *,
    lever: str | Lever = GROWTH,
    probability: float | Sequence[float] = 0.8,
    scenario: Scenario = TREND,
    together: bool = False,
    bounds: tuple[float, float] | None = None,
    start: int | None = None,
    end: int | None = None,
    method: Method | None = None,
    rng: type_of_rng = None,
) -> xr.Dataset:
    """Say what it would take to hit each target with a probability: more growth, or so much of a lever.

    Parameters
    ----------
    model
        From :func:`sxsim.fit`, or put together by hand.
    targets
        One target, several, or a plan with its targets and levers.
    lever
        ``"growth"``: so much more growth a year on the link scale, from the first year ahead, of everything
        the target asks for; what has to be low is pushed down by it. A benchmark stays where it is. Or the id
        of a lever of the plan or of the scenario, or an ``sx.Lever``: its dose.
    probability
        What is wanted, between 0 and 1; one or several.
    scenario
        What happens beside it. Targets are judged as they are given, also where it revises them.
    together
        Whether to ask for all targets at once as well, proxies left out: the same extra growth for all they
        ask for, or one dose.
    bounds
        Where the answer may lie: extra growth a year as a fraction (0.05 is 5 log points), without bounds by
        default; or doses, 0 to 1 by default, where 1 is what the lever's effects were stated for.
    start, end
        First and last year in which a lever is pulled; by default as the scenario pulls it, else from the
        first year ahead, or the first of the plan, to the end of the run.
    method
        As for :func:`sxsim.attainment`. By default the root of the smooth probability where there is one, and
        what every one of 100,000 paths needs, in order, for the rest.
    rng
        Seed; None takes fresh entropy, recorded.

    Returns
    -------
    xarray.Dataset
        Dims ``(target, probability, *batch)``: ``required``, NaN where there is none; its 95 percent
        numerical interval ``lower`` to ``upper`` and its ``standard_error``; ``status``, one of "found",
        "reached already", "not reachable within bounds" and "cannot be assessed"; ``achieved`` with
        ``achieved_error``, the probability there, or the most there is; ``route``. ``reason (target)`` says
        why nothing was assessed. With ``together`` the same once more, ``joint_required`` and so on.

        Of growth, negative is what could be missing ("reached already"), and beside it: ``required_spread
        (target, quantile)``, what 1, 2 ... 99 percent of the paths need; average yearly growth of the median
        to the last year asked for, in ``growth_unit``: ``growth_trend``, ``growth_required``, their
        difference ``points``, ``growth_spread``, the plan's own ``growth_stated``; ``growth_past (target,
        year)`` and ``past_rank``, the share of past years that grew less than would be required (a year may
        easily do what an average of many years does not). NaN where a target asks for several indicators.
        Attributes ``warning`` and ``assumption``, a line for each, say what nobody has measured.

    Raises
    ------
    RequestError
        No target, a probability outside (0, 1), bounds out of order, targets of different batches, a lever
        without effects, or a method that cannot answer.
    UnknownNameError
        A lever that is not known.

    Notes
    -----
    With ``x`` of extra growth the level ``z_h`` of the h-th year ahead becomes ``z_h + x h``. A path keeps
    ``z_h >= b`` from ``x = (b - z_h) / h`` on; all of some rows from the largest of these, any of them from
    the smallest, at least k from the k-th. So ``P(x)`` is the distribution function of what paths need, and
    one run answers every probability; its interval has ranks of the binomial law. Where P is smooth, the root
    of ``probit P(x) = probit p`` is refined with the same points, with the error ``se(P) / P'(x)``. What has
    to lie within a range is kept from one number to another, and the answer is the smallest change either
    way. Alternatives that growth helps and hinders are refused. Under rules that react to growth, and for
    doses, the root is sought with the same draws throughout.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> model = sx.fit(plan.history, until=2012)
    >>> found = sx.goal_seek(model, plan.target("H1"), probability=[0.5, 0.8], rng=0)
    >>> found.growth_required.sel(target="H1").round(1).values.tolist()
    [10.9, 13.6]
    """
    plan = targets if isinstance(targets, Plan) else None
    shares = as_shares(probability)
    asked = asked_of(model, targets, scenario, method, rng)
    coords = {
        labels.TARGET: [target.id for target in asked.targets],
        labels.PROBABILITY: list(shares),
        **target_labels(asked.targets),
        **asked.batch,
    }
    if lever == GROWTH:
        limits = ANY if bounds is None else checked_bounds(bounds, least=-np.inf)
        variables = _growth(asked, shares, limits, together=together)
        told = (_SUPPOSED, *map(str, scenario.assumptions()))
        named = {"units": "log points a year / 100"}
    else:
        limits = checked_bounds((0.0, 1.0) if bounds is None else bounds)
        dosing = dosing_of(lever, plan, scenario, model.last_year + 1, start=start, end=end)
        variables = _doses(asked, shares, scenario, dosing, limits, together=together)
        told = tuple(str(one) for one in dosing.added(scenario, 1.0).assumptions())
        pulled = dosing.lever
        named = {"units": pulled.dose_unit or "doses", "start": str(dosing.start)}
        named |= {"lever_label": pulled.label, "lever_label_zh": pulled.label_zh}
    record = _record(asked, lever, scenario, told, limits) | named
    return xr.Dataset(variables, coords=coords, attrs=record)


def _record(
    asked: Asked, lever: str | Lever, scenario: Scenario, told: tuple[str, ...], bounds: tuple[float, float]
) -> dict[str, object]:
    known = provenance(asked.desk.seed, asked.desk.name, **asked.model.vintage())
    return {
        **known,
        "question": "goal seek",
        "draws": asked.paths.draws,
        "lever": lever.id if isinstance(lever, Lever) else lever,
        "scenario": scenario.id,
        "bounds": list(bounds),
        "warning": WARNING,
        "assumption": "\n".join(told),
    }


def checked_bounds(given: tuple[float, float], *, least: float = 0.0) -> tuple[float, float]:
    """Return bounds in order; refuse any other, and doses below zero."""
    low, high = given
    if not low < high or low < least:
        raise RequestError(
            f"bounds={given!r} are not in order, or a dose is negative.", "Give the smaller one first."
        )
    return float(low), float(high)


def _growth(
    asked: Asked, shares: Sequence[float], bounds: tuple[float, float], *, together: bool
) -> Variables:
    search = asked.search(shares, bounds)
    whole = [asked.together()] if together else []
    found = uplifts([*asked.questions, *whole], search)
    single = found[: len(asked.questions)]
    out = found_table([one.found for one in single], asked.batch, REQUIRED)
    out["reason"] = ((labels.TARGET,), [one.reason for one in single])
    out |= _rates(asked, single)
    return out | (joint_table(found[-1].found, asked.batch, REQUIRED, found[-1].reason) if together else {})


def _rates(asked: Asked, found: Sequence[Uplift]) -> Variables:
    """Growth in published units, target by target."""
    model, batch = asked.model, asked.batch
    years = model.history[labels.YEAR].to_numpy() if labels.YEAR in model.history else np.zeros(0, int)
    years = years[years <= model.last_year][1:]
    size, count = asked.size, len(found[0].found)
    names = ("growth_required", "growth_trend", "growth_spread", "growth_past", "past_rank")
    widths = (count, 1, SHARES.size, years.size, count)
    tables = {
        name: np.full((len(found), size, width), np.nan) for name, width in zip(names, widths, strict=True)
    }
    units, until = [""] * len(found), [0] * len(found)
    for t, (uplift, question) in enumerate(zip(found, asked.questions, strict=True)):
        if uplift.lift is None or uplift.reason or not isinstance(question, Question) or not question.rows:
            continue
        last = max(row.year for row in question.rows)
        if (rates := Rates.of(uplift.lift, last, model, asked.policy)) is None:
            continue
        needed = rates.at(np.stack([one.at for one in uplift.found], axis=1))
        past = rates.past(model)
        units[t], until[t] = rates.unit, last
        tables["growth_required"][t], tables["growth_past"][t] = needed, past
        tables["growth_trend"][t] = rates.at(np.zeros((size, 1)))
        tables["growth_spread"][t] = rates.at(uplift.spread)
        tables["past_rank"][t] = rank_among(past, needed)
    stated = [np.nan if t.stated_growth is None else 100.0 * t.stated_growth for t in asked.targets]
    spread = reshaped(np.stack([one.spread for one in found]), batch)
    one, several = labels.TARGET, (labels.TARGET, labels.PROBABILITY, *batch)
    each, of_past = (one, labels.QUANTILE, *batch), (one, labels.YEAR, *batch)
    points = tables["growth_required"] - tables["growth_trend"]
    return {
        "required_spread": (each, spread),
        "growth_unit": ((one,), units),
        "growth_until": ((one,), until),
        "growth_stated": ((one,), stated),
        "growth_trend": ((one, *batch), reshaped(tables["growth_trend"], batch)[:, 0]),
        "growth_required": (several, reshaped(tables["growth_required"], batch)),
        "points": (several, reshaped(points, batch)),
        "growth_spread": (each, reshaped(tables["growth_spread"], batch)),
        "growth_past": (of_past, reshaped(tables["growth_past"], batch)),
        "past_rank": (several, reshaped(tables["past_rank"], batch)),
        labels.QUANTILE: ((labels.QUANTILE,), SHARES),
        labels.YEAR: ((labels.YEAR,), years),
    }


def _doses(
    asked: Asked,
    shares: Sequence[float],
    scenario: Scenario,
    dosing: Dosing,
    bounds: tuple[float, float],
    *,
    together: bool,
) -> Variables:
    def one(question: Question | str) -> list[Found]:
        if isinstance(question, str):
            return [unassessed(asked.size)] * len(shares)
        search = DoseSearch(
            question=question,
            model=asked.model,
            scenario=scenario,
            dosing=dosing,
            desk=asked.desk,
            bounds=bounds,
        )
        return search.found(shares)

    out = found_table([one(question) for question in asked.questions], asked.batch, REQUIRED)
    out["reason"] = ((labels.TARGET,), [q if isinstance(q, str) else "" for q in asked.questions])
    if not together:
        return out
    whole = asked.together()
    return out | joint_table(one(whole), asked.batch, REQUIRED, whole if isinstance(whole, str) else "")
