"""Let 31 provinces say how such a series moves, and see what that does to the odds of one of them."""

from __future__ import annotations

import sxsim as sx


def main() -> None:
    """Learn a prior from the provinces, fit Shanxi with it, and compare with the shipped prior."""
    plan = sx.load_plan("shanxi-2014")
    history = plan.history[["rd_intensity"]]
    learned = sx.fit_prior(
        sx.load_panel("provinces-rd-intensity"),
        until=2012,
        horizon=5,
        source="31 provinces, R&D over GDP, to 2012",
    )
    print("prior                  median growth a year   P(at least 2.5 % of GDP in 2020)")
    for name, prior in (("shipped", None), ("31 provinces", learned)):
        model = sx.fit(history, until=2012, prior=prior)
        middle = sx.forecast(model, until=2020, quantiles=(0.5,))["rd_intensity"].sel(year=2020).item()
        growth = (middle / history["rd_intensity"].sel(year=2012).item()) ** (1 / 8) - 1
        odds = sx.attainment(model, plan.target("H1"))
        print(f"{name:22} {growth:20.1%} {odds.probability.item():34.1%}")


if __name__ == "__main__":
    main()
