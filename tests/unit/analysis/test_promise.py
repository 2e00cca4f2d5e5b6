from __future__ import annotations

import numpy as np
import pytest

from sxsim.analysis.event import Row, Settled, Several, Sum
from sxsim.analysis.promise import event_of, figures_of
from sxsim.fitting import fit
from sxsim.identities import Identity
from sxsim.links import Count
from sxsim.plan import (
    AllOf,
    AnyOf,
    AtLeast,
    Benchmark,
    Between,
    Condition,
    Number,
    OwnPast,
    Relation,
    Total,
    When,
    Worded,
)
from sxsim.processes import Grown, GrowthModel, RandomWalk

# `y` ended at 2.0 and `z` at 2.1 in 2012; see conftest.


def asks(level, *years, of="y", relation=None, **more):
    given = Number(value=level) if isinstance(level, float | int) else level
    kind = Relation.WITHIN if isinstance(given, Between) else Relation.AT_LEAST
    return Condition(indicator=of, relation=relation or kind, level=given, years=years or (2015,), **more)


def total(level, *years, relation=Relation.AT_LEAST, **more):
    given = Between(lower=level[0], upper=level[1]) if isinstance(level, tuple) else Number(value=level)
    kind = Relation.WITHIN if isinstance(level, tuple) else relation
    return Total(indicator="y", relation=kind, level=given, years=years, **more)


def row(level, year=2015, *, sign=1.0, of="y", **more):
    return Row(indicator=of, year=year, sign=sign, level=level, **more)


YES, NO = Settled(holds=(True,)), Settled(holds=(False,))


@pytest.mark.parametrize(
    ("promise", "event"),
    [
        (asks(2.5), row(2.5)),
        (asks(2.5, relation=Relation.AT_MOST), row(2.5, sign=-1.0)),
        (asks(2.5, 2014, 2015), Several(least=2, parts=(row(2.5, 2014), row(2.5)))),
        (asks(2.5, 2014, 2015, when=When.ANY_YEAR), Several(least=1, parts=(row(2.5, 2014), row(2.5)))),
        (asks(Between(lower=2.0, upper=3.0)), Several(least=2, parts=(row(2.0), row(3.0, sign=-1.0)))),
        (asks(Between(lower=-1.0, upper=3.0)), row(3.0, sign=-1.0)),
        (asks(2.5, precision=0.1), row(2.45)),
        (asks(2.5, relation=Relation.AT_MOST, precision=0.1), row(2.55, sign=-1.0)),
        (asks(Worded(word="mostly", threshold=2.5)), row(2.5)),
        (asks(Benchmark(indicator="z", times=0.9)), row(None, benchmark="z", times=0.9)),
        (asks(OwnPast(since=2012, growth=0.1)), row(2.0 * 1.1**3)),
        (
            asks(OwnPast(since=2014), relation=Relation.AT_MOST),
            row(None, sign=-1.0, benchmark="y", since=2014),
        ),
        (asks(1.7, 2009, 2015), NO),
        (asks(1.7, 2011, 2015), row(1.7)),
        (asks(1.7, 2011, 2015, when=When.ANY_YEAR), YES),
        (asks(1.7, 2009, 2015, when=When.ANY_YEAR), row(1.7)),
        (asks(OwnPast(since=2005), 2012), YES),
        (asks(Benchmark(indicator="z"), 2012), NO),
        (AllOf(parts=(asks(2.5), asks(2.5, of="z"))), Several(least=2, parts=(row(2.5), row(2.5, of="z")))),
        (AnyOf(parts=(asks(1.7, 2009), asks(2.5))), row(2.5)),
        (
            AtLeast(count=2, parts=(asks(1.7, 2012), asks(2.5), asks(3.0))),
            Several(least=1, parts=(row(2.5), row(3.0))),
        ),
    ],
)
def test_a_promise_becomes_what_decides_it(model, promise, event):
    assert event_of(promise, model) == event


def test_growth_of_every_year_begins_at_the_last_figure(model):
    found = event_of(asks(OwnPast(growth=0.1), 2013, 2014), model)
    second = row(None, 2014, benchmark="y", since=2013, times=1.1)
    assert found == Several(least=2, parts=(row(2.0 * 1.1, 2013), second))


def test_a_total_asks_years_to_come_for_the_rest(model):
    seen = float(figures_of(model, "y", 2011)[0] + figures_of(model, "y", 2012)[0])
    found = event_of(total(9.0, 2011, 2012, 2013, 2014), model)
    assert isinstance(found, Sum)
    assert (found.years, found.sign) == ((2013, 2014), 1.0)
    assert found.level == pytest.approx(9.0 - seen)
    assert event_of(total(9.0, 2013), model) == Sum(indicator="y", years=(2013,), sign=1.0, level=9.0)
    both = event_of(total((8.0, 9.0), 2013, 2014), model)
    assert [part.sign for part in both.parts] == [1.0, -1.0]


def test_a_total_of_the_past_is_settled(model):
    assert event_of(total(3.7, 2011, 2012), model) == YES
    assert event_of(total(3.8, 2011, 2012), model) == NO
    assert event_of(total(3.8, 2011, 2012, relation=Relation.AT_MOST), model) == YES
    assert event_of(total(3.8, 2011, 2012, precision=0.1), model) == YES


def test_a_count_is_decided_before_it_is_cut(hand):
    walk = RandomWalk(drift=0.0, sigma=0.1)
    grown = Grown(name="y", carrier=Count(), law=walk, last_value=5.5, last_year=2012)
    model = GrowthModel(indicators=(grown,), last_year=2012)
    assert event_of(asks(Between(lower=4.2, upper=6.0)), model) == Several(
        least=2, parts=(row(5.0), row(7.0, sign=-1.0))
    )


def test_a_derived_indicator_is_asked_as_it_is(table):
    ratio = Identity(indicator="w", expression="y / z")
    model = fit(table(y=[1.0, 1.1, 1.3, 1.4], z=[2.0, 2.1, 2.2, 2.5]), identities=ratio)
    assert event_of(asks(0.6, of="w"), model) == row(0.6, of="w")
    assert event_of(asks(-0.6, of="w"), model) == row(-0.6, of="w")
    assert event_of(asks(0.5, 2012, of="w"), model) == "'w' or its level was not observed in 2012"


@pytest.mark.parametrize(
    ("promise", "reason"),
    [
        (asks(0.0), "its level 0 lies outside the range (0, inf) of 'y'"),
        (asks(Between(lower=-3.0, upper=-1.0)), "its level -1 lies outside the range (0, inf) of 'y'"),
        (asks(Worded(word="基本")), "it says '基本', and no threshold says what that means"),
        (asks(1.5, 1999), "'y' or its level was not observed in 1999"),
        (asks(Benchmark(indicator="z"), 1999), "'y' or its level was not observed in 1999"),
        (asks(OwnPast(since=1999)), "'y' or its level was not observed in 1999"),
        (asks(OwnPast(since=1999), 2010), "'y' or its level was not observed in 2010"),
        (total(9.0, 1999, 2013), "'y' or its level was not observed in 1999"),
        (total(9.0, 1999, 2010), "'y' or its level was not observed in 1999"),
        (
            AllOf(parts=(asks(2.5), asks(Worded(word="基本")))),
            "it says '基本', and no threshold says what that means",
        ),
        (AnyOf(parts=(asks(1.7, 2012), asks(0.0))), "its level 0 lies outside the range (0, inf) of 'y'"),
    ],
)
def test_the_reason_names_the_piece_that_is_missing(model, promise, reason):
    assert event_of(promise, model) == reason


def test_ends_no_value_can_pass_ask_for_nothing(table):
    share = fit(table(y=[10, 12, 13], attrs={"y": {"kind": "share", "units": "%"}}))
    assert event_of(asks(Between(lower=-1.0, upper=120.0)), share) == YES
    assert event_of(asks(Between(lower=20.0, upper=120.0)), share) == row(20.0)
    beyond = "its level 101 lies outside the range (0, 100) of 'y'"
    assert event_of(asks(Between(lower=101.0, upper=120.0)), share) == beyond
    grown = "its level 104 lies outside the range (0, 100) of 'y'"
    assert event_of(asks(OwnPast(since=2012, growth=1.0), 2015), share) == grown


def test_growth_of_what_may_be_negative_is_refused(balances):
    promise = asks(OwnPast(since=2012, growth=0.05))
    assert event_of(promise, balances) == "growth of 0.05 a year is asked of 'y', which may be negative"
    assert event_of(asks(OwnPast(since=2012)), balances) == row(2.5)
    future = asks(OwnPast(growth=0.05), 2014, 2015)
    assert event_of(future, balances) == "growth of 0.05 a year is asked of 'y', which may be negative"


def test_members_differ_in_what_is_settled_and_in_their_levels(panel):
    model = fit(panel.isel(province=[0, 1]))
    last = figures_of(model, "y", 2012)
    assert event_of(asks(9.0, 2012), model) == Settled(holds=(True, False))
    own = event_of(asks(OwnPast(since=2012, growth=0.1), 2014), model)
    assert own.level == pytest.approx(tuple(1.21 * last))
    flow = event_of(total(30.0, 2012, 2013), model)
    assert flow.level == pytest.approx(tuple(30.0 - last))
    mixed = event_of(asks(9.0, 2012, 2014, when=When.ANY_YEAR), model)
    assert mixed == Several(least=1, parts=(Settled(holds=(True, False)), row(9.0, 2014)))


def test_one_member_without_its_figure_keeps_all_from_being_asked(panel):
    model = fit(panel.isel(province=[0, 1]))
    assert np.isnan(figures_of(model, "y", 2007)).tolist() == [False, True]
    assert event_of(asks(OwnPast(since=2007)), model) == "'y' or its level was not observed in 2007"


def test_figures_of_years_and_names_that_are_not_there(model):
    assert np.isnan(figures_of(model, "y", 1999)).tolist() == [True]
    assert figures_of(model, "y", 2012).tolist() == [2.0]
