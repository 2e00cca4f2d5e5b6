"""How well do forecasts come true on years that were held out? Prints one Markdown table per panel.

    python benchmarks/accuracy.py [--m4 m4_yearly_train.csv.gz] [--cells cells.npz] [--every 10]

The bundled panel of provincial R&D intensities is always scored, five years ahead from several origins. With
``--m4`` the last six years of every series of that file are scored too; ``--cells`` names a prior over cells
that was learned without them (``scripts/learn_cells.py --holdout 6``), because the shipped one has seen them.
Measures are those of the M4 competition: sMAPE, MASE, OWA against the naive forecast, MSIS at 95 %, and
coverage; CRPS is the mean of twice the pinball loss over nineteen quantiles, in units of the mean absolute
yearly change.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

import sxsim as sx

LEVELS = np.concatenate([[0.025, 0.1, 0.9, 0.975], np.arange(0.05, 0.951, 0.05)])
MEDIAN = 4 + 9
Method = Callable[[xr.Dataset, int], np.ndarray]


def fitted(prior: sx.Prior | sx.LearnedPrior | None) -> Method:
    """Return a method that fits with one prior and forecasts, ``(quantile, year, member)``."""

    def run(history: xr.Dataset, horizon: int) -> np.ndarray:
        model = sx.fit(history, prior=prior)
        return sx.forecast(model, horizon=horizon, quantiles=LEVELS)["y"].to_numpy()

    return run


def naive(history: xr.Dataset, horizon: int) -> np.ndarray:
    """Return the last figure with normal intervals of the yearly changes."""
    from scipy.special import ndtri

    values = history["y"].to_numpy()
    change = np.diff(values, axis=1)
    spread = np.sqrt(np.nanmean(change**2, axis=1))
    steps = np.sqrt(np.arange(1, horizon + 1))
    return values[:, -1] + ndtri(LEVELS)[:, None, None] * steps[:, None] * spread


def scores(quantiles: np.ndarray, truth: np.ndarray, history: np.ndarray) -> dict[str, float]:
    """Score one method; truth ``(year, member)``, history ``(member, year)``."""
    unit = np.nanmean(np.abs(np.diff(history, axis=1)), axis=1)
    known = np.isfinite(truth) & (unit > 0)
    low, inner_low, inner_high, high = quantiles[:4]
    median = quantiles[MEDIAN]
    width = (high - low) + 40.0 * np.maximum(low - truth, 0) + 40.0 * np.maximum(truth - high, 0)
    missed = truth - quantiles[4:]
    pinball = np.where(missed >= 0, LEVELS[4:, None, None] * missed, (LEVELS[4:, None, None] - 1) * missed)

    unit = np.where(unit > 0, unit, np.nan)

    def mean(values: np.ndarray) -> float:
        return float(values[known].mean())

    return {
        "sMAPE": mean(200 * np.abs(truth - median) / (np.abs(truth) + np.abs(median))),
        "MASE": mean(np.abs(truth - median) / unit),
        "MSIS": mean(width / unit),
        "cov95": mean((truth >= low) & (truth <= high)),
        "cov80": mean((truth >= inner_low) & (truth <= inner_high)),
        "CRPS": mean(2 * pinball.mean(axis=0) / unit),
        "below median": mean(truth < median),
    }


def table(
    title: str, methods: dict[str, Method], cuts: list[tuple[xr.Dataset, np.ndarray]], horizon: int
) -> None:
    """Score every method on every cut (history, truth) and print one table."""
    rows = {}
    for name, method in methods.items():
        clock = time.perf_counter()
        answers = [method(history, horizon) for history, _ in cuts]
        spent = time.perf_counter() - clock
        parts = [
            scores(q, truth, history["y"].to_numpy())
            for q, (history, truth) in zip(answers, cuts, strict=True)
        ]
        weight = np.array([history.sizes["series"] for history, _ in cuts], float)
        rows[name] = {key: float(np.average([p[key] for p in parts], weights=weight)) for key in parts[0]}
        rows[name]["series/s"] = weight.sum() / spent
    base = rows["naive"]
    for row in rows.values():
        row["OWA"] = 0.5 * (row["sMAPE"] / base["sMAPE"] + row["MASE"] / base["MASE"])
    order = ["sMAPE", "MASE", "OWA", "MSIS", "cov95", "cov80", "CRPS", "below median", "series/s"]
    frame = pd.DataFrame(rows).T[order]
    print(f"\n{title}\n\n| method | {' | '.join(order)} |\n|---{'|---' * len(order)}|")
    for name, row in frame.iterrows():
        print(f"| {name} | {' | '.join(f'{value:.4g}' for value in row)} |")


def provinces() -> list[tuple[xr.Dataset, np.ndarray]]:
    """Cut the bundled panel at 2009, 2012, 2015 and 2018; the panel is a share of GDP, so is its link."""
    panel = sx.load_panel("provinces-rd-intensity").rename(rd_intensity="y").rename(province="series")
    cuts = []
    for origin in (2009, 2012, 2015, 2018):
        history = panel.sel(year=slice(None, origin))
        keep = history["y"].notnull().sum("year") >= 5
        truth = panel["y"].sel(year=slice(origin + 1, origin + 5)).isel(series=keep.to_numpy())
        cuts.append((history.isel(series=keep.to_numpy()), truth.transpose("year", "series").to_numpy()))
    return cuts


def m4(path: Path, every: int) -> list[tuple[xr.Dataset, np.ndarray]]:
    """Hold out the last six years of every series, or of every n-th."""
    frame = pd.read_csv(path, usecols=["unique_id", "ds", "y"]).sort_values(["unique_id", "ds"])
    series = [g.to_numpy(float) for _, g in frame.groupby("unique_id", sort=True)["y"]][::every]
    longest = max(map(len, series)) - 6
    table = np.full((len(series), longest), np.nan)
    for row, values in zip(table, series, strict=True):
        row[longest - len(values) + 6 :] = values[:-6]
    history = xr.Dataset({"y": (("series", "year"), table)}, coords={"year": np.arange(longest)})
    return [(history, np.stack([values[-6:] for values in series], axis=1))]


def main() -> None:
    """Read the arguments and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--m4", type=Path)
    parser.add_argument("--cells", type=Path)
    parser.add_argument("--every", type=int, default=1)
    asked = parser.parse_args()
    cells = sx.read_learned_prior(asked.cells) if asked.cells else sx.learned_prior()
    methods: dict[str, Method] = {
        "naive": naive,
        "random walk, flat prior": fitted(sx.Prior.flat()),
        "random walk": fitted(sx.walk_prior()),
        "family": fitted(cells),
    }
    table("Provincial R&D intensity, 5 years ahead, 4 origins", methods, provinces(), 5)
    if asked.m4:
        del methods["random walk, flat prior"]
        table("M4 yearly, last 6 years of the training part", methods, m4(asked.m4, asked.every), 6)


if __name__ == "__main__":
    main()
