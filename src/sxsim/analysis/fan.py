"""Quantiles of one indicator in every year to come, drawn in where they are of no use, and marked there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis.ahead import ahead_of, simulated
from sxsim.errors import RequestError
from sxsim.fitting.cap import farthest_change
from sxsim.processes.marginal import MixtureMarginal
from sxsim.processes.mixture import StudentT
from sxsim.processes.one_year import SideBySide
from sxsim.scenarios import Policy

Array = NDArray[np.float64]

_TOGETHER = 256


def checked_quantiles(quantiles: Sequence[float]) -> Array:
    """Refuse what is not a list of probabilities, a mean among them."""
    try:
        levels = np.asarray(quantiles, float)
    except (TypeError, ValueError):
        raise RequestError(
            f"quantiles={quantiles!r} are not probabilities.",
            "Only quantiles are offered, 0.5 for the median: growth whose spread is estimated has the tails "
            "of Student's t on the log scale, and the mean of its exponential is infinite. An average over "
            "simulated paths does not settle either.",
        ) from None
    if levels.ndim != 1 or not levels.size or not ((levels > 0) & (levels < 1)).all():
        raise RequestError(
            f"quantiles={quantiles!r}.", "Give a list of probabilities between 0 and 1, both excluded."
        )
    return levels


def quantile_table(
    policies: Sequence[Policy], name: str, years: NDArray[np.int64], quantiles: Array
) -> xr.DataArray:
    """Quantiles under every policy, ``(scenario, quantile, year, *batch)``."""
    model = policies[0].model
    ahead = ahead_of(policies, name, years)
    changes = dict[int, Array]()
    values, beyond = [], np.zeros(0, bool)
    for policy, one in zip(policies, ahead, strict=True):
        key = id(policy.model) if one.closed else id(policy)
        if key not in changes:
            changes[key] = _changes(one.laws, quantiles)
        change = changes[key]
        farthest = np.full_like(change[0], np.inf)
        if one.closed:
            steps = np.asarray(years - model.last_year, np.float64)
            farthest = farthest_change(policy.model, policy.model[name], steps)
        beyond = np.abs(change) > farthest if not beyond.size else beyond | (np.abs(change) > farthest)
        values.append(one.carrier.inverse(one.start + np.clip(change, -farthest, farthest) + one.offset))
    batch = model.batch(name)
    shape = (len(quantiles), len(years), *[c.size for c in batch.values()])
    attrs = dict(model.history[name].attrs) if name in model.history else {}
    dims = (*labels.FORECAST_DIMS, *batch)
    found = np.stack(values).reshape(-1, *shape)
    table = xr.DataArray(found, dims=(labels.SCENARIO, *dims), coords=batch, attrs=attrs)
    if beyond.any():
        table.attrs[labels.CAPPED] = int(beyond.sum())
        table = table.assign_coords({f"{name}_{labels.CAPPED}": (dims, beyond.reshape(shape))})
    table.attrs |= simulated(ahead)
    return table


def _changes(laws: Sequence[StudentT | MixtureMarginal | SideBySide], quantiles: Array) -> Array:
    """Quantiles of the change, ``(quantile, year, member)``; small mixtures of all years in one go."""
    mixtures = [law for law in laws if isinstance(law, MixtureMarginal)]
    if len(mixtures) == len(laws) and len(laws) * len(mixtures[0].weights) <= _TOGETHER:
        return MixtureMarginal.joined(mixtures).quantiles(quantiles).reshape(len(quantiles), len(laws), -1)
    return np.stack([law.quantiles(quantiles) for law in laws], axis=1)
