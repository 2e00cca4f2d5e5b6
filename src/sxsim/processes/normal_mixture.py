"""Mixtures of normal laws as a change of variable: from a standard normal to the mixture and back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]
Part = tuple[Array, Array, Array]

_ROUNDS = 100
_CHUNK = 1 << 13
_CLOSE = 1e-12
_NEAR, _STRAIGHT = 1e-5, 3e-4


def mixture_score(value: Array, weights: Array, means: Array, spreads: Array) -> Array:
    """Return the standard normal number that lies where ``value`` lies in the mixture.

    Parts stand on the last axis, which ``value`` does not have. Each tail is computed from its own side, so
    that both are exact.
    """
    below = above = np.zeros(())
    for weight, mean, spread in _parts(weights, means, spreads):
        z = (value - mean) / spread
        below, above = below + weight * special.ndtr(z), above + weight * special.ndtr(-z)
    return np.asarray(np.where(below < above, special.ndtri(below), -special.ndtri(above)))


def mixture_jet(score: Array, value: Array, parts: tuple[Array, Array, Array]) -> tuple[Array, Array]:
    """First two derivatives of the quantile by the score, at a score and its value."""
    density = tilt = np.zeros(())
    for weight, mean, spread in _parts(*parts):
        z = (value - mean) / spread
        part = weight / spread * np.exp(-0.5 * z**2)
        density, tilt = density + part, tilt - part * z / spread
    return _jet(score, density, tilt)


def mixture_quantile(
    score: Array, weights: Array, means: Array, spreads: Array, start: Array | None = None
) -> Array:
    """Return the value of the mixture for a standard normal number; the inverse of ``mixture_score``.

    From ``start``, or from where the value would lie if the heaviest part were alone, steps of third order
    on the scale of normal scores, where a mixture is nearly straight, close in on it between the parts' own
    quantiles, halving where they leave that bracket; what has arrived rests. The upper tail is the lower one
    of the mirror image. Every value depends on its own score and parts alone, to the last bit.
    """
    parts = _parts(weights, means, spreads)
    shape = np.broadcast_shapes(np.shape(score), *(np.shape(part) for part in parts[0]))

    def flat(values: Array) -> Array:
        return np.broadcast_to(values, shape).reshape(-1)

    goal, first = flat(np.asarray(score, float)), None if start is None else flat(start)
    parts = [(flat(w), flat(m), flat(s)) for w, m, s in parts]
    out = np.full(goal.shape, np.nan)
    for begin in range(0, len(goal), _CHUNK):
        cut = slice(begin, begin + _CHUNK)
        guess = None if first is None else first[cut]
        out[cut] = _quantile(goal[cut], guess, [(w[cut], m[cut], s[cut]) for w, m, s in parts])
    return out.reshape(shape)


def _quantile(goal: Array, start: Array | None, parts: list[Part]) -> Array:
    """Quantiles of both halves by that of the lower one; what is not finite stays as it is."""
    asked, goal = goal, np.where(np.isfinite(goal), goal, 0.0)
    side = np.where(goal > 0, -1.0, 1.0)
    mirrored = [(weight, side * mean, spread) for weight, mean, spread in parts]
    goal = -np.abs(goal)
    first = _alone(goal, mirrored) if start is None else side * start
    return np.where(np.isfinite(asked), side * _lower_quantile(goal, first, mirrored), asked)


def _parts(weights: Array, means: Array, spreads: Array) -> list[Part]:
    number = weights.shape[-1]
    return [(weights[..., k], means[..., k], spreads[..., k]) for k in range(number)]


def _jet(score: Array, density: Array, tilt: Array) -> tuple[Array, Array]:
    """Derivatives of value by score; density and its slope without the factor ``1 / sqrt(2 pi)``."""
    density = np.maximum(density, 1e-150)
    slope = np.exp(-0.5 * score**2) / density
    return slope, slope * (-score - tilt / density * slope)


def _ends(goal: Array, parts: list[Part]) -> tuple[Array, Array]:
    """Least and greatest of the parts' own quantiles."""
    low, high = np.full(goal.shape, np.inf), np.full(goal.shape, -np.inf)
    for weight, mean, spread in parts:
        own = mean + spread * goal
        low = np.where(weight > 0, np.minimum(low, own), low)
        high = np.where(weight > 0, np.maximum(high, own), high)
    return low, high


def _alone(goal: Array, parts: list[Part]) -> Array:
    """Quantile if the heaviest part were alone."""
    weight, mean, spread = (np.array(part) for part in parts[0])
    for other, other_mean, other_spread in parts[1:]:
        heavier = other > weight
        weight = np.where(heavier, other, weight)
        mean, spread = np.where(heavier, other_mean, mean), np.where(heavier, other_spread, spread)
    return np.asarray(mean + spread * special.ndtri(np.minimum(special.ndtr(goal) / weight, 0.999)))


def _lower_quantile(goal: Array, start: Array, parts: list[Part]) -> Array:
    """Quantiles at normal scores of at most zero."""
    low, high = _ends(goal, parts)
    x, left = np.clip(start, low, high), np.arange(len(goal))
    out = np.full(goal.shape, np.nan)
    for _ in range(_ROUNDS):
        at, slope, curvature = _look(x, parts)
        low, high = np.where(at < goal, x, low), np.where(at < goal, high, x)
        off = goal - at
        step = x + off * (slope + 0.5 * off * curvature)
        inside = (low <= step) & (step <= high)
        close = np.abs(off) <= _CLOSE
        near = inside & (np.abs(off) <= _NEAR) & (np.abs(off * curvature) <= _STRAIGHT * slope)
        x = np.where(inside, step, np.where(close, x, 0.5 * (low + high)))
        on = ~(close | near | (high - low <= _CLOSE * (1.0 + np.abs(x))))
        out[left] = x
        if not on.any():
            break
        left, x, goal, low, high = left[on], x[on], goal[on], low[on], high[on]
        parts = [(w[on], m[on], s[on]) for w, m, s in parts]
    return out


def _look(x: Array, parts: list[Part]) -> tuple[Array, Array, Array]:
    """Score of the values, and the derivatives of value by score there."""
    below = density = tilt = np.zeros(())
    for weight, mean, spread in parts:
        z = (x - mean) / spread
        part = weight / spread * np.exp(-0.5 * z**2)
        below = below + weight * special.ndtr(z)
        density, tilt = density + part, tilt - part * z / spread
    at = np.clip(special.ndtri(below), -38.0, 8.5)
    return at, *_jet(at, density, tilt)
