"""A size that is a little more, or less, than somebody said."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.plan import Distribution, Elicited, Size

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Scaled:
    """A distribution whose every quantile is multiplied.

    Attributes
    ----------
    base, factor
        What is multiplied, and by what; above zero.
    """

    base: Distribution
    factor: float

    def ppf(self, q: Array) -> Array:
        """Return the quantiles at some probabilities."""
        return np.asarray(self.factor * np.asarray(self.base.ppf(q)))


def scaled(size: Size, factor: float) -> Size:
    """Multiply a size.

    Examples
    --------
    >>> scaled(2.0, 1.5)
    3.0
    """
    if isinstance(size, Elicited):
        mode = None if size.mode is None else factor * size.mode
        return Elicited(low=factor * size.low, high=factor * size.high, mode=mode)
    if isinstance(size, Distribution):
        return Scaled(base=size, factor=factor)
    return factor * size
