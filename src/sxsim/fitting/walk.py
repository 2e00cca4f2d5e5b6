"""Random walk with drift in closed form: sufficient figures of many series at once, and their posterior."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import ModelError
from sxsim.processes import RandomWalkPosterior

Array = NDArray[np.float64]

_ROUNDING = 1e-12  # a misfit this small a part of the squares is a straight line


@dataclass(frozen=True, kw_only=True, slots=True)
class Prior:
    """``mu | sigma ~ N(drift, sigma^2 / years)``, ``sigma^2 ~ inverse-gamma(shape, shape spread^2)``.

    Attributes
    ----------
    drift
        Yearly growth expected before any figure is seen (log, or log odds, per year).
    years
        What that expectation is worth, in years of data.
    shape
        What the expected spread is worth: twice the shape is its number of years.
    spread
        Typical standard deviation of a yearly shock.
    window
        Most figures of a series that a fit with this prior uses, the latest; None for all of them.
    source
        Where the numbers come from.

    Examples
    --------
    >>> Prior(drift=0.03, years=4, shape=1.5, spread=0.06).years
    4
    """

    drift: float
    years: float
    shape: float
    spread: float
    window: int | None = None
    source: str = "given by hand"

    def __post_init__(self) -> None:
        numbers = {"drift": self.drift, "years": self.years, "shape": self.shape, "spread": self.spread}
        for name, value in numbers.items():
            if not np.isfinite(value):
                raise ModelError(f"Prior {name}={value!r}.", "Give a finite number.")
        flat = self.years == 0 and self.shape == -0.5 and self.spread == 0
        if not flat and not (self.years > 0 and self.shape > 0 and self.spread > 0):
            raise ModelError(
                f"Prior years={self.years:g}, shape={self.shape:g}, spread={self.spread:g} "
                "must all lie above zero.",
                "Use Prior.flat() for no prior at all.",
            )

    @staticmethod
    def flat() -> Prior:
        """Return the prior that says nothing: predictions become the textbook t interval.

        Examples
        --------
        >>> Prior.flat().years
        0.0
        """
        return Prior(drift=0.0, years=0.0, shape=-0.5, spread=0.0, source="flat: no prior")

    @property
    def rate(self) -> float:
        """Rate of the inverse gamma."""
        return abs(self.shape) * self.spread**2


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """Sufficient figures of random walks, one entry per member; gaps of several years count as such."""

    points: NDArray[np.int64]
    span: Array
    total: Array
    squares: Array
    last_level: Array
    first_index: NDArray[np.int64]
    last_index: NDArray[np.int64]
    # Both (member, year), from the first year with any figure on, zero where there is no change.
    changes: Array = field(repr=False)  # since the figure before
    gaps: NDArray[np.int64] = field(repr=False)  # years it took


def latest(levels: Array, window: int | None) -> Array:
    """Keep the last ``window`` figures of every member, NaN elsewhere."""
    if window is None:
        return levels
    newer = np.isfinite(levels)[:, ::-1].cumsum(axis=1, dtype=np.int32)[:, ::-1]
    return np.where(newer <= window, levels, np.nan)


def from_first_figure(levels: Array) -> Array:
    """Drop the years before anybody's first figure."""
    return levels[:, int(np.isfinite(levels).any(axis=0).argmax()) :]


def summarise(levels: Array) -> Summary:
    """Read link-scale levels ``(member, year)``, NaN where not observed."""
    used = from_first_figure(levels)
    empty = levels.shape[1] - used.shape[1]
    seen, columns, rows = np.isfinite(used), np.arange(used.shape[1]), np.arange(len(used))
    first = seen.argmax(axis=1)
    last = used.shape[1] - 1 - seen[:, ::-1].argmax(axis=1)
    latest = np.maximum.accumulate(np.where(seen, columns, -1), axis=1)
    before = np.concatenate([np.full((len(used), 1), -1), latest[:, :-1]], axis=1)
    moved = seen & (before >= 0)
    previous = np.take_along_axis(used, np.maximum(before, 0), axis=1)
    gap = np.where(moved, columns - before, 1)
    change = np.where(moved, used - previous, 0.0)
    return Summary(
        points=seen.sum(axis=1),
        span=np.where(seen.any(axis=1), last - first, 0).astype(float),
        total=np.nan_to_num(used[rows, last] - used[rows, first]),
        squares=(change**2 / gap).sum(axis=1),
        last_level=used[rows, last],
        first_index=empty + first,
        last_index=empty + last,
        changes=change,
        gaps=np.where(moved, gap, 0),
    )


def posterior_of(summary: Summary, prior: Prior, *, years: Array | None = None) -> RandomWalkPosterior:
    """Conjugate update: ``years' = years + span``, ``shape' = shape + (points - 1) / 2``.

    ``years``, ``(member,)``, replaces what the prior drift is worth to each member.
    """
    years = (prior.years if years is None else years) + summary.span
    weight = np.where(years > 0, years, 1.0)
    beyond = summary.total - summary.span * prior.drift
    misfit = summary.squares - prior.drift * (summary.total + beyond) - beyond**2 / weight
    return RandomWalkPosterior(
        drift=prior.drift + beyond / weight,
        years=years,
        shape=prior.shape + np.maximum(summary.points - 1, 0) / 2,
        rate=prior.rate + np.where(misfit > _ROUNDING * summary.squares, misfit, 0.0) / 2,
    )
