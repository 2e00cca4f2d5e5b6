"""Nodes and weights of the smooth integrals: spreads, common factors, and tables between them."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray
from scipy import special

from sxsim.processes.mixture import sigma_multiplier

Array = NDArray[np.float64]

_REACH = 7.2
_LIGHT = 1e-9


@lru_cache(maxsize=1024)
def precision_nodes(dof: float, step: float) -> tuple[Array, Array]:
    """Nodes and weights of ``scale / sigma = sqrt(chi2_dof / dof)``, for averages of smooth functions.

    The trapezoidal rule in the normal score of sigma converges faster than any power of the step (Trefethen
    and Weideman 2014, https://doi.org/10.1137/130932132).
    """
    if not np.isfinite(dof):
        return np.ones(1), np.ones(1)
    score = np.arange(-_REACH, _REACH + 0.5 * step, step)
    weights = np.exp(-0.5 * score**2)
    return 1.0 / sigma_multiplier(special.ndtr(score), dof), weights / weights.sum()


@lru_cache(maxsize=16)
def normal_grid(steps: tuple[float, ...]) -> tuple[Array, Array]:
    """Nodes ``(dim, node)`` and weights of independent normals, trapezoidal; light ones are left out."""
    axes = [step * np.arange(-int(_REACH / step), int(_REACH / step) + 1) for step in steps]
    grid = np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")])
    weight = np.exp(-0.5 * (grid**2).sum(axis=0))
    heavy = weight > _LIGHT
    kept: Array = weight[heavy] / weight[heavy].sum()
    return np.asarray(grid[:, heavy]), kept


@lru_cache(maxsize=64)
def chebyshev_rule(count: int) -> tuple[Array, Array]:
    """Points in (-1, 1), and the matrix from values there to Chebyshev coefficients."""
    points = chebyshev.chebpts1(count)
    matrix = 2.0 / count * chebyshev.chebvander(points, count - 1).T
    matrix[0] *= 0.5
    return np.asarray(points, float), np.asarray(matrix, float)
