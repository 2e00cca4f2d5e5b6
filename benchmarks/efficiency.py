"""How many plain draws a second of integration is worth, for the joint probability of four targets.

Efficiency is (variance x time) of plain simulation over (variance x time) of the integral. Plain simulation
of ``n`` draws has the variance ``p (1 - p) / n`` and takes ``n`` times the seconds of a draw, so its product
does not depend on ``n``. Time of the integral is the median of several runs from the finished model to the
number, all tables included; its variance is that of a mean of 16 scrambles, estimated from 64, to which the
square of the error that scrambles do not see is added.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

import numpy as np
import xarray as xr

import sxsim as sx
from sxsim.analysis.event import Row
from sxsim.analysis.integrals.common_direction import CommonDirection
from sxsim.analysis.integrals.integral import Integral, integrate
from sxsim.analysis.integrals.separation import Sampled
from sxsim.analysis.integrals.system import System, system_of
from sxsim.analysis.question import Question, ask
from sxsim.processes import RandomWalkPosterior
from sxsim.streams import Seed

SECONDS_PER_DRAW = 170e-9
POINTS = (2**10, 2**12, 2**14)
CHOSEN = 2**12
REPLICATES, MANY = 16, 64
NAMES = ("a", "b", "c", "d")
CORRELATION = np.array([[1, 0.3, 0.4, 0.2], [0.3, 1, 0.25, 0.35], [0.4, 0.25, 1, 0.3], [0.2, 0.35, 0.3, 1]])
Prepare = Callable[[System], Integral]


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """One method at one number of points."""

    method: str
    points: int
    probability: float
    error: float
    seconds: float
    efficiency: float


def single_cell() -> sx.GrowthModel:
    """Four random walks whose drift and variance a dozen figures have left uncertain."""
    numbers = zip(NAMES, (0.05, 0.04, 0.06, 0.03), (11.0, 9.0, 14.0, 11.0), (6.0, 5.5, 7.5, 6.0), strict=True)
    grown = tuple(
        sx.Grown(
            name=name,
            carrier=sx.Log(),
            law=RandomWalkPosterior(
                drift=np.array([drift]),
                years=np.array([years]),
                shape=np.array([shape]),
                rate=np.array([0.01 * shape]),
            ),
            last_value=100.0,
            last_year=2012,
        )
        for name, drift, years, shape in numbers
    )
    return sx.GrowthModel(indicators=grown, last_year=2012, correlation=CORRELATION)


def mixture(*, known: bool) -> sx.GrowthModel:
    """Four series of twelve figures under the shipped family; their correlation set by hand or as fitted."""
    rng = np.random.default_rng(2012)
    shocks = rng.standard_normal((11, 4)) @ np.linalg.cholesky(CORRELATION).T
    growth = np.array([0.05, 0.04, 0.06, 0.03]) + 0.1 * shocks
    levels = 100.0 * np.exp(np.concatenate([np.zeros((1, 4)), growth.cumsum(axis=0)]))
    data = xr.Dataset(
        {name: ("year", column) for name, column in zip(NAMES, levels.T, strict=True)},
        coords={"year": np.arange(2001, 2013)},
    )
    fitted = sx.fit(data)
    if not known:
        return fitted
    return sx.GrowthModel(
        indicators=fitted.indicators, last_year=2012, correlation=CORRELATION, history=fitted.history
    )


def conditions(model: sx.GrowthModel, probability: float = 0.53) -> list[Row]:
    """One level in year 8 for each indicator, each reached with the same probability."""
    fan = sx.forecast(model, horizon=8, quantiles=[1.0 - probability]).isel(year=-1, quantile=0)
    rows: list[Row] = []
    for name in NAMES:
        condition = sx.Condition(
            indicator=name,
            relation=sx.Relation.AT_LEAST,
            level=sx.Number(value=float(fan[name])),
            years=(2020,),
        )
        question = ask(sx.Target(id=name, label=name, condition=condition), model)
        assert isinstance(question, Question)
        rows += question.rows
    return rows


def common_direction(system: System) -> Integral:
    """Prepare the integral over common factors with what points add to it."""
    found = CommonDirection.of(system)
    assert found is not None
    return found


def measured(
    model: sx.GrowthModel,
    rows: Sequence[Row],
    prepare: Prepare,
    points: int,
    *,
    seconds_per_draw: float,
    repeat: int = 7,
) -> Measured:
    """Time 16 scrambles, tables included, and take their variance from 64."""

    def answer(replicates: int, seed: int) -> tuple[float, float, float]:
        integral = prepare(system_of(rows, model, {}, 0))
        found = integrate([integral], points=points, replicates=replicates, seed=Seed(entropy=seed))
        return float(found.value[0]), float(found.error[0]) - integral.bound, integral.bound

    seconds = []
    for number in range(repeat + 1):
        start = perf_counter()
        answer(REPLICATES, number)
        seconds.append(perf_counter() - start)
    took = median(seconds[1:])
    p, error, bound = answer(MANY, repeat + 1)
    variance = error**2 * MANY / REPLICATES + bound**2
    plain = p * (1.0 - p) * seconds_per_draw
    name = prepare.__qualname__.split(".")[0]
    return Measured(
        method=name,
        points=points,
        probability=p,
        error=float(np.sqrt(variance)),
        seconds=took,
        efficiency=plain / (variance * took),
    )


def rqmc_efficiency(seconds_per_draw: float = SECONDS_PER_DRAW, points: int = CHOSEN) -> float:
    """One cell with unknown drift and variance, all of it over points: separation of variables."""
    model = single_cell()
    one = measured(model, conditions(model), Sampled.of, points, seconds_per_draw=seconds_per_draw)
    return one.efficiency


def rqmc_mixture(
    seconds_per_draw: float = SECONDS_PER_DRAW, points: int = CHOSEN, *, known: bool = True
) -> float:
    """Efficiency for the whole default mixture: the integral over common factors, corrected over points."""
    model = mixture(known=known)
    one = measured(model, conditions(model), common_direction, points, seconds_per_draw=seconds_per_draw)
    return one.efficiency


def table(seconds_per_draw: float) -> dict[str, list[Measured]]:
    """Every world, method and number of points."""
    worlds = {
        "one cell": single_cell(),
        "mixture": mixture(known=True),
        "mixture, correlation uncertain": mixture(known=False),
    }
    out = {}
    for name, model in worlds.items():
        rows = conditions(model)
        out[name] = [
            measured(model, rows, prepare, points, seconds_per_draw=seconds_per_draw)
            for prepare in (Sampled.of, common_direction)
            for points in POINTS
        ]
    return out


def main() -> None:
    """Print a Markdown table, or the two figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds-per-draw", type=float, default=SECONDS_PER_DRAW)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.json:
        found = {
            "rqmc_efficiency": rqmc_efficiency(options.seconds_per_draw),
            "rqmc_mixture": rqmc_mixture(options.seconds_per_draw),
        }
        print(json.dumps(found))
        return
    print("| world | method | points x 16 | P | standard error | seconds | efficiency |")
    print("|---|---|---|---|---|---|---|")
    for world, rows in table(options.seconds_per_draw).items():
        for one in rows:
            print(
                f"| {world} | {one.method} | {one.points} | {one.probability:.6f} | {one.error:.1e} | "
                f"{one.seconds:.4f} | {one.efficiency:,.0f} |"
            )


if __name__ == "__main__":
    main()
