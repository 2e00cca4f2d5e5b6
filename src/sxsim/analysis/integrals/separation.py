"""Conjunctions as averages: cells, sigmas and correlation by inversion, then the orthant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.integrals.covariance import Given, Products, across, within
from sxsim.analysis.integrals.orthant import orthant
from sxsim.analysis.integrals.system import System
from sxsim.simulation import Twin, cell_multipliers

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Sampled:
    """P(all conditions hold), or that they hold in two worlds; every point has its cells and sigmas."""

    system: System
    twin: Twin
    one: Products
    both: Products
    known: float = 0.0
    bound: float = 0.0

    @staticmethod
    def of(system: System, twin: Twin = Twin.NONE) -> Sampled:
        """Prepare the tables of a system."""
        return Sampled(system=system, twin=twin, one=within(system), both=across(system))

    @property
    def dims(self) -> int:
        """Cells, what is not known of sigmas and correlation in each world, and all normals but the last."""
        worlds = 1 if self.twin is Twin.NONE else 2
        cells = sum(factor.mixed for factor in self.system.factors)
        doubts = sum(factor.uncertain for factor in self.system.factors) + self.system.doubtful
        drawn = doubts * (2 if self.twin is Twin.CELLS else 1)
        return cells + drawn + worlds * self.system.rows - 1

    def values(self, points: Array) -> Array:
        """Return the probability given each point, ``(coordinate, point)``."""
        columns, count = iter(points), points.shape[1]
        cells = picked_cells(self.system, columns, count)
        given = drawn_given(self.system, cells, columns, count)
        mean = sum(f.margins[c].T for f, c in zip(self.system.factors, cells, strict=True))
        covariance = self.one.covariance(given)
        if self.twin is not Twin.NONE:
            mean = np.concatenate([mean, mean])
            covariance = self._two_worlds(covariance, given, columns)
        return orthant(np.asarray(mean), covariance, np.array(list(columns)))

    def _two_worlds(self, first: Array, given: Given, columns: Iterator[Array]) -> Array:
        """Covariance of the conditions in both worlds; they share the drifts and what is given, or cells."""
        if self.twin is Twin.PARAMETERS:
            return _blocks(first, self.both.covariance(given), first)
        again = drawn_given(self.system, given.cells, columns, len(given.mix))
        return _blocks(first, np.zeros_like(first), self.one.covariance(again))


def picked_cells(system: System, columns: Iterator[Array], count: int) -> list[Whole]:
    """Return a cell per indicator and point, by one coordinate where there are several."""
    return [
        factor.pick(next(columns)) if factor.mixed else np.zeros(count, np.int64) for factor in system.factors
    ]


def drawn_given(system: System, cells: Sequence[Whole], columns: Iterator[Array], count: int) -> Given:
    """Return correlation and sigmas of each point, by one coordinate for each that is not known."""
    draws = len(system.correlations)
    mix = (next(columns) * draws).astype(np.int64) if system.doubtful else np.zeros(count, np.int64)
    sigmas = [
        f.scales[c] * (cell_multipliers(f.dof, c, next(columns)) if f.uncertain else 1.0)
        for f, c in zip(system.factors, cells, strict=True)
    ]
    return Given(cells=cells, sigmas=sigmas, mix=mix)


def _blocks(first: Array, between: Array, second: Array) -> Array:
    above = np.concatenate([first, between], axis=1)
    below = np.concatenate([between.transpose(1, 0, 2), second], axis=1)
    return np.concatenate([above, below])
