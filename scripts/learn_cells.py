"""Learn the prior over the cells of the default family from a panel of yearly series.

    python scripts/learn_cells.py m4_yearly_train.csv.gz [--holdout 6] [--out cells.npz]

The panel is a table with the columns unique_id, ds and y, such as the training part of the yearly series of
the M4 competition (https://github.com/Mcompetitions/M4-methods). Every series is cut at several origins; the
six years that follow an origin are predicted from the figures before it, all of them or the last few. A
sample of windows chooses the cells, in two stages, all of them then teach the weights.

How far the weights are held back (RIDGE) was chosen by the log score and coverage of years that were not
learned from: with the last six and the last twelve years of every series left out in turn. What a plain
random walk keeps of the weight (WALK) is a hedge against populations in which fast growth lasts;
docs/methods.md says what it costs where it does not.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sxsim.fitting.features import COUNT
from sxsim.fitting.grid import LONGEST, Grid
from sxsim.fitting.learned import LearnedPrior, level_table
from sxsim.fitting.learning import Windows, learn, score

HORIZON = 6
ORIGINS = (6, 9, 12, 15, 18, 21, 24, 30)
SHORT = (1, 2, 3, 4, 6, 8, 12)
RIDGE = 3e-3
WALK = 0.1
TARGET = Path(__file__).parents[1] / "src" / "sxsim" / "fitting" / "cells.npz"


@dataclass(frozen=True)
class Stage:
    """One step of choosing cells: windows, how strongly weights are held, rounds, cells that are kept."""

    windows: int
    ridge: float
    rounds: int
    kept: int


STAGES = (
    Stage(windows=3_000, ridge=1e-5, rounds=40, kept=400),
    Stage(windows=40_000, ridge=1e-3, rounds=80, kept=100),
)


def read(path: Path) -> list[np.ndarray]:
    """Read all series as logs, oldest figure first."""
    frame = pd.read_csv(path, usecols=["unique_id", "ds", "y"]).sort_values(["unique_id", "ds"])
    return [
        np.log(np.maximum(g.to_numpy(float), 1e-6)) for _, g in frame.groupby("unique_id", sort=True)["y"]
    ]


def windows(series: list[np.ndarray], rng: np.random.Generator) -> list[Windows]:
    """Cut every series at its origins: whole histories, and short ones drawn at random."""
    by_length: dict[int, list[tuple[np.ndarray, np.ndarray]]] = {}
    for values in series:
        for origin in ORIGINS:
            cut = len(values) - origin
            if cut < 6:
                continue
            future = values[cut : cut + HORIZON] - values[cut - 1]
            for length in {min(cut, LONGEST), int(rng.choice(SHORT))}:
                if length <= cut and (length >= 6 or origin <= 12):
                    history = values[cut - length : cut] - values[cut - 1]
                    by_length.setdefault(length, []).append((history, future))
    return [
        Windows(
            logs=np.array([h for h, _ in rows]),
            gaps=(1,) * (length - 1),
            future=np.array([f for _, f in rows]),
        )
        for length, rows in sorted(by_length.items())
    ]


def sample(cut: list[Windows], limit: int, rng: np.random.Generator) -> list[Windows]:
    """Draw about ``limit`` windows, the same share of every length."""
    share = limit / sum(len(window.logs) for window in cut)
    drawn = []
    for window in cut:
        count = max(1, round(share * len(window.logs)))
        rows = rng.choice(len(window.logs), count, replace=False)
        drawn.append(Windows(logs=window.logs[rows], gaps=window.gaps, future=window.future[rows]))
    return drawn


def blank(grid: Grid) -> LearnedPrior:
    """Return the prior under which all cells are equally likely."""
    return LearnedPrior(grid=grid, theta=np.zeros((len(level_table(grid)), COUNT)), eta=0.5, source="")


def heaviest(grid: Grid, cut: list[Windows], stage: Stage, rng: np.random.Generator) -> Grid:
    """Return the cells that carry most of the weight on a sample of windows."""
    scored = score(grid, sample(cut, stage.windows, rng))
    prior = learn(blank(grid), scored, ridge=stage.ridge, rounds=stage.rounds)
    rows = range(0, len(scored), 1000)
    mass = sum(prior.weights(scored.loglik[i : i + 1000], scored.features[i : i + 1000]).sum(0) for i in rows)
    kept = np.sort(np.argsort(-mass)[: stage.kept])
    share = mass[kept].sum() / mass.sum()
    print(f"{len(kept)} of {len(grid)} cells carry {share:.3f} of the weight", flush=True)
    return Grid(rows=grid.rows[kept])


def main() -> None:
    """Choose cells on a sample of windows, learn the weights on all of them, write them down."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("path", type=Path)
    parser.add_argument(
        "--holdout", type=int, default=0, help="years at the end of every series not to look at"
    )
    parser.add_argument("--out", type=Path, default=TARGET)
    asked = parser.parse_args()
    clock, rng = time.time(), np.random.default_rng(20261123)
    series = [s[: len(s) - asked.holdout] for s in read(asked.path)]
    cut = windows(series, rng)
    count = sum(len(window.logs) for window in cut)
    print(f"{len(series)} series, {count} windows", flush=True)
    grid = Grid.full()
    for stage in STAGES:
        grid = heaviest(grid, cut, stage, rng)
        print(f"{time.time() - clock:.0f} s", flush=True)
    prior = learn(blank(grid), score(grid, cut), ridge=RIDGE)
    digest = hashlib.sha256(asked.path.read_bytes()).hexdigest()
    np.savez_compressed(
        asked.out,
        rows=grid.rows.astype(np.int8),
        theta=prior.theta.astype(np.float32),
        eta=prior.eta,
        walk=WALK,
        source=f"{asked.path.name} sha256 {digest}; {len(series)} series, {count} windows, horizon {HORIZON}",
    )
    size = asked.out.stat().st_size
    print(f"wrote {asked.out} ({size} bytes), eta {prior.eta:.3f}, {time.time() - clock:.0f} s")


if __name__ == "__main__":
    main()
