"""Room for some blocks of draws of one team: numbers go in from the streams and come out as changes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.streams import BLOCK

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Buffers:
    """Arrays of whole blocks, draws last.

    Attributes
    ----------
    uniforms
        Of cell and sigma, ``(indicator, 2, draw)``.
    shocks
        Normals of the drift, of the world's years and then of unknown years before, ``(indicator, 1 + year,
        draw)``.
    choice
        Which correlation each draw has, ``(draw,)``.
    change
        What the world's years add to the last level, on the scale of each draw's cell, ``(indicator, year,
        draw)``.
    groups
        Place of that scale's exponent, ``(indicator, draw)``.
    """

    uniforms: Array
    shocks: Array
    choice: NDArray[np.int64]
    change: Array
    groups: NDArray[np.uint8]

    @staticmethod
    def of(indicators: int, gap: int, horizon: int, blocks: int) -> Buffers:
        """Return room for so many blocks; NaN until filled."""
        width = blocks * BLOCK
        return Buffers(
            uniforms=np.full((indicators, 2, width), np.nan),
            shocks=np.full((indicators, 1 + gap + horizon, width), np.nan),
            choice=np.zeros(width, np.int64),
            change=np.full((indicators, horizon, width), np.nan),
            groups=np.zeros((indicators, width), np.uint8),
        )

    def in_time(self, k: int, gap: int) -> list[Array]:
        """Shocks of one indicator in the order of time: drift, unknown years, the world's years."""
        years = self.change.shape[1]
        rows = (0, *range(1 + years, 1 + years + gap), *range(1, 1 + years))
        return [self.shocks[k, row] for row in rows]
