"""How the prior over cells is learned: cells scored on held-out years, weights by their log score."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from sxsim.fitting.evaluate import evaluate
from sxsim.fitting.features import features
from sxsim.fitting.grid import Grid, operators
from sxsim.fitting.learned import LearnedPrior
from sxsim.processes.transform import box_cox

Array = NDArray[np.float64]
Single = NDArray[np.float32]

_PORTION = 250
_BATCH = 4096
_FLOOR = 1e-30
_FEATURES = 3.0  # a coefficient of a feature is drawn to its start this much more than an intercept


@dataclass(frozen=True, kw_only=True, slots=True)
class Windows:
    """Histories of one pattern of years, and what followed them.

    Attributes
    ----------
    logs
        Link-scale figures less the last one, ``(window, figure)``.
    gaps
        Years between the figures, oldest first.
    future
        Change since the last figure after 1, 2, ... years, NaN where not known, ``(window, year)``.
    """

    logs: Array
    gaps: tuple[int, ...]
    future: Array


@dataclass(frozen=True, kw_only=True, slots=True)
class Scored:
    """Cells on windows.

    Attributes
    ----------
    loglik
        Log likelihood of the history less that of the best cell, ``(window, cell)``.
    density
        Predictive density of the change over that of the best cell, 1 where not known, ``(year, window,
        cell)``.
    features
        ``(window, feature)``.
    """

    loglik: Single
    density: Single
    features: Single

    def __len__(self) -> int:
        return len(self.loglik)


def score(grid: Grid, windows: Sequence[Windows]) -> Scored:
    """Score all cells on all windows."""
    parts = [_score(grid, part) for window in windows for part in _portions(window)]
    return Scored(
        loglik=np.concatenate([part.loglik for part in parts]),
        density=np.concatenate([part.density for part in parts], axis=1),
        features=np.concatenate([part.features for part in parts]),
    )


def learn(
    start: LearnedPrior, scored: Scored, *, ridge: float, intercepts_only: bool = False, rounds: int = 200
) -> LearnedPrior:
    """Move the weights to where the mean log score over windows and years is highest.

    The objective is that of Gneiting and Raftery (2007, https://doi.org/10.1198/016214506000001437) less
    ``ridge`` times the squared distance from the start; the gradient is in closed form. With
    ``intercepts_only`` what features add stays as it was.
    """
    columns = 1 if intercepts_only else start.theta.shape[1]
    theta, log_eta = start.theta, float(np.log(start.eta))
    penalty = np.where(np.arange(columns) > 0, _FEATURES, 1.0) * ridge

    def unpack(x: Array) -> LearnedPrior:
        moved = theta.copy()
        moved[:, :columns] += x[:-1].reshape(-1, columns)
        return replace(start, theta=moved, eta=float(np.exp(log_eta + x[-1])))

    def loss(x: Array) -> tuple[float, Array]:
        value, slope, eta_slope = _mean_score(unpack(x), scored, columns)
        moved = x[:-1].reshape(-1, columns)
        value -= float((penalty * moved**2).sum() + ridge * x[-1] ** 2)
        slope = slope - 2.0 * penalty * moved
        return -value, -np.append(slope.ravel(), eta_slope - 2.0 * ridge * x[-1])

    found = optimize.minimize(
        loss, np.zeros(len(theta) * columns + 1), jac=True, method="L-BFGS-B", options={"maxiter": rounds}
    )
    return unpack(found.x)


def _mean_score(prior: LearnedPrior, scored: Scored, columns: int) -> tuple[float, Array, float]:
    """Mean log score, and its slopes by the first ``columns`` of theta and by the logarithm of eta."""
    value, slope, eta_slope = 0.0, np.zeros((len(prior.levels), columns)), 0.0
    years = np.float32(len(scored.density))
    for first in range(0, len(scored), _BATCH):
        rows = slice(first, first + _BATCH)
        loglik, described = scored.loglik[rows], scored.features[rows]
        weights = prior.weights(loglik, described).astype(np.float32)
        pull = np.full_like(weights, -years)
        for density in scored.density[:, rows]:
            mixed = np.einsum("nk,nk->n", weights, density) + np.float32(_FLOOR)
            value += float(np.log(mixed).sum())
            pull += density / mixed[:, None]
        pull *= weights
        slope += (pull @ prior.levels.T).T @ described[:, :columns]
        eta_slope += prior.eta * float((pull * loglik).sum())
    count = len(scored) * len(scored.density)
    return value / count, slope / count, eta_slope / count


def _portions(window: Windows) -> Iterator[Windows]:
    for first in range(0, len(window.logs), _PORTION):
        rows = slice(first, first + _PORTION)
        yield replace(window, logs=window.logs[rows], future=window.future[rows])


def _score(grid: Grid, window: Windows) -> Scored:
    ops = operators(grid, window.gaps)
    found = evaluate(grid, ops, window.logs)
    dof, scale = 2.0 * found.shape, np.sqrt(found.rate / found.shape.astype(np.float32))
    constant = special.gammaln((dof + 1) / 2) - special.gammaln(dof / 2) - 0.5 * np.log(dof * np.pi)
    kernels = grid.kernels_after(ops.state)
    loads, variance = kernels.loads(window.future.shape[1]), kernels.variances(window.future.shape[1])
    density = np.ones((window.future.shape[1], *found.loglik.shape), np.float32)
    for year, change in enumerate(window.future.T):
        seen = np.isfinite(change)
        moved = box_cox(change[seen, None], grid.exponent)
        location = np.einsum("sne,es->ne", found.state[:, seen], loads[grid.kernel, year])
        spread = scale[seen] * np.sqrt(variance[grid.kernel, year])
        z = (moved - location - (year + 1) * grid.drift) / spread
        log_density = constant - 0.5 * (dof + 1) * np.log1p(z * z / dof) - np.log(spread)
        log_density += grid.exponent * change[seen, None]
        density[year, seen] = np.exp(log_density - log_density.max(axis=1, keepdims=True))
    best = found.loglik.max(axis=1, keepdims=True)
    described = features(window.logs, window.gaps).astype(np.float32)
    return Scored(loglik=found.loglik - best, density=density, features=described)
