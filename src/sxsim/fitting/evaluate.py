"""Every cell on every series of one pattern: marginal likelihood, scale and state, by matrix products."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.fitting.grid import EXPONENTS, STRENGTH, Grid, Operators
from sxsim.processes.transform import box_cox

Array = NDArray[np.float64]
Single = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Evaluated:
    """Cells on series of one pattern.

    Attributes
    ----------
    loglik
        Log density of the changes, in units of the last figure, ``(member, cell)``: comparable between cells.
    shape, rate
        Posterior inverse-gamma pair: shape ``(cell,)``, rate ``(member, cell)``.
    state
        Posterior mean of the state coordinates, ``(3, member, cell)``.
    """

    loglik: Single
    shape: Array
    rate: Single
    state: Single


def evaluate(grid: Grid, ops: Operators, logs: Array) -> Evaluated:
    """Evaluate all cells on ``logs``, the log carrier less its last value, ``(member, figure)``."""
    members, changes = logs.shape[0], logs.shape[1] - 1
    loglik = np.empty((len(grid), members), np.float32)
    rate = np.empty_like(loglik)
    state = np.empty((3, len(grid), members), np.float32)
    shape = np.empty(len(grid))
    for code, exponent in enumerate(EXPONENTS):
        cells = np.flatnonzero(grid.rows[:, 0] == code)
        if not cells.size:
            continue
        change = np.diff(box_cox(logs, np.asarray(exponent)), axis=1)
        flat = ops.whiten.reshape(ops.whiten.shape[0] * ops.whiten.shape[1], changes)
        errors = (flat @ change.T).reshape(*ops.whiten.shape[:2], members)
        pairs, which = np.unique(grid.rows[cells, 3] * 10_000 + grid.kernel[cells], return_inverse=True)
        first = np.array([cells[np.flatnonzero(which == i)[0]] for i in range(len(pairs))])
        kernel = grid.kernel[first]
        centred = errors[kernel] - (grid.drift[first, None] * ops.drift[kernel])[:, :, None]
        state[:, cells] = centred[which][:, changes:].transpose(1, 0, 2)
        squares = (0.5 * centred[:, :changes] ** 2).astype(np.float32)
        shape[cells], rate[cells], loglik[cells] = _discounted(grid, cells, squares, which)
        jacobian = exponent * logs[:, 1:].sum(axis=1)
        loglik[cells] += jacobian - ops.logdet[grid.kernel[cells], None]
    return Evaluated(loglik=loglik.T, shape=shape, rate=rate.T, state=state.transpose(0, 2, 1))


def _discounted(
    grid: Grid, cells: NDArray[np.int64], squares: Single, which: NDArray[np.int64]
) -> tuple[Array, Single, Single]:
    """Variance learned year by year, older years counting less (West and Harrison 1997, section 10.8).

    One step has the law ``t_{2a}(0, b/a)``; then ``a <- d (a + 1/2) + (1 - d) a0`` and
    ``b <- d (b + e^2/2) + (1 - d) b0``.
    """
    d = grid.discount[cells].astype(np.float32)[:, None]
    prior = grid.rate[cells].astype(np.float32)[:, None]
    a = np.full(len(cells), STRENGTH)
    b = np.broadcast_to(prior, (len(cells), squares.shape[2])).astype(np.float32)
    log_b = np.log(b)
    loglik = np.zeros_like(b)
    for t in range(squares.shape[1]):
        after = b + squares[which, t]
        log_after = np.log(after)
        half = a[:, None].astype(np.float32)
        loglik += half * log_b - (half + np.float32(0.5)) * log_after
        loglik += (special.gammaln(a + 0.5) - special.gammaln(a) - 0.5 * np.log(2 * np.pi)).astype(
            np.float32
        )[:, None]
        a = grid.discount[cells] * (a + 0.5) + (1 - grid.discount[cells]) * STRENGTH
        b = d * after + (1 - d) * prior
        log_b = np.log(b)
    return a, b, loglik
