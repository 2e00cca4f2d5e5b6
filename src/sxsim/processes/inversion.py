"""Quantiles of many mixtures of Student-t laws at once: a few knots, an interpolation, Newton's method."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from sxsim.processes.cells import Cells, Law
from sxsim.processes.mixture import student_quantile
from sxsim.processes.transform import inverse_box_cox

Array = NDArray[np.float64]
Whole = NDArray[np.intp]

_KNOTS = 8
_REACH = 2.1
_NEAR = 1e-3  # a score this close to its goal is exact to 1e-5 after one more step of Newton's method
_SHORT = 0.1
_NARROW = 1e-6
_TINY = 1e-15
_ROUNDS = 80
_PORTION = 256
_MANY = 0.1


def invert(law: Law, levels: Array) -> Array:
    """Return quantiles of the change, ``(quantile, member)``.

    Normal scores at a few knots are interpolated, then Newton's method follows the exact density. Quantiles
    that are not near after one evaluation go on, each inside a bracket.
    """
    goal = special.ndtri(levels)[:, None]
    found = np.empty((len(levels), len(law.weights)))
    far = np.zeros(found.shape, bool)
    for start in range(0, len(law.weights), _PORTION):
        rows = slice(start, start + _PORTION)
        cells = Cells.of(law, rows)
        found[:, rows], far[:, rows] = _stepped(cells, _guess(cells, goal), goal)
    level, member = np.nonzero(far)
    for start in range(0, len(member), _PORTION):
        part = slice(start, start + _PORTION)
        pairs = level[part], member[part]
        found[pairs] = _bracketed(law, member[part], goal[level[part], 0], found[pairs])
    return found


def _stepped(cells: Cells, points: Array, goal: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Newton's method from a guess, a second step for what needs it where many members do; who is far."""
    stepped, miss = _newton(cells, points, goal)
    far = ~_near(stepped - points, miss, cells.width())
    for row in np.flatnonzero(far.mean(axis=1) > _MANY):
        again, miss = _newton(cells, stepped[row][None], goal[row])
        near = _near(again[0] - stepped[row], miss[0], cells.width())
        stepped[row] = np.where(far[row], again[0], stepped[row])
        far[row] &= ~near
    return stepped, far


def _guess(cells: Cells, goal: Array) -> Array:
    """Read the quantiles off a curve through a few knots."""
    middle, deviation = cells.centre()
    knots = middle + deviation * np.sinh(np.linspace(-_REACH, _REACH, _KNOTS))[:, None]
    scores, slopes = np.stack([cells.score_and_slope(row) for row in knots], axis=1)
    return _interpolate(knots, scores, 1.0 / np.maximum(slopes, _TINY), goal)


def _newton(cells: Cells, points: Array, goal: Array) -> tuple[Array, Array]:
    """One step of Newton's method for every quantile, and how far each point's score was from its goal."""
    scores, slopes = np.stack([cells.score_and_slope(row) for row in points], axis=1)
    miss = scores - goal
    return points - miss / np.maximum(slopes, _TINY), miss


def _near(step: Array, miss: Array, width: Array) -> NDArray[np.bool_]:
    """Whether a step may be the last one: in a gap between cells the score hardly moves over a long way."""
    return (np.abs(miss) <= _NEAR) & (np.abs(step) <= _SHORT * width)


def _bracketed(law: Law, member: Whole, goal: Array, points: Array) -> Array:
    """Newton's method that halves the bracket where a step would leave it or gains little, ``(pair,)``."""
    low, high = _ends(law, member)
    out, active = np.empty(len(member)), np.arange(len(member))
    points = np.where((points > low) & (points < high), points, 0.5 * (low + high))
    before = np.full(len(member), np.inf)
    cells = Cells.of(law, member)
    width = cells.width()
    for _ in range(_ROUNDS):
        stepped, miss = (part[0] for part in _newton(cells, points[None], goal))
        low, high = np.where(miss < 0, points, low), np.where(miss < 0, high, points)
        done = _near(stepped - points, miss, width) | (high - low <= _NARROW * width)
        out[active] = np.clip(stepped, low, high)
        if done.all():
            break
        slow = ~((stepped > low) & (stepped < high) & (np.abs(miss) <= 0.5 * before))
        points, before = np.where(slow, 0.5 * (low + high), stepped), np.where(slow, np.inf, np.abs(miss))
        if done.sum() > 0.5 * len(done):
            active, member = active[~done], member[~done]
            points, before, goal, low, high, width = (
                part[~done] for part in (points, before, goal, low, high, width)
            )
            cells = Cells.of(law, member)
    return out


def _interpolate(knots: Array, scores: Array, slopes: Array, goal: Array) -> Array:
    """Read the inverse of the scores at the goals: cubic and rising between knots, straight beyond them."""
    left = np.clip((scores[:, None] < goal).sum(axis=0) - 1, 0, len(knots) - 2)
    v0, v1, m0, m1, s0, s1 = (
        np.take_along_axis(part, left + side, 0) for part in (knots, slopes, scores) for side in (0, 1)
    )
    width = np.maximum(s1 - s0, 1e-6)
    steepest = 3.0 * (v1 - v0) / width
    m0, m1, t = np.minimum(m0, steepest), np.minimum(m1, steepest), (goal - s0) / width
    u = np.clip(t, 0.0, 1.0)
    cubic = v0 + (v1 - v0) * u**2 * (3.0 - 2.0 * u) + width * u * (1.0 - u) * ((1.0 - u) * m0 - u * m1)
    return np.asarray(cubic + width * (np.minimum(t, 0.0) * m0 + np.maximum(t - 1.0, 0.0) * m1))


def _ends(law: Law, member: Whole) -> tuple[Array, Array]:
    """Return where the farthest cells end: hardly anything lies beyond, ``(pair,)``."""
    dof, exponent = law.dof[member], law.exponent[member]
    which, kinds = pd.factorize(dof.ravel())
    reach = student_quantile(np.asarray(1.0 - 1e-9), np.asarray(kinds))[which].reshape(dof.shape)
    reach *= law.spread[member]
    low = inverse_box_cox(law.location[member] - reach, exponent).min(axis=1)
    return low, inverse_box_cox(law.location[member] + reach, exponent).max(axis=1)
