"""Between which values of one number a path keeps an event, path by path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.event import Event, Leaf, Settled, Several, leaves

Array = NDArray[np.float64]
Tilt = Callable[[Leaf], float]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Span:
    """A path keeps the event where ``low <= x <= high``, ``(draw,)``; nowhere where ``low`` is infinite."""

    low: Array
    high: Array

    @staticmethod
    def where(holds: NDArray[np.bool_]) -> Span:
        """Return all values, or none."""
        return Span(low=np.where(holds, -np.inf, np.inf), high=np.where(holds, np.inf, -np.inf))

    @staticmethod
    def beyond(value: Array, tilt: float) -> Span:
        """Return the values from one on, or up to it."""
        if tilt > 0:
            return Span(low=value, high=np.full_like(value, np.inf))
        return Span(low=np.full_like(value, -np.inf), high=value)


def span_of(event: Event, leaf: Callable[[Leaf], Span], tilt: Tilt, place: int) -> Span:
    """Return where an event holds, given where its leaves do.

    All of some parts hold between the largest of their lower ends and the smallest of their upper ones; at
    least k of n hold from the k-th smallest lower end on, if all of them rise with the number.

    Parameters
    ----------
    leaf
        Where a leaf holds.
    tilt
        Whether a leaf is helped by a larger number (1), hindered (-1) or not moved (0).
    place
        Member of the batch.
    """
    if isinstance(event, Settled):
        return Span.where(np.array([event.holds[place]]))
    if not isinstance(event, Several):
        return leaf(event)
    parts = [span_of(part, leaf, tilt, place) for part in event.parts]
    low = np.stack(np.broadcast_arrays(*(part.low for part in parts)))
    high = np.stack(np.broadcast_arrays(*(part.high for part in parts)))
    if event.least == len(parts):
        return Span(low=low.max(axis=0), high=high.min(axis=0))
    kth = event.least - 1
    if tilts(event, tilt) <= {1.0}:
        return Span.beyond(np.partition(low, kth, axis=0)[kth], 1.0)
    return Span.beyond(-np.partition(-high, kth, axis=0)[kth], -1.0)


def tilts(event: Event, tilt: Tilt) -> set[float]:
    """Return the ways in which the number moves an event: 1, -1, both, or none."""
    return {tilt(leaf) for leaf in leaves(event)} - {0.0}


def torn(event: Event, tilt: Tilt) -> bool:
    """Whether alternatives are moved in opposite ways, so that a path may keep the event here and there."""
    if not isinstance(event, Several):
        return False
    if event.least < len(event.parts) and len(tilts(event, tilt)) > 1:
        return True
    return any(torn(part, tilt) for part in event.parts)
