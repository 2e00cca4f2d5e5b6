from __future__ import annotations

from itertools import product

import numpy as np
import pytest

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
    judged,
    known,
    sides,
)

NAN = float("nan")


def condition(level=None, *, relation=Relation.AT_LEAST, years=(2020,), **values):
    level = Number(value=2.0) if level is None else level
    return Condition(indicator="y", relation=relation, level=level, years=years, **values)


def said(promise, **figures):
    """Whether it is kept and whether it is possible, by figures such as y20 of 2020."""
    found = judged(promise, lambda name, year: known(np.asarray(figures.get(f"{name}{year - 2000}", NAN))))
    return bool(found.kept), bool(found.possible)


KEPT, BROKEN, OPEN = (True, True), (False, False), (False, True)


@pytest.mark.parametrize(
    ("promise", "figures", "verdict"),
    [
        (condition(), {"y20": 2.0}, KEPT),
        (condition(), {"y20": 1.99}, BROKEN),
        (condition(), {}, OPEN),
        (condition(relation=Relation.AT_MOST), {"y20": 2.0}, KEPT),
        (condition(relation=Relation.AT_MOST), {"y20": 2.01}, BROKEN),
        (condition(Between(lower=1, upper=2), relation=Relation.WITHIN), {"y20": 1.0}, KEPT),
        (condition(Between(lower=1, upper=2), relation=Relation.WITHIN), {"y20": 2.1}, BROKEN),
        (condition(Between(lower=1, upper=2), relation=Relation.WITHIN), {}, OPEN),
        (condition(years=(2019, 2020)), {"y19": 2, "y20": 2}, KEPT),
        (condition(years=(2019, 2020)), {"y19": 1}, BROKEN),
        (condition(years=(2019, 2020)), {"y19": 2}, OPEN),
        (condition(years=(2019, 2020), when=When.ANY_YEAR), {"y19": 2}, KEPT),
        (condition(years=(2019, 2020), when=When.ANY_YEAR), {"y19": 1}, OPEN),
        (condition(years=(2019, 2020), when=When.ANY_YEAR), {"y19": 1, "y20": 1}, BROKEN),
        (condition(Benchmark(indicator="z", times=0.5)), {"y20": 1, "z20": 2}, KEPT),
        (condition(Benchmark(indicator="z", times=0.5)), {"y20": 1, "z20": 2.1}, BROKEN),
        (condition(Benchmark(indicator="z")), {"y20": 1}, OPEN),
        (condition(OwnPast()), {"y19": 1, "y20": 1}, KEPT),
        (condition(OwnPast(), relation=Relation.AT_MOST), {"y19": 1, "y20": 1.1}, BROKEN),
        (condition(OwnPast(since=2018, growth=0.1)), {"y18": 1, "y20": 1.22}, KEPT),
        (condition(OwnPast(since=2018, growth=0.1)), {"y18": 1, "y20": 1.2}, BROKEN),
        (condition(OwnPast(since=2018)), {"y20": 1.2}, OPEN),
        (condition(Worded(word="mostly")), {"y20": 99}, OPEN),
        (condition(Worded(word="mostly", threshold=80)), {"y20": 99}, KEPT),
        (condition(Worded(word="mostly", threshold=80)), {"y20": 9}, BROKEN),
        # what is known of one year can decide what is not known of another
        (condition(precision=0.1), {"y20": 1.96}, KEPT),
        (condition(precision=0.1), {"y20": 1.94}, BROKEN),
    ],
)
def test_a_condition_is_kept_broken_or_open(promise, figures, verdict):
    assert said(promise, **figures) == verdict


@pytest.mark.parametrize(
    ("relation", "level", "figures", "verdict"),
    [
        (Relation.AT_LEAST, Number(value=5), {"y19": 2, "y20": 3}, KEPT),
        (Relation.AT_LEAST, Number(value=5), {"y19": 2, "y20": 2.9}, BROKEN),
        (Relation.AT_LEAST, Number(value=5), {"y19": 9}, OPEN),
        (Relation.WITHIN, Between(lower=4, upper=5), {"y19": 2, "y20": 2.5}, KEPT),
        (Relation.WITHIN, Between(lower=4, upper=5), {"y19": 2, "y20": 3.5}, BROKEN),
    ],
)
def test_a_total_is_judged_by_its_sum(relation, level, figures, verdict):
    flow = Total(indicator="y", relation=relation, level=level, years=(2019, 2020))
    assert said(flow, **figures) == verdict


def test_combinations_count_what_holds():
    """Every combination of three answers, against counting by hand."""
    parts = tuple(condition(years=(year,)) for year in (2018, 2019, 2020))
    for answers in product((1.0, 2.0, NAN), repeat=3):
        figures = dict(zip(("y18", "y19", "y20"), answers, strict=True))
        sure = sum(one == 2.0 for one in answers)
        may = sum(one != 1.0 for one in answers)
        for promise in (AllOf(parts=parts), AnyOf(parts=parts), AtLeast(parts=parts, count=2)):
            assert said(promise, **figures) == (sure >= promise.least, may >= promise.least)


def test_bounds_decide_where_they_lie_on_one_side():
    def between(low, high):
        return lambda name, year: (np.asarray(low), np.asarray(high))

    assert judged(condition(), between(2.1, 3.0)).kept
    assert not judged(condition(), between(1.0, 1.9)).possible
    assert judged(condition(), between(1.0, 3.0)).open


def test_figures_of_many_members_are_judged_at_once():
    found = judged(condition(), lambda name, year: known(np.array([1.0, 2.0, NAN])))
    assert found.kept.tolist() == [False, True, False]
    assert found.open.tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("relation", "level", "step", "found"),
    [
        (Relation.AT_LEAST, Number(value=2.5), 0.0, [(1.0, 2.5)]),
        (Relation.AT_LEAST, Number(value=2.5), 0.01, [(1.0, 2.495)]),
        (Relation.AT_LEAST, Number(value=2.53), 0.1, [(1.0, 2.55)]),
        (Relation.AT_MOST, Number(value=2.5), 0.1, [(-1.0, 2.55)]),
        (Relation.AT_LEAST, Number(value=10000), 1.0, [(1.0, 9999.5)]),
        (Relation.WITHIN, Between(lower=1.0, upper=2.0), 0.1, [(1.0, 0.95), (-1.0, 2.05)]),
    ],
)
def test_what_a_published_figure_is_compared_with(relation, level, step, found):
    assert [(sign, pytest.approx(value)) for sign, value in found] == sides(relation, level, step)
