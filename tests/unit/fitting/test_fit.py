from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim.errors import ModelError
from sxsim.fitting import Prior, fit
from sxsim.fitting.prior import walk_prior
from sxsim.processes import Rung

GROWING = [1.0, 1.1, 1.25, 1.3, 1.5, 1.7, 1.75, 2.0]
PRIOR = Prior(drift=0.03, years=4.0, shape=1.5, spread=0.06)


@pytest.mark.parametrize(
    ("points", "rung"),
    [(1, Rung.PRIOR_ONLY), (2, Rung.PRIOR_LEADS), (4, Rung.PRIOR_LEADS), (5, Rung.OWN), (8, Rung.OWN)],
)
def test_the_rungs_of_the_ladder(table, points, rung):
    grown = fit(table(y=GROWING[-points:]))["y"]
    assert grown.evidence.rungs == (rung,)
    assert grown.evidence.points.tolist() == [points]
    assert grown.evidence.first_year.tolist() == [2013 - points]
    assert [note for note in grown.evidence.notes if not note.startswith("grows as ")] == []


@pytest.mark.parametrize("points", [1, 2, 5, 8])
def test_shares_say_how_far_the_own_figures_carry(table, points):
    evidence = fit(table(y=GROWING[-points:]), prior=PRIOR)["y"].evidence
    moves = points - 1
    assert evidence.own_drift_share[0] == pytest.approx(moves / (moves + 4.0))
    assert evidence.own_variance_share[0] == pytest.approx(moves / (moves + 3.0))


def test_one_figure_gives_the_level_and_the_prior_the_rest(table):
    grown = fit(table(y=[7.0]), prior=PRIOR)["y"]
    assert (grown.law.drift[0], grown.law.years[0], grown.law.shape[0]) == (0.03, 4.0, 1.5)
    assert grown.last_value.tolist() == [7.0]


def test_the_last_figure_is_the_start(table):
    model = fit(table(a=GROWING, b=[*GROWING[:6], np.nan, np.nan]))
    assert model.last_year == 2012
    assert (model["a"].last_value[0], model["a"].last_year[0]) == (2.0, 2012)
    assert (model["b"].last_value[0], model["b"].last_year[0]) == (1.7, 2010)
    assert "last known for 2010: the years to 2012" in model["b"].evidence.notes[0]
    assert [note for note in model["a"].evidence.notes if not note.startswith("grows as ")] == []


def test_until_equals_a_history_that_ends_there(table):
    data = table(a=GROWING, b=GROWING[::-1])
    cut, short = fit(data, until=2010), fit(data.sel(year=slice(None, 2010)))
    assert cut.last_year == short.last_year == 2010
    np.testing.assert_array_equal(cut.correlation, short.correlation)
    for name in ("a", "b"):
        laws = [model[name].law.marginal(3).quantiles([0.1, 0.5, 0.9]) for model in (cut, short)]
        np.testing.assert_array_equal(*laws)
        assert cut[name].evidence == short[name].evidence
    xr.testing.assert_identical(cut.history, short.history)


def test_until_beyond_the_data_moves_the_origin(table):
    model = fit(table(y=GROWING), until=2015)
    assert model.last_year == 2015
    assert model["y"].last_years().tolist() == [2012]
    assert "last known for 2012: the years to 2015" in model["y"].evidence.notes[0]


def test_names_left_out_have_a_reason(table):
    model = fit(table(y=GROWING, z=[np.nan] * 8, v=GROWING, attrs={"v": {"role": "vintage"}}))
    assert model.names == ("y",)
    assert model.absent == {
        "z": "it has no figure at all",
        "v": "its role is vintage, which is not fitted",
    }


def test_a_balance_is_not_expected_to_grow(table):
    balance, amount = fit(table(y=[-5.0])), fit(table(y=[5.0]))
    assert balance["y"].law.drift.tolist() == [0.0]
    assert amount["y"].law.drift[0] == pytest.approx(walk_prior().drift)


def test_one_prior_for_all_or_one_per_name(table):
    data = table(a=[3.0], b=[3.0])
    both, one = fit(data, prior=PRIOR), fit(data, prior={"b": PRIOR})
    assert [both[name].law.years[0] for name in "ab"] == [4.0, 4.0]
    assert [one[name].law.years[0] for name in "ab"] == [walk_prior().years, 4.0]


def test_a_window_forgets_older_figures_and_says_so(table):
    long = np.exp(np.cumsum(np.random.default_rng(2).normal(0.05, 0.1, 20)))
    prior = walk_prior()
    model, recent = fit(table(y=long), prior=prior), fit(table(y=long[-12:]), prior=prior)
    np.testing.assert_allclose(model["y"].law.drift, recent["y"].law.drift, rtol=1e-12)
    np.testing.assert_allclose(model["y"].law.rate, recent["y"].law.rate, rtol=1e-12)
    assert model["y"].evidence.notes == ("figures older than the last 12 are not used: 8",)
    assert model["y"].evidence.points.tolist() == [12]


def test_the_caller_keeps_the_history_as_it_was(table):
    data = table(y=[0.0, *GROWING[1:]], attrs={"y": {"units": "cases"}})
    before = data.copy(deep=True)
    fit(data, until=2010)
    xr.testing.assert_identical(data, before)


def test_figures_moved_off_a_bound_are_noted(table):
    grown = fit(table(y=[0.0, 2.0, 3.0]))["y"]
    assert "(2010)" in grown.evidence.notes[0]
    assert "moved inside by 0.5" in grown.evidence.notes[0]


def bridge(**more):
    return {"y": {"bridge_from": "z", "bridge_sd": 0.04} | more}


@pytest.mark.parametrize("points", [1, 2, 4])
def test_a_short_series_may_learn_its_growth_from_another(table, points):
    y = [np.nan] * (8 - points) + GROWING[-points:]
    model = fit(table(y=y, z=GROWING[::-1], attrs=bridge()), prior=walk_prior())
    grown, source = model["y"], model["z"]
    assert grown.evidence.rungs == (Rung.BRIDGED,)
    assert (grown.law.drift[0], grown.law.rate[0]) == (source.law.drift[0], source.law.rate[0])
    assert (grown.law.bridge_sd, source.law.bridge_sd) == (0.04, 0.0)
    assert grown.last_value.tolist() == [2.0]
    assert grown.evidence.notes == (
        "ASSUMPTION: growth learned from z (8 figures), extra spread 0.04 a year",
    )
    wider = grown.law.marginal(3).spread ** 2 - source.law.marginal(3).spread ** 2
    assert wider[0] == pytest.approx((3 * 0.04) ** 2)


def test_five_figures_need_no_bridge(table):
    grown = fit(table(y=[np.nan] * 3 + GROWING[-5:], z=GROWING[::-1], attrs=bridge()))["y"]
    assert grown.evidence.rungs == (Rung.OWN,)
    assert grown.law.bridge_sd == 0.0
    assert [note for note in grown.evidence.notes if not note.startswith("grows as ")] == []


def test_a_bridged_series_needs_no_prior_of_its_own(table):
    data = table(y=[np.nan] * 7 + [3.0], z=GROWING, attrs=bridge())
    assert fit(data, prior=Prior.flat())["y"].evidence.rungs == (Rung.BRIDGED,)


def test_every_member_of_a_batch_is_fitted_as_if_alone(panel):
    model = fit(panel, prior=walk_prior())
    grown = model["y"]
    assert grown.size == 3
    assert grown.evidence.points.tolist() == [8, 6, 0]
    for member, name in enumerate("ab"):
        alone = fit(panel.sel(province=name, drop=True), prior=walk_prior())["y"]
        for field in ("drift", "years", "shape", "rate"):
            assert getattr(grown.law, field)[member] == pytest.approx(getattr(alone.law, field)[0], rel=1e-12)
        assert grown.last_value[member] == alone.last_value[0]
    assert np.isnan(grown.last_value[2])
    assert grown.law.drift[2] == pytest.approx(walk_prior().drift)


def test_a_batch_and_a_single_series_are_independent(panel):
    single = ("year", panel.y.values[0] * 2)
    model = fit(panel.assign(copy=panel.y * 2, single=single))
    assert model.names == ("copy", "single", "y")
    np.testing.assert_array_equal(model.correlation[1], [0.0, 1.0, 0.0])
    assert 0.3 < model.correlation[0, 2] < 1


def test_series_that_move_together_are_correlated(table):
    e = np.random.default_rng(4).normal(0, 0.1, (3, 12))
    data = table(
        a=np.exp(np.cumsum(e[0])), b=np.exp(np.cumsum(e[0] + 0.02 * e[1])), c=np.exp(np.cumsum(-e[0]))
    )
    correlation = fit(data).correlation
    assert correlation[0, 1] > 0.3
    assert correlation[0, 2] < -0.3


@pytest.mark.parametrize(
    ("values", "count"), [([1.0], 1), ([1.0, 2.0], 2), ([2.0] * 6, 6), ([1.0, 2.0, 4.0, 8.0], 4)]
)
def test_refuses_a_flat_prior_where_figures_cannot_stand_alone(table, values, count):
    message = rf"'y' cannot be fitted without a prior: figures: {count}, or they never depart from a"
    with pytest.raises(
        ModelError, match=message + r".*Leave out prior= to use the shipped one, or give sx\.Prior"
    ):
        fit(table(y=values), prior=Prior.flat())


def test_three_figures_can_stand_alone(table):
    law = fit(table(y=[1.0, 1.2, 1.3]), prior=Prior.flat())["y"].law
    assert law.dof().tolist() == [1.0]
