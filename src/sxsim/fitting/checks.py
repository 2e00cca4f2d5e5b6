"""Do the one-step errors look as the fitted law says? Four figures free of the spread, with exact laws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]

FEWEST = 5
_RECENT = 3


def residual_checks(errors: Array, years: NDArray[np.int64]) -> dict[str, Array]:
    """Return what stands out in one-step errors ``(member, year)``; NaN below five of them.

    Every figure is a ratio in which the spread cancels. If the errors are exchangeable normal ones around
    zero, or share one unknown spread, the direction of the vector of errors is uniform on the sphere, and

    - the square of one error over the sum of all is beta(1/2, (n - 1)/2); the chance that the largest is as
      large or larger is at most n times its tail (Bonferroni; exact above one half);
    - the autocorrelation ``sum e_t e_(t+1) / sum e_t^2`` over m neighbours has mean 0 and variance
      ``m / (n (n + 2))``;
    - the mean square of the last third (at least three) over that of the years before is F distributed;
    - the mean size over the root mean square (Geary 1935, https://doi.org/10.1093/biomet/27.3-4.310) has
      mean ``Gamma(n/2) sqrt(n / pi) / Gamma((n + 1)/2)`` and mean square ``(1 + (n - 1) 2/pi) / n``; a bell
      curve has few very large errors, and a low ratio means more of them.

    Returns
    -------
    dict
        ``errors`` (their number), ``largest_error`` and its ``_year`` and ``_chance``, ``autocorrelation``
        and its ``_sd`` under the law, ``recent_ratio`` (of the spreads), its ``_low`` and ``_high`` (central
        95 % under the law) and ``_chance`` (two-sided), ``bell_score`` (in standard deviations under the
        law), each ``(member,)``.
    """
    seen = np.isfinite(errors)
    n = seen.sum(axis=1)
    e = np.where(seen, errors, 0.0)
    total = np.where(n >= FEWEST, (e**2).sum(axis=1), np.nan)
    total = np.where(total > 0, total, np.nan)
    at = np.abs(e).argmax(axis=1)
    largest = e[np.arange(len(e)), at]
    few = ~np.isfinite(total)
    return {
        "errors": n.astype(float),
        "largest_error": np.where(few, np.nan, largest),
        "largest_error_year": np.where(few, np.nan, years[at]),
        "largest_error_chance": np.minimum(
            1.0, n * special.betainc((np.maximum(n, 2) - 1) / 2, 0.5, np.clip(1.0 - largest**2 / total, 0, 1))
        ),
        **_neighbours(e, seen, n, total),
        **_recent(e, seen, n, total),
        "bell_score": _bell(e, n, total),
    }


def _neighbours(e: Array, seen: NDArray[np.bool_], n: NDArray[np.int64], total: Array) -> dict[str, Array]:
    pairs = (seen[:, 1:] & seen[:, :-1]).sum(axis=1)
    size = np.maximum(n, 1)
    return {
        "autocorrelation": (e[:, 1:] * e[:, :-1]).sum(axis=1) / total,
        "autocorrelation_sd": np.where(np.isnan(total), np.nan, np.sqrt(pairs / (size * (size + 2.0)))),
    }


def _recent(e: Array, seen: NDArray[np.bool_], n: NDArray[np.int64], total: Array) -> dict[str, Array]:
    count = np.maximum(n // 3, _RECENT)
    before = np.maximum(n - count, 1)
    newer = seen[:, ::-1].cumsum(axis=1)[:, ::-1] <= count[:, None]
    square = np.where(newer, e**2, 0.0).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = (square / count) / ((total - square) / before)
    below = special.fdtr(count, before, ratio)
    low, high = (special.fdtri(count, before, p) for p in (0.025, 0.975))
    known = ~np.isnan(total)
    return {
        "recent_years": np.where(known, count, np.nan),
        "recent_ratio": np.sqrt(ratio),
        "recent_ratio_low": np.where(known, np.sqrt(low), np.nan),
        "recent_ratio_high": np.where(known, np.sqrt(high), np.nan),
        "recent_ratio_chance": 2.0 * np.minimum(below, 1.0 - below),
    }


def _bell(e: Array, n: NDArray[np.int64], total: Array) -> Array:
    size = np.maximum(n, FEWEST).astype(float)
    mean = np.exp(special.gammaln(size / 2) - special.gammaln((size + 1) / 2)) * np.sqrt(size / np.pi)
    square = (1.0 + (size - 1.0) * 2.0 / np.pi) / size
    found = np.abs(e).sum(axis=1) / np.sqrt(size * total)
    return np.asarray((found - mean) / np.sqrt(square - mean**2))
