"""By which year, how far, and one lever for another."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import sxsim as sx
from sxsim.errors import RequestError

FEW = sx.MonteCarlo(draws=4096)
UP, DOWN = sx.Relation.AT_LEAST, sx.Relation.AT_MOST


def lever(name, size):
    effect = sx.Effect(indicator="y", size=size, unit=sx.EffectUnit.LOG_A_YEAR, origin="somebody said so")
    return sx.Lever(id=name, label=name, effects=(effect,))


def test_the_first_year_is_the_one_in_which_the_median_passes(hand, aim):
    found = sx.earliest_year(hand(drift=0.05, sigma=0.1), aim(level=120.0), probability=0.5, until=2020)
    assert found.earliest_year.item() == 2012 + np.ceil(np.log(1.2) / 0.05)
    assert (found.status.item(), found.stays.item()) == ("found", 1)
    assert found.earliest.item() == found.latest.item() == found.earliest_year.item()
    exact = stats.norm.cdf((0.05 * 3 - np.log(1.2)) / (0.1 * 3**0.5))
    assert found.chance.sel(year=2015).item() == pytest.approx(exact)


def test_years_are_never_extrapolated(hand, aim):
    found = sx.earliest_year(hand(drift=0.05), aim(level=200.0), probability=0.5, until=2020)
    assert (found.status.item(), found.attrs["until"]) == ("not reachable within bounds", 2020)
    assert np.isnan(found.earliest_year.item())
    assert sx.earliest_year(hand(), aim(level=200.0)).year.values.tolist() == [2013, 2014, 2015]


def test_in_a_year_and_up_to_a_year(hand, aim):
    model, target = hand(drift=-0.02, sigma=0.1), aim(level=99.0)
    year = sx.earliest_year(model, target, probability=0.42, until=2020, rng=0)
    then = sx.earliest_year(model, target, probability=0.42, until=2020, reached=sx.Reached.BY_THEN, rng=0)
    assert (then.chance >= year.chance - 1e-4).all()
    assert (then.chance.diff("year") > -1e-5).all()
    assert then.stays.item() == 1 and year.stays.item() == 0


def test_a_total_is_asked_for_up_to_every_year(hand):
    total = sx.Total(indicator="y", relation=UP, level=sx.Number(value=350.0), years=(2013, 2014, 2015, 2016))
    target = sx.Target(id="T", label="T", condition=total)
    found = sx.earliest_year(hand(drift=0.0, sigma=0.01), target, probability=0.9, method=FEW, rng=0)
    assert found.earliest_year.item() == 2016


def test_all_together_come_last(hand, aim):
    model = hand("a", "b", drift=0.05)
    targets = [aim("A", of="a", level=120.0), aim("B", of="b", level=130.0)]
    found = sx.earliest_year(model, targets, probability=0.5, until=2022, together=True, rng=0)
    assert found.joint_earliest_year >= found.earliest_year.max()
    assert (found.joint_chance <= found.chance.min("target") + 1e-6).all()


def test_several_conditions_have_no_year_and_no_level_of_their_own(hand, aim):
    both = sx.AllOf(parts=(aim().condition, aim(level=130.0).condition))
    target = sx.Target(id="T", label="T", condition=both)
    found = sx.earliest_year(hand(), target)
    assert (found.status.item(), found.reason.item()) == (
        "cannot be assessed",
        "it combines several conditions, each with its own years",
    )
    level = sx.largest_target(hand(), target)
    assert level.reason.item() == "it combines several conditions, and has no one level"


def test_years_that_cannot_be_asked_for(hand, aim):
    with pytest.raises(RequestError, match="until=2012 is not after the model's last year 2012"):
        sx.earliest_year(hand(), aim(), until=2012)
    with pytest.raises(RequestError, match="reached='then'"):
        sx.earliest_year(hand(), aim(), reached="then")


def test_the_largest_level_is_a_quantile(hand, aim):
    targets = [aim("up", level=120.0, years=[2016]), aim("down", level=120.0, years=[2016], relation=DOWN)]
    found = sx.largest_target(hand(drift=0.05, sigma=0.1), targets, probability=[0.5, 0.9]).level
    spread = 0.2 * stats.norm.ppf([0.5, 0.9])
    np.testing.assert_allclose(found.sel(target="up"), 100 * np.exp(0.2 - spread), rtol=1e-8)
    np.testing.assert_allclose(found.sel(target="down"), 100 * np.exp(0.2 + spread), rtol=1e-8)


def test_of_every_year_the_worst_decides_and_of_any_the_best(hand, aim):
    every = aim(years=[2014, 2015, 2016])
    anyone = sx.Condition(
        indicator="y",
        relation=UP,
        level=sx.Number(value=1.0),
        years=(2014, 2015, 2016),
        when=sx.When.ANY_YEAR,
    )
    one = aim("one", years=[2015])
    targets = [every, one, sx.Target(id="any", label="", condition=anyone)]
    smooth = sx.largest_target(hand(drift=0.0), targets, probability=0.6, rng=0)
    counted = sx.largest_target(hand(drift=0.0), targets, probability=0.6, method=FEW, rng=0)
    assert (smooth.level.diff("target") > 0).all()
    assert ((counted.lower <= smooth.level) & (smooth.level <= counted.upper)).all()


def test_a_multiple_a_growth_and_a_range(hand, aim):
    model = hand("y", "z", drift=0.0)
    past = sx.Condition(indicator="y", relation=UP, level=sx.OwnPast(since=2013, growth=0.03), years=(2016,))
    wide = sx.Between(lower=1.0, upper=2.0)
    kept = sx.Condition(indicator="y", relation=sx.Relation.WITHIN, level=wide, years=(2016,))
    targets = [
        aim("times", level="z", years=[2016]),
        sx.Target(id="past", label="", condition=past),
        sx.Target(id="range", label="", condition=kept),
    ]
    found = sx.largest_target(model, targets, probability=0.5, rng=0).squeeze()
    assert found.level_of.values.tolist() == ["times z", "yearly growth", ""]
    assert found.asked_for.values[:2].tolist() == [1.0, 0.03]
    assert found.level[0].item() == pytest.approx(1.0, abs=1e-4)
    assert abs(found.level[1].item()) < 4 * found.standard_error[1].item()
    assert found.reason[2].item() == "it asks for a range, which has no largest level"


def test_a_count_has_a_whole_number(aim):
    walk = sx.RandomWalk(drift=0.05, sigma=0.1)
    grown = sx.Grown(name="y", carrier=sx.Count(), law=walk, last_value=30.0, last_year=2012)
    model = sx.GrowthModel(indicators=(grown,), last_year=2012)
    found = sx.largest_target(model, aim(level=20.0), probability=0.8)
    level = found.level.item()
    assert level == int(level)
    chances = [sx.attainment(model, aim(level=level + more)).probability.item() for more in (0, 1)]
    assert chances[0] >= 0.8 > chances[1]


def test_doses_on_a_line_give_the_same_probability(hand, aim):
    model, target = hand(drift=0.0), aim(level=120.0, years=[2016])
    first, second = lever("A", 3.0), lever("B", 1.5)
    line = sx.trade_off(
        model, target, levers=(first, second), probability=0.4, points=5, bounds=((0, 2), (0, 2))
    )
    assert line.status.values.tolist() == [
        "not reachable within bounds", "found", "found", "reached already", "reached already",
    ]  # fmt: skip
    dose = line.required.sel(dose=1.0).item()
    pulls = tuple(sx.Pull(lever=one, start=2013, dose=d) for one, d in ((first, 1.0), (second, dose)))
    back = sx.attainment(model, target, scenarios=sx.Scenario(id="s", label="s", changes=pulls))
    assert back.probability.item() == pytest.approx(0.4)
    assert line.attrs["levers"] == ["A", "B"]
    assert line.attrs["assumption"].count("somebody said so") == 2


def test_lines_that_cannot_be_drawn(hand, aim):
    first, second = lever("A", 3.0), lever("B", 1.5)
    with pytest.raises(RequestError, match="names 'A' twice"):
        sx.trade_off(hand(), aim(), levers=(first, first))
    with pytest.raises(RequestError, match="points=1"):
        sx.trade_off(hand(), aim(), levers=(first, second), points=1)
    with pytest.raises(RequestError, match="no target can be assessed"):
        sx.trade_off(hand(), aim(of="nowhere"), levers=(first, second))
