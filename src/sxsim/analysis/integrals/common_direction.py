"""One condition for each of several indicators: a smooth integral over common factors, and what it leaves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.integrals.common_factors import CommonFactors, Loads, Profile, Rule
from sxsim.analysis.integrals.orthant import orthant, orthant_and_slope
from sxsim.analysis.integrals.separation import drawn_given, picked_cells
from sxsim.analysis.integrals.system import Factor, System

Array = NDArray[np.float64]

_WAYS = 4
_FEW, _EVERY = 8, 8  # correlations that each get all factors; one in so many tells the error
_MOST_FACTORS, _MOST_OF_MANY = 3, 2
_STEPS, _STEPS_OF_MANY = (0.9, 1.1), (1.1, 1.3)
_RULES = (Rule(step=0.75, sharpness=3.5, parts=6), Rule(step=0.9, sharpness=3.0, parts=5))
_LEAST_OWN = 0.01
_NOTHING = 1e-13


@dataclass(frozen=True, kw_only=True, slots=True)
class CommonDirection:
    """P(all conditions hold), each of them another indicator's.

    Given its cell, a condition looks in one direction of its indicator's normals. Were it the same in every
    cell, indicators would be independent given ``K - 1`` common factors, which need no points. What the true
    directions change is averaged over points.

    Attributes
    ----------
    system
        The conditions; the factor of an indicator stands where its condition does.
    distances
        Median distance to the level in units of the spread for sigma = 1, by indicator, ``(cell,)``.
    pairs, correlations
        The covariance of two conditions is a cosine by their cells, ``(3, cell, cell)``, times a correlation,
        ``(3, correlation, indicator, indicator)``: as it is; as the factors have it; and as it is along the
        ways in which cells differ most.
    complete
        Whether nothing is left to points.
    known, bound
        Value and error of the integral over factors.
    """

    system: System
    distances: tuple[Array, ...]
    pairs: dict[tuple[int, int], Array]
    correlations: Array
    complete: bool
    known: float
    bound: float

    @staticmethod
    def of(system: System) -> CommonDirection | None:
        """Prepare all that needs no points; None for other questions, or where the factors are too steep."""
        alone = all(len(factor.touched) == 1 for factor in system.factors)
        if not (alone and 1 < system.rows == len(system.factors)):
            return None
        system = _in_order_of_rows(system)
        lines = _lines(system.factors)
        common = np.array([line.common for line in lines])
        gram = common @ common.T
        np.fill_diagonal(gram, 1.0)
        most = _MOST_FACTORS if len(system.correlations) <= _FEW else _MOST_OF_MANY
        factors = Loads.of(system.correlations * gram, most)
        if factors.own.min() < _LEAST_OWN:
            return None
        profiles = [line.profile for line in lines]
        known, bound = _integrated(profiles, factors, system.correlations)
        pairs = {(i, j): lines[i].cosines(lines[j]) for i, j in combinations(range(system.rows), 2)}
        bent = max(np.abs(pair[0] - gram[place] * pair[1]).max() for place, pair in pairs.items())
        return CommonDirection(
            system=system,
            distances=tuple(line.distance for line in lines),
            pairs=pairs,
            correlations=np.stack([system.correlations, factors.correlations, system.correlations]),
            complete=bool(bent < _NOTHING) and system.rows <= most + 1,
            known=known,
            bound=bound,
        )

    @property
    def dims(self) -> int:
        """Cells, correlation and sigmas, and all normals but the last."""
        if self.complete:
            return 0
        system = self.system
        doubts = sum(factor.mixed + factor.uncertain for factor in system.factors) + system.doubtful
        return doubts + system.rows - 1

    def values(self, points: Array) -> Array:
        """P(all hold) by true directions, less what is known of it, given each ``(coordinate, point)``."""
        if self.complete:
            return np.zeros(points.shape[1])
        columns, count = iter(points), points.shape[1]
        cells = picked_cells(self.system, columns, count)
        given = drawn_given(self.system, cells, columns, count)
        reach = np.array([d[c] / s for d, c, s in zip(self.distances, cells, given.sigmas, strict=True)])
        covariance = np.ones((3, len(reach), len(reach), count))
        for (i, j), pair in self.pairs.items():
            cosine = pair.reshape(3, -1)[:, cells[i] * pair.shape[2] + cells[j]]
            covariance[:, i, j] = covariance[:, j, i] = self.correlations[:, given.mix, i, j] * cosine
        true, common, ways = covariance
        normals = np.array(list(columns))
        value, slope = orthant_and_slope(reach, common, ways - common, normals)
        return np.asarray(orthant(reach, true, normals) - value - slope)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Line:
    """Directions of one condition, cell by cell, and the common one between them.

    Attributes
    ----------
    distance
        Median distance to the level in units of the spread for sigma = 1, ``(cell,)``.
    shared
        Part of the unit direction in what indicators share, ``(cell, 1 + year)``.
    common
        The same of the common direction, ``(1 + year,)``.
    profile
        What the integral over factors needs.
    """

    distance: Array
    shared: Array
    common: Array
    profile: Profile

    def cosines(self, other: _Line) -> Array:
        """Cosines between two conditions: truly, by the common directions, and by the ways."""
        common = np.outer(self.profile.cosine, other.profile.cosine)
        return np.stack([self.shared @ other.shared.T, common, self.profile.ways @ other.profile.ways.T])


def _lines(factors: Sequence[Factor]) -> list[_Line]:
    """Return the directions of conditions that stand in the order of their indicators."""
    loads = [np.column_stack([f.shared(row), f.unseen[:, row]]) for row, f in enumerate(factors)]
    spreads = [np.linalg.norm(load, axis=1) for load in loads]
    directions = [load / spread[:, None] for load, spread in zip(loads, spreads, strict=True)]
    width = 1 + factors[0].years.shape[2]
    ways = _ways([f.weights for f in factors], [way[:, :width] for way in directions])
    lines = []
    for row, (factor, spread, direction) in enumerate(zip(factors, spreads, directions, strict=True)):
        middle = factor.weights @ direction
        middle /= np.linalg.norm(middle)
        distance = factor.margins[:, row] / spread
        profile = Profile(
            weights=factor.weights,
            dof=factor.dof,
            reach=distance / factor.scales,
            cosine=np.minimum(direction @ middle, 1.0),
            ways=direction[:, :width] @ ways,
        )
        lines.append(
            _Line(distance=distance, shared=direction[:, :width], common=middle[:width], profile=profile)
        )
    return lines


def _ways(weights: Sequence[Array], directions: Sequence[Array]) -> Array:
    """Return the main axes of the directions of all cells, ``(1 + year, way)``."""
    square = sum((d * w[:, None]).T @ d for w, d in zip(weights, directions, strict=True))
    return np.asarray(np.linalg.eigh(square)[1][:, -_WAYS:])


def _integrated(profiles: Sequence[Profile], factors: Loads, true: Array) -> tuple[float, float]:
    """Return the integral over factors, and its error by fewer nodes and by rougher curves.

    Both are tried on some of the correlations, from the least to the most steep.
    """
    order = np.argsort(-factors.own.min(axis=1), kind="stable")
    every = slice(min(_EVERY // 2, len(order) - 1), None, _EVERY)
    some = order[every]
    finer, wider = _STEPS if len(order) <= _FEW else _STEPS_OF_MANY
    fine, coarse = _RULES
    values = CommonFactors.of(profiles, factors.some(order), true[order], fine).probabilities(finer)
    fewer = CommonFactors.of(profiles, factors.some(some), true[some], fine).probabilities(wider)
    rougher = CommonFactors.of(profiles, factors.some(some), true[some], coarse).probabilities(wider)
    return float(values.mean()), _mean_error(values[every] - fewer) + _mean_error(fewer - rougher)


def _mean_error(errors: Array) -> float:
    """Return how far the mean of all may be off, given the errors of some."""
    return float(abs(errors.mean()) + errors.std() / np.sqrt(len(errors)))


def _in_order_of_rows(system: System) -> System:
    place = np.argsort([factor.touched[0] for factor in system.factors])
    return System(
        factors=tuple(system.factors[i] for i in place),
        correlations=system.correlations[:, place][:, :, place],
        rows=system.rows,
    )
