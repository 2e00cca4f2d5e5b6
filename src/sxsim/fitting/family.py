"""The default family fitted to many series at once: pattern by pattern, cell by cell, by matrix products."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from sxsim.fitting.drift_prior import Believed
from sxsim.fitting.evaluate import evaluate
from sxsim.fitting.features import features
from sxsim.fitting.grid import LONGEST, STRENGTH, Grid, operators
from sxsim.fitting.learned import LearnedPrior
from sxsim.processes import CellPosterior, Kernels, RandomWalkPosterior, Shape

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_PORTION = 128


def cell_posterior(
    levels: Array, prior: LearnedPrior, *, balance: bool = False, drift: Believed | None = None
) -> CellPosterior:
    """Fit link-scale levels ``(member, year)``, NaN where not observed; the latest 48 figures count.

    A balance keeps to the cells without transform and without expected growth. ``drift`` replaces what the
    prior says of the drift.
    """
    patterns, seen = _patterns(levels, drift)
    grids = {width: _grid(prior, drift, width) for _, width in patterns}
    shaped = (len(levels), len(prior.grid))
    weights, rate, shape, state = np.zeros(shaped), np.ones(shaped), np.ones(shaped), np.zeros((*shaped, 3))
    kernel, centre, explained, pair = np.zeros(shaped, np.int64), np.zeros(shaped), [], []
    allowed = prior.grid.for_balance if balance else np.ones(len(prior.grid))
    for number, ((gaps, width), members) in enumerate(patterns.items()):
        grid = grids[width]
        ops, count = operators(grid, gaps), len(grid.kernels)
        explained.append(ops.state)
        pair.append(list(grids).index(width) * count + np.arange(count))
        kernel[members], centre[members] = grid.kernel + number * count, grid.drift
        for start in range(0, len(members), _PORTION):
            rows = members[start : start + _PORTION]
            logs = np.stack([_before_last(levels[m], seen[m]) for m in rows])
            found = evaluate(grid, ops, logs)
            weight = prior.weights(found.loglik, features(logs, gaps)) * allowed
            weights[rows] = weight / weight.sum(axis=1, keepdims=True)
            shape[rows], rate[rows], state[rows] = found.shape, found.rate, np.moveaxis(found.state, 0, 2)
    kernels = [kernel for grid in grids.values() for kernel in grid.kernels]
    return CellPosterior(
        kernels=Kernels(
            shapes=tuple(shape for shape, _ in kernels),
            widths=np.array([width for _, width in kernels]),
            pair=np.concatenate(pair),
            explained=np.concatenate(explained),
        ),
        weights=weights,
        kernel=kernel,
        exponent=np.broadcast_to(prior.grid.exponent, shaped),
        prior_drift=centre,
        shape=shape,
        rate=rate,
        state=state,
        prior_shape=STRENGTH,
    )


Pattern = tuple[tuple[int, ...], float | None]


def _patterns(levels: Array, drift: Believed | None) -> tuple[dict[Pattern, list[int]], list[Whole]]:
    """Group members by the years between their figures and the relative width of a believed drift."""
    seen = [np.flatnonzero(np.isfinite(row))[-LONGEST:] for row in levels]
    widths = [None] * len(levels) if drift is None else drift.widths()
    patterns: dict[Pattern, list[int]] = {}
    for member, (years, width) in enumerate(zip(seen, widths, strict=True)):
        patterns.setdefault((tuple(np.diff(years).tolist()), width), []).append(member)
    return patterns, seen


def _grid(prior: LearnedPrior, drift: Believed | None, width: float | None) -> Grid:
    return (
        prior.grid if drift is None or width is None else replace(prior.grid, believed=(drift.growth, width))
    )


def _before_last(levels: Array, seen: NDArray[np.int64]) -> Array:
    """Return the figures less the last one; a single zero where there is none."""
    return levels[seen] - levels[seen[-1]] if len(seen) else np.zeros(1)


def beside_walks(cells: CellPosterior, walks: RandomWalkPosterior, share: Array) -> CellPosterior:
    """Add the random walk of every member as one more cell with ``share`` of the weight, ``(member,)``.

    A random walk of posterior drift ``m``, worth ``k`` years, is the cell with the prior ``m`` and the
    relative width ``k^-1/2`` that has seen nothing more.
    """
    years, which = np.unique(walks.years, return_inverse=True)
    members, first = len(cells.weights), len(cells.kernels.shapes)
    kernels = Kernels(
        shapes=(*cells.kernels.shapes, *(Shape(),) * len(years)),
        widths=np.concatenate([cells.kernels.widths, years**-0.5]),
        pair=np.concatenate([cells.kernels.pair, first + np.arange(len(years))]),
        explained=np.concatenate([cells.kernels.explained, np.zeros((len(years), 3, 3))]),
    )

    def joined(columns: Array, last: Array | float) -> Array:
        return np.column_stack([columns, np.broadcast_to(last, (members,))])

    kernel = np.column_stack([cells.kernel, len(cells.kernels.pair) + which])

    return replace(
        cells,
        kernels=kernels,
        weights=joined(cells.weights * (1.0 - share)[:, None], share),
        kernel=kernel,
        exponent=joined(cells.exponent, 0.0),
        prior_drift=joined(cells.prior_drift, walks.drift),
        shape=joined(cells.shape, walks.shape),
        rate=joined(cells.rate, walks.rate),
        state=np.concatenate([cells.state, np.zeros((members, 1, 3))], axis=1),
    )
