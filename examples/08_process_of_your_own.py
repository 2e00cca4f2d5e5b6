"""A process of one's own in a dozen lines: growth takes off, for good, once a critical mass was reached."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

import sxsim as sx

LEVEL, YEAR = 200.0, 2024


@dataclass(frozen=True, kw_only=True)
class CriticalMass(sx.PathProcess):
    """Growth of the log is ``slow``, and ``fast`` in all years after the threshold was reached."""

    slow: float
    fast: float
    threshold: float
    sigma: float

    carrier: ClassVar = sx.Log()
    parameters: ClassVar = (
        sx.Parameter(name="slow", symbol="a", unit="log per year"),
        sx.Parameter(name="fast", symbol="b", unit="log per year"),
        sx.Parameter(name="threshold", symbol="c", unit="published units", low=1e-9),
        sx.Parameter(name="sigma", symbol="sigma", unit="log per sqrt(year)", low=0.0),
    )

    def begin(self, level: Any) -> Any:
        """Remember the level, and the best one so far."""
        return level, level

    def step(self, state: Any, shock: Any) -> Any:
        """Grow by what the best level so far allows."""
        level, best = state
        drift = np.where(best < np.log(self.threshold), self.slow, self.fast)
        level = level + drift + self.sigma * shock
        return level, np.maximum(best, level)


def model_of(law: sx.PathProcess | sx.RandomWalk) -> sx.GrowthModel:
    """Return firms that follow the law, beside exports that move with them."""
    firms = sx.Grown(name="firms", carrier=sx.Log(), law=law, last_value=60.0, last_year=2014)
    walk = sx.RandomWalk(drift=0.05, sigma=0.1)
    exports = sx.Grown(name="exports", carrier=sx.Log(), law=walk, last_value=10.0, last_year=2014)
    correlation = np.array([[1.0, 0.6], [0.6, 1.0]])
    return sx.GrowthModel(indicators=(firms, exports), last_year=2014, correlation=correlation)


def main() -> None:
    """Print the odds with a take-off, and with the same median growth without one."""
    takeoff = CriticalMass(slow=0.04, fast=0.15, threshold=80.0, sigma=0.1)
    goals = [
        sx.Condition(
            indicator=name, relation=sx.Relation.AT_LEAST, level=sx.Number(value=level), years=(YEAR,)
        )
        for name, level in (("firms", LEVEL), ("exports", 18.0))
    ]
    targets = [sx.Target(id=goal.indicator, label=goal.indicator, condition=goal) for goal in goals]
    middle = sx.forecast(model_of(takeoff), until=YEAR).firms.sel(year=YEAR, quantile=0.5).item()
    steady = sx.RandomWalk(drift=float(np.log(middle / 60.0)) / (YEAR - 2014), sigma=0.1)
    print(f"{'growth':12} {'firms':>7} {'exports':>8} {'both':>7}   firms in {YEAR}, 5 % to 95 %")
    for name, law in (("takes off", takeoff), ("is steady", steady)):
        model = model_of(law)
        odds = sx.attainment(model, targets, method=sx.MonteCarlo(draws=100_000), rng=0)
        firms, exports = odds.probability.squeeze("scenario").to_numpy()
        low, _, high = sx.forecast(model, until=YEAR).firms.sel(year=YEAR).to_numpy()
        print(f"{name:12} {firms:7.1%} {exports:8.1%} {odds.joint.item():7.1%}   {low:.0f} to {high:.0f}")

    path = np.array([66.0, 71.0, 78.0, 84.0, 97.0, 110.0])
    levels = np.log(path)[:, None]
    shocks = takeoff.residuals(np.log([60.0]), levels)
    print("shocks that lead through", path.tolist(), "are", shocks.ravel().round(2).tolist())
    print(f"log likelihood {float(takeoff.loglik(np.log([60.0]), levels)[0]):.2f}")


if __name__ == "__main__":
    main()
