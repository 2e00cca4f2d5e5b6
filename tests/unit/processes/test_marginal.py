from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sxsim.processes import RandomWalk
from sxsim.processes.marginal import MixtureMarginal
from sxsim.processes.mixture import StudentT

LEVELS = np.array([0.005, 0.05, 0.25, 0.5, 0.75, 0.95, 0.995])


def one(exponent=0.0, location=0.1, spread=0.2, dof=7.0):
    return MixtureMarginal(
        weights=np.ones((1, 1)),
        location=np.array([[location]]),
        spread=np.array([[spread]]),
        dof=np.array([[dof]]),
        exponent=np.array([[exponent]]),
    )


def many(seed=0, members=5, cells=9, exponents=(0.0, 0.5, 1.0)):
    rng = np.random.default_rng(seed)
    return MixtureMarginal(
        weights=rng.dirichlet(np.ones(cells), members),
        location=rng.normal(0.1, 0.15, (members, cells)),
        spread=rng.uniform(0.01, 0.08, (members, cells)),
        dof=rng.choice([4.3, 9.0, 15.2], (members, cells)),
        exponent=rng.choice(exponents, (members, cells)),
    )


@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0])
def test_one_cell_is_the_closed_form(exponent):
    law = one(exponent)
    expected = 0.1 + 0.2 * stats.t.ppf(LEVELS, 7)
    if exponent:
        expected = np.log1p(exponent * expected) / exponent
    np.testing.assert_allclose(law.quantiles(LEVELS)[:, 0], expected, rtol=1e-9)
    value = np.array([0.25])
    cut = 0.25 if exponent == 0 else np.expm1(exponent * 0.25) / exponent
    assert float(law.at_least(value)[0]) == pytest.approx(stats.t.sf((cut - 0.1) / 0.2, 7), rel=1e-12)


def test_a_mixture_of_equal_cells_is_one_cell():
    law = one(0.5)
    twice = MixtureMarginal(
        weights=np.array([[0.3, 0.7]]),
        **{
            name: np.repeat(getattr(law, name), 2, axis=1)
            for name in ("location", "spread", "dof", "exponent")
        },
    )
    np.testing.assert_allclose(twice.quantiles(LEVELS), law.quantiles(LEVELS), rtol=0, atol=2e-5)
    np.testing.assert_allclose(twice.at_most(np.array([0.2])), law.at_most(np.array([0.2])), rtol=1e-12)


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000))
def test_quantiles_invert_the_distribution_and_rise(seed):
    law = many(seed)
    found = law.quantiles(LEVELS)
    assert (np.diff(found, axis=0) > 0).all()
    for level, row in zip(LEVELS, found, strict=True):
        np.testing.assert_allclose(law.at_most(row), level, rtol=0, atol=1e-5)


def test_quantiles_of_cells_far_apart():
    """Two narrow peaks with almost nothing between them."""
    law = MixtureMarginal(
        weights=np.array([[0.4, 0.6]]),
        location=np.array([[-1.0, 1.0]]),
        spread=np.array([[0.01, 0.01]]),
        dof=np.array([[15.0, 15.0]]),
        exponent=np.zeros((1, 2)),
    )
    for level in (0.001, 0.1, 0.399, 0.401, 0.9, 0.999):
        assert float(law.at_most(law.quantiles(level)[0])[0]) == pytest.approx(level, abs=1e-5)


@settings(max_examples=20)
@given(seed=st.integers(0, 100), value=st.floats(-3, 3))
def test_both_sides_of_a_value_sum_to_one(seed, value):
    law, values = many(seed), np.full(5, value)
    np.testing.assert_allclose(law.at_least(values) + law.at_most(values), 1.0, rtol=1e-12)


def test_a_mixture_is_the_weighted_sum_of_its_cells():
    law, value = many(3), 0.17
    cut = np.where(law.exponent == 0, value, np.expm1(law.exponent * value) / np.maximum(law.exponent, 0.1))
    expected = (law.weights * stats.t.cdf((cut - law.location) / law.spread, law.dof)).sum(axis=1)
    np.testing.assert_allclose(law.at_most(np.full(5, value)), expected, rtol=1e-9)
    np.testing.assert_allclose(law.margins(np.full(5, value)), (law.location - cut) / law.spread, rtol=1e-9)


def test_without_spread_all_is_certain():
    law = one(spread=0.0)
    values = [np.array([v]) for v in (0.0, 0.2)]
    assert [float(law.at_least(v)[0]) for v in values] == [1.0, 0.0]
    assert [float(law.margins(v)[0, 0]) for v in values] == [np.inf, -np.inf]


def test_more_members_than_one_portion_are_each_answered_alone():
    law = many(1, members=300)
    whole = law.quantiles([0.1, 0.9])
    last = MixtureMarginal(**{name: getattr(law, name)[299:] for name in MixtureMarginal.__slots__})
    np.testing.assert_allclose(whole[:, 299], last.quantiles([0.1, 0.9])[:, 0], rtol=0, atol=1e-6)


def test_any_law_of_one_year_can_be_seen_as_cells():
    law = RandomWalk(drift=0.1, sigma=0.2).marginal(np.array([1, 4]))
    cells = MixtureMarginal.of(law)
    assert cells.weights.tolist() == [[1.0], [1.0]]
    np.testing.assert_allclose(cells.at_least(np.full(2, 0.3)), law.at_least(np.full(2, 0.3)), rtol=1e-12)
    np.testing.assert_allclose(cells.quantiles([0.2]), law.quantiles([0.2]), rtol=1e-9)
    assert MixtureMarginal.of(cells) is cells
    scalar = StudentT(location=np.array(0.0), spread=np.array(1.0), dof=np.array(3.0))
    assert MixtureMarginal.of(scalar).dof.shape == (1, 1)


def test_laws_can_be_put_below_each_other():
    first, second = many(1, members=3), many(2, members=2)
    both = MixtureMarginal.joined([first, second])
    expected = np.concatenate([first.quantiles(LEVELS), second.quantiles(LEVELS)], axis=1)
    np.testing.assert_allclose(both.quantiles(LEVELS), expected, rtol=0, atol=1e-6)
