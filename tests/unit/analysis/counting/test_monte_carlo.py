from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from sxsim.analysis import attainment
from sxsim.errors import RequestError
from sxsim.fitting import fit
from sxsim.plan import TREND, PlannedGrowth, Relation, Scenario
from sxsim.simulation import MonteCarlo, simulate
from sxsim.streams import BLOCK

FASTER = Scenario(
    id="faster",
    label="Faster",
    changes=(PlannedGrowth(indicator="y", base_value=2.0, base_year=2012, growth=0.2),),
)


def ask(model, *targets, draws=500, rng=7, **more):
    return attainment(model, list(targets), method=MonteCarlo(draws=draws), rng=rng, **more)


@pytest.mark.parametrize("draws", [1, 500, BLOCK, BLOCK + 1])
def test_probabilities_are_counted(model, aim, draws):
    odds = ask(model, aim("A", level=2.5), aim("B", level="z", years=(2014, 2016)), draws=draws)
    counts = odds.probability.values * draws
    np.testing.assert_allclose(counts, np.round(counts), rtol=0, atol=1e-9)
    assert odds.route.values.ravel().tolist() == ["monte-carlo"] * 2
    assert odds.joint_route.item() == "monte-carlo"
    assert odds.attrs["method"] == f"MonteCarlo(draws={draws})"


def test_the_error_is_never_zero(model, aim):
    odds = ask(model, aim("sure", level=0.001), aim("never", level=1e9), aim("even", level=2.5))
    hits = odds.probability.values * 500
    rule = (hits + 1) / 502
    assert hits[0, :2].tolist() == [500.0, 0.0]
    np.testing.assert_allclose(odds.standard_error, np.sqrt(rule * (1 - rule) / 500), rtol=1e-12)
    assert (odds.standard_error > 0).all()


@pytest.mark.parametrize("draws", [300, BLOCK + 100])
def test_counting_finished_paths_gives_the_same(model, aim, draws):
    targets = [
        aim("A", level=2.5),
        aim("B", level=2.4, years=(2014, 2016), relation=Relation.AT_MOST),
        aim("C", level="z", years=(2013, 2016)),
        aim("P", of="z", level=2.5, proxy_for="A"),
    ]
    counted = ask(model, *targets, draws=draws, scenarios=(TREND, FASTER))
    paths = simulate(model, (TREND, FASTER), until=2016, draws=draws, rng=7)
    again = attainment(paths, targets)
    for name in ("probability", "standard_error", "joint", "joint_standard_error"):
        xr.testing.assert_allclose(counted[name], again[name], rtol=1e-12)


def test_a_batch_is_counted_like_its_paths(panel, aim):
    targets = [aim("A", level=9.0), aim("B", level=8.0, years=(2014, 2016))]
    counted = ask(fit(panel), *targets)
    again = attainment(simulate(fit(panel), until=2016, draws=500, rng=7), targets)
    for name in ("probability", "joint"):
        xr.testing.assert_allclose(counted[name], again[name], rtol=1e-12)


def test_all_together_is_not_the_product(model, aim):
    odds = ask(model, aim("A", level=2.2), aim("B", level=2.3))
    assert odds.joint.item() == odds.probability.sel(target="B").item()
    assert odds.joint.item() > odds.joint_independent.item()


def test_proxies_are_counted_but_left_out_of_all_together(model, aim):
    odds = ask(model, aim("A", level=2.2), aim("P", of="z", level=1e9, proxy_for="A"))
    assert odds.probability.sel(target="P").item() == 0.0
    assert odds.joint.item() == odds.probability.sel(target="A").item()


def test_years_already_seen_are_judged_by_their_figures(model, aim):
    odds = ask(model, aim("kept", level=1.4, years=(2011,)), aim("broken", level=1.9, years=(2011, 2014)))
    assert odds.probability.values.ravel().tolist() == [1.0, 0.0]


def test_what_cannot_be_judged_is_not_counted(model, aim):
    odds = ask(model, aim("A", level=2.2), aim("B", of="empty"))
    assert np.isnan(odds.probability.sel(target="B").item())
    assert odds.reason.sel(target="B").item().startswith("the series 'empty' cannot be used")


def test_a_single_draw_is_enough_for_an_answer(model, aim):
    odds = ask(model, aim(level=2.2), draws=1)
    assert odds.probability.item() in (0.0, 1.0)
    assert odds.variance_shock.item() == pytest.approx(0.0, abs=1e-12)


def test_one_seed_gives_one_answer(model, aim):
    target = aim(level=2.2)
    first, again, other = (ask(model, target, rng=seed).probability.item() for seed in (7, 7, 8))
    assert first == again != other


def numbers(odds):
    """Return everything that is computed, without the record."""
    return odds.drop_attrs().drop_vars("route")


def test_the_bits_do_not_depend_on_threads(model, aim):
    targets = [aim("A", level=2.5), aim("B", level="z", years=(2014, 2016))]
    for more in ({}, {"antithetic": True}):
        one, two = (
            attainment(model, targets, method=MonteCarlo(draws=140_000, threads=threads, **more), rng=7)
            for threads in (1, 2)
        )
        xr.testing.assert_identical(one, two)


def test_the_number_of_draws_is_in_the_result(model, aim):
    assert ask(model, aim("A", level=2.5), draws=300).attrs["draws"] == 300
    odds = attainment(model, aim("A", level=2.5), method=MonteCarlo(draws=301, antithetic=True), rng=7)
    assert odds.attrs["draws"] == 302  # whole pairs
    assert "draws" not in attainment(model, aim("A", level=2.5), rng=7).attrs


@pytest.mark.parametrize("antithetic", [False, True])
def test_draws_go_on_until_every_error_is_small(model, aim, antithetic):
    """Whole stretches are drawn, and what was drawn is what a run of that many draws begins with."""
    targets = [aim("A", level=2.5), aim("B", level=2.4, years=(2014, 2016), relation=Relation.AT_MOST)]
    method = MonteCarlo(draws=1000, until_error=0.0009, antithetic=antithetic)
    odds = attainment(model, targets, method=method, rng=7)
    errors = np.append(odds.standard_error.values, odds.joint_standard_error.values)
    assert errors.max() <= 0.0009
    draws = odds.attrs["draws"]
    assert draws > 130_000
    assert draws % (32 * BLOCK * (2 if antithetic else 1)) == 0
    whole = attainment(model, targets, method=MonteCarlo(draws=draws, antithetic=antithetic), rng=7)
    xr.testing.assert_identical(numbers(odds), numbers(whole))
    shorter = attainment(model, targets, method=MonteCarlo(draws=draws // 2, antithetic=antithetic), rng=7)
    assert max(shorter.standard_error.max(), shorter.joint_standard_error.max()) > 0.0009


def test_one_number_of_draws_serves_all_targets(model, aim):
    """The easiest target is drawn as often as the hardest, so that all share their futures."""
    easy, hard = aim("easy", level=0.5), aim("hard", level=2.5)
    method = MonteCarlo(draws=1000, until_error=0.0012)
    alone = attainment(model, hard, method=method, rng=7)
    both = attainment(model, [easy, hard], method=method, rng=7)
    assert both.attrs["draws"] == alone.attrs["draws"]
    assert both.probability.sel(target="hard").item() == alone.probability.item()
    assert both.standard_error.sel(target="easy").item() < 0.0001


def test_refuses_a_precision_beyond_reach(model, aim):
    """p(1 - p) / 1e-16 draws would be needed, and a twentieth more."""
    message = r"until_error=1e-08 needs about 3e\+15 draws\. Ask for less, or leave out method="
    with pytest.raises(RequestError, match=message):
        attainment(model, aim(level=2.5), method=MonteCarlo(draws=1000, until_error=1e-8), rng=7)


def test_members_without_figures_do_not_keep_a_run_going(panel, aim):
    method = MonteCarlo(draws=100, until_error=0.01)
    odds = attainment(fit(panel), aim("A", level=9.0), method=method, rng=7)
    assert np.isnan(odds.probability.sel(province="c").item())
    assert odds.attrs["draws"] == 32 * BLOCK


def test_the_parts_of_the_variance_of_pairs_sum_up(model, aim):
    odds = attainment(model, aim(level=2.5), method=MonteCarlo(draws=4000, antithetic=True), rng=7)
    p = odds.probability
    parts = odds.variance_shock + odds.variance_parameter + odds.variance_model
    np.testing.assert_allclose(parts, p * (1 - p), rtol=0, atol=1e-12)
    assert odds.variance_parameter.item() > 0
