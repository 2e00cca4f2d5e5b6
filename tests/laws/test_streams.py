"""The promises of the random streams, one test each; small, and each runnable alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import sxsim as sx

NAMES = ("alpha", "beta", "gamma", "delta", "专利")


def model_of(
    names: tuple[str, ...], last_years: dict[str, int] | None = None, correlation: float = 0.0
) -> sx.GrowthModel:
    grown = tuple(
        sx.Grown(
            name=name,
            carrier=sx.Log(),
            law=sx.RandomWalk(drift=0.05, sigma=0.1),
            last_value=10.0,
            last_year=(last_years or {}).get(name, 2012),
        )
        for name in names
    )
    matrix = np.full((len(names), len(names)), correlation)
    np.fill_diagonal(matrix, 1.0)
    return sx.GrowthModel(indicators=grown, last_year=2012, correlation=matrix)


def doubtful_model(names: tuple[str, ...], last_years: dict[str, int] | None = None) -> sx.GrowthModel:
    """Return the same with a correlation that is not known: 0.1 to 0.8 everywhere."""
    levels = np.linspace(0.1, 0.8, 8)[:, None, None]
    draws = np.where(np.eye(len(names), dtype=bool), 1.0, levels)
    model = model_of(names, last_years)
    return replace(model, correlation=None, dependence=sx.Dependence(draws=draws))


def same(left: xr.Dataset, right: xr.Dataset) -> bool:
    return all(
        np.array_equal(left[n].to_numpy(), right[n].to_numpy(), equal_nan=True) for n in left.data_vars
    )


def test_the_same_seed_gives_the_same_bits_and_another_seed_does_not() -> None:
    model = model_of(NAMES, correlation=0.3)
    first, again, other = (sx.simulate(model, horizon=3, draws=100, rng=rng) for rng in (0, 0, 1))
    assert same(first, again)
    assert not any(np.array_equal(first[n].to_numpy(), other[n].to_numpy()) for n in NAMES)


def test_a_recorded_seed_replays_a_run_without_one() -> None:
    model = model_of(NAMES[:2])
    run = sx.simulate(model, horizon=2, draws=50)
    assert same(run, sx.simulate(model, horizon=2, draws=50, rng=int(run.attrs["seed_entropy"])))


@settings(max_examples=15)
@given(few=st.integers(1, 4100), more=st.integers(0, 2100), rng=st.integers(0, 2**64))
def test_the_first_draws_of_many_are_the_draws_of_few(few: int, more: int, rng: int) -> None:
    model = model_of(NAMES[:2], correlation=0.5)
    short = sx.simulate(model, horizon=2, draws=few, rng=rng)
    long = sx.simulate(model, horizon=2, draws=few + more, rng=rng)
    assert same(short, long.isel(draw=slice(few)))


@settings(max_examples=10)
@given(horizon=st.integers(1, 12), longer=st.integers(0, 20))
def test_a_longer_horizon_keeps_the_earlier_years(horizon: int, longer: int) -> None:
    plan = sx.load_plan("shanxi-2014")
    model = sx.fit(plan.history, until=2012).select(("rd_intensity", "tech_contract_total"))
    short = sx.simulate(model, horizon=horizon, draws=64, rng=3)
    long = sx.simulate(model, horizon=horizon + longer, draws=64, rng=3)
    assert same(short, long.isel(year=slice(horizon)))


def test_threads_do_not_matter() -> None:
    model = model_of(NAMES, correlation=0.2)
    assert same(*(sx.simulate(model, horizon=4, draws=20_000, rng=9, threads=threads) for threads in (1, 8)))


@settings(max_examples=15)
@given(order=st.permutations(NAMES), kept=st.integers(1, 5))
def test_other_indicators_and_their_order_do_not_matter(order: list[str], kept: int) -> None:
    whole = sx.simulate(model_of(NAMES), horizon=2, draws=30, rng=4)
    part = sx.simulate(model_of(tuple(order[:kept])), horizon=2, draws=30, rng=4)
    assert same(part, whole[order[:kept]])


@settings(max_examples=10)
@given(order=st.permutations(NAMES))
def test_the_order_of_correlated_indicators_does_not_matter(order: list[str]) -> None:
    whole = sx.simulate(model_of(NAMES, correlation=0.4), horizon=2, draws=30, rng=4)
    assert same(whole, sx.simulate(model_of(tuple(order), correlation=0.4), horizon=2, draws=30, rng=4))


def test_a_correlated_newcomer_at_the_end_leaves_the_others_alone() -> None:
    few = sx.simulate(model_of(("a", "b"), correlation=0.4), horizon=2, draws=30, rng=4)
    more = sx.simulate(model_of(("a", "b", "c"), correlation=0.4), horizon=2, draws=30, rng=4)
    assert same(few, more[["a", "b"]])


def test_a_correlation_in_doubt_keeps_every_promise() -> None:
    """More draws, a longer horizon, threads, another order and a newcomer at the end change no bit."""
    few = sx.simulate(doubtful_model(("a", "b")), horizon=2, draws=3000, rng=4)
    long = sx.simulate(doubtful_model(("a", "b")), horizon=5, draws=9000, rng=4, threads=3)
    assert same(few, long.isel(draw=slice(3000), year=slice(2)))
    more = sx.simulate(doubtful_model(("c", "b", "a")), horizon=2, draws=3000, rng=4)
    assert same(few, more[["a", "b"]])
    part = sx.simulate(doubtful_model(("a", "b", "c")), horizon=2, draws=3000, rng=4, indicators=["b", "a"])
    assert same(few, part)


def test_a_correlation_in_doubt_leaves_the_unmixed_normals_alone() -> None:
    """The first in order of name is not mixed, the second is its own normal and the first, undone."""
    known = sx.simulate(model_of(("a", "b")), horizon=1, draws=5000, rng=4)
    mixed = sx.simulate(doubtful_model(("a", "b")), horizon=1, draws=5000, rng=4)
    assert np.array_equal(known.a, mixed.a)
    e, f, own = ((np.log(x.to_numpy().ravel() / 10) - 0.05) / 0.1 for x in (mixed.a, mixed.b, known.b))
    levels = np.linspace(0.1, 0.8, 8)[:, None]
    distance = np.abs(levels * e + np.sqrt(1 - levels**2) * own - f)
    assert distance.min(axis=0).max() < 1e-12
    assert (np.bincount(distance.argmin(axis=0), minlength=8) > 5000 / 8 - 4 * np.sqrt(5000 / 8)).all()


def test_an_unknown_last_year_of_one_leaves_the_others_alone() -> None:
    whole = sx.simulate(model_of(("a", "b")), horizon=2, draws=30, rng=4)
    late = sx.simulate(model_of(("a", "b"), {"b": 2010}), horizon=2, draws=30, rng=4)
    assert np.array_equal(whole.a, late.a)
    assert late.b.std() > whole.b.std()


def test_scenarios_are_replayed_over_one_world() -> None:
    plan = sx.load_plan("shanxi-2014")
    model = sx.fit(plan.history, until=2012).select(("rd_intensity", "valid_invention_patents"))
    nothing = sx.Scenario(id="nothing", label="nothing changes")
    faster = sx.Scenario(
        id="faster",
        label="faster",
        changes=(sx.PlannedGrowth(indicator="rd_intensity", base_value=1.09, base_year=2012, growth=0.2),),
    )
    both = sx.simulate(model, (sx.TREND, nothing, faster), until=2020, draws=100, rng=1)
    trend = sx.simulate(model, until=2020, draws=100, rng=1)
    assert same(trend, both.sel(scenario=["trend"]))
    assert same(both.sel(scenario=["trend"]), both.sel(scenario=["nothing"]))
    assert np.array_equal(
        both.valid_invention_patents.sel(scenario="trend"),
        both.valid_invention_patents.sel(scenario="faster"),
    )
    assert (both.rd_intensity.sel(scenario="faster") > both.rd_intensity.sel(scenario="trend")).all()


def test_batch_members_draw_by_their_label() -> None:
    years = np.arange(2003, 2013)
    growth = np.random.default_rng(1).normal(0.05, 0.1, (3, 10)).cumsum(axis=1)
    data = xr.Dataset(
        {"y": (("region", "year"), np.exp(growth))}, coords={"year": years, "region": ["a", "b", "c"]}
    )
    whole = sx.simulate(sx.fit(data), horizon=2, draws=20, rng=1)
    part = sx.simulate(sx.fit(data.sel(region=["c", "a"])), horizon=2, draws=20, rng=1)
    assert np.array_equal(whole.y.sel(region=["c", "a"]), part.y)


def test_attainment_is_repeatable_bit_for_bit() -> None:
    plan = sx.load_plan("shanxi-2014")
    model = sx.fit(plan.history, until=2012)
    for method in (None, sx.Sobol(points=64), sx.MonteCarlo(draws=3000)):
        first, again, other = (
            sx.attainment(model, plan.targets, scenarios=plan.scenarios[:2], method=method, rng=rng)
            for rng in (0, 0, 1)
        )
        assert first.identical(again)
        assert not first.probability.identical(other.probability) or not first.joint.identical(other.joint)
