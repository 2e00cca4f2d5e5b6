"""Learn the prior that ships with sxsim from a panel of yearly series.

    python scripts/learn_prior.py m4_yearly_train.csv.gz

The panel is a table with the columns unique_id, ds (position in time) and y, such as the training part of the
yearly series of the M4 competition (https://github.com/Mcompetitions/M4-methods). Only the last 48 figures
of a series are used; the last six of them and two earlier blocks of six are held out in turn, and predicted
from the 1, 2, 4, 8 and 12 figures before.
"""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

import sxsim as sx

LONGEST = 48
HORIZON = 6
TARGET = Path(__file__).parents[1] / "src" / "sxsim" / "fitting" / "prior.toml"


def panel(path: Path) -> xr.Dataset:
    """Right-align all series in one table, NaN where a series is shorter."""
    frame = pd.read_csv(path, usecols=["unique_id", "ds", "y"]).sort_values(["unique_id", "ds"])
    groups = [group.to_numpy(float)[-LONGEST:] for _, group in frame.groupby("unique_id", sort=True)["y"]]
    table = np.full((len(groups), LONGEST), np.nan)
    for row, values in zip(table, groups, strict=True):
        row[LONGEST - len(values) :] = values
    return xr.Dataset({"y": (("series", "year"), table)}, coords={"year": np.arange(LONGEST)})


def main() -> None:
    """Read the panel, fit four numbers, write them with their provenance."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("path", type=Path)
    path = parser.parse_args().path
    data = panel(path)
    prior = sx.fit_prior(data, horizon=HORIZON, origins=3)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    summary = f"held-out log score of {data.sizes['series']} yearly series (M4, training part)"
    TARGET.write_text(
        "# Written by scripts/learn_prior.py; do not edit by hand.\n"
        "# drift and spread are logs per year; years and 2 * shape are worth in years of data.\n\n"
        "[prior]\n"
        f"drift = {prior.drift:.4f}\nyears = {prior.years:.3f}\n"
        f"shape = {prior.shape:.3f}\nspread = {prior.spread:.4f}\n"
        f"window = {prior.window}\n\n"
        "[provenance]\n"
        f'summary = "{summary}"\n'
        f'file = "{path.name}"\nsha256 = "{digest}"\n'
        f"series = {data.sizes['series']}\nhorizon = {HORIZON}\norigins = 3\nlongest = {LONGEST}\n",
        encoding="utf-8",
    )
    print(TARGET.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
