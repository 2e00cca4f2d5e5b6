"""Policies that differ from draw to draw: replayed over one world, whoever draws it, in whatever pieces."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import sxsim as sx
from sxsim.streams import BLOCK

TREND = sx.TREND
UNCERTAIN = sx.Elicited(low=0.0, high=4.0, mode=1.0)


@cache
def model() -> sx.GrowthModel:
    """Three correlated indicators, and a fourth that is computed from two of them."""
    rng = np.random.default_rng(3)
    values = 100 * np.exp(np.cumsum(rng.normal(0.05, 0.1, (3, 12)), axis=-1))
    history = xr.Dataset(
        {name: ("year", row) for name, row in zip("abc", values, strict=True)},
        coords={"year": np.arange(2001, 2013)},
    )
    return sx.fit(history, identities=sx.Identity(indicator="ratio", expression="100 * a / b"))


def effect(name: str, size: float | sx.Elicited, unit: sx.EffectUnit = sx.EffectUnit.GROWTH) -> sx.Effect:
    return sx.Effect(indicator=name, size=size, unit=unit)


FUND = sx.Lever(id="fund", label="Fund", effects=(effect("a", UNCERTAIN), effect("c", 1.0)), delay=1)
FALL = sx.RandomEvent(
    id="fall",
    label="Fall",
    effects=(effect("b", sx.Elicited(low=-20.0, high=-5.0), sx.EffectUnit.PERCENT),),
    probability=0.2,
    recovery=2.0,
)
REVIEW = sx.Review(
    id="review",
    label="Review",
    watched="ratio",
    track=sx.StraightTrack(start=2012, value=80.0, end=2017, goal=140.0),
    years=(2014,),
    gain=0.2,
    at_most=5.0,
    indicator="a",
    unit=sx.EffectUnit.GROWTH,
)
PASSED_ON = sx.Transmission(source="a", target="c", elasticity=0.5, lag=1)
SCENARIOS = {
    "trend": TREND,
    "fund": TREND.extended(id="fund", label="Fund", changes=(sx.Pull(lever=FUND, start=2013), PASSED_ON)),
    "fall": TREND.extended(id="fall", label="Fall", changes=(FALL,)),
    "review": TREND.extended(id="review", label="Review", changes=(REVIEW, PASSED_ON, FALL)),
}
EVERYTHING = tuple(SCENARIOS.values())


def goal(name: str, level: float) -> sx.Target:
    condition = sx.Condition(
        indicator=name, relation=sx.Relation.AT_LEAST, level=sx.Number(value=level), years=(2017,)
    )
    return sx.Target(id=f"T-{name}", label=name, condition=condition)


GOALS = (goal("a", 150.0), goal("c", 150.0), goal("ratio", 110.0))


@cache
def whole(draws: int = 5000, horizon: int = 5) -> xr.Dataset:
    return sx.simulate(model(), EVERYTHING, horizon=horizon, draws=draws, rng=1).load()


@settings(max_examples=12)
@given(
    names=st.lists(st.sampled_from(sorted(SCENARIOS)), min_size=1, max_size=4, unique=True),
    indicators=st.sampled_from([None, ("a",), ("c",), ("ratio",), ("b", "ratio")]),
)
def test_a_scenario_does_not_depend_on_those_beside_it(
    names: list[str], indicators: tuple[str, ...] | None
) -> None:
    options = {"horizon": 5, "draws": 3000, "rng": 1, "indicators": indicators}
    some = sx.simulate(model(), [SCENARIOS[name] for name in names], **options)
    for name in names:
        alone = sx.simulate(model(), SCENARIOS[name], **options)
        xr.testing.assert_identical(some.sel(scenario=[name]), alone)


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_odds_and_hits_do_not_depend_on_other_scenarios(name: str) -> None:
    for ask in (
        lambda scenarios: sx.attainment(model(), GOALS, scenarios=scenarios, rng=2),
        lambda scenarios: sx.simulate(model(), scenarios, draws=9000, rng=2, keep=sx.Hits(GOALS)),
    ):
        beside = ask(EVERYTHING).sel(scenario=[name])
        xr.testing.assert_identical(beside.drop_attrs(), ask(SCENARIOS[name]).drop_attrs())


def test_fewer_draws_and_years_are_the_first_ones() -> None:
    short = sx.simulate(model(), EVERYTHING, horizon=3, draws=BLOCK + 7, rng=1)
    first = whole().isel(draw=slice(BLOCK + 7)).sel(year=short.year)
    xr.testing.assert_equal(short, first)


def test_threads_and_pieces_change_no_bit(tmp_path) -> None:
    pytest.importorskip("dask")
    options = {"horizon": 5, "draws": 5000, "rng": 1}
    for more in ({"threads": 3}, {"chunks": 2048}):
        xr.testing.assert_equal(sx.simulate(model(), EVERYTHING, **options, **more).load(), whole())
    pytest.importorskip("zarr")
    stored = sx.simulate(model(), EVERYTHING, **options, store=tmp_path / "paths.zarr", chunks={"draw": 4096})
    xr.testing.assert_equal(stored.load(), whole())


def test_hits_are_those_of_the_paths() -> None:
    counted = sx.simulate(model(), EVERYTHING, draws=5000, rng=1, keep=sx.Hits(GOALS))
    from_paths = sx.attainment(whole(), GOALS)
    ratio = sx.simulate(model(), EVERYTHING, horizon=5, draws=5000, rng=1, indicators=["a", "b", "c"])
    assert np.array_equal(whole().ratio, 100 * ratio.a / ratio.b)
    np.testing.assert_array_equal(counted.hits / 5000, from_paths.probability)
    np.testing.assert_array_equal(counted.joint / 5000, from_paths.joint)


def test_moments_are_those_of_the_paths() -> None:
    kept = sx.simulate(model(), EVERYTHING, horizon=5, draws=5000, rng=1, keep=sx.Moments())
    for name in "abc":
        levels = np.log(whole()[name])
        np.testing.assert_allclose(kept[name].sel(moment="mean"), levels.mean("draw"), rtol=1e-12)
        spread = levels.std("draw", ddof=1)
        np.testing.assert_allclose(kept[name].sel(moment="standard_deviation"), spread, rtol=1e-9)


def test_what_is_derived_has_no_moments() -> None:
    message = r"Moments of ratio: what is derived has no link scale\. Take keep=sx\.Quantiles\(\)"
    with pytest.raises(sx.SxsimError, match=message):
        sx.simulate(model(), horizon=2, draws=10, indicators="ratio", keep=sx.Moments())


def test_what_happens_on_no_path_changes_nothing() -> None:
    never = sx.RandomEvent(id="never", label="Never", effects=(effect("a", -9.0),), probability=0.0)
    idle = TREND.extended(id="idle", label="Idle", changes=(never,))
    both = sx.simulate(model(), [TREND, idle], horizon=4, draws=3000, rng=5)
    same = both.sel(scenario="idle").drop_vars("scenario")
    xr.testing.assert_equal(same, both.sel(scenario="trend").drop_vars("scenario"))


def test_what_a_rule_does_not_move_needs_nothing_it_looks_at() -> None:
    """Indicators asked for without what a rule reads are as under the trend, in every way of asking."""
    bound = TREND.extended(id="bound", label="Bound", changes=(REVIEW,))
    one = sx.simulate(model(), [TREND, bound], horizon=5, draws=3000, rng=1, indicators="b")
    xr.testing.assert_equal(one.b.sel(scenario="bound", drop=True), one.b.sel(scenario="trend", drop=True))
    fan = sx.forecast(model(), horizon=5, scenarios=[TREND, bound], indicators="b")
    xr.testing.assert_equal(fan.b.sel(scenario="bound", drop=True), fan.b.sel(scenario="trend", drop=True))
    for keep in (sx.Quantiles(), sx.Moments(), sx.Hits(goal("b", 120.0))):
        kept = sx.simulate(model(), [TREND, bound], horizon=5, draws=3000, rng=1, indicators="b", keep=keep)
        same, trend = (kept.sel(scenario=name, drop=True) for name in ("bound", "trend"))
        xr.testing.assert_equal(same, trend)


def test_levers_and_events_own_their_numbers() -> None:
    """The same lever in two scenarios is as strong on every path, whatever else they do."""
    other = SCENARIOS["fall"].extended(id="other", label="Other", changes=(sx.Pull(lever=FUND, start=2013),))
    paths = sx.simulate(model(), [*EVERYTHING, other], horizon=5, draws=3000, rng=1)
    xr.testing.assert_equal(paths.a.sel(scenario="other", drop=True), paths.a.sel(scenario="fund", drop=True))
    xr.testing.assert_equal(paths.b.sel(scenario="other", drop=True), paths.b.sel(scenario="fall", drop=True))


def test_quantiles_are_those_of_the_paths() -> None:
    """The order statistic lies in the bin that is reported, for what is moved and for what is derived."""
    chances = (0.05, 0.5, 0.95)
    keep = sx.Quantiles(probabilities=chances)
    kept = sx.simulate(model(), EVERYTHING, horizon=5, draws=5000, rng=1, keep=keep)
    for name in ("a", "b", "c", "ratio"):
        ordered = np.sort(whole()[name].transpose(..., "draw").values, axis=-1)
        for chance in chances:
            exact = ordered[..., int(np.ceil(chance * 5000)) - 1]
            found = kept[name].sel(quantile=chance).values
            width = kept[f"{name}_width"].sel(quantile=chance).values
            assert (np.abs(found - exact) <= 0.51 * width + 1e-9 * exact).all(), (name, chance)


def test_forecasts_follow_what_a_scenario_does_to_the_paths() -> None:
    """Against 65,536 other paths: a probability of 0.05 or more is met within five errors of both."""
    fan = sx.forecast(model(), horizon=5, scenarios=EVERYTHING, quantiles=(0.05, 0.5, 0.95))
    assert fan.c.attrs["fixed_draws"] == 65_536
    paths = sx.simulate(model(), EVERYTHING, horizon=5, draws=65_536, rng=9)
    for name in ("a", "b", "c", "ratio"):
        for chance in (0.05, 0.5, 0.95):
            share = (paths[name] <= fan[name].sel(quantile=chance)).mean("draw")
            error = np.sqrt(chance * (1 - chance) * (1 / 65_536 + 1 / 65_536))
            assert float(np.abs(share - chance).max()) < 5 * error, (name, chance)
    odds = sx.forecast(model(), horizon=5, scenarios=EVERYTHING, at_least={"ratio": 110.0, "a": 150.0})
    counted = sx.attainment(paths, GOALS)
    for name in ("ratio", "a"):
        near = odds[name].sel(year=2017) - counted.probability.sel(target=f"T-{name}", drop=True)
        assert float(np.abs(near).max()) < 5 * np.sqrt(0.25 * (1 / 65_536 + 1 / 65_536))
