"""What a fit knows about indicators that move together: as a table of pairs, and in words."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim.processes import GrowthModel

_LOW, _HIGH = 0.1, 0.9


def pairs_table(model: GrowthModel) -> xr.Dataset:
    """Return correlation, its central 80 % and the common years of all pairs, dims ``(indicator, other)``.

    A correlation set by hand is certain, and rests on no year.
    """
    known, names = model.dependence, list(model.names)
    years = known.common_years if known.common_years is not None else np.zeros(known.mean.shape, int)
    low, high = np.quantile(known.draws, (_LOW, _HIGH), axis=0)
    tables = {"correlation": known.mean, "low": low, "high": high, "common_years": years}
    dims = ("indicator", "other")
    return xr.Dataset({k: (dims, v) for k, v in tables.items()}, coords=dict.fromkeys(dims, names))


def together_words(model: GrowthModel) -> tuple[str, ...]:
    """Say on how many common years the correlation rests, and what it is in the mean."""
    if len(model.names) < 2:
        return ()
    if model.dependence.common_years is None:
        return ("shocks of one year: correlated as set by hand",)
    return tuple(_words(model, places) for places in _groups(model) if len(places) > 1)


def _groups(model: GrowthModel) -> Iterator[NDArray[np.int64]]:
    """Places of the indicators that share their batch dimensions."""
    batches = [tuple(model.batch(name)) for name in model.names]
    for batch in dict.fromkeys(batches):
        yield np.flatnonzero([other == batch for other in batches])


def _words(model: GrowthModel, places: NDArray[np.int64]) -> str:
    part = model.dependence.select(places)
    upper = np.triu_indices(len(places), 1)
    assert part.common_years is not None
    years = part.common_years[upper]
    seen = years[years > 0]
    basis = f"{seen.min()} to {seen.max()} each, median {np.median(seen):.0f}" if seen.size else "none"
    means = part.draws[:, upper[0], upper[1]].mean(axis=1)
    low, high = np.quantile(means, (_LOW, _HIGH))
    return (
        f"shocks of one year: {len(places)} indicators, {len(seen)} of {len(years)} pairs observed in common "
        f"years ({basis}); mean correlation {means.mean():+.2f}, 80 % between {low:+.2f} and {high:+.2f}"
    )
