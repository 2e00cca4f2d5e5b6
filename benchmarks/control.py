"""How much a Gaussian twin and closed forms of single years take off the variance of counts.

Run ``python benchmarks/control.py``: a Markdown table of ratios of variance, counted over helped, for the
same draws, and of time. One indicator of each law and a random walk share half of their yearly luck.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np
import xarray as xr

import sxsim as sx

LAWS: dict[str, tuple[Any, float, float]] = {
    "`StudentShocks`, 4 degrees of freedom": (sx.StudentShocks(drift=0.05, sigma=0.08, dof=4.0), 10.0, 12.5),
    "`JumpDiffusion`, a jump in seven years": (
        sx.JumpDiffusion(drift=0.06, sigma=0.05, rate=0.15, jump=-0.3, jump_sd=0.1),
        10.0,
        11.5,
    ),
    "`Regimes`": (
        sx.Regimes(
            ordinary=sx.RandomWalk(drift=0.08, sigma=0.03),
            other=sx.RandomWalk(drift=-0.05, sigma=0.08),
            leave=0.15,
            recover=0.4,
            other_now=0.0,
        ),
        10.0,
        12.5,
    ),
    "`Logistic`": (sx.Logistic(ceiling=30.0, drift=0.3, sigma=0.2), 10.0, 19.0),
    "`Bass`": (sx.Bass(innovation=0.01, imitation=0.3, reached=0.3, sigma=1.0), 10.0, 23.0),
    "`NegativeBinomial`": (sx.NegativeBinomial(drift=0.05, memory=0.8, mean=12.0, size=40.0), 12.0, 14.0),
}


def model_of(law: Any, last_value: float) -> sx.GrowthModel:
    """Return an indicator of the law and a random walk."""
    carrier = getattr(law, "carrier", None) or sx.Log()
    grown = (
        sx.Grown(name="y", carrier=carrier, law=law, last_value=last_value, last_year=2012),
        sx.Grown(
            name="z",
            carrier=sx.Log(),
            law=sx.RandomWalk(drift=0.05, sigma=0.1),
            last_value=10.0,
            last_year=2012,
        ),
    )
    correlation = np.array([[1.0, 0.5], [0.5, 1.0]])
    return sx.GrowthModel(indicators=grown, last_year=2012, correlation=correlation)


def target(name: str, of: str, level: float, *years: int) -> sx.Target:
    """Return a target."""
    condition = sx.Condition(
        indicator=of, relation=sx.Relation.AT_LEAST, level=sx.Number(value=level), years=years
    )
    return sx.Target(id=name, label=name, condition=condition)


def odds(
    model: sx.GrowthModel, targets: list[sx.Target], draws: int, control: bool
) -> tuple[xr.Dataset, float]:
    """Return the answers and the seconds they took."""
    method, start = sx.MonteCarlo(draws=draws, control=control), time.perf_counter()
    found = sx.attainment(model, targets, method=method, rng=1).squeeze("scenario")
    return found, time.perf_counter() - start


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=400_000)
    draws = parser.parse_args().draws
    print("| law of the indicator | year 5 | years 3 to 5 | year 5, and another indicator | time |")
    print("|---|---|---|---|---|")
    for name, (law, last_value, level) in LAWS.items():
        model = model_of(law, last_value)
        once = target("S", "y", level, 2017)
        every = target("E", "y", 0.9 * level, 2015, 2016, 2017)
        cells, seconds = [], np.zeros(2)
        for asked in ([once], [every], [once, target("Z", "z", 12.0, 2017)]):
            (plain, before), (helped, after) = (odds(model, asked, draws, c) for c in (False, True))
            ratio = float(plain.joint_standard_error / helped.joint_standard_error) ** 2
            cells.append(f"{ratio:.3g} (p = {float(helped.joint):.2f})")
            seconds += before, after
        print(f"| {name} | {' | '.join(cells)} | {seconds[1] / seconds[0]:.1f} |", flush=True)


if __name__ == "__main__":
    main()
