"""Blocks drawn one stretch after the other, on some threads, and what is kept of each."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, Protocol, TypeVar, runtime_checkable

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim.identities import needed
from sxsim.processes import GrowthModel
from sxsim.scenarios import Policy
from sxsim.simulation.bars import Bars
from sxsim.simulation.buffers import Buffers
from sxsim.simulation.cells import CellTable
from sxsim.simulation.choose import steps_for
from sxsim.simulation.numbers import BlockNumbers
from sxsim.simulation.plain import take_paths
from sxsim.simulation.played import Played, WorldLevels
from sxsim.simulation.progress import shown
from sxsim.simulation.strand import Steps, Strand, Twin
from sxsim.simulation.world import Team, World
from sxsim.streams import BLOCK

Array = NDArray[np.float64]
Part = Any
State = Any
Item = TypeVar("Item")
Result = TypeVar("Result")

_BUILDING = Lock()  # threads that begin together need the same tables

STRETCH = 32  # blocks that are drawn and folded as one, whatever the number of threads, chunks or workers


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """A run: which model, years and policies, and how many draws.

    Attributes
    ----------
    model, asked
        The indicators that are asked for and what they are computed from; which ones are asked for.
    years, policies, draws
        Of the run.
    """

    model: GrowthModel
    asked: tuple[str, ...]
    years: NDArray[np.int64]
    policies: tuple[Policy, ...]
    draws: int

    def asked_of(self, fitted: Sequence[str]) -> list[str]:
        """Return what is asked for of some indicators, and of what is computed from them alone."""
        known = {*fitted, *self.model.derived}
        return [name for name in self.asked if needed(self.model.identities, [name]) <= known]

    @property
    def scenarios(self) -> list[str]:
        """Names of the policies."""
        return [policy.scenario for policy in self.policies]

    @property
    def offsets(self) -> tuple[Mapping[str, Array], ...]:
        """What every policy adds to all paths alike."""
        return tuple(policy.offsets for policy in self.policies)


class Keep(Protocol):
    """What is kept of the paths."""

    def names(self, model: GrowthModel) -> tuple[str, ...] | None:
        """Return the indicators it needs; None for all."""
        ...

    def until(self, model: GrowthModel) -> int | None:
        """Return the last year it needs, where it knows."""
        ...

    def recorder(self, setting: Setting) -> Keeper:
        """Prepare to keep it."""
        ...


class Recorder(Protocol):
    """Keeps of the draws what is wanted, block by block.

    A part belongs to one member and one stretch and is made by one thread; parts are folded into the state in
    the order of the stretches, so that sums do not depend on threads, chunks or workers.
    """

    def blank(self, draws: int) -> State:
        """Return the state before any draw, for so many of them."""
        ...

    def part(self, team: Team, strand: Strand) -> Part:
        """Return the part of one member before any draw."""
        ...

    def add(self, part: Part, drawn: Drawn, state: State) -> None:
        """Take what is wanted from some blocks."""
        ...

    def counting(self, part: Part, blocks: range) -> tuple[Bars, NDArray[np.int64]] | None:
        """Return bars and counts, if hits of these blocks are all that is wanted."""
        ...

    def fold(self, state: State, part: Part) -> None:
        """Add one part to the state."""
        ...


class Keeper(Recorder, Protocol):
    """A recorder of what is kept: it knows the labels."""

    def result(self, state: State) -> xr.Dataset:
        """Return what was kept, with labels."""
        ...


@runtime_checkable
class Reducer(Recorder, Protocol):
    """A recorder whose state is small, so that the states of pieces of a run can travel and be joined."""

    @property
    def exact(self) -> bool:
        """Whether bits do not depend on how draws are grouped; if they do, states are of single stretches."""
        ...

    def join(self, state: State, later: State) -> None:
        """Add the state of later draws, or of other members."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Drawn:
    """Some blocks of one strand; only the first ``width`` draws count, the first of them at ``place``."""

    team: Team
    strand: Strand
    steps: Steps
    blocks: range
    place: int
    width: int
    into: Buffers
    twin: Twin = Twin.NONE
    mirrored: bool = False
    spare: list[Buffers] = field(default_factory=list)
    world: WorldLevels = field(init=False)
    numbers: BlockNumbers = field(init=False)

    def __post_init__(self) -> None:
        strand, width = self.strand, self.width
        numbers = BlockNumbers(
            seed=strand.seed,
            blocks=self.blocks,
            twin=self.twin,
            mirrored=self.mirrored,
            horizon=strand.horizon,
            width=width,
        )
        object.__setattr__(self, "world", WorldLevels(strand=strand, into=self.into, width=width))
        object.__setattr__(self, "numbers", numbers)

    def under(self, policy: Policy, steps: Collection[int] | None = None) -> Played:
        """Replay a policy over these blocks; levels of other years than the steps wanted may be NaN."""
        return Played.of(policy, self.world, self.numbers, self.team.labels, steps)

    def levels(self, k: int) -> Array:
        """Levels of one indicator on the link scale, ``(year, draw)``, cut to the draws that count."""
        return self.strand.levels(k, self.into)[:, : self.width]

    def replace(self, tables: Mapping[int, CellTable]) -> None:
        """Let other cells walk on the same normals, in place of what some indicators did."""
        for k, table in tables.items():
            take_paths(table, int(self.strand.gaps[k]), k, self.into)

    def again(self, twin: Twin, *, mirrored: bool = False) -> Drawn:
        """Return the same blocks of a twin world, or with all normals mirrored; valid until the next call."""
        if not self.spare:
            self.spare.append(self.strand.buffers(len(self.into.choice) // BLOCK))
        into = self.spare[0]
        self.strand.draw(self.blocks, self.steps, into, twin, mirrored=mirrored)
        return replace(self, into=into, twin=twin, mirrored=mirrored, spare=[])


def record(
    world: World,
    recorder: Recorder,
    draws: range,
    *,
    state: State | None = None,
    threads: int = 1,
    progress: bool = False,
    members: Sequence[tuple[Team, int]] | None = None,
    values: int | None = None,
) -> State:
    """Draw some draws, beginning with a whole block, and return what the recorder keeps of them.

    Where they are only a piece of a run, ``members`` says which to draw and ``values`` how many yearly values
    the whole run has. What other worlds have left is in ``state``.
    """
    state = recorder.blank(len(draws)) if state is None else state
    for part in parts(
        world, recorder, draws, state, threads=threads, progress=progress, members=members, values=values
    ):
        recorder.fold(state, part)
    return state


def parts(
    world: World,
    recorder: Recorder,
    draws: range,
    state: State,
    *,
    threads: int = 1,
    progress: bool = False,
    members: Sequence[tuple[Team, int]] | None = None,
    values: int | None = None,
) -> Iterator[Part]:
    """Parts of all members and stretches, in their order; not yet folded into the state."""
    steps = steps_for(values or len(draws) * world.values)
    pieces = [
        (team, place, stretch)
        for team, place in (world.members if members is None else members)
        for stretch in _stretches(draws)
    ]

    def work(piece: tuple[Team, int, range]) -> Part:
        team, place, stretch = piece
        with _BUILDING:
            strand = team.strand(place)
            steps.prepare(strand)
        part = recorder.part(team, strand)
        if counting := recorder.counting(part, stretch):
            width = min(stretch.stop * BLOCK, draws.stop) - stretch.start * BLOCK
            if steps.tally(strand, stretch, counting[0], width, counting[1]):
                return part
        for drawn in _drawn(team, strand, steps, stretch, draws, threads=threads):
            recorder.add(part, drawn, state)
        return part

    yield from shown(in_order(work, pieces, threads), len(pieces), progress)


def _stretches(draws: range) -> list[range]:
    """Blocks of the draws, cut at whole multiples of a stretch."""
    first, last = draws.start // BLOCK, -(-draws.stop // BLOCK)
    cuts = range(first - first % STRETCH, last, STRETCH)
    return [range(max(cut, first), min(cut + STRETCH, last)) for cut in cuts]


def _drawn(
    team: Team, strand: Strand, steps: Steps, stretch: range, draws: range, *, threads: int
) -> Iterator[Drawn]:
    """Blocks of one stretch, as many at a time as suit the steps."""
    at_once = min(steps.blocks if threads == 1 else steps.blocks_threaded, len(stretch))
    buffers, spare = strand.buffers(at_once), list[Buffers]()
    for start in range(stretch.start, stretch.stop, at_once):
        blocks = range(start, min(start + at_once, stretch.stop))
        into = buffers if len(blocks) == at_once else strand.buffers(len(blocks))
        if into is not buffers:
            spare = []
        strand.draw(blocks, steps, into, Twin.NONE)
        place = start * BLOCK - draws.start
        yield Drawn(
            team=team,
            strand=strand,
            steps=steps,
            blocks=blocks,
            place=place,
            width=min(len(blocks) * BLOCK, len(draws) - place),
            into=into,
            spare=spare,
        )


def in_order(work: Callable[[Item], Result], items: Iterable[Item], threads: int) -> Iterator[Result]:
    """Results in the order of the items; never many more at a time than there are threads."""
    if threads == 1:
        yield from map(work, items)
        return
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[Result]] = deque()
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
