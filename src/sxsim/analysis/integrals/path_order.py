"""What the coordinates of a quasi-random point carry of a path's yearly normals."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sxsim.simulation import Order

Array = NDArray[np.float64]


@lru_cache(maxsize=256)
def construction(order: Order, years: int) -> Array:
    """Return the orthogonal matrix from coordinates to yearly normals, most important coordinate first.

    The cumulated normals have the covariance ``min(s, t)``. Its main directions, or its factor with the last
    year first (Caflisch, Morokoff and Owen 1997, https://doi.org/10.21314/JCF.1997.005), give their path,
    differences of which are independent normals again.

    Parameters
    ----------
    order
        What comes first.
    years
        Length of the path.
    """
    covariance = np.minimum.outer(np.arange(1.0, years + 1), np.arange(1.0, years + 1))
    if order is Order.PRINCIPAL:
        values, vectors = np.linalg.eigh(covariance)
        path = (vectors * np.sqrt(values))[:, ::-1]
        path *= np.where(path[-1] < 0, -1.0, 1.0)
    else:
        place = _halving(years) if order is Order.BRIDGE else np.arange(years)
        path = np.empty_like(covariance)
        path[place] = np.linalg.cholesky(covariance[np.ix_(place, place)])
    return np.diff(path, axis=0, prepend=0.0)


def _halving(years: int) -> NDArray[np.int64]:
    """Return the last year, then the middle of every stretch between years that are known, widest first."""
    known, out = [-1, years - 1], [years - 1]
    while len(out) < years:
        gaps = np.diff(sorted(known))
        start = sorted(known)[int(gaps.argmax())]
        middle = start + int(gaps.max()) // 2
        known.append(middle)
        out.append(middle)
    return np.array(out)
