"""Random walk with drift and rare jumps: a factory opens, a law changes, a boundary is redrawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.processes.changes import from_start, yearly_changes
from sxsim.processes.first_guess import first_guess
from sxsim.processes.normal_mixture import mixture_jet, mixture_quantile, mixture_score
from sxsim.processes.one_year import NormalMixture, OneYear
from sxsim.processes.parameter import DRIFT, FREE, SIGMA, Parameter, refuse_free
from sxsim.processes.path_process import PathProcess
from sxsim.processes.pieces import Pieces, pieces_of

Array = NDArray[np.float64]

_LEFT_OUT = 1e-12
_NO_SPREAD = 1e-9


@dataclass(frozen=True, kw_only=True, slots=True)
class JumpDiffusion(PathProcess):
    """``x = drift + sigma e + J_1 + ... + J_N`` with ``N ~ Poisson(rate)`` and ``J ~ N(jump, jump_sd^2)``.

    The change over ``h`` years is a Poisson mixture of normal laws, ``N(h drift + k jump, h sigma^2 + k
    jump_sd^2)`` with the weight of ``k`` jumps in ``h`` years (Merton 1976,
    https://doi.org/10.1016/0304-405X(76)90022-2).

    Parameters
    ----------
    drift
        Yearly growth without jumps (link scale).
    sigma
        Standard deviation of the yearly shock without jumps; none at all counts as 1e-9.
    rate
        Jumps a year. Rate and size cannot be learned from one short series: give them.
    jump, jump_sd
        Mean and standard deviation of a jump (link scale).

    Raises
    ------
    ModelError
        A parameter lies outside its domain.

    Examples
    --------
    >>> risky = JumpDiffusion(drift=0.06, sigma=0.03, rate=0.1, jump=-0.4, jump_sd=0.1)
    >>> float(risky.one_year(5, 0.0).at_most(0.0).round(2))
    0.33
    """

    drift: float = FREE
    sigma: float = FREE
    rate: float = FREE
    jump: float = FREE
    jump_sd: float = FREE

    closed_form: ClassVar[bool] = True
    parameters: ClassVar[tuple[Parameter, ...]] = (
        DRIFT,
        SIGMA,
        Parameter(
            name="rate", symbol="lambda", unit="jumps per year", low=0.0, high=20.0, typical=(0.05, 0.5)
        ),
        Parameter(name="jump", symbol="mu_J", unit="link scale", typical=(-0.5, 0.5)),
        Parameter(name="jump_sd", symbol="s_J", unit="link scale", low=0.0, typical=(0.05, 0.3)),
    )

    def simulate(self, start: Array, innovations: Array) -> Array:
        """Levels of the years after ``start`` from standard normal innovations ``(year, ...)``."""
        refuse_free(self)
        return np.asarray(start + np.cumsum(self.drift + self._shocks(innovations), axis=0))

    def residuals(self, start: Array, levels: Array) -> Array:
        """Return the innovations that make ``simulate`` rebuild ``levels`` ``(year, ...)`` from ``start``."""
        return mixture_score(yearly_changes(start, levels), *self._parts(1))

    def loglik(self, start: Array, levels: Array) -> Array:
        """Log density of the years ``(year, ...)`` after ``start``, one number per path."""
        before = from_start(start, levels[:-1])
        return np.asarray(self.log_density(before, levels, 1).sum(axis=0))

    def log_density(self, before: Array, after: Array, years: int) -> Array:
        """Log density of a level given the one some years before."""
        weights, means, spreads = self._parts(years)
        z = (np.asarray(after - before)[..., None] - means) / spreads
        with np.errstate(divide="ignore"):
            terms = np.log(weights) - 0.5 * z**2 - np.log(spreads * np.sqrt(2.0 * np.pi))
        return np.asarray(special.logsumexp(terms, axis=-1))

    def one_year(self, step: int, start: float) -> OneYear:
        """Return the law of the change after ``step`` years: a Poisson mixture of normal laws."""
        del start
        weights, means, spreads = self._parts(step)
        return NormalMixture(weights=weights, means=means, spreads=spreads)

    def parts_at(self, coordinate: float) -> tuple[Array, Array, Array]:
        """Weights, means and spreads of a year's growth beyond the drift, by the logarithm of sigma."""
        return replace(self, drift=0.0, sigma=float(np.exp(coordinate)))._parts(1)

    def _shocks(self, innovations: Array) -> Array:
        """Growth beyond the drift: by table where sigma and jumps are known, else from a first guess."""
        still = replace(self, drift=0.0)
        if np.ndim(self.rate) or np.ndim(self.jump) or np.ndim(self.jump_sd):
            return mixture_quantile(innovations, *still._parts(1))
        if not np.ndim(self.sigma):
            return _table(still)(innovations)
        sigma = np.broadcast_to(np.log(self.sigma), innovations.shape)
        return mixture_quantile(
            innovations, *still._parts(1), start=first_guess(replace(still, sigma=1.0), innovations, sigma)
        )

    def _parts(self, years: int) -> tuple[Array, Array, Array]:
        """Weights, means and spreads by the number of jumps, on a last axis."""
        refuse_free(self)
        drift, sigma, rate, jump, jump_sd = (
            np.asarray(p, float)[..., None]
            for p in (self.drift, self.sigma, self.rate, self.jump, self.jump_sd)
        )
        most = np.floor(special.pdtrik(1.0 - _LEFT_OUT, years * rate)) + 1.0
        count = np.arange(most.max() + 1.0)
        weights = np.exp(special.xlogy(count, years * rate) - years * rate - special.gammaln(count + 1.0))
        weights = np.where(count <= most, weights, 0.0)
        means = years * drift + count * jump
        spreads = np.maximum(np.sqrt(years * sigma**2 + count * jump_sd**2), _NO_SPREAD)
        return weights / np.cumsum(weights, axis=-1)[..., -1:], means, spreads


@lru_cache(maxsize=64)
def _table(law: JumpDiffusion) -> Pieces:
    """A year's growth by normal score, where it is the same for all paths."""
    parts = law._parts(1)
    return pieces_of(
        lambda score: mixture_quantile(score, *parts), lambda score, value: mixture_jet(score, value, parts)
    )
