from __future__ import annotations

import numpy as np
import pytest

import sxsim as sx
from sxsim.errors import RequestError
from sxsim.fitting import fit
from sxsim.plan import EffectUnit
from sxsim.processes import Grown
from sxsim.scenarios.conversion import LinkScale
from sxsim.scenarios.trend import Trend

YEARS = np.arange(2013, 2019)
DRIFT = 0.05
EFFORT = np.array([0.0, 0.4, 1.0, 1.0, -0.3, 0.2])


def grown(carrier, value=20.0, drift=DRIFT, law=None):
    law = law or sx.RandomWalk(drift=drift, sigma=0.1)
    return Grown(name="y", carrier=carrier, law=law, last_value=value, last_year=2012)


def scale_of(one, unit):
    return LinkScale.of("Scenario 's': lever L1", Trend.of(one, YEARS), unit)


def by_hand(one, unit, effort):
    """The addition of every year from the formulas, one number at a time."""
    f, back = one.carrier.forward, one.carrier.inverse
    level = float(one.last_level()[0])
    out, medians = [], [float(back(level + DRIFT * t)) for t in range(len(effort) + 1)]
    for t in range(1, len(effort) + 1):
        median, now = medians[t], effort[t - 1]
        if unit is EffectUnit.UNITS:
            value = median + now
        elif unit is EffectUnit.PERCENT:
            value = median * (1 + now / 100)
        elif unit is EffectUnit.UNITS_A_YEAR:
            value = median + sum(effort[:t])
        elif unit is EffectUnit.GROWTH:
            value = median
            for u in range(1, t + 1):
                value *= 1 + (effort[u - 1] / 100) / (medians[u] / medians[u - 1])
        else:
            out.append(sum(effort[:t]) / 100)
            continue
        out.append(float(f(np.array(value)) - f(np.array(median))))
    return np.array(out)


@pytest.mark.parametrize("unit", EffectUnit)
@pytest.mark.parametrize("carrier", [sx.Log(), sx.Odds(lower=0.0, upper=100.0), sx.Count()])
def test_effort_becomes_what_the_formula_says(carrier, unit):
    one = grown(carrier)
    expected = by_hand(grown(sx.Log()) if carrier == sx.Count() else one, unit, EFFORT)
    found = scale_of(one, unit).table(EFFORT[:, None])
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("unit", [EffectUnit.UNITS, EffectUnit.UNITS_A_YEAR])
def test_a_balance_takes_units(unit):
    one = grown(sx.Linear(scale=10.0), -3.0)
    np.testing.assert_allclose(
        scale_of(one, unit).table(EFFORT[:, None])[:, 0], by_hand(one, unit, EFFORT), atol=1e-15
    )


@pytest.mark.parametrize("unit", [EffectUnit.PERCENT, EffectUnit.GROWTH, EffectUnit.LOG_A_YEAR])
def test_percent_of_a_balance_is_refused(unit):
    message = r"Scenario 's': lever L1 moves 'y' in .*, which means nothing around zero\. Give the size in u"
    with pytest.raises(RequestError, match=message):
        scale_of(grown(sx.Linear(scale=10.0), -3.0), unit)


def test_percent_of_nothing_is_refused():
    one = grown(sx.Odds(lower=-1.0, upper=1.0), 0.05, drift=-0.1)
    with pytest.raises(
        RequestError, match=r"moves 'y' in percent of the level, and its trend is -0.0499167 in 2014"
    ):
        scale_of(one, EffectUnit.PERCENT)


@pytest.mark.parametrize("unit", EffectUnit)
def test_no_effort_adds_exactly_nothing(unit):
    assert not scale_of(grown(sx.Odds(lower=0.0, upper=100.0)), unit).table(np.zeros((6, 1))).any()


@pytest.mark.parametrize("unit", EffectUnit)
def test_years_one_by_one_draws_and_a_longer_run_have_the_bits_of_the_table(unit):
    efforts = EFFORT[:, None] * np.linspace(0.5, 2.0, 9)
    scale = scale_of(grown(sx.Log()), unit)
    table, reached = scale.table(efforts, 0), None
    for step in range(6):
        reached = scale.reached(reached, efforts[step], step, 0)
        np.testing.assert_array_equal(scale.row(reached, step, 0), table[step])
    for draw in (0, 4):
        np.testing.assert_array_equal(scale.table(efforts[:, draw : draw + 1]), table[:, draw : draw + 1])
    short = LinkScale.of("", Trend.of(grown(sx.Log()), YEARS[:3]), unit)
    np.testing.assert_array_equal(short.table(efforts[:3]), table[:3])


@pytest.mark.parametrize("unit", EffectUnit)
def test_the_effort_of_one_year_alone_is_that_of_a_table_with_nothing_else(unit):
    scale = scale_of(grown(sx.Log()), unit)
    effort = np.zeros((6, 1))
    effort[3] = 2.0
    np.testing.assert_array_equal(scale.once(effort[3], 3), scale.table(effort)[3])


def test_members_have_their_own_trend_and_nan_stays_nan(panel):
    trend = Trend.of(fit(panel)["y"], YEARS)
    scale = LinkScale.of("", trend, EffectUnit.UNITS)
    table = scale.table(np.ones((6, 1)))
    assert table.shape == (6, 3)
    assert np.isnan(table[:, 2]).all()
    medians = np.exp(trend.levels[:, :2])
    np.testing.assert_allclose(table[:, :2], np.log1p(1.0 / medians), rtol=1e-10)
    for place in (0, 1, 2):
        np.testing.assert_array_equal(scale.table(np.ones((6, 1)), place)[:, 0], table[:, place])


def test_growth_counts_from_the_median_of_the_last_year_where_the_last_figure_is_older(table):
    model = fit(table(y=[1.0, 1.2, 1.3, 1.5, np.nan, np.nan], z=[1.0, 1.1, 1.3, 1.2, 1.5, 1.4]))
    trend = Trend.of(model["y"], YEARS)
    expected = model["y"].last_level() + model["y"].marginal(2).quantiles(0.5)[0]
    np.testing.assert_array_equal(trend.before, expected)
    np.testing.assert_array_equal(Trend.of(model["z"], YEARS).before, model["z"].last_level())


def test_what_would_leave_the_range_is_held_just_inside():
    scale = scale_of(grown(sx.Odds(lower=0.0, upper=100.0)), EffectUnit.UNITS)
    sizes = np.array([[-1000.0, -20.0, 0.0, 70.0, 1000.0]])
    table = scale.table(np.repeat(sizes, 6, axis=0), 0)
    assert np.isfinite(table).all()
    values = 100.0 / (1.0 + np.exp(-(table + np.log(0.25) + DRIFT * np.arange(1, 7)[:, None])))
    assert (values > 0).all() and (values < 100).all()
    assert (values[:, 0] < 1e-6).all() and (values[:, 4] > 100 - 1e-6).all()


def test_growth_below_nothing_stays_at_nothing():
    scale = scale_of(grown(sx.Log()), EffectUnit.GROWTH)
    table = scale.table(np.repeat([[-150.0]], 6, axis=0))
    assert (table < -20.0).all()


def test_counts_that_are_stepped_move_by_whole_numbers():
    law = sx.NegativeBinomial(drift=0.0, memory=0.9, mean=9.0, size=20.0)
    one = grown(sx.Linear(scale=1.0), 9, law=law)
    medians = [float(one.last_level()[0] + one.marginal(t).quantiles(0.5)[0][0]) for t in range(1, 7)]
    for unit, expected in [
        (EffectUnit.UNITS, np.round(EFFORT)),
        (EffectUnit.PERCENT, np.round(np.array(medians) * 40 * EFFORT / 100)),
    ]:
        effort = EFFORT * (40 if unit is EffectUnit.PERCENT else 1)
        np.testing.assert_array_equal(scale_of(one, unit).table(effort[:, None])[:, 0], expected)
    with pytest.raises(RequestError, match="log points a year, which means nothing around zero"):
        scale_of(one, EffectUnit.LOG_A_YEAR)
