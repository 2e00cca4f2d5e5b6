"""A Gaussian process fitted to a history: draws of its shape, with drift and spread integrated out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.processes.cell_posterior import row_cholesky
from sxsim.processes.gaussian import System
from sxsim.processes.marginal import MixtureMarginal
from sxsim.processes.mixture import Mixture

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class GaussianPosterior:
    """What a history leaves of a Gaussian process: in each draw of its shape a state, a drift and a spread.

    Attributes
    ----------
    name
        What the process is called.
    weights
        Of the draws of each member, ``(member, draw)``.
    system
        How growth remembers, arrays ``(member, draw, ...)``.
    mean, covariance
        Of the memory and, last, the drift given the figures; the covariance for sigma = 1, ``(member, draw,
        coordinate)`` and ``(member, draw, coordinate, coordinate)``.
    scale, dof
        Sigma is ``scale sqrt(dof / chi2_dof)``, ``(member, draw)``; known where dof is infinite.
    bridge_sd
        Extra standard deviation of the yearly growth where it was learned from another series.
    """

    name: str
    weights: Array
    system: System
    mean: Array
    covariance: Array
    scale: Array
    dof: Array
    bridge_sd: float = 0.0

    def marginal(self, step: NDArray[np.int64] | int) -> MixtureMarginal:
        """Return the law of the change ``step`` years after the last figure, ``(member,)``."""
        steps = np.broadcast_to(np.asarray(step), (len(self.weights),))
        horizon = int(steps.max())
        at = (np.arange(len(steps)), slice(None), steps - 1)
        loads = self._loads(horizon)[at]
        shocks = np.cumsum(self.system.cumulated_responses(horizon) ** 2, axis=-1)[at]
        variance = np.einsum("mdi,mdij,mdj->md", loads, self.covariance, loads) + shocks
        return MixtureMarginal(
            weights=self.weights,
            location=(loads * self.mean).sum(axis=-1),
            spread=np.hypot(self.scale * np.sqrt(variance), steps[:, None] * self.bridge_sd),
            dof=self.dof,
            exponent=np.zeros_like(self.weights),
        )

    def drift_share(self, step: NDArray[np.int64] | int) -> Array:
        """Share of each draw's variance that comes from the drift not being known, ``(member, draw)``."""
        steps = np.broadcast_to(np.asarray(step), (len(self.weights),))
        at = (np.arange(len(steps)), slice(None), steps - 1)
        drift = self._drift_loads(self._loads(int(steps.max())))[at]
        whole = self.marginal(step).spread
        extra = np.square(steps[:, None] * self.bridge_sd)
        known = np.where(whole > 0, whole, 1.0)
        return np.asarray(((self.scale * drift) ** 2 + extra) / known**2)

    def mixture(self, horizon: int, member: int = 0) -> Mixture:
        """Return the joint law of the next ``horizon`` years of one member."""
        loads = self._loads(horizon)[member]
        drift = self._drift_loads(loads[None], slice(member, member + 1))[0]
        responses = self.system.cumulated_responses(horizon)[member]
        rest = np.einsum("dhi,dij,dkj->dhk", loads, self.covariance[member], loads)
        rest = rest - drift[:, :, None] * drift[:, None, :] + _products(responses)
        bridge = np.arange(1.0, horizon + 1) * self.bridge_sd / self.scale[member][:, None]
        first = np.hypot(drift, bridge)
        return Mixture(
            weights=self.weights[member],
            locations=np.einsum("dhi,di->dh", loads, self.mean[member]),
            factors=np.concatenate([first[:, :, None], row_cholesky(rest)], axis=2),
            scales=self.scale[member],
            dof=self.dof[member],
            exponents=np.zeros(len(self.weights[member])),
        )

    def _loads(self, horizon: int) -> Array:
        """Change after each year per unit of memory and drift, ``(member, draw, year, coordinate)``."""
        memory = np.cumsum(self.system.loads(horizon), axis=-2)
        years = np.broadcast_to(np.arange(1.0, horizon + 1)[:, None], (*memory.shape[:-1], 1))
        return np.concatenate([memory, years], axis=-1)

    def _drift_loads(self, loads: Array, members: slice = slice(None)) -> Array:
        """Change after each year per standard deviation of what is not known of the drift."""
        column = self.covariance[members, :, :, -1]
        size = np.sqrt(column[..., -1])
        along = np.einsum("mdhi,mdi->mdh", loads, column)
        return np.asarray(along / np.where(size > 0, size, 1.0)[..., None])


def _products(responses: Array) -> Array:
    """Covariance of the changes from the shocks to come, ``(draw, year, year)``."""
    horizon = responses.shape[-1]
    out = np.zeros((*responses.shape, horizon))
    for i in range(horizon):
        for j in range(i + 1):
            terms = responses[..., : j + 1] * responses[..., i - j : i + 1]
            out[..., i, j] = out[..., j, i] = np.cumsum(terms, axis=-1)[..., -1]
    return out
