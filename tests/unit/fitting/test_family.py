from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim.fitting import fit, fit_report
from sxsim.fitting.family import beside_walks, cell_posterior
from sxsim.fitting.grid import LONGEST
from sxsim.fitting.learned import learned_prior
from sxsim.fitting.prior import walk_prior
from sxsim.fitting.walk import posterior_of, summarise
from sxsim.processes import CellPosterior, Rung

PRIOR = learned_prior()


def walk(figures=14, members=1, seed=0):
    return np.random.default_rng(seed).normal(0.06, 0.08, (members, figures)).cumsum(axis=1)


def same(left, right, rel=1e-4):
    for step in (1, 5):
        one, other = left.marginal(step), right.marginal(step)
        levels = [0.05, 0.5, 0.95]
        np.testing.assert_allclose(one.quantiles(levels), other.quantiles(levels), rtol=rel, atol=1e-4)


def test_every_member_has_all_cells():
    law = cell_posterior(walk(members=3), PRIOR)
    assert law.weights.shape == law.kernel.shape == law.rate.shape == (3, len(PRIOR.grid))
    assert law.state.shape == (3, len(PRIOR.grid), 3)
    np.testing.assert_allclose(law.weights.sum(axis=1), 1.0)
    assert (law.weights >= 0).all()


def test_patterns_are_fitted_side_by_side():
    rows = walk(members=4)
    rows[1, 5] = np.nan
    rows[2, :6] = np.nan
    rows[3, -3:] = np.nan
    together = cell_posterior(rows, PRIOR)
    for member in range(4):
        alone = cell_posterior(rows[member : member + 1], PRIOR)
        values = np.array([0.2])
        for step in (1, 4):
            p = together.marginal(step).at_least(np.full(4, 0.2))[member]
            assert p == pytest.approx(float(alone.marginal(step).at_least(values)[0]), rel=1e-4)


def test_years_before_the_first_and_after_the_last_figure_do_not_matter():
    row = walk()
    padded = np.concatenate([np.full((1, 4), np.nan), row, np.full((1, 3), np.nan)], axis=1)
    same(cell_posterior(padded, PRIOR), cell_posterior(row, PRIOR))


def test_only_the_latest_figures_count():
    long = walk(figures=60)
    same(cell_posterior(long, PRIOR), cell_posterior(long[:, -LONGEST:], PRIOR))


def test_units_do_not_matter():
    row = walk()
    same(cell_posterior(row + 7.0, PRIOR), cell_posterior(row, PRIOR))


def test_a_member_without_a_figure_has_a_law_all_the_same():
    law = cell_posterior(np.stack([walk()[0], np.full(14, np.nan)]), PRIOR)
    assert np.isfinite(law.marginal(3).quantiles([0.1, 0.9])).all()


def test_a_balance_keeps_to_cells_without_transform_and_without_expected_growth():
    law = cell_posterior(walk(), PRIOR, balance=True)
    used = law.weights > 0
    assert (law.exponent[used] == 0).all()
    assert (law.prior_drift[used] == 0).all()


def test_the_law_of_a_fit_is_the_family(table):
    model = fit(table(y=np.exp(walk()[0])), prior=PRIOR)
    assert isinstance(model["y"].law, CellPosterior)
    assert model["y"].evidence.rungs == (Rung.OWN,)
    assert 0 < model["y"].evidence.own_drift_share[0] < 1
    assert "y" in str(fit_report(model))


def test_each_name_may_have_a_prior_of_its_own(table):
    data = table(y=np.exp(walk()[0]), z=np.exp(walk(seed=1)[0]))
    model = fit(data, prior={"y": PRIOR, "z": walk_prior()})
    assert isinstance(model["y"].law, CellPosterior)
    assert not isinstance(model["z"].law, CellPosterior)


def test_a_bridge_borrows_the_growth_and_widens_it(table):
    short = np.full(14, np.nan)
    short[-2:] = [3.0, 3.2]
    attrs = {"y": {"bridge_from": "z", "bridge_sd": 0.05, "assumption": "alike"}}
    data = table(y=short, z=np.exp(walk()[0]), attrs=attrs)
    model = fit(data, prior=PRIOR)
    assert model["y"].evidence.rungs == (Rung.BRIDGED,)
    assert model["y"].law.bridge_sd == pytest.approx(0.05)
    assert (model["y"].law.marginal(4).spread > model["z"].law.marginal(4).spread).all()


@pytest.mark.parametrize("share", [0.0, 0.1, 1.0])
def test_a_random_walk_beside_the_cells_has_its_share_in_every_year(share):
    levels = walk(members=2)
    cells, walks = cell_posterior(levels, PRIOR), posterior_of(summarise(levels[:, -12:]), walk_prior())
    both = beside_walks(cells, walks, np.full(2, share))
    for step in (1, 4):
        value = np.array([0.1, 0.4])
        expected = (1 - share) * cells.marginal(step).at_least(value) + share * walks.marginal(step).at_least(
            value
        )
        np.testing.assert_allclose(both.marginal(step).at_least(value), expected, rtol=1e-9)
    joint, alone = both.mixture(3, 1), walks.mixture(3, 1)
    assert joint.weights[-1] == pytest.approx(share)
    covariance = (joint.scales[-1] * joint.factors[-1]) @ (joint.scales[-1] * joint.factors[-1]).T
    expected = (alone.scales[0] * alone.factors[0]) @ (alone.scales[0] * alone.factors[0]).T
    np.testing.assert_allclose(covariance, expected, rtol=1e-9)
    np.testing.assert_allclose(joint.locations[-1], alone.locations[0], rtol=1e-12)


def test_short_members_are_random_walks_and_long_ones_keep_a_share_of_it():
    values = np.exp(walk(figures=12, members=2))
    values[1, :-4] = np.nan
    model = fit(xr.Dataset({"y": (("region", "year"), values)}, coords={"year": np.arange(2001, 2013)}))
    np.testing.assert_allclose(model["y"].law.weights[:, -1], [learned_prior().walk, 1.0])
    assert 0 < learned_prior().walk < 0.5
