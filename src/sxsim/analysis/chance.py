"""The probability of being at least, or at most, at given levels in every year to come, in closed form."""

from __future__ import annotations

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis.fan import Offsets, laws_ahead
from sxsim.analysis.levels import Asked
from sxsim.links import deciding
from sxsim.plan import Relation
from sxsim.processes import Grown, GrowthModel
from sxsim.processes.marginal import MixtureMarginal
from sxsim.processes.mixture import StudentT

Array = NDArray[np.float64]
_NAMES = (labels.LONG_NAME, labels.LONG_NAME_ZH)


def chance_table(
    model: GrowthModel,
    grown: Grown,
    years: NDArray[np.int64],
    *,
    asked: Asked,
    relation: Relation,
    offsets: Offsets,
) -> xr.DataArray:
    """Probabilities under every policy, ``(scenario, [level,] year, *batch)``.

    A level on or beyond a bound of the indicator is decided by the bound: exactly 0 or 1, and counted.
    """
    sign = 1.0 if relation is Relation.AT_LEAST else -1.0
    level = deciding(grown.carrier, asked.values, sign)
    free = (level > grown.carrier.lower) & (level < grown.carrier.upper)
    link = np.full(level.shape, np.nan)
    link[free] = grown.carrier.forward(level[free])
    needed = link - grown.last_level()
    found = np.empty((len(offsets), *level.shape))
    for i, law in enumerate(laws_ahead(grown, years)):
        for s, offset in enumerate(offsets):
            moved = needed[:, i] if offset is None else needed[:, i] - offset[:, i]
            found[s, :, i] = [_tail(law, row, sign) for row in moved]
    sure = level <= grown.carrier.lower if sign > 0 else level >= grown.carrier.upper
    seen = np.isfinite(grown.last_level()) & ~np.isnan(level)
    found = np.where(free, found, np.where(seen, sure, np.nan))
    return _labelled(found, model, grown, asked, relation, int((seen & ~free).sum()))


def _tail(law: StudentT | MixtureMarginal, value: Array, sign: float) -> Array:
    """Rounding of the weights' sum is taken off; a member or level that is missing stays so."""
    tail = law.at_least(value) if sign > 0 else law.at_most(value)
    return np.where(np.isnan(value), np.nan, np.clip(tail, 0.0, 1.0))


def _labelled(
    found: Array, model: GrowthModel, grown: Grown, asked: Asked, relation: Relation, certain: int
) -> xr.DataArray:
    batch = model.batch(grown.name)
    several = asked.level is not None
    dims = (labels.SCENARIO, *([labels.LEVEL] if several else []), labels.YEAR, *batch)
    sizes = [c.size for c in batch.values()]
    shape = (len(found), *([found.shape[1]] if several else []), found.shape[2], *sizes)
    known = model.history[grown.name].attrs if grown.name in model.history else {}
    attrs = {key: known[key] for key in _NAMES if key in known}
    attrs |= {labels.UNITS: "1", "relation": relation.value}
    if asked.single is not None:
        attrs[labels.LEVEL] = asked.single
    if certain:
        attrs["certain"] = certain
        bounds = f"({grown.carrier.lower:g}, {grown.carrier.upper:g})"
        attrs["certain_note"] = (
            f"{certain} levels lie on or beyond the bounds {bounds}: "
            "0 or 1 by the range of the indicator, not by the forecast"
        )
    coords = dict(batch) | ({labels.LEVEL: asked.level} if several else {})
    return xr.DataArray(found.reshape(shape), dims=dims, coords=coords, attrs=attrs)
