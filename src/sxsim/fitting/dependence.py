"""Which indicators move together: the correlation of yearly innovations, always shrunk."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PSEUDO_YEARS = 8.0
_ROUNDS = 50


def shrunk_correlation(innovations: Array, *, pseudo_years: float = PSEUDO_YEARS) -> Array:
    """Return the correlation of innovations ``(year, indicator)``, NaN where an indicator was not observed.

    Gaussian expectation-maximisation over the holes, with a prior worth ``pseudo_years`` at a constant
    correlation: ``R <- (k R0 + sum E[u u']) / (k + T)``, brought back to a unit diagonal (Little and Rubin
    2019; constant target of Schafer and Strimmer 2005, https://doi.org/10.2202/1544-6115.1175). It is
    positive definite by construction.
    """
    table = innovations[np.isfinite(innovations).any(axis=1)]
    count = table.shape[1]
    target = _constant(table, pseudo_years)
    correlation = target
    for _ in range(_ROUNDS if len(table) else 0):
        moments = sum((_expected_square(row, correlation) for row in table), start=np.zeros((count, count)))
        updated = _unit_diagonal((pseudo_years * target + moments) / (pseudo_years + len(table)))
        settled = np.abs(updated - correlation).max() < 1e-10
        correlation = updated
        if settled:
            break
    return correlation


def _constant(table: Array, pseudo_years: float) -> Array:
    """Return the matrix of one common correlation: that of all observed pairs, drawn towards zero."""
    count = table.shape[1]
    seen = np.isfinite(table)
    filled = np.where(seen, table, 0.0)
    upper = np.triu_indices(count, 1)
    products = (filled.T @ filled)[upper].sum()
    power = np.sqrt((filled**2).T @ seen * ((filled**2).T @ seen).T)[upper].sum()
    years = (seen.astype(float).T @ seen)[upper]
    overlap = float(years.mean()) if years.size else 0.0
    common = products / power if power > 0 else 0.0
    common *= overlap / (overlap + pseudo_years)
    lowest = -0.5 / max(count - 1, 1)
    return np.where(np.eye(count, dtype=bool), 1.0, np.clip(common, lowest, 0.95))


def _expected_square(row: Array, correlation: Array) -> Array:
    """E[u u'] of one year given what was observed of it."""
    seen = np.isfinite(row)
    gain = correlation[:, seen] @ np.linalg.inv(correlation[np.ix_(seen, seen)])
    mean = gain @ row[seen]
    return np.outer(mean, mean) + correlation - gain @ correlation[seen, :]


def _unit_diagonal(matrix: Array) -> Array:
    size = np.sqrt(np.diag(matrix))
    scaled = matrix / np.outer(size, size)
    return np.asarray(0.5 * (scaled + scaled.T))
