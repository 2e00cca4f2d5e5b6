from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sxsim.analysis.integrals.common_direction import CommonDirection
from sxsim.analysis.integrals.integral import integrate
from sxsim.analysis.integrals.separation import Sampled
from sxsim.analysis.integrals.system import system_of
from sxsim.analysis.question import ask
from sxsim.fitting import fit, learned_prior, walk_prior
from sxsim.links import Log
from sxsim.plan import Relation
from sxsim.processes import Dependence, Grown, GrowthModel, RandomWalk, RandomWalkPosterior
from sxsim.streams import Seed

STEPS = np.array([0.05, 0.12, -0.03, 0.08, 0.1, 0.02, 0.15, 0.04, 0.07, -0.02, 0.06, 0.11])
NAMES = ("a", "b", "c", "d", "e")


def posterior(*names, draws=None, correlation=0.4):
    """Random walks of unknown drift and variance, all different."""
    one = np.ones(1)
    grown = tuple(
        Grown(
            name=name,
            carrier=Log(),
            law=RandomWalkPosterior(
                drift=(0.03 + 0.01 * k) * one,
                years=(6.0 + 2 * k) * one,
                shape=(3.0 + k) * one,
                rate=0.03 * one,
            ),
            last_value=100.0,
            last_year=2012,
        )
        for k, name in enumerate(names)
    )
    full = np.full((len(names), len(names)), correlation) + (1 - correlation) * np.eye(len(names))
    known = Dependence.known(full) if draws is None else Dependence(draws=draws)
    return GrowthModel(indicators=grown, last_year=2012, dependence=known)


def learned(table, *names):
    columns = {name: np.exp(np.roll(STEPS, 3 * k).cumsum()) for k, name in enumerate(names)}
    return fit(table(**columns), prior=learned_prior())


def system(model, *targets):
    return system_of([row for target in targets for row in ask(target, model).rows], model, {}, 0)


def value(integral, points=4096, seed=0):
    found = integrate([integral], points=points, replicates=16, seed=Seed(entropy=seed))
    return found.value[0], found.error[0]


def agree(asked, points=4096):
    common = CommonDirection.of(asked)
    (p, error), (q, other) = value(common, points), value(Sampled.of(asked), 2 * points, seed=1)
    assert 0 < p < 1
    assert abs(p - q) < 4 * np.hypot(error, other)
    return common, error, other


@pytest.mark.parametrize("count", [2, 3, 4])
def test_one_cell_each_needs_no_points(aim, count):
    model = posterior(*NAMES[:count])
    targets = [aim(n, of=n, level=130.0 + 5 * k, years=(2018,)) for k, n in enumerate(NAMES[:count])]
    common, error, _ = agree(system(model, *targets))
    assert (common.complete, common.dims) == (True, 0)
    assert error == common.bound < 1e-6


def test_years_and_sides_may_differ(aim):
    model = posterior(*NAMES[:3])
    targets = (
        aim("A", of="a", level=130.0, years=(2015,)),
        aim("B", of="b", level=135.0, years=(2020,), relation=Relation.AT_MOST),
        aim("C", of="c", level=120.0, years=(2013,)),
    )
    common, error, _ = agree(system(model, *targets))
    assert common.complete
    assert error < 1e-6


def test_five_indicators_leave_a_little_to_points(aim):
    model = posterior(*NAMES)
    targets = [aim(n, of=n, level=125.0 + 10 * k, years=(2016 + k,)) for k, n in enumerate(NAMES)]
    common, error, _ = agree(system(model, *targets))
    assert not common.complete
    assert error < 2e-6


def test_a_doubtful_correlation_is_averaged(aim):
    rng = np.random.default_rng(5)
    draws = np.array([np.full((3, 3), rho) + (1 - rho) * np.eye(3) for rho in rng.uniform(-0.3, 0.9, 128)])
    model = posterior(*NAMES[:3], draws=draws)
    targets = [aim(n, of=n, level=150.0, years=(2018,)) for n in NAMES[:3]]
    common, error, _ = agree(system(model, *targets))
    assert common.complete
    single = [
        CommonDirection.of(system(posterior(*NAMES[:3], draws=draw[None]), *targets)).known
        for draw in draws[::8]
    ]
    assert min(single) < common.known < max(single)
    assert error < 1e-5


@pytest.mark.parametrize("count", [2, 3, 4])
def test_mixtures_agree_with_separation_and_err_less(table, aim, count):
    model = learned(table, *NAMES[:count])
    targets = [aim(n, of=n, level=3.0, years=(2016 + k,)) for k, n in enumerate(NAMES[:count])]
    common, error, other = agree(system(model, *targets), points=1024)
    assert not common.complete
    assert error < other / 5


def test_a_series_that_ended_early_keeps_its_own_years(table, aim):
    first, second = np.exp(STEPS.cumsum()), np.exp(STEPS[::-1].cumsum())
    second[-2:] = np.nan
    model = fit(table(y=first, z=second), prior=walk_prior())
    _, error, _ = agree(system(model, aim("A", level=3.0), aim("B", of="z", level=2.5)))
    assert error < 1e-6


def test_known_parameters_give_the_multivariate_normal(aim):
    """Random walks in different years: the correlation is that of the years they have in common."""
    walk = RandomWalk(drift=0.02, sigma=0.1)
    grown = tuple(Grown(name=n, carrier=Log(), law=walk, last_value=100.0, last_year=2012) for n in NAMES[:3])
    matrix = np.array([[1, 0.5, 0.2], [0.5, 1, 0.4], [0.2, 0.4, 1]])
    model = GrowthModel(indicators=grown, last_year=2012, correlation=matrix)
    years = np.array([3, 5, 8])
    targets = [aim(n, of=n, level=110.0, years=(2012 + int(y),)) for n, y in zip(NAMES, years, strict=False)]
    found = CommonDirection.of(system(model, *targets))
    shared = matrix * np.minimum.outer(years, years) / np.sqrt(np.outer(years, years))
    reach = (0.02 * years - np.log(1.1)) / (0.1 * np.sqrt(years))
    expected = stats.multivariate_normal.cdf(reach, cov=shared, maxpts=10**6, abseps=1e-8, rng=1)
    assert found.known == pytest.approx(expected, abs=2e-6)


def test_the_multivariate_student_bounds_shared_sigmas(aim):
    """Sigmas are independent here: with one sigma for all the joint is further from the product."""
    one = np.ones(1)
    law = RandomWalkPosterior(drift=0.05 * one, years=1e9 * one, shape=2.5 * one, rate=0.025 * one)
    grown = tuple(Grown(name=n, carrier=Log(), law=law, last_value=100.0, last_year=2012) for n in NAMES[:2])
    model = GrowthModel(indicators=grown, last_year=2012, correlation=np.array([[1, 0.6], [0.6, 1]]))
    targets = [aim(n, of=n, level=170.0, years=(2016,)) for n in NAMES[:2]]
    found = CommonDirection.of(system(model, *targets)).known
    reach = (0.2 - np.log(1.7)) / (0.1 * 2.0)
    shared = stats.multivariate_t(shape=[[1, 0.6], [0.6, 1]], df=5).cdf(
        [reach, reach], maxpts=10**6, random_state=1
    )
    product = stats.t(5).cdf(reach) ** 2
    assert product < found < shared


@pytest.mark.parametrize("correlation", [0.995, 0.9999])
def test_nearly_one_indicator_is_left_to_separation(aim, correlation):
    model = posterior("a", "b", correlation=correlation)
    asked = system(model, aim("A", of="a", level=130.0), aim("B", of="b", level=130.0))
    assert CommonDirection.of(asked) is None


def test_other_questions_are_left_to_separation(aim):
    model = posterior("a", "b")
    once, twice = aim("A", of="a", level=130.0), aim("B", of="b", level=130.0, years=(2015, 2016))
    assert CommonDirection.of(system(model, once)) is None
    assert CommonDirection.of(system(model, once, twice)) is None
    moving = aim("C", of="a", level="b", years=(2015, 2016))
    assert CommonDirection.of(system(model, moving)) is None
