"""The model a scenario is replayed over: the one that was fitted, or another on the same streams."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim.errors import ModelError, RequestError
from sxsim.labels import YEAR
from sxsim.links import Count
from sxsim.plan import CorrelationChange, GivenPath, Scenario, VolatilityChange
from sxsim.processes import GrowthModel, with_correlation, with_volatility
from sxsim.scenarios.ground import Ground, owner_of

Array = NDArray[np.float64]

_Variation = VolatilityChange | CorrelationChange | GivenPath
_ORDER = (VolatilityChange, CorrelationChange, GivenPath)


def variant_of(scenario: Scenario, ground: Ground) -> GrowthModel:
    """Return the model with what a scenario says of volatility, correlation and given paths, in this order.

    Scenarios that say the same share one model; without any it is the model itself.
    """
    said = frozenset(change for change in scenario.changes if isinstance(change, _ORDER))
    if said not in ground.variants:
        model = ground.model
        for change in sorted(said, key=lambda change: (_ORDER.index(type(change)), change.key)):
            with _naming(owner_of(scenario, change)):
                model = _changed(model, scenario, change, ground)
        ground.variants[said] = model
    return ground.variants[said]


def _changed(model: GrowthModel, scenario: Scenario, change: _Variation, ground: Ground) -> GrowthModel:
    if isinstance(change, GivenPath):
        known = ground.holds(scenario, change, change.indicator)
        return model.given({change.indicator: _path(change, ground)}) if known else model
    meant = [name for name in change.names or ground.model.names if ground.holds(scenario, change, name)]
    if isinstance(change, VolatilityChange):
        return with_volatility(model, dict.fromkeys(meant, _factors(change, ground)))
    for names in _together(meant, ground) if not change.names else [meant]:
        model = with_correlation(model, names, change.share) if len(names) > 1 else model
    return model


def _factors(change: VolatilityChange, ground: Ground) -> Array:
    """What the shocks of every year of the run are multiplied by, ``(year,)``."""
    end = ground.last if change.end is None else change.end
    inside = (ground.years >= change.start) & (ground.years <= end)
    if not inside.any():
        when = f"begins in {change.start}" if change.end is None else f"lies in {change.start} to {end}"
        raise RequestError(
            f"It {when}, outside the years {ground.first} to {ground.last} of the run.",
            "Move it, leave it out, or run to a later year.",
        )
    return np.where(inside, change.factor, 1.0)


def _together(names: list[str], ground: Ground) -> list[list[str]]:
    """Indicators that share a batch; those of different ones are independent."""
    groups: dict[object, list[str]] = {}
    for name in names:
        groups.setdefault(ground.batch(name), []).append(name)
    return list(groups.values())


def _path(change: GivenPath, ground: Ground) -> Mapping[int, float] | xr.DataArray:
    """Figures as they are given, or grown from the last one on up to the last year of the run."""
    if change.growth is None:
        return dict(change.figures)
    grown = ground.model[change.indicator]
    years = np.arange(ground.first, (ground.last if change.until is None else change.until) + 1)
    last = np.atleast_1d(np.asarray(grown.last_value, float))
    values = last * (1.0 + change.growth) ** (years[:, None] - grown.last_years())
    batch = ground.model.batch(change.indicator)
    table = np.round(values) if isinstance(grown.carrier, Count) or grown.counts else values
    shape = (len(years), *(c.size for c in batch.values()))
    return xr.DataArray(table.reshape(shape), dims=(YEAR, *batch), coords={YEAR: years, **batch})


@contextmanager
def _naming(owner: str) -> Iterator[None]:
    """Let what the model refuses say which change of which scenario asked for it."""
    try:
        yield
    except (RequestError, ModelError) as error:
        raise type(error)(f"{owner}: {error.text}", error.hint) from error
