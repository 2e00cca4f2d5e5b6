"""A model without any history: growth, spread and correlation set by hand, then the odds of two targets."""

from __future__ import annotations

import numpy as np

import sxsim as sx


def target(name: str, indicator: str, level: float) -> sx.Target:
    """At least this level in 2030."""
    goal = sx.Condition(
        indicator=indicator, relation=sx.Relation.AT_LEAST, level=sx.Number(value=level), years=(2030,)
    )
    return sx.Target(id=name, label=f"{indicator} of at least {level:g}", condition=goal)


def model(correlation: float) -> sx.GrowthModel:
    """Patents and contracts from 2024 on, their yearly shocks correlated."""
    patents = sx.Grown(
        name="patents",
        carrier=sx.Log(),
        law=sx.RandomWalk(drift=0.06, sigma=0.08),
        last_value=20_000,
        last_year=2024,
    )
    contracts = sx.Grown(
        name="contracts",
        carrier=sx.Log(),
        law=sx.RandomWalk(drift=0.10, sigma=0.15),
        last_value=500,
        last_year=2024,
    )
    together = np.array([[1.0, correlation], [correlation, 1.0]])
    return sx.GrowthModel(indicators=(patents, contracts), last_year=2024, correlation=together)


def main() -> None:
    """Show that correlation moves the odds of both, and leaves each alone."""
    targets = (target("P", "patents", 30_000), target("C", "contracts", 900))
    print("correlation     P      C   both   if independent")
    for correlation in (0.0, 0.4, 0.8):
        odds = sx.attainment(model(correlation), targets, rng=0).sel(scenario="trend")
        p, c = (float(odds.probability.sel(target=name)) for name in ("P", "C"))
        both, product = float(odds.joint), float(odds.joint_independent)
        print(f"{correlation:11.1f} {p:6.1%} {c:6.1%} {both:6.1%} {product:16.1%}")


if __name__ == "__main__":
    main()
