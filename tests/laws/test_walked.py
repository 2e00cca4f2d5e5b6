"""What must hold for every process that is walked: draws do not know each other, and a step is enough."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sxsim as sx
from sxsim.processes.parameter import with_values

CALM, WILD = sx.RandomWalk(drift=0.08, sigma=0.02), sx.RandomWalk(drift=-0.05, sigma=0.2)
SIGMA = sx.Parameter(name="sigma", symbol="sigma", unit="log", low=0.0)


@dataclass(frozen=True, kw_only=True)
class Learning(sx.PathProcess):
    """Growth that slows with what was ever reached, and stalls below it: memory of the best year."""

    speed: float
    sigma: float

    parameters: ClassVar[tuple[sx.Parameter, ...]] = (
        sx.Parameter(name="speed", symbol="a", unit="log per year", low=0.0),
        SIGMA,
    )

    def begin(self, level: Any) -> Any:
        return level, level

    def step(self, state: Any, shock: Any) -> Any:
        level, best = state
        level = level + self.speed / (1.0 + np.exp(best - 3.0)) + self.sigma * np.sinh(shock)
        return level, np.maximum(best, level)


BY_HAND: dict[str, Any] = {
    "logistic": sx.Logistic(ceiling=40.0, drift=0.2, sigma=0.1),
    "student": sx.StudentShocks(drift=0.03, sigma=0.1, dof=3.0),
    "cauchy": sx.StudentShocks(drift=0.03, sigma=0.1, dof=1.0),
    "jumps": sx.JumpDiffusion(drift=0.05, sigma=0.05, rate=0.2, jump=-0.3, jump_sd=0.1),
    "steep jumps": sx.JumpDiffusion(drift=0.05, sigma=0.001, rate=0.2, jump=-0.3, jump_sd=0.0),
    "regimes": sx.Regimes(ordinary=CALM, other=WILD, leave=0.1, recover=0.5, other_now=0.2),
    "sure regimes": sx.Regimes(ordinary=CALM, other=WILD, leave=0.0, recover=1.0, other_now=1.0),
    "bass": sx.Bass(innovation=0.02, imitation=0.4, reached=0.2, sigma=0.3),
    "counts": sx.NegativeBinomial(drift=0.05, memory=0.8, mean=9.0, size=12.0),
    "large counts": sx.NegativeBinomial(drift=0.05, memory=0.8, mean=90.0, size=12.0),
    "learning": Learning(speed=0.2, sigma=0.05),
}
GAUSSIAN: dict[str, Any] = {
    "random walk": CALM,
    "autoregressive": sx.AutoregressiveGrowth(drift=0.03, phi=0.6, sigma=0.1, excess=0.05),
    "damped": sx.DampedTrend(drift=0.01, phi=0.8, alpha=0.7, beta=0.3, sigma=0.1, trend=0.1, gap=0.02),
    "trend": sx.TrendStationary(drift=0.03, rho=0.5, sigma=0.1, deviation=-0.2),
}
DRAWN: dict[str, tuple[Any, dict[str, tuple[float, float]]]] = {
    "student": (BY_HAND["student"], {"dof": (2.0, 40.0), "sigma": (0.05, 0.2)}),
    "one dof": (BY_HAND["student"], {"sigma": (0.05, 0.2)}),
    "jumps": (BY_HAND["jumps"], {"drift": (0.0, 0.1), "sigma": (0.02, 0.2)}),
    "rates": (BY_HAND["jumps"], {"rate": (0.1, 0.3)}),
    "logistic": (BY_HAND["logistic"], {"ceiling": (30.0, 90.0), "sigma": (0.1, 0.2)}),
    "counts": (BY_HAND["counts"], {"memory": (0.4, 0.9), "mean": (5.0, 60.0)}),
    "learning": (BY_HAND["learning"], {"speed": (0.1, 0.3), "sigma": (0.02, 0.1)}),
}
every_process = pytest.mark.parametrize(
    "law", [*BY_HAND.values(), *GAUSSIAN.values()], ids=[*BY_HAND, *GAUSSIAN]
)
DRAWS = 700
cuts = st.lists(st.integers(1, DRAWS - 1), max_size=5).map(lambda places: [0, *sorted(set(places)), DRAWS])


def numbers(years: int, draws: int = DRAWS, seed: int = 3) -> Any:
    """Normal numbers, one in fifty of them extreme."""
    rng = np.random.default_rng(seed)
    usual = rng.standard_normal((years, draws))
    return np.where(rng.random(usual.shape) < 0.02, np.clip(6.0 * usual, -8.3, 8.3), usual)


@every_process
@settings(max_examples=10, deadline=None)
@given(places=cuts)
def test_draws_walk_alike_however_they_are_cut(law: Any, places: list[int]) -> None:
    start, e = np.full(DRAWS, np.log(10.0)), numbers(4)
    whole = law.simulate(start, e)
    pieces = [law.simulate(start[a:b], e[:, a:b]) for a, b in itertools.pairwise(places)]
    assert np.array_equal(np.concatenate(pieces, axis=1), whole)


@pytest.mark.parametrize("name", DRAWN)
@settings(max_examples=10, deadline=None)
@given(places=cuts)
def test_draws_with_own_parameters_walk_alike_however_they_are_cut(name: str, places: list[int]) -> None:
    law, ranges = DRAWN[name]
    rng = np.random.default_rng(5)
    values = {key: rng.uniform(*ends, DRAWS) for key, ends in ranges.items()}
    start, e = np.full(DRAWS, np.log(10.0)), numbers(4)
    whole = with_values(law, values).simulate(start, e)
    for a, b in itertools.pairwise(places):
        part = with_values(law, {key: value[a:b] for key, value in values.items()})
        assert np.array_equal(part.simulate(start[a:b], e[:, a:b]), whole[:, a:b])


@every_process
def test_blocks_larger_than_the_chunks_inside_change_nothing(law: Any) -> None:
    e = np.tile(numbers(2), (1, 30))
    whole = law.simulate(np.full(e.shape[1], np.log(10.0)), e)
    assert np.array_equal(whole, np.tile(whole[:, :DRAWS], (1, 30)))


@every_process
def test_the_order_of_draws_does_not_matter(law: Any) -> None:
    e, order = numbers(3), np.random.default_rng(8).permutation(DRAWS)
    start = np.full(DRAWS, np.log(10.0))
    assert np.array_equal(law.simulate(start, e[:, order]), law.simulate(start, e)[:, order])


@every_process
def test_a_step_changes_nothing_it_was_given(law: Any) -> None:
    start, e = np.full(DRAWS, np.log(10.0)), numbers(3)
    kept = start.copy(), e.copy()
    law.residuals(start, law.simulate(start, e))
    assert np.array_equal(start, kept[0])
    assert np.array_equal(e, kept[1])


@settings(max_examples=25, deadline=None)
@given(
    speed=st.floats(0.0, 1.0),
    sigma=st.floats(0.01, 0.5),
    shocks=st.lists(st.floats(-5.0, 5.0), min_size=1, max_size=8),
)
def test_a_step_alone_is_inverted(speed: float, sigma: float, shocks: list[float]) -> None:
    """The numbers come back to rounding over the slope, and rebuild the levels."""
    law, start, e = Learning(speed=speed, sigma=sigma), np.zeros(1), np.array(shocks)[:, None]
    levels = law.simulate(start, e)
    again = law.residuals(start, levels)
    largest = max(1.0, np.abs(levels).max())
    assert np.abs(again - e).max() <= 1e-14 * largest / sigma
    np.testing.assert_allclose(law.simulate(start, again), levels, rtol=0, atol=1e-13 * largest)


SATURATED = {
    "logistic": (sx.Logistic(ceiling=40.0, drift=0.2, sigma=0.1), 40.0),
    "fast logistic": (sx.Logistic(ceiling=40.0, drift=2.0, sigma=3.0), 40.0),
    "bass": (sx.Bass(innovation=0.02, imitation=0.4, reached=0.25, sigma=0.3), 40.0),
    "fast bass": (sx.Bass(innovation=2.0, imitation=5.0, reached=0.25, sigma=3.0), 40.0),
    "bass without imitation": (sx.Bass(innovation=5.0, imitation=0.0, reached=0.25, sigma=5.0), 40.0),
}


@pytest.mark.parametrize(("law", "top"), SATURATED.values(), ids=list(SATURATED))
@pytest.mark.parametrize("shock", [-8.3, 0.0, 8.3, None])
def test_saturation_holds_for_fifty_years(law: Any, top: float, shock: float | None) -> None:
    """Never above the top but for the rounding of exp, whatever happens; adopters never fall."""
    e = numbers(50) if shock is None else np.full((50, 3), shock)
    levels = law.simulate(np.full(e.shape[1], np.log(10.0)), e)
    assert np.isfinite(levels).all()
    assert np.exp(levels).max() <= top * (1.0 + 1e-15 * 4)
    if isinstance(law, sx.Bass):
        assert (np.diff(levels, axis=0) >= 0).all()
    if shock == 8.3:
        assert levels[-1] == pytest.approx(np.log(top), abs=1e-9)


def test_a_ceiling_is_never_reached() -> None:
    law = sx.Logistic(ceiling=40.0, drift=2.0, sigma=0.1)
    assert (law.simulate(np.full(3, np.log(10.0)), np.full((50, 3), 8.3)) < np.log(40.0)).all()


def test_the_class_of_a_dozen_lines_meets_the_rest_of_the_library() -> None:
    """Correlated with a random walk, which keeps its bits; the same for any number of threads."""
    walk = sx.Grown(name="a", carrier=sx.Log(), law=CALM, last_value=10.0, last_year=2012)
    own = sx.Grown(name="b", carrier=sx.Log(), law=BY_HAND["learning"], last_value=10.0, last_year=2012)
    matrix = np.array([[1.0, 0.7], [0.7, 1.0]])
    model = sx.GrowthModel(indicators=(walk, own), last_year=2012, correlation=matrix)
    few = sx.simulate(model, horizon=4, draws=900, rng=2)
    many = sx.simulate(model, horizon=6, draws=5000, rng=2, threads=2)
    for name in ("a", "b"):
        assert np.array_equal(few[name], many[name].isel(draw=slice(900)).sel(year=few.year))
    alone = sx.simulate(sx.GrowthModel(indicators=(walk,), last_year=2012), horizon=4, draws=900, rng=2)
    assert np.array_equal(alone.a, few.a)
    first = np.log(few.isel(year=0, scenario=0))
    assert np.corrcoef(first.a, first.b)[0, 1] == pytest.approx(0.7, abs=0.1)
