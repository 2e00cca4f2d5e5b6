"""The future after figures that are not exact: Gaussian cells, sigma among them, from an uncertain level."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sxsim.processes.cell_posterior import row_cholesky
from sxsim.processes.marginal import MixtureMarginal
from sxsim.processes.mixture import Mixture
from sxsim.processes.shape import Shape, kind_shares, kind_words

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_PER_MEMBER = (
    "weights", "pair", "exponent", "prior_drift", "sigma", "state", "explained", "start",
    "effective", "changes", "own_drift", "own_variance",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasuredPosterior:
    """What figures with known errors leave of the cells: weights, and in each a Gaussian state.

    An error of a stated size is not in proportion to sigma, so that sigma cannot be integrated in closed
    form; it stands on a grid and is part of the cell. The state has a fourth coordinate, the true level at
    the end less the last full figure: the future begins at the level, not at the figure.

    Attributes
    ----------
    shapes, widths
        Shape and relative width of the drift prior, one entry per distinct pair.
    weights, pair, exponent, prior_drift, sigma
        Of the heaviest cells of each member, ``(member, cell)``.
    state
        Posterior mean of growth, level deviation, drift and start, ``(member, cell, 4)``.
    explained
        What the figures explain of them, ``(member, cell, 4, 4)``.
    start
        Variance of the start before the figures, in units of sigma squared, ``(member, cell)``.
    effective, changes, own_drift, own_variance
        Effective number of cells before sigma was told apart, of changes the variance rests on, and the
        parts of drift and variance known from the own figures, ``(member,)``.
    lead
        Years from the last full figure to the state: 1 where part of the next year is known.
    release_sd
        Standard deviation of first releases around the level, where targets are judged by them.
    bridge_sd
        Extra standard deviation of the yearly growth where it was learned from another series.
    """

    shapes: tuple[Shape, ...]
    widths: Array
    weights: Array
    pair: Whole
    exponent: Array
    prior_drift: Array
    sigma: Array
    state: Array
    explained: Array
    start: Array
    effective: Array
    changes: Array
    own_drift: Array
    own_variance: Array
    lead: int = 0
    release_sd: float = 0.0
    bridge_sd: float = 0.0

    def marginal(self, step: Whole | int) -> MixtureMarginal:
        """Return the law of the change ``step`` years after the last full figure, ``(member,)``."""
        steps = np.broadcast_to(np.asarray(step), (len(self.weights),))[:, None]
        loads, variance = self._ahead(steps)
        extra = self.release_sd**2 + (steps * self.bridge_sd) ** 2
        return MixtureMarginal(
            weights=self.weights,
            location=(loads * self.state).sum(axis=2) + (steps - self.lead) * self.prior_drift,
            spread=np.sqrt(self.sigma**2 * variance + extra),
            dof=np.full_like(self.weights, np.inf),
            exponent=self.exponent,
        )

    def drift_share(self, step: Whole | int) -> Array:
        """Share of each cell's variance that comes from the drift not being known, ``(member, cell)``."""
        steps = np.broadcast_to(np.asarray(step), (len(self.weights),))[:, None]
        loads, variance = self._ahead(steps)
        drift = self._drift_loads(loads, steps - self.lead) ** 2 + (steps * self.bridge_sd / self.sigma) ** 2
        extra = (self.release_sd**2 + (steps * self.bridge_sd) ** 2) / self.sigma**2
        return np.asarray(drift / (variance + extra))

    def mixture(self, horizon: int, member: int = 0) -> Mixture:
        """Return the joint law of the ``horizon`` years after the last full figure of one member."""
        one = self.rows(np.array([member]))
        years = np.arange(1.0, horizon + 1)
        after = years - self.lead
        table, prior = self._prior(horizon)
        loads, explained = table[one.pair[0]], one.explained[0]
        rest = prior[one.pair[0]] + one.start[0][:, None, None] - loads @ explained @ loads.transpose(0, 2, 1)
        wide, known = self.widths[one.pair[0], None] ** 2, explained[:, :, 2]
        drift = wide * (after - np.einsum("chi,ci->ch", loads, known)) / _left(wide, known[:, 2:3])
        released = (self.release_sd / one.sigma[0]) ** 2
        rest = rest - drift[:, :, None] * drift[:, None, :] + released[:, None, None] * np.eye(horizon)
        bridge = self.bridge_sd / one.sigma[0][:, None] * years
        return Mixture(
            weights=one.weights[0],
            locations=np.einsum("chi,ci->ch", loads, one.state[0]) + after * one.prior_drift[0][:, None],
            factors=np.concatenate([np.hypot(drift, bridge)[:, :, None], row_cholesky(rest)], axis=2),
            scales=one.sigma[0],
            dof=np.full_like(one.sigma[0], np.inf),
            exponents=one.exponent[0],
        )

    def rows(self, members: Whole) -> MeasuredPosterior:
        """Return some of the members."""
        return replace(self, **{name: getattr(self, name)[members] for name in _PER_MEMBER})

    def lent(self, bridge_sd: float) -> MeasuredPosterior:
        """Return the growth alone, for a series with a last figure of its own."""
        state, explained = self.state.copy(), self.explained.copy()
        state[..., 3] = 0.0
        explained[..., 3, :] = explained[..., :, 3] = 0.0
        return replace(
            self,
            state=state,
            explained=explained,
            start=np.zeros_like(self.start),
            lead=0,
            release_sd=0.0,
            bridge_sd=bridge_sd,
        )

    def effective_cells(self) -> Array:
        """Number of equally likely cells that would be as uncertain, ``(member,)``."""
        return self.effective

    def shape_words(self, member: int) -> str:
        """Say which kinds of growth carry at least a twentieth of the weight."""
        return kind_words(
            kind_shares(self.weights[member], [self.shapes[pair] for pair in self.pair[member]])
        )

    def _ahead(self, steps: Whole) -> tuple[Array, Array]:
        """Loads ``(member, cell, 4)`` and variances ``(member, cell)`` of each member's own step."""
        table, prior = self._prior(int(steps.max()))
        loads = table[self.pair, steps - 1]
        grown = np.diagonal(prior, axis1=1, axis2=2)[self.pair, steps - 1]
        explained = np.einsum("mci,mcij,mcj->mc", loads, self.explained, loads)
        return loads, np.maximum(grown + self.start - explained, 0.0)

    def _prior(self, horizon: int) -> tuple[Array, Array]:
        """Loads of the state ``(pair, year, 4)`` and prior covariance of the change since it, per pair."""
        ahead = max(horizon - self.lead, 1)
        loads = np.zeros((len(self.shapes), self.lead + ahead, 4))
        loads[:, :, 3] = 1.0
        prior = np.zeros((len(self.shapes), self.lead + ahead, self.lead + ahead))
        for number, (shape, width) in enumerate(zip(self.shapes, self.widths, strict=True)):
            loads[number, self.lead :, :3] = shape.loads(width, ahead)
            changes = shape.covariance(ahead) + width**2
            prior[number, self.lead :, self.lead :] = changes.cumsum(axis=0).cumsum(axis=1)
        return loads[:, :horizon], prior[:, :horizon, :horizon]

    def _drift_loads(self, loads: Array, years: Whole) -> Array:
        """Change per standard deviation of what is not known of the drift, ``(member, cell)``."""
        wide, known = self.widths[self.pair] ** 2, self.explained[..., 2]
        return np.asarray(wide * (years - (loads * known).sum(axis=2)) / _left(wide, known[..., 2]))


def _left(wide: Array, known: Array) -> Array:
    """Standard deviation of the drift that is left, sigma = 1."""
    return np.sqrt(np.maximum(wide * (1.0 - wide * known), 1e-300))
