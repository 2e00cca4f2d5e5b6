"""One indicator of one member, from normals and uniforms at points to its levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.integrals.path_order import construction
from sxsim.processes import Grown, Mixture, PathLaw, PathProcess
from sxsim.processes.transform import inverse_box_cox
from sxsim.simulation import Order, cell_multipliers

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Walker:
    """How an indicator moves after the model's last year.

    Attributes
    ----------
    name, law, start, member
        Of the indicator; a mixture over the years from its last figure on, or a law that is walked.
    gap
        Years before the first year ahead that are not known.
    build
        From coordinates to the normals of all its years, ``(year, coordinate)``.
    offset
        What the policy adds to the level, ``(year ahead,)``.
    """

    name: str
    law: Mixture | PathLaw
    start: float
    member: int
    gap: int
    build: Array
    offset: Array

    @staticmethod
    def of(
        grown: Grown, last_year: int, horizon: int, offset: Array | None, *, member: int, order: Order
    ) -> Walker:
        """Prepare one member of an indicator."""
        gap = last_year - int(grown.last_years()[member])
        law = grown.law if isinstance(grown.law, PathLaw) else grown.law.mixture(gap + horizon, member)
        moved = np.zeros((1, horizon)) if offset is None else offset
        return Walker(
            name=grown.name,
            law=law,
            start=float(grown.last_level()[member]),
            member=member,
            gap=gap,
            build=construction(order, gap + horizon),
            offset=np.broadcast_to(moved, (grown.size, moved.shape[1]))[member, :horizon],
        )

    @property
    def years(self) -> int:
        """Years it walks, those before the first year ahead included."""
        return len(self.build)

    @property
    def picks(self) -> bool:
        """Whether a coordinate picks its cell or the parameters of its process."""
        if isinstance(self.law, Mixture):
            return len(self.law.weights) > 1
        return not isinstance(self.law, PathProcess)

    @property
    def uncertain(self) -> bool:
        """Whether a coordinate stands for its sigma."""
        return isinstance(self.law, Mixture) and bool(np.isfinite(self.law.dof).any())

    def levels(self, pick: Array, sigma: Array, drift: Array, normals: Array) -> Array:
        """Levels on the link scale, ``(year ahead, point)``.

        Parameters
        ----------
        pick, sigma
            Uniforms, ``(point,)``.
        drift
            Normal of the drift, ``(point,)``.
        normals
            Of every year, ``(year, point)``.
        """
        if isinstance(self.law, Mixture):
            path = self.start + _changes(self.law, pick, sigma, np.concatenate([drift[None], normals]))
        else:
            path = self.law.paths(self.start, normals, pick, self.member)
        return np.asarray(path[self.gap :] + self.offset[:, None])


def _changes(law: Mixture, pick: Array, sigma: Array, normals: Array) -> Array:
    """Change of the link-scale level, ``(year, point)``."""
    cell = np.searchsorted(np.cumsum(law.weights)[:-1], pick, side="right")
    scale = law.scales[cell] * cell_multipliers(law.dof, cell, sigma)
    change = law.locations[cell].T + scale * np.einsum("pyn,np->yp", law.factors[cell], normals)
    return inverse_box_cox(change, law.exponents[cell]) if law.exponents.any() else change
