"""A law whose shocks are larger or smaller in some years, the rest as it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sxsim.processes.marginal import MixtureMarginal
from sxsim.processes.mixture import Mixture
from sxsim.processes.model import Law

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Rescaled:
    """A law in which the shock of every year to come is multiplied, and what follows from it with it.

    Medians, weights, drift and sigma stay; the column of the factor that belongs to a year is multiplied.
    Conditions on one year keep their closed form, paths their random numbers.

    Attributes
    ----------
    base
        The law as it was.
    factors
        Multipliers of the years after the model's last, one beyond, ``(year,)``.
    gaps
        Years from each member's last figure to the model's last year, ``(member,)``; their shocks stay.

    Examples
    --------
    >>> from sxsim.processes.random_walk import RandomWalk
    >>> walk = RandomWalk(drift=0.0, sigma=0.1)
    >>> rough = Rescaled(base=walk, factors=np.array([2.0]), gaps=np.zeros(1, int))
    >>> rough.marginal(2).spread.round(4).tolist()
    [[0.2236]]
    """

    base: Law
    factors: Array
    gaps: Whole

    def marginal(self, step: Whole | int) -> MixtureMarginal:
        """Return the law of the change ``step`` years after the last figure, ``(member,)``."""
        law = MixtureMarginal.of(self.base.marginal(step))
        return replace(law, spread=law.spread * np.sqrt(self._growth(step)))

    def drift_share(self, step: Whole | int) -> Array:
        """Share of each cell's variance that comes from the drift not being known, ``(member, cell)``."""
        growth = self._growth(step)
        share = self.base.drift_share(step).reshape(len(growth), -1)
        return np.asarray(share / growth)

    def mixture(self, horizon: int, member: int = 0) -> Mixture:
        """Return the joint law of the next ``horizon`` years of one member."""
        law = self.base.mixture(horizon, member)
        return replace(law, factors=law.factors * self._columns(horizon, member))

    def _columns(self, horizon: int, member: int) -> Array:
        """Multipliers of the drift, of unknown years, and of the years to come, ``(1 + year,)``."""
        out, first = np.ones(1 + horizon), 1 + int(self.gaps[member])
        known = self.factors[: max(0, 1 + horizon - first)]
        out[first : first + len(known)] = known
        return out

    def _growth(self, step: Whole | int) -> Array:
        """Variance of the change relative to what it was, ``(member, cell)``."""
        steps = np.broadcast_to(np.asarray(step), self.gaps.shape)
        return np.stack([_growth_of(self, int(s), member) for member, s in enumerate(steps)])


@lru_cache(maxsize=4096)
def _growth_of(law: Rescaled, step: int, member: int) -> Array:
    """Variance of the change of one member relative to what it was, ``(cell,)``."""
    square = law.base.mixture(step, member).factors[:, -1] ** 2
    before = square.sum(axis=1)
    after = (square * law._columns(step, member) ** 2).sum(axis=1)
    return np.asarray(np.where(before > 0, after / np.where(before > 0, before, 1.0), 1.0))
