"""Conditioned models against closed forms, refits and importance sampling, to Monte Carlo errors."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest
import xarray as xr
from scipy import linalg, special, stats

import sxsim as sx
from sxsim.analysis.exact import exact_answer
from sxsim.analysis.question import ask
from sxsim.processes import Mixture, RandomWalkPosterior, told
from sxsim.simulation import Twin, world_of
from sxsim.streams import BLOCK, Seed

ERRORS = 4.5  # one of about 150 numbers is beyond that in one run of a thousand
DRAWS = 40 * BLOCK
TIED = np.array([[1.0, 0.6, 0.3], [0.6, 1.0, -0.2], [0.3, -0.2, 1.0]])


def grown(name, law, last_year=2012, last_value=1.0):
    return sx.Grown(name=name, carrier=sx.Log(), law=law, last_value=last_value, last_year=last_year)


def model_of(laws, correlation, last_years=(2012, 2012, 2012)):
    indicators = [grown(name, law, year) for (name, law), year in zip(laws.items(), last_years, strict=False)]
    return sx.GrowthModel(indicators=tuple(indicators), last_year=2012, correlation=correlation)


def three(last_years=(2012, 2012, 2012)):
    """A random walk, growth that remembers, and a second walk whose last figure may be older."""
    laws = {
        "a": sx.RandomWalk(drift=0.05, sigma=0.1),
        "b": sx.AutoregressiveGrowth(drift=0.03, phi=0.6, sigma=0.08, excess=0.02),
        "c": sx.RandomWalk(drift=0.0, sigma=0.2),
    }
    return model_of(laws, TIED, last_years)


def posterior(drift, years, shape, rate):
    one = np.ones(1)
    return RandomWalkPosterior(drift=drift * one, years=years * one, shape=shape * one, rate=rate * one)


def levels_of(model, horizon, blocks=DRAWS // BLOCK, twin=Twin.NONE, seed=11):
    world = world_of(model, horizon, Seed.of(seed))
    drawn = [world.block(number, twin) for number in range(blocks)]
    return {name: np.concatenate([one[name][0] for one in drawn], axis=1) for name in model.names}


AHEAD = 9


def joint_law(model):
    """Mean and covariance of all levels from 2013 on, ``AHEAD`` years of one indicator after the other.

    Drifts and the years to come are shared by the correlation, unknown years before are an indicator's own.
    """
    gaps = [2012 - int(one.last_years()[0]) for one in model.indicators]
    means, loads = [], []
    for one, gap in zip(model.indicators, gaps, strict=True):
        law = one.law.mixture(gap + AHEAD)
        means.append(law.locations[0, gap:])
        loads.append(law.scales[0] * law.factors[0, gap:])
    size = range(len(means))
    shared = [np.delete(load, range(1, 1 + gap), axis=1) for load, gap in zip(loads, gaps, strict=True)]
    own = [load[:, 1 : 1 + gap] @ load[:, 1 : 1 + gap].T for load, gap in zip(loads, gaps, strict=True)]
    spread = np.block([[model.correlation[i, j] * shared[i] @ shared[j].T for j in size] for i in size])
    return np.concatenate(means), spread + linalg.block_diag(*own)


def drift_loads(model):
    """Loads of all levels on the drifts of all indicators."""
    laws = [one.law.mixture(2012 - int(one.last_years()[0]) + AHEAD) for one in model.indicators]
    columns = [law.scales[0] * law.factors[0, -AHEAD:, :1] for law in laws]
    return linalg.block_diag(*columns)


def places_of(model, path):
    """Where the given figures stand in the joint law, and their logarithms."""
    given = [(name, year, value) for name in path for year, value in path[name].items()]
    at = [model.names.index(name) * AHEAD + year - 2013 for name, year, _ in given]
    return at, np.log([value for _, _, value in given])


def closed_form(model, horizon, path):
    """Mean and covariance of the levels after 2012 given some, by the formula for Gaussian laws."""
    (mean, spread), (at, values) = joint_law(model), places_of(model, path)
    gain = spread[:, at] @ np.linalg.inv(spread[np.ix_(at, at)])
    keep = [i * AHEAD + t for i in range(len(model.names)) for t in range(horizon)]
    after = (mean + gain @ (values - mean[at]))[keep]
    return after, (spread - gain @ spread[at])[np.ix_(keep, keep)]


PATHS = {
    "one year": {"a": {2014: 1.3}},
    "all years": {"a": {2013: 1.1, 2014: 1.3, 2015: 1.2, 2016: 1.3}},
    "years after the run": {"a": {2016: 1.1, 2020: 2.0}},
    "two indicators": {"a": {2014: 1.3, 2016: 1.1}, "b": {2015: 1.2, 2019: 2.0}},
    "two in all years": {
        "a": {2013: 1.1, 2014: 1.3, 2015: 1.2, 2016: 1.3},
        "c": {2013: 0.9, 2014: 1.1, 2015: 1.2, 2016: 1.0},
    },
    "all three": {"a": {2014: 1.3}, "b": {2013: 1.2, 2014: 1.1}, "c": {2020: 0.7}},
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Doubtful:
    """A law whose drift is not known, and its sigma is."""

    base: sx.GaussianProcess
    spread: float

    def mixture(self, horizon, member=0):
        law = self.base.mixture(horizon, member)
        factors = law.factors.copy()
        factors[0, :, 0] = self.spread * np.arange(1.0, horizon + 1)
        return replace(law, factors=factors)


def doubtful(last_years):
    """The same three, with drifts that are not known and correlated like the shocks; the last is known."""
    model = three(last_years)
    spreads = {"a": 0.7, "b": 0.4, "c": 0.0}
    indicators = tuple(
        replace(one, law=Doubtful(base=one.law, spread=spreads[one.name])) for one in model.indicators
    )
    return replace(model, indicators=indicators, correlation=None)


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
@pytest.mark.parametrize("last_years", [(2012, 2012, 2012), (2012, 2012, 2010), (2011, 2012, 2012)])
@pytest.mark.parametrize("known", [three, doubtful], ids=["drifts known", "drifts in doubt"])
def test_mean_and_covariance_are_those_of_the_closed_form(path, last_years, known):
    model = known(last_years)
    levels = np.concatenate(list(levels_of(model.given(path), 4).values()))
    mean, spread = closed_form(model, 4, path)
    sd = np.sqrt(np.maximum(np.diag(spread), 0.0))
    assert (np.abs(levels.mean(axis=1) - mean) < ERRORS * sd / DRAWS**0.5 + 1e-7).all()
    error = np.sqrt((np.outer(sd**2, sd**2) + spread**2) / DRAWS)
    assert (np.abs(np.cov(levels) - spread) < ERRORS * error + 1e-12).all()


def covariance_of_twins(model, horizon, path):
    """What two worlds of the same drifts have in common: what the figures leave open of the drifts."""
    (_, spread), (at, _) = joint_law(model), places_of(model, path)
    drifts, tied = drift_loads(model), model.correlation
    shocks = spread - drifts @ tied @ drifts.T
    left = tied - tied @ drifts[at].T @ np.linalg.solve(spread[np.ix_(at, at)], drifts[at] @ tied)
    moved = drifts - shocks[:, at] @ np.linalg.solve(shocks[np.ix_(at, at)], drifts[at])
    keep = [i * AHEAD + t for i in range(len(model.names)) for t in range(horizon)]
    return (moved @ left @ moved.T)[np.ix_(keep, keep)]


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_twins_have_the_law_too_and_share_what_is_left_of_the_drifts(path):
    model = doubtful((2012, 2012, 2010))
    one, two = (
        np.concatenate(list(levels_of(model.given(path), 4, twin=twin).values()))
        for twin in (Twin.NONE, Twin.PARAMETERS)
    )
    mean, spread = closed_form(model, 4, path)
    sd = np.sqrt(np.maximum(np.diag(spread), 0.0))
    assert (np.abs(two.mean(axis=1) - mean) < ERRORS * sd / DRAWS**0.5 + 1e-7).all()
    common = covariance_of_twins(model, 4, path)
    found = (one - one.mean(axis=1, keepdims=True)) @ (two - two.mean(axis=1, keepdims=True)).T / DRAWS
    error = np.sqrt((np.outer(sd**2, sd**2) + common**2) / DRAWS)
    assert (np.abs(found - common) < ERRORS * error + 1e-12).all()


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_given_years_are_the_figures_given(path):
    paths = sx.simulate(three().given(path), horizon=4, draws=5000, rng=1)
    for name, figures in path.items():
        for year, value in figures.items():
            if year <= 2016:
                np.testing.assert_allclose(paths[name].sel(year=year), value, rtol=1e-12)


FIGURES = np.array([1.1, 1.3, 1.25])
PRIOR = posterior(0.05, 6.0, 4.0, 0.04)


def refitted():
    """The posterior with three more years in it."""
    x = np.diff(np.log(FIGURES), prepend=0.0)
    years, shape = 6.0 + 3.0, 4.0 + 1.5
    drift = (6.0 * 0.05 + x.sum()) / years
    return posterior(drift, years, shape, 0.04 + 0.5 * ((x**2).sum() + 6.0 * 0.05**2 - years * drift**2))


def told_walk(correlation=None):
    laws = {"a": PRIOR, "b": posterior(0.02, 9.0, 6.0, 0.02)}
    path = {"a": dict(zip(range(2013, 2016), FIGURES, strict=True))}
    return model_of(laws, np.array([[1.0, 0.6], [0.6, 1.0]])).given(path)


@pytest.mark.parametrize("step", [1, 3, 5])
def test_the_years_after_the_given_ones_have_the_law_of_a_refit(step):
    after, law = levels_of(told_walk(), 8)["a"][2 + step] - np.log(FIGURES[-1]), refitted().marginal(step)
    for p in (0.01, 0.1, 0.5, 0.9, 0.99):
        share = (after <= law.quantile(p)).mean()
        assert abs(share - p) < ERRORS * (p * (1 - p) / DRAWS) ** 0.5


def test_a_year_between_known_ones_has_the_law_of_student():
    """Levels of 2013 and 2015 given, 2014 is Student-t by the formula for a part of a Student-t vector."""
    law, y = PRIOR.mixture(3), np.log([1.1, 1.25])
    factor = law.factors[0]
    spread, mean, dof = law.scales[0] ** 2 * factor @ factor.T, law.locations[0], law.dof[0]
    inverse = np.linalg.inv(spread[np.ix_([0, 2], [0, 2])])
    far = y - mean[[0, 2]]
    location = mean[1] + spread[1, [0, 2]] @ inverse @ far
    square = (
        (spread[1, 1] - spread[1, [0, 2]] @ inverse @ spread[[0, 2], 1])
        * (dof + far @ inverse @ far)
        / (dof + 2)
    )
    model = model_of({"a": PRIOR}, None).given({"a": {2013: 1.1, 2015: 1.25}})
    z = (levels_of(model, 3)["a"][1] - location) / np.sqrt(square)
    for p in (0.01, 0.1, 0.5, 0.9, 0.99):
        assert abs((z <= special.stdtrit(dof + 2, p)).mean() - p) < ERRORS * (p * (1 - p) / DRAWS) ** 0.5


def test_parameters_are_split_from_shocks_as_in_a_refit():
    """What a twin with the same parameters hits as well is what the refit says in closed form."""
    target = sx.Target(
        id="T",
        label="T",
        condition=sx.Condition(
            indicator="a", relation=sx.Relation.AT_LEAST, level=sx.Number(value=1.5), years=(2018,)
        ),
    )
    found = sx.attainment(told_walk(), target, method=sx.MonteCarlo(draws=65_536), rng=4)
    found = found.isel(scenario=0, target=0)
    again = sx.GrowthModel(indicators=(grown("a", refitted(), 2015, FIGURES[-1]),), last_year=2015)
    want = exact_answer(ask(target, again).rows[0], again["a"], 0.0, 2015)
    assert abs(float(found.probability) - want.probability[0]) < ERRORS * float(found.standard_error)
    assert abs(float(found.variance_parameter) - want.variance_parameter[0]) < ERRORS * 0.5 / 65_536**0.5
    assert float(found.variance_model) == 0.0


def test_a_twin_shares_drift_and_sigma_of_the_given_years():
    model = told_walk()
    one, two = levels_of(model, 60, 4), levels_of(model, 60, 4, Twin.PARAMETERS)
    growth = [(levels["a"][-1] - levels["a"][2]) / 57 for levels in (one, two)]
    assert np.corrcoef(*growth)[0, 1] > 0.8
    np.testing.assert_array_equal(one["a"][:3], two["a"][:3])


class Cells:
    """Four cells: two shapes of growth on two scales, with known and unknown sigma."""

    def mixture(self, horizon, member=0):
        steps = np.arange(1.0, horizon + 1)
        walk = np.tril(np.ones((horizon, horizon)))
        noise = np.eye(horizon) + 0.3 * walk
        factors = np.stack([np.column_stack([s * steps, f]) for s, f in ((0.3, walk), (0.0, noise))] * 2)
        return Mixture(
            weights=np.array([0.4, 0.3, 0.2, 0.1]),
            locations=np.outer([0.05, 0.02, 0.1, -0.05], steps),
            factors=factors,
            scales=np.array([0.1, 0.2, 0.15, 0.1]),
            dof=np.array([6.0, np.inf, 4.0, 9.0]),
            exponents=np.array([0.0, 0.0, 0.5, 1.0]),
        )


def importance(law, change, draws=400_000):
    """Weights of prior draws of cell and sigma by the density of the figures, and the shocks behind them."""
    rng = np.random.default_rng(3)
    cell = rng.choice(4, size=draws, p=law.weights)
    dof = np.where(np.isfinite(law.dof), law.dof, 1.0)
    unknown = np.sqrt(dof[cell] / rng.chisquare(dof[cell]))
    sigma = law.scales[cell] * np.where(np.isfinite(law.dof)[cell], unknown, 1.0)
    logs = np.empty(draws)
    for k in range(4):
        e = law.exponents[k]
        x = change if e == 0 else (np.exp(e * change) - 1.0) / e
        spread = law.factors[k] @ law.factors[k].T
        far = x - law.locations[k]
        d2 = far @ np.linalg.solve(spread, far)
        mine = cell == k
        logs[mine] = -0.5 * d2 / sigma[mine] ** 2 - len(x) * np.log(sigma[mine]) + e * change.sum()
        logs[mine] -= 0.5 * np.linalg.slogdet(spread)[1]
    weights = np.exp(logs - logs.max())
    return cell, sigma, weights / weights.sum()


def test_cells_and_sigma_are_weighed_as_importance_sampling_does():
    law, change = Cells().mixture(3), np.log([1.1, 1.3, 1.25])
    cell, sigma, weights = importance(law, change)
    figures = xr.DataArray(np.exp(change), dims="year", coords={"year": [2013, 2014, 2015]})
    model = model_of({"a": Cells()}, None).given({"a": figures})
    said = told(model["a"], model.conditions.figures["a"], 2012, 0)
    after = said.updated(law)
    effective = 1.0 / (weights**2).sum()
    for k in range(4):
        share, p = weights[cell == k].sum(), after.weights[k]
        assert abs(share - p) < ERRORS * 2.0 * (p * (1 - p) / effective) ** 0.5
        if np.isfinite(law.dof[k]):
            mine, precision = weights * (cell == k), sigma**-2.0
            mean = (mine * precision).sum() / share
            error = ((mine / share) ** 2 * (precision - mean) ** 2).sum() ** 0.5
            assert abs(mean - after.scales[k] ** -2.0) < ERRORS * error


def test_another_indicator_follows_as_importance_sampling_says():
    """The shocks behind a full path in every cell, weighed, times the correlation."""
    law, change = Cells().mixture(3), np.log([1.1, 1.3, 1.25])
    # the drift of the first shapes is not known: condition it jointly with the shocks
    cell, sigma, weights = importance(law, change)
    expected = np.zeros(3)
    for k in range(4):
        e = law.exponents[k]
        x = change if e == 0 else (np.exp(e * change) - 1.0) / e
        f = law.factors[k]
        pull = (f.T @ np.linalg.solve(f @ f.T, x - law.locations[k]))[1:]
        expected += pull * (weights * (cell == k) / sigma).sum()
    laws = {"a": Cells(), "b": sx.RandomWalk(drift=0.0, sigma=1.0)}
    model = model_of(laws, np.array([[1.0, 0.5], [0.5, 1.0]]))
    told_ = model.given({"a": dict(zip(range(2013, 2016), np.exp(change), strict=True))})
    growth = np.diff(levels_of(told_, 3)["b"], axis=0, prepend=0.0)
    effective = min(DRAWS, 1.0 / (weights**2).sum())
    assert np.abs(growth.mean(axis=1) - 0.5 * expected).max() < ERRORS * 2.0**0.5 * 1.5 / effective**0.5


def test_a_walked_law_moves_the_others_by_its_residuals():
    walked = sx.StudentShocks(drift=0.05, sigma=0.1, dof=4.0)
    model = model_of(
        {"a": walked, "b": sx.RandomWalk(drift=0.0, sigma=1.0)}, np.array([[1.0, 0.8], [0.8, 1.0]])
    )
    path = np.array([1.2, 1.1])
    normals = walked.residuals(np.zeros(1), np.log(path)[:, None])[:, 0]
    growth = np.diff(levels_of(model.given({"a": {2013: 1.2, 2014: 1.1}}), 3)["b"], axis=0, prepend=0.0)
    want, sd = 0.8 * np.append(normals, 0.0), np.array([0.6, 0.6, 1.0])
    assert (np.abs(growth.mean(axis=1) - want) < ERRORS * sd / DRAWS**0.5).all()
    assert (np.abs(growth.std(axis=1) - sd) < ERRORS * sd / (2 * DRAWS) ** 0.5).all()


@pytest.mark.parametrize("law", [sx.RandomWalk(drift=0.05, sigma=0.1), PRIOR], ids=["known", "unknown sigma"])
def test_the_tail_is_the_share_of_paths_at_least_as_unusual(law):
    model, at = model_of({"a": law}, None), [0, 2]
    found = sx.plausibility(model, {"a": {2013: 1.25, 2015: 1.0}})
    mixture = law.mixture(3)
    spread = mixture.factors[0][at] @ mixture.factors[0][at].T

    def distance(levels):
        far = levels[at] - mixture.locations[0, at, None]
        return (far * np.linalg.solve(spread, far)).sum(axis=0)

    drawn = distance(levels_of(model, 3)["a"])
    want = (drawn >= distance(np.log([1.25, np.nan, 1.0])[:, None])).mean()
    p = float(found.tail_probability.sel(indicator="a"))
    assert 0.01 < p < 0.5
    assert abs(p - want) < ERRORS * (p * (1 - p) / DRAWS) ** 0.5
    last = (levels_of(model, 3)["a"][2] <= 0.0).mean()
    assert abs(float(found.last_quantile[0]) - last) < ERRORS * (last * (1 - last) / DRAWS) ** 0.5


def test_the_joint_tail_takes_the_correlation_into_account():
    model, path = three((2012, 2012, 2010)), {"a": {2013: 1.2, 2014: 1.4}, "c": {2014: 0.7}}
    found = sx.plausibility(model, path)
    (mean, spread), (at, values) = joint_law(model), places_of(model, path)
    inverse, far = np.linalg.inv(spread[np.ix_(at, at)]), values - mean[at]
    levels = levels_of(model, 2)
    drawn = np.stack([levels["a"][0], levels["a"][1], levels["c"][1]]) - mean[at, None]
    share = ((drawn * (inverse @ drawn)).sum(axis=0) >= far @ inverse @ far).mean()
    p = float(found.joint_tail_probability)
    assert abs(p - share) < ERRORS * (p * (1 - p) / DRAWS) ** 0.5
    tails = found.tail_probability.to_numpy()
    apart = stats.chi2(3).sf(stats.chi2(2).isf(tails[0]) + stats.chi2(1).isf(tails[1]))
    assert p < apart - 0.05  # up and down together is less likely than either where shocks are correlated
