"""How well a share of draws is known."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def share_error(hits: Array, draws: Array | int) -> Array:
    """Standard error of a share; one more hit and one more miss are assumed, so that it is never zero."""
    rule = (hits + 1.0) / (draws + 2.0)
    return np.asarray(np.sqrt(rule * (1.0 - rule) / draws))
