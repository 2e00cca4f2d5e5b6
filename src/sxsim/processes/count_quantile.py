"""Negative binomial counts as a change of variable: from a standard normal number to a count and back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]

_SMALL, _UNDERFLOW, _ORDINARY = 100.0, -600.0, 5.0


def quantile(score: Array, size: Array, chance: Array) -> Array:
    """Return the smallest count whose distribution function reaches that of the normal number.

    Counts of ``size`` and ``chance``, with the mean ``size (1 - chance) / chance``. Small ones are found by
    adding up probabilities from zero on, which leaves no digits for a far upper tail, all others by halving
    around a first guess.
    """
    score, size, chance = np.broadcast_arrays(score, size, chance)
    most = size * (1.0 - chance) / chance + 10.0 * np.sqrt(size * (1.0 - chance)) / chance
    small = (most < _SMALL) & (size * np.log(chance) > _UNDERFLOW) & (score < _ORDINARY)
    if small.all():
        return _added(score, size, chance)
    out = np.full(score.shape, np.nan)
    out[small] = _added(score[small], size[small], chance[small])
    out[~small] = _halved(score[~small], size[~small], chance[~small])
    return out


def middle_score(count: Array, size: Array, chance: Array) -> Array:
    """Return the normal number in the middle of the probability of a count."""
    below = 0.5 * (_at_most(count - 1.0, size, chance) + _at_most(count, size, chance))
    above = 0.5 * (_above(count - 1.0, size, chance) + _above(count, size, chance))
    return np.asarray(np.where(below < above, special.ndtri(below), -special.ndtri(above)))


def _added(score: Array, size: Array, chance: Array) -> Array:
    """Add up probabilities until each draw has its own; what has it is only carried along."""
    upper, tail = score > 0, special.ndtr(-np.abs(score))
    weight, rest = chance**size, 1.0 - chance
    left, out = np.where(upper, 1.0 - tail, tail) - weight, np.zeros(score.shape)
    slope = rest * (size - 1.0)
    for count in range(1, 4 * int(_SMALL)):
        above = left > 0
        if not above.any():
            break
        out += above
        weight = weight * (rest + slope / count)
        left -= weight
    return out


def _halved(score: Array, size: Array, chance: Array) -> Array:
    """Bracket the count in growing strides from a first guess, then halve; each tail from its own side."""
    tail, upper = special.ndtr(-np.abs(score)), score > 0
    count, stride = _guess(score, size, chance), 1.0
    low, high = np.full(score.shape, -1.0), np.full(score.shape, np.inf)
    out, left = np.full(score.shape, np.nan), np.arange(score.size)
    while left.size:
        reached = _reached(count, tail, upper, size, chance)
        low, high = np.where(reached, low, count), np.where(reached, count, high)
        out[left] = high
        on = high - low > 1.0
        left, low, high, tail, upper = left[on], low[on], high[on], tail[on], upper[on]
        size, chance = size[on], chance[on]
        inside = np.maximum(high - stride, np.floor(0.5 * (low + high)))
        count, stride = np.where(np.isinf(high), low + stride, inside), 2.0 * stride
    return out


def _reached(
    count: Array, tail: Array, upper: NDArray[np.bool_], size: Array, chance: Array
) -> NDArray[np.bool_]:
    """Whether at most ``count`` has at least the probability that is asked for."""
    ends = count + 1.0
    part = special.betainc(
        np.where(upper, ends, size), np.where(upper, size, ends), np.where(upper, 1.0 - chance, chance)
    )
    return np.asarray(np.where(upper, part <= tail, part >= tail))


def _guess(score: Array, size: Array, chance: Array) -> Array:
    """Cornish-Fisher guess of the count from four moments."""
    spread = np.sqrt(size * (1.0 - chance)) / chance
    skew = (2.0 - chance) / (chance * spread)
    excess = 6.0 / size + 1.0 / spread**2
    square = score**2
    shift = skew * (square - 1.0) / 6.0
    shift += score * (excess * (square - 3.0) / 24.0 - skew**2 * (2.0 * square - 5.0) / 36.0)
    return np.maximum(np.ceil(size * (1.0 - chance) / chance - 0.5 + spread * (score + shift)), 0.0)


def _at_most(count: Array, size: Array, chance: Array) -> Array:
    return np.where(count < 0, 0.0, special.betainc(size, np.maximum(count, 0.0) + 1.0, chance))


def _above(count: Array, size: Array, chance: Array) -> Array:
    return np.where(count < 0, 1.0, special.betainc(np.maximum(count, 0.0) + 1.0, size, 1.0 - chance))
