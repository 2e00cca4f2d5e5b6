"""The scenarios of the bundled plan: told, resolved, and resting on numbers that can be computed again."""

from __future__ import annotations

import re

import numpy as np
import pytest

import sxsim as sx
from sxsim.plan import (
    GivenPath,
    LinearRamp,
    PlannedGrowth,
    Pull,
    RandomEvent,
    Review,
    SCurveRamp,
    StepRamp,
    TargetRevision,
    Transmission,
)

NAMES = (
    "trend", "as_planned", "national_pace", "coal_downturn", "early_push", "late_start",
    "levers_by_chapter", "midterm_review", "targets_revised",
)  # fmt: skip
PULLED = ("L1", "L2", "L3", "L11", "L22", "L24", "L25")


@pytest.fixture(scope="module")
def plan():
    return sx.load_plan("shanxi-2014")


def of(plan, scenario, noun):
    return [change for change in plan.scenario(scenario).changes if isinstance(change, noun)]


def figures(plan, name, until=2012):
    known = plan.history[name].sel(year=slice(None, until)).dropna("year")
    return dict(zip(known["year"].values.tolist(), known.values.tolist(), strict=True))


def test_the_nine_are_told_in_both_languages(plan):
    assert tuple(one.id for one in plan.scenarios) == NAMES
    for one in plan.scenarios:
        assert re.search("[一-鿿]", one.label_zh)
        assert one.story.endswith(".") and "\n" not in one.story


def test_the_trend_changes_nothing_and_the_plan_three_medians(plan):
    assert plan.scenario("trend").changes == ()
    assert [one.indicator for one in of(plan, "as_planned", PlannedGrowth)] == [
        "rd_intensity",
        "valid_invention_patents",
        "tech_contract_total",
    ]


def test_all_levers_stand_there_and_those_with_an_effect_are_linked_to_what_they_move(plan):
    assert len(plan.levers) == 25
    assert all(one.targets and one.lead_units for one in plan.levers)
    assert tuple(one.id for one in plan.levers if one.effects) == PULLED
    assert tuple(one.id for one in plan.levers if "H1" in one.targets) == PULLED
    for one in plan.levers:
        conditions = [plan.target(name).condition for name in one.targets if plan.target(name).condition]
        moved = {name for condition in conditions for name in condition.indicators[:1]}
        assert {effect.indicator for effect in one.effects} <= moved
        assert all(effect.origin.startswith("assumption") for effect in one.effects)


def test_the_size_of_a_lever_is_the_plans_growth_less_the_trend(plan):
    model = sx.fit(plan.history, until=2012).select(("rd_intensity",))
    median = sx.forecast(model, until=2020, quantiles=(0.5,))["rd_intensity"].sel(year=2020).item()
    each = 100 * (0.109 - ((median / 1.09) ** (1 / 8) - 1)) / len(PULLED)
    (revised,) = (one for one in of(plan, "targets_revised", TargetRevision) if one.target == "H1")
    assert revised.value == pytest.approx(median, abs=0.005)
    for lever in plan.levers:
        for effect in lever.effects:
            assert effect.size.mode == pytest.approx(each, abs=0.005)
            assert (effect.size.low, effect.size.high) == (0.0, pytest.approx(2 * effect.size.mode))


def test_levers_get_no_effect_where_the_trend_is_above_the_plan(plan):
    names = ("valid_invention_patents", "tech_contract_total")
    model = sx.fit(plan.history, until=2012).select(names)
    medians = sx.forecast(model, until=2020, quantiles=(0.5,)).sel(year=2020)
    for target, name in zip(("H2", "H3"), names, strict=True):
        stated = plan.target(target)
        assert medians[name].item() > stated.base.value * (1 + stated.stated_growth) ** 8


def test_the_slump_is_the_year_2009(plan):
    (slump,) = of(plan, "coal_downturn", RandomEvent)
    gdp = figures(plan, "gdp")
    changes = {year: np.log(gdp[year] / gdp[year - 1]) for year in gdp if year - 1 in gdp}
    bad = changes.pop(2009)
    fall = 100 * np.expm1(bad - np.mean(list(changes.values())))
    assert slump.effects[0].size == pytest.approx(fall, abs=0.05)
    assert slump.probability == 1 / (len(changes) + 1)
    ratio = figures(plan, "rd_intensity", until=2009)
    worst = min(100 * (ratio[year] / ratio[year - 1] - 1) for year in ratio if year - 1 in ratio)
    assert slump.effects[1].size.low == pytest.approx(worst, abs=0.05)


def test_research_reaches_patents_by_their_renewal(plan):
    granted, stock = (
        figures(plan, name)[2012] for name in ("invention_patents_granted", "valid_invention_patents")
    )
    for name in ("coal_downturn", "early_push", "late_start", "levers_by_chapter"):
        (link,) = (one for one in of(plan, name, Transmission) if one.target == "valid_invention_patents")
        assert (link.source, link.lag) == ("rd_intensity", 2)
        assert link.elasticity == pytest.approx(granted / stock, abs=0.005)


def test_early_and_late_differ_in_their_start_alone(plan):
    early, late = (of(plan, name, Pull) for name in ("early_push", "late_start"))
    assert {one.start for one in early} == {2014} and {one.start for one in late} == {2017}
    assert [one.lever for one in early] == [one.lever for one in late]
    assert all(one.lever.ramp == StepRamp() and one.dose == 1 for one in early)


def test_chapters_come_in_as_told(plan):
    pulls = {one.lever.id: (one.start, one.lever.ramp) for one in of(plan, "levers_by_chapter", Pull)}
    three = (2014, LinearRamp(years=3))
    assert pulls == {
        "L1": (2014, StepRamp()), "L2": (2014, StepRamp()), "L3": three, "L22": three, "L24": three,
        "L11": (2015, LinearRamp(years=2)), "L25": (2014, SCurveRamp(years=5)),
    }  # fmt: skip


def test_the_review_adds_at_most_half_a_step_of_the_path(plan):
    rules = of(plan, "midterm_review", Review)
    assert [one.watched for one in rules] == [
        "rd_intensity",
        "valid_invention_patents",
        "tech_contract_total",
    ]
    for one in rules:
        step = one.track.at(2016) - one.track.at(2015)
        assert one.at_most == pytest.approx(step / 2, rel=0.002)
        assert (one.years, one.lag, one.delay, one.lasts, one.gain) == ((2016,), 1, 1, 4, 1 / 4)


def test_what_was_not_known_in_2013_says_so(plan):
    (goals,) = of(plan, "national_pace", GivenPath)
    assert goals.figures == ((2015, 2.2), (2020, 2.5))
    revisions = {one.target: one for one in of(plan, "targets_revised", TargetRevision)}
    assert {name: one.value for name, one in revisions.items()} == {"H1": 1.61, "S5": 1500, "H6b": 50}
    assert all(revisions[name].origin.endswith("not known in 2013") for name in ("S5", "H6b"))
    assert revisions["H1"].origin.startswith("assumption")


@pytest.mark.parametrize("name", NAMES[2:])
def test_every_assumption_is_shown_with_an_origin(plan, name):
    told = plan.scenario(name).assumptions()
    assert told and all(re.search(r"\(.{20,}\)$", str(one)) for one in told)
