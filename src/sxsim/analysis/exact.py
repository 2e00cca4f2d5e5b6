"""Closed form: one indicator, one year, one number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.analysis.event import Row
from sxsim.processes import Grown, PathLaw
from sxsim.processes.marginal import MixtureMarginal
from sxsim.processes.mixture import sigma_multiplier
from sxsim.processes.one_year import SideBySide

Array = NDArray[np.float64]

_NODES = 96


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A probability and where its uncertainty comes from, each ``(member,)``; and how many paths it took."""

    probability: Array
    standard_error: Array
    route: str
    variance_parameter: Array
    variance_model: Array
    draws: int = 0


def added(weighed: Sequence[tuple[Array, Answer]]) -> Answer:
    """Return a sum of probabilities, weights ``(member,)``; their errors may all go the same way.

    The route is that of the answer with the largest error; what it is made of is left out.
    """
    total = np.sum([weight * answer.probability for weight, answer in weighed], axis=0)
    error = np.sum([np.abs(weight) * answer.standard_error for weight, answer in weighed], axis=0)
    worst = max(
        (answer for _, answer in weighed), key=lambda one: float(np.nanmax([*one.standard_error, -1.0]))
    )
    return Answer(
        probability=np.clip(total, 0.0, 1.0),
        standard_error=np.asarray(error),
        route=worst.route,
        variance_parameter=np.zeros_like(total),
        variance_model=np.zeros_like(total),
    )


def exact_answer(row: Row, grown: Grown, offset: Array | float, last_year: int) -> Answer:
    """P(row holds) from the Student-t law of that year.

    The part of p(1 - p) that comes from parameters is E[P(hit | drift, sigma)^2] - p^2. Given sigma two
    worlds of one drift are bivariate normal with correlation rho, the drift's share of the variance, and
    ``P(both) = Phi(h) - 2 T(h, sqrt((1 - rho) / (1 + rho)))`` with Owen's T (Owen 1956,
    https://doi.org/10.1214/aoms/1177728074); sigma is integrated by Gauss-Legendre nodes.
    """
    threshold = grown.carrier.forward(np.asarray(row.level, float)) - grown.last_level() - offset
    steps = row.year - grown.last_years()
    if isinstance(grown.law, PathLaw):
        return _walked(grown.law.marginal(steps, grown.last_level()), threshold, row.sign)
    law = MixtureMarginal.of(grown.law.marginal(steps))
    cells = law.tails(threshold, row.sign)
    rho = np.broadcast_to(grown.law.drift_share(steps).reshape(grown.size, -1), cells.shape)
    both = np.where(law.spread > 0, _both(row.sign * law.margins(threshold), law.dof, rho), cells)
    p = (law.weights * cells).sum(axis=1)
    model = (law.weights * cells**2).sum(axis=1) - p**2
    parameter = (law.weights * (both - cells**2)).sum(axis=1)
    model = np.clip(model, 0.0, p * (1.0 - p))
    return Answer(
        probability=p,
        standard_error=np.zeros_like(p),
        route="exact",
        variance_parameter=np.clip(parameter, 0.0, p * (1.0 - p) - model),
        variance_model=model,
    )


def _walked(law: SideBySide, threshold: Array, sign: float) -> Answer:
    """P(row holds) for a process with known parameters: all its uncertainty is shock."""
    p = law.at_least(threshold) if sign > 0 else law.at_most(threshold)
    none = np.zeros_like(p)
    return Answer(
        probability=p,
        standard_error=none,
        route="exact",
        variance_parameter=none,
        variance_model=none,
    )


def _both(margin: Array, dof: Array, rho: Array) -> Array:
    """P(two worlds of one cell, drift and sigma both hit), for margins in units of the spread."""
    nodes, weights = _nodes()
    finite = np.where(np.isfinite(margin), margin, 0.0)
    h = finite[..., None] / sigma_multiplier(0.5 * (nodes + 1.0), dof[..., None])
    pair = special.ndtr(h) - 2.0 * special.owens_t(h, np.sqrt((1.0 - rho) / (1.0 + rho))[..., None])
    return np.asarray(0.5 * pair @ weights)


@cache
def _nodes() -> tuple[Array, Array]:
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return nodes, weights
