"""Two implementations of the steps from bits to hits, one result: compiled or not, no bit differs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import sxsim as sx
from sxsim.simulation import Twin, world_of
from sxsim.simulation.choose import compiled_steps
from sxsim.simulation.plain import Plain
from sxsim.simulation.strand import Steps
from sxsim.streams import Seed

needs_numba = pytest.mark.skipif(compiled_steps() is None, reason="numba is not installed")
RECORD = sys.modules["sxsim.simulation.record"]  # the room shows the function of this name
YEARS = np.arange(2001, 2013)


def forced(steps: Steps | None) -> Callable[[int], Steps]:
    assert steps is not None
    return lambda values: steps


def fitted(seed: int, *, late: bool = False) -> sx.GrowthModel:
    """Return four series of the default family: cells on three scales, a correlation in doubt, a late end."""
    rng = np.random.default_rng(seed)
    values = 100 * np.exp(np.cumsum(rng.normal(0.08, 0.1, (4, 12)), axis=1))
    if late:
        values[1, -2:] = values[3, -1:] = np.nan
    return sx.fit(xr.Dataset({n: ("year", v) for n, v in zip("abcd", values, strict=True)}, {"year": YEARS}))


def by_hand(*laws: object, correlation: float = 0.4) -> sx.GrowthModel:
    grown = tuple(
        sx.Grown(name=f"y{k}", carrier=sx.Log(), law=law, last_value=5.0, last_year=2012 - k % 2)
        for k, law in enumerate(laws)
    )
    matrix = np.full((len(laws), len(laws)), correlation)
    np.fill_diagonal(matrix, 1.0)
    return sx.GrowthModel(indicators=grown, last_year=2012, correlation=matrix)


def in_doubt(model: sx.GrowthModel) -> sx.GrowthModel:
    levels = np.linspace(0.0, 0.8, 5)[:, None, None]
    draws = np.where(np.eye(len(model.names), dtype=bool), 1.0, levels)
    return replace(model, correlation=None, dependence=sx.Dependence(draws=draws))


WALK = sx.RandomWalk(drift=0.05, sigma=0.1)
MODELS: dict[str, Callable[[], sx.GrowthModel]] = {
    "default family": lambda: fitted(1),
    "late ends": lambda: fitted(2, late=True),
    "random walks": lambda: by_hand(WALK, WALK, WALK),
    "ten of them": lambda: by_hand(*[WALK] * 10),
    "ten in doubt": lambda: in_doubt(by_hand(*[WALK] * 10)),
    "no shock at all": lambda: by_hand(sx.RandomWalk(drift=0.05, sigma=0.0)),
    "heavy tails": lambda: by_hand(WALK, sx.StudentShocks(drift=0.05, sigma=0.1, dof=3.0), WALK),
    "trend and return": lambda: by_hand(
        sx.AutoregressiveGrowth(drift=0.02, phi=0.5, sigma=0.1, excess=0.08), WALK, correlation=-0.5
    ),
}


def everything(model: sx.GrowthModel, horizon: int, twin: Twin, mirrored: bool, steps: Steps) -> list[bytes]:
    """Changes, groups and marks of five blocks, drawn as the steps like it best."""
    strand = world_of(model, horizon, Seed.of(3)).teams[0].strand(0)
    out = []
    for first in range(0, 5, steps.blocks):
        blocks = range(first, min(first + steps.blocks, 5))
        strand.draw(blocks, steps, into := strand.buffers(len(blocks)), twin, mirrored=mirrored)
        out.append((into.change.copy(), into.groups.copy()))
    changes, groups = (np.concatenate(parts, axis=-1) for parts in zip(*out, strict=True))
    return [(changes + 0.0).tobytes(), groups.tobytes()]


@needs_numba
@pytest.mark.parametrize("horizon", [1, 3, 8, 13])
@pytest.mark.parametrize("name", MODELS)
def test_compiled_steps_give_the_same_bits(name: str, horizon: int) -> None:
    model, compiled = MODELS[name](), compiled_steps()
    assert compiled is not None
    for twin, mirrored in ((Twin.NONE, False), (Twin.PARAMETERS, False), (Twin.CELLS, True)):
        plain, fast = (everything(model, horizon, twin, mirrored, steps) for steps in (Plain(), compiled))
        assert plain == fast


@needs_numba
@settings(max_examples=10, deadline=None)
@given(
    levels=st.lists(st.floats(0.2, 5.0), min_size=1, max_size=5),
    draws=st.integers(1, 9000),
    rng=st.integers(0, 2**70),
    threads=st.integers(1, 3),
)
def test_hits_are_the_same_with_and_without_it(
    levels: list[float], draws: int, rng: int, threads: int
) -> None:
    model = fitted(3)
    targets = [
        sx.Target(
            id=str(i),
            label="reached",
            condition=sx.Condition(
                indicator="abcd"[i % 4],
                relation=list(sx.Relation)[i % 2],
                level=sx.Number(value=100.0 * level),
                years=tuple(range(2014, 2015 + i)),
            ),
        )
        for i, level in enumerate(levels)
    ]
    found = []
    for steps in (Plain(), compiled_steps()):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(RECORD, "steps_for", forced(steps))
            found.append(
                sx.simulate(model, horizon=8, draws=draws, rng=rng, threads=threads, keep=sx.Hits(targets))
            )
    xr.testing.assert_identical(*found)


@needs_numba
def test_moments_and_quantiles_are_the_same_with_and_without_it() -> None:
    for keep in (sx.Moments(), sx.Quantiles(), sx.Paths(years=(2014,))):
        found = []
        for steps, threads in ((Plain(), 1), (Plain(), 3), (compiled_steps(), 2)):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(RECORD, "steps_for", forced(steps))
                found.append(
                    sx.simulate(fitted(4), horizon=3, draws=150_000, rng=5, threads=threads, keep=keep)
                )
        xr.testing.assert_identical(found[0], found[1])
        xr.testing.assert_identical(found[0], found[2])


@needs_numba
def test_a_million_normals_and_their_tails_are_those_of_numpy() -> None:
    from sxsim.simulation.compiled import Compiled
    from sxsim.simulation.strand import Need

    strand = world_of(by_hand(WALK, correlation=0.0), 63, Seed.of(11)).teams[0].strand(0)
    need, blocks = [Need(cells=True, parameters=True, gap=0)], range(8)
    words = strand.words(blocks, Twin.NONE)
    one, other = strand.buffers(8), strand.buffers(8)
    Plain().fill(words, need, one)
    Compiled().fill(words, need, other)
    assert np.abs(one.shocks).max() > 4.5
    assert one.shocks.tobytes() == other.shocks.tobytes()
    assert one.uniforms.tobytes() == other.uniforms.tobytes()
