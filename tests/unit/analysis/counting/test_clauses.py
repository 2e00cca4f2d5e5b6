from __future__ import annotations

import numpy as np
import pytest

from sxsim.analysis.counting.clauses import Clauses
from sxsim.analysis.question import ask
from sxsim.plan import AllOf, AnyOf, AtLeast
from sxsim.simulation import Bars


@pytest.fixture
def model(hand):
    return hand("y", "z")


@pytest.fixture
def asked(model, aim):
    """A plain question of two years, two of three, and another plain one."""
    first, second = aim("P", years=(2013, 2014)), aim("Q", of="z", level=130.0)
    parts = [aim(level=level).condition for level in (110.0, 120.0, 130.0)]
    two = aim("T", condition=AtLeast(count=2, parts=tuple(parts)))
    return [ask(one, model) for one in (first, two, second)]


def bars(questions, joined):
    return Bars(
        rows=np.zeros((0, 4), np.int64),
        levels=np.zeros((1, 0, 3)),
        curved=np.zeros(0, bool),
        kept=np.array([question.kept[0] for question in questions]),
        joined=np.array(joined),
    )


def test_plain_questions_stay_as_they_are(asked):
    plain = Clauses.of([asked[0], asked[2]])
    assert plain.listed == (asked[0], asked[2])
    assert plain.places == (0, 1)
    assert not plain.combined


def test_rows_of_a_combined_question_are_asked_alone(asked):
    clauses = Clauses.of(asked)
    assert clauses.combined
    assert clauses.listed[0] is asked[0]
    assert clauses.listed[-1] is asked[2]
    assert clauses.places == (0, {row: 1 + r for r, row in enumerate(asked[1].rows)}, 4)
    for row, alone in zip(asked[1].rows, clauses.listed[1:4], strict=True):
        assert alone.rows == (row,)
        assert alone.kept.tolist() == [True]
        assert alone.event is None


def test_masks_are_put_together_and_joined(asked):
    masks = np.array([[1, 1, 0, 1], [1, 1, 1, 0], [1, 0, 1, 0], [0, 0, 1, 1], [1, 1, 1, 0]], bool)
    hits = Clauses.of(asked).hits(masks, bars(asked, (0, 1)), 0)
    two = [True, False, True, False]
    assert hits.tolist() == [masks[0].tolist(), two, masks[4].tolist(), [True, False, False, False]]


def test_without_combinations_masks_are_taken_as_they_are(asked):
    plain = [asked[0], asked[2]]
    masks = np.array([[1, 0], [1, 1]], bool)
    hits = Clauses.of(plain).hits(masks, bars(plain, (0, 1)), 0)
    assert hits.tolist() == [[True, False], [True, True], [True, False]]


def test_what_members_have_settled_is_looked_up(panel, aim):
    from sxsim.fitting import fit

    model = fit(panel.isel(province=[0, 1]))
    parts = (aim(level=9.0, years=(2012,)).condition, aim(level=20.0, years=(2014,)).condition)
    either = ask(aim(condition=AnyOf(parts=parts)), model)
    masks = np.array([[0, 1]], bool)
    for place, expected in ((0, [True, True]), (1, [False, True])):
        assert Clauses.of([either]).hits(masks, bars([either], (0,)), place)[0].tolist() == expected
    both = ask(aim(condition=AllOf(parts=parts)), model)
    assert both.event is None
    assert both.kept.tolist() == [True, False]
