from __future__ import annotations

from functools import partial

import numpy as np
import pytest
import xarray as xr
from scipy import special

import sxsim as sx
from sxsim.errors import RequestError

LEVELS = np.array([0.1, 0.5, 0.975])


def test_the_fit_and_a_fit_with_a_prior(table):
    history = table(y=[10.0, 11.0, 12.5, 12.0, 13.0, 14.5, 15.0, 15.2])
    walk = sx.Prior(drift=0.03, years=3.0, shape=0.85, spread=0.045)
    for one, model in (
        (sx.Fitted(), sx.fit(history)),
        (sx.Fitted(fit=partial(sx.fit, prior=walk)), sx.fit(history, prior=walk)),
    ):
        expected = sx.forecast(model, horizon=3, quantiles=LEVELS.tolist())
        xr.testing.assert_allclose(one(history, 3).quantiles(LEVELS), expected)


def quantiles(walk, history, horizon=2):
    return walk(history, horizon).quantiles(LEVELS)["y"].transpose("quantile", "year", ...)


def test_naive_by_hand(table):
    found = quantiles(sx.PlainWalk(), table(y=[10.0, 12.0, 11.0, 14.0]))
    spread = np.sqrt((4 + 1 + 9) / 3) * np.sqrt([1, 2])
    np.testing.assert_allclose(found, 14.0 + special.ndtri(LEVELS)[:, None] * spread)
    assert found["year"].values.tolist() == [2013, 2014]


def test_walk_with_drift_by_hand_on_both_scales(table):
    y = np.array([10.0, 12.0, 11.0, 14.0])
    for on_link, z, back in ((False, y, lambda x: x), (True, np.log(y), np.exp)):
        found = quantiles(sx.PlainWalk(drift=True, on_link=on_link), table(y=y))
        mu, sigma = np.diff(z).mean(), np.diff(z).std(ddof=1)
        steps = np.arange(1, 3)
        expected = z[-1] + mu * steps + special.ndtri(LEVELS)[:, None] * sigma * np.sqrt(steps + steps**2 / 3)
        np.testing.assert_allclose(found, back(expected))


def test_gaps_and_late_ends(table):
    """10, -, 12, 15, - : a change of 2 over two years, one of 3, and one year lost before the first step."""
    found = quantiles(sx.PlainWalk(drift=True), table(y=[10.0, np.nan, 12.0, 15.0, np.nan]))
    mu = 5 / 3
    sigma = np.sqrt((2 - 2 * mu) ** 2 / 2 + (3 - mu) ** 2)
    steps = np.array([2, 3])
    expected = 15 + mu * steps + special.ndtri(LEVELS)[:, None] * sigma * np.sqrt(steps + steps**2 / 3)
    np.testing.assert_allclose(found, expected)


def test_members_with_too_little_have_no_forecast(panel):
    panel["y"][1, :-1] = np.nan
    found = quantiles(sx.PlainWalk(), panel)
    np.testing.assert_array_equal(found.notnull().all(("quantile", "year")), [True, False, False])
    assert quantiles(sx.PlainWalk(drift=True), panel.isel(year=slice(-2, None))).isnull().all()


def test_a_function_of_ones_own_is_checked(table):
    history = table(y=[10.0, 11.0, 12.5, 12.0, 13.0])

    def wrong(history, horizon, quantiles):
        return sx.forecast(sx.fit(history), horizon=horizon + 1, quantiles=quantiles)

    with pytest.raises(RequestError, match=r"the years \[2013 2014 2015\]\. Return .* years 2013 to 2014\."):
        sx.FromQuantiles(forecast=wrong)(history, 2)
    with pytest.raises(RequestError, match=r"The forecast has the dimensions year and the years"):
        sx.FromQuantiles(forecast=lambda h, n, q: h)(history, 2)
