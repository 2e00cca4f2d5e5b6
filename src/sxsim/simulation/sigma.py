"""Draws of an unknown standard deviation from uniforms, by a table of its quantiles."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.polynomial.chebyshev import chebvander
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

OCTAVES, PIECES = 52, 32  # from 2^-53 to 1/2, each octave in pieces of the same width
SEGMENTS = 2 * OCTAVES * PIECES
SHIFT = 47  # bits of a double below the five that number the piece within an octave
LOWEST, HIGHEST = 2.0**-53, 0.5 - 2.0**-54
FIRST = (1023 - 53) * PIECES
_NODES = 16
_TINIEST = 1e-300


def cell_multipliers(dof: Array, cell: Whole, uniform: Array) -> Array:
    """Return ``sigma / scale = sqrt(dof / chi2_dof)`` of draws that each have a cell, by inversion.

    The smaller of ``u`` and ``1 - u`` finds its piece by exponent and leading bits, and a cubic does the
    rest: additions and multiplications alone, so that every route gets the same bits. The relative error is
    below 8e-9 from one degree of freedom on and 4e-8 for one half: ``a (a + 1) (a + 2) (a + 3) / (3072 *
    32^4)`` for a tail that falls with the power ``a = 1 / dof``. One cell may serve all draws.
    """
    tables, place = stacked_pieces(dof)
    return multipliers(tables, np.broadcast_to(place[cell], uniform.shape), uniform)


def multipliers(tables: Array, place: Whole, uniform: Array) -> Array:
    """Read the tables ``(table * segment, 4)`` at the uniforms, each in the table of its place."""
    bits = np.clip(np.minimum(uniform, 1.0 - uniform), LOWEST, HIGHEST).view(np.int64)
    segment = (bits >> SHIFT) - FIRST
    segment += (uniform > 0.5) * (OCTAVES * PIECES)
    segment += place * SEGMENTS
    x = (bits & ((1 << SHIFT) - 1)) * 2.0**-SHIFT
    out = tables[:, 3].take(segment)
    for power in (2, 1, 0):
        out *= x
        out += tables[:, power].take(segment)
    return out


def stacked_pieces(dof: Array) -> tuple[Array, Whole]:
    """Tables of all distinct degrees of freedom one below the other, and the place of each cell's."""
    kinds, place = np.unique(dof, return_inverse=True)
    return np.concatenate([_pieces(float(kind)) for kind in kinds]), place.reshape(dof.shape)


@lru_cache(maxsize=64)
def _pieces(dof: float) -> Array:
    """Cubics through Chebyshev nodes of every piece, ``(segment, 4)``; below one half, then above it."""
    if not np.isfinite(dof):
        return np.tile([1.0, 0.0, 0.0, 0.0], (SEGMENTS, 1))
    nodes, inverse = _cubic()
    inside = (np.arange(PIECES)[:, None] + nodes).ravel() / PIECES
    coarse, series = _octave()
    fine = chebvander(2.0 * inside - 1.0, _NODES - 1) @ series
    exponent = np.arange(-53, -1)[:, None]
    values = _exact(np.ldexp(1.0 + coarse, exponent), dof) @ fine.T
    return np.asarray(values.reshape(-1, len(nodes)) @ inverse.T)


def _exact(small: Array, dof: float) -> Array:
    """``sigma / scale`` where ``u`` is small, then where ``1 - u`` is, ``(2, ...)``."""
    half = 0.5 * dof
    gamma = np.stack([special.gammainccinv(half, small), special.gammaincinv(half, small)])
    return np.asarray(np.sqrt(half / np.maximum(gamma, _TINIEST)))


def _cubic() -> tuple[Array, Array]:
    """Chebyshev nodes of [0, 1] and the matrix from values there to powers of x."""
    nodes = 0.5 * (1.0 - np.cos(np.pi * (np.arange(4) + 0.5) / 4))
    return nodes, np.asarray(np.linalg.inv(np.vander(nodes, increasing=True)), float)


def _octave() -> tuple[Array, Array]:
    """Chebyshev nodes of an octave, as its part in [0, 1], and the matrix from values there to series."""
    nodes = 0.5 * (1.0 - np.cos(np.pi * (np.arange(_NODES) + 0.5) / _NODES))
    return nodes, np.asarray(np.linalg.inv(chebvander(2.0 * nodes - 1.0, _NODES - 1)), float)
