"""What must hold for every plan: monotone, complementary, indifferent to units and order."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

import sxsim as sx

YEARS = np.arange(2003, 2013)
figures = st.lists(st.floats(0.1, 1000.0), min_size=10, max_size=10)


def target(
    level: float,
    *,
    relation: sx.Relation = sx.Relation.AT_LEAST,
    years: tuple[int, ...] = (2018,),
    name: str = "T",
) -> sx.Target:
    condition = sx.Condition(indicator="y", relation=relation, level=sx.Number(value=level), years=years)
    return sx.Target(id=name, label=name, condition=condition)


def model_of(values: list[float], **attrs: str) -> sx.GrowthModel:
    return sx.fit(xr.Dataset({"y": ("year", np.array(values), attrs)}, coords={"year": YEARS}))


def odds(model: sx.GrowthModel, *targets: sx.Target) -> np.ndarray:
    return sx.attainment(model, targets, method=None, rng=1).probability.to_numpy()[0]


@given(values=figures, levels=st.lists(st.floats(0.01, 1e5), min_size=2, max_size=5, unique=True))
def test_a_harder_target_is_never_likelier(values: list[float], levels: list[float]) -> None:
    ordered = [target(level, name=f"T{i}") for i, level in enumerate(sorted(levels))]
    assert (np.diff(odds(model_of(values), *ordered)) <= 1e-15).all()


@given(values=figures, level=st.floats(0.01, 1e5))
def test_at_least_and_at_most_are_complementary(values: list[float], level: float) -> None:
    p = odds(model_of(values), target(level), target(level, relation=sx.Relation.AT_MOST, name="U"))
    assert p.sum() == pytest.approx(1.0, abs=1e-12)


@given(values=figures, level=st.floats(0.01, 1e5), exponent=st.integers(-12, 12))
def test_units_do_not_matter(values: list[float], level: float, exponent: int) -> None:
    scale = 2.0**exponent
    small = odds(model_of(values), target(level))
    large = odds(model_of([scale * v for v in values]), target(scale * level))
    assert large == pytest.approx(small, rel=1e-9, abs=1e-12)


@given(values=st.lists(st.floats(-50.0, 50.0), min_size=10, max_size=10), level=st.floats(-99.0, 99.0))
def test_units_of_a_balance_do_not_matter(values: list[float], level: float) -> None:
    if np.ptp(values) == 0:
        return
    small = odds(model_of(values, kind="balance"), target(level))
    large = odds(model_of([1024.0 * v for v in values], kind="balance"), target(1024.0 * level))
    assert large == pytest.approx(small, rel=1e-9, abs=1e-12)


@settings(max_examples=15)
@given(values=figures, level=st.floats(1.0, 1000.0))
def test_every_year_is_never_likelier_than_the_last_year(values: list[float], level: float) -> None:
    model = model_of(values)
    both = sx.attainment(
        model,
        (target(level), target(level, years=(2016, 2017, 2018), name="E")),
        method=sx.Sobol(points=256),
        rng=1,
    )
    last, every = both.probability.to_numpy()[0]
    assert every <= last + 4 * float(both.standard_error.max()) + 1e-9


@settings(max_examples=10)
@given(seed=st.integers(0, 1000))
def test_the_joint_probability_lies_inside_the_frechet_bounds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = ("a", "b", "c")
    walk = rng.normal(0.05, 0.1, (3, 10)).cumsum(axis=1)
    data = xr.Dataset(
        {n: ("year", np.exp(w)) for n, w in zip(names, walk, strict=True)}, coords={"year": YEARS}
    )
    model = sx.fit(data)
    wanted = tuple(
        sx.Target(
            id=n,
            label=n,
            condition=sx.Condition(
                indicator=n,
                relation=sx.Relation.AT_LEAST,
                level=sx.Number(value=float(np.exp(w[-1] + rng.normal(0.3, 0.4)))),
                years=(2016 + i,),
            ),
        )
        for i, (n, w) in enumerate(zip(names, walk, strict=True))
    )
    result = sx.attainment(model, wanted, rng=seed).squeeze("scenario")
    slack = 4 * float(result.joint_standard_error) + 1e-12
    assert float(result.joint_lower) - slack <= float(result.joint) <= float(result.joint_upper) + slack
    shuffled = sx.attainment(model, wanted[::-1], rng=seed).squeeze("scenario")
    assert float(shuffled.joint) == float(result.joint)
    assert shuffled.probability.sel(target="a").identical(result.probability.sel(target="a"))


@settings(max_examples=20)
@given(values=figures)
def test_the_split_of_the_uncertainty_adds_up(values: list[float]) -> None:
    result = sx.attainment(model_of(values), target(values[-1] * 1.3), rng=0)
    p = result.probability
    parts = result.variance_shock + result.variance_parameter + result.variance_model
    assert np.allclose(parts, p * (1 - p), atol=1e-15)
    assert (result.variance_shock >= 0).all()
    assert (result.variance_parameter >= 0).all()


@given(
    steps=st.lists(st.floats(-3.0, 3.0), min_size=1, max_size=12),
    drift=st.floats(-0.2, 0.2),
    sigma=st.floats(0.01, 1.0),
)
def test_own_residuals_rebuild_the_path(steps: list[float], drift: float, sigma: float) -> None:
    walk = sx.RandomWalk(drift=drift, sigma=sigma)
    innovations = np.array(steps)
    levels = walk.simulate(np.array(1.5), innovations)
    assert np.allclose(walk.residuals(np.array(1.5), levels), innovations, atol=1e-9)


def test_more_data_that_confirms_the_trend_narrows_the_fan() -> None:
    steady = 100 * 1.05 ** np.arange(10.0)
    widths = []
    for points in (3, 5, 10):
        data = xr.Dataset({"y": ("year", steady[-points:])}, coords={"year": YEARS[-points:]})
        fan = sx.forecast(sx.fit(data), horizon=5, quantiles=(0.05, 0.95)).y.isel(year=-1)
        widths.append(float(np.log(fan[1] / fan[0])))
    assert widths[0] > widths[1] > widths[2]
