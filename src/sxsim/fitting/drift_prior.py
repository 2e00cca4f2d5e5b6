"""What somebody believes of the long-run growth of an indicator, instead of what other series taught."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import ModelError
from sxsim.fitting.walk import Prior, Summary, posterior_of
from sxsim.processes import RandomWalkPosterior

Array = NDArray[np.float64]

_STEP = 0.1  # widths are rounded to steps of a tenth, so that members can share what a width costs


@dataclass(frozen=True, kw_only=True, slots=True)
class DriftPrior:
    """Growth to be expected in the long run, ``N(growth, spread^2)`` on the link scale: an assumption.

    It stands in for what other series taught about the drift; the figures of the series still update it.
    Inside a cell the prior of the drift is relative to sigma, so ``spread`` is divided by the posterior
    scale of sigma of the plain random walk, and has the stated size at that scale.

    Attributes
    ----------
    growth
        Expected yearly growth: logs per year, log odds for a share.
    spread
        Its standard deviation, above zero.

    Raises
    ------
    ModelError
        A number is not finite, or the spread not above zero.

    Examples
    --------
    >>> DriftPrior(growth=0.25, spread=0.1).spread
    0.1
    """

    growth: float
    spread: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.growth) and np.isfinite(self.spread) and self.spread > 0):
            raise ModelError(
                f"DriftPrior growth={self.growth!r}, spread={self.spread!r}.",
                "Give a finite growth per year and a spread above zero.",
            )

    def note(self) -> str:
        """Say what is assumed."""
        return (
            f"ASSUMPTION: long-run growth {self.growth:+.3g} a year with spread {self.spread:.3g} "
            "on the link scale, instead of what other series taught"
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Believed:
    """A belief about the drift beside the scale of sigma of every member, ``(member,)``."""

    growth: float
    spread: float
    sigma: Array

    @staticmethod
    def of(belief: DriftPrior, walk: RandomWalkPosterior) -> Believed:
        """Read the scales of sigma off a random walk."""
        sigma = np.sqrt(walk.rate / walk.shape)
        return Believed(growth=belief.growth, spread=belief.spread, sigma=sigma)

    def widths(self) -> list[float]:
        """Standard deviation of the drift in units of sigma, rounded to a tenth of itself."""
        steps = np.round(np.log(self.spread / self.sigma) / _STEP)
        widths: list[float] = np.exp(steps * _STEP).tolist()
        return widths


def belief_for(name: str, given: DriftPrior | Mapping[str, DriftPrior] | None) -> DriftPrior | None:
    """Return what is believed of one indicator: its own, the common belief, or None."""
    belief = given.get(name) if isinstance(given, Mapping) else given
    if belief is None or isinstance(belief, DriftPrior):
        return belief
    raise ModelError(
        f"drift_prior={given!r} is not a DriftPrior.",
        "Give sx.DriftPrior(growth=..., spread=...), or one per name.",
    )


def believed_walk(summary: Summary, prior: Prior, belief: DriftPrior) -> RandomWalkPosterior:
    """Fit random walks with the believed drift, worth ``(sigma / spread)^2`` years to each member.

    Sigma is that of the fit without the belief.
    """
    sigma = Believed.of(belief, posterior_of(summary, prior)).sigma
    return posterior_of(summary, replace(prior, drift=belief.growth), years=(sigma / belief.spread) ** 2)
