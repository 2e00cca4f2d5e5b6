from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sxsim.fitting.checks import residual_checks

YEARS = np.arange(2001, 2013)
COUNT = 20_000


@pytest.fixture(scope="module")
def true():
    """Checks of errors that are what the law says: normal, with a spread of each member's own."""
    rng = np.random.default_rng(11)
    spread = np.exp(rng.normal(0, 1, (COUNT, 1)))
    return residual_checks(spread * rng.standard_normal((COUNT, 12)), YEARS)


def test_chances_happen_as_often_as_they_say(true):
    for name in ("largest_error_chance", "recent_ratio_chance"):
        for level in (0.01, 0.05, 0.3):
            error = np.sqrt(level * (1 - level) / COUNT)
            assert (true[name] < level).mean() < level + 4 * error  # a bound, and exact for the second
            if name == "recent_ratio_chance" or level <= 0.05:
                assert (true[name] < level).mean() > level - 4 * error
    inside = (true["recent_ratio"] > true["recent_ratio_low"]) & (
        true["recent_ratio"] < true["recent_ratio_high"]
    )
    assert inside.mean() == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / COUNT))


def test_moments_are_those_of_the_formulas(true):
    for scores in (true["autocorrelation"] / true["autocorrelation_sd"], true["bell_score"]):
        assert abs(scores.mean()) < 4 / np.sqrt(COUNT)
        kurtosis = stats.kurtosis(scores, fisher=False)
        assert abs(scores.var() - 1) < 4 * np.sqrt((kurtosis - 1) / COUNT)


def test_what_stands_out_is_found():
    errors = np.array([[0.2, -0.3, 0.1, 0.4, -4.0, 0.3, -0.2, 0.1, 0.2, -0.1, 0.3, -0.2]])
    found = {name: float(value[0]) for name, value in residual_checks(errors, YEARS).items()}
    assert (found["largest_error"], found["largest_error_year"]) == (-4.0, 2005.0)
    share = 16.0 / (errors**2).sum()
    assert found["largest_error_chance"] == pytest.approx(12 * stats.beta(0.5, 5.5).sf(share))
    assert found["bell_score"] < -3
    recent, before = (errors[0, 8:] ** 2).mean(), (errors[0, :8] ** 2).mean()
    assert found["recent_ratio"] == pytest.approx(np.sqrt(recent / before))
    assert found["recent_ratio_chance"] == pytest.approx(2 * stats.f(4, 8).cdf(recent / before))
    assert found["autocorrelation"] == pytest.approx(
        (errors[0, 1:] * errors[0, :-1]).sum() / (errors**2).sum()
    )


def test_years_without_an_error_are_passed_over():
    errors = np.full((1, 12), np.nan)
    errors[0, [1, 2, 5, 6, 7, 11]] = [1.0, 0.5, -0.5, 2.0, 0.1, -1.0]
    found = {name: float(value[0]) for name, value in residual_checks(errors, YEARS).items()}
    assert (found["errors"], found["recent_years"], found["largest_error_year"]) == (6, 3, 2007)
    square = np.array([1.0, 0.25, 0.25, 4.0, 0.01, 1.0])
    assert found["autocorrelation"] == pytest.approx((0.5 - 1.0 + 0.2) / square.sum())
    assert found["autocorrelation_sd"] == pytest.approx(np.sqrt(3 / 48))
    assert found["recent_ratio"] == pytest.approx(np.sqrt(square[3:].mean() / square[:3].mean()))


@pytest.mark.parametrize("errors", [[1.0, -1.0, 2.0, 0.1], [0.0] * 12, [np.nan] * 12])
def test_too_few_errors_or_none_at_all_are_not_judged(errors):
    row = np.full((1, 12), np.nan)
    row[0, : len(errors)] = errors
    found = residual_checks(row, YEARS)
    assert found.pop("errors")[0] == np.isfinite(row).sum()
    assert all(np.isnan(value).all() for value in found.values())
