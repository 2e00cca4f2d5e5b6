"""The default family fitted to many series at once: pattern by pattern, cell by cell, by matrix products."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sxsim.fitting.evaluate import evaluate
from sxsim.fitting.features import features
from sxsim.fitting.grid import DRIFTS, LONGEST, STRENGTH, operators
from sxsim.fitting.learned import LearnedPrior
from sxsim.processes import CellPosterior, Kernels, RandomWalkPosterior, Shape

Array = NDArray[np.float64]

KEPT = 240
_PORTION = 500


def cell_posterior(levels: Array, prior: LearnedPrior, *, balance: bool = False) -> CellPosterior:
    """Fit link-scale levels ``(member, year)``, NaN where not observed; the latest 48 figures count.

    A balance keeps to the cells without transform and without expected growth.
    """
    patterns: dict[tuple[int, ...], list[int]] = {}
    seen = [np.flatnonzero(np.isfinite(row))[-LONGEST:] for row in levels]
    for member, years in enumerate(seen):
        patterns.setdefault(tuple(np.diff(years).tolist()), []).append(member)
    count = min(KEPT, len(prior.grid))
    cells = np.zeros((len(levels), count), np.int64)
    weights = np.zeros((len(levels), count))
    rate, shape, state = np.ones_like(weights), np.ones_like(weights), np.zeros((*weights.shape, 3))
    kernel, explained = np.zeros_like(cells), []
    for number, (gaps, members) in enumerate(patterns.items()):
        ops = operators(prior.grid, gaps)
        explained.append(ops.state)
        for start in range(0, len(members), _PORTION):
            rows = members[start : start + _PORTION]
            logs = np.stack([_before_last(levels[m], seen[m]) for m in rows])
            found = evaluate(prior.grid, ops, logs)
            weight = prior.weights(found.loglik, features(logs, gaps)) * _allowed(prior, balance)
            top = np.argpartition(-weight, count - 1, axis=1)[:, :count]
            kept = np.take_along_axis(weight, top, 1)
            weights[rows] = kept / kept.sum(axis=1, keepdims=True)
            cells[rows], shape[rows] = top, found.shape[top]
            rate[rows] = np.take_along_axis(found.rate, top, 1)
            state[rows] = np.stack([np.take_along_axis(part, top, 1) for part in found.state], axis=2)
            kernel[rows] = prior.grid.kernel[top] + number * len(prior.grid.kernels)
    grid = prior.grid
    return CellPosterior(
        kernels=grid.kernels_after(np.concatenate(explained)),
        weights=weights,
        kernel=kernel,
        exponent=grid.exponent[cells],
        prior_drift=grid.drift[cells],
        shape=shape,
        rate=rate,
        state=state,
        prior_shape=STRENGTH,
    )


def _before_last(levels: Array, seen: NDArray[np.int64]) -> Array:
    """Return the figures less the last one; a single zero where there is none."""
    return levels[seen] - levels[seen[-1]] if len(seen) else np.zeros(1)


def _allowed(prior: LearnedPrior, balance: bool) -> Array:
    if not balance:
        return np.ones(len(prior.grid))
    return np.asarray((prior.grid.exponent == 0) & (prior.grid.drift == DRIFTS[1]), float)


def with_walks(cells: CellPosterior, walks: RandomWalkPosterior, members: NDArray[np.bool_]) -> CellPosterior:
    """Replace some members by random walks, each as one cell whose state is what is known of its drift.

    A random walk of posterior drift ``m``, worth ``k`` years, is the cell with the prior ``m`` and the
    relative width ``k^-1/2`` that has seen nothing more.
    """
    rows = np.flatnonzero(members)
    first = len(cells.kernels.pair)
    weights, kernel, exponent = cells.weights.copy(), cells.kernel.copy(), cells.exponent.copy()
    drift, shape, rate, state = (a.copy() for a in (cells.prior_drift, cells.shape, cells.rate, cells.state))
    weights[rows] = 0.0
    weights[rows, 0] = 1.0
    kernel[rows], exponent[rows], state[rows] = (first + np.arange(len(rows)))[:, None], 0.0, 0.0
    drift[rows], shape[rows], rate[rows] = (a[rows, None] for a in (walks.drift, walks.shape, walks.rate))
    pairs = len(cells.kernels.shapes)
    kernels = Kernels(
        shapes=(*cells.kernels.shapes, *(Shape(),) * len(rows)),
        widths=np.concatenate([cells.kernels.widths, walks.years[rows] ** -0.5]),
        pair=np.concatenate([cells.kernels.pair, pairs + np.arange(len(rows))]),
        explained=np.concatenate([cells.kernels.explained, np.zeros((len(rows), 3, 3))]),
    )
    return replace(
        cells,
        kernels=kernels,
        weights=weights,
        kernel=kernel,
        exponent=exponent,
        prior_drift=drift,
        shape=shape,
        rate=rate,
        state=state,
    )
