"""What must hold for the learned family, whatever the figures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import sxsim as sx

YEARS = np.arange(2003, 2013)
FEW = settings(max_examples=12)
figures = st.lists(st.floats(0.1, 1000.0), min_size=10, max_size=10)


def model_of(values: Sequence[float], **attrs: str) -> sx.GrowthModel:
    data = xr.Dataset({"y": ("year", np.array(values, float), attrs)}, coords={"year": YEARS})
    return sx.fit(data, prior=sx.learned_prior())


def target(level: float, *, year: int = 2017, name: str = "T", least: bool = True) -> sx.Target:
    relation = sx.Relation.AT_LEAST if least else sx.Relation.AT_MOST
    condition = sx.Condition(indicator="y", relation=relation, level=sx.Number(value=level), years=(year,))
    return sx.Target(id=name, label=name, condition=condition)


def odds(model: sx.GrowthModel, *targets: sx.Target) -> np.ndarray:
    return sx.attainment(model, targets, method=None, rng=1).probability.to_numpy()[0]


@FEW
@given(values=figures, level=st.floats(0.05, 5000.0), exponent=st.floats(-9.0, 9.0))
def test_units_do_not_matter(values: list[float], level: float, exponent: float) -> None:
    scale = 10.0**exponent
    small = odds(model_of(values), target(level))
    large = odds(model_of([scale * v for v in values]), target(scale * level))
    assert large == pytest.approx(small, rel=1e-4, abs=1e-6)


@FEW
@given(values=figures, levels=st.lists(st.floats(0.01, 1e5), min_size=2, max_size=5, unique=True))
def test_a_harder_target_is_never_likelier(values: list[float], levels: list[float]) -> None:
    ordered = [target(level, name=f"T{i}") for i, level in enumerate(sorted(levels))]
    assert (np.diff(odds(model_of(values), *ordered)) <= 1e-15).all()


@FEW
@given(values=figures, level=st.floats(0.01, 1e5))
def test_at_least_and_at_most_are_complementary(values: list[float], level: float) -> None:
    p = odds(model_of(values), target(level), target(level, name="U", least=False))
    assert p.sum() == pytest.approx(1.0, abs=1e-9)


@FEW
@given(values=figures, level=st.floats(0.1, 1e4))
def test_the_split_of_the_uncertainty_adds_up(values: list[float], level: float) -> None:
    result = sx.attainment(model_of(values), target(level), rng=0)
    p = result.probability
    parts = (result.variance_shock, result.variance_parameter, result.variance_model)
    assert np.allclose(sum(parts), p * (1 - p), atol=1e-12)
    assert all((part >= -1e-15).all() for part in parts)


@FEW
@given(
    rows=st.lists(figures, min_size=2, max_size=4), missing=st.integers(0, 9), level=st.floats(0.1, 2000.0)
)
def test_a_member_of_a_batch_is_answered_as_if_alone(
    rows: list[list[float]], missing: int, level: float
) -> None:
    values = np.array(rows)
    values[0, missing] = np.nan
    coords = {"province": list("abcd")[: len(rows)], "year": YEARS}
    data = xr.Dataset({"y": (("province", "year"), values)}, coords=coords)
    together = odds(sx.fit(data, prior=sx.learned_prior()), target(level))[0]
    for member, row in enumerate(values):
        assert together[member] == pytest.approx(odds(model_of(row), target(level))[0], rel=1e-4, abs=1e-6)


@FEW
@given(values=figures, short=st.integers(1, 3), more=st.integers(1, 4), rng=st.integers(0, 2**32))
def test_a_longer_horizon_keeps_the_earlier_years_bit_for_bit(
    values: list[float], short: int, more: int, rng: int
) -> None:
    model = model_of(values)
    first, long = (
        sx.simulate(model, horizon=years, draws=300, rng=rng).y.to_numpy() for years in (short, short + more)
    )
    assert np.array_equal(long[:, :, :short], first)


def test_the_same_seed_gives_the_same_bits() -> None:
    growing = np.exp(0.05 * np.arange(10.0) + 0.03 * np.sin(np.arange(10.0)))
    runs = [sx.simulate(model_of(growing), horizon=4, draws=500, rng=seed).y.to_numpy() for seed in (5, 5, 6)]
    assert np.array_equal(runs[0], runs[1])
    assert not np.isin(runs[0], runs[2]).any()
    every = sx.Condition(
        indicator="y",
        relation=sx.Relation.AT_LEAST,
        level=sx.Number(value=1.6),
        years=(2014, 2016),
    )
    asked = sx.Target(id="E", label="every year", condition=every)
    first, again = (sx.attainment(model_of(growing), asked, rng=3) for _ in range(2))
    assert first.identical(again)


NONE = float("nan")
ODD = {
    "constant": ([5.0] * 10, {}),
    "one figure": ([NONE] * 9 + [5.0], {}),
    "one figure, long ago": ([NONE] * 4 + [5.0] + [NONE] * 5, {}),
    "two figures": ([NONE] * 8 + [5.0, 6.0], {}),
    "two figures far apart": ([5.0] + [NONE] * 8 + [6.0], {}),
    "count with zeros": ([0.0, 1.0, 0.0, 2.0, 3.0, 0.0, 4.0, 2.0, 0.0, 5.0], {"kind": "count"}),
    "count that ends at zero": ([3.0, 1.0, 0.0, 2.0, 3.0, 0.0, 4.0, 2.0, 0.0, 0.0], {"kind": "count"}),
    "balance": ([-4.0, 3.0, -2.0, 1.0, 0.0, 6.0, -7.0, 2.0, 3.0, -1.0], {"kind": "balance"}),
    "share": (list(np.linspace(0.4, 0.97, 10)), {"kind": "share", "lower": 0.0, "upper": 1.0}),
    "a jump of four orders of magnitude": ([1.0, 1.1, 1.2, 1.1, 1.3, 1e4, 1.1e4, 1.2e4, 1.3e4, 1.2e4], {}),
    "a fall of six": ([1e6, 1.1e6, 1.2e6, 1.1e6, 1.3e6, 1.2e6, 1.4e6, 1.1, 1.2, 1.3], {}),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_histories_have_finite_answers(case: str) -> None:
    values, attrs = ODD[case]
    model = model_of(values, **attrs)
    fan = sx.forecast(model, horizon=6, quantiles=[0.05, 0.5, 0.95]).y
    assert np.isfinite(fan).all()
    assert (fan.diff("quantile") >= 0).all()
    level = 0.9 if case == "share" else 6.0
    p = odds(model, target(level), target(level, name="U", least=False))
    assert np.isfinite(p).all()
    assert ((p >= 0) & (p <= 1)).all()
    paths = sx.simulate(model, horizon=3, draws=500, rng=0).y
    assert np.isfinite(paths).all()
    if case == "share":
        assert ((paths > 0) & (paths < 1)).all()
    every = sx.Condition(
        indicator="y", relation=sx.Relation.AT_LEAST, level=sx.Number(value=level), years=(2014, 2015)
    )
    joint = sx.attainment(model, sx.Target(id="E", label="E", condition=every), rng=0)
    assert np.isfinite(joint.probability).all()


def test_a_member_without_any_figure_is_missing_everywhere() -> None:
    values = np.stack([10 * 1.05 ** np.arange(10.0), np.full(10, np.nan)])
    values[0, 3:5] *= 1.02
    coords = {"province": ["a", "b"], "year": YEARS}
    data = xr.Dataset({"y": (("province", "year"), values)}, coords=coords)
    model = sx.fit(data, prior=sx.learned_prior())
    fan = sx.forecast(model, horizon=3).y
    assert np.isfinite(fan.sel(province="a")).all()
    assert np.isnan(fan.sel(province="b")).all()
    p = sx.attainment(model, target(20.0), rng=0).probability.to_numpy()[0, 0]
    assert np.isfinite(p[0])
    assert np.isnan(p[1])
    paths = sx.simulate(model, horizon=2, draws=100, rng=0).y
    assert np.isnan(paths.sel(province="b")).all()
    every = sx.Condition(
        indicator="y", relation=sx.Relation.AT_LEAST, level=sx.Number(value=16.0), years=(2013, 2015)
    )
    asked = sx.Target(id="E", label="E", condition=every)
    for method in (None, sx.MonteCarlo(draws=5000)):
        p = sx.attainment(model, asked, rng=0, method=method).probability.to_numpy()[0, 0]
        assert np.isfinite(p[0])
        assert np.isnan(p[1])
