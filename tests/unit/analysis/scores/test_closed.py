from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy import integrate, stats

from sxsim import scores


def crps_by_quadrature(law, truth):
    """The integral of (F(x) - 1{y <= x})^2, on either side of y."""
    below = integrate.quad(lambda x: law.cdf(x) ** 2, -np.inf, truth, epsabs=1e-11)[0]
    return below + integrate.quad(lambda x: law.sf(x) ** 2, truth, np.inf, epsabs=1e-11)[0]


@pytest.mark.parametrize("truth", [-3.0, 0.4, 2.5])
@pytest.mark.parametrize("dof", [1.5, 3.0, 40.0, np.inf])
def test_crps_against_quadrature(dof, truth):
    law = stats.t(dof, loc=0.5, scale=1.7) if np.isfinite(dof) else stats.norm(0.5, 1.7)
    assert float(scores.crps_student_t(0.5, 1.7, dof, truth)) == pytest.approx(
        crps_by_quadrature(law, truth), rel=1e-6
    )


def test_log_score_is_the_negative_log_density():
    for dof, law in ((4.0, stats.t(4.0, loc=0.5, scale=1.7)), (np.inf, stats.norm(0.5, 1.7))):
        assert float(scores.log_score(0.5, 1.7, dof, 2.0)) == pytest.approx(-law.logpdf(2.0), rel=1e-12)


def test_many_degrees_of_freedom_are_nearly_normal():
    assert float(scores.crps_student_t(0.0, 1.0, 1e7, 0.3)) == pytest.approx(
        float(scores.crps_normal(0.0, 1.0, 0.3)), rel=1e-6
    )


def test_limits():
    assert np.isinf(scores.crps_student_t(0.0, 1.0, 1.0, 0.3))
    assert float(scores.crps_student_t(0.0, 0.0, 5.0, 0.3)) == 0.3
    assert np.isnan(scores.crps_student_t(0.0, 1.0, 5.0, np.nan))
    assert np.isnan(scores.crps_student_t(0.0, 1.0, 1.0, np.nan))


def test_scores_broadcast_over_labels():
    truth = xr.DataArray([0.1, 0.2], dims="year")
    dof = xr.DataArray([3.0, np.inf], dims="cell")
    assert set(scores.crps_student_t(0.0, 1.0, dof, truth).dims) == {"year", "cell"}
    assert scores.crps_normal(0.0, 1.0, truth, dim="year").dims == ()


def test_the_truth_is_the_best_forecast():
    """A proper score: its mean under the law is lowest for the law itself. 10^5 draws, 4 standard errors."""
    draws = xr.DataArray(np.random.default_rng(5).standard_t(4, 100_000), dims="case")
    for score in (scores.crps_student_t, scores.log_score):
        right = score(0.0, 1.0, 4.0, draws)
        for wrong in (score(0.3, 1.0, 4.0, draws), score(0.0, 1.5, 4.0, draws), score(0.0, 0.6, 4.0, draws)):
            gain = wrong - right
            assert float(gain.mean()) > 4 * float(gain.std()) / np.sqrt(gain.size)
