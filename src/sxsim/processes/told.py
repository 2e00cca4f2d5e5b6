"""What figures given for years to come say about the cells, sigma and shocks of one member."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.errors import ModelError
from sxsim.processes.figures import Figures
from sxsim.processes.mixture import Mixture
from sxsim.processes.path_process import PathLaw, PathProcess
from sxsim.processes.transform import box_cox

if TYPE_CHECKING:
    from sxsim.processes.model import Grown

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_ROUNDING = 1e-12


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Told:
    """Given figures as independent statements about the shocks, in every cell.

    With ``x = location + sigma (f d + F e)`` in the years given, ``F = L Q'`` with orthonormal ``Q``, they
    say that ``y / sigma = q d + Q' e``.

    Attributes
    ----------
    places
        Their years as steps after the model's last year, from zero, ``(year,)``.
    change
        Change since the last figure, on the link scale, ``(year,)``.
    scores, drift, rows
        ``y`` and ``q``, ``(cell, year)``, and ``Q'``, ``(cell, year, shock)``: unknown years before the
        model's last year come first.
    distance
        Squared distance from the median, in units of sigma squared, ``(cell,)``.
    log_volume
        Log of the determinant that belongs to it, and of the change of scale, ``(cell,)``.
    """

    places: Whole
    change: Array
    scores: Array
    drift: Array
    rows: Array
    distance: Array
    log_volume: Array

    def weights(self, law: Mixture) -> Array:
        """Probabilities of the cells: the prior ones times the density of the figures."""
        m, square = len(self.places), law.scales**2
        known = np.isinf(law.dof)
        dof = np.where(known, 1.0, law.dof)
        far = self.distance / square
        tail = np.where(known, -0.5 * far, -0.5 * (dof + m) * np.log1p(far / dof))
        height = special.gammaln(0.5 * (dof + m)) - special.gammaln(0.5 * dof) - 0.5 * m * np.log(0.5 * dof)
        with np.errstate(divide="ignore"):
            logs = np.log(law.weights) + tail + np.where(known, 0.0, height)
        logs += self.log_volume - m * np.log(law.scales)
        weights = np.exp(logs - logs.max())
        return np.asarray(weights / weights.sum())

    def updated(self, law: Mixture) -> Mixture:
        """Return cells and sigmas after the figures; locations and factors stay: it is shocks that move."""
        m, known = len(self.places), np.isinf(law.dof)
        dof = np.where(known, 1.0, law.dof)
        square = (dof * law.scales**2 + self.distance) / (dof + m)
        return replace(
            law,
            weights=self.weights(law),
            scales=np.where(known, law.scales, np.sqrt(square)),
            dof=np.where(known, law.dof, dof + m),
        )


def told(grown: Grown, figures: Figures, last_year: int, member: int) -> Told | None:
    """Return what the figures say of one member; None for a member without a last figure.

    Raises
    ------
    ModelError
        The law cannot follow the figures.
    """
    change = grown.carrier.forward(figures.values[:, member]) - grown.last_level()[member]
    if not np.isfinite(change).all():
        return None
    gap, places = last_year - int(grown.last_years()[member]), figures.years - last_year - 1
    if isinstance(grown.law, PathLaw):
        return _walked(grown, places, gap, member, change)
    law = grown.law.mixture(gap + int(places[-1]) + 1, member)
    loads, drift = law.factors[:, gap + places, 1:], law.factors[:, gap + places, 0]
    lower, rows = _orthonormal(loads)
    diagonal = np.diagonal(lower, axis1=1, axis2=2)
    if not (diagonal > _ROUNDING * np.abs(loads).max(initial=_ROUNDING)).all() or not law.scales.all():
        raise ModelError(
            f"Nothing is uncertain about {grown.name!r}, so that it cannot be {figures.values[0, member]:g} "
            f"in {figures.years[0]}.",
            "Give its law a sigma above zero, or leave it out of the path.",
        )
    beyond = box_cox(change, law.exponents[:, None]) - law.locations[:, gap + places]
    scores, slope = _solved(lower, beyond), _solved(lower, drift)
    length, along = 1.0 + (slope**2).sum(axis=1), (slope * scores).sum(axis=1)
    volume = -np.log(diagonal).sum(axis=1) - 0.5 * np.log(length) + law.exponents * change.sum()
    return Told(
        places=places,
        change=change,
        scores=scores,
        drift=slope,
        rows=rows,
        distance=(scores**2).sum(axis=1) - along**2 / length,
        log_volume=volume,
    )


def _walked(grown: Grown, places: Whole, gap: int, member: int, change: Array) -> Told:
    """Known innovations of the first years of a process with known parameters."""
    process = grown.law
    if grown.counts:
        raise ModelError(f"{grown.name!r} is a count, which cannot be given.", "Leave it out of the path.")
    if not isinstance(process, PathProcess):
        raise ModelError(
            f"The parameters of {grown.name!r} are drawn ({type(process).__name__}): the figures would "
            "have to weigh them.",
            "Fit a Gaussian process or the default family, or give the parameters by hand.",
        )
    if gap or not np.array_equal(places, np.arange(len(places))):
        first = grown.last_years()[member] + 1
        raise ModelError(
            f"{grown.name!r} is walked year by year; its path leaves out a year from {first} on.",
            f"Give every year from {first} to the last one given.",
        )
    start = grown.last_level()[member : member + 1]
    with np.errstate(all="ignore"):
        normals = np.asarray(process.residuals(start, (start + change)[:, None])).reshape(-1)
        rebuilt = np.asarray(process.simulate(start, normals[:, None])).reshape(-1) - start
    if not (np.isfinite(normals).all() and np.allclose(rebuilt, change, rtol=1e-6, atol=1e-6)):
        raise ModelError(
            f"{type(process).__name__} cannot take {grown.name!r} along the path given.",
            "Stay within what the process can reach.",
        )
    count = len(places)
    return Told(
        places=places,
        change=change,
        scores=normals[None],
        drift=np.zeros((1, count)),
        rows=np.eye(count)[None],
        distance=np.array([np.square(normals).sum()]),
        log_volume=np.zeros(1),
    )


def _orthonormal(loads: Array) -> tuple[Array, Array]:
    """Lower triangular and orthonormal factors of ``(cell, row, column)``, by Gram-Schmidt, done twice."""
    count = loads.shape[1]
    lower, rows = np.zeros((len(loads), count, count)), np.zeros_like(loads)
    for i in range(count):
        rest = loads[:, i]
        for j in (*range(i), *range(i)):
            part = (rest * rows[:, j]).sum(axis=1)
            lower[:, i, j] += part
            rest = rest - part[:, None] * rows[:, j]
        lower[:, i, i] = np.sqrt((rest**2).sum(axis=1))
        rows[:, i] = rest / np.maximum(lower[:, i, i], 1e-300)[:, None]
    return lower, rows


def _solved(lower: Array, right: Array) -> Array:
    """Solution of ``lower @ x = right`` in every cell, by substitution."""
    out = np.zeros_like(right)
    for i in range(right.shape[1]):
        rest = right[:, i] - (lower[:, i, :i] * out[:, :i]).sum(axis=1)
        out[:, i] = rest / np.maximum(lower[:, i, i], 1e-300)
    return out
