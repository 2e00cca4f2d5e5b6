"""The work by sxsim: models, targets and scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import xarray as xr

import sxsim as sx
from side_by_side.contender import Run
from side_by_side.work import NAMES, YEARS, Array, Counts, Truth, Walks, correlation, walks
from sxsim.processes import Mixture

LAST_YEAR = 2012
FIGURES = 12  # yearly figures that the mixture is fitted to
SEED = 7


def fixed_model(work: Walks) -> sx.GrowthModel:
    """Return the random walks of the work, put together by hand."""
    grown = tuple(
        sx.Grown(
            name=name,
            carrier=sx.Log(),
            law=sx.RandomWalk(drift=float(work.drift[k]), sigma=float(work.sigma[k])),
            last_value=float(work.last[k]),
            last_year=LAST_YEAR,
        )
        for k, name in enumerate(NAMES)
    )
    return sx.GrowthModel(indicators=grown, last_year=LAST_YEAR, correlation=correlation())


@cache
def fitted_model() -> sx.GrowthModel:
    """Return the default fit of twelve figures each: about a hundred cells, sigma and correlation unknown."""
    work, rng = walks(), np.random.default_rng(2026)
    changes = work.drift[:, None] + work.mix @ rng.standard_normal((len(NAMES), FIGURES))
    figures = work.last[:, None] * np.exp(np.cumsum(changes, axis=1) - changes.sum(axis=1, keepdims=True))
    data = {name: ("year", row, {"kind": "amount"}) for name, row in zip(NAMES, figures, strict=True)}
    return sx.fit(xr.Dataset(data, coords={"year": LAST_YEAR - FIGURES + 1 + np.arange(FIGURES)}))


@cache
def mixture_model() -> sx.GrowthModel:
    """Return the same fit with the correlation of the work taken as known."""
    return replace(fitted_model(), correlation=correlation(), dependence=None)


@cache
def reachable() -> Array:
    """Return levels ``(indicator, year)`` that the mixture reaches with probabilities of 16 to 50 %."""
    shares = (0.5, 0.42, 0.31, 0.16)
    fan = sx.forecast(mixture_model(), horizon=YEARS, quantiles=[1 - share for share in shares])
    return np.stack([fan[name].to_numpy()[k] for k, name in enumerate(NAMES)])


def laws() -> tuple[Mixture, ...]:
    """Return the cells of every indicator of the mixture."""
    return tuple(mixture_model()[name].law.mixture(YEARS) for name in NAMES)


def targets(level: Array) -> tuple[sx.Target, ...]:
    """One target per indicator and year; only the last year's stand in the joint, the others are proxies."""
    return tuple(
        sx.Target(
            id=f"{name}-{year}",
            label=f"{name} in year {year}",
            condition=sx.Condition(
                indicator=name,
                relation=sx.Relation.AT_LEAST,
                level=sx.Number(value=float(level[k, year - 1])),
                years=(LAST_YEAR + year,),
            ),
            proxy_for=f"{name}-{YEARS}" if year < YEARS else None,
        )
        for k, name in enumerate(NAMES)
        for year in range(1, YEARS + 1)
    )


def ten_scenarios() -> tuple[sx.Scenario, ...]:
    """Return the trend, and nine policies that each change the growth of every indicator."""
    return (sx.TREND, *[_policy(number) for number in range(1, 10)])


def _policy(number: int) -> sx.Scenario:
    changes = tuple(
        sx.PlannedGrowth(indicator=name, base_value=last, base_year=LAST_YEAR, growth=0.01 * number)
        for name, last in zip(NAMES, walks().last.tolist(), strict=True)
    )
    return sx.Scenario(id=f"policy-{number}", label=f"growth of {number} %", changes=changes)


def hits(
    model: sx.GrowthModel,
    level: Array,
    scenarios: Sequence[sx.Scenario] = (sx.TREND,),
    **how: int,
) -> Run:
    """Simulate and keep whole counts alone; return those of the first scenario.

    ``how`` says on how many threads, or in what chunks.
    """
    keep = sx.Hits(targets(level))

    def run(draws: int) -> Counts:
        found = sx.simulate(model, scenarios, horizon=YEARS, draws=draws, rng=SEED, keep=keep, **how).isel(
            scenario=0
        )
        return Counts(
            hits=found.hits.to_numpy().reshape(len(NAMES), YEARS), joint=int(found.joint), draws=draws
        )

    return run


def fixed(work: Walks) -> Run:
    """Prepare the random walks."""
    return hits(fixed_model(work), work.level)


def chunked(chunk: int) -> Run:
    """Prepare the mixture in chunks that dask computes."""
    return hits(mixture_model(), reachable(), chunks=chunk)


def mixture(scenarios: Sequence[sx.Scenario] = (sx.TREND,), threads: int = 1) -> Run:
    """Prepare the mixture."""
    return hits(mixture_model(), reachable(), scenarios, threads=threads)


def fitted() -> Run:
    """Prepare the mixture with its correlation unknown."""
    return hits(fitted_model(), reachable())


def mixture_truth() -> Truth:
    """Return the probabilities of the mixture."""
    return exact_odds(mixture_model())


def fitted_truth() -> Truth:
    """Return the probabilities when the correlation is unknown too."""
    return exact_odds(fitted_model())


def exact_odds(model: sx.GrowthModel) -> Truth:
    """Single targets in closed form, the joint by quasi-random points, far closer than any count."""
    odds = sx.attainment(model, targets(reachable()), rng=0).isel(scenario=0)
    return Truth(hits=odds.probability.to_numpy().reshape(len(NAMES), YEARS), joint=float(odds.joint))
