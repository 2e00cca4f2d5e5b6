from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sxsim as sx
from sxsim.errors import ModelError, RequestError, UnknownNameError
from sxsim.fitting import fit
from sxsim.processes import Dependence, Rescaled, with_correlation, with_volatility

ERRORS = 4.5


@pytest.fixture
def fitted(table):
    """Two walks of four figures, one of which ends early, and the family's cells."""
    return fit(
        table(
            a=[1, 1.2, 1.1, 1.5, 1.6, 1.7, 1.9],
            b=[np.nan, np.nan, 3, 3.2, 3.1, np.nan, np.nan],
            c=[5, 5.1, 5.4, 5.2, 5.6, 5.9, 6.3],
        )
    )


def test_no_change_is_the_same_model(fitted):
    assert with_volatility(fitted, {"a": np.ones(3)}) is fitted
    assert with_volatility(fitted, {}) is fitted
    assert with_correlation(fitted, ["a", "c"], 0.0) is fitted


def test_a_factor_of_one_keeps_every_bit(fitted):
    law = fitted["a"].law
    same = Rescaled(base=law, factors=np.ones(2), gaps=np.zeros(1, np.int64))
    for name in ("locations", "factors", "weights"):
        np.testing.assert_array_equal(getattr(same.mixture(4), name), getattr(law.mixture(4), name))
    np.testing.assert_array_equal(same.marginal(3).spread, law.marginal(3).spread)
    np.testing.assert_array_equal(same.drift_share(3), law.drift_share(3))


@pytest.mark.parametrize("name", ["a", "b"])
def test_closed_forms_of_one_year_agree_with_the_joint_law(fitted, name):
    model = with_volatility(fitted, {name: [2.0, 1.0, 0.5]})
    grown, gap = model[name], 2012 - int(model[name].last_years()[0])
    for step in (gap + 1, gap + 2, gap + 4):
        law, joint = grown.marginal(step), grown.law.mixture(gap + 4)
        square = joint.factors[:, step - 1] ** 2
        np.testing.assert_allclose(law.spread[0], joint.scales * np.sqrt(square.sum(axis=1)), rtol=1e-9)
        share = square[:, 0] / square.sum(axis=1)
        np.testing.assert_allclose(grown.law.drift_share(step).ravel(), share, rtol=1e-6, atol=1e-12)
    before = fitted[name].law.mixture(gap + 4).factors
    np.testing.assert_array_equal(joint.factors[:, :, : 1 + gap], before[:, :, : 1 + gap])
    np.testing.assert_array_equal(joint.factors[:, :, 1 + gap], 2.0 * before[:, :, 1 + gap])
    np.testing.assert_array_equal(joint.factors[:, :, 4 + gap], before[:, :, 4 + gap])


def test_every_route_goes_on(fitted, aim):
    model = with_volatility(fitted, {"a": [2.0, 2.0, 2.0]})
    target = aim(of="a", level=2.5, years=(2014, 2015))
    found = [
        sx.attainment(model, target, method=method, rng=1).probability.item()
        for method in (sx.Exact(), sx.Sobol(), sx.MonteCarlo(draws=100_000))
    ]
    assert found[0] == pytest.approx(found[1], abs=1e-4)
    assert found[0] == pytest.approx(found[2], abs=ERRORS * 0.5 / 100_000**0.5)
    single = aim(of="a", level=2.5, years=(2015,))
    assert sx.attainment(model, single).route.item() == "exact"
    share = (sx.simulate(model, horizon=3, draws=100_000, rng=2).a.sel(year=2015) >= 2.5).mean().item()
    assert sx.attainment(model, single).probability.item() == pytest.approx(
        share, abs=ERRORS * 0.5 / 100_000**0.5
    )
    fan = [sx.forecast(one, horizon=3).a.sel(year=2015) for one in (fitted, model)]
    assert fan[1][0] < fan[0][0] < fan[0][2] < fan[1][2]


def test_shocks_stay_and_are_only_larger(hand):
    model = hand("a", "b", correlation=np.array([[1.0, 0.5], [0.5, 1.0]]), drift=0.0)
    calm, rough = (
        sx.simulate(one, horizon=3, draws=1000, rng=3)
        for one in (model, with_volatility(model, {"a": [1.0, 3.0]}))
    )
    np.testing.assert_array_equal(rough.b, calm.b)
    growth = [np.diff(np.log(paths.a.to_numpy()[0]), axis=1) for paths in (calm, rough)]
    np.testing.assert_allclose(growth[1], growth[0] * np.array([3.0, 1.0]), atol=1e-12)


def test_factors_multiply(hand):
    model = with_volatility(with_volatility(hand(), {"y": [2.0]}), {"y": [1.5, 3.0]})
    assert model["y"].law.factors.tolist() == [3.0, 3.0]
    assert isinstance(model["y"].law.base, sx.RandomWalk)


def test_parameters_of_one_process_stay_parameters(table, aim):
    model = with_volatility(fit(table(a=[1, 1.2, 1.1])), {"a": [2.0]})
    odds = sx.attainment(model, aim(of="a", level=1.5, years=(2014,)))
    assert odds.variance_model.item() == 0.0 < odds.variance_parameter.item()


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    share=st.floats(-1.0, 0.999),
    count=st.integers(2, 6),
    some=st.integers(2, 6),
)
def test_the_result_is_always_a_correlation(seed, share, count, some):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(3, count, count))
    draws = root @ root.transpose(0, 2, 1) + 0.05 * np.eye(count)
    scale = np.sqrt(np.diagonal(draws, axis1=1, axis2=2))
    draws /= scale[:, :, None] * scale[:, None, :]
    walk = sx.RandomWalk(drift=0.0, sigma=0.1)
    names = "abcdef"[:count]
    indicators = tuple(
        sx.Grown(name=name, carrier=sx.Log(), law=walk, last_value=1.0, last_year=2012) for name in names
    )
    model = sx.GrowthModel(indicators=indicators, last_year=2012, dependence=Dependence(draws=draws))
    named = list(names[: min(some, count)])
    after = with_correlation(model, named, share).dependence.draws
    n = len(named)
    kept, added = 1.0 - abs(share), np.ones((n, n)) if share > 0 else np.eye(n)
    np.testing.assert_allclose(after[:, :n, :n], kept * draws[:, :n, :n] + abs(share) * added, atol=1e-12)
    np.testing.assert_allclose(after[:, n:, :n], kept**0.5 * draws[:, n:, :n], atol=1e-12)
    np.testing.assert_allclose(after[:, n:, n:], draws[:, n:, n:], atol=1e-12)
    assert np.linalg.eigvalsh(after).min() > 0


def test_correlation_is_refused_where_it_makes_no_sense(hand, table, panel):
    model = hand("a", "b")
    with pytest.raises(RequestError, match=r"A correlation is changed among a\. Name at least two"):
        with_correlation(model, ["a"], 0.5)
    with pytest.raises(RequestError, match=r"A correlation is changed among a, a\."):
        with_correlation(model, ["a", "a"], 0.5)
    with pytest.raises(UnknownNameError, match=r"'d' is not in the model"):
        with_correlation(model, ["a", "d"], 0.5)
    for share in (1.0, -1.1, np.nan):
        with pytest.raises(RequestError, match=r"share=.*Give a number from -1 to 1"):
            with_correlation(model, ["a", "b"], share)
    both = panel.isel(province=[0, 1]).assign(z=("year", np.arange(1.0, 9.0)))
    with pytest.raises(RequestError, match=r"'y' and 'z' differ in their batch and are independent"):
        with_correlation(fit(both), ["y", "z"], 0.5)


def test_volatility_is_refused_where_it_makes_no_sense(hand):
    model = hand("a", "b")
    with pytest.raises(UnknownNameError, match=r"'d' is not in the model"):
        with_volatility(model, {"d": [2.0]})
    for wrong in ([0.0], [1.0, np.nan], [[2.0]]):
        with pytest.raises(RequestError, match=r"The volatility of 'a' is multiplied by .*Give one finite"):
            with_volatility(model, {"a": wrong})
    walked = sx.Grown(
        name="a",
        carrier=sx.Log(),
        law=sx.StudentShocks(drift=0.1, sigma=0.1, dof=4.0),
        last_value=1.0,
        last_year=2012,
    )
    with pytest.raises(ModelError, match=r"'a' is walked year by year \(StudentShocks\); its shocks have no"):
        with_volatility(sx.GrowthModel(indicators=(walked,), last_year=2012), {"a": [2.0]})
    told = model.given({"a": {2013: 110.0}})
    for change in (
        lambda: with_volatility(told, {"b": [2.0]}),
        lambda: with_correlation(told, ["a", "b"], 0.5),
    ):
        with pytest.raises(RequestError, match=r"Figures of a were given to the model before\. Change"):
            change()


def test_a_rescaled_law_follows_figures(hand):
    """Given years are told in shocks of their own size."""
    model = with_volatility(hand(sigma=0.1, drift=0.0), {"y": [2.0, 1.0]}).given({"y": {2014: 130.0}})
    first = np.log(sx.simulate(model, horizon=2, draws=50_000, rng=1).y.sel(year=2013).to_numpy() / 100.0)
    assert first.mean() == pytest.approx(0.8 * np.log(1.3), abs=ERRORS * 0.2 / 50_000**0.5)
    assert first.std() == pytest.approx((0.04 * 0.2) ** 0.5, rel=ERRORS / 100_000**0.5)
