"""Holes in a table of innovations: what they are expected to be, and what they might have been."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sxsim.fitting.factorised import Belief
from sxsim.fitting.unequal import Layout, alike

Array = NDArray[np.float64]

_ROUNDS = 200


def expected_covariance(table: Array, belief: Belief, *, settled: float = 1e-4) -> Array:
    """Covariance ``(column, column)`` of highest likelihood, NaN in the table where nothing was observed.

    Expectation-maximisation for a Gaussian (Little and Rubin 2019, chapter 11,
    https://doi.org/10.1002/9781119482260), the belief counted as ``strength`` more rows. For a staircase it
    goes where :func:`sxsim.fitting.factorised.optimum` arrives at once.
    """
    prior = belief.products(table.shape[1])[0]
    strength = float(belief.strength[0])
    covariance: Array = prior / strength
    patterns = list(alike(np.isfinite(table)))
    for _ in range(_ROUNDS):
        moments = prior.copy()
        for seen, rows in patterns:
            gain = np.linalg.solve(covariance[np.ix_(seen, seen)], covariance[seen])
            means = table[np.ix_(rows, seen)] @ gain
            moments += means.T @ means + len(rows) * (covariance - covariance[:, seen] @ gain)
        updated = moments / (strength + len(table))
        moved = np.abs(updated - covariance).max(initial=0.0)
        covariance = updated
        if moved < settled:
            break
    return covariance


def fill_holes(
    tables: Array, seen: NDArray[np.bool_], layout: Layout, lower: Array, generator: np.random.Generator
) -> None:
    """Draw the holes of every chain's table in place, given what was observed and the chain's covariance."""
    covariance = lower @ lower.transpose(0, 2, 1)
    broken = np.flatnonzero(layout.holes.any(axis=1))
    marks = np.concatenate([seen[broken], layout.holes[broken]], axis=1)
    for mark, places in alike(marks):
        rows, known, hole = broken[places], *(np.flatnonzero(half) for half in np.split(mark, 2))
        across = covariance[:, known[:, None], hole]
        gain = np.linalg.solve(covariance[:, known[:, None], known], across)
        left = covariance[:, hole[:, None], hole] - across.transpose(0, 2, 1) @ gain
        normals = generator.standard_normal((len(tables), len(rows), len(hole)))
        drawn = normals @ np.linalg.cholesky(left).transpose(0, 2, 1)
        tables[:, rows[:, None], hole] = tables[:, rows[:, None], known] @ gain + drawn
