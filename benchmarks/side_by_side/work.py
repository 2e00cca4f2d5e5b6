"""The work everybody does: four correlated indicators, eight years; hits of each and of all together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import integrate, special

Array = NDArray[np.float64]

YEARS = 8
NAMES = ("cases", "firms", "output", "patents")
CORRELATION = 0.3
ERRORS = (
    5.0  # Monte Carlo errors that a count may be away from the truth: 33 counts, one false alarm in 50,000
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How often each level was reached.

    Attributes
    ----------
    hits
        Paths at or above the level, ``(indicator, year)``.
    joint
        Paths at or above all levels of the last year.
    draws
        Paths in all.
    """

    hits: NDArray[np.int64]
    joint: int
    draws: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Truth:
    """What the counts must come close to: probabilities ``(indicator, year)``, and that of the joint."""

    hits: Array
    joint: float

    def check(self, name: str, counts: Counts) -> None:
        """Raise where a count is more than five Monte Carlo errors away."""
        probability = np.append(self.hits, self.joint)
        found = np.append(counts.hits, counts.joint) / counts.draws
        error = np.sqrt(probability * (1 - probability) / counts.draws)
        away = np.abs(found - probability) / error
        if not (away <= ERRORS).all():
            worst = int(np.argmax(away))
            raise AssertionError(
                f"{name} finds {found[worst]:.5f} where {probability[worst]:.5f} is right, "
                f"{away[worst]:.1f} Monte Carlo errors away (place {worst} of {len(away)})."
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Walks:
    """Correlated random walks on the log scale with known parameters.

    Attributes
    ----------
    last, drift, sigma
        Last figure, yearly growth and yearly shock, ``(indicator,)``.
    level
        What is to be reached, ``(indicator, year)``.
    """

    last: Array
    drift: Array
    sigma: Array
    level: Array

    @property
    def mix(self) -> Array:
        """Lower triangular matrix that turns independent normals into yearly shocks."""
        return np.asarray(self.sigma[:, None] * np.linalg.cholesky(correlation()))

    @property
    def driftless_bar(self) -> Array:
        """Log growth that reaches the level, less the drift's share, ``(indicator, year)``."""
        years = np.arange(1, YEARS + 1)
        return np.asarray(np.log(self.level / self.last[:, None]) - self.drift[:, None] * years)

    def truth(self) -> Truth:
        """Closed form: given the factor that all share, the indicators are independent."""
        years = np.arange(1, YEARS + 1)
        score = self.driftless_bar / (self.sigma[:, None] * np.sqrt(years))

        def given(factor: float) -> float:
            own = (np.sqrt(CORRELATION) * factor - score[:, -1]) / np.sqrt(1 - CORRELATION)
            return float(np.prod(special.ndtr(own)) * np.exp(-0.5 * factor**2) / np.sqrt(2 * np.pi))

        joint, _ = integrate.quad(given, -9.0, 9.0, epsabs=1e-12, limit=200)
        return Truth(hits=special.ndtr(-score), joint=joint)


def correlation() -> Array:
    """Return the correlation of the yearly shocks, ``(indicator, indicator)``."""
    return np.full((len(NAMES), len(NAMES)), CORRELATION) + (1 - CORRELATION) * np.eye(len(NAMES))


def walks() -> Walks:
    """Return the work: probabilities between one in six and one half, all over the table."""
    last = np.array([100.0, 50.0, 20.0, 5.0])
    drift = np.array([0.03, 0.05, 0.06, 0.08])
    sigma = np.array([0.05, 0.08, 0.12, 0.2])
    years = np.arange(1, YEARS + 1)
    score = np.array([0.0, 0.2, 0.5, 1.0])
    growth = drift[:, None] * years + (score * sigma)[:, None] * np.sqrt(years)
    return Walks(last=last, drift=drift, sigma=sigma, level=last[:, None] * np.exp(growth))
