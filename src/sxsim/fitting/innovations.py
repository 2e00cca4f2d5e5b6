"""Yearly innovations of the law that was fitted: what each year brought that the years before did not say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sxsim.fitting.grid import EXPONENTS, LONGEST, Grid, Operators, operators
from sxsim.fitting.unequal import alike
from sxsim.fitting.walk import latest, summarise
from sxsim.processes import CellPosterior, RandomWalkPosterior
from sxsim.processes.transform import box_cox

Array = NDArray[np.float64]
Places = NDArray[np.int64]

_SCALE_YEARS = 2.0
_PORTION = 500


def standard_innovations(levels: Array, law: object, walk: RandomWalkPosterior, grid: Grid | None) -> Array:
    """Return one-step errors in units of their own size, ``(member, year)``, NaN where there is none.

    In each cell the changes of the history are whitened: what remains of a year after the cell's forecast
    from the years before, in units of the cell's sigma. The drift is learned from those years alone: that
    all series grow faster than the prior expects does not mean that their shocks come together. The cells
    are averaged by their weights. A change over several years does not tell which of them it belongs to and
    is left out. Each series is brought to unit variance; its own figures count against two years at the size
    that the law states, as they do for the law's variance.

    Parameters
    ----------
    levels
        Link-scale levels ``(member, year)``, NaN where not observed.
    law
        What was fitted to them; what is no mixture over cells has the innovations of its random walk.
    walk
        The random walk that stands in for members whose history is too short for cells.
    grid
        Cells the law was fitted on; None for a random walk.
    """
    if grid is None or not isinstance(law, CellPosterior):
        raw = _of_walk(levels, walk)
    else:
        short = law.weights[:, : len(grid)].sum(axis=1) == 0
        raw = np.where(short[:, None], _of_walk(levels, walk), _of_cells(levels, law, grid))
    count = np.isfinite(raw).sum(axis=1, keepdims=True)
    square = (np.nansum(raw**2, axis=1, keepdims=True) + _SCALE_YEARS) / (count + _SCALE_YEARS)
    return np.asarray(raw / np.sqrt(square))


def _of_walk(levels: Array, walk: RandomWalkPosterior) -> Array:
    """Return each change less the mean growth before it, in units of its standard error."""
    summary = summarise(levels)
    gap, change = summary.gaps, summary.changes
    known = gap.cumsum(axis=1) - gap
    drift = (change.cumsum(axis=1) - change) / np.maximum(known, 1)
    sigma = np.sqrt(walk.rate / walk.shape)[:, None]
    error = (change - drift) / (sigma * np.sqrt(1.0 + 1.0 / np.maximum(known, 1)))
    out = np.full(levels.shape, np.nan)
    out[:, levels.shape[1] - gap.shape[1] :] = np.where((gap == 1) & (known > 0), error, np.nan)
    return out


def _of_cells(levels: Array, law: CellPosterior, grid: Grid) -> Array:
    """Whiten pattern by pattern of observed years."""
    out = np.full_like(levels, np.nan)
    for seen, members in alike(np.isfinite(latest(levels, LONGEST))):
        years = np.flatnonzero(seen)
        gaps = np.diff(years)
        for start in range(0, len(members) if len(gaps) > 1 else 0, _PORTION):
            rows = members[start : start + _PORTION]
            whitened = _whitened(levels[np.ix_(rows, years)], tuple(gaps.tolist()), law, rows, grid)
            out[np.ix_(rows, years[2:][gaps[1:] == 1])] = whitened[:, gaps[1:] == 1]
    return out


def _whitened(levels: Array, gaps: tuple[int, ...], law: CellPosterior, rows: Places, grid: Grid) -> Array:
    """Average the whitened changes of the cells, ``(member, change)``; all but the first.

    Whitening is linear, so the operators are averaged instead, one per scale on which cells live.
    """
    whiten, count = _driftless(operators(grid, gaps), len(gaps)), len(gaps)
    cells = np.ix_(rows, np.arange(len(grid)))  # a random walk beside them has no operators here
    share = law.weights[cells] / np.sqrt(law.rate[cells] / law.shape[cells])
    pair = law.kernels.pair[law.kernel[cells]]
    total = np.zeros((len(rows), count - 1))
    for exponent in EXPONENTS:
        weight = np.zeros((len(rows), len(whiten)))
        np.add.at(weight, (np.arange(len(rows))[:, None], pair), share * (law.exponent[cells] == exponent))
        mean = (weight @ whiten.reshape(len(whiten), -1)).reshape(len(rows), count - 1, count)
        change = np.diff(box_cox(levels - levels[:, -1:], np.asarray(exponent)), axis=1)
        total += (mean @ change[:, :, None])[:, :, 0]
    return total


def _driftless(ops: Operators, count: int) -> Array:
    """Whiten as if nothing were known of the drift beforehand, ``(kernel, change - 1, change)``.

    The errors are regressed on what a drift would do to them, each on those before it, and what remains is
    scaled to unit variance (recursive residuals, Brown, Durbin and Evans 1975).
    """
    drift, whiten = ops.drift[:, :count, None], ops.whiten[:, :count]
    square = (drift**2).cumsum(axis=1)[:, :-1]
    slope = (drift * whiten).cumsum(axis=1)[:, :-1] / square
    later = drift[:, 1:]
    return np.asarray((whiten[:, 1:] - later * slope) / np.sqrt(1.0 + later**2 / square))
