"""Official progress measures of every target of a plan, as they would have been read in a year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import xarray as xr

from sxsim import labels
from sxsim.analysis.yardsticks.course import Course, course_of
from sxsim.analysis.yardsticks.ends import Ends, ends_of
from sxsim.analysis.yardsticks.measures import YARDSTICKS
from sxsim.analysis.yardsticks.needs import missing, present
from sxsim.errors import RequestError
from sxsim.plan import Plan, Target
from sxsim.streams import provenance

_FIRST, _LAST = 1000, 2999


def yardsticks(plan: Plan, *, as_of: int | Sequence[int] | None = None) -> xr.Dataset:
    """Say what the official progress measures make of every target, to stand beside its probability.

    Only measures with a published formula are on the sheet; each carries formula and source. They know no
    uncertainty: what they say of a target is arithmetic on a base, a figure and a goal.

    Parameters
    ----------
    plan
        From :func:`sxsim.load_plan`. Figures are read from ``plan.history`` as they stand there. A target
        counts from its own base or, where the plan states none, from the figure of the plan's base year.
    as_of
        Years up to which figures are known; the default is the plan's ``fit_until``. A figure later than the
        year of its target is not used.

    Returns
    -------
    xarray.Dataset
        Dims ``(target, year, measure)``: ``value``, a fraction where units are "1"; ``verdict``, the words
        of :class:`sxsim.ScheduleVerdict`, :class:`sxsim.PaceVerdict` or :class:`sxsim.OutlookVerdict`, empty
        where the source of the measure gives none; ``reason``, which piece is missing where there is no
        value. ``figure`` and ``figure_year`` ``(target, year)`` are the last ones known, ``base``,
        ``base_year``, ``base_from``, ``goal``, ``goal_year`` and ``relation`` ``(target)`` the ends of the
        way, in the ``unit`` of the target; where ``goal_first_year`` is earlier than
        ``goal_year``, the level is asked for in every or in any year from one to the other (``goal_when``).
        Along ``measure`` stand ``measure_label``, ``measure_label_zh``,
        ``measure_units``, ``formula`` and ``source``.

    Raises
    ------
    RequestError
        ``as_of`` is empty, names a year twice, or something that is not a calendar year.

    Notes
    -----
    The formulas, where they were published, and the measures that were left out because no formula could be
    found stand in the manual under "Official yardsticks".

    Examples
    --------
    >>> import sxsim as sx
    >>> sheet = sx.yardsticks(sx.load_plan("shanxi-2014"), as_of=2016)
    >>> research = sheet.sel(target="H1", year=2016)
    >>> float(research.value.sel(measure="achievement").round(3))
    0.412
    >>> str(research.verdict.sel(measure="pace_ratio").item())
    'movement away'
    """
    years = _years(plan.fit_until if as_of is None else as_of)
    ends = [ends_of(plan, target) for target in plan.targets]
    course = course_of(ends, years)
    there = present(ends, course)
    columns: dict[str, list[np.ndarray]] = {"value": [], "verdict": [], "reason": []}
    for one in YARDSTICKS:
        reason = missing(one.needs, there)
        usable = course.where(reason == "")
        value = one.compute(usable)
        columns["value"].append(value)
        columns["verdict"].append(np.full(value.shape, "") if one.judge is None else one.judge(value, usable))
        columns["reason"].append(reason)
    dims = (labels.TARGET, labels.YEAR, labels.MEASURE)
    result = xr.Dataset(
        {name: (dims, np.stack(column, axis=-1)) for name, column in columns.items()}
        | _stand(course)
        | _rows(plan, ends),
        coords={labels.TARGET: [target.id for target in plan.targets], labels.YEAR: years, **_measures()},
    )
    record = {labels.PLAN: plan.id, labels.PLAN_DIGEST: plan.digest}
    return result.assign_attrs(provenance(None, "yardsticks", **record))


def _years(as_of: int | Sequence[int]) -> list[int]:
    listed = list(as_of) if isinstance(as_of, Iterable) else [as_of]
    for year in listed:
        if isinstance(year, bool) or not isinstance(year, int | np.integer) or not _FIRST <= year <= _LAST:
            raise RequestError(
                f"as_of = {year!r} is not a calendar year.", "Write years in full, as in 2016."
            )
    if not listed:
        raise RequestError("as_of names no year.", "Give one year or several, as in range(2013, 2021).")
    if len(set(listed)) < len(listed):
        raise RequestError(f"as_of names a year twice: {listed}.", "Name each year once.")
    return [int(year) for year in listed]


def _measures() -> dict[str, tuple[str, list[str]]]:
    columns = {"measure_label": "label", "measure_label_zh": "label_zh", "measure_units": "units"}
    columns |= {labels.MEASURE: "name", "formula": "formula", "source": "source"}
    return {
        key: (labels.MEASURE, [getattr(one, name) for one in YARDSTICKS]) for key, name in columns.items()
    }


def _stand(course: Course) -> dict[str, tuple[tuple[str, str], np.ndarray]]:
    dims = (labels.TARGET, labels.YEAR)
    return {"figure": (dims, course.figure), "figure_year": (dims, course.figure_year)}


def _rows(plan: Plan, ends: Sequence[Ends]) -> dict[str, tuple[str, list[str] | list[float]]]:
    """What is known of every target itself."""
    keys = ("base", "base_year", "base_from", "goal", "goal_year")
    columns: dict[str, list[str] | list[float]] = {key: [getattr(one, key) for one in ends] for key in keys}
    conditions = [one.condition for one in ends]
    columns |= {
        "label": [target.label for target in plan.targets],
        "label_zh": [target.label_zh for target in plan.targets],
        "unit": [_unit(plan, *pair) for pair in zip(plan.targets, ends, strict=True)],
        "relation": ["" if one is None else one.relation.value for one in conditions],
        "goal_first_year": [np.nan if one is None else one.years[0] for one in conditions],
        "goal_when": ["" if one is None else one.when.value for one in conditions],
    }
    return {key: (labels.TARGET, column) for key, column in columns.items()}


def _unit(plan: Plan, target: Target, one: Ends) -> str:
    return target.unit or ("" if one.condition is None else plan.indicator(one.condition.indicator).units)
