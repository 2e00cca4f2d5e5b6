"""Two regimes that take turns, such as calm growth and crisis; which of them rules is never seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.errors import ModelError
from sxsim.processes.changes import yearly_changes
from sxsim.processes.first_guess import first_guess
from sxsim.processes.normal_mixture import mixture_quantile, mixture_score
from sxsim.processes.one_year import NormalMixture, OneYear
from sxsim.processes.parameter import Parameter, check_parameters, refuse_free
from sxsim.processes.path_process import PathProcess
from sxsim.processes.random_walk import RandomWalk

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Regimes(PathProcess):
    """Growth follows one of two random walks; a hidden Markov chain says which.

    Given the hidden years the path is Gaussian, and the change over ``h`` years depends on them only by how
    many belong to each regime: its law is a mixture of ``h + 1`` normal laws whose weights follow by
    recursion (Hamilton 1989, https://doi.org/10.2307/1912559). Set by hand: a dozen figures hold one or two
    switches at most, and no switching probability can be learned from those.

    Parameters
    ----------
    ordinary, other
        How growth goes in each regime.
    leave, recover
        Probability that a year of the ordinary regime is followed by one of the other, and the reverse.
    other_now
        Probability that the year of the last figure belongs to the other regime.

    Raises
    ------
    ModelError
        A probability outside [0, 1], or a regime without spread or without values.

    Examples
    --------
    >>> boom, bust = RandomWalk(drift=0.08, sigma=0.02), RandomWalk(drift=-0.05, sigma=0.06)
    >>> cycle = Regimes(ordinary=boom, other=bust, leave=0.1, recover=0.5, other_now=0.0)
    >>> float(cycle.one_year(5, 0.0).at_least(0.3).round(2))
    0.66
    """

    ordinary: RandomWalk
    other: RandomWalk
    leave: float
    recover: float
    other_now: float

    closed_form: ClassVar[bool] = True
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter(
            name="leave", symbol="p", unit="probability a year", low=0.0, high=1.0, typical=(0.05, 0.3)
        ),
        Parameter(
            name="recover", symbol="q", unit="probability a year", low=0.0, high=1.0, typical=(0.2, 0.8)
        ),
        Parameter(name="other_now", symbol="pi", unit="probability", low=0.0, high=1.0, typical=(0.0, 1.0)),
    )

    def __post_init__(self) -> None:
        check_parameters(self)
        for walk in (self.ordinary, self.other):
            refuse_free(walk)
            if walk.sigma == 0:
                raise ModelError("A regime has sigma=0.", "Give both a spread above zero.")

    def begin(self, level: Array) -> tuple[Array, Array]:
        """Return the level, and the chance that the other regime rules now."""
        return level, np.full(level.shape, float(self.other_now))

    def step(self, state: tuple[Array, Array], shock: Array) -> tuple[Array, Array]:
        """Grow by the mixture of both regimes, and learn from the growth which one rules."""
        level, chance = state
        weights = self._next(chance)
        with np.errstate(divide="ignore"):
            odds = np.log(weights[..., 1] / weights[..., 0])
        guess = first_guess(self, shock, odds)
        growth = mixture_quantile(shock, weights, *self._parts(), start=guess)
        return level + growth, self._seen(growth, weights)

    def residuals(self, start: Array, levels: Array) -> Array:
        """Return the innovations that make ``simulate`` rebuild ``levels`` ``(year, ...)`` from ``start``."""
        means, spreads = self._parts()
        return np.stack(
            [mixture_score(x, weights, means, spreads) for x, weights in self._filtered(start, levels)]
        )

    def loglik(self, start: Array, levels: Array) -> Array:
        """Log density of the years ``(year, ...)`` after ``start``, one number per path."""
        years = [self._log_terms(x, weights) for x, weights in self._filtered(start, levels)]
        return np.asarray(special.logsumexp(np.stack(years), axis=-1).sum(axis=0))

    def one_year(self, step: int, start: float) -> OneYear:
        """Return the law of the change after ``step`` years: a mixture over the years in the other regime."""
        del start
        ordinary, other = np.zeros(step + 1), np.zeros(step + 1)
        ordinary[0], other[0] = 1.0 - self.other_now, self.other_now
        for _ in range(step):
            into = self.leave * ordinary + (1.0 - self.recover) * other
            ordinary = (1.0 - self.leave) * ordinary + self.recover * other
            other = np.concatenate([[0.0], into[:-1]])
        years = np.arange(step + 1.0)
        means, spreads = self._parts()
        return NormalMixture(
            weights=ordinary + other,
            means=(step - years) * means[0] + years * means[1],
            spreads=np.sqrt((step - years) * spreads[0] ** 2 + years * spreads[1] ** 2),
        )

    def parts_at(self, coordinate: float) -> tuple[Array, Array, Array]:
        """Weights, means and spreads of a year's growth, by the log odds of the other regime."""
        return np.array([special.expit(-coordinate), special.expit(coordinate)]), *self._parts()

    def _parts(self) -> tuple[Array, Array]:
        walks = (self.ordinary, self.other)
        return np.array([w.drift for w in walks]), np.array([w.sigma for w in walks])

    def _next(self, chance: Array) -> Array:
        """Weights of both regimes a year after the other one ruled with this chance, ``(..., regime)``."""
        other = self.leave * (1.0 - chance) + (1.0 - self.recover) * chance
        return np.moveaxis(np.stack([1.0 - other, other]), 0, -1)

    def _log_terms(self, change: Array, weights: Array) -> Array:
        means, spreads = self._parts()
        z = np.moveaxis((change - _upright(means, change)) / _upright(spreads, change), 0, -1)
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(weights) - 0.5 * z**2 - np.log(spreads * np.sqrt(2.0 * np.pi)))

    def _seen(self, change: Array, weights: Array) -> Array:
        """Chance of the other regime after a year's growth was seen."""
        terms = self._log_terms(change, weights)
        return np.asarray(special.expit(terms[..., 1] - terms[..., 0]))

    def _filtered(self, start: Array, levels: Array) -> list[tuple[Array, Array]]:
        """Growth of every year with the weights the years before it give to the regimes."""
        changes = yearly_changes(start, levels)
        chance, years = np.full(changes.shape[1:], float(self.other_now)), []
        for change in changes:
            years.append((change, self._next(chance)))
            chance = self._seen(*years[-1])
        return years


def _upright(parts: Array, values: Array) -> Array:
    """Parts on a first axis before those of the values."""
    return parts.reshape(-1, *(1,) * np.ndim(values))
