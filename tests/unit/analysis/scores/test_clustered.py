from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim import scores
from sxsim.errors import RequestError


def by_origin(values, years, cases=None):
    x = xr.DataArray(np.asarray(values, float), dims=("origin", "case")[: np.ndim(values)]).assign_coords(
        origin=list(years)
    )
    n = np.ones(len(years)) if cases is None else np.asarray(cases, float)
    return x, xr.DataArray(n, dims="origin", coords={"origin": list(years)})


def test_apart_from_each_other_it_is_the_error_of_a_mean():
    values = np.random.default_rng(1).normal(size=8)
    found = scores.clustered_mean(*by_origin(values, range(1970, 2010, 5)), horizon=5)
    assert float(found.standard_error) == pytest.approx(values.std(ddof=1) / np.sqrt(8), rel=1e-12)
    assert float(found.effective_origins) == pytest.approx(8.0)


def test_overlapping_windows_count_for_less():
    found = scores.clustered_mean(*by_origin([1.0, 2.0, 3.0, 4.0], (2009, 2012, 2015, 2018)), horizon=5)
    assert float(found.effective_origins) == pytest.approx(16 / (4 + 2 * 3 * 0.4))
    again = scores.clustered_mean(*by_origin([1.0, 2.0, 3.0, 4.0], (2009, 2012, 2015, 2018)), horizon=1)
    assert float(again.effective_origins) == pytest.approx(4.0)
    assert float(again.standard_error) < float(found.standard_error)


def test_the_error_is_unbiased_under_the_correlation_it_assumes():
    """Windows of 5 yearly shocks each, unequal sizes: mean of se^2 against the true variance.

    20,000 repetitions; 4 standard errors of either side.
    """
    rng, years, horizon = np.random.default_rng(2), np.array([2000, 2002, 2003, 2009]), 5
    shocks = rng.normal(size=(20_000, 15))
    x = np.stack([shocks[:, y - 2000 : y - 2000 + horizon].sum(axis=1) for y in years])
    found = scores.clustered_mean(*by_origin(x, years, cases=[3, 1, 1, 2]), horizon=horizon)
    squared, means = found.standard_error.to_numpy() ** 2, found["mean"].to_numpy()
    tolerance = 4 * np.sqrt(squared.var() / squared.size + 2 * means.var() ** 2 / means.size)
    assert abs(squared.mean() - means.var()) < tolerance


def test_one_origin_has_a_mean_and_no_error():
    found = scores.clustered_mean(*by_origin([0.3], [2010]), horizon=5)
    assert float(found["mean"]) == 0.3
    assert np.isnan(found.standard_error)


def test_origins_without_cases_are_left_out():
    x, n = by_origin([1.0, np.nan, 3.0], (2000, 2005, 2010), cases=[1, 0, 3])
    found = scores.clustered_mean(x, n, horizon=5)
    assert float(found["mean"]) == pytest.approx(2.5)
    assert float(found.effective_origins) == pytest.approx(1 / (0.25**2 + 0.75**2))
    nothing = scores.clustered_mean(np.nan * x, n, horizon=5)
    assert np.isnan(nothing["mean"]) and np.isnan(nothing.standard_error)


def test_requests_that_cannot_be_answered():
    x, n = by_origin([1.0, 2.0], (2000, 2005))
    with pytest.raises(RequestError, match=r"values has no dimension 'origin'\. Average over the members"):
        scores.clustered_mean(x.rename(origin="year"), n, horizon=5)
    with pytest.raises(RequestError, match=r"horizon=0\. Give a whole number of at least 1\."):
        scores.clustered_mean(x, n, horizon=0)
