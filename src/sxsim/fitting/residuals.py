"""One-step errors of the fitted law: what each figure brought that those before it did not tell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sxsim.fitting.grid import operators_of
from sxsim.fitting.unequal import alike
from sxsim.processes import CellPosterior, RandomWalkPosterior
from sxsim.processes.transform import box_cox

Array = NDArray[np.float64]

_PORTION = 500


def standardised_errors(levels: Array, law: RandomWalkPosterior | CellPosterior) -> Array:
    """Return one-step errors in units of the fitted yearly spread, ``(member, year)``; NaN where none.

    In each cell the change up to a figure, less what the earlier figures make of it, is divided by its
    standard deviation for sigma = 1 (a row of the inverse Cholesky factor) and by the posterior scale of
    sigma; the weights of the cells average the results. For a random walk it is the change over the years
    between two figures less their drift, over ``sigma sqrt(years)``. Weights and scale have seen the whole
    history, so that the errors are a little smaller than those of real forecasts.

    Parameters
    ----------
    levels
        Link-scale figures the fit used, ``(member, year)``, NaN where there is none.
    law
        What the fit made of them.
    """
    out = np.full(levels.shape, np.nan)
    for seen, members in alike(np.isfinite(levels)):
        years = np.flatnonzero(seen)
        gaps = tuple(np.diff(years).tolist())
        for start in range(0, len(members) if gaps else 0, _PORTION):
            rows = members[start : start + _PORTION]
            logs = levels[np.ix_(rows, years)]
            out[np.ix_(rows, years[1:])] = _errors(logs - logs[:, -1:], gaps, law, rows)
    return out


def _errors(
    logs: Array, gaps: tuple[int, ...], law: RandomWalkPosterior | CellPosterior, rows: NDArray[np.int64]
) -> Array:
    if isinstance(law, RandomWalkPosterior):
        return _walk_errors(logs, gaps, law.drift[rows], np.sqrt(law.rate[rows] / law.shape[rows]))
    return _cell_errors(logs, gaps, law, rows)


def _walk_errors(logs: Array, gaps: tuple[int, ...], drift: Array, sigma: Array) -> Array:
    years = np.array(gaps, float)
    return np.asarray((np.diff(logs, axis=1) - years * drift[:, None]) / (np.sqrt(years) * sigma[:, None]))


def _cell_errors(logs: Array, gaps: tuple[int, ...], law: CellPosterior, rows: NDArray[np.int64]) -> Array:
    """Average over cells; a random walk beside them, the last one, has seen nothing cell by cell."""
    kernel, scale = law.kernel[rows], np.sqrt(law.rate[rows] / law.shape[rows])
    beside = not law.kernels.explained[kernel[:, -1]].any()
    learned = slice(None, -1 if beside else None)
    pairs, place = np.unique(law.kernels.pair[kernel[:, learned]], return_inverse=True)
    chosen = tuple((law.kernels.shapes[pair], float(law.kernels.widths[pair])) for pair in pairs)
    ops, count = operators_of(chosen, gaps), len(gaps)
    used, own = place.reshape(kernel[:, learned].shape), law.exponent[rows][:, learned]
    errors = -law.prior_drift[rows][:, learned, None] * ops.drift[used, :count]
    for exponent in np.unique(own):
        change = np.diff(box_cox(logs, np.asarray(exponent)), axis=1)
        white = np.einsum("kij,mj->mki", ops.whiten[:, :count], change)
        of_cell = np.take_along_axis(white, used[:, :, None], axis=1)
        errors += np.where((own == exponent)[:, :, None], of_cell, 0.0)
    share = law.weights[rows]
    out = np.einsum("mc,mct->mt", share[:, learned] / scale[:, learned], errors)
    if beside:
        out += share[:, -1:] * _walk_errors(logs, gaps, law.prior_drift[rows, -1], scale[:, -1])
    return np.asarray(out)
