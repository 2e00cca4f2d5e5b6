"""Paths written piece by piece into a Zarr store; a run that was killed is taken up where it was."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sxsim import labels
from sxsim.errors import ExistingFileError, RequestError
from sxsim.io.path_store import PathStore, Place
from sxsim.simulation.keep.paths import PathRecorder
from sxsim.simulation.large.fingerprint import fingerprint
from sxsim.simulation.large.lazy import computed
from sxsim.simulation.large.piece import Cut, Piece, Work, opened
from sxsim.simulation.progress import shown
from sxsim.simulation.record import STRETCH, in_order
from sxsim.streams import BLOCK, Seed, provenance, type_of_rng

_SEED = "seed_entropy"
_BITS = "its draws do not come out again with the libraries or processes of today"
_BYTES = 1 << 26  # of a piece, about


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """Where the paths of one run go.

    Attributes
    ----------
    store
        The store.
    run
        What decides its numbers, but for the seed.
    sizes
        How many draws and members to a piece.
    overwrite
        Whether another run may be replaced.
    """

    store: PathStore
    run: Mapping[str, Any]
    sizes: Mapping[str, int]
    overwrite: bool

    @staticmethod
    def of(store: str | Path, recorder: object, sizes: Mapping[str, int], *, overwrite: bool) -> Shelf:
        """Look at the place before anything is drawn."""
        if not isinstance(recorder, PathRecorder):
            raise RequestError("store= keeps paths.", "Leave it out, or give keep=sx.Paths().")
        place = PathStore(path=Path(store).absolute())
        place.check(overwrite=overwrite)
        setting = recorder.setting
        sizes = _usual_sizes(recorder) | dict(sizes)
        models = {id(policy.model): policy.model for policy in setting.policies}
        run = {
            "draws": setting.draws,
            "years": recorder.years.tolist(),
            "scenarios": list(setting.scenarios),
            "indicators": list(setting.asked),
            "policies": fingerprint([(p.offsets, p.moves) for p in setting.policies]),
            "model": " ".join(fingerprint(one) for one in models.values()),
            "chunks": sizes,
            **provenance(None, "monte-carlo"),
        }
        return Shelf(store=place, run=run, sizes=sizes, overwrite=overwrite)

    def seed(self, rng: type_of_rng) -> Seed:
        """Read the seed; without one, a run that was left is taken up with its own."""
        begun = self._begun()
        if rng is None and begun is not None and not _differences(begun, self.run):
            return Seed(entropy=int(begun[_SEED]))
        return Seed.of(rng)

    def prepare(self, work: Work, template: xr.Dataset, cut: Cut, seed: Seed) -> None:
        """Take up what is there, or begin anew."""
        run, begun = {**self.run, _SEED: str(seed.entropy)}, self._begun()
        if begun is not None:
            different = _differences(begun, run)
            if not different and self._comes_out_again(work, cut):
                return
            if not self.overwrite:
                raise ExistingFileError(
                    f"{self.store.partial} holds another run that is not finished: {different or _BITS}.",
                    "Finish that one, choose another name, or allow it with overwrite=True.",
                )
        assert isinstance(work.recorder, PathRecorder)
        first = len(template.scenario), len(cut.draws[0]), len(template.year)
        chunks = {
            name: (*first, *(len(axis[0]) for axis in axes))
            for team, axes in zip(work.world.teams, cut.axes, strict=True)
            for name in work.recorder.names_of(team)
        }
        named = template.assign_attrs(run=json.dumps(run))
        self.store.begin(named, chunks, labels.DRAW, work.draws)

    def _begun(self) -> dict[str, Any] | None:
        attributes = self.store.attributes()
        return None if attributes is None else dict(json.loads(attributes["run"]))

    def _comes_out_again(self, work: Work, cut: Cut) -> bool:
        """Whether a block that was written is drawn again bit for bit, here and now."""
        done = self.store.finished()
        piece = next((piece for piece in cut if piece.name in done), None)
        if piece is None:
            return True
        first, axes = piece.draws.start, tuple(axis[:1] for axis in piece.axes)
        block = range(first, min(first + BLOCK, piece.draws.stop))
        some = replace(piece, draws=block, axes=axes)
        return all(
            np.array_equal(paths, self.store.read(name, _place(some)), equal_nan=True)
            for name, paths in work.paths(some).items()
        )


def stored(
    work: Work,
    shelf: Shelf,
    seed: Seed,
    attributes: Mapping[str, Any],
    *,
    threads: int | None = 1,
    progress: bool = False,
) -> xr.Dataset:
    """Write what is missing, put the store in its place, and open it; dask draws where threads is None."""
    recorder, store = work.recorder, shelf.store
    assert isinstance(recorder, PathRecorder)
    template = recorder.result(recorder.blank(0)).assign_attrs(attributes)
    cut = Cut.of(recorder.setting.model, work.world, work.draws, shelf.sizes)
    shelf.prepare(work, template, cut, seed)
    done = store.finished()
    missing = [piece for piece in cut if piece.name not in done]
    if threads is None:
        computed(work, [(_draw_and_write, piece, store) for piece in missing])
    else:
        drawn = in_order(lambda piece: (piece, work.paths(piece)), missing, threads)
        for piece, paths in shown(drawn, len(missing), progress):
            store.write(piece.name, dict.fromkeys(paths, _place(piece)), paths)
    store.finish()
    return store.open(template)


def _usual_sizes(recorder: PathRecorder) -> dict[str, int]:
    """One member of a batch, and a stretch or as many blocks as keep a piece small."""
    model = recorder.setting.model
    bytes_a_draw = 8 * len(recorder.setting.scenarios) * len(recorder.years) * len(model.names)
    blocks = max(1, min(STRETCH, _BYTES // (bytes_a_draw * BLOCK)))
    members = {dim: 1 for name in model.names for dim in model.batch(name)}
    return {labels.DRAW: blocks * BLOCK} | members


def _draw_and_write(packed: bytes, piece: Piece, store: PathStore) -> None:
    paths = opened(packed).paths(piece)
    store.write(piece.name, dict.fromkeys(paths, _place(piece)), paths)


def _place(piece: Piece) -> Place:
    draws, axes = piece.draws, piece.axes
    members = (slice(axis.start, axis.stop) for axis in axes)
    return (slice(None), slice(draws.start, draws.stop), slice(None), *members)


def _differences(there: Mapping[str, Any], here: Mapping[str, Any]) -> str:
    """Say in what two runs differ; empty where they do not."""
    return ", ".join(
        f"{key} {there.get(key)!r} there, {here[key]!r} here" for key in here if there.get(key) != here[key]
    )
