from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np
import pytest
import xarray as xr

from sxsim.analysis import attainment
from sxsim.analysis.counting.monte_carlo import counter_of, setting_of
from sxsim.analysis.question import ask
from sxsim.errors import RequestError
from sxsim.fitting import fit
from sxsim.links import Log, Odds
from sxsim.plan import TREND, PlannedGrowth, Relation, Scenario
from sxsim.processes import (
    Dependence,
    Grown,
    GrowthModel,
    JumpDiffusion,
    Logistic,
    PathProcess,
    RandomWalk,
    StudentShocks,
    counted_change,
)
from sxsim.scenarios import compile_scenarios
from sxsim.simulation import MonteCarlo, Sobol
from sxsim.streams import Seed

CONTROLLED = "monte-carlo with control"
TAILS = StudentShocks(drift=0.03, sigma=0.06, dof=4.0)
FASTER = Scenario(
    id="faster",
    label="Faster",
    changes=(PlannedGrowth(indicator="y", base_value=100.0, base_year=2012, growth=0.05),),
)


def model_of(correlation=0.5, *, ends=2012, **laws):
    grown = tuple(
        Grown(name=name, carrier=Log(), law=law, last_value=100.0, last_year=ends if name == "y" else 2012)
        for name, law in laws.items()
    )
    matrix = np.full((len(laws), len(laws)), correlation)
    np.fill_diagonal(matrix, 1.0)
    return GrowthModel(indicators=grown, last_year=2012, correlation=matrix)


MIXED = model_of(y=TAILS, z=RandomWalk(drift=0.03, sigma=0.1))


def run(model, *targets, draws=20_000, rng=7, scenarios=(TREND,), **more):
    method = MonteCarlo(draws=draws, **more)
    return attainment(model, list(targets), method=method, scenarios=scenarios, rng=rng)


def near(one, other, errors=4.0):
    for name in ("probability", "joint"):
        error = f"{'joint_' if name == 'joint' else ''}standard_error"
        z = np.abs(one[name] - other[name]) / np.hypot(one[error], other[error])
        assert float(z.max()) < errors, name


def test_the_route_says_so_and_the_error_shrinks(aim):
    targets = [aim("E", level=101.0, years=(2014, 2015, 2016)), aim("Z", of="z", level=105.0)]
    plain, helped = (run(MIXED, *targets, control=c) for c in (False, True))
    assert plain.route.values.ravel().tolist() == ["monte-carlo"] * 2
    assert helped.route.values.ravel().tolist() == [CONTROLLED, "monte-carlo"]
    assert helped.joint_route.item() == CONTROLLED
    assert helped.standard_error[0, 0] < 0.4 * plain.standard_error[0, 0]
    assert helped.joint_standard_error < 0.4 * plain.joint_standard_error
    assert helped.probability.sel(target="Z").item() == plain.probability.sel(target="Z").item()
    near(run(MIXED, *targets, control=False, draws=200_000, rng=8), helped)
    assert helped.attrs["method"] == "MonteCarlo(draws=20000)"


def test_gaussian_questions_are_counted_as_they_are(hand, aim):
    target = aim(level=110.0, years=(2013, 2015))
    with_it, without = (run(hand("y", "z"), target, control=c).drop_attrs() for c in (True, False))
    xr.testing.assert_identical(with_it, without)


def test_the_best_route_takes_it(aim):
    odds = attainment(MIXED, [aim("E", level=101.0, years=(2014, 2016)), aim("S", level=101.0)], rng=1)
    assert odds.route.values.ravel().tolist() == [CONTROLLED, "exact"]
    assert odds.attrs["draws"] == 100_000


def test_pairs_are_counted_without(aim):
    odds = run(MIXED, aim("E", level=101.0, years=(2014, 2016)), antithetic=True)
    assert odds.route.item() == "monte-carlo"
    near(odds, run(MIXED, aim("E", level=101.0, years=(2014, 2016))))


def test_a_law_that_is_its_own_twin_is_known_to_the_integral(aim):
    """Logistic growth is a random walk in log odds: the regression leaves one more hit and miss."""
    curve = model_of(y=Logistic(ceiling=250.0, drift=0.15, sigma=0.2))
    odds = Grown(
        name="y",
        carrier=Odds(lower=0.0, upper=250.0),
        law=RandomWalk(drift=0.15, sigma=0.2),
        last_value=100.0,
        last_year=2012,
    )
    walk = GrowthModel(indicators=(odds,), last_year=2012)
    target = aim("E", level=110.0, years=(2013, 2014, 2015, 2016))
    helped = run(curve, target)
    truth = attainment(walk, target, method=Sobol(points=4096), rng=3)
    assert abs(helped.probability.item() - truth.probability.item()) < 4 * np.hypot(
        helped.standard_error.item(), truth.standard_error.item()
    )
    assert helped.standard_error.item() < 3e-4


def test_policies_move_the_bars_of_the_twin_too(aim):
    target = aim("E", level=115.0, years=(2014, 2016))
    targets, both = (target, aim("Z", of="z", level=105.0)), (TREND, FASTER)
    helped = run(MIXED, *targets, scenarios=both)
    plain = run(
        MIXED,
        target,
        aim("Z", of="z", level=105.0),
        scenarios=(TREND, FASTER),
        control=False,
        draws=200_000,
        rng=8,
    )
    near(helped, plain)
    assert (helped.standard_error.sel(target="E") < 0.6 * np.sqrt(0.25 / 20_000)).all()
    assert helped.probability.sel(target="E", scenario="faster") > helped.probability.sel(
        target="E", scenario="trend"
    )


def test_policies_for_others_change_nothing(aim):
    model = model_of(y=TAILS, z=RandomWalk(drift=0.03, sigma=0.1), w=RandomWalk(drift=0.0, sigma=0.1))
    change = PlannedGrowth(indicator="w", base_value=100.0, base_year=2012, growth=0.05)
    other = Scenario(id="other", label="Other", changes=(change,))
    odds = run(model, aim("E", level=101.0, years=(2014, 2016)), scenarios=(TREND, other))
    assert odds.probability[0, 0].item() == odds.probability[1, 0].item()


@pytest.mark.parametrize("relation", [Relation.AT_LEAST, Relation.AT_MOST])
def test_both_sides(aim, relation):
    target = aim("E", level=104.0, years=(2014, 2016), relation=relation)
    near(run(MIXED, target), run(MIXED, target, control=False, draws=200_000, rng=8))


def test_years_not_yet_known_are_walked_by_the_twin_too(aim):
    model = model_of(ends=2010, y=TAILS, z=RandomWalk(drift=0.03, sigma=0.1))
    targets = [aim("E", level=104.0, years=(2013, 2015)), aim("Z", of="z", level=105.0)]
    helped = run(model, *targets)
    near(helped, run(model, *targets, control=False, draws=200_000, rng=8))
    assert helped.joint_standard_error < 0.5 * np.sqrt(0.25 / 20_000)


def test_a_correlation_in_doubt_is_in_doubt_for_the_twin(aim):
    levels = np.linspace(-0.2, 0.9, 8)[:, None, None]
    draws = np.where(np.eye(2, dtype=bool), 1.0, levels)
    model = replace(MIXED, correlation=None, dependence=Dependence(draws=draws))
    targets = [aim("S", level=104.0), aim("Z", of="z", level=105.0)]
    near(run(model, *targets), run(model, *targets, control=False, draws=200_000, rng=8))


def test_a_moving_level_of_a_walked_law_is_left_to_counting(aim):
    target = aim("M", level="z", years=(2014, 2016))
    odds = run(MIXED, target)
    assert odds.route.item() == "monte-carlo"
    other = aim("E", level=101.0, years=(2014, 2016))
    joint = run(MIXED, target, other)
    assert joint.joint_route.item() == CONTROLLED
    near(
        joint,
        run(MIXED, target, aim("E", level=101.0, years=(2014, 2016)), control=False, draws=200_000, rng=8),
    )


def test_drawn_parameters_are_shared_with_the_twin(panel, aim):
    whole = panel.interpolate_na("year")
    model = fit(whole, family=StudentShocks())
    target = aim("E", level=17.0, years=(2013, 2014))
    helped = run(model, target)
    near(
        helped.isel(province=slice(2)),
        run(model, target, control=False, draws=200_000, rng=8).isel(province=slice(2)),
    )
    assert np.isnan(helped.probability.sel(province="c").item())
    assert helped.route.item() == CONTROLLED


def test_the_bits_do_not_depend_on_threads(aim):
    targets = [aim("E", level=101.0, years=(2014, 2016)), aim("Z", of="z", level=105.0)]
    one, two = (run(MIXED, *targets, draws=140_000, threads=threads) for threads in (1, 2))
    xr.testing.assert_identical(one, two)


def test_few_hits_are_counted_plainly(aim):
    target = aim("E", level=140.0, years=(2014, 2015))
    odds = run(MIXED, target, draws=2000)
    assert odds.route.item() == "monte-carlo"
    assert odds.probability.item() == run(MIXED, target, draws=2000, control=False).probability.item()


@pytest.mark.parametrize("draws", [1, 2, 30])
def test_a_handful_of_draws_is_an_answer(aim, draws):
    odds = run(MIXED, aim("E", level=101.0, years=(2014, 2015)), draws=draws)
    assert 0.0 <= odds.probability.item() <= 1.0
    assert odds.standard_error.item() > 0.0


def test_fewer_draws_reach_the_same_error(aim):
    target = aim("E", level=101.0, years=(2014, 2015, 2016))
    helped, plain = (
        run(MIXED, target, draws=1000, until_error=0.0008, control=c).attrs["draws"] for c in (True, False)
    )
    assert helped == 65_536 and plain > 4 * helped


def test_refuses_a_precision_beyond_reach(aim):
    message = r"until_error=1e-09 needs (about .* draws|more draws than can be counted)\. Ask for less"
    with pytest.raises(RequestError, match=message):
        run(MIXED, aim("E", level=101.0, years=(2014, 2015)), draws=1000, until_error=1e-9)


def test_the_parts_of_the_variance_sum_up(aim):
    odds = run(MIXED, aim("E", level=101.0, years=(2014, 2015, 2016)))
    p = odds.probability
    parts = odds.variance_shock + odds.variance_parameter + odds.variance_model
    np.testing.assert_allclose(parts, p * (1 - p), rtol=0, atol=1e-12)


@dataclass(frozen=True, kw_only=True)
class Held(PathProcess):
    """Keeps an array, and so has no hash; its law is written down, not simulated."""

    steps: np.ndarray = field(default_factory=lambda: np.array([0.1]))
    parameters: ClassVar = ()

    def simulate(self, start, innovations):
        return start + np.cumsum(self.steps[0] * np.exp(innovations), axis=0)

    def residuals(self, start, levels):
        return np.log(np.diff(np.concatenate([start[None], levels]), axis=0) / self.steps[0])

    def loglik(self, start, levels):
        raise NotImplementedError

    def one_year(self, step, start):
        return counted_change(Log10(), step, start)


@dataclass(frozen=True, kw_only=True)
class Log10(Held):
    """The same with a hash."""

    def __hash__(self):
        return 1

    def __eq__(self, other):
        return isinstance(other, Log10)


def test_a_law_of_ones_own_needs_no_hash(aim):
    model = model_of(y=Held())
    target = aim("E", level=150.0, years=(2015, 2016))
    odds = run(model, target)
    assert odds.route.item() == CONTROLLED
    near(odds, run(model, target, control=False, draws=200_000, rng=8))


def test_single_years_of_several_are_known_by_their_closed_form(aim):
    """What is known beside a question: each year itself and in the twin, and all years at once."""
    model = model_of(y=JumpDiffusion(drift=0.06, sigma=0.05, rate=0.2, jump=-0.3, jump_sd=0.1))
    asked = [
        ask(aim("S", level=104.0, years=(2014,)), model),
        ask(aim("E", level=104.0, years=(2014, 2015)), model),
    ]
    trend = compile_scenarios([TREND], model, 1)
    setting = setting_of(asked, model, trend, MonteCarlo())
    control = counter_of(asked, range(2), setting, method=MonteCarlo(), seed=Seed.of(1)).control
    one, every, joint = control.known
    assert (one.alone.tolist(), one.together.tolist()) == ([2], [])
    assert (every.alone.tolist(), every.together.tolist()) == ([0, 1, 2, 3], [2, 3])
    assert joint.alone.tolist() == every.alone.tolist()
    law = model["y"].law
    exact = [float(law.one_year(h, 0.0).at_least(np.log(1.04))) for h in (2, 3)]
    np.testing.assert_allclose(every.means[0, 0, :2], exact, rtol=1e-12)
    np.testing.assert_allclose(every.means[0, 0, 2:4], exact, rtol=0, atol=0.01)  # the twin has their odds
    assert 0 < every.means[0, 0, 4] < every.means[0, 0, 2:4].min()
