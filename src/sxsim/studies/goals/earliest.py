"""By which year? The first one in which a probability is reached, never beyond those that are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis.exact import Answer
from sxsim.analysis.question import Question, ask, joined, merged
from sxsim.analysis.routes import answers_under
from sxsim.analysis.table import target_labels
from sxsim.errors import RequestError
from sxsim.plan import TREND, Condition, Scenario, Target, Total, When
from sxsim.processes import GrowthModel
from sxsim.simulation import Method
from sxsim.simulation.method import check_whole
from sxsim.streams import provenance, type_of_rng
from sxsim.studies.goals.asked import Asked, Wanted, as_shares, asked_of
from sxsim.studies.goals.found import GoalStatus
from sxsim.studies.goals.table import Variables
from sxsim.studies.goals.table import together as alone

Array = NDArray[np.float64]


class Reached(Enum):
    """What a year has to show; the value is the explanation.

    Examples
    --------
    >>> Reached.BY_THEN.value
    'in that year or in any year before it'
    """

    IN_YEAR = "in that year"
    BY_THEN = "in that year or in any year before it"


def earliest_year(
    model: GrowthModel,
    targets: Wanted,
    *,
    probability: float | Sequence[float] = 0.8,
    until: int | None = None,
    reached: Reached = Reached.IN_YEAR,
    scenario: Scenario = TREND,
    together: bool = False,
    method: Method | None = None,
    rng: type_of_rng = None,
) -> xr.Dataset:
    """Say by which year each target is hit with a probability.

    Parameters
    ----------
    model, scenario, together, method, rng
        As for :func:`sxsim.goal_seek`.
    targets
        Each is asked for in every year ahead instead of its own years; a total up to every year.
    probability
        What is wanted; one or several.
    until
        Last year that is looked at; the default is the last year any target asks for.
    reached
        Whether it has to hold in the year itself, or in any year up to it.

    Returns
    -------
    xarray.Dataset
        Dims ``(target, probability, *batch)``: ``earliest_year``, NaN where there is none; ``earliest``
        and ``latest``, the same at two numerical errors more, and less, of every probability; ``stays``, 1
        where no later year falls short again; ``status`` "found", "not reachable within bounds" (the year
        lies after ``until``; nothing is extrapolated) or "cannot be assessed", with ``reason (target)``. Dims
        ``(target, year, *batch)``: ``chance`` and ``standard_error``. With ``together`` the same of all
        targets at once, ``joint_earliest_year`` and so on.

    Raises
    ------
    RequestError
        No target, a probability outside (0, 1), or no year after the model's last.

    Notes
    -----
    In the year itself the probability need not rise with the years: growth may return to a level, and a
    moving level may run away. Up to a year it never falls.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> model = sx.fit(plan.history, until=2012)
    >>> found = sx.earliest_year(model, plan.target("H2"), probability=[0.5, 0.7, 0.8], rng=0)
    >>> found.earliest_year.squeeze("target").values.tolist()
    [2017.0, 2019.0, nan]
    """
    shares = np.array(as_shares(probability))
    if not isinstance(reached, Reached):
        raise RequestError(f"reached={reached!r}.", "Give sx.Reached.IN_YEAR or sx.Reached.BY_THEN.")
    asked = asked_of(model, targets, scenario, method, rng, until=_checked(until, model))
    last = until if until is not None else model.last_year + asked.horizon
    years = list(range(model.last_year + 1, last + 1))
    pairs = zip(asked.targets, asked.questions, strict=True)
    rows = [_rows(target, one, years, reached, model) for target, one in pairs]
    asked_for = [row for row in rows if not isinstance(row, str)]
    whole = _together(asked, rows, years) if together else []
    listed = [question for row in [*asked_for, whole] for question in row]
    answers = iter(answers_under(asked.policy, listed, model, desk=asked.desk) if listed else [])
    table = [None if isinstance(row, str) else [next(answers) for _ in row] for row in rows]
    out = _table(table, shares, years, asked)
    if together:
        out |= alone(_table([[next(answers) for _ in whole] or None], shares, years, asked))
    out["reason"] = ((labels.TARGET,), [row if isinstance(row, str) else "" for row in rows])
    coords = {
        labels.TARGET: [target.id for target in asked.targets],
        labels.PROBABILITY: shares,
        labels.YEAR: years,
        **target_labels(asked.targets),
        **asked.batch,
    }
    known = provenance(asked.desk.seed, asked.desk.name, **model.vintage())
    record = {
        **known,
        "question": "earliest year",
        "scenario": scenario.id,
        "until": last,
        "reached": reached.value,
    }
    return xr.Dataset(out, coords=coords, attrs=record)


def _checked(until: int | None, model: GrowthModel) -> int | None:
    if until is None:
        return None
    year = check_whole("until", until, "Give a year.", least=-(10**6))
    if year <= model.last_year:
        raise RequestError(
            f"until={until} is not after the model's last year {model.last_year}.", "Give a later year."
        )
    return year


def _rows(
    target: Target, asked: Question | str, years: Sequence[int], reached: Reached, model: GrowthModel
) -> list[Question] | str:
    """Return the question of every year, or the reason why there is none."""
    condition = target.condition
    if isinstance(asked, str):
        return asked
    if not isinstance(condition, Condition | Total):
        return "it combines several conditions, each with its own years"
    found = list[Question]()
    for year in years:
        if isinstance(condition, Total):
            up_to = tuple(range(condition.years[0], year + 1)) or (year,)
            one: Condition | Total = condition.of_years(up_to)
        elif reached is Reached.IN_YEAR:
            one = condition.of_years((year,))
        else:
            one = replace(condition, years=tuple(range(years[0], year + 1)), when=When.ANY_YEAR)
        question = ask(replace(target, id=f"{target.id}:{year}", condition=one, base=None), model)
        if isinstance(question, str):
            return question
        found.append(question)
    return found


def _together(asked: Asked, rows: Sequence[list[Question] | str], years: Sequence[int]) -> list[Question]:
    """Return the questions whether all that can be asked is hit, year by year."""
    chosen = {question.target.id for question in joined(asked.known)}
    several = [
        row
        for target, row in zip(asked.targets, rows, strict=True)
        if not isinstance(row, str) and target.id in chosen
    ]
    if not several:
        return []
    found = []
    for year, each in zip(years, zip(*several, strict=True), strict=True):
        one = merged(each, asked.model)
        found.append(replace(one, target=replace(one.target, id=f"together:{year}")))
    return found


def _table(
    rows: Sequence[Sequence[Answer] | None], shares: Array, years: Sequence[int], asked: Asked
) -> Variables:
    """Variables of all targets; ``(target, year | probability, *batch)``."""
    shape = [c.size for c in asked.batch.values()]
    nothing = np.full((len(years), asked.size), np.nan)

    def read(name: str) -> Array:
        return np.stack(
            [nothing if row is None else np.stack([getattr(one, name) for one in row]) for row in rows]
        )

    chance, error = read("probability"), read("standard_error")
    wanted = shares[None, :, None, None]
    tables = {
        name: _first(np.asarray(chance[:, None] + more * error[:, None] >= wanted), years)
        for name, more in (("earliest_year", 0.0), ("earliest", 2.0), ("latest", -2.0))
    }
    enough = np.asarray(chance[:, None] >= wanted)
    stays = np.logical_and.accumulate(enough[:, :, ::-1], axis=2)[:, :, ::-1]
    found = tables["earliest_year"]
    kept = np.isfinite(found) & (_first(stays, years) == found)
    status = np.where(np.isfinite(found), GoalStatus.FOUND.value, GoalStatus.UNREACHABLE.value)
    status = np.where(np.asarray(np.isnan(chance).any(axis=1))[:, None], GoalStatus.UNASSESSED.value, status)
    several = (labels.TARGET, labels.PROBABILITY, *asked.batch)
    by_year = (labels.TARGET, labels.YEAR, *asked.batch)
    columns = {**tables, "stays": kept.astype(np.int8), "status": status}
    out: Variables = {
        name: (several, value.reshape(*value.shape[:2], *shape)) for name, value in columns.items()
    }
    for name, value in (("chance", chance), ("standard_error", error)):
        out[name] = (by_year, value.reshape(*value.shape[:2], *shape))
    routes = [[one.route for one in row] if row else ["not assessed"] * len(years) for row in rows]
    return out | {"route": (by_year[:2], routes)}


def _first(holds: NDArray[np.bool_], years: Sequence[int]) -> Array:
    """Return the first year in which something holds, along the third axis; NaN where it never does."""
    return np.where(holds.any(axis=2), np.asarray(years, float)[holds.argmax(axis=2)], np.nan)
