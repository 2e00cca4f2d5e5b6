from __future__ import annotations

import pytest

import sxsim as sx
from sxsim.errors import PlanError, RequestError, UnknownNameError
from sxsim.plan import (
    Aim,
    AllOf,
    Benchmark,
    Condition,
    Number,
    OwnPast,
    Relation,
    Target,
    Total,
    Worded,
    at_precision,
    direction_of,
    judged,
    known,
    with_threshold,
)


def condition(level, indicator="firms"):
    return Condition(indicator=indicator, relation=Relation.AT_LEAST, level=level, years=(2020,))


NUMBER = condition(Number(value=2.5))
MOVING = condition(Benchmark(indicator="rd"))
WORD, OTHER = condition(Worded(word="mostly")), condition(Worded(word="partly"))
FLOW = Total(indicator="firms", relation=Relation.AT_LEAST, level=Number(value=9.0), years=(2019, 2020))


def target(promise, **values):
    return Target(id="T1", label="T1", condition=promise, **values)


def test_a_target_is_judged_as_its_figures_are_published():
    chosen = at_precision(target(NUMBER, assumption="2020 is taken."), 0.01)
    verdicts = [judged(chosen.condition, lambda *_, y=y: known(y)).kept.item() for y in (2.494, 2.496)]
    assert verdicts == [False, True]
    assert chosen.assumption == "2020 is taken; ASSUMPTION: compared as published, in steps of 0.01"


def test_the_last_choice_stands_alone():
    twice = at_precision(at_precision(target(NUMBER), 0.1), 0.01)
    assert twice.assumption == "ASSUMPTION: compared as published, in steps of 0.01"
    assert twice.condition.precision == 0.01


def test_only_what_is_held_against_numbers_changes():
    chosen = at_precision(target(AllOf(parts=(NUMBER, MOVING, FLOW, WORD))), 0.1)
    assert [part.precision for part in chosen.condition.parts] == [0.1, 0.0, 0.1, 0.1]
    several = (target(MOVING), target(NUMBER), target(None))
    found = at_precision(several, 0.1)
    assert found[0] is several[0] and found[2] is several[2] and found[1].condition.precision == 0.1


def test_the_figures_of_a_plan_tell_the_step(make_plan):
    figures = [("firms", 2010, 1.25), ("firms", 2011, 1.5), ("firms", 2013, 1.3333), ("rd", 2012, 120.0)]
    plan = make_plan(target(NUMBER), figures=figures)
    chosen = at_precision(plan)
    assert chosen.target("T1").condition.precision == 0.01  # what came after fit_until is not looked at
    assert at_precision(plan, 0.5).target("T1").condition.precision == 0.5
    silent = make_plan(target(NUMBER))
    assert at_precision(silent).targets == silent.targets


@pytest.mark.parametrize(
    ("subject", "step", "message"),
    [
        (target(NUMBER), 0.0, r"step = 0\.0 is not above zero\. Give the step of published figures"),
        (target(NUMBER), -1.0, r"step = -1\.0 is not above zero"),
        (target(NUMBER), None, r"step is missing\. Give the step of published figures, or a whole plan"),
        (target(MOVING), 0.1, r"Target 'T1' is held against no number\. Only fixed levels are judged at"),
    ],
)
def test_a_precision_that_means_nothing_is_refused(subject, step, message):
    with pytest.raises(RequestError, match=message):
        at_precision(subject, step)


def test_words_become_numbers_and_say_so():
    chosen = with_threshold(target(WORD, not_assessable="no number for 'mostly'"), 80.0)
    assert chosen.condition.level == Worded(word="mostly", threshold=80.0)
    assert chosen.assumption == "ASSUMPTION: 'mostly' is read as 80"
    assert chosen.not_assessable == ""
    assert with_threshold(chosen, 70).assumption == "ASSUMPTION: 'mostly' is read as 70"


def test_of_several_words_each_is_read_by_itself():
    both = target(AllOf(parts=(WORD, NUMBER, OTHER)), not_assessable="two words")
    one = with_threshold(both, 80.0, word="mostly")
    assert [part.level for part in one.condition.parts[1:]] == [Number(value=2.5), Worded(word="partly")]
    assert one.not_assessable == "two words"
    two = with_threshold(one, 30.0, word="partly")
    assert two.not_assessable == ""
    assert two.assumption == "ASSUMPTION: 'mostly' is read as 80; ASSUMPTION: 'partly' is read as 30"


def test_a_plan_is_read_as_a_whole(make_plan):
    plan = make_plan(
        target(AllOf(parts=(WORD, OTHER))),
        Target(id="T2", label="T2", condition=WORD),
        Target(id="T3", label="T3"),
    )
    chosen = with_threshold(plan, 80.0, word="mostly")
    assert [one.assumption for one in chosen.targets] == ["ASSUMPTION: 'mostly' is read as 80"] * 2 + [""]
    with pytest.raises(RequestError, match=r"Plan 'demo' has several words: 'mostly', 'partly'"):
        with_threshold(plan, 80.0)
    with pytest.raises(RequestError, match=r"Plan 'demo' has no words for a level"):
        with_threshold(make_plan(target(NUMBER)), 80.0)


def test_words_that_are_not_there_are_refused():
    with pytest.raises(
        RequestError, match=r"Target 'T1' has no words for a level\. It is judged as it stands"
    ):
        with_threshold(target(NUMBER), 80.0)
    both = target(AllOf(parts=(WORD, OTHER)))
    with pytest.raises(
        RequestError, match=r"'T1' has several words: 'mostly', 'partly'\. Say which with word="
    ):
        with_threshold(both, 80.0)
    with pytest.raises(UnknownNameError, match=r"Target 'T1' does not say 'most'\. Did you mean 'mostly'"):
        with_threshold(both, 80.0, word="most")
    with pytest.raises(PlanError, match="threshold = inf is not a finite number"):
        with_threshold(target(WORD), float("inf"))


def test_an_aim_becomes_a_direction():
    aim = Aim(id="A1", label="More firms", text="more firms", line=3, indicator="firms", lead_units=("u",))
    found = direction_of(aim, since=2013, year=2020)
    assert found.condition == condition(OwnPast(since=2013))
    assert (found.id, found.text, found.line, found.lead_units) == ("A1", "more firms", 3, ("u",))
    assert found.assumption == "ASSUMPTION: a direction, read as above 2013 in 2020"
    less = direction_of(aim, since=2013, year=2020, relation=Relation.AT_MOST)
    assert less.condition.relation is Relation.AT_MOST and "below 2013" in less.assumption
    with pytest.raises(PlanError, match="since = 2020 is not before 2020"):
        direction_of(aim, since=2020, year=2020)
    with pytest.raises(RequestError, match=r"Aim 'A2' names no indicator\. Choose an aim with one"):
        direction_of(Aim(id="A2", label="Better"), since=2013, year=2020)


def test_what_was_chosen_stands_beside_the_probability():
    plan = sx.load_plan("shanxi-2014")
    model = sx.fit(plan.history, until=2012)
    chosen = at_precision(plan.target("S5"), 1.0)
    odds = sx.attainment(model, [plan.target("S5"), Target(**_fields(chosen) | {"id": "S5p"})])
    assert "in steps of 1" in str(odds["assumption"].sel(target="S5p").item())
    assert float(odds["probability"].diff("target").item()) > 0


def _fields(one):
    return {name: getattr(one, name) for name in one.__dataclass_fields__}
