"""Random numbers of levers and events, for the blocks in hand."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sxsim.simulation.strand import Twin
from sxsim.streams import BLOCK, Role, Seed, generator_of

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class BlockNumbers:
    """Numbers of some blocks, owned by levers and events; batches and scenarios have them in common.

    How strong a lever is belongs to what is not known, like a parameter; what happens in a year to its
    shocks: twins share and draw anew accordingly.

    Attributes
    ----------
    seed, blocks, twin, mirrored
        Whose draws they belong to.
    horizon, width
        Years, and how many draws count.
    made
        Numbers made before: several scenarios ask for those of one lever.
    """

    seed: Seed
    blocks: Sequence[int]
    twin: Twin
    mirrored: bool
    horizon: int
    width: int
    made: dict[Hashable, Array] = field(default_factory=dict)

    def strength(self, owner: str) -> Array:
        """Return a standard normal number for each draw, ``(draw,)``; mirrored where the world is."""
        if owner not in self.made:
            self.made[owner] = self._strength(owner)
        return self.made[owner]

    def once(self, key: Hashable, make: Callable[[Array], Array], numbers: Array) -> Array:
        """Return what is made of some numbers, made once for all that give the same key."""
        if key not in self.made:
            self.made[key] = make(numbers)
        return self.made[key]

    def _strength(self, owner: str) -> Array:
        stream = self.seed.stream(Role.STRENGTHS, _named(owner, self.twin is Twin.CELLS), "")
        drawn = [generator_of(stream.words(block)).standard_normal(BLOCK) for block in self.blocks]
        numbers = np.concatenate(drawn)[: self.width]
        return np.asarray(-numbers if self.mirrored else numbers)

    def events(self, owner: str) -> tuple[Array, Array]:
        """Return a uniform and a standard normal number for each year, ``(year, draw)``."""
        name = _named(owner, self.twin is not Twin.NONE)
        happens, sizes = (self.seed.stream(Role.EVENTS, name, what) for what in ("uniform", "normal"))
        shape = (self.horizon, BLOCK)
        uniforms = [generator_of(happens.words(block)).random(shape) for block in self.blocks]
        normals = [generator_of(sizes.words(block)).standard_normal(shape) for block in self.blocks]
        return (
            np.concatenate(uniforms, axis=1)[:, : self.width],
            np.concatenate(normals, axis=1)[:, : self.width],
        )


def _named(owner: str, again: bool) -> str:
    return f"{owner} twin" if again else owner
