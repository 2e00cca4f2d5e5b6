from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from sxsim import scores
from sxsim.errors import RequestError


def arrays(*columns):
    return [xr.DataArray(np.asarray(column, float), dims="case") for column in columns]


def test_brier_and_log_loss_by_hand():
    p, o = arrays([0.8, 0.1, 0.5], [1, 0, np.nan])
    np.testing.assert_allclose(scores.brier(p, o), [0.04, 0.01, np.nan])
    np.testing.assert_allclose(scores.log_loss(p, o), [-np.log(0.8), -np.log(0.9), np.nan])


def test_a_certain_forecast_that_failed_costs_what_the_finest_printed_one_costs():
    p, o = arrays([1.0, 0.0, 1.0], [0, 1, 1])
    np.testing.assert_allclose(scores.log_loss(p, o)[:2], -np.log(0.001))
    np.testing.assert_array_equal(scores.log_loss(p, o, least=0.0), [np.inf, np.inf, 0.0])


@given(
    st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.3, 0.7, 1.0]), st.booleans()), min_size=1, max_size=30)
)
def test_the_parts_sum_to_the_score_and_none_is_negative(cases):
    p, o = arrays(*zip(*cases, strict=True))
    split = scores.corp(p, o)
    total = split.miscalibration - split.discrimination + split.uncertainty
    assert float(total) == pytest.approx(float(scores.brier(p, o, dim=...)), abs=1e-12)
    assert float(split.brier) == pytest.approx(float(total), abs=1e-12)
    assert min(float(split.miscalibration), float(split.discrimination)) > -1e-12
    assert float(split.uncertainty) == pytest.approx(float(split.base_rate) * (1 - float(split.base_rate)))


def test_what_is_calibrated_by_construction_has_no_miscalibration():
    p, o = arrays([0.25] * 4 + [0.5] * 2 + [1.0], [0, 0, 0, 1, 1, 0, 1])
    split = scores.corp(p, o)
    assert float(split.miscalibration) == pytest.approx(0.0, abs=1e-15)
    assert float(split.cases) == 7


def test_one_constant_probability_does_not_discriminate():
    p, o = arrays([0.6] * 4, [0, 0, 0, 1])
    split = scores.corp(p, o)
    assert float(split.discrimination) == pytest.approx(0.0, abs=1e-15)
    assert float(split.miscalibration) == pytest.approx((0.6 - 0.25) ** 2)


def test_an_honest_forecaster_shows_what_chance_says():
    """40 honest samples of 500 cases: their mean miscalibration against that of the resamples, 4 errors."""
    rng = np.random.default_rng(8)
    p = xr.DataArray(rng.random((40, 500)), dims=("sample_of", "case"))
    o = xr.DataArray((rng.random((40, 500)) < p.values) * 1.0, dims=("sample_of", "case"))
    split = scores.corp(p, o, dim="case", resamples=10, rng=0)
    gap = split.miscalibration - split.by_chance
    assert abs(float(gap.mean())) < 4 * float(gap.std(ddof=1)) / np.sqrt(40)
    bold = scores.corp(xr.where(p > 0.5, 1.0, 0.0), o, dim="case", resamples=10, rng=0)
    assert (bold.miscalibration > 5 * bold.by_chance).all()
    assert scores.corp(p, o).by_chance.isnull()


def test_samples_are_kept_apart_and_unknown_outcomes_left_out():
    p = xr.DataArray([[0.2, 0.9], [0.5, 0.5]], dims=("model", "case"))
    o = xr.DataArray([1.0, np.nan], dims="case")
    split = scores.corp(p, o, dim="case")
    np.testing.assert_allclose(split.brier, [0.64, 0.25])
    np.testing.assert_array_equal(split.cases, [1, 1])
    assert np.isnan(scores.corp(p, np.nan * o).brier)


@pytest.mark.parametrize("score", [scores.brier, scores.log_loss, scores.corp, scores.reliability])
def test_what_is_no_probability_or_no_outcome_is_refused(score):
    with pytest.raises(RequestError, match=r"probability holds 80\. Give numbers between 0 and 1\."):
        score(*arrays([80.0], [1]))
    with pytest.raises(RequestError, match=r"outcome holds 2\. Give 1 for yes, 0 for no"):
        score(*arrays([0.8], [2]))
