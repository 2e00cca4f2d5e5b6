"""Pieces of a run as tasks of dask: on threads, processes or a cluster, with the same bits."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
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


def spread(work: Work, model: GrowthModel, sizes: Mapping[str, int]) -> xr.Dataset:
    """Have a run drawn by dask: paths when they are asked for, anything else now."""
    if isinstance(work.recorder, PathRecorder):
        return _lazy_paths(work, work.recorder, model, sizes)
    return work.recorder.result(_reduced(work, model, sizes))


def _lazy_paths(
    work: Work, recorder: PathRecorder, model: GrowthModel, sizes: Mapping[str, int]
) -> xr.Dataset:
    """Paths as dask arrays; one task draws all indicators of a piece under every scenario.

    The compiled world is one node of the graph, which a worker fetches once.
    """
    cut = Cut.of(model, work.world, work.draws, sizes)
    packed, root = _packed(work)
    drawn = f"{root}-draw-{_digest(repr(cut).encode())}"
    layers = {root: {root: packed}, drawn: {f"{drawn}-{p.name}": (_paths, root, p) for p in cut}}
    scenarios, years = len(recorder.setting.scenarios), len(recorder.years)
    variables = {}
    for number, (team, axes) in enumerate(zip(work.world.teams, cut.axes, strict=True)):
        chunks = ((scenarios,), _lengths(cut.draws), (years,), *map(_lengths, axes))
        keys = {(0, p.at[0], 0, *p.at[1:]): f"{drawn}-{p.name}" for p in cut if p.team == number}
        for grown in team.members:
            array = _array(layers, f"{drawn}-{grown.name}", keys, grown.name, chunks)
            variables[grown.name] = _variable(model, grown.name, array)
    coords = {labels.SCENARIO: list(recorder.setting.scenarios), labels.YEAR: recorder.years}
    return xr.Dataset({name: variables[name] for name in model.names}, coords=coords)


def _reduced(work: Work, model: GrowthModel, sizes: Mapping[str, int]) -> State:
    """Have all pieces drawn by the scheduler in force, and join their states in the order of the draws."""
    from dask.delayed import Delayed

    packed, root = _packed(work, once=True)
    graph: Graph = {root: packed}
    pieces, last = list(Cut.of(model, work.world, work.draws, sizes, STRETCH * BLOCK)), None
    for start in range(0, len(pieces), _JOINED):
        some = {f"{root}-count-{piece.name}": piece for piece in pieces[start : start + _JOINED]}
        graph |= {key: (_states, root, piece) for key, piece in some.items()}
        graph[f"{root}-join-{start}"] = (_joined, root, last, list(some))
        last = f"{root}-join-{start}"
    return Delayed(last, graph).compute()


def computed(work: Work, tasks: Mapping[str, tuple[Callable[..., None], Any, Any]]) -> None:
    """Have tasks done by the scheduler in force, each a function of the packed work and two more things."""
    from dask.delayed import Delayed

    packed, root = _packed(work, once=True)
    graph: Graph = {f"{root}-{name}": (task, root, *more) for name, (task, *more) in tasks.items()}
    done = list(graph)
    Delayed(f"{root}-done", graph | {root: packed, f"{root}-done": (len, done)}).compute()


def _packed(work: Work, *, once: bool = False) -> tuple[bytes, str]:
    """Return the work as bytes, and the key under which it stands in a graph: the same for the same work.

    What is done once has a key of its own, so that no scheduler answers from what it still holds.
    """
    packed = work.packed()
    more = f"-{secrets.token_hex(8)}" if once else ""
    return packed, f"sxsim-{_digest(packed)}{more}"


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


def _array(layers: Graph, name: str, keys: Mapping[tuple[int, ...], str], picked: str, chunks: Any) -> Any:
    """Return a dask array whose blocks are picked from drawn pieces, which are in the last of the layers."""
    import dask.array as da
    from dask.highlevelgraph import HighLevelGraph

    root, drawn = layers
    blocks = {(name, *at): (_pick, key, picked) for at, key in keys.items()}
    graph = HighLevelGraph(layers | {name: blocks}, {root: set(), drawn: {root}, name: {drawn}})
    return da.Array(graph, name, chunks=chunks, meta=np.empty((0,) * len(chunks)))


def _variable(model: GrowthModel, name: str, array: Any) -> xr.DataArray:
    batch = model.batch(name)
    return xr.DataArray(array, dims=(*labels.PATH_DIMS, *batch), coords=batch, attrs=words_of(model, name))


def _lengths(ranges: tuple[range, ...]) -> tuple[int, ...]:
    return tuple(len(one) for one in ranges)


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=12).hexdigest()
