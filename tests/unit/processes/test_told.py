from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sxsim.fitting import fit
from sxsim.links import Log
from sxsim.processes import GivenMixture, Grown, GrowthModel, Mixture, RandomWalk, told

YEARS = [2013, 2014, 2016]


def mixture(seed, horizon=4, cells=3):
    """Any cells: drifts in doubt, triangular loads, known and unknown sigmas."""
    rng = np.random.default_rng(seed)
    shocks = np.tril(rng.normal(size=(cells, horizon, horizon))) + 2.0 * np.eye(horizon)
    drift = rng.normal(size=(cells, horizon, 1))
    return Mixture(
        weights=rng.dirichlet(np.ones(cells)),
        locations=rng.normal(size=(cells, horizon)),
        factors=np.concatenate([drift, shocks], axis=2),
        scales=rng.uniform(0.5, 2.0, cells),
        dof=np.where(np.arange(cells) == 1, np.inf, rng.uniform(1.0, 9.0, cells)),
        exponents=np.zeros(cells),
    )


def said_of(law, path):
    grown = Grown(name="y", carrier=Log(), law=GivenMixture(law=law), last_value=1.0, last_year=2012)
    model = GrowthModel(indicators=(grown,), last_year=2012).given({"y": path})
    return told(model["y"], model.conditions.figures["y"], 2012, 0)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_what_is_told_is_one_statement_a_figure_about_independent_shocks(seed):
    law = mixture(seed)
    said = said_of(law, dict(zip(YEARS, [1.2, 0.8, 1.5], strict=True)))
    loads = law.factors[:, [0, 1, 3]]
    for k in range(3):
        rows = said.rows[k]
        np.testing.assert_allclose(rows @ rows.T, np.eye(3), rtol=0, atol=1e-12)
        lower = loads[k, :, 1:] @ rows.T
        np.testing.assert_allclose(lower, np.tril(lower), rtol=0, atol=1e-12)
        np.testing.assert_allclose(lower @ said.drift[k], loads[k, :, 0], rtol=1e-9, atol=1e-12)
        beyond = np.log([1.2, 0.8, 1.5]) - law.locations[k, [0, 1, 3]]
        np.testing.assert_allclose(lower @ said.scores[k], beyond, rtol=1e-9, atol=1e-12)
        spread = loads[k] @ loads[k].T
        assert said.distance[k] == pytest.approx(beyond @ np.linalg.solve(spread, beyond), rel=1e-8)
        assert said.log_volume[k] == pytest.approx(-0.5 * np.linalg.slogdet(spread)[1], abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_figures_one_after_the_other_say_what_they_say_at_once(seed):
    """Weights after two figures are those after the first times what the second adds, for known sigmas."""
    law = mixture(seed)
    both = said_of(law, {2013: 1.2, 2014: 0.8}).weights(law)
    assert both.sum() == pytest.approx(1.0)
    assert (both > 0).all()
    first = said_of(law, {2013: 1.2}).updated(law)
    assert first.dof.tolist() == (law.dof + 1).tolist()
    assert first.scales[1] == law.scales[1]


def test_full_years_are_told_shock_by_shock():
    said = said_of(RandomWalk(drift=0.1, sigma=0.2).mixture(4), {2013: 1.2, 2014: 0.8, 2015: 1.5})
    np.testing.assert_array_equal(said.rows[0], np.eye(3))
    np.testing.assert_allclose(said.scores[0], np.diff(np.log([1.0, 1.2, 0.8, 1.5])) - 0.1, atol=1e-12)


def test_the_weights_of_a_fit_stay_weights_far_out(table):
    model = fit(table(y=[1, 1.2, 1.1, 1.5, 1.6, 1.7]))
    for value in (1e-6, 1.0, 1e6):
        told_model = model.given({"y": {2013: value}})
        law = model["y"].law.mixture(1)
        after = told(model["y"], told_model.conditions.figures["y"], 2012, 0).updated(law)
        assert after.weights.sum() == pytest.approx(1.0)
        assert np.isfinite(after.scales).all()


def test_a_member_without_figures_is_told_nothing(panel):
    model = fit(panel)
    figures = model.given({"y": {2013: 10.0}}).conditions.figures["y"]
    assert told(model["y"], figures, 2012, 2) is None
    assert told(model["y"], figures, 2012, 1) is not None
