from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

_Function = Callable[[np.ndarray], np.ndarray]


@pytest.fixture
def every_year() -> Callable[[_Function, _Function, Sequence[float], float], float]:
    """P(z_1 >= b_1, ..., z_H >= b_H) of a walk with independent steps, by a forward recursion.

    ``f_{t+1}(z) = int_{b_t} f_t(s) density(z - s) ds`` on 40 panels of 16 Gauss-Legendre nodes in ``asinh``
    of the distance from the bar, so that heavy tails are reached too.
    """

    def probability(density: _Function, tail: _Function, bars: Sequence[float], scale: float) -> float:
        x, w = np.polynomial.legendre.leggauss(16)
        edges = np.linspace(0.0, 14.0, 41)
        half = 0.5 * np.diff(edges)[:, None]
        u = (edges[:-1, None] + half * (x + 1.0)).ravel()
        weight = (half * w).ravel() * np.cosh(u) * scale
        at, mass = np.zeros(1), np.ones(1)
        for bar in bars[:-1]:
            z = bar + scale * np.sinh(u)
            mass = weight * (density(z[:, None] - at) @ mass)
            at = z
        return float(tail(bars[-1] - at) @ mass)

    return probability
