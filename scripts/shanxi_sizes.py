"""Print the numbers behind the scenarios of the bundled plan: python scripts/shanxi_sizes.py.

No figure after the plan's `fit_until` enters them. Growth is in percentage points a year.
"""

from __future__ import annotations

import numpy as np

import sxsim as sx

SHOCK_YEAR = 2009


def main() -> None:
    """Print lever sizes, the size of a bad year, and what follows from the figures of the base year."""
    plan = sx.load_plan("shanxi-2014")
    model = sx.fit(plan.history, until=plan.fit_until)
    for target in plan.targets:
        if target.stated_growth is not None and target.condition is not None:
            _gap(plan, model, target)
    _bad_year(plan)
    _largest_fall(plan)
    granted, stock = (_last(plan, name) for name in ("invention_patents_granted", "valid_invention_patents"))
    print(f"patents granted over patents in force in {plan.base_year}: {granted / stock:.3f}")


def _gap(plan: sx.Plan, model: sx.GrowthModel, target: sx.Target) -> None:
    """Stated growth less that of the trend median from the base to the target year."""
    assert target.condition is not None and target.base is not None
    name, year = target.condition.indicator, target.condition.years[-1]
    trend = sx.forecast(model.select((name,)), until=year, quantiles=(0.5,))[name].sel(year=year)
    median = float(trend.item())
    growth = (median / target.base.value) ** (1.0 / (year - target.base.year)) - 1.0
    gap = 100.0 * (target.stated_growth - growth)
    levers = [lever.id for lever in plan.levers if target.id in lever.targets]
    print(
        f"{target.id} {name}: stated {100 * target.stated_growth:.2f}, trend {100 * growth:.2f} "
        f"(median {median:.4g} in {year}), gap {gap:.2f}; {len(levers)} levers ({', '.join(levers)}): "
        f"{gap / len(levers):.2f} each"
    )


def _known(plan: sx.Plan, name: str) -> tuple[np.ndarray, np.ndarray]:
    figures = plan.history[name].sel(year=slice(None, plan.fit_until)).dropna("year")
    return figures["year"].to_numpy(), figures.to_numpy()


def _last(plan: sx.Plan, name: str) -> float:
    return float(_known(plan, name)[1][-1])


def _bad_year(plan: sx.Plan) -> None:
    """Print how far GDP fell behind its usual growth in 2009, and how fast it made that good."""
    years, values = _known(plan, "gdp")
    changes = np.diff(np.log(values))
    bad = years[1:] == SHOCK_YEAR
    usual = changes[~bad].mean()
    fall = float(changes[bad][0] - usual)
    left = fall + float(changes[years[1:] == SHOCK_YEAR + 1][0] - usual)
    half_life = np.log(2.0) / np.log(fall / left)
    print(
        f"gdp in {SHOCK_YEAR}: {100 * np.expm1(fall):.1f} percent against the mean growth of the other "
        f"{np.sum(~bad)} changes {years[0]}-{years[-1]}; half-life {half_life:.1f} years; "
        f"one of {len(changes)} changes"
    )


def _largest_fall(plan: sx.Plan) -> None:
    """Print the largest fall of R&D intensity between neighbouring years of one source."""
    years, values = _known(plan, "rd_intensity")
    whole = years <= SHOCK_YEAR
    falls = values[whole][1:] / values[whole][:-1] - 1.0
    worst = int(np.argmin(falls))
    print(f"rd_intensity, largest fall: {100 * falls[worst]:.1f} percent, {years[worst]}-{years[worst + 1]}")


if __name__ == "__main__":
    main()
