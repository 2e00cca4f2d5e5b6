from __future__ import annotations

import numpy as np
import pytest

from sxsim.analysis import attainment
from sxsim.errors import RequestError
from sxsim.fitting import fit, learned_prior
from sxsim.links import Log
from sxsim.plan import PlannedGrowth, Relation, Scenario
from sxsim.processes import Dependence, Grown, GrowthModel, JumpDiffusion, StudentShocks
from sxsim.simulation import MonteCarlo, Order, Sobol

SOBOL = Sobol(points=4096, replicates=8)
COUNTED = MonteCarlo(draws=100_000, control=False)


@pytest.fixture
def shocks():
    """Heavy tails and jumps, correlated; the correlation is known, or one of many."""

    def make(draws=None):
        laws = {
            "y": StudentShocks(drift=0.05, sigma=0.08, dof=4.0),
            "z": JumpDiffusion(drift=0.04, sigma=0.06, rate=0.2, jump=-0.1, jump_sd=0.1),
        }
        grown = tuple(
            Grown(name=name, carrier=Log(), law=law, last_value=100.0, last_year=2012)
            for name, law in laws.items()
        )
        known = Dependence.known([[1.0, 0.5], [0.5, 1.0]])
        dependence = known if draws is None else Dependence(draws=draws)
        return GrowthModel(indicators=grown, last_year=2012, dependence=dependence)

    return make


def agree(model, targets, sobol=SOBOL, **more):
    """Both routes, within 4 errors; the covariance of two hits has at most the error of a proportion."""
    one = attainment(model, targets, method=sobol, rng=1, **more)
    other = attainment(model, targets, method=COUNTED, rng=2, **more)
    z = (one.probability - other.probability) / np.hypot(one.standard_error, other.standard_error)
    assert np.abs(z).max() < 4
    joint = (one.joint - other.joint) / np.hypot(one.joint_standard_error, other.joint_standard_error)
    assert np.abs(joint).max() < 4
    for part in ("variance_parameter", "variance_model"):
        assert np.abs(one[part] - other[part]).max() < 4 / np.sqrt(COUNTED.draws)
    assert set(one.route.values.ravel()) == {"quasi-random paths"}
    return one, other


@pytest.mark.parametrize("order", Order)
def test_laws_that_are_walked(shocks, aim, order):
    targets = [
        aim("A", level=115.0, years=(2014, 2016)),
        aim("B", of="z", level=125.0, relation=Relation.AT_MOST, years=(2018,)),
        aim("C", level="z", years=(2015,)),
    ]
    one, other = agree(shocks(), targets, Sobol(points=4096, replicates=8, order=order))
    assert (one.standard_error < other.standard_error).all()
    np.testing.assert_allclose(one.variance_parameter, 0.0, atol=4 / np.sqrt(8 * 4096))


def test_a_correlation_in_doubt(shocks, aim):
    draws = np.array([[[1.0, rho], [rho, 1.0]] for rho in (-0.8, 0.0, 0.9, 0.95)])
    agree(shocks(draws), [aim("A", level=115.0, years=(2014,)), aim("B", of="z", level=110.0)])


def test_moving_levels_on_scales_that_cells_decide(table, aim):
    steps = np.array([0.05, 0.12, -0.03, 0.08, 0.1, 0.02, 0.15, 0.04])
    late = np.exp(steps[::-1].cumsum())
    late[-1] = np.nan
    model = fit(table(y=np.exp(steps.cumsum()), z=late), prior=learned_prior())
    agree(model, [aim("A", level="z", years=(2014, 2016)), aim("B", level="z", relation=Relation.AT_MOST)])


def test_moving_levels_in_published_units(balances, aim):
    agree(balances, [aim("A", level="z"), aim("B", level="z", years=(2013, 2014))])


def test_a_scenario_moves_the_paths(balances, aim):
    faster = PlannedGrowth(indicator="y", base_value=2.5, base_year=2012, growth=0.5)
    scenarios = [Scenario(id=n, label=n, changes=c) for n, c in (("a", ()), ("b", (faster,)))]
    one, _ = agree(balances, [aim("A", level="z")], scenarios=scenarios)
    assert one.probability.sel(scenario="b").item() > one.probability.sel(scenario="a").item()


def test_members_are_answered_side_by_side(panel, aim):
    """The last member has no figure and no answer."""
    model = fit(panel.assign(z=panel.y.copy(data=np.roll(panel.y.values, -1, axis=1))))
    one, _ = agree(model, [aim("A", level="z", years=(2014,))])
    assert np.isnan(one.probability.values.ravel()).tolist() == [False, False, True]
    first, second, _ = one.probability.values.ravel()
    assert first != second


def test_an_error_may_be_asked_for(shocks, aim):
    target = aim("A", level=115.0, years=(2014, 2016))
    odds = attainment(shocks(), target, method=Sobol(points=256, until_error=1e-3), rng=0)
    assert odds.standard_error.item() <= 1e-3
    with pytest.raises(
        RequestError, match=r"An error of 1e-07 is not reached: .* scrambles of 65,536 points"
    ):
        attainment(shocks(), target, method=Sobol(points=2**15, replicates=2, until_error=1e-7), rng=0)


def test_one_seed_gives_one_answer(shocks, aim):
    target = aim("A", level=115.0, years=(2014, 2016))
    quick = Sobol(points=256, replicates=4)
    first, again, other = (
        attainment(shocks(), target, method=quick, rng=seed).probability.item() for seed in (0, 0, 1)
    )
    assert first == again != other
