"""A run on a cluster is the run, also where a worker dies in the middle of it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.streams import BLOCK

distributed = pytest.importorskip("distributed")

STRETCH_DRAWS = 32 * BLOCK
WALK = sx.RandomWalk(drift=0.05, sigma=0.1)
MODEL = sx.GrowthModel(
    indicators=tuple(
        sx.Grown(name=name, carrier=sx.Log(), law=WALK, last_value=10.0, last_year=2012) for name in "ab"
    ),
    last_year=2012,
    correlation=np.array([[1.0, 0.4], [0.4, 1.0]]),
)


def fitted() -> sx.GrowthModel:
    """Two correlated indicators of two regions, by the default family."""
    values = 100 * np.exp(np.cumsum(np.random.default_rng(1).normal(0.05, 0.1, (2, 2, 10)), axis=-1))
    data = {name: (("region", "year"), some) for name, some in zip("ab", values, strict=True)}
    return sx.fit(xr.Dataset(data, coords={"region": ["north", "south"], "year": np.arange(2003, 2013)}))


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Two workers of one thread each, on this machine, without a dashboard."""
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", memory_limit=0
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def finished(client: Any, kind: str) -> int:
    """How often a task of one kind has been done so far; again counts again."""
    log = client.cluster.scheduler.transition_log
    done = [entry[0] for entry in log if entry[1:3] == ("processing", "memory")]
    return sum(key[0].startswith(f"sxsim-{kind}") for key in done if isinstance(key, tuple))


def times_opened() -> int:
    """How often this process has unpacked a world."""
    from sxsim.simulation.large.piece import opened

    return opened.cache_info().misses


def test_workers_draw_the_same_bits(client: Any) -> None:
    """They use one thread for linear algebra, this process all: no number may depend on it."""
    model, options = fitted(), {"horizon": 3, "draws": STRETCH_DRAWS + 99, "rng": 11}
    for keep in (sx.Moments(), sx.Quantiles(probabilities=(0.1, 0.5))):
        here = sx.simulate(model, keep=keep, **options)
        xr.testing.assert_identical(here, sx.simulate(model, keep=keep, chunks=1, **options))
    here, paths = (
        sx.simulate(model, **options, **more) for more in ({}, {"chunks": {"draw": 40_000, "region": 1}})
    )
    xr.testing.assert_identical(here, paths.compute())
    share = (paths.a > 120).mean("draw").compute()
    assert share.identical((here.a > 120).mean("draw"))


def test_workers_write_the_same_store(client: Any, tmp_path: Path) -> None:
    pytest.importorskip("zarr")
    options = {"horizon": 3, "draws": 6 * BLOCK, "rng": 11}
    store = sx.simulate(fitted(), store=tmp_path / "a", chunks=BLOCK, **options)
    here = sx.simulate(fitted(), **options)
    assert all(np.array_equal(store[name], here[name]) for name in "ab")


def test_a_worker_opens_the_world_once_and_a_piece_is_drawn_once(client: Any) -> None:
    before, opened = finished(client, "draw"), client.run(times_opened)
    sx.simulate(MODEL, horizon=3, draws=20 * BLOCK, rng=12, chunks=BLOCK).compute()
    assert finished(client, "draw") - before == 20
    now = client.run(times_opened)
    assert sum(now[worker] - opened[worker] for worker in now) <= 2


def test_a_killed_worker_costs_only_its_pieces(client: Any) -> None:
    pieces, before = 32, finished(client, "count")
    options = {"horizon": 2, "draws": pieces * STRETCH_DRAWS, "rng": 13, "keep": sx.Moments()}
    victim = next(iter(client.run(os.getpid).values()))
    with ThreadPoolExecutor(1) as pool:
        run = pool.submit(sx.simulate, MODEL, chunks=STRETCH_DRAWS, **options)
        while finished(client, "count") - before < 6 and not run.done():
            time.sleep(0.01)
        assert not run.done()
        os.kill(victim, signal.SIGKILL)
        done = finished(client, "count") - before
        assert done < pieces
        result = run.result(timeout=60)
    drawn = finished(client, "count") - before
    assert pieces <= drawn <= pieces + done, "what the killed worker had is drawn again, and no more"
    xr.testing.assert_identical(sx.simulate(MODEL, threads=2, **options), result)
