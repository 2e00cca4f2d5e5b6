"""Futures as a batch of histories, and the chances of targets seen from the end of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis.attainment import attainment
from sxsim.analysis.forecast import forecast
from sxsim.identities import Identity, needed
from sxsim.plan import Number, Relation, Target
from sxsim.plan.reading_attributes import NOISE_VARIABLE, PARTIAL, RESTATED
from sxsim.processes import GrowthModel
from sxsim.simulation import MonteCarlo
from sxsim.streams import Seed
from sxsim.studies.standing import condition_names, last_year, plain

Array = NDArray[np.float64]
Chance = tuple[Array, Array]


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What is known of everything some targets depend on.

    Attributes
    ----------
    history
        Figures known so far, dims ``(year)``.
    simulated
        Names whose figures come, from paths of a model.
    identities
        How some of them are computed.
    """

    history: xr.Dataset
    simulated: tuple[str, ...]
    identities: tuple[Identity, ...]

    def batch(self, paths: xr.Dataset, observed: Sequence[str], year: int) -> xr.Dataset:
        """Return one history per path, with the figures of what is observed up to a year."""
        years = np.arange(int(self.history[labels.YEAR].min()), year + 1)
        known = self.history.reindex({labels.YEAR: years})
        size = paths.sizes[labels.DRAW]
        columns = {}
        for name, variable in known.data_vars.items():
            values = np.repeat(variable.to_numpy()[None], size, axis=0)
            if name in observed:
                came = paths[name].sel({labels.YEAR: slice(None, year)}).transpose(labels.DRAW, labels.YEAR)
                values[:, years.size - came.sizes[labels.YEAR] :] = came.to_numpy()
            kept = {key: value for key, value in variable.attrs.items() if key not in PARTIAL}
            columns[name] = ((labels.FUTURE, labels.YEAR), values, kept)
        coords = {labels.FUTURE: np.arange(size), labels.YEAR: years}
        return xr.Dataset(columns, coords=coords, attrs=known.attrs)


def told_by(
    model: GrowthModel, known: xr.Dataset, targets: Sequence[Target], identities: Sequence[Identity]
) -> Told:
    """Gather what the targets depend on: their series, what those are computed or learned from."""
    asked = [name for target in targets for name in condition_names(target)]
    names = needed(model.identities, asked)
    waiting = [name for name in names if name in known]
    while waiting:
        attrs = known[waiting.pop()].attrs
        more = {str(attrs[key]) for key in (labels.BRIDGE_FROM, NOISE_VARIABLE, RESTATED) if key in attrs}
        waiting += more - names
        names |= more
    history = known[sorted(names.intersection(map(str, known.data_vars)))]
    return Told(
        history=history,
        simulated=tuple(sorted(name for name in names if name in model or name in model.derived)),
        identities=tuple(one for one in identities if one.indicator in names),
    )


def chances(model: GrowthModel, targets: Sequence[Target], draws: int, seed: Seed) -> list[Chance]:
    """Return probability and numerical error of each target by future, in closed form where there is one."""
    closed = {target.id: _closed(model, target) for target in targets}
    found = {name: chance for name, chance in closed.items() if chance is not None}
    rest = [target for target in targets if target.id not in found]
    decided = [target for target in rest if last_year(target) <= model.last_year]
    counted = [t for t in rest if t not in decided]
    for some, method in ((decided, None), (counted, MonteCarlo(draws=draws))):
        if some:
            odds = attainment(model, some, method=method, rng=seed.entropy).isel({labels.SCENARIO: 0})
            for target in some:
                one = odds.sel({labels.TARGET: target.id})
                found[target.id] = one["probability"].to_numpy(), one["standard_error"].to_numpy()
    return [found[target.id] for target in targets]


def _closed(model: GrowthModel, target: Target) -> Chance | None:
    """Answer whether one indicator clears one number in one year to come."""
    condition = plain(target)
    if condition is None or len(condition.years) > 1 or condition.precision:
        return None
    if not isinstance(condition.level, Number):
        return None
    name, year = condition.indicator, condition.years[0]
    if name not in model or year <= model.last_year:
        return None
    years = np.arange(model.last_year + 1, year + 1)
    levels = np.where(years == year, condition.level.value, np.nan)
    level = xr.DataArray(levels, dims=labels.YEAR, coords={labels.YEAR: years})
    side = "at_least" if condition.relation is Relation.AT_LEAST else "at_most"
    found = forecast(model, until=year, **{side: {name: level}})  # type: ignore[arg-type]
    chance = found[name].sel({labels.YEAR: year}).to_numpy()
    return chance, np.zeros_like(chance)
