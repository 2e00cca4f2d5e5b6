"""What is done to one indicator, passed on to others: elasticities with lags, on the link scale."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Channels:
    """Totals ``E[t] = own[t] + sum over links of elasticity * E[t - lag]``, solved within each year.

    Attributes
    ----------
    names
        Indicators that are linked, in the order of the matrix.
    within
        ``(I - A_0)^-1`` of the links without a lag.
    lagged
        Links with a lag: target, source, elasticity, lag.
    """

    names: tuple[str, ...] = ()
    within: Array
    lagged: tuple[tuple[str, str, float, int], ...] = ()

    @staticmethod
    def none() -> Channels:
        """Return the channels that pass nothing on."""
        return Channels(within=np.zeros((0, 0)))

    def reached(self, names: Sequence[str]) -> frozenset[str]:
        """Indicators that additions to some of them reach, those included."""
        links = [(target, source) for target, source, _, _ in self.lagged]
        links += [
            (self.names[i], self.names[j]) for i, j in zip(*np.nonzero(self.within), strict=True) if i != j
        ]
        found = set(names)
        while more := {target for target, source in links if source in found} - found:
            found |= more
        return frozenset(found)

    def behind(self, steps: Collection[int]) -> frozenset[int]:
        """Return some years and those before from which something arrives in them."""
        found, lags = set(steps), {lag for _, _, _, lag in self.lagged}
        while more := {step - lag for step in found for lag in lags if step >= lag} - found:
            found |= more
        return frozenset(found)

    def spread(self, own: Mapping[str, Array]) -> None:
        """Turn own additions ``(year, ...)`` into totals, in place."""
        for step in range(len(next(iter(own.values()), ()))):
            self.step(own, step)

    def step(self, totals: Mapping[str, Array], step: int) -> None:
        """Turn the own additions of one year into totals, in place; earlier years are totals already."""
        for target, source, elasticity, lag in self.lagged:
            if lag <= step and source in totals and target in totals:
                totals[target][step] += elasticity * totals[source][step - lag]
        linked = [i for i, name in enumerate(self.names) if name in totals]
        before = {j: totals[self.names[j]][step].copy() for j in linked}
        for i in linked:
            row = totals[self.names[i]][step]
            row *= self.within[i, i]
            for j in linked:
                if j != i and self.within[i, j]:
                    row += self.within[i, j] * before[j]
