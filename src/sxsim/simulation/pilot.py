"""A fixed simulation, the same for every run: what has no law in closed form, known beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from sxsim.scenarios import Policy
from sxsim.simulation.plain import Plain
from sxsim.simulation.record import Drawn
from sxsim.simulation.strand import Twin
from sxsim.simulation.world import Team, world_of
from sxsim.streams import BLOCK, Seed

Array = NDArray[np.float64]

_SEED = Seed.of(20140103)
_AT_ONCE = 4


def pilot_of(policies: Sequence[Policy], name: str, horizon: int, *, place: int, blocks: int) -> list[Array]:
    """One member of one indicator under some policies in some blocks, ``(year, draw)`` each.

    Levels on the link scale; published values of what is derived, which has no link. Policies that need the
    same indicators of the same model are replayed over one world.
    """
    out = [np.empty((horizon, blocks * BLOCK)) for _ in policies]
    groups = dict[tuple[int, frozenset[str]], list[int]]()
    for s, policy in enumerate(policies):
        groups.setdefault((id(policy.model), policy.needs((name,))), []).append(s)
    for (_, needed), slots in groups.items():
        first = policies[slots[0]]
        model = first.model.select(tuple(needed))
        team = world_of(model, horizon, _SEED, first.parts((name,))).teams[0]
        for drawn in _drawn(team, place, blocks):
            for s in slots:
                played = drawn.under(policies[s])
                kept = played.values(name) if name in first.model.derived else played.levels(name)
                out[s][:, drawn.place : drawn.place + drawn.width] = kept
    return out


def _drawn(team: Team, place: int, blocks: int) -> Iterator[Drawn]:
    """Blocks of one member, some at a time."""
    strand, steps = team.strand(place), Plain()
    for start in range(0, blocks, _AT_ONCE):
        here = range(start, min(start + _AT_ONCE, blocks))
        into, width = strand.buffers(len(here)), len(here) * BLOCK
        strand.draw(here, steps, into, Twin.NONE)
        first = start * BLOCK
        yield Drawn(team=team, strand=strand, steps=steps, blocks=here, place=first, width=width, into=into)
