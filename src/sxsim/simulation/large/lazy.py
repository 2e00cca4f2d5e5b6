"""Pieces of a run as tasks of dask: on threads, processes or a cluster, with the same bits."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from hashlib import blake2b
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.errors import MissingExtraError
from sxsim.processes import GrowthModel
from sxsim.simulation.keep.labelled import words_of
from sxsim.simulation.keep.paths import PathRecorder
from sxsim.simulation.large.piece import Cut, Piece, Work, opened
from sxsim.simulation.record import STRETCH, Reducer, State
from sxsim.streams import BLOCK

Array = NDArray[np.float64]
Graph = dict[Any, Any]

_JOINED = 32  # pieces whose states are joined by one task


def need_dask() -> None:
    """Refuse what dask is needed for where it is not installed."""
    try:
        import dask.array  # noqa: F401
    except ImportError:
        raise MissingExtraError(
            "chunks= needs dask, which is not installed.",
            "Install it: pip install 'sxsim[dask]'; or leave out chunks=.",
        ) from None


def reduced(work: Work, model: GrowthModel, sizes: Mapping[str, int]) -> xr.Dataset:
    """Have anything but paths drawn and reduced by dask, now."""
    return work.recorder.result(_reduced(work, model, sizes))


def lazy_paths(work: Work, model: GrowthModel, sizes: Mapping[str, int]) -> xr.Dataset:
    """Paths as dask arrays; one task draws all indicators of a piece under every scenario.

    The compiled world is one node of the graph, which a worker fetches once.
    """
    recorder = work.recorder
    assert isinstance(recorder, PathRecorder)
    cut = Cut.of(model, work.world, work.draws, sizes)
    packed = work.packed()
    world, drawn = _name("world", packed), _name("draw", packed, cut)
    tasks = {(drawn, piece.team, *piece.at): (_paths, world, piece) for piece in cut}
    layers = {world: {world: packed}, drawn: tasks}
    scenarios, years = len(recorder.setting.scenarios), len(recorder.years)
    variables = {}
    for number, (team, axes) in enumerate(zip(work.world.teams, cut.axes, strict=True)):
        chunks = ((scenarios,), _lengths(cut.draws), (years,), *map(_lengths, axes))
        places = [at for _, where, *at in tasks if where == number]
        for kept in recorder.names_of(team):
            name = _name("pick", packed, cut, kept)
            picks = {(name, 0, at[0], 0, *at[1:]): (_pick, (drawn, number, *at), kept) for at in places}
            array = _array(layers | {name: picks}, chunks)
            variables[kept] = _variable(model, kept, array)
    coords = {labels.SCENARIO: list(recorder.setting.scenarios), labels.YEAR: recorder.years}
    return xr.Dataset({name: variables[name] for name in recorder.rows}, coords=coords)


def _reduced(work: Work, model: GrowthModel, sizes: Mapping[str, int]) -> State:
    """Have all pieces drawn by the scheduler in force, and join their states in the order of the draws."""
    from dask.delayed import Delayed

    world, count, join = (_name(verb) for verb in ("world", "count", "join"))
    graph: Graph = {world: work.packed()}
    pieces, last = list(Cut.of(model, work.world, work.draws, sizes, STRETCH * BLOCK)), None
    for start in range(0, len(pieces), _JOINED):
        some = {(count, place): piece for place, piece in enumerate(pieces[start : start + _JOINED], start)}
        graph |= {key: (_states, world, piece) for key, piece in some.items()}
        graph[join, start] = (_joined, world, last, list(some))
        last = (join, start)
    return Delayed(last, graph).compute()


def computed(work: Work, tasks: Sequence[tuple[Callable[..., None], Any, Any]]) -> None:
    """Have tasks done by the scheduler in force, each a function of the packed work and two more things."""
    from dask.delayed import Delayed

    world, write, done = (_name(verb) for verb in ("world", "write", "done"))
    graph: Graph = {(write, place): (task, world, *more) for place, (task, *more) in enumerate(tasks)}
    Delayed(done, graph | {world: work.packed(), done: (len, list(graph))}).compute()


def _name(verb: str, *parts: object) -> str:
    """Return the same name for the same parts; one never used before without any.

    What is done once has names of its own, so that no scheduler answers from what it still holds. Tasks of
    one name, told apart by numbers, are a group, which a cluster spreads over all its workers.
    """
    if not parts:
        return f"sxsim-{verb}-{secrets.token_hex(16)}"
    data = b"".join(part if isinstance(part, bytes) else repr(part).encode() for part in parts)
    return f"sxsim-{verb}-{blake2b(data, digest_size=16).hexdigest()}"


def _paths(packed: bytes, piece: Piece) -> dict[str, Array]:
    return opened(packed).paths(piece)


def _pick(paths: Mapping[str, Array], name: str) -> Array:
    return paths[name]


def _states(packed: bytes, piece: Piece) -> list[State]:
    return opened(packed).states(piece)


def _joined(packed: bytes, before: State | None, pieces: list[list[State]]) -> State:
    """Join states to those before, which are left as they are: another task may ask for them again."""
    recorder = opened(packed).recorder
    assert isinstance(recorder, Reducer)
    total = recorder.blank(0) if before is None else deepcopy(before)
    for states in pieces:
        for state in states:
            recorder.join(total, state)
    return total


def _array(layers: Graph, chunks: Any) -> Any:
    """Return the dask array whose blocks are the last layer; each layer needs the one before."""
    import dask.array as da
    from dask.highlevelgraph import HighLevelGraph

    names = list(layers)
    needs = {name: set(names[max(place - 1, 0) : place]) for place, name in enumerate(names)}
    return da.Array(
        HighLevelGraph(layers, needs), names[-1], chunks=chunks, meta=np.empty((0,) * len(chunks))
    )


def _variable(model: GrowthModel, name: str, array: Any) -> xr.DataArray:
    batch = model.batch(name)
    return xr.DataArray(array, dims=(*labels.PATH_DIMS, *batch), coords=batch, attrs=words_of(model, name))


def _lengths(ranges: tuple[range, ...]) -> tuple[int, ...]:
    return tuple(len(one) for one in ranges)
