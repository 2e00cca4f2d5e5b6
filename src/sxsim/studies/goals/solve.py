"""From what every path needs, and a smooth probability where there is one, to answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.analysis.counting.share import share_error
from sxsim.analysis.exact import Answer
from sxsim.studies.goals.found import Found, GoalStatus, Texts, either, known_at
from sxsim.studies.goals.order import SURE, Place, place_of
from sxsim.studies.goals.root import Chance, Root, root_of

Array = NDArray[np.float64]
Bounds = tuple[float, float]

ORDER = "monte-carlo, order statistics"
_LEAST = 1e-4  # half of the bracket a root is sought in at first
_HALF = float(special.ndtri(0.5 + 0.5 * SURE))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Spans:
    """What every path needs, ``(member, draw)``: it keeps the event where ``low <= x <= high``."""

    low: Array
    high: Array

    @property
    def one_sided(self) -> bool:
        """Whether more never hurts."""
        return not np.isfinite(self.high).any()

    def answer(self, x: Array) -> Answer:
        """Return the share of paths that keep the event at a number for each member."""
        held = (self.low <= x[:, None]) & (x[:, None] <= self.high)
        hits, draws = held.sum(axis=1).astype(float), self.low.shape[1]
        nothing = np.zeros(len(x))
        return Answer(
            probability=np.where(np.isnan(self.low[:, 0]), np.nan, hits / draws),
            standard_error=share_error(hits, draws),
            route=ORDER,
            variance_parameter=nothing,
            variance_model=nothing,
            draws=draws,
        )


def sought(spans: Spans, chance: Chance | None, share: float, bounds: Bounds) -> Found:
    """Return the smallest number at which the probability reaches a share.

    Parameters
    ----------
    spans
        What every path needs.
    chance
        The probability itself where it is smooth: the answer of the paths is only where its root is sought.
    share
        The probability that is wanted.
    bounds
        Between which the number may lie.
    """
    places = [
        _nowhere() if np.isnan(low).any() else place_of(low, high, share)
        for low, high in zip(spans.low, spans.high, strict=True)
    ]
    counted = _counted(places, spans)
    found = counted if chance is None else _refined(places, counted, chance, share, spans)
    return bounded(found, chance or spans.answer, bounds)


def searched(chance: Chance, share: float, bounds: Bounds, step: float) -> Found:
    """Return the number by a search alone, where no path says what it needs."""
    size = chance(np.zeros(1)).probability.size
    start = np.full(size, step)
    return bounded(of_root(root_of(chance, share, -start, start)), chance, bounds)


def bounded(found: Found, chance: Chance, bounds: Bounds) -> Found:
    """Cut an answer to its bounds, and say what is reached at the end that is passed."""
    low, high = bounds
    for end, beyond, status in (
        (low, found.at < low, GoalStatus.REACHED),
        (high, found.at > high, GoalStatus.UNREACHABLE),
    ):
        if beyond.any():
            at = np.full(beyond.size, end)
            found = replace(either(beyond, known_at(at, chance(at), status), found), route=found.route)
    return found


def of_root(root: Root) -> Found:
    """Read a root."""
    lost = np.isnan(root.at)
    status = np.where(root.at <= 0, GoalStatus.REACHED.value, GoalStatus.FOUND.value)
    return Found(
        at=root.at,
        lower=root.at - _HALF * root.error,
        upper=root.at + _HALF * root.error,
        error=root.error,
        achieved=np.where(lost, np.nan, root.answer.probability),
        achieved_error=np.where(lost, np.nan, root.answer.standard_error),
        status=np.where(lost, GoalStatus.UNREACHABLE.value, status),
        route=root.answer.route,
    )


def _counted(places: Sequence[Place], spans: Spans) -> Found:
    at, lower, upper, reached = (
        np.array([getattr(place, name) for place in places]) for name in ("at", "lower", "upper", "reached")
    )
    draws = spans.low.shape[1]
    with np.errstate(invalid="ignore"):
        error = (upper - lower) / (2.0 * _HALF)
    found = Found(
        at=at,
        lower=lower,
        upper=upper,
        error=error,
        achieved=reached,
        achieved_error=share_error(reached * draws, draws),
        status=_said(at, spans),
        route=ORDER,
    )
    nothing = known_at(at, spans.answer(np.zeros(at.size)), GoalStatus.UNASSESSED)
    never = replace(nothing, achieved=reached, achieved_error=found.achieved_error)
    never = replace(never, status=np.full(at.size, GoalStatus.UNREACHABLE.value))
    return either(np.isnan(reached), nothing, either(np.isposinf(at), never, found))


def _said(at: Array, spans: Spans) -> Texts:
    """Say whether more is needed at all; where more may hurt, any change is one."""
    enough = at <= 0 if spans.one_sided else at == 0
    return np.where(enough, GoalStatus.REACHED.value, GoalStatus.FOUND.value)


def _refined(places: Sequence[Place], counted: Found, chance: Chance, share: float, spans: Spans) -> Found:
    """Find the root of the probability itself near the answer of the paths."""
    known = np.isfinite(counted.at)
    if not known.any():
        return counted
    tilt = np.array([place.tilt for place in places])
    half = np.fmax(np.nan_to_num(counted.upper - counted.lower, posinf=0.0), _LEAST)
    centre = tilt * np.where(known, counted.at, counted.at[known].mean())
    root = root_of(lambda x: chance(tilt * x), share, centre - half, centre + half)
    found = of_root(replace(root, at=tilt * root.at))
    found = replace(found, status=_said(found.at, spans))
    if not spans.one_sided:
        now = chance(np.zeros(tilt.size))
        enough = now.probability >= share
        found = either(enough, known_at(np.zeros(tilt.size), now, GoalStatus.REACHED), found)
    return either(known & np.isfinite(found.at), found, counted)


def _nowhere() -> Place:
    return Place(at=np.nan, lower=np.nan, upper=np.nan, reached=np.nan)
