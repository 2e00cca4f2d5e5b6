"""How strong something is: a number, a range somebody named, or a distribution."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import PlanError
from sxsim.plan.checks import check_finite

Array = NDArray[np.float64]

_NUMBER = r"([-+−]?\d+(?:\.\d+)?)\s*%?"
_RANGE = re.compile(
    rf"^\s*{_NUMBER}\s*(?:to|–|—|~|-|至|到)\s*{_NUMBER}"
    rf"(?:\s*[,;，；]?\s*(?:most likely|likely|最可能(?:是|为)?)\s*{_NUMBER})?\s*$"
)


@runtime_checkable
class Distribution(Protocol):
    """Anything with a quantile function, such as a frozen distribution of scipy."""

    def ppf(self, q: Array) -> Array:
        """Return the quantiles at some probabilities."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Elicited:
    """A range as somebody named it: never below, never above, and what is most likely.

    The law is triangular; without a most likely value it is uniform.

    Parameters
    ----------
    low, high
        Ends of the range.
    mode
        The most likely value; None if none was named.

    Raises
    ------
    PlanError
        A number is not finite, they are out of order, or a text is not a range.

    Examples
    --------
    >>> Elicited.read("5 to 10, most likely 7")
    Elicited(low=5.0, high=10.0, mode=7.0)
    >>> float(Elicited(low=0.0, high=2.0, mode=1.0).ppf(0.5))
    1.0
    """

    low: float
    high: float
    mode: float | None = None

    def __post_init__(self) -> None:
        middle = self.low if self.mode is None else self.mode
        for key, value in (("low", self.low), ("high", self.high), ("mode", middle)):
            check_finite("a range", key, value)
        if not self.low < self.high:
            raise PlanError(
                f"a range: low = {self.low!r} is not below high = {self.high!r}.", "Give the lower end first."
            )
        if not self.low <= middle <= self.high:
            raise PlanError(
                f"a range: mode = {middle!r} lies outside {self.low:g} to {self.high:g}.",
                "The most likely value lies inside its range.",
            )

    @staticmethod
    def read(text: str) -> Elicited:
        """Read a range in words, such as "5 to 10, most likely 7" or "5至10，最可能7".

        Raises
        ------
        PlanError
            The text is not a range.
        """
        found = _RANGE.match(text)
        if not found:
            raise PlanError(f"{text!r} is not a range.", 'Write it as in "5 to 10, most likely 7".')
        low, high, mode = (None if part is None else float(part.replace("−", "-")) for part in found.groups())
        assert low is not None and high is not None
        return Elicited(low=low, high=high, mode=mode)

    def ppf(self, q: Array) -> Array:
        """Return the quantiles at some probabilities."""
        q, width = np.asarray(q, float), self.high - self.low
        if self.mode is None:
            return np.asarray(self.low + width * q)
        left = (self.mode - self.low) / width
        rising = self.low + width * np.sqrt(left * q)
        falling = self.high - width * np.sqrt((1.0 - left) * (1.0 - q))
        return np.asarray(np.where(q < left, rising, falling))


Size = float | Elicited | Distribution


def check_size(owner: str, key: str, size: Size) -> None:
    """Refuse what is neither a finite number nor has a finite median."""
    if isinstance(size, bool) or not isinstance(size, int | float | np.number | Distribution):
        raise PlanError(
            f"{owner}: {key} = {size!r} is neither a number nor a distribution.",
            "Give a number, sx.Elicited(low=, high=, mode=), or a frozen distribution of scipy.stats.",
        )
    check_finite(owner, key, median(size))


def certain(size: Size) -> bool:
    """Whether it is a number."""
    return not isinstance(size, Distribution)


def median(size: Size) -> float:
    """Return the number, or the median of the distribution."""
    if isinstance(size, Distribution):
        return float(np.asarray(size.ppf(np.asarray(0.5))))
    return float(size)


def in_words(size: Size) -> str:
    """Write a size the way it can be read again; distributions of one's own by their median.

    Examples
    --------
    >>> in_words(0.5), in_words(Elicited.read("5 to 10, most likely 7"))
    ('0.5', '5 to 10, most likely 7')
    """
    if isinstance(size, Elicited):
        likely = "" if size.mode is None else f", most likely {size.mode:g}"
        return f"{size.low:g} to {size.high:g}{likely}"
    return f"{median(size):g}" if certain(size) else f"about {median(size):g}"
