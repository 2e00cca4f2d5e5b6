"""The cells of one indicator as tables: what a uniform picks, and what it does to a path."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.processes import Mixture
from sxsim.processes.transform import EXPONENTS
from sxsim.simulation.sigma import multipliers, stacked_pieces

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

GUIDE = 1 << 12


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class CellTable:
    """A mixture prepared for drawing the years from one on, cells last.

    Attributes
    ----------
    cumulative
        Cumulated weights, the last one infinite: no uniform goes beyond, ``(cell,)``.
    guide
        Cell to begin the search with for each of 4,096 equal parts of the unit interval.
    scales, places, groups
        Scale of sigma, place among the ``pieces``, and place of the exponent among the three, ``(cell,)``.
    pieces
        Tables of the multiplier of sigma, ``(table * segment, 4)``.
    locations, factors
        Of the years, ``(year, cell)`` and ``(shock, year, cell)``; a year has loads on the drift and on the
        shocks up to its own.
    known
        Whether sigma is known in every cell.
    """

    cumulative: Array
    guide: Whole
    scales: Array
    places: Whole
    groups: NDArray[np.uint8]
    pieces: Array
    locations: Array
    factors: Array
    known: bool

    @staticmethod
    def of(law: Mixture, gap: int) -> CellTable:
        """Prepare the years after the first ``gap``."""
        cumulative = np.cumsum(law.weights)
        cumulative[-1] = np.inf
        pieces, places = stacked_pieces(law.dof)
        return CellTable(
            cumulative=cumulative,
            guide=np.searchsorted(cumulative, np.arange(GUIDE) / GUIDE, side="right"),
            scales=law.scales,
            places=places,
            groups=np.searchsorted(EXPONENTS, law.exponents).astype(np.uint8),
            pieces=pieces,
            locations=np.ascontiguousarray(law.locations[:, gap:].T),
            factors=np.ascontiguousarray(law.factors[:, gap:].transpose(2, 1, 0)),
            known=bool(np.isinf(law.dof).all()),
        )

    @property
    def single(self) -> bool:
        """Whether there is nothing to pick."""
        return len(self.scales) == 1

    @property
    def drifting(self) -> bool:
        """Whether the drift is in doubt."""
        return bool(self.factors[0].any())

    @property
    def curved(self) -> bool:
        """Whether some cell grows on a transformed scale."""
        return bool(self.groups.any())

    def pick(self, uniform: Array) -> Whole:
        """Return the cell of each uniform, one entry where there is only one."""
        if self.single:
            return np.zeros(1, np.int64)
        cell = self.guide.take((uniform * GUIDE).astype(np.int64))
        while (beyond := uniform >= self.cumulative.take(cell)).any():
            cell += beyond
        return cell

    def sigma(self, cell: Whole, uniform: Array) -> Array:
        """Return the standard deviation of the yearly shock of each draw."""
        scale = self.scales.take(cell)
        if self.known:
            return scale
        return scale * multipliers(
            self.pieces, np.broadcast_to(self.places.take(cell), uniform.shape), uniform
        )
