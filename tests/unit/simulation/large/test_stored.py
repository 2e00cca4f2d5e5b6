from __future__ import annotations

import sys

import numpy as np
import pytest
import xarray as xr

from sxsim.errors import ExistingFileError, MissingExtraError, MissingFileError, RequestError
from sxsim.fitting import fit
from sxsim.io import open_result, save
from sxsim.io.path_store import PathStore
from sxsim.plan import TREND, PlannedGrowth, Scenario
from sxsim.simulation import Moments, Paths, simulate
from sxsim.streams import BLOCK

pytest.importorskip("zarr")

FASTER = Scenario(
    id="faster",
    label="Faster",
    changes=(PlannedGrowth(indicator="y", base_value=100.0, base_year=2012, growth=0.2),),
)


def without_record(paths):
    return paths.drop_attrs(deep=False).assign_attrs({k: v for k, v in paths.attrs.items() if k != "run"})


@pytest.fixture
def left(monkeypatch):
    """Start a run that stops before its second piece."""

    def run(*args, **options):
        write = PathStore.write

        def once(self, *more):
            if self.finished():
                raise KeyboardInterrupt
            write(self, *more)

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(PathStore, "write", once)
            simulate(*args, **options)

    return run


@pytest.mark.parametrize("threads", [1, 3])
def test_a_store_holds_what_a_run_in_memory_would(panel, tmp_path, threads):
    panel = panel.assign_coords(province=np.array(["山西", "b", "c"], object))
    panel.y.attrs |= {"units": "days", "long_name_zh": "天数"}
    options = {"horizon": 3, "draws": 65_536 + 9, "rng": 2**127 + 1}
    here = simulate(fit(panel), (TREND, FASTER), **options)
    store = simulate(
        fit(panel),
        (TREND, FASTER),
        store=tmp_path / "a.zarr",
        threads=threads,
        progress=threads > 1,
        **options,
    )
    assert store.y.chunksizes["draw"] == (65_536, 9)
    assert store.y.chunksizes["province"] == (1, 1, 1)
    xr.testing.assert_identical(without_record(store).load(), here)
    tree = open_result(save(xr.DataTree(store), tmp_path / "a.nc"))
    assert tree.attrs == store.attrs


def test_without_dask_a_store_is_opened_as_it_is(hand, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "dask.array", None)
    store = simulate(hand(), horizon=2, draws=BLOCK + 1, rng=1, store=str(tmp_path / "a"))
    assert store.chunksizes == {}
    assert not store.y.variable._in_memory
    xr.testing.assert_identical(
        without_record(store).load(), simulate(hand(), horizon=2, draws=BLOCK + 1, rng=1)
    )


def test_chunks_decide_the_pieces_and_dask_draws_them(panel, tmp_path):
    pytest.importorskip("dask")
    options = {"horizon": 2, "draws": 3 * BLOCK, "rng": 1}
    sizes = {"draw": BLOCK, "province": 2}
    store = simulate(fit(panel), store=tmp_path / "a", chunks=sizes, **options)
    assert store.y.chunksizes["draw"] == (BLOCK, BLOCK, BLOCK)
    assert store.y.chunksizes["province"] == (2, 1)
    xr.testing.assert_identical(without_record(store).load(), simulate(fit(panel), **options))


def test_wide_models_are_written_in_smaller_pieces(hand, tmp_path):
    names = [f"y{number}" for number in range(40)]
    store = simulate(hand(*names), horizon=30, draws=9 * BLOCK, rng=1, store=tmp_path / "a")
    assert store.y0.chunksizes["draw"] == (3 * BLOCK,) * 3
    assert store.y39[0, -1, -1] > 0


def test_chosen_years_are_all_that_is_written(hand, tmp_path):
    options = {"horizon": 3, "draws": 99, "rng": 1, "keep": Paths(years=(2015, 2013))}
    store = simulate(hand(), store=tmp_path / "a", **options)
    xr.testing.assert_identical(without_record(store).load(), simulate(hand(), **options))


def test_a_finished_store_is_not_touched_unless_allowed(hand, tmp_path):
    path = tmp_path / "run.zarr"
    first = simulate(hand(), horizon=1, draws=99, rng=1, store=path).load()
    for rng in (1, 2):
        with pytest.raises(ExistingFileError, match=r"run\.zarr is finished\. Open it with xr\.open_zarr"):
            simulate(hand(), horizon=1, draws=99, rng=rng, store=path)
    assert first.equals(xr.open_zarr(path, chunks=None))
    second = simulate(hand(), horizon=1, draws=99, rng=2, store=path, overwrite=True)
    assert not (first.y == second.y).any()
    assert [item.name for item in tmp_path.iterdir()] == ["run.zarr"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"draws": 2 * 65_536 + 2}, r"not finished: draws 131073 there, 131074 here\. Finish that one"),
        ({"rng": 2}, r"holds another run that is not finished: seed_entropy '1' there, '2' here\."),
        ({"horizon": 3}, r"years \[2013, 2014\] there, \[2013, 2014, 2015\] here"),
        ({"scenarios": (TREND, FASTER)}, r"scenarios \['trend'\] there, \['trend', 'faster'\] here"),
        ({"keep": Paths(years=(2014,))}, r"years \[2013, 2014\] there, \[2014\] here"),
        ({"model": {"sigma": 0.2}}, r"model '\w+' there, '\w+' here"),
        ({"model": {"correlation": [[1.0]], "last_value": 101.0}}, r"model '\w+' there, '\w+' here"),
        ({"rng": None, "draws": 5}, r"draws 131073 there, 5 here, seed_entropy '1' there, '\d+' here"),
    ],
)
def test_what_another_run_began_is_not_touched_unless_allowed(hand, tmp_path, left, change, message):
    path = tmp_path / "run.zarr"
    options = {"scenarios": TREND, "horizon": 2, "draws": 2 * 65_536 + 1, "rng": 1, "store": path}
    left(hand(), **options)
    model = hand(**change.pop("model", {}))
    with pytest.raises(ExistingFileError, match=message):
        simulate(model, **(options | change))
    assert len(PathStore(path=path).finished()) == 1
    options |= change
    if options["rng"] is not None:
        store = simulate(model, overwrite=True, **options)
        xr.testing.assert_identical(
            without_record(store).load(), simulate(model, **(options | {"store": None}))
        )


def test_draws_that_do_not_come_out_again_are_refused(hand, tmp_path, left, monkeypatch):
    path = tmp_path / "run.zarr"
    options = {"horizon": 2, "draws": 65_536 + 1, "rng": 1, "store": path}
    left(hand(), **options)
    inverse = type(hand().indicators[0].carrier).inverse
    monkeypatch.setattr(
        type(hand().indicators[0].carrier), "inverse", lambda self, z: inverse(self, z) * (1 + 1e-15)
    )
    with pytest.raises(ExistingFileError, match=r"its draws do not come out again with the libraries"):
        simulate(hand(), **options)


def test_a_run_without_a_seed_goes_on_with_the_one_it_drew(hand, tmp_path, left):
    path = tmp_path / "run.zarr"
    left(hand(), horizon=2, draws=65_536 + 1, store=path)
    begun = PathStore(path=path).attributes()
    store = simulate(hand(), horizon=2, draws=65_536 + 1, store=path)
    assert store.attrs["seed_entropy"] == begun["seed_entropy"]
    again = simulate(hand(), horizon=2, draws=65_536 + 1, rng=int(begun["seed_entropy"]))
    assert np.array_equal(store.y, again.y)


@pytest.mark.parametrize("overwrite", [False, True])
def test_what_is_no_store_is_never_touched(hand, tmp_path, overwrite):
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "a.nc").write_text("mine", encoding="utf-8")
    for place, error, message in (
        ("a.nc", ExistingFileError, r"a\.nc is a file\. Give the name of a new folder\."),
        (
            "notes",
            ExistingFileError,
            r"notes is a folder, not a Zarr store\. Give the name of a new folder in",
        ),
        (
            "missing/run.zarr",
            MissingFileError,
            r"missing does not exist as a folder\. Create it before writing run\.zarr",
        ),
        ("a.nc/run.zarr", MissingFileError, r"a\.nc does not exist as a folder"),
    ):
        with pytest.raises(error, match=message):
            simulate(hand(), horizon=1, draws=9, store=tmp_path / place, overwrite=overwrite)
    (tmp_path / "notes").rename(tmp_path / "run.partial")
    with pytest.raises(
        ExistingFileError, match=r"run\.partial is in the way\. It is not an unfinished store"
    ):
        simulate(hand(), horizon=1, draws=9, store=tmp_path / "run", overwrite=overwrite)
    assert (tmp_path / "run.partial" / "a.txt").read_text(encoding="utf-8") == "mine"
    assert (tmp_path / "a.nc").read_text(encoding="utf-8") == "mine"


def test_only_paths_are_stored(hand, tmp_path):
    with pytest.raises(RequestError, match=r"store= keeps paths\. Leave it out, or give keep=sx\.Paths\(\)"):
        simulate(hand(), horizon=1, draws=9, store=tmp_path / "a", keep=Moments())
    with pytest.raises(RequestError, match=r"overwrite=True without store=\."):
        simulate(hand(), horizon=1, draws=9, overwrite=True)


def test_without_zarr_the_extra_is_named(hand, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "zarr", None)
    message = r"store= needs zarr, which is not installed\. Install it: pip install 'sxsim\[io\]'"
    with pytest.raises(MissingExtraError, match=message):
        simulate(hand(), horizon=1, draws=9, store=tmp_path / "a")
