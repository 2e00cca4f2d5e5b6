"""What must hold for every process: own residuals rebuild a history, and the streams keep their promises."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sxsim as sx

CALM, WILD = sx.RandomWalk(drift=0.08, sigma=0.02), sx.RandomWalk(drift=-0.05, sigma=0.2)
BY_HAND: dict[str, Any] = {
    "random walk": sx.RandomWalk(drift=0.05, sigma=0.1),
    "autoregressive": sx.AutoregressiveGrowth(drift=0.03, phi=0.6, sigma=0.1, excess=0.05),
    "damped": sx.DampedTrend(drift=0.01, phi=0.8, alpha=0.7, beta=0.3, sigma=0.1, trend=0.1, gap=0.02),
    "trend": sx.TrendStationary(drift=0.03, rho=0.5, sigma=0.1, deviation=-0.2),
    "logistic": sx.Logistic(ceiling=40.0, drift=0.2, sigma=0.1),
    "student": sx.StudentShocks(drift=0.03, sigma=0.1, dof=3.0),
    "jumps": sx.JumpDiffusion(drift=0.05, sigma=0.05, rate=0.2, jump=-0.3, jump_sd=0.1),
    "regimes": sx.Regimes(ordinary=CALM, other=WILD, leave=0.1, recover=0.5, other_now=0.2),
    "bass": sx.Bass(innovation=0.02, imitation=0.4, reached=0.2, sigma=0.3),
    "counts": sx.NegativeBinomial(drift=0.05, memory=0.8, mean=9.0, size=12.0),
}
CONTINUOUS = [name for name in BY_HAND if name != "counts"]
every_process = pytest.mark.parametrize("law", BY_HAND.values(), ids=list(BY_HAND))
innovations = st.lists(st.floats(-4.0, 4.0), min_size=1, max_size=12)


def model_of(*laws: Any, correlation: float = 0.0) -> sx.GrowthModel:
    grown = tuple(
        sx.Grown(
            name=f"y{i}",
            carrier=getattr(law, "carrier", None) or sx.Log(),
            law=law,
            last_value=10.0,
            last_year=2012,
        )
        for i, law in enumerate(laws)
    )
    matrix = np.full((len(laws), len(laws)), correlation)
    np.fill_diagonal(matrix, 1.0)
    return sx.GrowthModel(indicators=grown, last_year=2012, correlation=matrix)


@every_process
@settings(max_examples=20)
@given(shocks=innovations)
def test_own_residuals_rebuild_the_path(law: Any, shocks: list[float]) -> None:
    start = np.log(np.array([10.0]))
    levels = law.simulate(start, np.array(shocks)[:, None])
    again = law.simulate(start, law.residuals(start, levels))
    assert np.allclose(again, levels, rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", CONTINUOUS)
@settings(max_examples=20)
@given(shocks=innovations)
def test_residuals_are_the_innovations(name: str, shocks: list[float]) -> None:
    """The logistic and Bass curves lose digits next to their ceilings; the others keep ten."""
    start, e = np.log(np.array([10.0])), np.array(shocks)[:, None]
    law = BY_HAND[name]
    assert np.allclose(law.residuals(start, law.simulate(start, e)), e, rtol=0, atol=1e-6)


@every_process
def test_many_paths_go_side_by_side(law: Any) -> None:
    e = np.random.default_rng(1).standard_normal((5, 7))
    start = np.full(7, np.log(10.0))
    levels = law.simulate(start, e)
    assert levels.shape == (5, 7)
    for draw in range(7):
        alone = law.simulate(start[draw : draw + 1], e[:, draw : draw + 1])
        assert np.allclose(alone[:, 0], levels[:, draw], rtol=0, atol=1e-11)


@every_process
def test_a_better_year_never_leads_to_a_lower_level_that_year(law: Any) -> None:
    e = np.stack([np.zeros(41), np.linspace(-4, 4, 41)])
    levels = law.simulate(np.full(41, np.log(10.0)), e)
    assert (np.diff(levels[1]) >= 0).all()


@every_process
def test_a_longer_horizon_keeps_the_earlier_years(law: Any) -> None:
    model = model_of(law, BY_HAND["random walk"], correlation=0.5)
    short = sx.simulate(model, horizon=3, draws=3000, rng=5)
    long = sx.simulate(model, horizon=7, draws=3000, rng=5)
    for name in model.names:
        assert np.array_equal(short[name].to_numpy(), long[name].sel(year=short.year).to_numpy())


@every_process
def test_neither_threads_nor_more_draws_change_a_bit(law: Any) -> None:
    model = model_of(law)
    few = sx.simulate(model, horizon=3, draws=1000, rng=5).y0
    many = sx.simulate(model, horizon=3, draws=5000, rng=5, threads=4).y0
    assert np.array_equal(few.to_numpy(), many.isel(draw=slice(1000)).to_numpy())


@every_process
def test_a_neighbour_keeps_its_bits_whatever_stands_beside_it(law: Any) -> None:
    walk = BY_HAND["random walk"]
    alone = sx.simulate(model_of(walk), horizon=4, draws=500, rng=3).y0
    beside = sx.simulate(model_of(walk, law), horizon=4, draws=500, rng=3).y0
    assert np.array_equal(alone.to_numpy(), beside.to_numpy())


@every_process
def test_typical_values_lie_in_the_domain(law: Any) -> None:
    for parameter in law.parameters:
        low, high = parameter.typical
        assert low < high
        assert (parameter.check(low), parameter.check(high)) == (low, high)


@every_process
@given(x=st.floats(-8.0, 8.0))
def test_every_coordinate_leads_into_the_domain(law: Any, x: float) -> None:
    for parameter in law.parameters:
        value = float(parameter.bounded(x))
        assert parameter.check(value) == value


@every_process
def test_a_harder_target_is_never_likelier(law: Any) -> None:
    model = model_of(law)
    fan = sx.forecast(model, horizon=4, quantiles=(0.1, 0.3, 0.5, 0.7, 0.9)).y0.sel(year=2016).to_numpy()
    targets = [
        sx.Target(
            id=f"T{i}",
            label="T",
            condition=sx.Condition(
                indicator="y0",
                relation=sx.Relation.AT_LEAST,
                level=sx.Number(value=float(level)),
                years=(2016,),
            ),
        )
        for i, level in enumerate(fan)
    ]
    odds = sx.attainment(model, targets, rng=0, method=sx.MonteCarlo(draws=4000)).probability.to_numpy()[0]
    assert (np.diff(odds) <= 0).all()
    assert 0.85 < odds[0] < 0.96
    assert 0.04 < odds[-1] < 0.2


def test_counts_are_whole_and_never_negative() -> None:
    paths = sx.simulate(model_of(BY_HAND["counts"]), horizon=8, draws=5000, rng=1).y0.to_numpy()
    assert np.array_equal(paths, np.round(paths))
    assert paths.min() == 0


def test_adopters_never_fall_and_never_exceed_the_market() -> None:
    paths = sx.simulate(model_of(BY_HAND["bass"]), horizon=12, draws=5000, rng=1).y0.squeeze("scenario")
    values = paths.to_numpy()
    assert (np.diff(values, axis=1) >= 0).all()
    assert values.max() <= 50.0 * (1 + 1e-12)
