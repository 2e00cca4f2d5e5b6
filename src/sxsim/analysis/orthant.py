"""Probability that several linear conditions of a Gaussian world hold at once, by separation of variables."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]

_TINY = 1e-300


def orthant(mean: Array, covariance: Array, uniforms: Array) -> Array:
    """P(X >= 0) given each point, for ``X ~ N(mean, covariance)``; its average is the probability.

    Genz (1992, https://doi.org/10.1080/10618600.1992.10477010): conditions are met one after another, each
    truncated normal drawn by inversion in its upper tail.

    Parameters
    ----------
    mean
        ``(point, row)``.
    covariance
        ``(point, row, row)``.
    uniforms
        ``(point, row - 1)``, in (0, 1).
    """
    rows = mean.shape[1]
    jitter = 1e-13 * np.trace(covariance, axis1=1, axis2=2)[:, None, None] * np.eye(rows)
    lower = np.linalg.cholesky(covariance + jitter)
    normals = np.zeros_like(mean)
    value = np.ones(len(mean))
    for j in range(rows):
        known = np.einsum("pk,pk->p", lower[:, j, :j], normals[:, :j])
        reach = special.ndtr((mean[:, j] + known) / lower[:, j, j])
        value = value * reach
        if j < rows - 1:
            normals[:, j] = -special.ndtri(np.maximum(uniforms[:, j] * reach, _TINY))
    return value
