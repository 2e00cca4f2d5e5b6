"""Do probabilities come true where the truth is known? A thousand simulated plans, and beliefs about them.

Run ``python benchmarks/calibration.py``; a minute or two. Truths are drawn from the shipped prior of a random
walk, twelve figures are known, five years follow. The table stands in the docs.
"""

from __future__ import annotations

import argparse
from functools import partial

import numpy as np
import xarray as xr

import sxsim as sx
from sxsim.studies.calibration import SAME

LEVEL = 0.99


def line(one: xr.Dataset, name: str) -> str:
    """Scores and bins of one belief about one event."""
    gap = np.abs(one.bin_observed - one.bin_announced)
    inside = (one.bin_observed >= one.bin_band_low) & (one.bin_observed <= one.bin_band_high)
    seen = one.bin_cases > 0
    parts = [one.event_brier, one.event_miscalibration, one.event_by_chance, one.event_log_loss]
    figures = "  ".join(f"{float(part):7.4f}" for part in parts)
    bins = f"{int((inside & seen).sum())} of {int(seen.sum())}"
    return f"{name:32} {figures}  {float(gap.where(one.bin_cases >= 50).max()):6.3f}  {bins:>6}"


def martingale(found: xr.Dataset) -> str:
    """Mean changes in standard errors: the farthest of all years, of all bins, and the movement."""
    steps = (found.update_change / found.update_change_error).isel(origin=slice(1, None))
    bins = (found.update_bin_change / found.update_bin_change_error).where(found.update_bin_updates >= 150)
    excess = found.update_excess_movement / found.update_excess_movement_error
    farthest = "  ".join(
        f"{float(np.abs(part).max()):.2f} of {int(part.count())}" for part in (steps, bins, excess)
    )
    return f"farthest change by year, by bin, excess movement (in errors): {farthest}"


def main() -> None:
    """Print one line per belief and event, then the replay."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plans", type=int, default=1000)
    parser.add_argument("--rng", type=int, default=0)
    asked = parser.parse_args()
    put = partial(sx.calibration, plans=asked.plans, level=LEVEL, rng=asked.rng)
    others = {"default": sx.fit, "textbook": partial(sx.fit, prior=sx.Prior.flat())}
    worlds = {
        SAME: put(replay=True),
        f"{SAME}, correlation 0.6": put(correlation=0.6),
        **{name: put(models={name: believer}) for name, believer in others.items()},
    }
    print(f"{'belief, event':32} {'Brier':>7}  {'MCB':>7}  {'chance':>7}  {'log':>7}  {'gap':>6}  in band")
    for name, found in worlds.items():
        for event in found["event"].values.tolist():
            print(line(found.sel(event=event).isel(model=0), f"{name}, {event}"))
        print(f"{float(found.seconds.sum()):.1f} seconds")
    print(martingale(worlds[SAME]))


if __name__ == "__main__":
    main()
