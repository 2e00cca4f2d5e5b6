"""Parameters that no closed form integrates: draws around the peak of their density, corrected by weights."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Array = NDArray[np.float64]

DRAWS = 256
_DOF = 5.0
_STARTS, _CLIMBS, _ROUNDS = 64, 3, 3
_STEP = 1e-4
_SEED = 20140101


@dataclass(frozen=True, kw_only=True, slots=True)
class Draws:
    """Weighted draws of free parameters in unbounded coordinates, ``(draw, coordinate)`` and ``(draw,)``."""

    points: Array
    weights: Array

    def effective(self) -> float:
        """Number of equally weighted draws that would be as good."""
        return float(1.0 / (self.weights**2).sum())


def weighted_draws(log_density: Callable[[Array], Array], count: int) -> Draws:
    """Draw ``count`` coordinates from a density known up to a constant.

    The peak is sought from the best of many starts; around it stands a Student-t law of five degrees of
    freedom with the curvature there. Quasi-random draws from it, the same in every run, are weighted by
    density over proposal; twice the proposal is moved to where the weighted draws are (adaptive importance
    sampling; Kloek and van Dijk 1978, https://doi.org/10.2307/1913641).
    """
    if count == 0:
        return Draws(points=np.zeros((1, 0)), weights=np.ones(1))
    centre = _peak(log_density, count)
    spread = np.linalg.cholesky(_inverse(-_curvature(log_density, centre)))
    normals, stretch = _standard_draws(count)
    for _ in range(_ROUNDS):
        points = centre + (normals * stretch[:, None]) @ spread.T
        length = (normals**2).sum(axis=1) * stretch**2
        proposal = -0.5 * (_DOF + count) * np.log1p(length / _DOF)
        ratio = log_density(points) - proposal
        weights = special.softmax(np.where(np.isfinite(ratio), ratio, -np.inf))
        centre = weights @ points
        away = points - centre
        moved = (weights[:, None] * away).T @ away
        spread = np.linalg.cholesky(moved + 1e-9 * np.eye(count) * (1.0 + np.trace(moved)))
    return Draws(points=points, weights=weights)


def _peak(log_density: Callable[[Array], Array], count: int) -> Array:
    """Climb from the best of a cloud of starts."""
    starts = np.concatenate([np.zeros((1, count)), 1.5 * _standard_draws(count)[0][:_STARTS]])
    heights = log_density(starts)
    best = starts[np.argsort(-np.where(np.isfinite(heights), heights, -np.inf))[:_CLIMBS]]
    climbs = [
        optimize.minimize(
            lambda x: -_finite(log_density(x[None])[0]),
            start,
            jac=lambda x: -_slope(log_density, x),
            method="L-BFGS-B",
            bounds=[(-12.0, 12.0)] * count,
        )
        for start in best
    ]
    return np.asarray(min(climbs, key=lambda climb: float(climb.fun)).x)


def _finite(value: float) -> float:
    return float(value) if np.isfinite(value) else -1e100


def _slope(log_density: Callable[[Array], Array], x: Array) -> Array:
    steps = _STEP * np.eye(len(x))
    ahead, behind = np.split(log_density(np.concatenate([x + steps, x - steps])), 2)
    slope = (ahead - behind) / (2.0 * _STEP)
    return np.where(np.isfinite(slope), slope, 0.0)


def _curvature(log_density: Callable[[Array], Array], x: Array) -> Array:
    """Matrix of second derivatives by central differences."""
    step = 10.0 * _STEP
    units = step * np.eye(len(x))
    corners = [x + a * u + b * v for u in units for v in units for a in (1, -1) for b in (1, -1)]
    values = log_density(np.stack(corners)).reshape(len(x), len(x), 4)
    return np.asarray((values @ np.array([1.0, -1.0, -1.0, 1.0])) / (4.0 * step**2))


def _inverse(precision: Array) -> Array:
    """Inverse of a symmetric matrix; what is flat or curved the wrong way counts as one wide coordinate."""
    size, axes = np.linalg.eigh(0.5 * (precision + precision.T))
    return np.asarray((axes / np.where(size > 0.05, size, 0.25)) @ axes.T)


def _standard_draws(count: int) -> tuple[Array, Array]:
    """Standard normals ``(draw, coordinate)`` and the stretch that makes them Student-t."""
    from scipy.stats import qmc

    points = qmc.Sobol(count + 1, scramble=True, rng=_SEED).random(DRAWS)
    stretch = np.sqrt(_DOF / (2.0 * special.gammaincinv(0.5 * _DOF, points[:, -1])))
    return special.ndtri(points[:, :-1]), stretch
