from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.errors import HistoryError
from sxsim.fitting.pooled import independent_windows


def panel(seed=0, members=31, years=16, growth=0.35, shared=0.0):
    """Fast-growing series with shocks of 0.15, part of their variance in common."""
    rng = np.random.default_rng(seed)
    common = rng.normal(0, 0.15 * np.sqrt(shared), (1, years))
    own = rng.normal(0, 0.15 * np.sqrt(1 - shared), (members, years))
    walk = np.cumsum(growth + common + own, axis=1)
    return xr.Dataset({"y": (("series", "year"), np.exp(walk))}, coords={"year": 2000 + np.arange(years)})


@pytest.fixture(scope="module")
def learned():
    return sx.fit_prior(panel(), start=sx.learned_prior())


def test_a_panel_of_fast_growth_moves_the_intercepts_and_nothing_else(learned):
    shipped = sx.learned_prior()
    np.testing.assert_array_equal(learned.theta[:, 1:], shipped.theta[:, 1:])
    assert np.abs(learned.theta[:, 0] - shipped.theta[:, 0]).max() > 0.1
    assert "independent ones; start: m4_yearly_train.csv.gz" in learned.source


def test_it_forecasts_new_series_of_the_kind_better(learned):
    """Twenty other series, five years held out: the log error of the median falls."""
    other = panel(seed=1, members=20)
    history, truth = other.sel(year=slice(None, 2010)), other["y"].sel(year=2015).to_numpy()

    def error(prior):
        fan = sx.forecast(sx.fit(history, prior=prior), until=2015, quantiles=[0.5])
        return np.abs(np.log(fan["y"].sel(year=2015).to_numpy() / truth)).mean()

    assert error(learned) < error(sx.learned_prior())


def test_windows_that_share_their_years_count_for_less():
    rng = np.random.default_rng(2)
    origin = np.repeat(np.arange(10), 30)
    alone = independent_windows(rng.normal(size=300), origin, 1)
    together = independent_windows(np.repeat(rng.normal(size=10), 30) + 0.1 * rng.normal(size=300), origin, 1)
    assert alone == pytest.approx(300, rel=0.5)
    assert together == pytest.approx(10, rel=0.2)
    assert independent_windows(rng.normal(size=300), origin, 5) < alone


def test_one_series_has_nothing_in_common_with_others():
    assert independent_windows(np.array([0.3, -1.0, 2.0]), np.array([1, 2, 3]), 1) == 3.0


def test_refuses_a_panel_too_small():
    with pytest.raises(
        HistoryError, match=r"The panel gives 9 windows with 5 figures and 5 held-out years; 20"
    ):
        sx.fit_prior(panel(members=3, years=8), start=sx.learned_prior())
