"""Mixtures of normal laws as a change of variable: from a standard normal to the mixture and back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]

_ROUNDS = 100
_CLOSE = 1e-12
_REACH = np.linspace(-8.5, 8.5, 103)


def mixture_score(value: Array, weights: Array, means: Array, spreads: Array) -> Array:
    """Return the standard normal number that lies where ``value`` lies in the mixture.

    Parts stand on the last axis, which ``value`` does not have. Each tail is computed from its own side, so
    that both are exact.
    """
    z = (value[..., None] - means) / spreads
    below, above = (np.sum(weights * special.ndtr(side * z), axis=-1) for side in (1.0, -1.0))
    return np.asarray(np.where(below < above, special.ndtri(below), -special.ndtri(above)))


def mixture_quantile(score: Array, weights: Array, means: Array, spreads: Array) -> Array:
    """Return the value of the mixture for a standard normal number; the inverse of ``mixture_score``.

    It lies between the parts' own quantiles. From where it would lie if the heaviest part were alone, Newton
    steps on the scale of normal scores, where a mixture is nearly straight, close in on it, halving where
    they leave the bracket; what has arrived rests. The upper tail is the lower one of the mirror image.
    """
    goal = np.asarray(score, float)
    shape = (*np.broadcast_shapes(goal.shape, weights.shape[:-1], means.shape[:-1], spreads.shape[:-1]), -1)
    flat = np.broadcast_to(goal, shape[:-1]).ravel()
    side = np.where(flat > 0, -1.0, 1.0)
    parts = [
        np.broadcast_to(part, (*shape[:-1], part.shape[-1])).reshape(-1, part.shape[-1]).T
        for part in (weights, means, spreads)
    ]
    bracket = _ends(flat, *parts)
    if weights.ndim == means.ndim == spreads.ndim == 1:
        bracket = _between_knots(flat, bracket, weights, means, spreads)
    low, high = np.sort(side * bracket, axis=0)
    parts[1] = parts[1] * side
    return (side * _lower_quantile(-np.abs(flat), low, high, parts)).reshape(shape[:-1])


def _ends(goal: Array, weights: Array, means: Array, spreads: Array) -> Array:
    """Least and greatest of the parts' own quantiles, ``(end, value)``."""
    own = np.where(weights > 0, means + spreads * goal, np.nan)
    return np.stack([np.nanmin(own, axis=0), np.nanmax(own, axis=0)])


def _between_knots(goal: Array, bracket: Array, weights: Array, means: Array, spreads: Array) -> Array:
    """Narrow the brackets by the neighbours in one table, where all values share the parts."""
    used = weights > 0
    knots = np.sort((means[used] + np.multiply.outer(_REACH, spreads[used])).ravel())
    place = np.searchsorted(mixture_score(knots, weights, means, spreads), goal)
    padded = np.concatenate([[-np.inf], knots, [np.inf]])
    return np.stack([np.maximum(bracket[0], padded[place]), np.minimum(bracket[1], padded[place + 1])])


def _lower_quantile(goal: Array, low: Array, high: Array, parts: list[Array]) -> Array:
    """Quantiles at normal scores of at most zero; parts stand on the first axis."""
    weights, means, spreads = parts
    heaviest = weights.argmax(axis=0), np.arange(len(goal))
    alone = special.ndtri(np.minimum(special.ndtr(goal) / weights[heaviest], 0.999))
    out = x = np.clip(means[heaviest] + spreads[heaviest] * alone, low, high)
    left = np.arange(len(goal))
    for _ in range(_ROUNDS):
        z = (x - means) / spreads
        at = special.ndtri((weights * special.ndtr(z)).sum(axis=0))
        slope = (weights / spreads * np.exp(-0.5 * z**2)).sum(axis=0) * np.exp(0.5 * at**2)
        low, high = np.where(at < goal, x, low), np.where(at < goal, high, x)
        out[left] = x
        on = (np.abs(at - goal) > _CLOSE) & (high - low > _CLOSE * (1.0 + np.abs(x)))
        if not on.any():
            break
        step = x + (goal - at) / np.maximum(slope, 1e-300)
        x = np.where((step > low) & (step < high), step, 0.5 * (low + high))
        left, x, goal, low, high = left[on], x[on], goal[on], low[on], high[on]
        weights, means, spreads = weights[:, on], means[:, on], spreads[:, on]
    return np.asarray(out)
