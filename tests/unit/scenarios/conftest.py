"""Scenarios of few words, a world that is a table, and numbers that are given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

import sxsim as sx
from sxsim.plan import Effect, EffectUnit, Lever, Pull, RandomEvent, Scenario, Shock
from sxsim.processes import Grown, GrowthModel
from sxsim.scenarios import compile_scenarios


@pytest.fixture
def effect():
    def make(size, unit=EffectUnit.UNITS, of="y", **more):
        return Effect(indicator=of, size=size, unit=unit, **more)

    return make


@pytest.fixture
def pull(effect):
    """A pulled lever with one effect, or those given."""

    def make(size=1.0, unit=EffectUnit.UNITS, *, of="y", name="L1", effects=(), start=2013, end=None, **more):
        dose = more.pop("dose", 1.0)
        lever = Lever(id=name, label=name, effects=effects or (effect(size, unit, of),), **more)
        return Pull(lever=lever, start=start, end=end, dose=dose)

    return make


@pytest.fixture
def shock(effect):
    def make(size=1.0, unit=EffectUnit.UNITS, *, of="y", name="s", year=2014, recovery=None):
        effects = (effect(size, unit, of),)
        return Shock(id=name, label=name, effects=effects, year=year, recovery=recovery)

    return make


@pytest.fixture
def event(effect):
    def make(size=1.0, unit=EffectUnit.UNITS, *, of="y", name="e", probability=0.3, **more):
        effects = (effect(size, unit, of),)
        return RandomEvent(id=name, label=name, effects=effects, probability=probability, **more)

    return make


@pytest.fixture
def compiled():
    """The policy of one scenario with some changes."""

    def make(model, *changes, horizon=6, name="s"):
        [policy] = compile_scenarios([Scenario(id=name, label=name, changes=changes)], model, horizon)
        return policy

    return make


@pytest.fixture
def walks():
    """A hand-made model of random walks on given carriers, by name: carrier, last value, drift."""

    def make(**series):
        grown = tuple(
            Grown(
                name=name,
                carrier=carrier,
                law=sx.RandomWalk(drift=drift, sigma=0.1),
                last_value=value,
                last_year=2012,
            )
            for name, (carrier, value, drift) in series.items()
        )
        return GrowthModel(indicators=grown, last_year=2012)

    return make


@dataclass(frozen=True)
class Given:
    """Numbers by owner, kept so that everybody who asks is told the same."""

    years: int
    draws: int
    seed: int = 0

    def strength(self, owner):
        return np.random.default_rng([self.seed, *owner.encode()]).standard_normal(self.draws)

    def once(self, key, make, numbers):
        return make(numbers)

    def events(self, owner):
        rng = np.random.default_rng([self.seed, 7, *owner.encode()])
        shape = (self.years, self.draws)
        return rng.random(shape), rng.standard_normal(shape)


@pytest.fixture
def given():
    return Given
