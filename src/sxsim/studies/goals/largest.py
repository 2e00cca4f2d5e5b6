"""How far can one go? The hardest level that is still attainable with a probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis.event import Values
from sxsim.analysis.exact import Answer
from sxsim.analysis.question import Question
from sxsim.analysis.table import target_labels
from sxsim.plan import TREND, Scenario
from sxsim.processes import GrowthModel
from sxsim.simulation import Method
from sxsim.streams import provenance, type_of_rng
from sxsim.studies.goals.asked import Asked, Wanted, as_shares, asked_of
from sxsim.studies.goals.found import Found, GoalStatus, unassessed
from sxsim.studies.goals.gather import gathered
from sxsim.studies.goals.growth import ANY, Search
from sxsim.studies.goals.scale import Scale, scale_of
from sxsim.studies.goals.solve import Spans, sought
from sxsim.studies.goals.table import found_table

Array = NDArray[np.float64]

LARGEST = "level"


def largest_target(
    model: GrowthModel,
    targets: Wanted,
    *,
    probability: float | Sequence[float] = 0.8,
    scenario: Scenario = TREND,
    method: Method | None = None,
    rng: type_of_rng = None,
) -> xr.Dataset:
    """Say which level each target could ask for and still be hit with a probability.

    Parameters
    ----------
    model, scenario, method, rng
        As for :func:`sxsim.goal_seek`.
    targets
        Their levels are set free: the largest for "at least", the smallest for "at most". Only years ahead
        are asked for.
    probability
        What is wanted; one or several.

    Returns
    -------
    xarray.Dataset
        Dims ``(target, probability, *batch)``: ``level`` with its 95 percent numerical interval ``lower`` to
        ``upper`` and ``standard_error``, all in the unit that ``level_of (target)`` names: a level in
        published units, a total, a multiple of the benchmark, or a yearly growth as a fraction; compared
        exactly, whatever the precision of the target. ``achieved`` and ``achieved_error``, the probability of
        that level; ``status`` "found" or "cannot be assessed", with ``reason (target)``; ``route``;
        ``asked_for (target)``, what the target asks for now.

    Raises
    ------
    RequestError
        No target, or a probability outside (0, 1).

    Notes
    -----
    A level is attainable with probability p if the smallest value of all years that are asked for, on a share
    p of the paths, is at least that: the (1 - p)-quantile of that minimum, of the last value where one year
    is asked for, of the maximum where any year will do. Where the probability is smooth the level is refined
    as in :func:`sxsim.goal_seek`. Of counts it is a whole number, and ``achieved`` is what it has at least.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> model = sx.fit(plan.history, until=2012)
    >>> found = sx.largest_target(model, plan.target("H1"), probability=[0.5, 0.8], rng=0)
    >>> found.level.sel(target="H1").round(2).values.tolist()
    [1.61, 1.33]
    """
    shares = as_shares(probability)
    asked = asked_of(model, targets, scenario, method, rng)
    found, scales = _found(asked, shares)
    out = found_table(found, asked.batch, LARGEST)
    out["reason"] = ((labels.TARGET,), [scale if isinstance(scale, str) else "" for scale in scales])
    words = ["" if isinstance(scale, str) else scale.words for scale in scales]
    out["level_of"] = ((labels.TARGET,), words)
    out["asked_for"] = ((labels.TARGET,), [np.nan if isinstance(s, str) else s.asked for s in scales])
    coords = {
        labels.TARGET: [target.id for target in asked.targets],
        labels.PROBABILITY: list(shares),
        **target_labels(asked.targets),
        **asked.batch,
    }
    known = provenance(asked.desk.seed, asked.desk.name, **model.vintage())
    record = {**known, "question": "largest target", "scenario": scenario.id, "draws": asked.paths.draws}
    return xr.Dataset(out, coords=coords, attrs=record)


def _found(asked: Asked, shares: Sequence[float]) -> tuple[list[list[Found]], list[Scale | str]]:
    model = asked.model
    scales = [one if isinstance(one, str) else scale_of(one, model) for one in asked.questions]
    pairs = [
        (question, scale)
        for question, scale in zip(asked.questions, scales, strict=True)
        if isinstance(question, Question) and isinstance(scale, Scale)
    ]

    def read(levels: Values, place: int) -> Array:
        return np.stack([-scale.sign * scale.read(levels, place) for _, scale in pairs])

    needed = np.zeros((asked.size, 0, 1))
    if pairs:
        questions = [question for question, _ in pairs]
        needed = gathered(
            questions, read, len(pairs), model, asked.policy, method=asked.paths, seed=asked.desk.seed
        )
    search = asked.search(shares)
    answered = iter(_answers(scale, needed[:, place], search) for place, (_, scale) in enumerate(pairs))
    nothing = [unassessed(asked.size)] * len(shares)
    return [nothing if isinstance(scale, str) else next(answered) for scale in scales], scales


def _answers(scale: Scale, needed: Array, search: Search) -> list[Found]:
    spans = Spans(low=needed, high=np.where(np.isnan(needed), np.nan, np.inf))
    question = scale.question

    def chance(x: Array) -> Answer:
        assert question is not None
        return search.chance(question(-scale.sign * x), search.policy)

    typical = np.median(-scale.sign * needed, axis=1)
    smooth = question is not None and search.smooth(question(typical))
    return [
        _published(sought(spans, chance if smooth else None, share, ANY), scale) for share in search.shares
    ]


def _published(found: Found, scale: Scale) -> Found:
    """Bring an answer to published units; whatever level was found is an answer."""

    def units(x: Array) -> Array:
        return scale.publish(-scale.sign * x)

    first, second = units(found.lower), units(found.upper)
    with np.errstate(invalid="ignore"):
        spread = np.abs(units(found.at + found.error) - units(found.at - found.error))
    return replace(
        found,
        at=units(found.at),
        lower=np.fmin(first, second),
        upper=np.fmax(first, second),
        error=0.5 * spread,
        status=np.where(np.isfinite(found.at), GoalStatus.FOUND.value, GoalStatus.UNASSESSED.value),
    )
