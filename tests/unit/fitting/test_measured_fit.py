from __future__ import annotations

import numpy as np

from sxsim.fitting import fit
from sxsim.fitting.measured import Figures
from sxsim.fitting.measured_fit import for_features, mended
from sxsim.fitting.prior import walk_prior
from sxsim.fitting.reading import Measured
from sxsim.plan import Break, Noise, Reading
from sxsim.processes import RandomWalkPosterior

CHANGES = np.array([0.05, 0.11, -0.02, 0.08, 0.03, 0.12, 0.06, 0.01, 0.09])
VALUES = 10.0 * np.exp(np.append(0.0, CHANGES.cumsum()))
YEARS = np.arange(2003, 2013)
LEVELS = (-0.3, 0.0, 0.2, 0.5, 1.0)


def figures(**more):
    logs = np.log(VALUES / VALUES[-1])
    return Figures(
        **({"logs": logs, "gaps": np.ones(9, int), "noise": np.zeros(10), "steps": np.zeros(9)} | more)
    )


def chances(grown, step):
    law = grown.law.marginal(step)
    return [float(law.at_least(np.array([level]))[0]) for level in LEVELS]


def test_features_see_exact_figures_as_they_are():
    logs, gaps = for_features(figures(noise=np.full(10, 0.03)))
    np.testing.assert_allclose(logs, np.log(VALUES / VALUES[-1]), atol=1e-12)
    assert gaps == (1,) * 9


def test_features_see_neither_dim_figures_nor_breaks():
    logs, gaps = for_features(figures(noise=np.where(np.arange(10) == 4, 1.0, 0.0)))
    assert gaps == (1, 1, 1, 2, 1, 1, 1, 1)
    np.testing.assert_allclose(logs, np.delete(np.log(VALUES / VALUES[-1]), 4), atol=1e-12)
    jump = np.where(np.arange(10) < 5, 0.0, 2.0)
    shifted = figures(logs=figures().logs + jump - 2.0, steps=np.where(np.arange(9) == 4, np.inf, 0.0))
    logs, _ = for_features(shifted)
    expected = CHANGES.copy()
    expected[4] = np.delete(CHANGES, 4).mean()
    np.testing.assert_allclose(np.diff(logs), expected, atol=1e-9)


def test_features_of_one_figure_are_those_of_one_figure():
    one = Figures(logs=np.zeros(1), gaps=np.zeros(0, int), noise=np.ones(1), steps=np.zeros(0))
    logs, gaps = for_features(one)
    assert (logs.tolist(), gaps) == ([0.0], ())


def test_levels_are_mended_across_a_break():
    levels = np.log(VALUES)[None] + np.where(np.arange(10) >= 6, 2.0, 0.0)
    levels[0, 5] = np.nan
    errors = Measured(noise=np.zeros((1, 10)), steps=np.where(np.arange(10) == 6, np.inf, 0.0)[None])
    found = mended(levels, errors)
    expected = CHANGES.copy()
    others = np.delete(CHANGES, [4, 5]).mean()
    np.testing.assert_allclose(np.diff(found[0, 6:]), CHANGES[6:])
    np.testing.assert_allclose(found[0, 6] - found[0, 4], 2 * others)
    np.testing.assert_allclose(np.diff(found[0, :5]), expected[:4])
    assert np.isnan(found[0, 5])
    still = mended(levels, Measured(noise=errors.noise, steps=np.zeros((1, 10))))
    np.testing.assert_array_equal(still, levels)


def test_an_endless_break_in_a_walk_is_the_step_differenced_out(table):
    """The closed form of the two changes that are left; the groups of sigma stay below 0.004."""
    values = VALUES[:4] * np.array([1.0, 1.0, 3.0, 3.0])
    broken = fit(table(y=values), reading={"y": Reading(breaks=Break(year=2011, relative=np.inf))})["y"]
    prior, kept = walk_prior(), CHANGES[[0, 2]]
    years = prior.years + 2.0
    beyond = kept.sum() - 2.0 * prior.drift
    misfit = ((kept - prior.drift) ** 2).sum() - beyond**2 / years
    exact = RandomWalkPosterior(
        drift=np.array([prior.drift + beyond / years]),
        years=np.array([years]),
        shape=np.array([prior.shape + 1.0]),
        rate=np.array([prior.rate + 0.5 * misfit]),
    )
    for step in (1, 5):
        law = exact.marginal(step)
        expected = [float(law.at_least(np.array([level]))[0]) for level in LEVELS]
        np.testing.assert_allclose(chances(broken, step), expected, atol=4e-3)


def test_a_figure_that_says_nothing_is_a_missing_year_in_the_whole_fit(table):
    still = Noise(relative=1e-9)
    dim = fit(table(y=VALUES), reading={"y": Reading(noise=(still, Noise(relative=9.0, years=(2006,))))})
    gap = fit(table(y=np.where(YEARS == 2006, np.nan, VALUES)), reading={"y": Reading(noise=still)})
    for step in (1, 5):
        np.testing.assert_allclose(chances(dim["y"], step), chances(gap["y"], step), atol=1e-3)


def test_a_wide_break_is_an_endless_one_in_the_whole_fit(table):
    values = np.where(YEARS < 2008, VALUES, 2.0 * VALUES)
    wide, endless = (
        fit(table(y=values), reading={"y": Reading(breaks=Break(year=2008, relative=size))})["y"]
        for size in (50.0, np.inf)
    )
    for step in (1, 5):
        np.testing.assert_allclose(chances(wide, step), chances(endless, step), atol=1e-3)


def test_more_noise_at_the_end_draws_the_start_towards_the_others(table):
    high = np.where(YEARS == 2012, 1.4 * VALUES, VALUES)
    middles = [
        float(
            fit(table(y=high), reading={"y": Reading(noise=Noise(relative=r, years=(2012,)))})["y"]
            .law.marginal(1)
            .quantiles(0.5)[0, 0]
        )
        for r in (0.001, 0.1, 0.3)
    ]
    assert middles[0] > middles[1] > middles[2]
    assert middles[2] < -0.1
