"""Scores against the library scoringrules, where it is installed."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim import scores

sr = pytest.importorskip("scoringrules")

TRUTH = np.linspace(-3.0, 4.0, 15)


def case(values: np.ndarray) -> xr.DataArray:
    return xr.DataArray(values, dims=("case", "draw")[: values.ndim])


def test_closed_forms() -> None:
    y = case(TRUTH)
    np.testing.assert_allclose(scores.crps_normal(0.5, 1.7, y), sr.crps_normal(TRUTH, 0.5, 1.7), rtol=1e-10)
    np.testing.assert_allclose(scores.log_score(0.5, 1.7, np.inf, y), sr.logs_normal(TRUTH, 0.5, 1.7))
    for dof in (2.5, 7.0):
        np.testing.assert_allclose(
            scores.crps_student_t(0.5, 1.7, dof, y), sr.crps_t(TRUTH, dof, 0.5, 1.7), rtol=1e-10
        )
        np.testing.assert_allclose(scores.log_score(0.5, 1.7, dof, y), sr.logs_t(TRUTH, dof, 0.5, 1.7))


def test_draws() -> None:
    paths = np.random.default_rng(1).normal(size=(15, 40))
    found = scores.crps_draws(case(paths), case(TRUTH))
    np.testing.assert_allclose(found, sr.crps_ensemble(TRUTH, paths, estimator="fair"), rtol=1e-10)


def test_quantiles_and_ranges() -> None:
    levels = np.arange(0.05, 0.951, 0.05)
    values = np.sort(np.random.default_rng(2).normal(size=(15, 19)), axis=1)
    forecast = xr.DataArray(values, dims=("case", "quantile"), coords={"quantile": levels})
    found = scores.crps_quantiles(forecast, case(TRUTH))
    np.testing.assert_allclose(found, sr.crps_quantile(TRUTH, values, levels), rtol=1e-10)
    low, high = scores.central(forecast, 0.8)
    expected = sr.interval_score(TRUTH, values[:, 1], values[:, 17], 0.2)
    np.testing.assert_allclose(scores.interval_score(low, high, case(TRUTH), level=0.8), expected, rtol=1e-10)


def test_events() -> None:
    p = np.linspace(0.01, 0.99, 15)
    o = (TRUTH > 0) * 1.0
    np.testing.assert_allclose(scores.brier(case(p), case(o)), sr.brier_score(o, p), rtol=1e-12)
    np.testing.assert_allclose(scores.log_loss(case(p), case(o)), sr.log_score(o, p), rtol=1e-12)


@pytest.mark.parametrize(("fair", "estimator"), [(True, "fair"), (False, "nrg")])
@pytest.mark.parametrize("count", [7, 40])
def test_vectors(fair: bool, estimator: str, count: int) -> None:
    rng = np.random.default_rng(3)
    paths, truth = rng.normal(size=(6, count, 5)), rng.normal(size=(6, 5))
    worth = np.abs(rng.normal(size=(5, 5)))
    worth += worth.T
    p, y = xr.DataArray(paths, dims=("case", "draw", "year")), xr.DataArray(truth, dims=("case", "year"))
    np.testing.assert_allclose(
        scores.energy(p, y, over="year", fair=fair),
        sr.es_ensemble(truth, paths, estimator=estimator),
        rtol=1e-10,
    )
    for power, pairs in ((0.5, None), (1.0, worth)):
        np.testing.assert_allclose(
            scores.variogram(p, y, over="year", power=power, pairs=pairs, fair=fair),
            sr.vs_ensemble(truth, paths, w=pairs, p=power, estimator=estimator),
            rtol=1e-10,
        )


def test_draws_beyond_a_level() -> None:
    paths = np.random.default_rng(4).normal(size=(15, 40))
    found = scores.crps_draws(case(paths), case(TRUTH), above=0.3, below=1.5)
    expected = sr.twcrps_ensemble(TRUTH, paths, a=0.3, b=1.5, estimator="fair")
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-15)
