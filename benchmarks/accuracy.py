"""How well do forecasts and probabilities come true on years that were held out? One command, every table.

    python benchmarks/accuracy.py [--m4 m4_yearly_train.csv.gz] [--cells cells.npz] [--every 10]
                                  [--baselines] [--draws 4096] [--json results.json]

The bundled panel of provincial R&D intensities is always scored, five years ahead from four origins, with
nothing learned from it. ``--m4`` names the training part of the yearly series of the M4 competition (columns
unique_id, ds, y); its last six years are scored, then the six years that follow two earlier origins, then all
windows whose history grew by more than 20 % a year. ``--cells`` names a prior over cells that was learned
without the last six years (``scripts/learn_cells.py --holdout 6``), because the shipped one has seen them;
the earlier origins have been seen by both. ``--every`` thins the series out, but not those that grew fast.
``--baselines`` adds models of statsforecast, where it is installed, and times AutoETS beside sxsim.
Everything runs on one thread.

Scores are those of ``sx.backtest``: sMAPE, MASE, OWA against the naive forecast, MSIS at 95 %, coverage, CRPS
over nineteen quantiles in units of the mean absolute yearly change, the same on the log (or log odds) scale
with its gain over a random walk with drift, and the share of figures below the median.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

import sxsim as sx

HORIZON = 6
BACK = (6, 12, 18)
FAST = np.log(1.2)
WALK, NAIVE = "walk with drift, plugged in", "naive"
BLAS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
BINS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)


def one_thread() -> None:
    """Start again with one thread in every library, which must be said before any of them is loaded."""
    if any(os.environ.get(name) != "1" for name in BLAS):
        os.environ.update(dict.fromkeys(BLAS, "1"))
        os.execv(sys.executable, [sys.executable, *sys.argv])


def methods(cells: sx.LearnedPrior | None, baselines: bool) -> dict[str, object]:
    """Return the forecasters; the random walk with drift is the one that gains are measured against."""
    listed: dict[str, object] = {
        "sxsim": sx.Fitted(fit=partial(sx.fit, prior=cells)),
        "walk, shipped prior": sx.Fitted(fit=partial(sx.fit, prior=sx.walk_prior())),
        WALK: sx.PlainWalk(drift=True, on_link=True),
        "walk with drift, unlogged": sx.PlainWalk(drift=True),
        NAIVE: sx.PlainWalk(),
    }
    if baselines:
        chosen = (sx.StatsforecastModel.AUTO_ETS, sx.StatsforecastModel.OPTIMISED_THETA)
        listed |= {model.value: sx.Statsforecast(model=model) for model in chosen}
    return listed


def read_m4(path: Path) -> list[np.ndarray]:
    """Read all series, oldest figure first."""
    frame = pd.read_csv(path, usecols=["unique_id", "ds", "y"]).sort_values(["unique_id", "ds"])
    return [group.to_numpy(float) for _, group in frame.groupby("unique_id", sort=True)["y"]]


def windows(series: list[np.ndarray], back: int) -> xr.Dataset:
    """Align histories that end ``back`` years before the end: the origin is year 0, the truth is 1 to 6."""
    kept = [values for values in series if len(values) >= back + 5]
    longest = max(map(len, kept)) - back
    table = np.full((len(kept), longest + HORIZON), np.nan)
    for row, values in zip(table, kept, strict=True):
        cut = len(values) - back
        row[longest - cut :] = values[: cut + HORIZON]
    years = np.arange(longest + HORIZON) - longest + 1
    return xr.Dataset({"y": (("series", "year"), table)}, coords={"year": years})


def fast_growing(data: xr.Dataset) -> xr.Dataset:
    """Keep the windows whose last ten years (or as many as there are) grew by more than 20 % a year."""
    logs = np.log(data["y"].sel(year=slice(-10, 0)).to_numpy())
    first = np.argmax(np.isfinite(logs), axis=1)
    growth = (logs[:, -1] - logs[np.arange(len(logs)), first]) / np.maximum(logs.shape[1] - 1 - first, 1)
    return data.isel(series=growth > FAST)


def together(parts: list[xr.Dataset]) -> xr.Dataset:
    """Join windows of several origins."""
    joined: xr.Dataset = xr.concat(parts, dim="series", join="outer")
    return joined.sortby("year")


def scored(
    data: xr.Dataset, origins: list[int], horizon: int, models: Mapping[str, object], draws: int
) -> xr.Dataset:
    """Backtest, with the number of series for the speed."""
    found = sx.backtest(
        data, origins=origins, horizon=horizon, models=models, reference=WALK, draws=draws, rng=0
    )
    [variable] = data.data_vars.values()
    count = sum(int((variable.sel(year=slice(None, o)).notnull().sum("year") >= 5).sum()) for o in origins)
    return found.isel(indicator=0).assign(speed=count / found.seconds)


def accuracy(found: xr.Dataset) -> pd.DataFrame:
    """One row per method."""
    mean = found["mean"]
    column = {
        "sMAPE": mean.sel(score="smape"),
        "MASE": mean.sel(score="mase"),
        "OWA": None,
        "MSIS": mean.sel(score="msis"),
        "cov95": mean.sel(score="coverage_95"),
        "cov80": mean.sel(score="coverage_80"),
        "CRPS": mean.sel(score="scaled_crps"),
        "log-CRPS": mean.sel(score="link_crps"),
        "log gain": found.skill.sel(score="link_crps"),
        "P(y < median)": mean.sel(score="below_median"),
        "series/s": found.speed,
    }
    naive = [column[name].sel(model=NAIVE) for name in ("sMAPE", "MASE")]
    column["OWA"] = sx.scores.owa(column["sMAPE"], column["MASE"], *naive)
    return pd.DataFrame({name: part.to_numpy() for name, part in column.items()}, index=found["model"].values)


def targets(found: xr.Dataset) -> pd.DataFrame:
    """One row per event and method: Brier score, its parts, and what happened in bins of the probability."""
    rows = {}
    for event in found["event"].values.tolist():
        for model in found["model"].values.tolist():
            one = found.sel(event=event, model=model)
            if not np.isfinite(one.event_brier):
                continue
            parts = ("brier", "miscalibration", "by_chance", "discrimination", "uncertainty", "log_loss")
            row = {part: float(one[f"event_{part}"]) for part in parts}
            table = sx.scores.reliability_table(one.event_probability, one.event_outcome, edges=BINS)
            for low, high, happened in zip(table.low, table.high, table.observed, strict=True):
                row[f"{float(low):.1f}-{float(high):.1f}"] = float(happened)
            rows[f"{event}: {model}"] = row
    return pd.DataFrame(rows).T


def speed(series: list[np.ndarray], count: int, cells: sx.LearnedPrior | None) -> pd.DataFrame:
    """Fit and five quantiles over six years, AutoETS and sxsim side by side, in series per second."""
    from statsforecast.models import AutoETS

    chosen = series[:: max(len(series) // count, 1)][:count]
    data = windows(chosen, HORIZON).sel(year=slice(None, 0))
    quantiles = (0.025, 0.1, 0.5, 0.9, 0.975)

    def ours() -> None:
        sx.forecast(sx.fit(data, prior=cells), horizon=HORIZON, quantiles=quantiles)

    def theirs(values: list[np.ndarray]) -> None:
        model = AutoETS(season_length=1)
        with np.errstate(all="ignore"):
            for one in values:
                model.forecast(y=one[:-HORIZON], h=HORIZON, level=[80, 95])

    theirs(chosen[:20])
    sx.forecast(sx.fit(data.isel(series=slice(20)), prior=cells), horizon=HORIZON, quantiles=quantiles)
    rates = {}
    for name, work in (("sxsim", ours), ("AutoETS", lambda: theirs(chosen))):
        clock = time.perf_counter()
        work()
        rates[name] = len(chosen) / (time.perf_counter() - clock)
    rates["ratio"] = rates["sxsim"] / rates["AutoETS"]
    return pd.DataFrame({name: [rate] for name, rate in rates.items()}, index=["series/s"])


def show(title: str, frame: pd.DataFrame, kept: dict[str, object]) -> None:
    """Print a table and keep it."""
    print(f"\n{title}\n\n| | {' | '.join(frame.columns)} |\n|---{'|---' * len(frame.columns)}|")
    for name, row in frame.iterrows():
        print(f"| {name} | {' | '.join(f'{value:.4g}' for value in row)} |")
    sys.stdout.flush()
    kept[title] = json.loads(frame.to_json(orient="index"))


def provinces(cells: sx.LearnedPrior | None, asked: argparse.Namespace, kept: dict[str, object]) -> None:
    """Score the bundled panel, on which nothing was learned."""
    panel = sx.load_panel("provinces-rd-intensity")
    found = scored(panel, [2009, 2012, 2015, 2018], 5, methods(cells, asked.baselines), asked.draws)
    show("Provincial R&D intensity, 5 years ahead, 4 origins", accuracy(found), kept)
    show("... synthetic targets", targets(found), kept)


def m4(cells: sx.LearnedPrior | None, asked: argparse.Namespace, kept: dict[str, object]) -> None:
    """Score the windows of the M4 series, and those that grew fast once more by themselves."""
    whole = read_m4(asked.m4)
    series, models, fast = whole[:: asked.every], methods(cells, asked.baselines), []
    for back in BACK:
        fast.append(fast_growing(windows(whole, back)))
        data = windows(series, back)
        found = scored(data, [0], HORIZON, models, asked.draws if back == HORIZON else 0)
        name = f"M4 yearly, six years from {back} years before the end, {data.sizes['series']} series"
        show(name, accuracy(found), kept)
        show(f"... synthetic targets, {back} years before the end", targets(found), kept)
    found = scored(together(fast), [0], HORIZON, models, asked.draws)
    count = sum(part.sizes["series"] for part in fast)
    name = f"M4 yearly, histories that grew by more than 20 % a year, {count} windows"
    show(name, accuracy(found), kept)
    show("... synthetic targets, fast growth", targets(found), kept)
    if asked.baselines:
        show("Fit and 5 quantiles x 6 years, one thread", speed(series, asked.speed, cells), kept)


def main() -> None:
    """Read the arguments and print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--m4", type=Path)
    parser.add_argument("--cells", type=Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--baselines", action="store_true")
    parser.add_argument("--draws", type=int, default=4096, help="paths for targets of every year; 0 for none")
    parser.add_argument("--speed", type=int, default=1000, help="series that are timed")
    parser.add_argument("--json", type=Path, help="write all tables to this file too")
    asked = parser.parse_args()
    one_thread()
    cells = sx.read_learned_prior(asked.cells) if asked.cells else None
    kept: dict[str, object] = {}
    provinces(cells, asked, kept)
    if asked.m4:
        m4(cells, asked, kept)
    if asked.json:
        asked.json.write_text(json.dumps(kept, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
