"""What is believed about an indicator changes its odds: one history, several processes, one target."""

from __future__ import annotations

import numpy as np
import xarray as xr

import sxsim as sx

YEARS = np.arange(2003, 2015)
FIGURES = [102.0, 118.0, 131.0, 160.0, 171.0, 205.0, 214.0, 243.0, 251.0, 277.0, 286.0, 305.0]
LEVEL, YEAR = 420.0, 2020


def families() -> dict[str, sx.GaussianProcess | sx.PathProcess | None]:
    """Return the default and what else one may believe."""
    return {
        "averaged over shapes (default)": None,
        "growth goes on": sx.RandomWalk(),
        "booms last some years": sx.AutoregressiveGrowth(),
        "growth calms down": sx.DampedTrend(),
        "setbacks are made good": sx.TrendStationary(),
        "there is a ceiling of 600": sx.Logistic(ceiling=600.0),
        "there is a ceiling": sx.Logistic(),
        "some years are far out": sx.StudentShocks(dof=4.0),
        "one year in ten costs a quarter": sx.JumpDiffusion(rate=0.1, jump=-0.29, jump_sd=0.1),
    }


def main() -> None:
    """Print the odds of the same target under each belief, and where the number comes from."""
    history = xr.Dataset({"y": ("year", FIGURES)}, coords={"year": YEARS})
    goal = sx.Condition(
        indicator="y", relation=sx.Relation.AT_LEAST, level=sx.Number(value=LEVEL), years=(YEAR,)
    )
    target = sx.Target(id="T", label=f"at least {LEVEL:g} in {YEAR}", condition=goal)
    print(f"{'belief':32} {'odds':>6}  {'5 %':>5} {'median':>6} {'95 %':>5}  route")
    for belief, family in families().items():
        model = sx.fit(history, family=family)
        odds = sx.attainment(model, target, rng=0)
        low, middle, high = sx.forecast(model, until=YEAR).y.sel(year=YEAR).to_numpy()
        print(
            f"{belief:32} {odds.probability.item():6.1%}  {low:5.0f} {middle:6.0f} {high:5.0f}  "
            f"{odds.route.item()}"
        )


if __name__ == "__main__":
    main()
