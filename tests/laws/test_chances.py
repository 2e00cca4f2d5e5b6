"""What must hold for the probability of levels, whatever the figures."""

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
figures = st.lists(st.one_of(st.floats(0.1, 1000.0), st.just(0.0)), min_size=10, max_size=10).filter(any)
kinds = st.sampled_from(["amount", "count", "balance"])


def model_of(values: Sequence[float], kind: str = "amount") -> sx.GrowthModel:
    shown = np.round(values) if kind == "count" else np.array(values, float)
    if not shown.any():
        shown[0] = 1.0
    return sx.fit(xr.Dataset({"y": ("year", shown, {"kind": kind})}, coords={"year": YEARS}))


@FEW
@given(values=figures, kind=kinds, levels=st.lists(st.floats(-5.0, 1e5), min_size=2, max_size=5, unique=True))
def test_a_higher_level_is_never_likelier(values: list[float], kind: str, levels: list[float]) -> None:
    chance = sx.forecast(model_of(values, kind), horizon=4, at_least=sorted(levels)).y
    assert (np.diff(chance, axis=0) <= 1e-15).all()
    assert ((chance >= 0) & (chance <= 1)).all()


@FEW
@given(values=figures, kind=kinds, level=st.integers(1, 2000))
def test_both_sides_add_up(values: list[float], kind: str, level: int) -> None:
    model = model_of(values, kind)
    below = level - 1 if kind == "count" else level
    up = sx.forecast(model, horizon=4, at_least=level).y
    down = sx.forecast(model, horizon=4, at_most=below).y
    assert (up + down).to_numpy() == pytest.approx(1.0, abs=1e-9)


@FEW
@given(values=figures, level=st.floats(0.05, 5000.0), exponent=st.integers(-250, 250))
def test_units_do_not_matter_zeros_included(values: list[float], level: float, exponent: int) -> None:
    scale = 10.0**exponent
    digits = [float(f"{value:.6g}") for value in values]
    small = sx.forecast(model_of(digits), horizon=4, at_least=level).y
    large = sx.forecast(model_of([scale * v for v in digits]), horizon=4, at_least=scale * level).y
    assert large.to_numpy() == pytest.approx(small.to_numpy(), rel=1e-4, abs=1e-6)


@FEW
@given(values=figures, kind=kinds, probability=st.floats(0.02, 0.98))
def test_a_quantile_is_reached_as_often_as_it_says(
    values: list[float], kind: str, probability: float
) -> None:
    model = model_of(values, kind)
    fan = sx.forecast(model, horizon=4, quantiles=[probability]).y
    if "y_capped" in fan.coords and fan.y_capped.any():
        return
    reached = sx.forecast(model, horizon=4, at_least=fan.isel(quantile=0, drop=True)).y.to_numpy()
    if kind == "count":  # a whole number: reached with at least, passed with at most that probability
        assert (reached >= 1 - probability - 1e-4).all()
        passed = sx.forecast(model, horizon=4, at_least=fan.isel(quantile=0, drop=True) + 1).y.to_numpy()
        assert (passed <= 1 - probability + 1e-4).all()
    else:
        assert reached == pytest.approx(1 - probability, abs=1e-4)
