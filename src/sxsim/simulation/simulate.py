"""Paths of the future under every scenario: labels in once, labels out once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.errors import RequestError
from sxsim.plan import TREND, Scenario
from sxsim.processes import GrowthModel
from sxsim.scenarios import compile_scenario
from sxsim.simulation.method import check_draws, check_whole
from sxsim.simulation.world import World, world_of
from sxsim.streams import BLOCK, Seed, provenance, type_of_rng

Array = NDArray[np.float64]


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

    Returns
    -------
    xarray.Dataset
        One variable per indicator in its published units, counts as whole numbers, dims ``(scenario, draw,
        year, *batch)``.

    Raises
    ------
    RequestError
        Neither or both of ``until`` and ``horizon``, a year not after the model's last, no draws, no
        threads, or two scenarios of one name.
    UnknownNameError
        An indicator is not in the model.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> model = sx.fit(plan.history, until=2012)
    >>> paths = sx.simulate(model, plan.scenarios, until=2020, draws=1000, rng=7, indicators=["rd_intensity"])
    >>> paths.rd_intensity.dims
    ('scenario', 'draw', 'year')
    """
    listed = as_scenarios(scenarios)
    years = years_ahead(model, until, horizon)
    check_draws(draws)
    check_whole("threads", threads, "Give a whole number of at least 1.")
    seed = Seed.of(rng)
    offsets = [compile_scenario(scenario, model, len(years)) for scenario in listed]
    names = (indicators,) if isinstance(indicators, str) else indicators
    if names is not None and not len(names):
        raise RequestError("indicators= is empty.", "Leave it out for all of them.")
    chosen = model if names is None else model.select(tuple(names))
    world = world_of(chosen, len(years), seed)
    arrays = {
        grown.name: np.full((len(listed), grown.size, len(years), draws), np.nan)
        for grown in chosen.indicators
    }

    def write(number: int) -> None:
        _write_block(world, number, offsets, arrays)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(write, range(-(-draws // BLOCK))))
    return _labelled(chosen, arrays, [s.id for s in listed], years, seed)


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


def _write_block(
    world: World, number: int, offsets: Sequence[Mapping[str, Array]], arrays: Mapping[str, Array]
) -> None:
    """Replay every scenario over one block and cut it to the draws asked for."""
    start = number * BLOCK
    carriers = {grown.name: grown.carrier for team in world.teams for grown in team.members}
    for name, level in world.block(number).items():
        carrier, target = carriers[name], arrays[name]
        width = min(BLOCK, target.shape[-1] - start)
        for i, offset in enumerate(offsets):
            moved = level + offset[name][:, :, None] if name in offset else level
            target[i, ..., start : start + width] = carrier.inverse(moved[..., :width])


def _labelled(
    model: GrowthModel,
    arrays: Mapping[str, Array],
    scenarios: list[str],
    years: NDArray[np.int64],
    seed: Seed,
) -> xr.Dataset:
    """Turn ``(scenario, member, year, draw)`` arrays into variables; a view, memory stays draws last."""
    variables = {}
    for name, array in arrays.items():
        batch = model.batch(name)
        shape = (array.shape[0], *[c.size for c in batch.values()], *array.shape[2:])
        kept = model.history[name].attrs if name in model.history else {}
        variable = xr.DataArray(
            array.reshape(shape),
            dims=(labels.SCENARIO, *batch, labels.YEAR, labels.DRAW),
            coords=batch,
            attrs=kept,
        )
        variables[name] = variable.transpose(*labels.PATH_DIMS, *batch)
    coords = {labels.SCENARIO: scenarios, labels.YEAR: years}
    attrs = dict(provenance(seed, "monte-carlo", **model.vintage()))
    return xr.Dataset(variables, coords=coords, attrs=attrs)
