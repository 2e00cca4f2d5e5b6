"""Fixed levels that paths must reach or stay below, moved to the scale of every cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Masks = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Bars:
    """Questions, each the conjunction of rows: one indicator in one year against one level.

    Attributes
    ----------
    rows
        Indicator, year, question, and 1 for "at least" or 0 for "at most", ``(row, 4)``; in the order of the
        questions.
    levels
        For each of the three exponents the transformed change that is asked for under every scenario,
        ``(scenario, row, exponent)``.
    curved
        Whether some cell of an indicator grows on a transformed scale, ``(indicator,)``.
    kept
        Whether what is already known leaves a question open, ``(question,)``.
    joined
        Which questions are asked all together.
    """

    rows: NDArray[np.int64]
    levels: Array
    curved: NDArray[np.bool_]
    kept: NDArray[np.bool_]
    joined: NDArray[np.int64]

    def start(self, width: int) -> Masks:
        """Return hits before any row is looked at, ``(question, draw)``."""
        return np.repeat(self.kept[:, None], width, axis=1)

    def with_joint(self, masks: Masks) -> Masks:
        """Append the hits of the joined questions as a whole."""
        joint = np.logical_and.reduce(masks[self.joined], axis=0, keepdims=True)
        return np.concatenate([masks, joint])
