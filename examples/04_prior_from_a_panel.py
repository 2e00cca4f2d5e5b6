"""Let 31 provinces, or a belief, say how such a series moves, and see what that does to the odds of one."""

from __future__ import annotations

import sxsim as sx


def main() -> None:
    """Learn a prior from the provinces, fit Shanxi with it, and compare with the shipped prior."""
    plan = sx.load_plan("shanxi-2014")
    history = plan.history[["rd_intensity"]]
    panel = sx.load_panel("provinces-rd-intensity")
    weights = sx.fit_prior(panel, start=sx.learned_prior(), until=2012, source="31 provinces, to 2012")
    walk = sx.fit_prior(panel, until=2012, source="31 provinces, R&D over GDP, to 2012")
    belief = {"rd_intensity": sx.DriftPrior(growth=0.06, spread=0.02)}
    fits = {
        "shipped": sx.fit(history, until=2012),
        "weights of 31 provinces": sx.fit(history, until=2012, prior=weights),
        "random walk of 31 provinces": sx.fit(history, until=2012, prior=walk),
        "believed growth of 6 %": sx.fit(history, until=2012, drift_prior=belief),
    }
    print(weights.source, end="\n\n")
    print("prior                          median growth a year   P(at least 2.5 % of GDP in 2020)")
    for name, model in fits.items():
        middle = sx.forecast(model, until=2020, quantiles=(0.5,))["rd_intensity"].sel(year=2020).item()
        growth = (middle / history["rd_intensity"].sel(year=2012).item()) ** (1 / 8) - 1
        odds = sx.attainment(model, plan.target("H1"))
        print(f"{name:30} {growth:20.1%} {odds.probability.item():34.1%}")


if __name__ == "__main__":
    main()
