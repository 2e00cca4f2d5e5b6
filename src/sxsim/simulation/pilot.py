"""A fixed simulation, the same for every run: what has no law in closed form, known beforehand."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sxsim.scenarios import Policy
from sxsim.simulation.plain import Plain
from sxsim.simulation.record import Drawn
from sxsim.simulation.strand import Twin
from sxsim.simulation.world import world_of
from sxsim.streams import BLOCK, Seed

Array = NDArray[np.float64]

_SEED = Seed.of(20140103)
_AT_ONCE = 4


def pilot_of(policy: Policy, name: str, horizon: int, place: int, blocks: int) -> Array:
    """One member of one indicator under a policy in some blocks, ``(year, draw)``.

    Levels on the link scale; published values of what is derived, which has no link.
    """
    model = policy.model.select(tuple(policy.needs((name,))))
    team = world_of(model, horizon, _SEED, policy.parts((name,))).teams[0]
    strand, steps, out = team.strand(place), Plain(), np.empty((horizon, blocks * BLOCK))
    for start in range(0, blocks, _AT_ONCE):
        here = range(start, min(start + _AT_ONCE, blocks))
        into = strand.buffers(len(here))
        strand.draw(here, steps, into, Twin.NONE)
        drawn = Drawn(
            team=team, strand=strand, steps=steps, blocks=here, place=0, width=len(here) * BLOCK, into=into
        )
        played = drawn.under(policy)
        kept = played.values(name) if name in policy.model.derived else played.levels(name)
        out[:, here.start * BLOCK : here.stop * BLOCK] = kept
    return out
