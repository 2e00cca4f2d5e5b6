"""P(all indicators keep one condition each) if cells shared a direction, to first order where they do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.analysis.integrals.curves import Curves
from sxsim.analysis.integrals.nodes import normal_grid, precision_nodes

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

_SPAN = 6.5  # curves reach as many standard deviations of a common part
_TOGETHER = 8  # correlations on one grid
_WIDEST = 1 << 13  # values computed at once
_ROWS = 256
_LIGHT = 1e-12
_HEIGHT = 1.0 / np.sqrt(2.0 * np.pi)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """How finely cells, sigma and correlations are integrated.

    Attributes
    ----------
    step
        Step of the rule for sigma.
    sharpness
        Points of a curve per width of its steepest cell.
    parts
        Points between the smallest and the largest own part of different correlations.
    """

    step: float
    sharpness: float
    parts: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """One indicator's condition, cell by cell: ``cosine * y + reach * scale / sigma + rest >= 0``.

    ``y`` is standard normal and common to the cells, ``rest`` is normal and fills the variance up to 1.

    Attributes
    ----------
    weights, dof
        Of the cells.
    reach
        Median distance to the level in units of the spread at the scale of sigma.
    cosine
        Of the angle between the cell's direction and the common one.
    ways
        Coordinates of the cell's direction along which cells differ most, ``(cell, way)``.
    """

    weights: Array
    dof: Array
    reach: Array
    cosine: Array
    ways: Array

    def width(self, own: float) -> float:
        """Smallest width over which the conditional probability rises, in units of ``y``."""
        return float(np.sqrt(1.0 - self.cosine**2 * (1.0 - own)).min())

    def values(self, own: Array, common: Array, step: float) -> Array:
        """Averages over cells and sigma given the factors, ``(own, quantity, common)``.

        ``own`` is the part of the variance of ``y`` that the factors do not explain, ``common`` what they do.
        The quantities are the probability, and the density at the level times the cosine and times each way.
        """
        nodes = [precision_nodes(float(dof), step) for dof in self.dof]
        cell = np.repeat(np.arange(len(self.dof)), [len(node) for node, _ in nodes])
        weight = self.weights[cell] * np.concatenate([weights for _, weights in nodes])
        cell, weight, node = (
            each[weight > _LIGHT] for each in (cell, weight, np.concatenate([node for node, _ in nodes]))
        )
        reach, slope = self.reach[cell] * node, self.cosine[cell]
        load = weight[:, None] * np.column_stack([slope, self.ways[cell]])
        out = np.zeros((len(own), 2 + self.ways.shape[1], len(common)))
        for d, part in enumerate(own):
            steep = 1.0 / np.sqrt(1.0 - slope**2 * (1.0 - part))
            for start in range(0, len(cell), _ROWS):
                some = slice(start, start + _ROWS)
                place = (reach * steep)[some, None] + (slope * steep)[some, None] * common
                out[d, 0] += weight[some] @ special.ndtr(place)
                density = np.exp(-0.5 * place**2) * _HEIGHT
                out[d, 1:] += (load[some] * steep[some, None]).T @ density
        return out


@dataclass(frozen=True, kw_only=True, slots=True)
class Loads:
    """Correlations as ``own + loads loads'`` with a diagonal ``own``, as near as few factors come.

    Attributes
    ----------
    loads
        ``(correlation, indicator, factor)``, the most important factor last.
    own
        Part of the variance that the factors do not explain, ``(correlation, indicator)``.
    """

    loads: Array
    own: Array

    @staticmethod
    def of(correlations: Array, most: int) -> Loads:
        """Split off the smallest eigenvalue and keep the largest of the rest; exact if all are kept."""
        values, vectors = np.linalg.eigh(correlations)
        kept = min(most, correlations.shape[1] - 1)
        loads = vectors[:, :, -kept:] * np.sqrt(values[:, None, -kept:] - values[:, None, :1])
        return Loads(loads=loads, own=1.0 - (loads**2).sum(axis=2))

    def some(self, which: slice | Whole) -> Loads:
        """Return those of some correlations."""
        return Loads(loads=self.loads[which], own=self.own[which])

    def steps(self, step: float) -> tuple[float, ...]:
        """Steps for each factor: the smaller, the further it moves indicators in units of their own part."""
        steep = (self.loads**2).sum(axis=1) / self.own.min(axis=1)[:, None]
        return tuple(step / np.sqrt(1.0 + steep.max(axis=0)))

    @property
    def correlations(self) -> Array:
        """Correlations they stand for, ``(correlation, indicator, indicator)``."""
        out = self.loads @ self.loads.transpose(0, 2, 1)
        diagonal = np.arange(out.shape[1])
        out[:, diagonal, diagonal] = 1.0
        return out


@dataclass(frozen=True, kw_only=True, slots=True)
class CommonFactors:
    """P(all conditions hold) as an integral over common factors, for each correlation.

    To first order in the difference of covariances: that of the factors, and for each pair of cells the
    correlation of their indicators times the product of their ways.

    Attributes
    ----------
    loads
        Of the factors.
    true
        Correlations of the indicators.
    curves
        Quantities of each indicator given the factors.
    """

    loads: Loads
    true: Array
    curves: tuple[Curves, ...]

    @staticmethod
    def of(profiles: Sequence[Profile], loads: Loads, true: Array, rule: Rule) -> CommonFactors:
        """Fill the curves."""
        span = _SPAN * np.sqrt(1.0 - loads.own.min()) + 1e-9
        curves = [
            _curves(profile, own, span, rule) for profile, own in zip(profiles, loads.own.T, strict=True)
        ]
        return CommonFactors(loads=loads, true=true, curves=tuple(curves))

    def probabilities(self, step: float) -> Array:
        """Integrate by the trapezoidal rule, with a step in units of the width of the integrand.

        One for each correlation, ``(correlation,)``; it is faster where neighbours are about as steep.
        """
        out = np.empty(len(self.true))
        for start in range(0, len(out), _TOGETHER):
            stop = min(start + _TOGETHER, len(out))
            nodes, weights = normal_grid(self.loads.some(slice(start, stop)).steps(step))
            width = max(1, _WIDEST // len(weights))
            for first in range(start, stop, width):
                some = slice(first, min(first + width, stop))
                out[some] = self._given(nodes, some) @ weights
        return out

    def _given(self, nodes: Array, some: slice) -> Array:
        """Probabilities given the factors, ``(correlation, node)``."""
        loads = self.loads.some(some)
        found = [curve.at(loads.loads[:, k] @ nodes, some) for k, curve in enumerate(self.curves)]
        return _to_first_order(found, loads.correlations, self.true[some])


def _to_first_order(found: Sequence[Array], common: Array, true: Array) -> Array:
    """Product of the probabilities, and for each pair its change with their covariance, ``(..., node)``."""
    value = np.prod([each[0] for each in found], axis=0)
    for i, j in combinations(range(len(found)), 2):
        rest = [each[0] for k, each in enumerate(found) if k not in (i, j)]
        change = true[:, i, j, None] * (found[i][2:] * found[j][2:]).sum(axis=0)
        change -= common[:, i, j, None] * found[i][1] * found[j][1]
        value = value + np.prod([change, *rest], axis=0)
    return np.asarray(value)


def _curves(profile: Profile, own: Array, span: float, rule: Rule) -> Curves:
    """Return the quantities of an indicator for every correlation."""
    sharpness = rule.sharpness / profile.width(own.min())
    return Curves.of(
        lambda parts, common: profile.values(parts, common, rule.step),
        own,
        span=span,
        count=int(np.ceil(sharpness * span)) + 8,
        between=rule.parts,
    )
