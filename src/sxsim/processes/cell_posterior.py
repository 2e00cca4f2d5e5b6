"""The future of an indicator as a mixture over cells: closed forms from a small state, for any horizon."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sxsim.processes.marginal import MixtureMarginal
from sxsim.processes.mixture import Mixture
from sxsim.processes.shape import Shape, kind_shares, kind_words

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_STEP = 8


@dataclass(frozen=True, kw_only=True, slots=True)
class Kernels:
    """Shapes with a width of the drift prior, and what each pattern of figures explains of their state.

    The state of a cell has three coordinates: growth, deviation of the level, drift. The past explains
    ``B V^-1 B'`` of them; what is left, with the shocks to come, is the uncertainty of the future.

    Attributes
    ----------
    shapes, widths
        One entry per distinct pair.
    pair
        Pair of each kernel, ``(kernel,)``.
    explained
        ``(kernel, 3, 3)``.
    """

    shapes: tuple[Shape, ...]
    widths: Array
    pair: Whole
    explained: Array

    def loads(self, horizon: int) -> Array:
        """Cumulated change after each year per unit of state, ``(pair, year, 3)``."""
        pairs = zip(self.shapes, self.widths.tolist(), strict=True)
        return np.stack([_tables(shape, width, _rounded(horizon))[0][:horizon] for shape, width in pairs])

    def variances(self, horizon: int) -> Array:
        """Variance of the cumulated change for sigma = 1, ``(kernel, year)``."""
        pairs = zip(self.shapes, self.widths.tolist(), strict=True)
        priors = [_tables(shape, width, _rounded(horizon))[1] for shape, width in pairs]
        grown = np.stack([np.diagonal(prior)[:horizon] for prior in priors])
        loads = self.loads(horizon)[self.pair]
        return np.asarray(grown[self.pair] - np.einsum("khi,kij,khj->kh", loads, self.explained, loads))

    def covariances(self, kernels: Whole, horizon: int) -> Array:
        """Covariance of the cumulated changes of some kernels for sigma = 1, ``(kernel, year, year)``."""
        pairs = self.pair[kernels]
        used = {pair: (self.shapes[pair], float(self.widths[pair])) for pair in set(pairs.tolist())}
        priors = {p: _tables(*one, _rounded(horizon))[1][:horizon, :horizon] for p, one in used.items()}
        loads = self.loads(horizon)[pairs]
        rest = np.stack([priors[pair] for pair in pairs.tolist()])
        for i, j in np.ndindex(3, 3):  # no BLAS: a longer horizon keeps the bits of the first years
            explained = self.explained[kernels, i, j][:, None, None]
            rest -= loads[:, :, i, None] * explained * loads[:, None, :, j]
        return rest

    def drift_loads(self, horizon: int) -> Array:
        """Cumulated change per standard deviation of what is not known of the drift, ``(kernel, year)``."""
        years, square = np.arange(1.0, horizon + 1), self.widths[self.pair, None] ** 2
        known = np.einsum("khi,ki->kh", self.loads(horizon)[self.pair], self.explained[:, :, 2])
        left = square * (1.0 - square * self.explained[:, 2, 2][:, None])
        return np.asarray(square * (years - known) / np.sqrt(np.maximum(left, 1e-300)))


def _rounded(horizon: int) -> int:
    """A horizon that years near each other share, so that they share a table."""
    return -(-horizon // _STEP) * _STEP


@lru_cache(maxsize=4096)
def _tables(shape: Shape, width: float, horizon: int) -> tuple[Array, Array]:
    """Loads ``(year, 3)`` and prior covariance ``(year, year)`` of the cumulated change, for sigma = 1."""
    prior = (shape.covariance(horizon) + width**2).cumsum(axis=0).cumsum(axis=1)
    return shape.loads(width, horizon), prior


@dataclass(frozen=True, kw_only=True, slots=True)
class CellPosterior:
    """What a history leaves of the cells: weights, and in each a Gaussian state and an unknown variance.

    Attributes
    ----------
    kernels
        What the cells refer to.
    weights, kernel, exponent, prior_drift, shape, rate
        Of the heaviest cells of each member, ``(member, cell)``.
    state
        Posterior mean of the state coordinates, ``(member, cell, 3)``.
    prior_shape
        Shape of the inverse gamma before any figure.
    bridge_sd
        Extra standard deviation of the yearly growth where it was learned from another series.
    """

    kernels: Kernels
    weights: Array
    kernel: Whole
    exponent: Array
    prior_drift: Array
    shape: Array
    rate: Array
    state: Array
    prior_shape: float = 1.0
    bridge_sd: float = 0.0

    def marginal(self, step: NDArray[np.int64] | int) -> MixtureMarginal:
        """Return the law of the log change ``step`` years after the last figure, ``(member,)``."""
        steps = np.broadcast_to(np.asarray(step), (len(self.weights),))
        place = steps[:, None] - 1
        horizon = int(steps.max())
        loads = self.kernels.loads(horizon)[self.kernels.pair[self.kernel], place]
        scale = np.sqrt(self.rate / self.shape)
        spread = scale * np.sqrt(self.kernels.variances(horizon)[self.kernel, place])
        if self.bridge_sd:
            spread = np.hypot(spread, steps[:, None] * self.bridge_sd)
        return MixtureMarginal(
            weights=self.weights,
            location=(loads * self.state).sum(axis=2) + steps[:, None] * self.prior_drift,
            spread=spread,
            dof=2.0 * self.shape,
            exponent=self.exponent,
        )

    def drift_share(self, step: NDArray[np.int64] | int) -> Array:
        """Share of each cell's variance that comes from the drift not being known, ``(member, cell)``."""
        steps = np.broadcast_to(np.asarray(step), (len(self.weights),))[:, None]
        horizon = int(steps.max())
        drift = self.kernels.drift_loads(horizon)[self.kernel, steps - 1] ** 2
        total = self.kernels.variances(horizon)[self.kernel, steps - 1]
        bridge = (steps * self.bridge_sd) ** 2 * self.shape / self.rate
        return np.asarray((drift + bridge) / (total + bridge))

    def effective_cells(self) -> Array:
        """Number of equally likely cells that would be as uncertain, ``(member,)``."""
        return np.asarray(1.0 / (self.weights**2).sum(axis=1))

    def shape_shares(self, member: int) -> dict[str, float]:
        """Weight of each kind of growth, heaviest first."""
        pairs = self.kernels.pair[self.kernel[member]]
        return kind_shares(self.weights[member], [self.kernels.shapes[pair] for pair in pairs])

    def shape_words(self, member: int) -> str:
        """Say which kinds of growth carry at least a twentieth of the weight."""
        return kind_words(self.shape_shares(member))

    def own_drift_share(self) -> Array:
        """Part of the prior's ignorance of the drift that the figures removed, ``(member,)``."""
        square = self.kernels.widths[self.kernels.pair] ** 2
        learned = (square * self.kernels.explained[:, 2, 2])[self.kernel]
        return np.asarray((self.weights * learned).sum(axis=1))

    def own_variance_share(self) -> Array:
        """Part of what is known of the variance that comes from the figures, ``(member,)``."""
        return np.asarray((self.weights * (1.0 - self.prior_shape / self.shape)).sum(axis=1))

    def mixture(self, horizon: int, member: int = 0) -> Mixture:
        """Return the joint law of the next ``horizon`` years of one member."""
        cells = self.kernel[member]
        used, place = np.unique(cells, return_inverse=True)
        years = np.arange(1.0, horizon + 1)
        drift = self.kernels.drift_loads(horizon)[used]
        rest = self.kernels.covariances(used, horizon)
        rest = row_cholesky(rest - drift[:, :, None] * drift[:, None, :])
        bridge = self.bridge_sd**2 * self.shape[member] / self.rate[member]
        first = np.sqrt(drift[place] ** 2 + bridge[:, None] * years**2)
        loads = self.kernels.loads(horizon)[self.kernels.pair[cells]]
        return Mixture(
            weights=self.weights[member],
            locations=np.einsum("khi,ki->kh", loads, self.state[member])
            + years * self.prior_drift[member][:, None],
            factors=np.concatenate([first[:, :, None], rest[place]], axis=2),
            scales=np.sqrt(self.rate[member] / self.shape[member]),
            dof=2.0 * self.shape[member],
            exponents=self.exponent[member],
        )


def row_cholesky(matrices: Array) -> Array:
    """Lower Cholesky factors row by row: unlike LAPACK, a longer matrix keeps the bits of the first rows."""
    n = matrices.shape[-1]
    lower = np.zeros_like(matrices)
    for i in range(n):
        for j in range(i + 1):
            rest = matrices[..., i, j]
            for k in range(j):
                rest = rest - lower[..., i, k] * lower[..., j, k]
            lower[..., i, j] = np.sqrt(np.maximum(rest, 0.0)) if i == j else rest / lower[..., j, j]
    return lower
