"""One year of a mixture of Student-t laws over transformed scales: probabilities and quantiles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsim.processes.inversion import invert
from sxsim.processes.mixture import StudentT, student_cdf, student_quantile
from sxsim.processes.transform import box_cox, inverse_box_cox

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class MixtureMarginal:
    """Law of a log change: in each cell its Box-Cox transform is Student-t, ``(member, cell)``.

    Attributes
    ----------
    weights, location, spread, dof, exponent
        Of each member's cells.
    """

    weights: Array
    location: Array
    spread: Array
    dof: Array
    exponent: Array

    @staticmethod
    def of(law: StudentT | MixtureMarginal) -> MixtureMarginal:
        """Return any one-year law as cells."""
        if isinstance(law, MixtureMarginal):
            return law
        location = np.atleast_1d(law.location)[:, None]
        ones = np.ones_like(location)
        return MixtureMarginal(
            weights=ones,
            location=location,
            spread=ones * np.atleast_1d(law.spread)[:, None],
            dof=ones * np.atleast_1d(law.dof)[:, None],
            exponent=0.0 * ones,
        )

    @staticmethod
    def joined(laws: Sequence[MixtureMarginal]) -> MixtureMarginal:
        """Return the members of several laws below each other; all have the same number of cells."""
        return MixtureMarginal(
            weights=np.concatenate([law.weights for law in laws]),
            location=np.concatenate([law.location for law in laws]),
            spread=np.concatenate([law.spread for law in laws]),
            dof=np.concatenate([law.dof for law in laws]),
            exponent=np.concatenate([law.exponent for law in laws]),
        )

    def at_least(self, value: Array) -> Array:
        """P(change >= value), ``(member,)``."""
        return np.asarray((self.weights * self.tails(value, 1.0)).sum(axis=1))

    def at_most(self, value: Array) -> Array:
        """P(change <= value), ``(member,)``."""
        return np.asarray((self.weights * self.tails(value, -1.0)).sum(axis=1))

    def margins(self, value: Array) -> Array:
        """Distance of each cell's median above the value, in units of its spread; infinite without spread."""
        distance = self.location - box_cox(np.asarray(value, float)[..., None], self.exponent)
        sure = np.where(distance >= 0, np.inf, -np.inf)
        return np.where(self.spread > 0, distance / np.where(self.spread > 0, self.spread, 1.0), sure)

    def tails(self, value: Array, sign: float) -> Array:
        """P(sign * (change - value) >= 0) in each cell, ``(member, cell)``."""
        distance = self.location - box_cox(np.asarray(value, float)[..., None], self.exponent)
        z = sign * distance / np.where(self.spread > 0, self.spread, 1.0)
        return np.where(self.spread > 0, student_cdf(z, self.dof), sign * distance >= 0)

    def quantiles(self, probabilities: ArrayLike) -> Array:
        """Return quantiles of the change, ``(quantile, member)``."""
        levels = np.atleast_1d(np.asarray(probabilities, float))
        if self.weights.shape[1] == 1:
            exact = self.location + self.spread * student_quantile(levels[:, None, None], self.dof)
            return inverse_box_cox(exact, self.exponent)[..., 0]
        return invert(self, levels)
