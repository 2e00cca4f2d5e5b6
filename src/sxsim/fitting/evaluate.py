"""Every cell on every series of one pattern: marginal likelihood, scale and state, by matrix products."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.fitting.grid import STRENGTH, Grid, Operators
from sxsim.processes.transform import box_cox

Array = NDArray[np.float64]
Single = NDArray[np.float32]
Whole = NDArray[np.int64]

_FAR = 1e12  # a change beyond leaves its cell no weight; its square must fit into single precision


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
    for exponent in np.unique(grid.exponent):
        cells = np.flatnonzero(grid.exponent == exponent)
        change = np.clip(np.diff(box_cox(logs, np.asarray(exponent)), axis=1), -_FAR, _FAR).astype(np.float32)
        centred, which = _errors(grid, ops, cells, change)
        state[:, cells] = centred[which, changes:].transpose(1, 0, 2)
        squares: Single = np.float32(0.5) * np.square(centred[:, :changes]).transpose(1, 0, 2)
        shape[cells], rate[cells], loglik[cells] = _discounted(grid, cells, squares, which)
        jacobian = exponent * logs[:, 1:].sum(axis=1)
        loglik[cells] += jacobian - ops.logdet[grid.kernel[cells], None]
    return Evaluated(loglik=loglik.T, shape=shape, rate=rate.T, state=state.transpose(0, 2, 1))


def _errors(grid: Grid, ops: Operators, cells: Whole, change: Single) -> tuple[Single, Whole]:
    """One-step errors, then the state, of every distinct (shape, width, drift), and which one a cell has.

    Returns ``(distinct, change + 3, member)`` and ``(cell,)``.
    """
    kernels, place = np.unique(grid.kernel[cells], return_inverse=True)
    drifts, centre = np.unique(grid.drift[cells], return_inverse=True)
    pairs, which = np.unique(place * len(drifts) + centre, return_inverse=True)
    place, drift = np.divmod(pairs, len(drifts))
    whiten = ops.whiten[kernels].astype(np.float32)
    flat = whiten.reshape(whiten.shape[0] * whiten.shape[1], whiten.shape[2])
    errors = (flat @ change.T).reshape(*whiten.shape[:2], len(change))
    expected = (drifts[drift, None] * ops.drift[kernels[place]]).astype(np.float32)
    return errors[place] - expected[:, :, None], which


def _discounted(grid: Grid, cells: Whole, squares: Single, which: Whole) -> tuple[Array, Single, Single]:
    """Variance learned year by year, older years counting less (West and Harrison 1997, section 10.8).

    One step has the law ``t_{2a}(0, b/a)``; then ``a <- d (a + 1/2) + (1 - d) a0`` and
    ``b <- d (b + e^2/2) + (1 - d) b0``. ``squares`` are ``e^2/2``, ``(change, distinct, member)``.
    """
    d, prior = grid.discount[cells], grid.rate[cells].astype(np.float32)[:, None]
    keep, renew = d.astype(np.float32)[:, None], (1.0 - d.astype(np.float32)[:, None]) * prior
    a, constant = np.full(len(cells), STRENGTH), np.zeros(len(cells))
    b = np.repeat(prior, squares.shape[2], axis=1)
    loglik = np.zeros_like(b)
    for square in squares:
        half = a.astype(np.float32)[:, None]
        loglik += half * np.log(b)
        b += square[which]
        loglik -= (half + np.float32(0.5)) * np.log(b)
        b *= keep
        b += renew
        constant += special.gammaln(a + 0.5) - special.gammaln(a) - 0.5 * np.log(2 * np.pi)
        a = d * (a + 0.5) + (1 - d) * STRENGTH
    return a, b, loglik + constant.astype(np.float32)[:, None]
