"""Adoption of something new: innovators first, imitators after them, until the market is served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sxsim.errors import ModelError
from sxsim.links import Carrier, Log
from sxsim.processes.changes import from_start
from sxsim.processes.parameter import Parameter
from sxsim.processes.path_process import PathProcess

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bass(PathProcess):
    """Cumulative adopters after ``dF = (innovation + imitation F) (1 - F) dt``, with noise a year at a time.

    The share of those left over who adopt within a year follows from the equation exactly (Bass 1969,
    https://doi.org/10.1287/mnsc.15.5.215); the noise is normal in its log odds, so that adopters never fall
    and never exceed the market. It stands on the log scale. Set by hand: before its peak, the size of a
    market cannot be learned from its adopters.

    Parameters
    ----------
    innovation, imitation
        Adoption a year by those who need no example, and by those who follow one; typically 0.03 and 0.4.
    reached
        Share of the market that the last figure stands for: the market is ``last figure / reached``.
    sigma
        Standard deviation of the yearly noise; for small shares the relative noise of the year's adopters.

    Raises
    ------
    ModelError
        A parameter lies outside its domain, or a history that falls or exceeds the market.

    Examples
    --------
    >>> vehicles = Bass(innovation=0.01, imitation=0.5, reached=0.1, sigma=0.0)
    >>> path = vehicles.simulate(np.log([50.0]), np.zeros((12, 1)))
    >>> np.exp(path[[0, 5, 11], 0]).round().tolist()
    [83.0, 367.0, 492.0]
    """

    innovation: float
    imitation: float
    reached: float
    sigma: float

    carrier: ClassVar[Carrier | None] = Log()
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter(name="innovation", symbol="p", unit="per year", low=1e-9, high=5.0, typical=(0.005, 0.05)),
        Parameter(name="imitation", symbol="q", unit="per year", low=0.0, high=5.0, typical=(0.1, 0.8)),
        Parameter(
            name="reached",
            symbol="F",
            unit="share of the market",
            low=1e-9,
            high=1 - 1e-9,
            typical=(0.01, 0.5),
        ),
        Parameter(name="sigma", symbol="sigma", unit="log odds", low=0.0, typical=(0.05, 0.5)),
    )

    def begin(self, level: Array) -> tuple[Array, Array]:
        """Return the log of the share reached and of the market."""
        share = np.broadcast_to(np.log(self.reached), level.shape)
        return share, level - share

    def step(self, state: tuple[Array, Array], shock: Array) -> tuple[Array, Array]:
        """Let some of those left over adopt; the market stays."""
        share, market = np.exp(state[0]), state[1]
        share = share + (1.0 - share) * special.expit(self._log_odds(share) + self.sigma * shock)
        return np.log(share), market

    def level(self, state: tuple[Array, Array]) -> Array:
        """Return the log of the adopters."""
        return state[0] + state[1]

    def residuals(self, start: Array, levels: Array) -> Array:
        """Return the innovations that make ``simulate`` rebuild ``levels`` ``(year, ...)`` from ``start``."""
        before, _, part = self._adopted(start, levels)
        return np.asarray((special.logit(part) - self._log_odds(before)) / self.sigma)

    def loglik(self, start: Array, levels: Array) -> Array:
        """Log density of the log levels ``(year, ...)`` after ``start``, one number per path."""
        before, after, part = self._adopted(start, levels)
        e = self.residuals(start, levels)
        steepness = np.log(after) - np.log((1.0 - before) * part * (1.0 - part) * self.sigma)
        return np.asarray(np.sum(steepness - 0.5 * e**2 - 0.5 * np.log(2.0 * np.pi), axis=0))

    def _log_odds(self, share: Array) -> Array:
        """Log odds that one of those left over adopts within the year, without noise."""
        p, q = self.innovation, self.imitation
        fading = np.exp(-(p + q)) / (p + q * share)
        rest = (p + q) * fading / (1.0 + q * (1.0 - share) * fading)
        return np.asarray(np.log1p(-rest) - np.log(rest))

    def _adopted(self, start: Array, levels: Array) -> tuple[Array, Array, Array]:
        """Share of the market before and after every year, and the part of the rest that adopted."""
        whole = from_start(start, levels) - start
        shares = self.reached * np.exp(whole)
        before, after = shares[:-1], shares[1:]
        if not (np.all(after > before) and np.all(after < 1.0)):
            raise ModelError(
                "A history of adopters falls, stands still or exceeds the market.",
                "Check the figures and the share reached.",
            )
        return before, after, (after - before) / (1.0 - before)
