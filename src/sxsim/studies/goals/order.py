"""The smallest number at which a share of paths keeps an event, from one run: it answers every share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]

SURE = 0.95  # of the intervals


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a share is reached.

    Attributes
    ----------
    at
        The number; infinite where the share is never reached.
    lower, upper
        Interval that holds the number of infinitely many paths with probability 0.95.
    reached
        Share of the paths there, or the largest there is.
    tilt
        Whether the share rises (1) or falls (-1) with the number there.
    """

    at: float
    lower: float
    upper: float
    reached: float
    tilt: float = 1.0


def place_of(low: Array, high: Array, share: float) -> Place:
    """Find where a share of the paths keeps what each keeps from ``low`` to ``high``.

    Where all paths have one end only it is an order statistic, with the ranks of the binomial law as its
    interval; where they have two it is the number nearest to zero on either side.
    """
    if not np.isfinite(high).any():
        return _ranked(np.sort(np.where(high > low, low, np.inf)), share)
    if not np.isfinite(low).any():
        found = _ranked(np.sort(np.where(high > low, -high, np.inf)), share)
        return Place(at=-found.at, lower=-found.upper, upper=-found.lower, reached=found.reached, tilt=-1.0)
    return _swept(low[low <= high], high[low <= high], share, low.size)


def at_shares(low: Array, shares: Array) -> Array:
    """Return the numbers at which shares of the paths are reached, given their lower ends."""
    ordered = np.sort(low)
    return np.asarray(ordered[np.clip(np.ceil(shares * low.size - 1e-9).astype(int) - 1, 0, low.size - 1)])


def _ranked(ordered: Array, share: float) -> Place:
    size = ordered.size
    rank = int(np.ceil(share * size - 1e-9))
    tail = 0.5 * (1.0 - SURE)
    first = int(np.ceil(special.bdtrik(tail, size, share)))
    last = int(np.ceil(special.bdtrik(1.0 - tail, size, share))) + 1
    at = float(ordered[rank - 1])
    return Place(
        at=at,
        lower=float(ordered[first - 1]) if first >= 1 else -np.inf,
        upper=float(ordered[last - 1]) if last <= size else np.inf,
        reached=float(np.searchsorted(ordered, min(at, np.finfo(float).max), "right") / size),
    )


def _swept(low: Array, high: Array, share: float, size: int) -> Place:
    """Go through all ends in order, counting the paths inside."""
    begin, end = np.sort(low), np.sort(high)

    def inside(x: Array) -> Array:
        return (np.searchsorted(begin, x, "right") - np.searchsorted(end, x, "left")) / size

    if (now := float(inside(np.zeros(1))[0])) >= share:
        return Place(at=0.0, lower=0.0, upper=0.0, reached=now)
    rises, falls = begin[begin > 0], end[end < 0]
    up, down = rises[inside(rises) >= share], falls[inside(falls) >= share]
    if not (up.size or down.size):
        most = float(inside(np.concatenate([begin, end])).max(initial=0.0))
        return Place(at=np.inf, lower=np.inf, upper=np.inf, reached=most)
    tilt = 1.0 if up.size and (not down.size or up[0] <= -down[-1]) else -1.0
    at = float(up[0] if tilt > 0 else down[-1])
    error = np.sqrt(share * (1.0 - share) / size)
    spread = 0.02 * float(np.subtract(*np.quantile(low[np.isfinite(low)], [0.9, 0.1]))) or 1e-12
    slope = float(np.abs(inside(np.array([at + spread])) - inside(np.array([at - spread])))[0]) / (2 * spread)
    half = 1.96 * error / slope if slope > 0 else np.inf
    reached = float(inside(np.array([at]))[0])
    return Place(at=at, lower=at - half, upper=at + half, reached=reached, tilt=tilt)
