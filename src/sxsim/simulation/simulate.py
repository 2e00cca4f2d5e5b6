"""Paths of the future under every scenario: labels in once, labels out once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.errors import RequestError
from sxsim.plan import TREND, Scenario
from sxsim.processes import GrowthModel
from sxsim.scenarios import compile_scenarios
from sxsim.simulation.keep import Paths
from sxsim.simulation.keep.paths import PathRecorder
from sxsim.simulation.large import Chunks, Shelf, Work, lazy_paths, need_dask, reduced, sizes_of, stored
from sxsim.simulation.method import check_draws, check_whole
from sxsim.simulation.record import Keep, Keeper, Reducer, Setting, record
from sxsim.simulation.runs import Run, runs_of
from sxsim.streams import Seed, provenance, type_of_rng


def simulate(
    model: GrowthModel,
    scenarios: Scenario | Sequence[Scenario] = (TREND,),
    *,
    until: int | None = None,
    horizon: int | None = None,
    draws: int = 100_000,
    rng: type_of_rng = None,
    indicators: str | Sequence[str] | None = None,
    threads: int = 1,
    keep: Keep = Paths(),  # noqa: B008
    chunks: Chunks | None = None,
    store: str | Path | None = None,
    overwrite: bool = False,
    progress: bool = False,
) -> xr.Dataset:
    """Simulate correlated paths of all indicators; every scenario is replayed over the same world.

    Parameters
    ----------
    model
        From :func:`sxsim.fit`, or put together by hand.
    scenarios
        What is changed; the default is the trend alone.
    until, horizon
        Last year, or number of years after the model's last year; give one of them.
    draws
        Number of paths.
    rng
        A whole number, SeedSequence or Generator; None takes fresh entropy, recorded in the result.
    indicators
        Names to return; the default is all.
    threads
        Blocks computed side by side; the bits do not depend on it.
    keep
        What is kept: :class:`sxsim.Paths` all of them or chosen years, :class:`sxsim.Hits` of targets,
        :class:`sxsim.Moments`, :class:`sxsim.Quantiles`, or :class:`sxsim.Inputs`, what decided the paths.
        Memory depends on what is kept, and for all but paths and inputs not on the number of draws.
    chunks
        Draws to a piece, or ``{"draw": draws, "region": members}``; what is left out is not cut. The pieces
        are drawn by dask, on threads, processes or the cluster of a ``dask.distributed.Client``, and the bits
        do not depend on it. Paths come back lazily, as dask arrays; of anything else the small result is
        computed at once. Draws are rounded up to whole blocks of 2,048, for anything but paths to whole
        stretches of 65,536. Needs dask.
    store
        Folder of a Zarr store into which paths are written piece by piece, without ever holding all. A run
        that was killed is taken up where it was by the same line; the finished store equals one that was
        never interrupted. A piece has up to 65,536 draws of one member of a batch and about 64 MB, or as many
        draws and members as ``chunks`` says. Needs zarr.
    overwrite
        Whether a store of that name, or an unfinished one of another run, may be replaced.
    progress
        Whether to show a bar; needs tqdm.

    Returns
    -------
    xarray.Dataset
        One variable per indicator in its published units, counts as whole numbers, dims ``(scenario, draw,
        year, *batch)``; for other things to keep, see there. From a store it is opened, not read.

    Raises
    ------
    RequestError
        Both of ``until`` and ``horizon``, or neither where what is kept does not tell; a year not after the
        model's last, no draws, no threads, or two scenarios of one name. Chunks along years or scenarios,
        chunks together with threads or a bar, or a store of anything but paths.
    UnknownNameError
        An indicator is not in the model, or a dimension to cut along.
    ExistingFileError
        The store is finished already, is no store, or was begun by another run.
    MissingFileError
        The folder of the store does not exist.
    MissingExtraError
        dask, zarr or tqdm is needed and not installed.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> model = sx.fit(plan.history, until=2012)
    >>> paths = sx.simulate(model, plan.scenarios, until=2020, draws=1000, rng=7, indicators=["rd_intensity"])
    >>> paths.rd_intensity.dims
    ('scenario', 'draw', 'year')
    """
    check_draws(draws)
    check_whole("threads", threads, "Give a whole number of at least 1.")
    _check_chunks(chunks, threads, progress)
    if overwrite and store is None:
        raise RequestError("overwrite=True without store=.", "Leave it out, or say which store.")
    if until is None and horizon is None:
        until = keep.until(model)
    setting = _setting(
        model,
        as_scenarios(scenarios),
        years_ahead(model, until, horizon),
        draws,
        _names(keep, model, indicators),
    )
    recorder = keep.recorder(setting)
    sizes = None if chunks is None else sizes_of(chunks, setting.model)
    shelf = None if store is None else Shelf.of(store, recorder, sizes or {}, overwrite=overwrite)
    seed = Seed.of(rng) if shelf is None else shelf.seed(rng)
    attributes = dict(provenance(seed, "monte-carlo", **setting.model.vintage()))
    runs = runs_of(setting, seed)
    if isinstance(recorder, PathRecorder):
        work = Work(runs=runs, recorder=recorder, draws=draws)
        if shelf is not None:
            alone = threads if sizes is None else None
            return stored(work, shelf, seed, attributes, threads=alone, progress=progress)
        if sizes is not None:
            return lazy_paths(work, setting.model, sizes).assign_attrs(attributes)
        state = recorder.blank(draws)
        for run in runs:
            some = recorder.replaying(run.slots)
            record(run.world, some, range(draws), state=state, threads=threads, progress=progress)
        return recorder.result(state).assign_attrs(attributes)
    results = [
        _kept(run, keep.recorder(run.setting), draws, sizes, threads=threads, progress=progress)
        for run in runs
    ]
    return side_by_side(results, setting.scenarios).assign_attrs(attributes)


def _kept(
    run: Run,
    recorder: Keeper,
    draws: int,
    sizes: Mapping[str, int] | None,
    *,
    threads: int,
    progress: bool,
) -> xr.Dataset:
    """Return what is kept of the scenarios of one world."""
    if sizes is not None:
        _check_small(recorder)
        return reduced(Work(runs=(run,), recorder=recorder, draws=draws), run.setting.model, sizes)
    return recorder.result(record(run.world, recorder, range(draws), threads=threads, progress=progress))


def side_by_side(results: Sequence[xr.Dataset], scenarios: Sequence[str]) -> xr.Dataset:
    """Put results of some scenarios each together, in their order."""
    if len(results) == 1:
        return results[0]
    whole = xr.concat(
        results, labels.SCENARIO, data_vars="minimal", coords="minimal", compat="override", join="outer",
        combine_attrs="override",
    )  # fmt: skip
    return whole.sel({labels.SCENARIO: list(scenarios)})


def _check_chunks(chunks: Chunks | None, threads: int, progress: bool) -> None:
    """Refuse what a scheduler of dask decides or shows by itself."""
    if chunks is None:
        return
    need_dask()
    if threads != 1:
        raise RequestError(
            f"threads={threads} together with chunks=.",
            "Leave it out: the scheduler of dask decides how many pieces are drawn side by side.",
        )
    if progress:
        raise RequestError(
            "progress=True together with chunks=.",
            "Leave it out, and show dask's own: dask.diagnostics.ProgressBar or distributed.progress.",
        )


def _check_small(recorder: Keeper) -> None:
    """Refuse what grows with the draws and is not cut into pieces."""
    if not isinstance(recorder, Reducer):
        raise RequestError(
            f"chunks= with {type(recorder).__name__}: what it keeps grows with the draws.",
            "Leave out chunks=, or keep paths.",
        )


def _names(keep: Keep, model: GrowthModel, indicators: str | Sequence[str] | None) -> tuple[str, ...] | None:
    """Return the indicators asked for, else those that what is kept needs; None for all."""
    if indicators is None:
        return keep.names(model)
    names = (indicators,) if isinstance(indicators, str) else tuple(indicators)
    if not names:
        raise RequestError("indicators= is empty.", "Leave it out for all of them.")
    return names


def _setting(
    model: GrowthModel,
    scenarios: tuple[Scenario, ...],
    years: NDArray[np.int64],
    draws: int,
    names: tuple[str, ...] | None,
) -> Setting:
    return Setting(
        model=model if names is None else model.select(names),
        asked=(*model.names, *model.derived) if names is None else names,
        years=years,
        policies=compile_scenarios(scenarios, model, len(years)),
        draws=draws,
    )


def as_scenarios(scenarios: Scenario | Sequence[Scenario]) -> tuple[Scenario, ...]:
    """Return one or many scenarios as a tuple of different names."""
    listed = (scenarios,) if isinstance(scenarios, Scenario) else tuple(scenarios)
    names = [scenario.id for scenario in listed]
    if not names:
        raise RequestError("No scenario was given.", "Leave out scenarios= for the trend alone.")
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise RequestError(f"Scenarios stand twice: {', '.join(twice)}.", "Give each its own id.")
    return listed


def years_ahead(model: GrowthModel, until: int | None, horizon: int | None) -> NDArray[np.int64]:
    """Years after the model's last year up to ``until``, or ``horizon`` of them."""
    if (until is None) == (horizon is None):
        raise RequestError(f"until={until!r} and horizon={horizon!r}.", "Give exactly one of them.")
    name, value = ("until", until) if horizon is None else ("horizon", horizon)
    number = check_whole(name, value or 0, "Give a whole number.", least=-(10**6))
    count = number if name == "horizon" else number - model.last_year
    if count < 1:
        raise RequestError(
            f"The horizon ends in {model.last_year + count}, not after the model's last year "
            f"{model.last_year}.",
            "Choose a later year, or fit with an earlier until=.",
        )
    return model.last_year + np.arange(1, count + 1)
