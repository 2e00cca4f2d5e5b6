"""The probability of being at least, or at most, at given levels in every year to come, in closed form."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis.ahead import ahead_of, simulated
from sxsim.analysis.levels import Asked
from sxsim.links import Carrier, deciding
from sxsim.plan import Relation
from sxsim.processes import GrowthModel
from sxsim.processes.marginal import MixtureMarginal
from sxsim.processes.mixture import StudentT
from sxsim.processes.one_year import SideBySide
from sxsim.scenarios import Policy

Array = NDArray[np.float64]
_NAMES = (labels.LONG_NAME, labels.LONG_NAME_ZH)


def chance_table(
    policies: Sequence[Policy], name: str, years: NDArray[np.int64], *, asked: Asked, relation: Relation
) -> xr.DataArray:
    """Probabilities under every policy, ``(scenario, [level,] year, *batch)``.

    A level on or beyond a bound of the indicator is decided by the bound: exactly 0 or 1, and counted.
    """
    sign = 1.0 if relation is Relation.AT_LEAST else -1.0
    model, ahead = policies[0].model, ahead_of(policies, name, years)
    carrier, start = ahead[0].carrier, ahead[0].start
    level = deciding(carrier, asked.values, sign)
    free = (level > carrier.lower) & (level < carrier.upper)
    link = np.full(level.shape, np.nan)
    link[free] = carrier.forward(level[free])
    needed = link - start
    found = np.empty((len(policies), *level.shape))
    for s, one in enumerate(ahead):
        moved = needed - one.offset
        for i, law in enumerate(one.laws):
            found[s, :, i] = [_tail(law, row, sign) for row in moved[:, i]]
    sure = level <= carrier.lower if sign > 0 else level >= carrier.upper
    seen = np.isfinite(start) & ~np.isnan(level)
    found = np.where(free, found, np.where(seen, sure, np.nan))
    attrs = (
        _attributes(model, name, asked, relation)
        | simulated(ahead)
        | _certain(carrier, int((seen & ~free).sum()))
    )
    return _labelled(found, model, name, asked, attrs)


def _tail(law: StudentT | MixtureMarginal | SideBySide, value: Array, sign: float) -> Array:
    """Rounding of the weights' sum is taken off; a member or level that is missing stays so."""
    tail = law.at_least(value) if sign > 0 else law.at_most(value)
    return np.where(np.isnan(value), np.nan, np.clip(tail, 0.0, 1.0))


def _attributes(model: GrowthModel, name: str, asked: Asked, relation: Relation) -> dict[str, str | float]:
    known = model.history[name].attrs if name in model.history else {}
    attrs = {key: known[key] for key in _NAMES if key in known}
    attrs |= {labels.UNITS: "1", "relation": relation.value}
    return attrs if asked.single is None else attrs | {labels.LEVEL: asked.single}


def _certain(carrier: Carrier, count: int) -> dict[str, str | int]:
    """Say where 0 and 1 come from, if any."""
    if not count:
        return {}
    bounds = f"({carrier.lower:g}, {carrier.upper:g})"
    note = f"{count} levels lie on or beyond the bounds {bounds}: 0 or 1 by the range, not by the forecast"
    return {"certain": count, "certain_note": note}


def _labelled(
    found: Array, model: GrowthModel, name: str, asked: Asked, attrs: dict[str, str | float]
) -> xr.DataArray:
    batch = model.batch(name)
    several = {} if asked.level is None else {labels.LEVEL: asked.level}
    middle = found.shape[1:3] if several else found.shape[2:3]
    shape = (len(found), *middle, *[c.size for c in batch.values()])
    dims = (labels.SCENARIO, *several, labels.YEAR, *batch)
    return xr.DataArray(found.reshape(shape), dims=dims, coords=dict(batch) | several, attrs=attrs)
