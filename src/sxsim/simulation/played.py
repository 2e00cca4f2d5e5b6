"""One policy replayed over the blocks in hand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sxsim.scenarios import Numbers, Policy, base_levels, derivation_under, play
from sxsim.simulation.buffers import Buffers
from sxsim.simulation.strand import Strand
from sxsim.simulation.world import batch_labels

Array = NDArray[np.float64]

_ALL = slice(None)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class WorldLevels(Mapping[str, Array]):
    """Levels of the world on the link scale, ``(year, draw)`` by indicator, each made once.

    Attributes
    ----------
    strand, into, width
        What was drawn, where it lies, and how many draws count.
    """

    strand: Strand
    into: Buffers
    width: int
    made: dict[str, Array] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Array:
        if name not in self.made:
            levels = self.strand.levels(self.strand.names.index(name), self.into)
            self.made[name] = levels[:, : self.width]
        return self.made[name]

    def __contains__(self, name: object) -> bool:
        return name in self.strand.names

    def __iter__(self) -> Iterator[str]:
        return iter(self.strand.names)

    def __len__(self) -> int:
        return len(self.strand.names)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Played:
    """Levels under one policy.

    Attributes
    ----------
    policy, world, place
        What is replayed over which levels, and the member of the batch.
    moved
        Levels of the indicators it moves differently from draw to draw.
    """

    policy: Policy
    world: Mapping[str, Array]
    place: int
    moved: Mapping[str, Array]

    @staticmethod
    def of(
        policy: Policy,
        world: WorldLevels,
        numbers: Numbers,
        labels: tuple[str, ...],
        steps: Collection[int] | None = None,
    ) -> Played:
        """Replay a policy over indicators whose batch has these labels, in some years or all.

        Where it moves none of them, what its rules look at need not be there.
        """
        place, moved = world.strand.place, dict[str, Array]()
        if policy.differs(world):
            shape = (world.strand.horizon, world.width)
            names = _moved_here(policy, labels)
            moved = play(policy, world, numbers, names, place=place, shape=shape, steps=steps)
        return Played(policy=policy, world=world, place=place, moved=moved)

    def values(self, name: str, years: NDArray[np.int64] | slice = _ALL) -> Array:
        """Published values of an indicator, fitted or derived, in some of the years, ``(year, draw)``."""
        model = self.policy.model
        if name in model:
            return model[name].carrier.inverse(self.levels(name)[years])
        derived = derivation_under(self.policy, (name,), self.place)
        parts = {part: self.values(part) for part in self.policy.parts((name,))}
        return derived.all_years(parts)[name][years]

    def levels(self, name: str) -> Array:
        """Levels of an indicator on the link scale, ``(year, draw)``."""
        if name in self.moved:
            return self.moved[name]
        return base_levels(self.policy, self.world, name, self.place)


@lru_cache(maxsize=256)
def _moved_here(policy: Policy, labels: tuple[str, ...]) -> tuple[str, ...]:
    """Return the indicators of one batch that a policy moves differently from draw to draw."""
    model, moves = policy.model, policy.moves
    assert moves is not None
    return tuple(sorted(name for name in moves.names if batch_labels(model, model[name]) == labels))
