from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from scipy import stats

import sxsim as sx

YEARS = (2013, 2014, 2015, 2016)
NAMES = ("a", "b", "c")
CORRELATION = np.array([[1.0, 0.6, 0.3], [0.6, 1.0, 0.5], [0.3, 0.5, 1.0]])
SIGMAS = 4.0


def model(correlation=CORRELATION) -> sx.GrowthModel:
    """Three random walks of known drift and sigma that stand at 1 in 2012."""
    grown = [
        sx.Grown(
            name=name,
            carrier=sx.Log(),
            law=sx.RandomWalk(drift=drift, sigma=0.1),
            last_value=1.0,
            last_year=2012,
        )
        for name, drift in zip(NAMES, (0.02, 0.0, -0.01), strict=True)
    ]
    return sx.GrowthModel(indicators=tuple(grown), last_year=2012, correlation=correlation)


def condition(name="a", level=1.1, years=(2016,), **values) -> sx.Condition:
    return sx.Condition(
        **(
            {
                "indicator": name,
                "relation": sx.Relation.AT_LEAST,
                "level": sx.Number(value=level),
                "years": years,
            }
            | values
        )
    )


def target(name="a", **values) -> sx.Target:
    return sx.Target(id=name.upper(), label=name, condition=condition(name, **values))


ALL = [target(name) for name in NAMES]


def ask(*targets, method=None, rng=0, **values) -> xr.Dataset:
    odds = sx.attainment(model(), list(targets), method=method, rng=rng, detail=True, **values)
    return odds.sel(scenario="trend") if "scenarios" not in values else odds


def below(mean: np.ndarray, covariance: np.ndarray) -> float:
    """P(all coordinates are below zero)."""
    return float(stats.multivariate_normal(mean, covariance, seed=1).cdf(np.zeros(len(mean))))


def walk(drift: float, level: float, years: int) -> stats.multivariate_normal:
    """Law of the distance above the level, year by year."""
    steps = np.arange(1, years + 1)
    return stats.multivariate_normal(
        drift * steps - np.log(level), 0.01 * np.minimum.outer(steps, steps), seed=1
    )


def close(found: xr.DataArray, error: xr.DataArray, truth) -> None:
    assert (np.abs(found - truth) <= SIGMAS * error + 2e-5).all(), (found.values, truth, error.values)


@pytest.mark.parametrize("method", [None, sx.MonteCarlo(draws=200_000), sx.Sobol(points=256), sx.Exact()])
def test_years_follow_the_law_of_the_walk(method):
    odds = ask(target("a"), method=method).sel(target="A")
    law = walk(0.02, 1.1, 4)
    alone = stats.norm.cdf(law.mean / np.sqrt(np.diag(law.cov)))
    close(odds.probability_by_year, odds.probability_by_year_standard_error, alone)
    none = [
        stats.multivariate_normal(law.mean[:t], law.cov[:t, :t], seed=1).cdf(np.zeros(t))
        for t in (1, 2, 3, 4)
    ]
    close(odds.first_hit, odds.first_hit_standard_error, -np.diff([1.0, *none]))
    close(odds.never_hit, odds.never_hit_standard_error, none[-1])
    close(odds.hazard, odds.hazard_standard_error, -np.diff([1.0, *none]) / np.array([1.0, *none[:-1]]))
    stays = [below(-law.mean[t:], law.cov[t:, t:]) for t in range(4)]
    close(odds.stays_hit, odds.stays_hit_standard_error, stays)


@pytest.mark.parametrize("method", [None, sx.MonteCarlo(draws=200_000), sx.Sobol(points=256)])
def test_targets_depend_on_each_other_as_the_normal_law_says(method):
    odds = ask(*ALL, method=method)
    mean = 4 * np.array([0.02, 0.0, -0.01]) - np.log(1.1)
    law = [
        stats.multivariate_normal(-mean[list(s)], 0.04 * CORRELATION[np.ix_(s, s)], seed=1).cdf(
            np.zeros(len(s))
        )
        for s in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2))
    ]
    a, b, c, ab, ac, bc, abc = law
    some = [a + b + c - ab - ac - bc + abc, ab + ac + bc - 2 * abc, abc]
    close(odds.at_least, odds.at_least_standard_error, some)
    pair = odds.sel(target="A", given="B")
    close(pair.given_hit, pair.given_hit_standard_error, ab / b)
    close(pair.given_missed, pair.given_missed_standard_error, (a - ab) / (1 - b))
    close(odds.failure_share, odds.failure_share_standard_error, (1 - np.array([a, b, c])) / (1 - abc))
    only = (np.array([bc, ac, ab]) - abc) / (1 - abc)
    close(odds.only_failure, odds.only_failure_standard_error, only)
    assert np.isnan(np.diag(odds.given_hit)).all()


def test_the_last_count_is_the_joint():
    odds = ask(*ALL)
    assert odds.at_least.sel(count=3).item() == odds.joint.item()
    assert odds.at_least.attrs == odds.joint.attrs


@pytest.mark.parametrize("relation", [sx.Relation.AT_LEAST, sx.Relation.AT_MOST])
def test_a_shortfall_is_the_law_cut_off_at_the_level(relation):
    odds = ask(target("a", relation=relation)).sel(target="A")
    law = stats.norm(0.08, 0.2)
    bar = np.log(1.1)
    share = np.array([0.95, 0.5, 0.05])
    if relation is sx.Relation.AT_LEAST:
        truth = 1.1 - np.exp(law.ppf(share * law.cdf(bar)))
    else:
        truth = np.exp(law.isf(share * law.sf(bar))) - 1.1
    np.testing.assert_allclose(odds.shortfall, truth, rtol=1e-9)


def test_a_shortfall_on_paths_agrees_with_the_law():
    """A total of one year is drawn: its quantiles miss their level by no more than 4 errors of a share."""
    total = sx.Total(indicator="a", relation=sx.Relation.AT_LEAST, level=sx.Number(value=1.1), years=(2016,))
    drawn = ask(sx.Target(id="T", label="t", condition=total)).shortfall.sel(target="T")
    law = stats.norm(0.08, 0.2)
    missed = law.cdf(np.log(1.1))
    share = 1.0 - law.cdf(np.log(1.1 - drawn.to_numpy())) / missed
    q = drawn["quantile"].to_numpy()
    assert (np.abs(share - q) <= SIGMAS * np.sqrt(q * (1 - q) / (missed * 2**16))).all()


def test_of_several_years_the_worst_counts_and_of_any_year_the_best():
    years = (2015, 2016)
    both = [
        sx.Target(id=when.name, label="t", condition=condition("a", years=years, when=when))
        for when in (sx.When.EVERY_YEAR, sx.When.ANY_YEAR)
    ]
    shortfall = ask(*both).shortfall
    assert (shortfall.sel(target="EVERY_YEAR") > shortfall.sel(target="ANY_YEAR")).all()


def test_what_cannot_be_said_is_missing_and_the_rest_is_there():
    either = sx.Target(id="E", label="e", condition=sx.AnyOf(parts=(ALL[0].condition, ALL[1].condition)))
    odds = ask(ALL[0], either, target("nowhere"))
    assert odds.first_hit.sel(target="A").notnull().all()
    for name in ("E", "NOWHERE"):
        assert odds.first_hit.sel(target=name).isnull().all()
        assert odds.shortfall.sel(target=name).isnull().all()
    assert odds.given.values.tolist() == ["A", "E"]
    assert odds.given_hit.sel(target="E", given="A").item() == 1.0
    assert odds.reason.sel(target="NOWHERE").item() == "there is no series 'nowhere'"


def test_one_target_alone_and_past_targets_have_details():
    odds = ask(target("a"))
    assert odds.at_least.values.tolist() == [odds.probability.item()]
    assert odds.failure_share.item() == odds.only_failure.item() == 1.0
    assert odds.given_hit.isnull().all()


def test_a_total_is_hit_once_enough_has_been_added_up():
    total = sx.Total(indicator="a", relation=sx.Relation.AT_LEAST, level=sx.Number(value=3.2), years=YEARS)
    odds = ask(sx.Target(id="T", label="t", condition=total)).sel(target="T")
    chances = odds.probability_by_year
    assert (chances.diff("year") >= 0).all()
    assert chances[-1].item() == pytest.approx(
        odds.probability.item(), abs=SIGMAS * float(odds.probability_by_year_standard_error[-1])
    )
    assert odds.first_hit.sum().item() == pytest.approx(odds.probability.item(), abs=0.01)


def test_growth_since_a_year_to_come_begins_after_it():
    past = sx.OwnPast(since=2014, growth=0.02)
    odds = ask(
        sx.Target(
            id="T",
            label="t",
            condition=sx.Condition(indicator="a", relation=sx.Relation.AT_LEAST, level=past, years=(2016,)),
        )
    )
    assert odds.year.values.tolist() == [2015, 2016]


def test_members_of_a_batch_are_answered_side_by_side(tmp_path):
    rng = np.random.default_rng(0)
    values = np.exp(np.cumsum(rng.normal(0.05, 0.1, (3, 12)), axis=1))
    data = xr.Dataset(
        {"a": (("region", "year"), values)}, coords={"region": list("xyz"), "year": np.arange(2001, 2013)}
    )
    goal = target("a", level=3.0, years=(2015,))
    every = target("a", level=1.0, years=(2014, 2015))
    pair = [goal, sx.Target(id="E", label="e", condition=every.condition)]
    whole = sx.attainment(sx.fit(data), pair, rng=0, detail=True, method=sx.MonteCarlo(draws=20_000))
    assert whole.first_hit.dims == ("scenario", "target", "year", "region")
    assert whole.given_missed.dims == ("scenario", "target", "given", "region")
    one = sx.attainment(
        sx.fit(data.sel(region=["y"])), pair, rng=0, detail=True, method=sx.MonteCarlo(draws=20_000)
    )
    for name in ("first_hit", "at_least", "shortfall"):
        np.testing.assert_allclose(whole[name].sel(region="y"), one[name].sel(region="y"), atol=0.03)
    found = sx.open_result(sx.save(xr.DataTree(whole), tmp_path / "odds.nc"))
    xr.testing.assert_identical(found.to_dataset(), whole)


def test_scenarios_are_answered_side_by_side():
    plan = sx.load_plan("shanxi-2014")
    fitted = sx.fit(plan.history, until=2012)
    chosen = [sx.TREND, plan.scenario("early_push")]
    odds = sx.attainment(fitted, plan.target("H1"), scenarios=chosen, rng=0, detail=True)
    never = odds.never_hit.sel(target="H1")
    assert never.sel(scenario="early_push") < never.sel(scenario="trend") - 0.2
    np.testing.assert_allclose(odds.first_hit.sum("year") + odds.never_hit, 1.0, atol=1e-12)


def test_finished_paths_have_no_details():
    paths = sx.simulate(model(), until=2016, draws=100, rng=0)
    with pytest.raises(sx.SxsimError, match=r"^detail=True was asked of finished paths\. Ask the model they"):
        sx.attainment(paths, target("a"), detail=True)
