"""Lines of the table: a ratio of two contenders, or a figure of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Ratio:
    """Time of one contender over that of another, per draw.

    Attributes
    ----------
    key
        How options and the last line call it.
    above, below
        Names of the contenders.
    """

    key: str
    above: str
    below: str

    def measured(self, seconds: Mapping[str, Array]) -> Figure:
        """Return the median of the rounds' own ratios, and their quartiles."""
        low, middle, high = np.quantile(seconds[self.above] / seconds[self.below], (0.25, 0.5, 0.75))
        what = f"{self.above} / {self.below}"
        return Figure(key=self.key, what=what, value=float(middle), spread=(float(low), float(high)))


@dataclass(frozen=True, kw_only=True, slots=True)
class Single:
    """A figure that is not a ratio of contenders.

    Attributes
    ----------
    key
        As for a ratio.
    what
        What it says, in words.
    measure
        Returns the figure.
    needs
        Module it needs besides numpy.
    """

    key: str
    what: str
    measure: Callable[[], float]
    needs: str = "numpy"

    @property
    def installed(self) -> bool:
        """Whether its module is there."""
        return find_spec(self.needs) is not None

    def measured(self) -> Figure:
        """Return the figure; it has no spread."""
        return Figure(key=self.key, what=self.what, value=self.measure())


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A measured line.

    Attributes
    ----------
    key, what
        As for the line.
    value
        The figure.
    spread
        Lower and upper quartile over the rounds, where there were rounds.
    """

    key: str
    what: str
    value: float
    spread: tuple[float, float] | None = None
