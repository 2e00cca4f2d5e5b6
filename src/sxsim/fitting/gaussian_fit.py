"""A Gaussian process fitted to levels, missing years included: shape by draws, the rest in closed form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.fitting.laplace import Draws, weighted_draws
from sxsim.fitting.walk import Prior
from sxsim.processes import GaussianPosterior, GaussianProcess, System
from sxsim.processes.parameter import free_names, with_values

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Member:
    """Changes between successive figures of one member, and the years each of them spans, oldest first."""

    changes: Array
    gaps: NDArray[np.int64]

    @staticmethod
    def of(levels: Array) -> _Member:
        seen = np.flatnonzero(np.isfinite(levels))
        return _Member(np.diff(levels[seen]), np.diff(seen))

    def years(self) -> Array:
        """Which yearly changes add up to which observed one, ``(change, year)``."""
        last = np.cumsum(self.gaps)
        year = np.arange(int(last[-1]) if len(last) else 0)
        return ((year < last[:, None]) & (year >= (last - self.gaps)[:, None])).astype(float)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the figures say in each draw of the shape, arrays with the draw in front."""

    loglik: Array
    mean: Array
    covariance: Array
    scale: Array
    dof: Array


def fit_gaussian(
    levels: Array, family: GaussianProcess, prior: Prior
) -> tuple[GaussianPosterior, list[Draws]]:
    """Fit link-scale levels ``(member, year)``, NaN where not observed.

    Drift and spread have the prior ``drift | sigma ~ N(m0, sigma^2 / k0)``, ``sigma^2 ~ inverse gamma`` and
    are integrated out; a drift or spread that was given is known. The memory starts stationary. What is left
    free is drawn from its posterior.
    """
    found = [_fit_member(_Member.of(row), family, prior) for row in levels]
    knowns, systems = [known for _, _, known in found], [system for _, system, _ in found]
    posterior = GaussianPosterior(
        name=type(family).__name__,
        weights=np.stack([draws.weights for draws, _, _ in found]),
        system=_stacked(systems),
        mean=np.stack([known.mean for known in knowns]),
        covariance=np.stack([known.covariance for known in knowns]),
        scale=np.stack([known.scale for known in knowns]),
        dof=np.stack([known.dof for known in knowns]),
    )
    return posterior, [draws for draws, _, _ in found]


def shape_names(family: GaussianProcess) -> list[str]:
    """Free parameters other than drift and spread."""
    return [name for name in free_names(family) if name not in ("drift", "sigma")]


def _fit_member(member: _Member, family: GaussianProcess, prior: Prior) -> tuple[Draws, System, _Known]:
    described = {p.name: p for p in family.parameters}
    free = [described[name] for name in shape_names(family)]

    def systems(points: Array) -> System:
        columns = [p.bounded(x).tolist() for p, x in zip(free, points.T, strict=True)]
        names = [p.name for p in free]
        rows = zip(*columns, strict=True) if columns else [()]
        return _stacked([with_values(family, dict(zip(names, row, strict=True))).system() for row in rows])

    def log_density(points: Array) -> Array:
        belief = sum((p.log_belief(x) for p, x in zip(free, points.T, strict=True)), start=np.zeros(1))
        return belief + _learn(member, systems(points), family, prior).loglik

    draws = weighted_draws(log_density, len(free))
    system = systems(draws.points)
    return draws, system, _learn(member, system, family, prior)


def _learn(member: _Member, system: System, family: GaussianProcess, prior: Prior) -> _Known:
    """Condition memory and drift on the figures in every draw, and integrate the spread."""
    given_drift, given_sigma = (name not in free_names(family) for name in ("drift", "sigma"))
    centre = family.drift if given_drift else prior.drift
    width = 0.0 if given_drift else 1.0 / prior.years
    years = member.years()
    memory, past, both = _covariances(system, years.shape[1])
    span = member.gaps.astype(float)
    observed = years @ past @ years.T + width * np.multiply.outer(span, span)
    drift_row = np.broadcast_to(width * span, (len(past), 1, len(span)))
    cross = np.concatenate([both @ years.T, drift_row], axis=1)
    factor = np.linalg.cholesky(observed)
    white = np.linalg.solve(factor, (member.changes - centre * span)[:, None])[..., 0]
    seen = np.linalg.solve(factor, cross.transpose(0, 2, 1))
    before = np.zeros((len(past), cross.shape[1], cross.shape[1]))
    before[:, :-1, :-1], before[:, -1, -1] = memory, width
    mean = np.einsum("dmi,dm->di", seen, white)
    mean[:, -1] += centre
    count, squares = len(span), (white**2).sum(axis=1)
    logdet = 2.0 * np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1)
    if given_sigma:
        scale, dof = np.full(len(past), float(family.sigma)), np.full(len(past), np.inf)
        loglik = -0.5 * squares / family.sigma**2 - count * np.log(family.sigma) - 0.5 * logdet
    else:
        shape, rate = prior.shape + 0.5 * count, prior.rate + 0.5 * squares
        scale, dof = np.sqrt(rate / shape), np.full(len(past), 2.0 * shape)
        loglik = special.gammaln(shape) - shape * np.log(rate) - 0.5 * logdet
    return _Known(loglik, mean, before - np.einsum("dmi,dmj->dij", seen, seen), scale, dof)


def _covariances(system: System, years: int) -> tuple[Array, Array, Array]:
    """Covariances for sigma = 1 of the memory, of the past growth, and between them.

    The last year of the past is the year of the memory. With the stationary covariance ``P = F P F' + k k'``
    growth has the variance ``h P h' + 1`` and, ``j`` years apart, ``h F^(j-1) (F P h' + k)``.
    """
    h, f, k = system.observe, system.transition, system.gain
    draws, size = h.shape
    square = np.einsum("dij,dkl->dikjl", f, f).reshape(draws, size * size, size * size)
    source = np.multiply(k[:, :, None], k[:, None, :]).reshape(draws, size * size, 1)
    memory = np.linalg.solve(np.eye(size * size) - square, source).reshape(draws, size, size)
    column = np.einsum("dij,djk,dk->di", f, memory, h) + k
    lags, columns = [np.einsum("di,dij,dj->d", h, memory, h) + 1.0], []
    for _ in range(years):
        columns.append(column)
        lags.append(np.einsum("di,di->d", h, column))
        column = np.einsum("dij,dj->di", f, column)
    index = np.arange(years)
    past = np.stack(lags, axis=1)[:, np.abs(index[:, None] - index)]
    both = np.stack(columns[::-1], axis=2) if years else np.zeros((draws, size, 0))
    return memory, past, both


def _stacked(systems: list[System]) -> System:
    return System(
        observe=np.stack([s.observe for s in systems]),
        transition=np.stack([s.transition for s in systems]),
        gain=np.stack([s.gain for s in systems]),
    )
