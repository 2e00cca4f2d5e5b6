from __future__ import annotations

import numpy as np
import pytest

from sxsim.plan import AnyOf, Condition, Number, Relation, Target, Total, When
from sxsim.studies import Outcome, Verdict, outcomes

CONDITION = {"indicator": "y", "relation": Relation.AT_LEAST, "level": Number(value=2.5)}


@pytest.fixture
def history(table):
    """Figures to 2020: `y` up to 2019, a moving level `z`, and bounds of `y` for 2020."""
    nan = np.nan
    return table(
        last=2020,
        y=[1.0, 2.0, 3.0, nan],
        z=[1.5, 1.5, 1.5, 1.5],
        y_lower_bound=[nan, nan, nan, 3.5],
        y_upper_bound=[nan, nan, nan, 4.5],
        empty=[nan] * 4,
    )


def judge(target, history):
    (found,) = outcomes([target], history)
    return found


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({"level": 3.0}, Verdict.HIT),
        ({"level": 3.01}, Verdict.MISSED),
        ({"level": 3.0, "relation": Relation.AT_MOST}, Verdict.HIT),
        ({"level": 2.9, "relation": Relation.AT_MOST}, Verdict.MISSED),
        ({"level": "z"}, Verdict.HIT),
        ({"level": "z", "relation": Relation.AT_MOST}, Verdict.MISSED),
    ],
)
def test_a_published_figure_decides(history, aim, values, verdict):
    assert judge(aim(years=(2019,), **values), history) == Outcome(verdict=verdict, value=3.0)


def test_every_year_must_be_kept(history, aim):
    assert judge(aim(level=1.0, years=(2017, 2018, 2019)), history) == Outcome(verdict=Verdict.HIT, value=3.0)
    assert judge(aim(level="z", years=(2017, 2018, 2019)), history).verdict is Verdict.MISSED


def test_one_broken_year_decides_even_where_others_are_missing(history, aim):
    found = judge(aim(level=1.5, years=(2015, 2017, 2019)), history)
    assert (found.verdict, found.value) == (Verdict.MISSED, 3.0)


@pytest.mark.parametrize(
    ("level", "relation", "verdict"),
    [
        (3.0, Relation.AT_LEAST, Verdict.HIT),
        (3.5, Relation.AT_LEAST, Verdict.HIT),
        (5.0, Relation.AT_LEAST, Verdict.MISSED),
        (5.0, Relation.AT_MOST, Verdict.HIT),
        (3.0, Relation.AT_MOST, Verdict.MISSED),
        ("z", Relation.AT_LEAST, Verdict.HIT),
    ],
)
def test_published_bounds_may_decide(history, aim, level, relation, verdict):
    found = judge(aim(level=level, relation=relation, years=(2020,)), history)
    assert found.verdict is verdict
    assert np.isnan(found.value)
    assert found.note == "by its bounds, 3.5 to 4.5 in 2020"


def test_bounds_on_both_sides_decide_nothing(history, aim):
    found = judge(aim(level=4.0, years=(2020,)), history)
    assert (found.verdict, found.note) == (Verdict.UNKNOWN, "between 3.5 and 4.5 in 2020")


def test_a_figure_stands_above_its_bounds(history, aim):
    history["y_lower_bound"][2], history["y_upper_bound"][2] = 8.0, 9.0
    assert judge(aim(level=5.0, years=(2019,)), history) == Outcome(verdict=Verdict.MISSED, value=3.0)


def test_notes_of_several_years_are_told_once(history, aim):
    history["y_lower_bound"][1:], history["y_upper_bound"][1:] = 3.5, 4.5
    history["y"][1:] = np.nan
    found = judge(aim(level=3.0, years=(2018, 2019)), history)
    assert found.verdict is Verdict.HIT
    assert found.note == "by its bounds, 3.5 to 4.5 in 2018; by its bounds, 3.5 to 4.5 in 2019"


@pytest.mark.parametrize(("year", "note"), [(2020, "3 in 2019"), (2025, "3 in 2019"), (2014, "1 in 2017")])
def test_where_nothing_was_published_the_nearest_figure_is_named(history, aim, year, note):
    plain = history.drop_vars(["y_lower_bound", "y_upper_bound"])
    found = judge(aim(level=2.0, years=(year,)), plain)
    assert found.verdict is Verdict.UNKNOWN
    assert np.isnan(found.value)
    assert found.note == note


def test_kept_so_far_is_not_kept_to_the_end(history, aim):
    plain = history.drop_vars(["y_lower_bound", "y_upper_bound"])
    found = judge(aim(level=1.0, years=(2018, 2019, 2020)), plain)
    assert (found.verdict, found.note) == (Verdict.UNKNOWN, "3 in 2019")


def test_a_moving_level_that_was_not_published_leaves_it_open(history, aim):
    found = judge(aim(level="empty", years=(2019,)), history)
    assert (found.verdict, found.value) == (Verdict.UNKNOWN, 3.0)
    assert judge(aim(level="nothing", years=(2019,)), history).verdict is Verdict.UNKNOWN


def test_without_a_series_or_a_condition_nothing_is_known(history, panel, aim):
    unknown = Outcome(verdict=Verdict.UNKNOWN)
    for found in (
        judge(aim(of="nothing"), history),
        judge(aim(condition=None), history),
        judge(aim(level=1.0, years=(2012,)), panel),
        judge(aim(of="empty", years=(2019,)), history),
    ):
        assert (found.verdict, found.note) == (unknown.verdict, unknown.note)
        assert np.isnan(found.value)


def test_every_target_is_judged_in_its_place(history, aim):
    found = outcomes([aim("A", level=3.0, years=(2019,)), aim("B", condition=None)], history)
    assert [one.verdict.value for one in found] == ["hit", "unknown"]
    assert outcomes([], history) == []


@pytest.mark.parametrize(
    ("promise", "verdict", "value"),
    [
        (Total(**CONDITION, years=(2010, 2011)), Verdict.HIT, 3.0),
        (Total(**CONDITION, years=(2011, 2012)), Verdict.UNKNOWN, np.nan),
        (Condition(**CONDITION, years=(2010, 2011, 2012), when=When.ANY_YEAR), Verdict.UNKNOWN, 2.0),
        (Condition(**CONDITION | {"level": Number(value=2.0)}, years=(2010, 2011), when=When.ANY_YEAR),
         Verdict.HIT, 2.0),
        (AnyOf(parts=(Total(**CONDITION, years=(2010, 2011)),)), Verdict.HIT, np.nan),
        (AnyOf(parts=(Total(**CONDITION, years=(2011, 2012)),)), Verdict.UNKNOWN, np.nan),
    ],
)  # fmt: skip
def test_the_figure_beside_a_verdict_is_what_decided_it(table, promise, verdict, value):
    seen = table(last=2011, y=[1.0, 2.0])
    [found] = outcomes([Target(id="T", label="T", condition=promise)], seen)
    assert found.verdict is verdict
    np.testing.assert_equal(found.value, value)
    assert found.note == "" or not isinstance(promise, AnyOf)
