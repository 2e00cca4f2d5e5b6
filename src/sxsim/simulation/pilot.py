"""Levels of a fixed simulation, the same for every run: a law without a closed form, known beforehand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sxsim.processes import GrowthModel
from sxsim.simulation.plain import Plain
from sxsim.simulation.strand import Twin
from sxsim.simulation.world import world_of
from sxsim.streams import BLOCK, Seed

Array = NDArray[np.float64]

_SEED = Seed.of(20140103)
_AT_ONCE = 4


def pilot_levels(model: GrowthModel, name: str, horizon: int, place: int, blocks: int) -> Array:
    """Levels of one member of one indicator on the link scale in some blocks, ``(year, draw)``."""
    team = world_of(model.select((name,)), horizon, _SEED).teams[0]
    strand, out = team.strand(place), np.empty((horizon, blocks * BLOCK))
    for start in range(0, blocks, _AT_ONCE):
        here = range(start, min(start + _AT_ONCE, blocks))
        into = strand.buffers(len(here))
        strand.draw(here, Plain(), into, Twin.NONE)
        out[:, here.start * BLOCK : here.stop * BLOCK] = strand.levels(0, into)
    return out
