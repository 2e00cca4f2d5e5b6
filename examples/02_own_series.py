"""A dozen figures of one's own: fit them, look ahead, ask for the odds of one target."""

from __future__ import annotations

import pandas as pd

import sxsim as sx

# Papers a year of an institute; 2016 was never published. Any frame with years in its index will do.
FIGURES = {
    "papers": [212, 230, 251, 243, None, 290, 301, 334, 322, 371, 390, 402],
}


def main() -> None:
    """Fit, forecast, and the probability of 600 papers in 2030."""
    history = pd.DataFrame(FIGURES, index=range(2012, 2024), dtype=float)
    model = sx.fit(history)
    print(sx.fit_report(model), end="\n\n")

    fan = sx.forecast(model, until=2030, quantiles=(0.05, 0.5, 0.95))
    print(fan["papers"].round(0).to_pandas().T.to_string(), end="\n\n")

    goal = sx.Condition(
        indicator="papers", relation=sx.Relation.AT_LEAST, level=sx.Number(value=600), years=(2030,)
    )
    odds = sx.attainment(model, sx.Target(id="P1", label="600 papers in 2030", condition=goal))
    answer = odds.sel(scenario="trend", target="P1")
    print(f"600 papers in 2030: {float(answer.probability):.1%}, by the {answer.route.item()} route")


if __name__ == "__main__":
    main()
