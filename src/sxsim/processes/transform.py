"""Box-Cox transforms of the ratio to the last figure, given and returned as logarithms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

EXPONENTS = (0.0, 0.5, 1.0)


def box_cox(log_ratio: Array, exponent: Array) -> Array:
    """Box-Cox transform of a ratio given its logarithm; 0 stays 0."""
    safe = np.where(exponent == 0, 1.0, exponent)
    return np.where(exponent == 0, log_ratio, np.expm1(safe * np.minimum(log_ratio, 500.0)) / safe)


def inverse_box_cox(values: Array, exponent: Array) -> Array:
    """Log ratio from its transform; what lies beyond zero ends far below any figure."""
    safe = np.where(exponent == 0, 1.0, exponent)
    return np.where(exponent == 0, values, np.log(np.maximum(1.0 + safe * values, 1e-9)) / safe)
