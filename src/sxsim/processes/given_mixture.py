"""A law that is given by its mixture: one member's future, whatever it came from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.processes.marginal import MixtureMarginal
from sxsim.processes.mixture import Mixture

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class GivenMixture:
    """The law of one series, as far as its mixture reaches.

    Attributes
    ----------
    law
        Of the years after the last figure.
    """

    law: Mixture

    def marginal(self, step: NDArray[np.int64] | int) -> MixtureMarginal:
        """Return the law of the change ``step`` years after the last figure."""
        year = int(np.max(step)) - 1
        spread = self.law.scales * np.sqrt(np.square(self.law.factors[:, year]).sum(axis=1))
        return MixtureMarginal(
            weights=self.law.weights[None],
            location=self.law.locations[None, :, year],
            spread=spread[None],
            dof=self.law.dof[None],
            exponent=self.law.exponents[None],
        )

    def drift_share(self, step: NDArray[np.int64] | int) -> Array:
        """Share of each cell's variance that comes from the drift not being known, ``(member, cell)``."""
        square = np.square(self.law.factors[:, int(np.max(step)) - 1])
        return np.asarray(square[:, 0] / square.sum(axis=1))[None]

    def mixture(self, horizon: int, member: int = 0) -> Mixture:
        """Return the joint law of the next ``horizon`` years."""
        del member
        return Mixture(
            weights=self.law.weights,
            locations=self.law.locations[:, :horizon],
            factors=self.law.factors[:, :horizon, : 1 + horizon],
            scales=self.law.scales,
            dof=self.law.dof,
            exponents=self.law.exponents,
        )
