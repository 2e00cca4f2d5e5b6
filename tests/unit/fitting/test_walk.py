from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sxsim.errors import ModelError
from sxsim.fitting.walk import Prior, latest, posterior_of, summarise

PRIOR = Prior(drift=0.03, years=4.0, shape=1.5, spread=0.06)

tables = hnp.arrays(
    np.float64,
    st.tuples(st.integers(1, 4), st.integers(1, 9)),
    elements=st.one_of(st.just(np.nan), st.floats(-3, 3)),
)


def steps_of(row):
    """Changes between neighbouring figures and the years they took, one by one."""
    seen = [(year, level) for year, level in enumerate(row) if math.isfinite(level)]
    return seen, [(later[1] - earlier[1], later[0] - earlier[0]) for earlier, later in pairwise(seen)]


def slow_posterior(row, prior):
    """Each change is a normal observation with mean `years * drift` and variance `years * sigma^2`."""
    _, steps = steps_of(row)
    worth = prior.years + sum(years for _, years in steps)
    drift = (prior.years * prior.drift + sum(change for change, _ in steps)) / worth
    misfit = prior.years * (drift - prior.drift) ** 2
    misfit += sum((change - years * drift) ** 2 / years for change, years in steps)
    return drift, worth, prior.shape + len(steps) / 2, prior.shape * prior.spread**2 + misfit / 2


@settings(max_examples=25)
@given(levels=tables)
def test_summary_is_what_counting_by_hand_gives(levels):
    summary = summarise(levels)
    for member, row in enumerate(levels):
        seen, steps = steps_of(row)
        assert summary.points[member] == len(seen)
        assert summary.span[member] == (seen[-1][0] - seen[0][0] if seen else 0)
        assert summary.total[member] == pytest.approx(sum(c for c, _ in steps), abs=1e-12)
        assert summary.squares[member] == pytest.approx(sum(c**2 / y for c, y in steps), abs=1e-12)
        if seen:
            assert summary.last_level[member] == seen[-1][1]
            assert (summary.first_index[member], summary.last_index[member]) == (seen[0][0], seen[-1][0])
        else:
            assert np.isnan(summary.last_level[member])
        assert summary.changes[member][summary.gaps[member] > 0].tolist() == [c for c, _ in steps]
        assert summary.gaps[member][summary.gaps[member] > 0].tolist() == [y for _, y in steps]
        assert not summary.changes[member][summary.gaps[member] == 0].any()


@settings(max_examples=25)
@given(levels=tables, years=st.floats(0.1, 20), shape=st.floats(0.2, 10), drift=st.floats(-0.3, 0.3))
def test_posterior_is_the_conjugate_update_step_by_step(levels, years, shape, drift):
    prior = Prior(drift=drift, years=years, shape=shape, spread=0.1)
    found = posterior_of(summarise(levels), prior)
    for member, row in enumerate(levels):
        expected = slow_posterior(row, prior)
        values = (found.drift[member], found.years[member], found.shape[member], found.rate[member])
        assert values == pytest.approx(expected, rel=1e-9, abs=1e-10)


def test_a_gap_counts_as_the_years_it_took():
    whole = np.array([[0.0, 0.1, 0.3, 0.2, 0.5, 0.6]])
    holes = whole.copy()
    holes[0, 2:4] = np.nan
    assert summarise(holes).squares[0] == pytest.approx(0.1**2 + 0.4**2 / 3 + 0.1**2)
    law, full = posterior_of(summarise(holes), PRIOR), posterior_of(summarise(whole), PRIOR)
    assert law.drift == pytest.approx(full.drift)
    assert law.years == pytest.approx(full.years)
    assert full.shape - law.shape == pytest.approx(1.0)


def test_without_figures_the_prior_stays_as_it_is():
    for row in ([np.nan, np.nan], [np.nan, 1.0]):
        law = posterior_of(summarise(np.array([row])), PRIOR)
        assert (law.drift[0], law.years[0], law.shape[0]) == (PRIOR.drift, PRIOR.years, PRIOR.shape)
        assert law.rate[0] == pytest.approx(PRIOR.rate, rel=1e-12)


def test_a_flat_prior_is_the_textbook_answer():
    row = np.array([[0.0, 0.1, 0.3, 0.2, 0.5]])
    changes = np.diff(row[0])
    law = posterior_of(summarise(row), Prior.flat())
    assert law.drift[0] == pytest.approx(changes.mean())
    assert 2 * law.shape[0] == len(changes) - 1
    assert law.rate[0] / law.shape[0] == pytest.approx(changes.var(ddof=1))
    spread = changes.std(ddof=1) * math.sqrt(3 * (1 + 3 / len(changes)))
    assert law.marginal(3).spread[0] == pytest.approx(spread)


@settings(max_examples=25)
@given(levels=tables, window=st.integers(1, 12))
def test_the_latest_figures_are_kept(levels, window):
    kept = latest(levels, window)
    for row, short in zip(levels, kept, strict=True):
        seen = [year for year in range(len(row)) if math.isfinite(row[year])][-window:]
        expected = [row[year] if year in seen else np.nan for year in range(len(row))]
        np.testing.assert_array_equal(short, expected)


def test_without_a_window_all_figures_are_kept():
    levels = np.array([[1.0, np.nan, 2.0]])
    np.testing.assert_array_equal(latest(levels, None), levels)


@pytest.mark.parametrize("field", ["drift", "years", "shape", "spread"])
@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_refuses_a_prior_that_is_not_finite(field, value):
    with pytest.raises(ModelError, match=rf"Prior {field}={value!r}\. Give a finite number"):
        Prior(**({"drift": 0.0, "years": 1.0, "shape": 1.0, "spread": 0.1} | {field: value}))


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"years": 0.0}, "years=0, shape=1, spread=0.1"),
        ({"years": -2.0}, "years=-2, shape=1, spread=0.1"),
        ({"shape": 0.0}, "years=1, shape=0, spread=0.1"),
        ({"spread": 0.0}, "years=1, shape=1, spread=0"),
        ({"years": 0.0, "shape": -0.5}, "years=0, shape=-0.5, spread=0.1"),
    ],
)
def test_refuses_a_prior_worth_nothing(values, shown):
    with pytest.raises(
        ModelError, match=rf"Prior {shown} must all lie above zero\. Use Prior\.flat\(\) for no prior"
    ):
        Prior(**({"drift": 0.0, "years": 1.0, "shape": 1.0, "spread": 0.1} | values))


def test_the_rate_follows_from_shape_and_spread():
    assert PRIOR.rate == pytest.approx(1.5 * 0.06**2)
    assert Prior.flat().rate == 0.0
