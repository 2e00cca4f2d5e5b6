"""Small counts: how often ranges cover, and whether probabilities come true, where the truth is simulated.

Run ``python benchmarks/counts.py``; a minute or so. Twelve yearly counts are drawn from a Poisson or a
negative binomial law, fitted as ``count``, and compared with the count one and five years later.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

import sxsim as sx

SERIES, FIGURES, AHEAD = 1500, 12, (1, 5)
LEVELS = (0.025, 0.1, 0.9, 0.975)


def means(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Expected counts ``(series, year)`` of every case."""
    years = np.arange(FIGURES + max(AHEAD))
    flat = np.ones((SERIES, len(years)))
    steps = rng.normal(0.05, 0.15, flat.shape)
    return {
        "Poisson, mean 1": flat,
        "Poisson, mean 3": 3 * flat,
        "Poisson, mean 10": 10 * flat,
        "Poisson, 0.7 growing by 12 % a year": 0.7 * np.exp(0.12 * years) * flat,
        "Poisson, 3 drifting by 5 % with shocks of 15 %": 3 * np.exp(steps.cumsum(axis=1)),
        "negative binomial, mean 3, size 2": 3 * rng.gamma(2.0, 0.5, flat.shape),
    }


def main() -> None:
    """Print one line per case and horizon."""
    rng = np.random.default_rng(5)
    print(f"{'case':48} ahead  cov95  cov80  pit95  pit80  mean pit")
    for name, expected in means(rng).items():
        counts = rng.poisson(expected).astype(float)
        counts = counts[(counts[:, :FIGURES] > 0).any(axis=1)]
        data = {"y": (("series", "year"), counts[:, :FIGURES], {"kind": "count"})}
        model = sx.fit(xr.Dataset(data, coords={"year": np.arange(FIGURES)}))
        fan = sx.forecast(model, horizon=max(AHEAD), quantiles=LEVELS).y
        for ahead in AHEAD:
            year = FIGURES - 1 + ahead
            came = xr.DataArray(counts[:, year], dims="series", coords={"series": fan.series})
            low, lower, upper, high = fan.sel(year=year).to_numpy()
            reached, passed = (
                sx.forecast(model, horizon=ahead, at_least=came + more).y.sel(year=year) for more in (0, 1)
            )
            pit = 1 - reached + rng.uniform(size=len(counts)) * (reached - passed)
            rates = [
                ((came >= low) & (came <= high)).mean(), ((came >= lower) & (came <= upper)).mean(),
                (abs(pit - 0.5) < 0.475).mean(), (abs(pit - 0.5) < 0.4).mean(), pit.mean(),
            ]  # fmt: skip
            print(f"{name:48} {ahead:5d}  " + "  ".join(f"{float(rate):5.3f}" for rate in rates))


if __name__ == "__main__":
    main()
