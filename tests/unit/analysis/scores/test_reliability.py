from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy import stats

from sxsim import scores
from sxsim.analysis.scores.reliability import hits_law
from sxsim.errors import RequestError


@pytest.fixture
def honest():
    """4,000 events that happen as often as announced."""
    rng = np.random.default_rng(7)
    p = rng.random(4000)
    return xr.DataArray(p, dims="case"), xr.DataArray((rng.random(4000) < p) * 1.0, dims="case")


def test_the_band_holds_an_honest_forecast_and_not_a_bold_one(honest):
    """The 90 % band is pointwise: over the curve about nine tenths of its points should lie inside.

    Points move together, so no sharp bound holds for one sample; three quarters would be missed only by a
    curve that leaves the band over a quarter of its length.
    """
    p, o = honest
    found = scores.reliability(p, o, rng=0)
    inside = (found.observed >= found.low - 1e-12) & (found.observed <= found.high + 1e-12)
    assert float(inside.mean()) > 0.75
    bold = xr.where(p > 0.5, 1 - 0.5 * (1 - p), 0.5 * p)
    found = scores.reliability(bold, o, rng=0)
    known = found.where(found.observed.notnull(), drop=True)
    assert float(((known.observed < known.low) & (known.announced > 0.8)).sum()) > 10


def test_the_curve_ascends_and_ends_where_the_probabilities_end():
    p = xr.DataArray([0.2, 0.2, 0.4, 0.7, 0.7], dims="case")
    o = xr.DataArray([0.0, 1.0, 0.0, 1.0, 1.0], dims="case")
    found = scores.reliability(p, o, rng=0)
    known = found.observed.dropna("announced")
    assert (float(known.announced[0]), float(known.announced[-1])) == (0.2, 0.7)
    assert (known.diff("announced") >= 0).all()
    assert float(found.observed.sel(announced=0.4)) == pytest.approx(1 / 3)


def test_the_same_seed_gives_the_same_band(honest):
    one, other = (scores.reliability(*honest, resamples=20, rng=3) for _ in range(2))
    xr.testing.assert_identical(one, other)


def test_the_table_counts(honest):
    p = xr.DataArray([0.0, 0.05, 0.1, 0.95, 1.0, np.nan], dims="case")
    o = xr.DataArray([0.0, 1.0, 1.0, 1.0, 0.0, 1.0], dims="case")
    table = scores.reliability_table(p, o)
    np.testing.assert_array_equal(table.cases, [2, 1, 0, 0, 0, 2])
    np.testing.assert_array_equal(table.observed, [0.5, 1.0, np.nan, np.nan, np.nan, 0.5])
    np.testing.assert_allclose(table.announced[[0, 5]], [0.025, 0.975])
    np.testing.assert_array_equal(table.high, [0.1, 0.3, 0.5, 0.7, 0.9, 1.0])
    assert int(scores.reliability_table(*honest).cases.sum()) == 4000


def test_the_law_of_hits_is_exact():
    p = np.array([0.1, 0.5, 0.5, 0.9, 0.3])
    law = np.ones(1)
    for one in p:
        law = np.convolve(law, [1 - one, one])
    np.testing.assert_allclose(hits_law(p), law, atol=1e-15)
    many = hits_law(np.full(3001, 0.3))
    np.testing.assert_allclose(many, stats.binom.pmf(np.arange(3002), 3001, 0.3), atol=1e-13)


def test_bands_hold_all_bins_together_as_often_as_they_say():
    """Whole numbers of hits make bands wider than asked; 1,000 repetitions, four errors below."""
    rng, level = np.random.default_rng(8), 0.8
    p = xr.DataArray(rng.random(150), dims="case")
    o = xr.DataArray((rng.random((1000, 150)) < p.values) * 1.0, dims=("repetition", "case"))
    table = scores.reliability_table(p.expand_dims(repetition=1000), o, dim="case", level=level)
    inside = (table.observed >= table.band_low) & (table.observed <= table.band_high)
    assert level - 4 * np.sqrt(level * (1 - level) / 1000) < float(inside.all("bin").mean()) < 0.97


def test_a_bin_without_cases_has_no_band():
    table = scores.reliability_table(xr.DataArray([0.05], dims="case"), xr.DataArray([0.0], dims="case"))
    np.testing.assert_array_equal(table.band_low, [0.0] + [np.nan] * 5)
    sure = scores.reliability_table(xr.DataArray([1.0], dims="case"), xr.DataArray([1.0], dims="case"))
    assert (float(sure.band_low[-1]), float(sure.band_high[-1])) == (1.0, 1.0)


def test_requests_that_cannot_be_answered(honest):
    with pytest.raises(RequestError, match=r"level=0\. Give a number between 0 and 1"):
        scores.reliability(*honest, level=0)
    with pytest.raises(RequestError, match=r"level=1\. Give a number between 0 and 1"):
        scores.reliability_table(*honest, level=1)
    with pytest.raises(RequestError, match=r"resamples=0\. Draw at least once\."):
        scores.reliability(*honest, resamples=0)
    with pytest.raises(RequestError, match=r"edges=\(0\.5, 0\.2, 1\)\. Give ascending numbers from 0 to 1\."):
        scores.reliability_table(*honest, edges=(0.5, 0.2, 1))
