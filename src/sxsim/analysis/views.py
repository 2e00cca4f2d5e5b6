"""The probability as each assumption about growth would have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import xarray as xr

from sxsim import labels
from sxsim.analysis.attainment import attainment
from sxsim.analysis.moves import Case
from sxsim.processes import GrowthView, growth_views, under_view
from sxsim.simulation import Method
from sxsim.streams import Seed

_LEAST = 0.01  # weight below which an assumption is not asked


def views_of(case: Case) -> list[GrowthView]:
    """Return the assumptions that carry a hundredth of some member; none where figures were given."""
    if case.model.conditions:
        return []
    found = [view for name in case.indicators for view in growth_views(case.model, name)]
    return [view for view in found if np.nanmax(view.weight) >= _LEAST]


def seen_under(
    view: GrowthView, case: Case, odds: xr.Dataset, *, joint: bool, method: Method | None, seed: Seed
) -> dict[str, xr.DataArray]:
    """Ask under one assumption what its indicator decides; all else stays as it is without."""
    there = replace(case, model=under_view(case.model, view))
    out = {name: odds[name].copy() for name in ("probability", *(("joint",) if joint else ()))}
    for group in there.groups(case.reading(view.indicator), joint=joint):
        names = [target.id for target in group.targets]
        found = attainment(
            group.model, group.targets, scenarios=case.scenario, method=method, rng=seed.entropy
        ).isel({labels.SCENARIO: 0})
        place = {labels.TARGET: names}
        out["probability"].loc[place] = found["probability"].sel(place)
        if joint and group.targets == case.lead:
            out["joint"][...] = found["joint"]
    weight = _weight(view, case)
    return {f"view_{name}": one.where(weight > 0) for name, one in out.items()} | {"view_weight": weight}


def views_table(
    views: Sequence[GrowthView],
    found: Sequence[Sequence[Mapping[str, xr.DataArray]]],
) -> dict[str, xr.DataArray]:
    """Answers under every scenario and assumption, and how much the history speaks for each."""
    coordinates = {
        labels.VIEW: (labels.VIEW, [view.name for view in views]),
        "indicator": (labels.VIEW, [view.indicator for view in views]),
        "aspect": (labels.VIEW, [view.aspect.value for view in views]),
        "assumed": (labels.VIEW, [view.value for view in views]),
    }
    out = {}
    for name in found[0][0]:
        tables = [xr.concat(xr.broadcast(*(one[name] for one in line)), labels.VIEW) for line in found]
        whole = tables[0] if name == "view_weight" else xr.concat(tables, labels.SCENARIO)
        out[name] = whole.assign_coords(coordinates)
    return out


def _weight(view: GrowthView, case: Case) -> xr.DataArray:
    batch = case.model.batch(view.indicator)
    shape = [c.size for c in batch.values()]
    return xr.DataArray(view.weight.reshape(shape), dims=tuple(batch), coords=batch)
