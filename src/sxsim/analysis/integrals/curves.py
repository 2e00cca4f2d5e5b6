"""Smooth functions of two variables, one of them fixed by the correlation, as cubic pieces in the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

from sxsim.analysis.integrals.nodes import chebyshev_rule

Array = NDArray[np.float64]

_FINER = 5  # pieces for each interpolation point


@dataclass(frozen=True, kw_only=True, slots=True)
class Curves:
    """Several quantities for each of several parts, as functions on ``[-span, span]``.

    Attributes
    ----------
    coefficients
        Of the cubic pieces, ``(power, quantity, part, piece)``.
    span
        Where the pieces end.
    """

    coefficients: Array
    span: float

    @staticmethod
    def of(
        values: Callable[[Array, Array], Array], parts: Array, *, span: float, count: int, between: int
    ) -> Curves:
        """Interpolate ``values(part, place)``, ``(part, quantity, place)``, at Chebyshev points of both."""
        points, transform = chebyshev_rule(count)
        low, high = float(parts.min()), float(parts.max())
        if high - low < 1e-12:
            table = values(np.array([low]), span * points).repeat(len(parts), axis=0)
        else:
            inner, across = chebyshev_rule(between)
            middle, half = 0.5 * np.log(high * low), 0.5 * np.log(high / low)
            place = chebyshev.chebvander((np.log(parts) - middle) / half, between - 1) @ across
            table = np.tensordot(place, values(np.exp(middle + half * inner), span * points), 1)
        return Curves(coefficients=_pieces(np.moveaxis(table @ transform.T, 0, 1)), span=span)

    def at(self, place: Array, parts: slice) -> Array:
        """Quantities at ``(part, point)``, ``(quantity, part, point)``; constant beyond the ends."""
        pieces = self.coefficients.shape[-1]
        where = (np.clip(place / self.span, -1.0, 1.0 - 1e-15) + 1.0) * (0.5 * pieces)
        piece = where.astype(np.int64)
        rest = where - piece
        piece += pieces * np.arange(len(place))[:, None]
        chosen = self.coefficients[:, :, parts]
        flat = chosen.reshape(*chosen.shape[:2], -1)
        out = np.empty((flat.shape[1], *place.shape))
        for quantity, into in enumerate(out):
            c = [np.take(each, piece) for each in flat[:, quantity]]
            into[:] = c[0] + rest * (c[1] + rest * (c[2] + rest * c[3]))
        return out


def _pieces(coefficients: Array) -> Array:
    """Cubic Hermite pieces of Chebyshev series ``(quantity, part, degree)``."""
    knots, slopes = _knots(coefficients.shape[-1])
    shape, flat = coefficients.shape[:-1], np.ascontiguousarray(coefficients).reshape(-1, len(knots))
    y, slope = (flat @ knots).reshape(*shape, -1), (flat @ slopes).reshape(*shape, -1)
    rise, a, b = np.diff(y), slope[..., :-1], slope[..., 1:]
    return np.stack([y[..., :-1], a, 3.0 * rise - 2.0 * a - b, a + b - 2.0 * rise])


@lru_cache(maxsize=64)
def _knots(count: int) -> tuple[Array, Array]:
    """Chebyshev polynomials at the knots, and their differentials over a piece, ``(degree, knot)``."""
    pieces = _FINER * count
    place = np.linspace(-1.0, 1.0, pieces + 1)
    values = chebyshev.chebvander(place, count - 1).T
    slopes = chebyshev.chebval(place, chebyshev.chebder(np.eye(count)))
    return np.asarray(values), np.asarray(2.0 / pieces * slopes)
