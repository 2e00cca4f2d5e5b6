"""What is known of the correlation of the yearly shocks: matrices that are all as likely as each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsim.errors import ModelError
from sxsim.processes.cell_posterior import row_cholesky

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Dependence:
    """Correlation of the shocks of one and the same year, and how well it is known.

    A dozen common years leave a correlation anywhere between, say, 0.1 and 0.7. A path of the future takes
    one of ``draws``, so that the probability of several targets at once is an average over what the
    correlation may be.

    Attributes
    ----------
    draws
        Equally likely correlation matrices, ``(draw, indicator, indicator)``.
    common_years
        Years in which the shocks of two indicators were both observed, ``(indicator, indicator)``; None
        where the correlation was set by hand.

    Examples
    --------
    >>> Dependence.known([[1.0, 0.4], [0.4, 1.0]]).mean.tolist()
    [[1.0, 0.4], [0.4, 1.0]]
    """

    draws: Array
    common_years: NDArray[np.int64] | None = None

    @staticmethod
    def known(matrix: ArrayLike) -> Dependence:
        """Return the dependence of which nothing is uncertain.

        Examples
        --------
        >>> len(Dependence.known([[1.0]]).draws)
        1
        """
        return Dependence(draws=np.asarray(matrix, float)[None])

    @property
    def mean(self) -> Array:
        """Posterior mean, ``(indicator, indicator)``."""
        return np.asarray(self.draws.mean(axis=0))

    def select(self, rows: Sequence[int] | NDArray[np.int64]) -> Dependence:
        """Return what is known of some of the indicators, in the order given."""
        years, place = self.common_years, np.asarray(rows)
        return Dependence(
            draws=self.draws[:, place][:, :, place],
            common_years=None if years is None else years[np.ix_(place, place)],
        )

    def ordered(self) -> Dependence:
        """Return the same draws, those of little correlation first: neighbours resemble each other."""
        order = np.argsort(self.draws.sum(axis=(1, 2)), kind="stable")
        return Dependence(draws=self.draws[order], common_years=self.common_years)

    def factors(self) -> Array:
        """Lower triangular mixes of independent normals, ``(draw, indicator, indicator)``."""
        return row_cholesky(self.draws)


def check_dependence(dependence: Dependence, names: Sequence[str]) -> None:
    """Refuse what does not consist of positive definite correlation matrices of ``names``."""
    draws, n = dependence.draws, len(names)
    if draws.shape[1:] != (n, n) or not len(draws):
        raise ModelError(
            f"The correlation has shape {draws.shape[1:]} and {len(draws)} draws, the model {n} indicators.",
            "Give one row each.",
        )
    symmetric = np.allclose(draws, draws.transpose(0, 2, 1))
    if not (symmetric and np.allclose(np.diagonal(draws, axis1=1, axis2=2), 1.0)):
        raise ModelError("The correlation is not symmetric with ones on its diagonal.", "Correct the matrix.")
    smallest = float(np.linalg.eigvalsh(draws).min()) if n else 1.0
    if smallest < 1e-10:
        raise ModelError(
            f"The correlation of {', '.join(names)} is singular (smallest eigenvalue {smallest:.1e}).",
            "Take sx.nearest_correlation(matrix), or drop an indicator that repeats another.",
        )
