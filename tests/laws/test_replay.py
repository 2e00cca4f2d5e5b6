"""Laws of a probability that is asked again as figures arrive."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import xarray as xr

from sxsim.fitting import fit, walk_prior
from sxsim.plan import Condition, Indicator, Kind, Number, Plan, Relation, Target
from sxsim.simulation import simulate
from sxsim.streams import Seed
from sxsim.studies.futures import chances, told_by
from sxsim.studies.information import value_of_information

YEARS = np.arange(2001, 2013)
FIGURES = 100 * np.exp(np.cumsum([0.0, 0.08, 0.02, 0.11, 0.05, 0.07, -0.02, 0.09, 0.04, 0.12, 0.03, 0.06]))
coherent = partial(fit, prior=replace(walk_prior(), window=None))  # a fixed prior, all figures used
RARE = np.log(2 / 1e-4)


def plan_of(level, years=(2018,)):
    condition = Condition(
        indicator="y", relation=Relation.AT_LEAST, level=Number(value=level), years=tuple(years)
    )
    return Plan(
        id="demo", title="Demo", start=2013, end=2018, base_year=2012, fit_until=2012,
        targets=(Target(id="T", label="T", condition=condition),),
        indicators=(Indicator(id="y", label="y", kind=Kind.AMOUNT),),
        history=xr.Dataset({"y": ("year", FIGURES)}, coords={"year": YEARS}),
    )  # fmt: skip


@pytest.mark.parametrize("level", [220.0, 250.0, 290.0])
def test_in_a_coherent_world_the_probability_is_a_martingale(level):
    found = value_of_information(plan_of(level), futures=2000, fit=coherent, rng=1).squeeze("target")
    away = found.mean_probability - found.probability
    assert (np.abs(away) <= 4 * found.mean_probability_error).all()


def test_every_year_targets_are_martingales_too():
    plan = plan_of(190.0, years=range(2013, 2018))
    found = value_of_information(plan, futures=300, draws=512, fit=coherent, rng=2).squeeze("target")
    away = found.mean_probability - found.probability
    assert (np.abs(away) <= 4 * found.mean_probability_error).all()
    assert 0.05 < found.probability.item() < 0.95


@pytest.mark.parametrize("year", [2013, 2015, 2017])
def test_in_a_coherent_world_what_is_announced_happens_as_often(year):
    """A thousand worlds; in every tenth of the probabilities, hits less what was announced.

    Bernstein: a sum of variance v of such differences exceeds L / 3 + sqrt(L^2 / 9 + 2 v L) with
    probability 2 exp(-L) at most.
    """
    plan = plan_of(250.0)
    model, size = coherent(plan.history), 1000
    told = told_by(model, plan.history, plan.targets, ())
    paths = simulate(model, until=2018, draws=size, rng=3).isel(scenario=0, drop=True)
    later = coherent(told.batch(paths, ["y"], year), until=year)
    [(chance, _)] = chances(later, plan.targets, 1, Seed.of(0))
    hit = (paths.y.sel(year=2018) >= 250.0).values
    for few in np.array_split(np.argsort(chance), 10):
        p = chance[few]
        most = RARE / 3 + np.sqrt(RARE**2 / 9 + 2 * RARE * (p * (1 - p)).sum())
        assert abs((hit[few] - p).sum()) <= most


def test_what_is_known_grows_with_the_years_to_all():
    found = value_of_information(plan_of(250.0), futures=1000, fit=coherent, rng=4).squeeze("target")
    assert ((found.resolved >= 0) & (found.resolved <= 1)).all()
    room = 4 * np.hypot(found.resolved_error.values[1:], found.resolved_error.values[:-1])
    assert (np.diff(found.resolved) >= -room).all()
    assert found.resolved.values[-1] == 1.0


def test_the_stated_error_of_what_is_known_is_the_spread_over_seeds():
    plan = plan_of(250.0)
    shares, errors = np.array(
        [
            [one.resolved.values[1, 0], one.resolved_error.values[1, 0]]
            for seed in range(40)
            for one in [value_of_information(plan, futures=100, fit=coherent, rng=seed)]
        ]
    ).T
    ratio = shares.var(ddof=1) / (errors**2).mean()
    assert 0.35 < ratio < 2.1  # 99.9 % of a chi-square with 39 degrees of freedom, over 39, with some room
