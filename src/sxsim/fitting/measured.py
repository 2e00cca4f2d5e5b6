"""Cells on figures whose errors have a known size: sigma on a grid, everything else in closed form.

An error of a stated size is not in proportion to sigma, so cells are not conjugate. Given sigma they are
Gaussian: each figure adds its error variance to the diagonal of the levels' covariance, each break its own
variance to the one change across it. The recursion of the variance,
``posterior = (prior x likelihood)^d prior^(1-d)``, is the one of the exact cells (West and Harrison 1997,
section 10.8), carried on points of log sigma.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.fitting.grid import STRENGTH, Grid
from sxsim.fitting.walk import Prior
from sxsim.processes import Shape
from sxsim.processes.transform import box_cox

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_STEP = 0.25  # of log sigma where its posterior standard deviation is 0.19 or more
_STEP_FOR = 7.6  # the shape of the inverse gamma that has it
_JITTER = 1e-10


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """Settings of cells, wherever they come from: pairs of shape and width, then one entry per cell."""

    shapes: tuple[Shape, ...]
    widths: Array
    pair: Whole
    exponent: Array
    drift: Array
    strength: Array
    rate: Array
    discount: Array

    @staticmethod
    def of_grid(grid: Grid) -> Settings:
        """Return the cells of a grid."""
        return Settings(
            shapes=tuple(shape for shape, _ in grid.kernels),
            widths=grid.width,
            pair=grid.kernel,
            exponent=grid.exponent,
            drift=grid.drift,
            strength=np.full(len(grid), STRENGTH),
            rate=grid.rate,
            discount=grid.discount,
        )

    @staticmethod
    def of_walk(prior: Prior) -> Settings:
        """Return the random walk with a prior as a single cell."""
        return Settings(
            shapes=(Shape(),),
            widths=np.array([prior.years**-0.5]),
            pair=np.zeros(1, np.int64),
            exponent=np.zeros(1),
            drift=np.array([prior.drift]),
            strength=np.array([prior.shape]),
            rate=np.array([prior.rate]),
            discount=np.ones(1),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """The figures of one member.

    Attributes
    ----------
    logs
        On the link scale, less the last full figure, ``(figure,)``.
    gaps
        Years between them, ``(change,)``.
    noise
        Standard error of each on the link scale, ``(figure,)``.
    steps
        Standard deviation of the break within each change, zero without one, ``(change,)``.
    after
        Standard deviation of a break after the last of them.
    """

    logs: Array
    gaps: Whole
    noise: Array
    steps: Array
    after: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighed:
    """Cells on the points of log sigma.

    Attributes
    ----------
    loglik
        Log density of the changes in each cell, ``(cell,)``.
    sigma
        The points, ``(point,)``.
    weight
        Posterior of sigma in each cell, ``(point, cell)``.
    strength
        Shape of the inverse gamma that sigma would have after as many figures, ``(cell,)``.
    state, explained, start
        As in ``MeasuredPosterior``, ``(point, cell, ...)``.
    """

    loglik: Array
    sigma: Array
    weight: Array
    strength: Array
    state: Array
    explained: Array
    start: Array


def weigh(cells: Settings, figures: Figures) -> Weighed:
    """Evaluate all cells on all points of sigma."""
    known = np.isfinite(figures.steps)
    points = sigma_points(cells, figures)
    count, changes = len(cells.pair), int(known.sum())
    errors = np.empty((len(points), count, changes))
    spread = np.empty_like(errors)
    state = np.empty((len(points), count, 4))
    explained = np.empty((len(points), count, 4, 4))
    start = np.empty((len(points), count))
    loglik = np.empty(count)
    for exponent in np.unique(cells.exponent):
        chosen = np.flatnonzero(cells.exponent == exponent)
        system = _System.of(cells, chosen, figures, float(exponent))
        for number, sigma in enumerate(points):
            solved = system.solve(float(sigma))
            errors[number, chosen], spread[number, chosen], state[number, chosen] = solved[:3]
            explained[number, chosen], start[number, chosen] = solved[3:]
        loglik[chosen] = exponent * figures.logs[1:][known].sum()
    density, weight, strength = _filtered(cells, points, errors, spread)
    return Weighed(
        loglik=loglik + density,
        sigma=points,
        weight=weight,
        strength=strength,
        state=state,
        explained=explained,
        start=start,
    )


def sigma_points(cells: Settings, figures: Figures) -> Array:
    """Points of sigma, even in its logarithm, wide enough for every cell before and after the figures."""
    most = _most(cells, len(figures.gaps))
    change = np.stack([np.diff(box_cox(figures.logs, np.asarray(e))) for e in np.unique(cells.exponent)])
    used = np.where(np.isfinite(figures.steps), change**2 / np.maximum(figures.gaps, 1), 0.0)
    largest = cells.rate.max() + 0.5 * used.sum(axis=1).max(initial=0.0)
    low = 0.5 * np.log(cells.rate.min() / most) - 1.2
    high = 0.5 * np.log(largest / cells.strength.min()) + 5.0 / cells.strength.min()
    step = _STEP * np.sqrt(_STEP_FOR / max(most, _STEP_FOR))
    return np.asarray(np.exp(np.arange(low, high + step, step)))


def _most(cells: Settings, changes: int) -> float:
    """Return the largest shape the inverse gamma of sigma reaches in any cell."""
    strength = cells.strength
    for _ in range(changes):
        strength = cells.discount * (strength + 0.5) + (1.0 - cells.discount) * cells.strength
    return float(strength.max())


@dataclass(frozen=True, kw_only=True, slots=True)
class _System:
    """The changes of one transform: their covariance is ``base + errors / sigma^2``."""

    rows: Whole  # the place of each cell's pair
    drift: Array
    change: Array
    total: Array
    base: Array
    errors: Array
    basis: Array
    last: Array  # covariance of each change with the error of the last figure, less its variance
    start: float

    @staticmethod
    def of(cells: Settings, chosen: Whole, figures: Figures, exponent: float) -> _System:
        pairs, rows = np.unique(cells.pair[chosen], return_inverse=True)
        known = np.isfinite(figures.steps)
        ratio = np.exp(exponent * figures.logs)
        noise = (figures.noise * ratio) ** 2
        spans = _spans(figures.gaps)
        count = len(figures.gaps)
        difference = np.eye(count, count + 1, 1) - np.eye(count, count + 1)
        errors = difference @ (noise[:, None] * difference.T)
        errors += np.diag(np.where(known, figures.steps * ratio[1:], 0.0) ** 2)
        last = np.where(np.arange(count) == count - 1, -noise[-1], 0.0)
        years = spans.shape[1]
        shapes = [cells.shapes[p] for p in pairs]
        wide = cells.widths[pairs] ** 2
        prior = np.array([s.covariance(years) if years else np.zeros((0, 0)) for s in shapes])
        return _System(
            rows=rows,
            drift=cells.drift[chosen],
            change=np.diff(box_cox(figures.logs, np.asarray(exponent)))[known],
            total=spans.sum(axis=1)[known],
            base=(spans @ (prior + wide[:, None, None]) @ spans.T)[:, known][:, :, known],
            errors=errors[np.ix_(known, known)],
            basis=np.stack([_basis(shape, years) @ spans.T for shape in shapes])[:, :, known],
            last=last[known],
            start=float(noise[-1] + figures.after**2),
        )

    def solve(self, sigma: float) -> tuple[Array, Array, Array, Array, float]:
        """One-step errors and their log spread in units of sigma, state, what is explained, start."""
        changes = len(self.change)
        covariance = self.base + self.errors / sigma**2 + _JITTER * np.eye(changes)
        lower = np.linalg.cholesky(covariance)
        inverse = np.linalg.inv(lower)
        tail = np.broadcast_to(self.last / sigma**2, (len(self.base), 1, changes))
        gain = np.concatenate([self.basis, tail], axis=1) @ np.swapaxes(inverse, 1, 2)
        errors = (inverse @ self.change)[self.rows] - self.drift[:, None] * (inverse @ self.total)[self.rows]
        return (
            errors,
            np.log(np.diagonal(lower, axis1=1, axis2=2))[self.rows],
            np.einsum("cij,cj->ci", gain[self.rows], errors),
            (gain @ np.swapaxes(gain, 1, 2))[self.rows],
            self.start / sigma**2,
        )


def _spans(gaps: Whole) -> Array:
    """Which years each change covers, ``(change, year)``."""
    ends = np.cumsum(gaps)
    years = np.arange(int(gaps.sum()))
    return np.asarray((years < ends[:, None]) & (years >= (ends - gaps)[:, None]), float)


def _basis(shape: Shape, years: int) -> Array:
    """Covariance of every year's change with growth, level deviation and drift at the end, ``(3, year)``."""
    back = np.arange(years - 1, -1, -1, dtype=float)
    return np.stack([shape.phi**back, shape.rho**back, np.ones(years)])


def _filtered(cells: Settings, points: Array, errors: Array, spread: Array) -> tuple[Array, Array, Array]:
    """Log density, posterior of sigma ``(point, cell)`` and what it is worth, year by year.

    A figure that says little of sigma, because its error is mostly noise, lets little time pass: its discount
    has the power ``d log(spread) / d log(sigma)``, which is 1 without noise.
    """
    log_sigma = np.log(points)[:, None]
    prior = _normal(-2.0 * cells.strength * log_sigma - cells.rate * np.exp(-2.0 * log_sigma))
    weight, strength = prior, cells.strength
    density = np.zeros(len(cells.pair))
    for t in range(errors.shape[2]):
        wide = log_sigma + spread[:, :, t]
        speed = np.gradient(wide, log_sigma[:, 0], axis=0)
        step = weight - 0.5 * np.log(2.0 * np.pi) - wide - 0.5 * (errors[:, :, t] / points[:, None]) ** 2
        density += special.logsumexp(step, axis=0)
        after = _normal(step)
        told = np.clip((np.exp(after) * speed).sum(axis=0), 0.0, 1.0)
        keep = cells.discount**told
        weight = _normal(keep * after + (1.0 - keep) * prior)
        strength = keep * (strength + 0.5 * told) + (1.0 - keep) * cells.strength
    return density, np.exp(weight), strength


def _normal(log_weight: Array) -> Array:
    """Bring log weights to the sum 1 over the points."""
    return np.asarray(log_weight - special.logsumexp(log_weight, axis=0))
