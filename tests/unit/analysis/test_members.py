"""Members of a batch that differ in what is settled and in their levels are answered each as if alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

import sxsim as sx

PRIOR = sx.Prior(drift=0.03, years=4.0, shape=3.0, spread=0.06)
LAST = {"a": 120.0, "b": 80.0, "c": 100.0}


@pytest.fixture(scope="module")
def batch():
    """Three provinces that stood at 120, 80 and 100 in 2012."""
    rng = np.random.default_rng(3)
    steps = rng.normal(0.03, 0.06, (2, 3, 8))
    levels = steps.cumsum(axis=-1)
    levels = levels - levels[:, :, -1:] + np.log(list(LAST.values()))[:, None]
    coords = {"province": list(LAST), "year": np.arange(2005, 2013)}
    return xr.Dataset(
        {n: (("province", "year"), np.exp(level)) for n, level in zip("yz", levels, strict=True)},
        coords=coords,
    )


def reaches(level, *years, of="y", **more):
    given = sx.Number(value=level) if isinstance(level, float) else level
    kind = sx.Relation.WITHIN if isinstance(given, sx.Between) else sx.Relation.AT_LEAST
    return sx.Condition(indicator=of, relation=kind, level=given, years=years, **more)


PROMISES = {
    "kept by some, broken by others": reaches(100.0, 2012, 2015),
    "kept by some already": reaches(110.0, 2012, 2014, 2016, when=sx.When.ANY_YEAR),
    "settled for all": reaches(90.0, 2012),
    "own past": reaches(sx.OwnPast(since=2012, growth=0.04), 2015),
    "own past in every year": reaches(sx.OwnPast(growth=0.01), 2013, 2014),
    "own past since years apart": reaches(sx.OwnPast(since=2010, growth=0.02), 2012, 2014),
    "own past and a number": sx.AllOf(
        parts=(reaches(sx.OwnPast(since=2012), 2015), reaches(sx.Between(lower=90.0, upper=140.0), 2015))
    ),
    "own past or a number": sx.AnyOf(
        parts=(reaches(sx.OwnPast(since=2012, growth=0.1), 2014), reaches(115.0, 2013))
    ),
    "two of three, one of them past": sx.AtLeast(
        count=2, parts=(reaches(100.0, 2012), reaches(110.0, 2014), reaches(105.0, 2015))
    ),
    "benchmark": reaches(sx.Benchmark(indicator="z"), 2012, 2014, when=sx.When.ANY_YEAR),
}
TOTALS = {
    "a total": sx.Total(
        indicator="y", relation=sx.Relation.AT_LEAST, level=sx.Number(value=310.0), years=(2012, 2013, 2014)
    ),
    "a total in a range": sx.Total(
        indicator="y",
        relation=sx.Relation.WITHIN,
        level=sx.Between(lower=280.0, upper=330.0),
        years=(2012, 2013, 2014),
    ),
    "a total that is past": sx.Total(
        indicator="y", relation=sx.Relation.AT_LEAST, level=sx.Number(value=200.0), years=(2011, 2012)
    ),
}


def targets(promises):
    return [
        sx.Target(id=f"T{k}", label=name, condition=one) for k, (name, one) in enumerate(promises.items())
    ]


def uncorrelated(model):
    """A batch learns one correlation for all its members, a member alone another: take it away from both."""
    return sx.GrowthModel(indicators=model.indicators, last_year=model.last_year, history=model.history)


@pytest.mark.parametrize("method", [None, sx.Exact(error=1e-3), sx.Sobol()])
def test_members_are_answered_as_if_each_were_alone(batch, method):
    model = uncorrelated(sx.fit(batch, prior=PRIOR))
    together = sx.attainment(model, targets(PROMISES), method=method, rng=1).squeeze("scenario")
    for place, name in enumerate(LAST):
        one = uncorrelated(sx.fit(batch.sel(province=name, drop=True), prior=PRIOR))
        odds = sx.attainment(one, targets(PROMISES), method=method, rng=2).squeeze("scenario")
        mine = together.isel(province=place)
        error = np.hypot(mine.standard_error, odds.standard_error)
        # 30 comparisons by scrambles each way: 5 errors are passed once in 6000 (Student-t, 15 degrees)
        assert (np.abs(mine.probability - odds.probability) <= 5 * error + 1e-12).all()
        joint = np.hypot(mine.joint_standard_error, odds.joint_standard_error)
        assert abs(mine.joint - odds.joint) <= 5 * joint + 1e-12


def test_members_are_counted_as_if_each_were_alone(batch):
    model, both = uncorrelated(sx.fit(batch, prior=PRIOR)), PROMISES | TOTALS
    method = sx.MonteCarlo(draws=40_000)
    together = sx.attainment(model, targets(both), method=method, rng=1).squeeze("scenario")
    for place, name in enumerate(LAST):
        one = uncorrelated(sx.fit(batch.sel(province=name, drop=True), prior=PRIOR))
        odds = sx.attainment(one, targets(both), method=sx.Sobol(), rng=2).squeeze("scenario")
        mine = together.isel(province=place)
        error = np.hypot(mine.standard_error, odds.standard_error)
        assert (np.abs(mine.probability - odds.probability) <= 4 * error + 1e-12).all()


def test_what_is_settled_is_certain_and_the_rest_is_not(batch):
    odds = sx.attainment(sx.fit(batch, prior=PRIOR), targets(PROMISES | TOTALS), rng=1).squeeze("scenario")
    by = dict(zip([*PROMISES, *TOTALS], odds.probability, strict=True))
    assert ((by["kept by some, broken by others"] > 0) == [True, False, True]).all()
    assert ((by["kept by some already"] == 1) == [True, False, False]).all()
    assert by["settled for all"].values.tolist() == [1.0, 0.0, 1.0]
    seen = batch.y.sel(year=[2011, 2012]).sum("year")
    assert (by["a total that is past"] == (seen >= 200.0)).all()


def test_finished_paths_are_judged_by_member(batch):
    """The years observed stand before the paths, so that targets may look back."""
    model = uncorrelated(sx.fit(batch, prior=PRIOR))
    method, both = sx.MonteCarlo(draws=4096, control=False), PROMISES | TOTALS
    counted = sx.attainment(model, targets(both), method=method, rng=5)
    paths = sx.simulate(model, until=2016, draws=4096, rng=5)
    past = model.history.broadcast_like(paths.isel(year=0, drop=True))
    judged = sx.attainment(xr.concat([past, paths], "year", data_vars="all"), targets(both))
    assert np.allclose(
        counted.probability, judged.probability.transpose(*counted.probability.dims), atol=1e-12
    )
    assert np.allclose(counted.joint, judged.joint, atol=1e-12)


def test_known_events_are_asked_of_the_member_they_help(batch):
    """A walked indicator beside one held against its own past, whose level is another for every member.

    Both counts are of their own draws: six comparisons within 4 errors.
    """
    fitted = sx.fit(batch, prior=PRIOR)
    law = sx.StudentShocks(drift=0.05, sigma=0.08, dof=5.0)
    model = sx.GrowthModel(
        indicators=(replace(fitted["y"], law=law), fitted["z"]),
        last_year=2012,
        history=fitted.history,
        correlation=[[1.0, 0.5], [0.5, 1.0]],
    )
    own = sx.OwnPast(since=2012, growth=0.03)
    both = sx.Target(
        id="T", label="T", condition=sx.AllOf(parts=(reaches(own, 2015), reaches(own, 2015, of="z")))
    )
    helped, plain = (
        sx.attainment(model, both, method=sx.MonteCarlo(draws=100_000, control=control), rng=seed)
        for control, seed in ((True, 1), (False, 2))
    )
    assert helped.route.item() == "monte-carlo with control"
    error = np.hypot(helped.standard_error, plain.standard_error)
    assert (np.abs(helped.probability - plain.probability) < 4 * error).all()
