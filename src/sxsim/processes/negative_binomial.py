"""Counts, such as new laboratories a year: whole numbers, zeros allowed, around a mean that moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.errors import HistoryError
from sxsim.links import Carrier, Linear
from sxsim.processes.count_quantile import middle_score, quantile
from sxsim.processes.parameter import FREE, Parameter, refuse_free
from sxsim.processes.path_process import PathProcess

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class NegativeBinomial(PathProcess):
    """Poisson counts around a mean that is known like a gamma law and drifts: the steady model with growth.

    After a year the mean has the law ``gamma(size, size / mean)``. The next year knows less of it, ``size <-
    memory size``, and expects ``mean <- mean exp(drift)``; its count is negative binomial, and once seen it
    teaches ``size <- size + count``, ``size / mean <- size / mean + 1`` (Harvey and Fernandes 1989,
    https://doi.org/10.1080/07350015.1989.10509750). It stands on ``Linear(scale=1.0)``: levels are counts.

    Parameters
    ----------
    drift
        Yearly growth of the mean (log). Before a fit N(drift of the prior, 0.1^2).
    memory
        Share of what is known of the mean that still counts a year later; before a fit beta(4, 2).
    mean
        Expected count in the year of the last figure. A fit learns it.
    size
        How much is known of it, in events: its relative variance is ``1 / size``. A fit learns it.

    Raises
    ------
    ModelError
        A parameter lies outside its domain.

    Examples
    --------
    >>> laboratories = NegativeBinomial(drift=0.05, memory=0.8, mean=3.0, size=10.0)
    >>> laboratories.simulate(np.zeros(1), np.array([[0.0], [1.0], [-2.0]])).ravel().tolist()
    [3.0, 5.0, 0.0]
    """

    drift: float = FREE
    memory: float = FREE
    mean: float = FREE
    size: float = FREE

    carrier: ClassVar[Carrier | None] = Linear(scale=1.0)
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter(name="drift", symbol="mu", unit="log per year", typical=(-0.1, 0.2)),
        Parameter(
            name="memory",
            symbol="omega",
            unit="share kept after a year",
            low=0.01,
            high=1.0,
            typical=(0.3, 0.95),
            belief=(4.0, 2.0),
        ),
        Parameter(name="mean", symbol="m", unit="events", low=1e-300, typical=(0.5, 100.0)),
        Parameter(name="size", symbol="a", unit="events", low=1e-300, typical=(0.5, 100.0)),
    )

    def begin(self, level: Array) -> tuple[Array, Array, Array]:
        """Return the last count, and shape and rate of the gamma law of the mean in its year."""
        return level, *self._known()

    def step(self, state: tuple[Array, Array, Array], shock: Array) -> tuple[Array, Array, Array]:
        """Count a year, and learn from it."""
        size, rate = self._ahead(*state[1:])
        count = quantile(shock, size, rate / (rate + 1.0))
        return count, size + count, rate + 1.0

    def residuals(self, start: Array, levels: Array) -> Array:
        """Return innovations that make ``simulate`` rebuild the counts ``(year, ...)``.

        Many numbers lead to one count; the one in the middle of its probability is returned.
        """
        del start
        known, shocks = self._known(), []
        for count in levels:
            size, rate = self._ahead(*known)
            shocks.append(middle_score(count, size, rate / (rate + 1.0)))
            known = size + count, rate + 1.0
        return np.stack(shocks)

    def loglik(self, start: Array, levels: Array) -> Array:
        """Log probability of the counts ``(year, ...)``, one number per path; NaN years pass unseen."""
        del start
        return self.follow(levels)[0]

    def follow(self, levels: Array) -> tuple[Array, Array, Array]:
        """Log probability of counts ``(year, ...)``, NaN where not seen; size and mean after them."""
        known, total = self._known(), np.zeros(np.broadcast_shapes(levels.shape[1:], np.shape(self.memory)))
        for count in levels:
            size, rate = known = self._ahead(*known)
            if np.isnan(count).all():
                continue
            constant = special.gammaln(size + count) - special.gammaln(size) - special.gammaln(count + 1.0)
            total = total + constant + size * np.log(rate / (rate + 1.0)) - count * np.log1p(rate)
            known = size + count, rate + 1.0
        return np.asarray(total), known[0], known[0] / known[1]

    def _known(self) -> tuple[Array, Array]:
        """Shape and rate of the gamma law of the mean in the year of the last figure."""
        refuse_free(self)
        return np.asarray(self.size, float), np.asarray(self.size / np.asarray(self.mean))

    def _ahead(self, size: Array, rate: Array) -> tuple[Array, Array]:
        """Shape and rate a year later, before the count of that year."""
        return self.memory * size, self.memory * rate * np.exp(-self.drift)


def whole_counts(values: Array, name: str) -> Array:
    """Refuse figures that are not counts; NaN where missing."""
    odd = values[np.isfinite(values) & ((values < 0) | (values != np.round(values)))]
    if odd.size:
        raise HistoryError(
            f"{name!r} holds {odd[0]:g}, which is not a count.",
            "NegativeBinomial needs whole numbers of at least zero.",
        )
    return values
