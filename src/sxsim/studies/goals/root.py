"""Where a smooth probability takes a value: a root on the probit scale, for all members of a batch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.analysis.exact import Answer

Array = NDArray[np.float64]
Chance = Callable[[Array], Answer]
Gap = Callable[[Array], tuple[Array, Array]]

_STEPS, _DOUBLINGS, _FINE = 60, 24, 1e-12
_NEAR, _SMALL = 1e-10, 0.02  # of the normal score, and of the numerical error, that will do
_FAR = 8.0  # normal scores beyond which nothing is asked


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Root:
    """Where the value is taken, each ``(member,)``.

    Attributes
    ----------
    at
        The number; NaN where no bracket was found.
    error
        Its numerical error ``se(P) / P'``, the slope taken over the bracket; 0 for a closed form.
    answer
        The probability there.
    """

    at: Array
    error: Array
    answer: Answer


def root_of(chance: Chance, share: float, low: Array, high: Array) -> Root:
    """Find where a probability that rises with the number takes a value; almost linear on this scale.

    Parameters
    ----------
    chance
        The probability at a number for each member, from the same points or draws at every call.
    low, high
        Where to begin; widened until the value lies between.
    """
    wanted = float(special.ndtri(share))
    height = float(np.exp(-0.5 * wanted**2) / np.sqrt(2.0 * np.pi))

    def gap(x: Array) -> tuple[Array, Array]:
        answer = chance(x)
        value = np.clip(special.ndtri(answer.probability), -_FAR, _FAR) - wanted
        near = np.maximum(_NEAR, _SMALL * answer.standard_error / height)
        return np.asarray(value), np.asarray(np.abs(value) <= near)

    low, high, below, above = _bracket(gap, low, high)
    slope = (above - below) / (high - low)
    at = _illinois(gap, low, high, below, above)
    answer = chance(at)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = answer.standard_error / (height * slope)
    error = np.where(slope > 0, error, np.inf)
    error = np.where(answer.standard_error > 0, error, 0.0)
    return Root(at=at, error=error, answer=answer)


def _bracket(gap: Gap, low: Array, high: Array) -> tuple[Array, Array, Array, Array]:
    """Widen until the value lies between both ends; NaN where it never does."""
    width = np.maximum(high - low, 1e-6)
    below, above = gap(low)[0], gap(high)[0]
    for _ in range(_DOUBLINGS):
        early, late = below > 0, above < 0
        if not (early | late).any():
            break
        width = 2.0 * width
        if early.any():
            low = np.where(early, low - width, low)
            below = np.where(early, gap(low)[0], below)
        if late.any():
            high = np.where(late, high + width, high)
            above = np.where(late, gap(high)[0], above)
    lost = (below > 0) | (above < 0) | np.isnan(below) | np.isnan(above)
    return np.where(lost, np.nan, low), np.where(lost, np.nan, high), below, above


def _illinois(gap: Gap, low: Array, high: Array, below: Array, above: Array) -> Array:
    """Regula falsi with the Illinois rule, halving now and then; where it jumps, the end that reaches."""
    before, at, found = np.zeros_like(low), high, np.isnan(high)
    for step in range(_STEPS):
        found = np.logical_or(found, ~(high - low > _FINE * (1.0 + np.abs(high))))
        if found.all():
            break
        with np.errstate(divide="ignore", invalid="ignore"):
            chord = low - below * (high - low) / (above - below)
        inside = (chord > low) & (chord < high) & (step % 8 < 6)
        x = np.where(found, at, np.where(inside, chord, 0.5 * (low + high)))
        value, near = gap(x)
        up = value >= 0
        above = np.where(up, value, np.where(before < 0, 0.5 * above, above))
        below = np.where(up, np.where(before > 0, 0.5 * below, below), value)
        high, low = np.where(up, x, high), np.where(up, low, x)
        at = np.where(found, at, np.where(near, x, high))
        found, before = np.logical_or(found, near), np.where(up, 1.0, -1.0)
    return at
