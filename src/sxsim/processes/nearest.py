"""The nearest matrix that can be a correlation, for one put together pair by pair."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sxsim.errors import ModelError

Array = NDArray[np.float64]

_ROUNDS = 10_000
_SETTLED = 1e-12


def nearest_correlation(matrix: ArrayLike, *, floor: float = 1e-6) -> Array:
    """Return the correlation matrix nearest to a symmetric matrix.

    Correlations that were read pair by pair, each from other years or other papers, may contradict each
    other: no joint law has them. This is the least change, in the sum of squares, that mends it, by
    alternating projections with Dykstra's correction (Higham 2002).

    Parameters
    ----------
    matrix
        ``(indicator, indicator)``, symmetric.
    floor
        Smallest eigenvalue of the result, as a share of the mean one; above zero a
        :class:`sxsim.GrowthModel` takes it.

    Returns
    -------
    numpy.ndarray
        Symmetric, ones on the diagonal, no eigenvalue below ``floor``.

    Raises
    ------
    ModelError
        The matrix is not square, symmetric and finite, or the floor does not lie in [0, 1).

    References
    ----------
    Higham (2002), IMA Journal of Numerical Analysis 22, 329-343,
    https://doi.org/10.1093/imanum/22.3.329.

    Examples
    --------
    >>> impossible = [[1.0, 0.9, 0.9], [0.9, 1.0, -0.9], [0.9, -0.9, 1.0]]
    >>> nearest_correlation(impossible).round(2).tolist()
    [[1.0, 0.5, 0.5], [0.5, 1.0, -0.5], [0.5, -0.5, 1.0]]
    """
    given = np.asarray(matrix, float)
    if given.ndim != 2 or given.shape[0] != given.shape[1] or not np.isfinite(given).all():
        raise ModelError(f"The matrix {given!r} is not square and finite.", "Give one row each.")
    if not np.allclose(given, given.T):
        raise ModelError("The matrix is not symmetric.", "Average it with its transpose.")
    if not 0 <= floor < 1:
        raise ModelError(f"floor={floor!r} does not lie in [0, 1).", "The default is 1e-6.")
    unit, correction = given, np.zeros_like(given)
    for _ in range(_ROUNDS):
        wanted = unit - correction
        positive = _lifted(wanted, floor)
        correction = positive - wanted
        before, unit = unit, positive.copy()
        np.fill_diagonal(unit, 1.0)
        if np.abs(unit - before).max(initial=0.0) < _SETTLED:
            break
    return _unit_diagonal(_lifted(unit, floor))


def _lifted(matrix: Array, floor: float) -> Array:
    """Nearest symmetric matrix without eigenvalues below the floor."""
    values, vectors = np.linalg.eigh(matrix)
    if values.min(initial=1.0) >= floor:
        return matrix
    return np.asarray((vectors * np.maximum(values, floor)) @ vectors.T)


def _unit_diagonal(matrix: Array) -> Array:
    size = np.sqrt(np.diagonal(matrix))
    scaled = matrix / np.outer(size, size)
    np.fill_diagonal(scaled, 1.0)
    return np.asarray(0.5 * (scaled + scaled.T))
