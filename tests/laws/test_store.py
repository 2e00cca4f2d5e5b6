"""A store that was killed and taken up equals one that was not, byte for byte, and no old one is lost."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.io.path_store import PathStore
from sxsim.streams import BLOCK

pytest.importorskip("zarr")

SCRIPT = """
import sys
import numpy as np, xarray as xr, sxsim as sx

years = np.arange(2003, 2013)
values = 100 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.05, 0.1, (2, 3, 10)), axis=-1))
data = xr.Dataset({"y": (("region", "sector", "year"), values, {"units": "days"})},
                  coords={"region": ["north", "south"], "sector": [1, 2, 3], "year": years})
sx.simulate(sx.fit(data), horizon=3, draws=2 * 65_536 - 1000, rng=None, store=sys.argv[1])
"""
WALK = sx.RandomWalk(drift=0.05, sigma=0.1)
SMALL = sx.GrowthModel(
    indicators=tuple(
        sx.Grown(name=name, carrier=sx.Log(), law=WALK, last_value=10.0, last_year=2012) for name in "ab"
    ),
    last_year=2012,
)


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its content."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def started(store: Path) -> subprocess.Popen[bytes]:
    source = str(Path(sx.__file__).parents[1])
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(store)], env=os.environ | {"PYTHONPATH": source}
    )


def test_a_run_killed_three_times_ends_as_if_it_had_not_been(tmp_path: Path) -> None:
    """SIGKILL after two more pieces each time; entropy of the system, so the seed must be taken up too."""
    store, pieces = tmp_path / "run.zarr", []
    done = tmp_path / "run.zarr.partial" / "finished"
    for kill in range(3):
        run = started(store)
        while run.poll() is None and (len(list(done.glob("*"))) if done.is_dir() else 0) < 2 * kill + 2:
            time.sleep(0.002)
        assert run.poll() is None, "it must be killed in the middle"
        run.send_signal(signal.SIGKILL)
        assert run.wait() == -signal.SIGKILL
        pieces.append({path.name: path.stat().st_mtime_ns for path in done.iterdir()})
        assert not store.exists()
    assert started(store).wait() == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.zarr"]
    for earlier, later in pairwise(pieces):
        assert earlier.items() < later.items(), "finished pieces are not written again"

    scope: dict[str, object] = {}
    exec(
        SCRIPT.replace("rng=None", f"rng={seed_of(store)}").replace("sys.argv[1]", repr(str(tmp_path / "b"))),
        scope,
    )
    assert files(store) == files(tmp_path / "b")
    paths = sx.simulate(sx.fit(scope["data"]), horizon=3, draws=2 * 65_536 - 1000, rng=seed_of(store))
    opened = xr.open_zarr(store, chunks=None, decode_timedelta=False)
    assert np.array_equal(paths.y, opened.y)


def seed_of(store: Path) -> int:
    return int(xr.open_zarr(store, chunks=None, decode_timedelta=False).attrs["seed_entropy"])


class Killed(BaseException):
    """Stands for a kill: nothing catches it."""


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_run_may_die_at_any_step_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, overwrite: bool
) -> None:
    """Every change of names, folders and marks is tried as the last one; an old store is never lost."""
    folder, before, left = tmp_path / "folder", tmp_path / "before", [0]
    store = folder / "run.zarr"
    folder.mkdir()

    zarrs = (Path.mkdir, Path.touch)  # which zarr calls too, in a thread that would live on here

    def deadly(step):
        def do(where, *args, **options):
            if step not in zarrs or "data.zarr" not in where.parts:
                if left[0] == 0:
                    raise Killed
                left[0] -= 1
            return step(where, *args, **options)

        return do

    def run(rng: int) -> xr.Dataset:
        draws = 32 * BLOCK + 5
        return sx.simulate(SMALL, horizon=1, draws=draws, rng=rng, store=store, overwrite=overwrite)

    run(1)
    old = files(store)
    store.rename(before)
    run(2)
    new, steps = files(store), 0
    shutil.rmtree(store)
    while True:
        if overwrite:
            shutil.copytree(before, store)
        left[0] = steps
        with monkeypatch.context() as patch:
            for where, name in ((Path, "rename"), (Path, "mkdir"), (Path, "touch"), (shutil, "rmtree")):
                patch.setattr(where, name, deadly(getattr(where, name)))
            patch.setattr(PathStore, "write", deadly(PathStore.write))
            try:
                run(2)
                break
            except Killed:
                steps += 1
        kept = [files(path) for path in (store, folder / ".run.zarr.replaced") if path.exists()]
        assert not overwrite or old in kept or new in kept
        if not overwrite and store.exists():
            with pytest.raises(sx.SxsimError, match=r"run\.zarr is finished"):
                run(2)
        else:
            run(2)
        assert files(store) == new
        shutil.rmtree(folder)
        folder.mkdir()
    assert steps > 10


def test_half_a_file_is_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in a chunk that was not marked does not matter, nor what a killed writer left beside it."""
    store, options = tmp_path / "run.zarr", {"horizon": 2, "draws": 5 * BLOCK, "rng": 1, "chunks": BLOCK}
    sx.simulate(SMALL, store=store, **options)
    whole = files(store)
    shutil.rmtree(store)
    touch = Path.touch

    def torn(path: Path) -> None:
        if path.name == "0-3":
            chunk = path.parents[1] / "data.zarr" / "a" / "0.3.0"
            chunk.write_bytes(chunk.read_bytes()[:999])
            (chunk.parent / "0.3.77aa.partial").write_bytes(b"half")
            raise Killed
        touch(path)

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(Path, "touch", torn)
        with __import__("dask").config.set(scheduler="synchronous"):
            sx.simulate(SMALL, store=store, **options)
    sx.simulate(SMALL, store=store, **options)
    assert files(store) == whole
