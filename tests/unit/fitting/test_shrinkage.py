from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsim.fitting.shrinkage import (
    constant_target,
    ledoit_wolf_intensity,
    oas_intensity,
    schafer_strimmer_intensity,
)


def table(rows, columns, seed):
    rng = np.random.default_rng(seed)
    return rng.standard_normal((rows, columns)) + 0.7 * rng.standard_normal((rows, 1))


tables = st.builds(table, st.integers(3, 30), st.integers(2, 8), st.integers(0, 10_000))


@settings(max_examples=40)
@given(tables)
def test_intensities_lie_between_nothing_and_all_and_keep_the_matrix_positive(x):
    r = np.corrcoef(x.T)
    target = constant_target(r)
    for goal, intensity in (
        (target, schafer_strimmer_intensity(r, target, len(x))),
        (np.eye(len(r)), schafer_strimmer_intensity(r, np.eye(len(r)), len(x))),
        (np.eye(len(r)), oas_intensity(r, len(x))),
        (np.eye(len(r)), ledoit_wolf_intensity(x)),
    ):
        assert 0 <= intensity <= 1
        assert np.linalg.eigvalsh((1 - intensity) * r + intensity * goal).min() > -1e-12


@settings(max_examples=30)
@given(tables)
def test_schafer_strimmer_pair_by_pair(x):
    r, years = np.corrcoef(x.T), len(x)
    target = constant_target(r)
    upper = lower = 0.0
    for i in range(len(r)):
        for j in range(len(r)):
            if i != j:
                upper += (1 - r[i, j] ** 2) ** 2 / (years - 1)
                lower += (r[i, j] - target[i, j]) ** 2
    expected = min(1.0, upper / lower) if lower > 0 else 1.0
    assert schafer_strimmer_intensity(r, target, years) == pytest.approx(expected, rel=1e-9)


@settings(max_examples=30)
@given(tables)
def test_oracle_approximation_by_traces(x):
    """Equation 23 of Chen et al.; without the two terms 2 / d it is the form other libraries use."""
    r, years, d = np.corrcoef(x.T), len(x), x.shape[1]
    tr2, tr = np.trace(r @ r), np.trace(r)
    expected = ((1 - 2 / d) * tr2 + tr**2) / ((years + 1 - 2 / d) * (tr2 - tr**2 / d))
    assert oas_intensity(r, years) == pytest.approx(min(1.0, expected), rel=1e-9)
    alpha, mu = (r**2).mean(), tr / d
    simplified = min(1.0, (alpha + mu**2) / ((years + 1) * (alpha - mu**2 / d)))
    assert oas_intensity(r, years) == pytest.approx(simplified, rel=3 / d)


@settings(max_examples=30)
@given(tables)
def test_ledoit_wolf_year_by_year(x):
    """Squared distance of each year's product from the mean one, against that of the mean from its target."""
    years, d = x.shape
    s = x.T @ x / years
    scatter = sum(np.linalg.norm(np.outer(u, u) - s) ** 2 for u in x) / years**2
    away = np.linalg.norm(s - np.trace(s) / d * np.eye(d)) ** 2
    assert ledoit_wolf_intensity(x) == pytest.approx(min(1.0, scatter / away), rel=1e-9)
    # the arrangement other libraries use
    mu, square = np.trace(s) / d, ((x.T @ x) ** 2).sum() / years**2
    beta = ((x**2).T @ (x**2)).sum() / years - square
    delta = (square - 2 * mu * np.trace(s) + d * mu**2) / d
    assert ledoit_wolf_intensity(x) == pytest.approx(min(beta / (d * years), delta) / delta, rel=1e-9)


def test_more_years_shrink_less():
    r = np.array([[1.0, 0.5], [0.5, 1.0]])
    for intensity in (
        lambda years: schafer_strimmer_intensity(r, np.eye(2), years),
        lambda y: oas_intensity(r, y),
    ):
        assert intensity(10) > intensity(100) > intensity(1000)


def test_a_single_column_needs_no_target():
    assert constant_target(np.ones((1, 1))).tolist() == [[1.0]]
