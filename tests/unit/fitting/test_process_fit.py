from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest
import xarray as xr

import sxsim as sx
from sxsim.errors import HistoryError, ModelError, UnknownNameError
from sxsim.fitting.path_fit import fit_paths
from sxsim.processes import DrawnPaths, GaussianPosterior

YEARS = np.arange(2003, 2015)
RNG = np.random.default_rng(8)
WALK = 100.0 * np.exp(np.cumsum(0.05 + 0.1 * RNG.standard_normal(12)))
COUNTS = np.array([0, 1, 0, 2, 3, np.nan, 2, 4, 6, 5, 4, 7.0])
SHARE = 1.0 / (1.0 + np.exp(-np.linspace(-2.0, 1.0, 12) - 0.1 * RNG.standard_normal(12)))
UP, DOWN = sx.RandomWalk(drift=0.1, sigma=0.1), sx.RandomWalk(drift=-0.1, sigma=0.1)
REGIMES = sx.Regimes(ordinary=UP, other=DOWN, leave=0.1, recover=0.5, other_now=0.0)
PRIOR = sx.Prior(drift=0.03, years=4.0, shape=1.5, spread=0.06)


def history(values, **attrs):
    return xr.Dataset({"y": ("year", values, attrs)}, coords={"year": YEARS})


def target(level, *years, name="T"):
    condition = sx.Condition(
        indicator="y", relation=sx.Relation.AT_LEAST, level=sx.Number(value=level), years=years
    )
    return sx.Target(id=name, label=name, condition=condition)


@pytest.mark.parametrize(
    ("family", "data", "note"),
    [
        (sx.RandomWalk(), history(WALK), "grows as RandomWalk"),
        (sx.AutoregressiveGrowth(), history(WALK), r"grows as AutoregressiveGrowth with phi 0\.\d+ \("),
        (
            sx.AutoregressiveGrowth(),
            history(WALK),
            r"ASSUMPTION: phi is beta\(5, 2\) between -0\.99 and 0\.99 before",
        ),
        (sx.TrendStationary(drift=0.0), history(WALK), "grows as TrendStationary with rho"),
        (sx.DampedTrend(), history(WALK), "grows as DampedTrend with phi .* alpha .* beta"),
        (sx.StudentShocks(), history(WALK), r"ASSUMPTION: dof is 2 \+ gamma\(2, 0\.1\) beforehand"),
        (
            sx.JumpDiffusion(rate=0.1, jump=-0.3, jump_sd=0.1),
            history(WALK),
            r"0\.1 jumps a year of -0\.3 \+- 0\.1",
        ),
        (sx.Logistic(), history(WALK), "ASSUMPTION: the ceiling is twice the highest figure"),
        (
            sx.Logistic(ceiling=900.0),
            history(WALK),
            "a logistic curve between known bounds is a random walk of the log odds",
        ),
        (sx.Logistic(), history(SHARE, kind="share"), "a logistic curve between known bounds"),
        (
            sx.NegativeBinomial(),
            history(COUNTS, kind="count"),
            "grows as NegativeBinomial with drift .* memory",
        ),
    ],
)
def test_every_family_is_fitted_forecast_and_asked(family, data, note):
    model = sx.fit(data, family=family)
    assert isinstance(model["y"].law, GaussianPosterior | DrawnPaths)
    assert re.search(note, str(sx.fit_report(model)))
    fan = sx.forecast(model, horizon=6, quantiles=(0.1, 0.5, 0.9)).y
    assert (np.diff(fan.to_numpy(), axis=0) > 0).all()
    paths = sx.simulate(model, horizon=6, draws=20_000, rng=1).y.squeeze("scenario")
    for q, row in zip((0.1, 0.5, 0.9), fan.to_numpy(), strict=True):
        below, strictly = ((paths.to_numpy() <= row).mean(axis=0), (paths.to_numpy() < row).mean(axis=0))
        error = 4 * np.sqrt(q * (1 - q) * (1 / 20_000 + 1 / 16_384))
        assert (below > q - error).all()
        assert (strictly < q + error).all()
    median = float(fan.sel(quantile=0.5, year=2018))
    method = sx.MonteCarlo(draws=20_000) if isinstance(model["y"].law, DrawnPaths) else None
    asked = [target(median, 2018), target(median, 2017, 2018, name="E")]
    odds = sx.attainment(model, asked, method=method, rng=1)
    once, always = odds.probability.to_numpy()[0]
    assert always < once
    assert (odds.variance_model == 0).all()
    assert (odds.variance_parameter > 0).all()


def test_counts_keep_their_zeros_and_their_carrier():
    model = sx.fit(history(COUNTS, kind="count"), family=sx.NegativeBinomial())
    assert model["y"].carrier == sx.Linear(scale=1.0)
    assert model["y"].last_value.tolist() == [7.0]
    assert "moved inside" not in str(sx.fit_report(model))
    fan = sx.forecast(model, horizon=3).y
    assert np.array_equal(fan, np.round(fan))
    assert fan.attrs["fixed_draws"] == 16384


def test_large_counts_are_no_rare_events():
    data = history(np.round(10.0 * WALK), kind="count")
    message = r"NegativeBinomial cannot be fitted to 'y': its counts are 831 on average, and such counts"
    with pytest.raises(ModelError, match=message):
        sx.fit(data, family=sx.NegativeBinomial())


def test_a_count_near_an_unknown_ceiling_stays_whole():
    fan = sx.forecast(sx.fit(history(np.round(WALK), kind="count"), family=sx.Logistic()), horizon=3).y
    assert np.array_equal(fan, np.round(fan))


def test_quantiles_of_counts_are_never_drawn_in_between_two():
    fan = sx.forecast(
        sx.fit(history(np.full(12, 3.0), kind="count"), family=sx.NegativeBinomial()), horizon=4
    ).y
    assert np.array_equal(fan, np.round(fan))
    assert fan.attrs.get("capped") is None


def test_a_given_ceiling_keeps_every_exact_route():
    model = sx.fit(history(WALK), family=sx.Logistic(ceiling=900.0))
    assert model["y"].carrier == sx.Odds(lower=0.0, upper=900.0)
    odds = sx.attainment(model, [target(300.0, 2018), target(200.0, 2017, 2018, name="E")], rng=1)
    assert odds.route.to_numpy().tolist() == [["exact", "separation of variables"]]


def test_an_unknown_ceiling_is_drawn_once_a_path():
    model = sx.fit(history(WALK), family=sx.Logistic())
    law = model["y"].law
    assert law.draws["ceiling"].min() > WALK.max()
    order = np.argsort(law.draws["ceiling"][0])
    middle = np.interp(0.5, np.cumsum(law.weights[0][order]), law.draws["ceiling"][0][order])
    assert 1.2 * WALK.max() < middle < 10.0 * WALK.max()


def test_many_degrees_of_freedom_are_a_random_walk():
    """Weighted draws against the conjugate posterior: quantiles within a tenth of the spread."""
    levels = np.log(WALK)[None]
    law, draws = fit_paths(levels, sx.StudentShocks(dof=200.0), PRIOR, "y")
    exact = sx.fit(history(WALK), prior=PRIOR)["y"].law.marginal(3)
    got = law.marginal(3, levels[:, -1]).quantiles([0.05, 0.25, 0.5, 0.75, 0.95])[:, 0]
    expected = exact.quantiles([0.05, 0.25, 0.5, 0.75, 0.95])[:, 0]
    assert np.abs(got - expected).max() < 0.1 * float(exact.spread[0])
    assert draws[0].effective() > 150


def test_without_jumps_a_jump_diffusion_is_a_random_walk_across_gaps():
    values = WALK.copy()
    values[[3, 4]] = np.nan
    family = sx.JumpDiffusion(rate=0.0, jump=0.0, jump_sd=0.0)
    fan = sx.forecast(sx.fit(history(values), family=family, prior=PRIOR), horizon=4).y
    exact = sx.forecast(sx.fit(history(values), prior=PRIOR), horizon=4).y
    width = np.log(exact[2] / exact[0])
    assert (np.abs(np.log(fan / exact)) < 0.06 * width).all()


def test_a_jump_in_the_history_is_not_taken_for_ordinary_spread():
    values = WALK.copy()
    values[6:] *= 0.5
    plain = sx.forecast(sx.fit(history(values), family=sx.RandomWalk()), horizon=1).y
    risky = sx.forecast(
        sx.fit(history(values), family=sx.JumpDiffusion(rate=0.1, jump=-0.6, jump_sd=0.2)), horizon=1
    ).y
    assert (risky[2] - risky[1]).item() < 0.75 * (plain[2] - plain[1]).item()


def test_one_family_per_name_leaves_the_others_to_the_ladder():
    data = xr.Dataset({"a": ("year", WALK), "b": ("year", WALK[::-1].copy())}, coords={"year": YEARS})
    model = sx.fit(data, family={"b": sx.DampedTrend()})
    alone = sx.fit(data)
    assert isinstance(model["b"].law, GaussianPosterior)
    fans = [sx.forecast(m, horizon=5).a for m in (model, alone)]
    assert fans[0].identical(fans[1])


def test_a_batch_is_fitted_member_by_member():
    levels = 100 * np.exp(np.cumsum(0.05 + 0.1 * RNG.standard_normal((3, 12)), axis=1))
    data = xr.Dataset({"y": (("place", "year"), levels)}, coords={"year": YEARS, "place": list("abc")})
    for family in (sx.AutoregressiveGrowth(), sx.StudentShocks(dof=4.0)):
        fan = sx.forecast(sx.fit(data, family=family), horizon=4).y
        assert fan.dims == ("quantile", "year", "place")
        alone = sx.forecast(sx.fit(history(levels[1]), family=family), horizon=4).y
        np.testing.assert_allclose(fan.sel(place="b"), alone, rtol=1e-9)
        odds = sx.attainment(sx.fit(data, family=family), target(200.0, 2018), rng=1)
        assert odds.probability.dims == ("scenario", "target", "place")


def test_nothing_depends_on_the_units_of_an_amount():
    for family in (sx.DampedTrend(), sx.Logistic(), sx.StudentShocks()):
        small = sx.forecast(sx.fit(history(WALK), family=family), horizon=4).y
        large = sx.forecast(sx.fit(history(1024.0 * WALK), family=family), horizon=4).y
        np.testing.assert_allclose(large / 1024.0, small, rtol=1e-6)


@dataclass(frozen=True, kw_only=True, slots=True)
class Still(sx.PathProcess):
    """Stands still."""

    parameters: ClassVar[tuple[sx.Parameter, ...]] = ()

    def simulate(self, start, innovations):
        return start + 0.0 * innovations

    def residuals(self, start, levels):
        return 0.0 * levels

    def loglik(self, start, levels):
        return 0.0 * levels.sum(axis=0)

    def one_year(self, step, start):
        return sx.counted_change(self, step, start)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        (
            {"family": "ets"},
            ModelError,
            r"family='ets' is not a process\. Give one such as sx\.DampedTrend\(\)",
        ),
        (
            {"family": {"z": sx.RandomWalk()}},
            UnknownNameError,
            r"family= names 'z', which the history does not hold",
        ),
        (
            {"family": REGIMES},
            ModelError,
            r"Regimes cannot be fitted: a dozen figures hold one or two switches at most\. Set",
        ),
        (
            {"family": sx.Bass(innovation=0.1, imitation=0.1, reached=0.5, sigma=0.1)},
            ModelError,
            r"Bass cannot be fitted: before its peak, adopters do not tell the size of their market",
        ),
        (
            {"family": sx.JumpDiffusion()},
            ModelError,
            r"JumpDiffusion cannot learn jump, jump_sd, rate: one short series shows no jump or one\.",
        ),
        ({"family": Still()}, ModelError, r"Still cannot be fitted to 'y': only its own author knows how"),
        (
            {"family": sx.RandomWalk(), "prior": sx.Prior.flat()},
            ModelError,
            r"RandomWalk cannot be fitted to 'y' without a prior\. Leave out prior=",
        ),
        (
            {"family": sx.RandomWalk(), "prior": sx.learned_prior()},
            ModelError,
            r"'y' has both family= and a LearnedPrior\. Give sx\.Prior",
        ),
        (
            {"family": sx.Logistic(ceiling=100.0)},
            HistoryError,
            r"'y' holds \d+\.?\d*, not between 0 and the ceiling 100\. Raise the ceiling",
        ),
        ({"family": sx.NegativeBinomial()}, HistoryError, r"'y' holds [\d.]+, which is not a count"),
    ],
)
def test_refuses_what_cannot_be_fitted(options, error, message):
    with pytest.raises(error, match=message):
        sx.fit(history(WALK), **options)


def test_a_balance_cannot_follow_a_curve_for_amounts():
    data = history(WALK - 150.0, kind="balance")
    with pytest.raises(
        ModelError, match=r"Logistic stands on Log\(\), 'y' on Linear\(scale=[\d.]+\)\. Choose anoth"
    ):
        sx.fit(data, family=sx.Logistic())
    fan = sx.forecast(sx.fit(data, family=sx.AutoregressiveGrowth()), horizon=3).y
    assert np.isfinite(fan).all()


def test_student_shocks_say_that_they_cannot_cross_a_gap():
    values = WALK.copy()
    values[5] = np.nan
    with pytest.raises(HistoryError, match=r"cannot be fitted across a gap of 2 years"):
        sx.fit(history(values), family=sx.StudentShocks())


def test_a_bridge_needs_a_gaussian_source():
    short = np.where(YEARS < 2012, np.nan, WALK)
    data = xr.Dataset(
        {"a": ("year", WALK), "b": ("year", short, {"bridge_from": "a", "bridge_sd": 0.05})},
        coords={"year": YEARS},
    )
    with pytest.raises(
        ModelError, match=r"'b' is bridged to 'a', whose process is not Gaussian\. Give the source"
    ):
        sx.fit(data, family={"a": sx.StudentShocks()})
    bridged = sx.fit(data, family={"a": sx.AutoregressiveGrowth()})
    assert "growth learned from a" in str(sx.fit_report(bridged))
    own = sx.fit(data, family={"b": sx.AutoregressiveGrowth()})
    assert "growth learned from" not in str(sx.fit_report(own))


def test_a_walked_law_is_only_counted():
    model = sx.fit(history(COUNTS, kind="count"), family=sx.NegativeBinomial())
    with pytest.raises(
        sx.SxsimError,
        match=r"'T' has no exact answer\. Y: the law is walked year by year\. Leave out method=",
    ):
        sx.attainment(model, target(9.0, 2018), method=sx.Exact())


def test_the_split_of_the_uncertainty_is_the_same_by_every_route():
    """Parameter share of one target: closed form against counting, within 4 errors of the counted moments."""
    model = sx.fit(history(WALK), family=sx.AutoregressiveGrowth())
    exact = sx.attainment(model, target(230.0, 2018))
    counted = sx.attainment(model, target(230.0, 2018), method=sx.MonteCarlo(draws=200_000), rng=2)
    error = 4 * np.sqrt(0.25 / 200_000) * 2
    assert abs(exact.variance_parameter - counted.variance_parameter).item() < error
    assert exact.variance_model.item() == counted.variance_model.item() == 0.0


def test_counts_that_died_out_stay_at_zero():
    values = np.array([3.0, 1.0, *np.zeros(10)])
    fan = sx.forecast(sx.fit(history(values, kind="count"), family=sx.NegativeBinomial()), horizon=5).y
    assert (fan.sel(quantile=0.5) == 0).all()
    assert (fan >= 0).all()
    long = xr.Dataset(
        {"y": ("year", np.zeros(40) + (np.arange(40) == 0), {"kind": "count"})}, coords={"year": range(40)}
    )
    assert (sx.forecast(sx.fit(long, family=sx.NegativeBinomial(), prior=PRIOR), horizon=5).y == 0).any()


def test_a_family_stands_alone():
    with pytest.raises(ModelError, match=r"'y' has both family= and a DriftPrior\. Give sx\.Prior"):
        sx.fit(history(WALK), family=sx.RandomWalk(), drift_prior=sx.DriftPrior(growth=0.1, spread=0.05))
    errors = {"y": sx.Reading(noise=(sx.Noise(absolute=5.0),))}
    with pytest.raises(
        ModelError, match=r"'y' has both family= and figures with errors, breaks or parts of a year\."
    ):
        sx.fit(history(WALK), family=sx.RandomWalk(), reading=errors)


def test_variables_of_different_families_move_together():
    shocks = 0.1 * RNG.standard_normal(12)
    data = xr.Dataset(
        {
            "a": ("year", np.exp(np.cumsum(0.05 + shocks))),
            "b": ("year", np.exp(np.cumsum(0.03 + shocks + 0.02 * RNG.standard_normal(12)))),
        },
        coords={"year": YEARS},
    )
    model = sx.fit(data, family={"b": sx.StudentShocks(dof=4.0)})
    paths = np.log(sx.simulate(model, horizon=3, draws=20_000, rng=1).squeeze("scenario"))
    together = np.corrcoef(paths.a.sel(year=2015), paths.b.sel(year=2015))[0, 1]
    assert together > 0.3


def test_levels_and_scores_of_a_walked_law():
    model = sx.fit(history(COUNTS, kind="count"), family=sx.NegativeBinomial())
    chances = [sx.forecast(model, horizon=3, **{side: 8.0}).y for side in ("at_least", "at_most")]
    fan = sx.forecast(model, horizon=3, quantiles=(0.2, 0.8)).y
    assert chances[0].attrs["fixed_draws"] == fan.attrs["fixed_draws"] == 16384
    assert (chances[0] + chances[1] > 1.0).all()
    later = xr.Dataset({"y": ("year", [8.0])}, coords={"year": [2015]})
    scored = sx.scores.law_scores(model, later).y
    assert 0.0 < scored.sel(measure="pit", year=2015).item() < 1.0
    assert np.isnan(scored.sel(measure="log_score", year=2015).item())
