"""The law of an indicator in every year to come, in closed form or as the draws of a fixed simulation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sxsim import labels
from sxsim.processes import Grown, GrowthModel, PathLaw
from sxsim.processes.marginal import MixtureMarginal
from sxsim.processes.mixture import StudentT
from sxsim.processes.one_year import Counted, SideBySide
from sxsim.processes.path_process import DRAWS
from sxsim.simulation import pilot_levels
from sxsim.streams import BLOCK

_BLOCKS = 64


def laws_ahead(
    model: GrowthModel, grown: Grown, years: NDArray[np.int64]
) -> list[StudentT | MixtureMarginal | SideBySide]:
    """Return the law of the change up to each year, from every member's own last figure."""
    if not model.concerned([grown.name]):
        return [grown.marginal(year - grown.last_years()) for year in years]
    last, horizon = grown.last_level(), int(years.max()) - model.last_year
    drawn = [
        np.sort(pilot_levels(model, grown.name, horizon, m, _BLOCKS) - last[m], axis=1)
        for m in range(grown.size)
    ]
    places = years - model.last_year - 1
    return [SideBySide(laws=tuple(Counted(values=paths[place]) for paths in drawn)) for place in places]


def simulated(model: GrowthModel, grown: Grown) -> dict[str, int]:
    """Say how many fixed paths stand for a law without a closed form, if it has none."""
    if model.concerned([grown.name]):
        return {labels.FIXED_DRAWS: _BLOCKS * BLOCK}
    walked = isinstance(grown.law, PathLaw) and not grown.law.closed_form
    return {labels.FIXED_DRAWS: DRAWS} if walked else {}
