"""Figures that are revised, redefined, odd or half a year old: what that does to the odds of a target."""

from __future__ import annotations

import numpy as np
import xarray as xr

import sxsim as sx

YEARS = np.arange(2010, 2024)
TURNOVER = np.array([52, 55, 61, 64, 70, 73, 80, 84, 97, 103, 88, 112, 118, 126], float)

GOAL = sx.Target(
    id="T1",
    label="turnover of 160 by 2027",
    condition=sx.Condition(
        indicator="turnover", relation=sx.Relation.AT_LEAST, level=sx.Number(value=160.0), years=(2027,)
    ),
)

READINGS = {
    "as it stands": sx.Reading(),
    "an early survey, 3 % off": sx.Reading(noise=sx.Noise(relative=0.03, years=range(2010, 2015))),
    "a wider definition since 2018": sx.Reading(breaks=sx.Break(year=2018, relative=0.10)),
    "without the year of the closures": sx.Reading(outliers=2020),
    "the last figure is preliminary": sx.Reading(noise=sx.Noise(relative=0.05, years=(2023,))),
    "nine months of 2024 are known": sx.Reading(
        partial=sx.Partial(year=2024, value=99.0, share=0.72, spread=0.02)
    ),
}


def main() -> None:
    """Print the odds and the middle of 2027 for every way of reading the same figures."""
    history = xr.Dataset({"turnover": ("year", TURNOVER)}, coords={"year": YEARS})
    for name, reading in READINGS.items():
        model = sx.fit(history, reading={"turnover": reading})
        odds = float(sx.attainment(model, GOAL).probability.squeeze())
        low, middle, high = sx.forecast(model, until=2027).turnover.sel(year=2027).to_numpy()
        print(f"{name:34s} {odds:5.0%}   {middle:6.1f} ({low:.1f} to {high:.1f})")
    print()
    print(sx.fit_report(model))


if __name__ == "__main__":
    main()
