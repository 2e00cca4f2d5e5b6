from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.errors import ModelError
from sxsim.fitting.common_shock import common_share
from sxsim.fitting.walk import summarise


def levels(share, members=31, years=30, seed=0):
    rng = np.random.default_rng(seed)
    shared, own = rng.normal(size=(1, years)), rng.normal(size=(members, years))
    return np.cumsum(0.05 + 0.1 * (np.sqrt(share) * shared + np.sqrt(1 - share) * own), axis=1)


def panel(table):
    coords = {"year": 1990 + np.arange(table.shape[1])}
    return xr.Dataset({"y": (("province", "year"), np.exp(table))}, coords=coords)


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_the_share_is_found_and_drawn_to_zero(share):
    """Mean over 40 panels against ``share * T / (T + 8)`` for T = 29 changes; four errors of the mean.

    The variance of 29 values of one factor is itself uncertain: a bias of the order of share / 29 remains.
    """
    found = np.array([common_share(summarise(levels(share, seed=seed)))[0] for seed in range(40)])
    error = found.std(ddof=1) / np.sqrt(len(found))
    assert abs(found.mean() - share * 29 / 37) <= 4 * error + max(share / 29, 0.01)


def test_holes_ragged_starts_and_still_members_are_no_obstacle():
    table = levels(0.6)
    table[3, :10], table[4, 7], table[5, -2:], table[6] = np.nan, np.nan, np.nan, 1.0
    share, years = common_share(summarise(table))
    assert 0.3 < share < 0.7
    assert years == 29


@pytest.mark.parametrize("table", [levels(0.9, members=1), levels(0.9, years=4), np.full((5, 9), np.nan)])
def test_too_little_shares_nothing(table):
    assert common_share(summarise(table))[0] == 0.0


def test_members_move_together_in_the_simulation_and_each_alone_as_forecast():
    model = sx.fit(panel(levels(0.7)))
    assert model["y"].common == pytest.approx(common_share(summarise(levels(0.7)))[0])
    paths = np.log(sx.simulate(model, horizon=2, draws=20_000, rng=1)["y"].isel(scenario=0))
    above = np.sign(paths.isel(year=0) - paths.isel(year=0).median("draw")).transpose("province", "draw")
    together = np.corrcoef(above)[np.triu_indices(31, 1)].mean()
    whole = 2 / np.pi * np.arcsin(model["y"].common)  # of the signs, were nothing but shocks unknown
    assert 0.5 * whole < together <= whole + 0.01
    fan = sx.forecast(model, horizon=2, quantiles=(0.1, 0.5, 0.9))["y"]
    below = (paths <= np.log(fan)).mean("draw")
    error = np.sqrt(fan["quantile"] * (1 - fan["quantile"]) / 20_000)
    assert (abs(below - fan["quantile"]) <= 5 * error).all()  # 186 comparisons


def test_the_fit_says_what_members_share():
    notes = sx.fit(panel(levels(0.7)))["y"].evidence.notes
    assert any("members share" in note and "seen in 29 years" in note for note in notes)


def test_refuses_a_share_that_is_none():
    grown = sx.Grown(
        name="y", carrier=sx.Log(), law=sx.RandomWalk(drift=0.0, sigma=0.1), last_value=1.0, last_year=2012
    )
    assert grown.common == 0.0
    with pytest.raises(ModelError, match=r"'y' has common=1\.2\. Give a share of the variance in \[0, 1\)"):
        sx.Grown(
            name="y",
            carrier=sx.Log(),
            law=sx.RandomWalk(drift=0.0, sigma=0.1),
            last_value=1.0,
            last_year=2012,
            common=1.2,
        )
