"""Inverse questions invert: what they answer, put back, gives the probability that was asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sxsim as sx

FEW = sx.MonteCarlo(draws=8192)
ERRORS = 4.5  # with 100 cases less than one family of seeds in a thousand goes beyond
ROUNDING = 1e-7
UP, DOWN = sx.Relation.AT_LEAST, sx.Relation.AT_MOST


def model_of(rng):
    """Four correlated indicators: an amount, a share, what may be negative, and a benchmark."""
    laws = {
        "a": sx.RandomWalk(drift=rng.uniform(-0.05, 0.1), sigma=rng.uniform(0.03, 0.2)),
        "b": sx.AutoregressiveGrowth(
            drift=rng.uniform(-0.05, 0.1), phi=rng.uniform(0, 0.8), sigma=rng.uniform(0.03, 0.1)
        ),
        "c": sx.RandomWalk(drift=rng.uniform(-0.1, 0.1), sigma=rng.uniform(0.05, 0.2)),
        "d": sx.RandomWalk(drift=0.03, sigma=0.05),
    }
    share = sx.Odds(lower=0.0, upper=100.0)
    carriers = {"a": sx.Log(), "b": share, "c": sx.Linear(scale=10.0), "d": sx.Log()}
    loads = rng.normal(size=(4, 4))
    cover = loads @ loads.T + 0.5 * np.eye(4)
    spread = np.sqrt(np.diag(cover))
    grown = tuple(
        sx.Grown(name=name, carrier=carriers[name], law=law, last_value=40.0, last_year=2012)
        for name, law in laws.items()
    )
    return sx.GrowthModel(indicators=grown, last_year=2012, correlation=cover / np.outer(spread, spread))


def condition_of(rng, relation=None, kind=None):
    """A condition of any kind: one year, several, any of them, a total, a moving level, the year before."""
    name, level = str(rng.choice(list("abc"))), float(rng.uniform(30, 60))
    relation = relation or (UP if rng.random() < 0.7 else DOWN)
    last, kind = int(rng.integers(2014, 2021)), int(rng.integers(6)) if kind is None else kind
    years = tuple(range(2013, last + 1))
    if kind == 2:
        total = sx.Number(value=level * len(years))
        return sx.Total(indicator=name, relation=relation, level=total, years=years)
    own = 0.02 if name == "a" else 0.0
    goal = {3: sx.Benchmark(indicator="d"), 4: sx.OwnPast(growth=own)}
    return sx.Condition(
        indicator=name,
        relation=relation,
        level=goal.get(kind, sx.Number(value=level)),
        years=years[-2:] if kind in (1, 5) else (last,),
        when=sx.When.ANY_YEAR if kind == 5 else sx.When.EVERY_YEAR,
    )


def promise_of(rng):
    """A condition, all of three, or at least some of them."""
    kind = int(rng.integers(6))
    if kind < 4:
        return condition_of(rng)
    if kind == 4:
        return sx.AllOf(parts=tuple(condition_of(rng) for _ in range(3)))
    relation = UP if rng.random() < 0.7 else DOWN
    parts = tuple(condition_of(rng, relation) for _ in range(3))
    return sx.AtLeast(count=int(rng.integers(1, 4)), parts=parts)


def parts_of(promise):
    if isinstance(promise, sx.Condition | sx.Total):
        return [promise]
    return [one for part in promise.parts for one in parts_of(part)]


def with_growth(required, target, model):
    """A scenario in which a lever brings so much more growth, down for what only has to be low."""
    relations = {}
    for one in parts_of(target.condition):
        relations.setdefault(one.indicator, set()).add(one.relation)
    effects = []
    for name, asked in relations.items():
        carrier = model[name].carrier
        linear = isinstance(carrier, sx.Linear)
        size = (-required if asked == {DOWN} else required) * (carrier.scale if linear else 100.0)
        unit = sx.EffectUnit.UNITS_A_YEAR if linear else sx.EffectUnit.LOG_A_YEAR
        effects.append(sx.Effect(indicator=name, size=size, unit=unit, origin="an answer put back"))
    lever = sx.Lever(id="more", label="More growth", effects=tuple(effects))
    return sx.Scenario(id="more", label="More", changes=(sx.Pull(lever=lever, start=2013),))


def target_of(condition, name="T"):
    return sx.Target(id=name, label=name, condition=condition)


def returns(back, share, found):
    """Whether a probability is what was asked for, within the errors of both answers."""
    error = np.hypot(found.achieved_error, back.standard_error) + ROUNDING
    return abs(float(back.probability) - share) <= ERRORS * float(error)


@pytest.mark.parametrize("seed", range(100))
def test_growth_that_is_found_gives_the_probability_that_was_asked_for(seed):
    rng = np.random.default_rng(seed)
    model, share = model_of(rng), float(rng.uniform(0.1, 0.9))
    target = target_of(promise_of(rng))
    method = FEW if seed % 2 else None
    found = sx.goal_seek(model, target, probability=share, method=method, rng=seed).squeeze()
    if found.status == sx.GoalStatus.UNREACHABLE.value:
        assert found.achieved < share and np.isnan(found.required)
    else:
        more = with_growth(float(found.required), target, model)
        back = sx.attainment(model, target, scenarios=more, rng=1000 + seed).squeeze()
        assert returns(back, float(found.achieved), found)
        kept_anyway = found.required == 0 and found.achieved >= share  # a range, which more or less may miss
        assert kept_anyway or abs(float(found.achieved) - share) <= 1.0 / FEW.draws
        assert found.lower <= found.required <= found.upper


@settings(max_examples=15)
@given(st.integers(0, 10**6))
def test_what_is_required_rises_with_the_probability_and_with_the_level(seed):
    rng = np.random.default_rng(seed)
    model, condition = model_of(rng), condition_of(rng, kind=int(rng.choice([0, 1, 2, 5])))
    harder = 0.5 if condition.relation is UP else -0.5
    raised = replace(condition, level=sx.Number(value=condition.level.value + harder))
    targets = [target_of(condition), target_of(raised, "harder")]
    found = sx.goal_seek(model, targets, probability=[0.2, 0.5, 0.8], method=FEW, rng=seed).required
    assert (found.diff("probability") >= 0).all()
    assert (found.sel(target="harder") > found.sel(target="T")).all()


@settings(max_examples=10)
@given(st.integers(0, 10**6))
def test_at_the_level_that_is_found_the_probability_is_the_one_asked_for(seed):
    rng = np.random.default_rng(seed)
    model, share = model_of(rng), float(rng.uniform(0.2, 0.8))
    condition = condition_of(rng, kind=int(rng.choice([0, 1, 2, 5])))
    found = sx.largest_target(model, target_of(condition), probability=share, rng=seed).squeeze()
    asked = replace(condition, level=sx.Number(value=float(found.level)))
    back = sx.attainment(model, target_of(asked), rng=seed + 1).squeeze()
    assert returns(back, share, found)


@settings(max_examples=10)
@given(st.integers(0, 10**6))
def test_a_dose_that_is_found_gives_the_probability_that_was_asked_for(seed):
    rng = np.random.default_rng(seed)
    model, share = model_of(rng), float(rng.uniform(0.2, 0.8))
    sure = rng.random() < 0.7
    size = 5.0 if sure else sx.Elicited(low=2.0, mode=5.0, high=9.0)
    effect = sx.Effect(indicator="a", size=size, unit=sx.EffectUnit.LOG_A_YEAR, origin="a test")
    lever = sx.Lever(id="L", label="L", effects=(effect,), returns=sx.PowerReturns(exponent=0.7))
    level = sx.Number(value=float(rng.uniform(35, 70)))
    target = target_of(sx.Condition(indicator="a", relation=UP, level=level, years=(2018,)))
    method = None if sure else FEW
    found = sx.goal_seek(
        model, target, lever=lever, probability=share, bounds=(0, 4), method=method, rng=1
    ).squeeze()
    dose = 4.0 if np.isnan(found.required) else float(found.required)
    pulled = sx.Scenario(id="s", label="s", changes=(sx.Pull(lever=lever, start=2013, dose=dose),))
    back = sx.attainment(model, target, scenarios=pulled, method=method, rng=seed + 1).squeeze()
    assert returns(back, float(found.achieved), found)
    assert (found.status == "found") == (abs(float(found.achieved) - share) < 0.01)
    if found.status == "not reachable within bounds":
        assert found.achieved < share
    if found.status == "reached already":
        assert found.achieved >= share and dose == 0
