"""A run cut into pieces is the run: whatever the pieces, whoever draws them, in whatever order."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import sxsim as sx
from sxsim.plan import Condition, Number, Relation, Target
from sxsim.streams import BLOCK

dask = pytest.importorskip("dask")

YEARS = np.arange(2003, 2013)
STRETCH_DRAWS = 32 * BLOCK
FASTER = sx.Scenario(
    id="faster",
    label="faster",
    changes=(sx.PlannedGrowth(indicator="a", base_value=100.0, base_year=2012, growth=0.2),),
)


@cache
def batch() -> sx.GrowthModel:
    """Two correlated indicators of two regions and three sectors, and a third that has no batch."""
    rng = np.random.default_rng(1)
    values = 100 * np.exp(np.cumsum(rng.normal(0.05, 0.1, (2, 2, 3, 10)), axis=-1))
    values[0, 1, 2, :7] = np.nan
    dims = ("region", "sector", "year")
    alone = 5 * np.exp(np.cumsum(rng.normal(0.05, 0.1, 10)))
    coords = {"region": ["north", "south"], "sector": [1, 2, 3], "year": YEARS}
    data = {"a": (dims, values[0], {"units": "cases"}), "b": (dims, values[1]), "c": ("year", alone)}
    return sx.fit(xr.Dataset(data, coords=coords))


@cache
def plain() -> sx.GrowthModel:
    return sx.fit(batch().history[["c"]])


def goal(name: str, level: float) -> Target:
    condition = Condition(
        indicator=name, relation=Relation.AT_LEAST, level=Number(value=level), years=(2014,)
    )
    return Target(id=f"T-{name}", label=name, condition=condition)


KEEPS = {
    "hits": sx.Hits((goal("a", 110.0), goal("b", 120.0))),
    "moments": sx.Moments(),
    "quantiles": sx.Quantiles(),
}


@settings(max_examples=8)
@given(
    draws=st.integers(1, 7000),
    chunk=st.integers(1, 9000),
    region=st.integers(1, 3),
    sector=st.integers(1, 4),
)
def test_paths_do_not_depend_on_the_pieces(draws: int, chunk: int, region: int, sector: int) -> None:
    """Values, coordinates and attributes, for members of a batch on two dimensions too."""
    sizes = {"draw": chunk, "region": region, "sector": sector}
    whole = sx.simulate(batch(), (sx.TREND, FASTER), horizon=2, draws=draws, rng=5)
    cut = sx.simulate(batch(), (sx.TREND, FASTER), horizon=2, draws=draws, rng=5, chunks=sizes)
    assert cut.chunksizes["draw"][0] == min(-(-chunk // BLOCK) * BLOCK, draws)
    assert cut.a.chunksizes["region"] == ((1, 1) if region == 1 else (2,))
    assert set(cut.c.chunksizes) == {"scenario", "draw", "year"}
    with dask.config.set(scheduler="synchronous"):
        xr.testing.assert_identical(whole, cut.compute())


@pytest.mark.parametrize("keep", KEEPS)
@pytest.mark.parametrize(
    "sizes", [40_000, {"draw": 10**9}, {"region": 1, "sector": 2}, {"draw": 1, "region": 1}]
)
def test_sums_do_not_depend_on_the_pieces(keep: str, sizes: object) -> None:
    draws = 2 * STRETCH_DRAWS + 5000
    names = ["a", "b"]
    options = {"horizon": 2, "draws": draws, "rng": 5, "indicators": names, "keep": KEEPS[keep]}
    whole = sx.simulate(batch(), (sx.TREND, FASTER), **options)
    cut = sx.simulate(batch(), (sx.TREND, FASTER), chunks=sizes, **options)
    xr.testing.assert_identical(whole, cut)


def test_separate_processes_draw_the_same() -> None:
    paths = sx.simulate(plain(), horizon=2, draws=9000, rng=5)
    options = {"horizon": 2, "draws": 2 * STRETCH_DRAWS + 7, "rng": 5, "keep": sx.Moments()}
    moments = sx.simulate(plain(), **options)
    with dask.config.set(scheduler="processes", num_workers=2):
        xr.testing.assert_identical(
            paths, sx.simulate(plain(), horizon=2, draws=9000, rng=5, chunks=4096).compute()
        )
        xr.testing.assert_identical(moments, sx.simulate(plain(), chunks=1, **options))


def test_a_piece_is_drawn_once_for_all_indicators(monkeypatch: pytest.MonkeyPatch) -> None:
    from sxsim.simulation.large.piece import Work

    drawn = []
    paths = Work.paths

    def counted(work: Work, piece: object) -> object:
        drawn.append(piece)
        return paths(work, piece)

    monkeypatch.setattr(Work, "paths", counted)
    cut = sx.simulate(batch(), horizon=2, draws=3 * BLOCK, rng=5, chunks={"draw": BLOCK, "region": 1})
    assert drawn == []
    cut.compute(scheduler="synchronous")
    assert len(drawn) == 3 * 2 + 3
    drawn.clear()
    cut.a.sel(region="south").isel(draw=slice(10)).compute(scheduler="synchronous")
    assert len(drawn) == 1


def test_the_world_is_in_the_graph_once_and_unpacked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    import pickle

    from sxsim.simulation import world

    made = []
    of = world.CellTable.of
    monkeypatch.setattr(world.CellTable, "of", lambda *args: made.append(args) or of(*args))
    few, many = (sx.simulate(plain(), horizon=2, draws=n * BLOCK, rng=6, chunks=BLOCK) for n in (2, 64))
    size = [len(pickle.dumps(dict(paths.__dask_graph__()))) for paths in (few, many)]
    assert size[1] < size[0] + 62 * 1500
    many.compute(scheduler="threads")
    assert 1 <= len(made) <= 4, "made by each thread at most, not for each of the 64 pieces"


def test_a_process_defined_in_a_script_travels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Classes of the running script are packed by value: a worker cannot import them."""
    import subprocess
    import sys
    from pathlib import Path

    script = """
import dask, numpy as np, sxsim as sx
from dataclasses import dataclass

@dataclass(frozen=True, kw_only=True, slots=True)
class Doubled(sx.PathProcess):
    sigma: float
    parameters = ()
    def simulate(self, start, innovations):
        return start + 2 * self.sigma * np.cumsum(innovations, axis=0)
    def residuals(self, start, levels): ...
    def loglik(self, start, levels): ...
    def one_year(self, start): ...

if __name__ == "__main__":
    grown = sx.Grown(name="y", carrier=sx.Log(), law=Doubled(sigma=0.1), last_value=1.0, last_year=2012)
    model = sx.GrowthModel(indicators=(grown,), last_year=2012)
    options = dict(horizon=2, draws=5000, rng=1)
    with dask.config.set(scheduler="processes", num_workers=1):
        print(sx.simulate(model, chunks=2048, **options).compute().identical(sx.simulate(model, **options)))
"""
    source = str(Path(sx.__file__).parents[1])
    ended = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        timeout=120,
        env={"PYTHONPATH": source},
    )
    assert ended.stdout.strip() == "True", ended.stderr
