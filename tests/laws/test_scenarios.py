"""No scenario's numbers depend on which others stand beside it, whatever it does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import import_module

import numpy as np
import pytest
import xarray as xr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from sxsim.analysis import Hits, attainment, compare
from sxsim.analysis.counting.monte_carlo import counted_answers
from sxsim.analysis.question import ask
from sxsim.analysis.routes import Desk, policies_for
from sxsim.links import Log
from sxsim.plan import (
    TREND,
    Condition,
    Number,
    PlannedGrowth,
    Relation,
    Scenario,
    Target,
    TargetRevision,
)
from sxsim.processes import Grown, GrowthModel, RandomWalk
from sxsim.scenarios import Policy, compile_scenarios
from sxsim.scenarios.channels import Channels
from sxsim.scenarios.policy import Moves
from sxsim.simulation import MonteCarlo, simulate
from sxsim.streams import Seed

DRAWS = 3000
PLANNED = PlannedGrowth(indicator="y", base_value=100.0, base_year=2012, growth=0.08)
ALL = (
    TREND,
    Scenario(id="same", label="No change"),
    Scenario(id="push", label="Push", changes=(PLANNED,)),
    Scenario(id="unsure", label="A push of unknown strength"),
    Scenario(id="both", label="Both", changes=(PLANNED,)),
    Scenario(id="wild", label="Another world"),
    Scenario(
        id="revised",
        label="Revised",
        changes=(TargetRevision(target="T1", value=105.0, year=2014, probability=0.5),),
    ),
)


@dataclass(frozen=True)
class Unsure:
    """A growth of the level that grows with the years by an unknown strength."""

    name: str
    mean: float
    spread: float

    def add(self, numbers, into: Mapping[str, np.ndarray], steps, place: int) -> None:
        if self.name in into:
            strength = self.mean + self.spread * numbers.strength("lever")
            into[self.name] += np.arange(1, len(into[self.name]) + 1)[:, None] * strength


def wilder(model):
    """The same model with more volatility in one indicator, on the same streams."""
    grown = [
        Grown(
            name=one.name,
            carrier=one.carrier,
            law=RandomWalk(drift=0.05, sigma=0.2) if one.name == "y" else one.law,
            last_value=one.last_value,
            last_year=one.last_year,
        )
        for one in model.indicators
    ]
    return GrowthModel(indicators=tuple(grown), last_year=model.last_year, correlation=CORRELATION)


CORRELATION = np.array([[1.0, 0.5], [0.5, 1.0]])


@pytest.fixture
def model():
    walk = RandomWalk(drift=0.05, sigma=0.1)
    grown = [Grown(name=name, carrier=Log(), law=walk, last_value=100.0, last_year=2012) for name in "yz"]
    return GrowthModel(indicators=tuple(grown), last_year=2012, correlation=CORRELATION)


@pytest.fixture
def compiled(model, monkeypatch):
    """Scenarios by hand: those named so differ from draw to draw, or have a world of their own."""
    wild = wilder(model)
    moves = Moves(
        sways=(Unsure("y", 0.02, 0.01),), deciders=(), channels=Channels.none(), names=frozenset(["y"])
    )

    def compile_some(scenarios, source, horizon):
        found = []
        for policy in compile_scenarios(scenarios, source, horizon):
            swayed = moves if policy.scenario in ("unsure", "both") else None
            world = wild if policy.scenario == "wild" else source
            found.append(
                Policy(
                    scenario=policy.scenario,
                    model=world,
                    offsets=policy.offsets,
                    moves=swayed,
                    revisions=policy.revisions,
                )
            )
        return tuple(found)

    monkeypatch.setattr("sxsim.analysis.routes.compile_scenarios", compile_some)
    monkeypatch.setattr(import_module("sxsim.simulation.simulate"), "compile_scenarios", compile_some)


def aim(name, *, of="y", level=120.0, years=(2015,)):
    """A target of at least some level."""
    side, number = Relation.AT_LEAST, Number(value=level)
    return Target(
        id=name,
        label=name,
        condition=Condition(indicator=of, relation=side, level=number, years=years),
    )


@pytest.fixture
def targets():
    return [
        aim("T1"),
        aim("T2", of="z", level=110.0),
        aim("T3", of="y", level=90.0, years=(2013, 2014, 2015)),
    ]


def answers(model, targets, scenarios):
    """Everything a user may ask of some scenarios, held against the first of them."""
    base = scenarios[0].id
    by = MonteCarlo(draws=DRAWS)
    return {
        "odds": attainment(model, targets, scenarios=scenarios, rng=5),
        "counted": attainment(model, targets, scenarios=scenarios, method=by, rng=5),
        "compared": compare(model, targets, scenarios=scenarios, baseline=base, method=by, rng=5),
        "hits": simulate(model, scenarios, until=2015, draws=DRAWS, rng=5, keep=Hits(targets)),
        "paths": simulate(model, scenarios, until=2015, draws=300, rng=5),
    }


def without_revised(data):
    """What is there also where no scenario revises."""
    added = [name for name in data.data_vars if str(name).startswith("joint_revised")]
    kept = data.drop_vars(added)
    if "target" in kept.dims:
        kept = kept.sel(target=[name for name in kept.target.values if not name.endswith(":revised")])
    return kept


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.lists(st.sampled_from(ALL[1:]), unique=True, min_size=1, max_size=4))
def test_other_scenarios_and_their_order_leave_every_number(compiled, model, targets, chosen):
    together = answers(model, targets, [TREND, *chosen])
    for scenario in chosen:
        alone = answers(model, targets, [TREND, scenario])
        for name, found in together.items():
            xr.testing.assert_equal(
                without_revised(found.sel(scenario=["trend", scenario.id])), without_revised(alone[name])
            )


def test_a_scenario_without_changes_equals_the_baseline_bit_for_bit(compiled, model, targets):
    found = answers(model, targets, list(ALL))
    for name in ("odds", "counted", "hits", "paths"):
        one, other = (found[name].sel(scenario=scenario, drop=True) for scenario in ("same", "trend"))
        xr.testing.assert_equal(one, other)
    same = found["compared"].sel(scenario="same")
    assert (same.difference == 0).all()
    assert same.joint_difference == 0


def test_the_scenarios_of_this_law_do_differ(compiled, model, targets):
    found = answers(model, targets, list(ALL))
    values = found["counted"].probability.sel(target="T1").values
    assert len(set(values.tolist())) == len(ALL) - 2  # two of them leave the path and the original target


def test_differences_across_worlds_and_draws_are_paired(compiled, model, targets):
    scenarios = [one for one in ALL if one.id in ("trend", "unsure", "wild")]
    runs = [
        compare(model, targets[:2], scenarios=scenarios, method=MonteCarlo(draws=1000), rng=seed)
        for seed in range(60)
    ]
    for scenario in ("unsure", "wild"):
        picked = [run.sel(scenario=scenario, target="T1") for run in runs]
        spread = np.std([one.difference.item() for one in picked], ddof=1)
        stated = np.mean([one.standard_error.item() for one in picked])
        assert abs(spread / stated - 1) < 4 / np.sqrt(2 * 60)
        share = attainment(model, targets[0], rng=1).probability.item()
        assert stated < 0.8 * np.sqrt(2 * share * (1 - share) / 1000)


def test_what_is_known_without_an_unknown_strength_helps_to_count_with_it(compiled, model, targets):
    scenario = ALL[3]
    helped = attainment(model, targets, scenarios=scenario, rng=1)
    plain = attainment(model, targets, scenarios=scenario, method=MonteCarlo(draws=100_000), rng=2)
    assert helped.route.values.tolist()[0] == [
        "monte-carlo with control",
        "exact",
        "monte-carlo with control",
    ]
    for name, error in (("probability", "standard_error"), ("joint", "joint_standard_error")):
        apart = abs(helped[name] - plain[name]) / np.hypot(helped[error], plain[error])
        assert float(apart.max()) < 4
    assert float(helped.standard_error[0, 0]) < 0.8 * float(plain.standard_error[0, 0])
    # The level of 2015 is normal: the strength moves it by three times its mean and adds to its variance.
    level, spread = np.log(1.2) - 3 * (0.05 + 0.02), np.hypot(np.sqrt(3) * 0.1, 3 * 0.01)
    truth = stats.norm.sf(level / spread)
    assert abs(helped.probability.values[0, 0] - truth) < 4 * helped.standard_error.values[0, 0]


def test_errors_of_helped_counts_are_those_over_seeds(compiled, model, targets):
    questions = [ask(target, model) for target in targets[:2]]
    [policy] = policies_for(questions, model, [ALL[3]])
    desk = Desk(method=None, seed=Seed.of(0))
    known = desk.answers(questions, questions, replace(policy, moves=None))
    steady, seeds, method = [[*known[0], known[1]]], 100, MonteCarlo(draws=2000)
    runs = []
    for seed in map(Seed.of, range(seeds)):
        [(answers, joint)] = counted_answers(
            questions, questions, model, [policy], method=method, seed=seed, steady=steady
        )
        runs.append([(one.probability[0], one.standard_error[0]) for one in (answers[0], joint)])
    spread = np.std([[p for p, _ in run] for run in runs], axis=0, ddof=1)
    stated = np.mean([[error for _, error in run] for run in runs], axis=0)
    assert (abs(spread / stated - 1) < 4 / np.sqrt(2 * seeds)).all()
