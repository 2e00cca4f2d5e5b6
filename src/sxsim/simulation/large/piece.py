"""A run as independent pieces: some draws of some members of one team."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from sxsim import labels
from sxsim.processes import GrowthModel
from sxsim.simulation.keep.paths import PathRecorder
from sxsim.simulation.record import STRETCH, Keeper, Recorder, Reducer, State, record
from sxsim.simulation.runs import Run
from sxsim.simulation.world import Team, World
from sxsim.streams import BLOCK

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Piece:
    """Some draws of some members of one team.

    Attributes
    ----------
    team
        Place of the team in the world.
    draws
        Which draws, beginning with a whole block.
    axes, shape
        Members along each dimension of the batch, and its sizes; empty without a batch.
    at
        Place of the piece among all: along the draws, then along each dimension of the batch.
    """

    team: int
    draws: range
    axes: tuple[range, ...]
    shape: tuple[int, ...]
    at: tuple[int, ...]

    @property
    def members(self) -> tuple[int, ...]:
        """Places of its members in the batch."""
        if not self.axes:
            return (0,)
        return tuple(np.ravel_multi_index(np.ix_(*self.axes), self.shape).ravel().tolist())

    @property
    def name(self) -> str:
        """Team and place, as a name."""
        return "-".join(str(number) for number in (self.team, *self.at))

    def arranged(self, paths: Array) -> Array:
        """Turn ``(scenario, member, year, draw)`` into ``(scenario, draw, year, *batch)``, a view."""
        sizes = [len(axis) for axis in self.axes]
        split = paths.reshape(paths.shape[0], *sizes, *paths.shape[2:])
        return np.moveaxis(split, (-1, -2), (1, 2))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Cut:
    """Where a run is cut.

    Attributes
    ----------
    draws
        The draws, in pieces of whole blocks.
    axes
        For every team the members along each dimension of its batch, in pieces.
    """

    draws: tuple[range, ...]
    axes: tuple[tuple[tuple[range, ...], ...], ...]

    @staticmethod
    def of(model: GrowthModel, world: World, draws: int, sizes: Mapping[str, int], unit: int = BLOCK) -> Cut:
        """Cut by sizes; those of draws are rounded up to whole units."""
        size = -(-sizes.get(labels.DRAW, draws) // unit) * unit
        axes = []
        for team in world.teams:
            batch = model.batch(team.members[0].name)
            axes.append(tuple(_slices(c.size, sizes.get(dim, c.size)) for dim, c in batch.items()))
        return Cut(draws=_slices(draws, size), axes=tuple(axes))

    def __iter__(self) -> Iterator[Piece]:
        """Pieces: team by team and member by member, draws ascending."""
        for team, axes in enumerate(self.axes):
            shape = tuple(axis[-1].stop for axis in axes)
            for members in product(*(enumerate(axis) for axis in axes)):
                for number, draws in enumerate(self.draws):
                    yield Piece(
                        team=team,
                        draws=draws,
                        axes=tuple(axis for _, axis in members),
                        shape=shape,
                        at=(number, *(place for place, _ in members)),
                    )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Work:
    """What is drawn, and what is kept of it, as it travels to where it is done.

    Attributes
    ----------
    runs, draws
        What is drawn, scenarios of one world together, and how many draws the whole run has.
    recorder
        What is kept: paths of all runs, or anything else of a single one.
    """

    runs: tuple[Run, ...]
    recorder: Keeper
    draws: int

    @property
    def world(self) -> World:
        """Return the first world: all have the same teams, as far as they are asked for."""
        return self.runs[0].world

    def packed(self) -> bytes:
        """Return it as bytes, classes defined in a script or notebook included."""
        import cloudpickle

        return bytes(cloudpickle.dumps(self))

    def paths(self, piece: Piece) -> dict[str, Array]:
        """Paths of a piece, ``(scenario, draw, year, *batch)`` by indicator."""
        assert isinstance(self.recorder, PathRecorder)
        team = self.world.teams[piece.team]
        some = self.recorder.only(self.recorder.names_of(team), piece.members)
        state = some.blank(len(piece.draws))
        for run in self.runs:
            self._record(run.world, some.replaying(run.slots), piece, piece.draws, state)
        return {name: piece.arranged(paths) for name, paths in state.items()}

    def states(self, piece: Piece) -> list[State]:
        """States of a piece, to be joined one after the other: as few as the bits allow."""
        assert isinstance(self.recorder, Reducer)
        unit = len(piece.draws) if self.recorder.exact else STRETCH * BLOCK
        parts = [piece.draws[start : start + unit] for start in range(0, len(piece.draws), unit)]
        return [self._record(self.world, self.recorder, piece, draws) for draws in parts]

    def _record(
        self, world: World, recorder: Recorder, piece: Piece, draws: range, state: State | None = None
    ) -> State:
        team = world.teams[piece.team]
        members: list[tuple[Team, int]] = [(team, member) for member in piece.members]
        values = self.draws * world.values
        return record(world, recorder, draws, state=state, members=members, values=values)


@lru_cache(maxsize=2)
def opened(packed: bytes) -> Work:
    """Unpack once in every process, so that tables of the world are prepared once too."""
    import cloudpickle

    work: Work = cloudpickle.loads(packed)
    return work


def _slices(length: int, size: int) -> tuple[range, ...]:
    """Cut a length into pieces of one size, the last of them smaller."""
    return tuple(range(start, min(start + size, length)) for start in range(0, length, size))
