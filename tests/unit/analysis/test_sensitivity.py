from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy import stats

import sxsim as sx
from sxsim.analysis import attainment, sensitivity
from sxsim.errors import RequestError
from sxsim.plan import (
    AnyOf,
    Effect,
    EffectUnit,
    Elicited,
    GivenPath,
    Lever,
    Number,
    Pull,
    Relation,
    Scenario,
    Total,
    VolatilityChange,
)
from sxsim.processes import Grown, GrowthModel, NegativeBinomial
from sxsim.simulation import MonteCarlo

DRIFT, SIGMA, YEARS, LAST = 0.05, 0.1, 3, 100.0
LEVEL = 120.0


def pull(size, unit=EffectUnit.LOG_A_YEAR, of="y"):
    lever = Lever(id="L1", label="Fund", effects=(Effect(indicator=of, size=size, unit=unit),))
    return Scenario(id="push", label="Push", changes=(Pull(lever=lever, start=2013),))


def at(moves, factor, target="T1", scenario=0, name="derivative"):
    one = moves.isel(scenario=scenario).sel(factor=factor)
    if target is not None:
        one = one.sel(target=target)
        return float(one[name]), float(one[f"{name}_error"])
    return float(one[f"joint_{name}"]), float(one[f"joint_{name}_error"])


def z_score(level=LEVEL, sigma=SIGMA):
    return (np.log(level / LAST) - DRIFT * YEARS) / (sigma * np.sqrt(YEARS))


def density(level=LEVEL):
    """Probability per unit of the log level."""
    return float(stats.norm.pdf(z_score(level)) / (SIGMA * np.sqrt(YEARS)))


@pytest.mark.parametrize("level", [100.0, 120.0, 170.0])
def test_derivatives_of_a_random_walk_are_those_of_its_normal_law_within_their_error(hand, aim, level):
    moves = sensitivity(hand(), aim(level=level), joint=False)
    growth = np.exp(DRIFT)
    known = {
        "yearly growth: y": density(level) * YEARS * 0.01 / growth,
        "size of the yearly shocks: y": density(level) * SIGMA * np.sqrt(YEARS) * z_score(level),
        "last figure: y": density(level),
        "level that is asked for: T1": -density(level),
    }
    for factor, truth in known.items():
        value, error = at(moves, factor)
        assert abs(value - truth) <= error < 0.02 * density(level), factor
    assert moves.factor.values.tolist() == list(known)
    assert (moves.factor_reason == "").all()


def test_at_most_turns_every_sign_around(hand, aim):
    more, less = (
        sensitivity(hand(), aim(relation=relation), joint=False).derivative
        for relation in (Relation.AT_LEAST, Relation.AT_MOST)
    )
    np.testing.assert_allclose(more, -less, rtol=1e-9)


def test_all_together_is_the_product_of_independent_ones(hand, aim):
    model, targets = hand("y", "z"), [aim("T1"), aim("T2", of="z", level=110.0)]
    moves = sensitivity(model, targets, joint=True, rng=0)
    p = moves.probability.isel(scenario=0)
    for factor, mine, other in (("last figure: y", "T1", "T2"), ("yearly growth: z", "T2", "T1")):
        own, _ = at(moves, factor, mine)
        whole, error = at(moves, factor, None)
        assert abs(whole - own * float(p.sel(target=other))) < error < 0.05 * abs(whole)
        assert at(moves, factor, other) == (0.0, 0.0)


def test_two_signs_for_correlation(hand, aim):
    model = hand("y", "z", correlation=np.array([[1.0, 0.4], [0.4, 1.0]]))
    targets = [aim("T1"), aim("T2", of="z")]
    moves = sensitivity(model, targets, joint=True, rng=0)
    # Plackett (1954): d P(both) / d rho is the bivariate density; towards one rho gains 1 - rho, apart it
    # loses rho.
    h = z_score()
    slope = float(stats.multivariate_normal(cov=[[1.0, 0.4], [0.4, 1.0]]).pdf([h, h]))
    for factor, truth in (
        ("correlation, towards moving as one", 0.6 * slope),
        ("correlation, towards independence", -0.4 * slope),
    ):
        value, error = at(moves, factor, None)
        assert abs(value - truth) <= error < 0.2 * abs(truth)
        assert at(moves, factor, "T1")[0] == 0.0


@pytest.mark.parametrize(("size", "unit"), [(2.0, EffectUnit.LOG_A_YEAR), (3.0, EffectUnit.PERCENT)])
def test_a_lever_by_the_logarithm_of_its_strength(hand, aim, size, unit):
    scenario = pull(size, unit)
    moves = sensitivity(hand(), aim(), scenarios=[sx.TREND, scenario], joint=False)
    value, error = at(moves, "strength of a lever: L1", scenario=1)
    added = YEARS * 0.01 * size if unit is EffectUnit.LOG_A_YEAR else np.log1p(0.01 * size)
    per_size = added if unit is EffectUnit.LOG_A_YEAR else 0.01 * size / (1.0 + 0.01 * size)
    shifted = density(LEVEL * np.exp(-added))
    assert abs(value - shifted * per_size) <= error < 0.01
    trend = moves.sel(scenario="trend", factor="strength of a lever: L1")
    assert np.isnan(trend.derivative).all()
    assert trend.factor_reason.item() == "the scenario does not pull this lever"


@pytest.mark.parametrize(
    "size", [Elicited(low=1.0, high=3.0), Elicited(low=1.0, high=3.0, mode=2.0), stats.norm(2.0, 0.3)]
)
def test_uncertain_strengths_are_counted_on_paired_draws(hand, aim, size):
    moves = sensitivity(hand(), aim(), scenarios=pull(size), joint=False, rng=3)
    value, error = at(moves, "strength of a lever: L1")
    certain, _ = at(sensitivity(hand(), aim(), scenarios=pull(2.0), joint=False), "strength of a lever: L1")
    # The strength spreads by a third at most: the derivative is that at its middle to a few percent.
    assert abs(value - certain) < 4 * error + 0.05 * certain


def test_counting_agrees_with_closed_forms(hand, aim):
    exact = sensitivity(hand(), aim(), joint=False)
    counted = sensitivity(hand(), aim(), joint=False, method=MonteCarlo(draws=20_000), rng=0)
    apart = abs(exact.derivative - counted.derivative)
    assert (apart <= 2 * (exact.derivative_error + counted.derivative_error)).all()


def test_what_cannot_be_moved_says_why(hand, aim):
    counts = NegativeBinomial(drift=0.1, memory=0.8, mean=50.0, size=100.0)
    grown = Grown(name="n", carrier=counts.carrier, law=counts, last_value=50.0, last_year=2012)
    model = GrowthModel(indicators=(grown, *hand().indicators), last_year=2012)
    rough = Scenario(
        id="rough", label="Rough", changes=(VolatilityChange(names=("y",), factor=1.5, start=2013),)
    )
    either = aim("E", condition=AnyOf(parts=(aim().condition, aim(level=90.0).condition)))
    targets = [aim("N", of="n", level=60.0), aim("T1"), aim("M", level="n"), aim("W", of="w"), either]
    moves = sensitivity(model, targets, scenarios=rough, joint=False, rng=0, method=MonteCarlo(draws=2000))
    reasons = moves.factor_reason.isel(scenario=0).to_series().to_dict()
    whole = "n: its levels are whole numbers, a little more of them is not defined."
    assert reasons["yearly growth: n"] == reasons["last figure: n"] == whole
    assert reasons["level that is asked for: N"] == whole
    assert reasons["level that is asked for: M"] == ""
    without = "E does not hold one indicator against one level that could be moved."
    assert reasons["level that is asked for: E"] == without
    assert "walked year by year" in reasons["size of the yearly shocks: n"]
    assert "two changes decide volatility y" in reasons["size of the yearly shocks: y"]
    assert reasons["last figure: y"] == ""
    assert np.isnan(moves.derivative.sel(factor="yearly growth: n")).all()
    assert np.isnan(moves.derivative.sel(target="W")).all()
    assert moves.reason.sel(target="W").item() == "there is no series 'w'"


def test_figures_given_for_years_to_come_leave_the_last_one_alone(hand, aim):
    boom = Scenario(
        id="boom", label="Boom", changes=(GivenPath(indicator="z", figures=((2013, 120.0), (2014, 130.0))),)
    )
    model = hand("y", "z", correlation=np.array([[1.0, 0.8], [0.8, 1.0]]))
    given = model.given({"z": {2013: 120.0}})
    moves = sensitivity(given, aim(), joint=False, rng=0, method=MonteCarlo(draws=2000))
    reasons = moves.factor_reason.isel(scenario=0).to_series().to_dict()
    assert "the last one is not free" in reasons["last figure: y"]
    assert reasons["yearly growth: y"] == "" and "view" not in moves.dims
    under = sensitivity(model, aim(), scenarios=boom, joint=False, rng=0, method=MonteCarlo(draws=2000))
    assert at(under, "yearly growth: y")[0] > 0


def test_counts_that_grow_by_whole_numbers_are_asked_for_whole_levels(hand, aim):
    [grown] = hand(last_value=100.0).indicators
    counted = GrowthModel(
        indicators=(Grown(name="y", carrier=sx.Count(), law=grown.law, last_value=LAST, last_year=2012),),
        last_year=2012,
    )
    value, error = at(sensitivity(counted, aim(), joint=False), "level that is asked for: T1")
    assert abs(value + density()) <= error < 0.02 * density()


def test_levels_that_move_and_totals(hand, aim):
    model = hand("y", "z")
    flow = Total(
        indicator="y", relation=Relation.AT_LEAST, level=Number(value=330.0), years=(2013, 2014, 2015)
    )
    targets = [aim("M", level="z"), aim("S", condition=flow)]
    moves = sensitivity(model, targets, joint=False, rng=0, method=MonteCarlo(draws=50_000))
    # The difference of two alike random walks has twice the variance and no drift.
    truth = -float(stats.norm.pdf(0.0)) / (SIGMA * np.sqrt(2 * YEARS))
    value, error = at(moves, "level that is asked for: M", "M")
    assert abs(value - truth) <= 2 * error < 0.4
    last, error = at(moves, "last figure: y", "S")
    level, more = at(moves, "level that is asked for: S", "S")
    assert last > 0 > level
    assert abs(last + level) <= 2 * (error + more)


def test_a_balance_is_moved_in_its_own_units(aim):
    walk = sx.RandomWalk(drift=0.5, sigma=1.0)
    grown = Grown(name="y", carrier=sx.Linear(scale=10.0), law=walk, last_value=-2.0, last_year=2012)
    model = GrowthModel(indicators=(grown,), last_year=2012)
    moves = sensitivity(model, [aim(level=5.0), aim("Z", level=0.0)], joint=False)
    sd = 10.0 * np.sqrt(YEARS)
    slope = stats.norm.pdf((5.0 - (-2.0 + 15.0)) / sd) / sd
    for factor, truth in (
        ("yearly growth: y", YEARS * slope),
        ("last figure: y", 2.0 * slope),
        ("level that is asked for: T1", -5.0 * slope),
    ):
        value, error = at(moves, factor)
        assert abs(value - truth) <= error
    assert moves.unit.sel(factor="yearly growth: y").item() == "unit of yearly change"
    reason = moves.factor_reason.sel(factor="level that is asked for: Z").item()
    assert reason == "y: nothing can be a part of zero."


def test_members_of_a_batch_have_derivatives_of_their_own(panel, aim):
    model = sx.fit(panel)
    moves = sensitivity(model, aim(level=15.0), joint=False)
    assert moves.derivative.dims == ("scenario", "factor", "target", "province")
    first = moves.derivative.sel(factor="yearly growth: y", target="T1").isel(scenario=0)
    assert (first[:2] > 0).all() and np.isnan(first[2])
    assert moves.view_probability.dims == ("scenario", "view", "target", "province")


def test_views_add_up_to_the_probability(model, aim, table):
    fitted = sx.fit(table(y=[1.0, 1.1, 1.25, 1.3, 1.5, 1.7, 1.75, 2.0, 2.1, 2.3, 2.4, 2.7]))
    found = sensitivity(fitted, aim(level=3.2), joint=True, rng=0)
    assert set(found.aspect.values) == {
        "kind of growth",
        "scale on which growth is even",
        "yearly growth it is drawn towards",
    }
    p = float(found.probability.squeeze())
    for aspect in np.unique(found.aspect):
        mine = found.sel(view=found.aspect == aspect)
        weight, seen = mine.view_weight, mine.view_probability.squeeze()
        # What is left out carries less than a hundredth for each of a handful of assumptions.
        assert abs(float((weight * seen).sum()) - p) <= 1.0 - float(weight.sum()) + 1e-12
    assert 0 < float(found.view_spread.squeeze()) < np.sqrt(p * (1 - p))
    np.testing.assert_allclose(found.view_joint, found.view_probability.sel(target="T1"))


def test_indifferent_to_names_and_order(hand, aim):
    one = sensitivity(hand("a", "b"), [aim("S", of="a"), aim("T", of="b", level=110.0)], joint=True, rng=0)
    other = sensitivity(hand("q", "p"), [aim("T", of="p", level=110.0), aim("S", of="q")], joint=True, rng=0)
    for here, there in (("a", "q"), ("b", "p")):
        for kind in ("yearly growth", "last figure", "size of the yearly shocks"):
            mine, its = (m.sel(factor=f"{kind}: {n}") for m, n in ((one, here), (other, there)))
            np.testing.assert_allclose(mine.derivative, its.derivative.sel(target=["S", "T"]), rtol=1e-12)
            error = float((mine.joint_derivative_error + its.joint_derivative_error).squeeze())
            assert abs(float((mine.joint_derivative - its.joint_derivative).squeeze())) <= error


def test_proxies_stand_outside_all_together(hand, aim):
    model = hand("y", "z")
    targets = [aim("T1"), aim("P", of="z", proxy_for="T1")]
    moves = sensitivity(model, targets, joint=True, rng=0)
    assert at(moves, "yearly growth: z", None) == (0.0, 0.0)
    assert at(moves, "yearly growth: z", "P")[0] > 0
    assert at(moves, "yearly growth: y", None) == at(moves, "yearly growth: y", "T1")


def test_it_survives_a_file(hand, aim, tmp_path):
    moves = sensitivity(hand("y", "z"), [aim("T1"), aim("T2", of="z")], joint=True, rng=0)
    sx.save(xr.DataTree(moves), tmp_path / "moves.nc")
    xr.testing.assert_identical(sx.open_result(tmp_path / "moves.nc").to_dataset(), moves)


def test_the_probabilities_are_those_of_attainment(hand, aim):
    model, targets = hand("y", "z"), [aim("T1"), aim("T2", of="z")]
    moves, odds = sensitivity(model, targets, joint=True, rng=5), attainment(model, targets, rng=5)
    np.testing.assert_array_equal(moves.joint, odds.joint)
    assert moves.attrs["seed_entropy"] == "5"


def test_what_is_certain_has_no_derivative(hand, aim):
    moves = sensitivity(hand(sigma=0.0), aim(), joint=False)
    reasons = moves.factor_reason.isel(scenario=0).to_series().to_dict()
    assert reasons["yearly growth: y"] == "y: nothing there is uncertain, a probability jumps."
    assert at(moves, "size of the yearly shocks: y") == (0.0, 0.0)


def test_refusals(hand, aim):
    with pytest.raises(RequestError, match="No target can be assessed: there is no series 'w'"):
        sensitivity(hand(), aim(of="w"))
    with pytest.raises(
        RequestError, match=r"antithetic=True.: differences are taken on a given number of plain draws"
    ):
        sensitivity(hand(), aim(), method=MonteCarlo(draws=100, antithetic=True), joint=False)
