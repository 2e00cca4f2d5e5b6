from __future__ import annotations

import numpy as np
import pytest

from sxsim.analysis.event import Row, Settled, Several, Sum
from sxsim.analysis.promise import event_of
from sxsim.analysis.question import Question, ask, closed, merged
from sxsim.errors import RequestError
from sxsim.fitting import fit
from sxsim.plan import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Condition,
    Number,
    OwnPast,
    Relation,
    Total,
    Worded,
)

MISSING = "the series 'empty' cannot be used: it has no figure at all"
OUTSIDE = "its level 0 lies outside the range (0, inf) of 'y'"


def own(name, level):
    kind = Relation.WITHIN if isinstance(level, Between) else Relation.AT_LEAST
    return Condition(indicator=name, relation=kind, level=level, years=(2015,))


def flow(name, *years):
    return Total(indicator=name, relation=Relation.AT_LEAST, level=Number(value=9.0), years=years)


def test_years_to_come_become_rows(model, aim):
    question = ask(aim(level=2.5, years=(2013, 2016)), model)
    assert isinstance(question, Question)
    assert question.rows == (
        Row(indicator="y", year=2013, sign=1.0, level=2.5, benchmark=None),
        Row(indicator="y", year=2016, sign=1.0, level=2.5, benchmark=None),
    )
    assert question.kept.tolist() == [True]
    assert question.indicators == {"y"}


def test_a_moving_level_is_part_of_the_question(model, aim):
    question = ask(aim(level="z", relation=Relation.AT_MOST), model)
    assert question.rows == (Row(indicator="y", year=2015, sign=-1.0, level=None, benchmark="z"),)
    assert question.indicators == {"y", "z"}


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({"level": 1.7, "years": (2010, 2011, 2013)}, True),
        ({"level": 1.75, "years": (2011, 2013)}, True),
        ({"level": 1.7501, "years": (2011, 2013)}, False),
        ({"level": 1.7, "years": (2009, 2012)}, False),
        ({"level": 1.7, "years": (2009, 2010), "relation": Relation.AT_MOST}, True),
        ({"level": "z", "years": (2010, 2013)}, False),
        ({"level": "z", "years": (2010, 2013), "relation": Relation.AT_MOST}, True),
    ],
)
def test_years_already_seen_are_judged_by_their_figures(model, aim, values, kept):
    question = ask(aim(**values), model)
    assert question.kept.tolist() == [kept]
    assert all(row.year == 2013 for row in question.rows)


def test_each_member_of_a_batch_is_judged(panel, aim):
    question = ask(aim(level=9.0, years=(2012, 2014)), fit(panel.isel(province=[0, 1])))
    assert question.kept.tolist() == [True, False]


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"not_assessable": "nobody counted"}, "nobody counted"),
        ({"condition": None}, "the plan states no condition that can be tested"),
        ({"of": "rd"}, "there is no series 'rd'"),
        ({"level": "rd"}, "there is no series 'rd'"),
        ({"of": "empty"}, "the series 'empty' cannot be used: it has no figure at all"),
        ({"level": "empty"}, "the series 'empty' cannot be used: it has no figure at all"),
        ({"level": 0.0}, "its level 0 lies outside the range (0, inf) of 'y'"),
        ({"level": -3.5}, "its level -3.5 lies outside the range (0, inf) of 'y'"),
        ({"level": 1.5, "years": (1999, 2015)}, "'y' or its level was not observed in 1999"),
        ({"level": "z", "years": (1999, 2015)}, "'y' or its level was not observed in 1999"),
    ],
)
def test_the_reason_says_what_is_missing(model, aim, values, reason):
    assert ask(aim(**values), model) == reason


def test_a_share_is_only_asked_inside_its_bounds(table, aim):
    share = fit(table(y=[10, 12, 13], attrs={"y": {"kind": "share", "units": "%"}}))
    assert ask(aim(level=100.0), share) == "its level 100 lies outside the range (0, 100) of 'y'"
    assert isinstance(ask(aim(level=99.9), share), Question)


def test_a_gap_in_the_years_seen_is_a_reason(table, aim):
    holes = fit(table(y=[1.0, np.nan, 1.3, 1.4]))
    assert ask(aim(level=1.2, years=(2010, 2015)), holes) == "'y' or its level was not observed in 2010"


def test_a_hand_made_model_has_seen_its_last_figure_and_nothing_else(hand, aim):
    assert ask(aim(years=(2011, 2015)), hand()) == "'y' or its level was not observed in 2011"
    last = float(hand()["y"].last_value)
    for level, kept in ((last, True), (1.01 * last, False)):
        assert ask(aim(level=level, years=(2012, 2015)), hand()).kept.tolist() == [kept]


def test_the_reason_of_a_series_cut_off_names_its_first_year(table, aim):
    model = fit(table(y=[1, 2, 3], z=[np.nan, np.nan, 4]), until=2011)
    expected = "the series 'z' cannot be used: it has no figure up to 2011; the first is for 2012"
    assert ask(aim(of="z"), model) == expected


def test_refuses_a_level_of_another_batch(panel, aim):
    model = fit(panel.assign(single=("year", panel.y.values[0])))
    with pytest.raises(
        RequestError, match=r"'y' and 'single' differ in their dimensions\. Give both the same batch"
    ):
        ask(aim(level="single"), model)


GROWN = OwnPast(since=2012, growth=0.05)


@pytest.mark.parametrize(
    ("promise", "reason"),
    [
        (own("y", Worded(word="基本")), "it says '基本', and no threshold says what that means"),
        (own("y", Between(lower=-3.0, upper=-1.0)), "its level -1 lies outside the range (0, inf) of 'y'"),
        (own("y", OwnPast(since=1999)), "'y' or its level was not observed in 1999"),
        (flow("y", 1999, 2015), "'y' or its level was not observed in 1999"),
        (flow("rd", 2015), "there is no series 'rd'"),
        (AllOf(parts=(own("y", GROWN), own("rd", GROWN))), "there is no series 'rd'"),
        (AnyOf(parts=(own("y", GROWN), own("empty", GROWN))), MISSING),
        (AtLeast(count=1, parts=(own("y", GROWN), own("y", Number(value=0.0)))), OUTSIDE),
    ],
)
def test_one_piece_that_is_missing_is_the_reason_for_the_whole(model, aim, promise, reason):
    assert ask(aim(condition=promise), model) == reason


def test_growth_of_a_balance_is_a_reason(balances, aim):
    reason = "growth of 0.05 a year is asked of 'y', which may be negative"
    assert ask(aim(condition=own("y", GROWN)), balances) == reason


def test_a_conjunction_needs_no_event(model, aim):
    parts = (own("y", Number(value=2.5)), own("z", GROWN))
    question = ask(aim(condition=AllOf(parts=parts)), model)
    assert question.event is None
    assert len(question.rows) == 2
    assert question.indicators == {"y", "z"}
    assert question.whole == Several(least=2, parts=question.rows)


def test_alternatives_keep_their_event_and_each_row_once(model, aim):
    one, two = own("y", Number(value=2.5)), own("z", Number(value=2.5))
    promise = AnyOf(parts=(one, AllOf(parts=(one, two))))
    question = ask(aim(condition=promise), model)
    assert question.event == event_of(promise, model) == question.whole
    assert len(question.rows) == 2
    assert question.kept.tolist() == [True]


def test_what_is_broken_for_some_members_is_kept_apart(panel, aim):
    model = fit(panel.isel(province=[0, 1]))
    parts = (aim(level=9.0, years=(2012,)).condition, aim(level=12.0, years=(2014,)).condition)
    both, either = (ask(aim(condition=kind), model) for kind in (AllOf(parts=parts), AnyOf(parts=parts)))
    assert both.kept.tolist() == [True, False]
    assert either.kept.tolist() == [True, True]
    assert both.whole == Several(least=2, parts=(*both.rows, Settled(holds=(True, False))))


def test_several_questions_are_asked_as_one(model, aim):
    first = ask(aim("A", level=2.5), model)
    second = ask(aim("B", condition=AnyOf(parts=(own("y", GROWN), own("z", GROWN)))), model)
    together = merged([first, second], model)
    assert together.target.id == "A"
    assert together.rows == (*first.rows, *second.rows)
    assert together.indicators == {"y", "z"}
    assert merged([second], model) is second


def test_only_one_row_of_a_number_has_a_closed_form(model):
    fixed = Row(indicator="y", year=2015, sign=1.0, level=2.5)
    assert closed(fixed, model)
    assert not closed(Row(indicator="y", year=2015, sign=1.0, level=None, benchmark="z"), model)
    assert not closed(Sum(indicator="y", years=(2013, 2014), sign=1.0, level=9.0), model)
