from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim import scores
from sxsim.errors import RequestError, UnknownNameError

YEARS = [2013, 2014, 2015]


def draws(values, *, dims=("draw", "year")):
    return xr.DataArray(values, dims=dims, coords={"year": YEARS})


@pytest.fixture
def paths():
    return draws(np.random.default_rng(1).normal(size=(9, 3)).cumsum(axis=1))


@pytest.fixture
def truth():
    return xr.DataArray([0.3, 0.1, -0.5], dims="year", coords={"year": YEARS})


def test_energy_is_the_double_sum(paths, truth):
    x, y = paths.values, truth.values
    near = np.linalg.norm(x - y, axis=1).mean()
    pairs = np.linalg.norm(x[:, None] - x, axis=2).sum()
    assert float(scores.energy(paths, truth, over="year")) == pytest.approx(near - pairs / (2 * 9 * 8))
    plain = scores.energy(paths, truth, over="year", fair=False)
    assert float(plain) == pytest.approx(near - pairs / (2 * 9 * 9))


def test_variogram_is_the_double_sum(paths, truth):
    x, y = paths.values, truth.values
    worth = 1.0 / (1.0 + np.abs(np.subtract.outer(YEARS, YEARS)))
    said = (np.abs(x[:, :, None] - x[:, None]) ** 0.7).mean(axis=0)
    missed = np.abs(np.subtract.outer(y, y)) ** 0.7 - said
    found = scores.variogram(paths, truth, over="year", power=0.7, pairs=worth, fair=False)
    assert float(found) == pytest.approx((worth * missed**2).sum())


def test_one_coordinate_is_the_crps(paths, truth):
    one, other = paths.isel(year=[0]), truth.isel(year=[0])
    energy = scores.energy(one, other, over="year")
    assert float(energy) == pytest.approx(float(scores.crps_draws(one, other).squeeze()))
    assert float(scores.variogram(one, other, over="year")) == 0.0


@pytest.mark.parametrize("count", [2, 3, 30])
def test_fair_expectations_do_not_depend_on_the_number_of_draws(count):
    """8,000 repetitions against 20 of 1,000 draws, 4.5 errors; lags change nothing on average."""
    rng, y = np.random.default_rng(2), xr.DataArray([0.5, 0.2], dims="year")
    many = xr.DataArray(rng.normal(size=(20, 1000, 2)), dims=("case", "draw", "year"))
    few = xr.DataArray(rng.normal(size=(8000, count, 2)), dims=("case", "draw", "year"))
    for score, more in ((scores.energy, {}), (scores.energy, {"lags": 1}), (scores.variogram, {})):
        found, limit = score(few, y, over="year", **more), score(many, y, over="year")
        error = np.hypot(float(found.std()) / np.sqrt(8000), float(limit.std()) / np.sqrt(20))
        assert abs(float(found.mean()) - float(limit.mean())) < 4.5 * error


def test_the_true_law_scores_best_and_the_variogram_sees_dependence():
    """20,000 cases of two years that move together; differences are many errors wide."""
    rng = np.random.default_rng(3)
    mix = np.linalg.cholesky([[1.0, 0.8], [0.8, 1.0]])
    y = xr.DataArray(rng.normal(size=(20_000, 2)) @ mix.T, dims=("case", "year"))
    normals = rng.normal(size=(20_000, 10, 2))
    right, apart = (xr.DataArray(z, dims=("case", "draw", "year")) for z in (normals @ mix.T, normals))
    for score in (scores.energy, scores.variogram):
        gap = score(apart, y, over="year") - score(right, y, over="year")
        assert float(gap.mean()) > 5 * float(gap.std()) / np.sqrt(20_000)


def test_coordinates_are_scaled_and_dimensions_joined(paths, truth):
    scale = xr.DataArray([1.0, 2.0, 4.0], dims="year", coords={"year": YEARS})
    for score in (scores.energy, scores.variogram):
        found = score(paths, truth, over="year", scale=scale)
        xr.testing.assert_allclose(found, score(paths / scale, truth / scale, over="year"))
    names = xr.Variable("indicator", ["a", "b"])
    both, came = (xr.concat([one, 3.0 * one], dim=names) for one in (paths, truth))
    joined = scores.energy(both, came, over=("indicator", "year"))
    flat, seen = (
        one.stack(v=("indicator", "year")).drop_vars(["v", "indicator", "year"]) for one in (both, came)
    )
    xr.testing.assert_allclose(joined, scores.energy(flat, seen, over="v"))
    assert scores.energy(both, came, over="year").dims == ("indicator",)


def test_cases_are_averaged_and_unknown_ones_left_out(paths, truth):
    cases = xr.concat([truth, truth + 1.0, truth.where(truth["year"] != 2014)], dim="case")
    each = scores.energy(paths, cases, over="year")
    assert each.dims == ("case",) and np.isnan(each[2])
    assert float(scores.energy(paths, cases, over="year", dim="case")) == pytest.approx(
        float(each[:2].mean())
    )
    assert np.isnan(scores.variogram(paths, cases, over="year")[2])
    weights = xr.DataArray([3.0, 1.0, 1.0], dims="case")
    weighed = scores.energy(paths, cases, over="year", dim="case", weights=weights)
    assert float(weighed) == pytest.approx(float(0.75 * each[0] + 0.25 * each[1]))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"lags": 9}, r"lags=9 of 9 draws\. Give a whole number from 1 to 8"),
        ({"lags": 0}, r"lags=0 of 9 draws"),
        ({"scale": 0.0}, r"scale holds a number that is not above zero"),
        ({"over": ()}, r"over is empty\. Name the dimensions"),
    ],
)
def test_requests_for_energy_that_cannot_be_answered(paths, truth, options, message):
    with pytest.raises(RequestError, match=message):
        scores.energy(paths, truth, **({"over": "year"} | options))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"power": 0.0}, r"power=0\.0\. Give a number above zero"),
        ({"pairs": np.ones((2, 2))}, r"pairs has the shape \(2, 2\) and the vector 3 coordinates"),
        ({"pairs": -np.ones((3, 3))}, r"Give one weight of at least zero for every pair"),
    ],
)
def test_requests_for_a_variogram_that_cannot_be_answered(paths, truth, options, message):
    with pytest.raises(RequestError, match=message):
        scores.variogram(paths, truth, over="year", **options)


def test_dimensions_that_are_missing(paths, truth):
    with pytest.raises(RequestError, match=r"paths has no dimension 'draw'; it has year"):
        scores.energy(paths.isel(draw=0), truth, over="year")
    with pytest.raises(RequestError, match=r"paths holds a single draw"):
        scores.energy(paths.isel(draw=[0]), truth, over="year")
    with pytest.raises(UnknownNameError, match=r"There is no dimension 'years'"):
        scores.energy(paths, truth, over="years")
    with pytest.raises(UnknownNameError, match=r"There is no dimension 'year'"):
        scores.energy(paths.isel(year=0, drop=True), truth, over="year")
