"""Probability that several linear conditions of a Gaussian world hold at once, by separation of variables."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]

_TINY = 1e-300
_HEIGHT = 1.0 / np.sqrt(2.0 * np.pi)
_FLAT = 1e-13  # share of a variance below which nothing is left of it


def orthant(mean: Array, covariance: Array, uniforms: Array) -> Array:
    """P(X >= 0) given each point, for ``X ~ N(mean, covariance)``; its average is the probability.

    Genz (1992, https://doi.org/10.1080/10618600.1992.10477010): conditions are met one after another, each
    truncated normal drawn by inversion in its upper tail. Axes behind the rows are points; they broadcast.

    Parameters
    ----------
    mean
        ``(row, ...)``.
    covariance
        ``(row, row, ...)``.
    uniforms
        ``(row - 1, ...)``, in (0, 1).
    """
    lower = _cholesky(covariance)
    normals: list[Array] = []
    value = np.ones(())
    for j, row in enumerate(lower):
        reach = special.ndtr(_sum(mean[j], row, normals) / row[j])
        value = value * reach
        if j < len(lower) - 1:
            normals.append(-special.ndtri(np.maximum(uniforms[j] * reach, _TINY)))
    return np.asarray(value)


def orthant_and_slope(mean: Array, covariance: Array, change: Array, uniforms: Array) -> tuple[Array, Array]:
    """Return what :func:`orthant` returns, and its derivative where the covariance moves by ``change``.

    The same steps, each followed by its derivative; variances do not move. The average of the slope is the
    derivative of the probability (Plackett 1954, https://doi.org/10.1093/biomet/41.3-4.351).

    Parameters
    ----------
    mean, covariance, uniforms
        As there.
    change
        Like the covariance, zero on its diagonal.
    """
    lower = _cholesky(covariance)
    moves = _cholesky_slope(lower, change)
    normals: list[Array] = []
    shifts: list[Array] = []
    value, slope = np.ones(()), np.zeros(())
    for j, (row, move) in enumerate(zip(lower, moves, strict=True)):
        place = _sum(mean[j], row, normals) / row[j]
        moved = (_sum(_sum(-place * move[j], move, normals), row, shifts)) / row[j]
        reach, steep = special.ndtr(place), _density(place) * moved
        slope = slope * reach + value * steep
        value = value * reach
        if j < len(lower) - 1:
            normals.append(-special.ndtri(np.maximum(uniforms[j] * reach, _TINY)))
            shifts.append(-uniforms[j] * steep / np.maximum(_density(normals[j]), _TINY))
    return np.asarray(value), np.asarray(slope)


def _sum(start: Array, loads: list[Array], normals: list[Array]) -> Array:
    for load, normal in zip(loads, normals, strict=False):
        start = start + load * normal
    return start


def _density(place: Array) -> Array:
    return np.asarray(np.exp(-0.5 * place * place) * _HEIGHT)


def _cholesky(covariance: Array) -> list[list[Array]]:
    """Rows of the lower factor; where nothing is left of a direction a trace stays: rows may repeat."""
    lower: list[list[Array]] = []
    for i in range(len(covariance)):
        row: list[Array] = []
        for j in range(i):
            rest = _sum(covariance[i, j], row, [-load for load in lower[j][:j]])
            row.append(rest / lower[j][j])
        rest = _sum(covariance[i, i], row, [-load for load in row])
        row.append(np.sqrt(np.maximum(rest, _FLAT * covariance[i, i])))
        lower.append(row)
    return lower


def _cholesky_slope(lower: list[list[Array]], change: Array) -> list[list[Array]]:
    """Return how the lower factor moves with the covariance."""
    moves: list[list[Array]] = []
    for i, row in enumerate(lower):
        move: list[Array] = []
        for j in range(i):
            rest = _sum(change[i, j], move, [-load for load in lower[j][:j]])
            rest = _sum(rest, row[:j], [-load for load in moves[j][:j]])
            move.append((rest - row[j] * moves[j][j]) / lower[j][j])
        move.append(_sum(np.zeros(()), move, [-load for load in row[:i]]) / row[i])
        moves.append(move)
    return moves
