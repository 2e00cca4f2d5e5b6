"""Learn the prior over the cells of the default family from a panel of yearly series.

    python scripts/learn_cells.py m4_yearly_train.csv.gz [--holdout 6] [--out cells.npz]

The panel is a table with the columns unique_id, ds and y, such as the training part of the yearly series of
the M4 competition (https://github.com/Mcompetitions/M4-methods). Every series is cut at several origins; the
six years that follow an origin are predicted from the figures before it, all of them or the last few. Weights
over cells are log-linear in features of the history and maximise the log score by horizon.
"""

from __future__ import annotations

import argparse
import hashlib
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import special

from sxsim.fitting.evaluate import evaluate
from sxsim.fitting.features import COUNT, features
from sxsim.fitting.grid import LONGEST, SHAPES, WIDTHS, Grid, operators
from sxsim.fitting.learned import LearnedPrior, level_table
from sxsim.processes.transform import box_cox

HORIZON = 6
ORIGINS = (6, 9, 12, 15, 18, 21, 24, 30)
SHORT = (1, 2, 3, 4, 6, 8, 12)
KEPT = 400
TARGET = Path(__file__).parents[1] / "src" / "sxsim" / "fitting" / "cells.npz"


@dataclass(frozen=True)
class Window:
    """Histories of one length with the log changes that followed."""

    logs: np.ndarray
    future: np.ndarray


def read(path: Path) -> list[np.ndarray]:
    """Read all series as logs, oldest figure first."""
    frame = pd.read_csv(path, usecols=["unique_id", "ds", "y"]).sort_values(["unique_id", "ds"])
    return [
        np.log(np.maximum(g.to_numpy(float), 1e-6)) for _, g in frame.groupby("unique_id", sort=True)["y"]
    ]


def windows(series: list[np.ndarray], rng: np.random.Generator) -> list[Window]:
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
        Window(np.array([h for h, _ in rows]), np.array([f for _, f in rows]))
        for _, rows in sorted(by_length.items())
    ]


def score_cells(grid: Grid, window: Window) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Log likelihood (member, cell), predictive log density (horizon, member, cell), features."""
    gaps = (1,) * (window.logs.shape[1] - 1)
    ops = operators(grid, gaps)
    found = evaluate(grid, ops, window.logs)
    dof = 2 * found.shape
    scale = np.sqrt(found.rate / found.shape.astype(np.float32))
    density = np.empty((HORIZON, *found.loglik.shape), np.float32)
    constant = special.gammaln((dof + 1) / 2) - special.gammaln(dof / 2) - 0.5 * np.log(dof * np.pi)
    loads = np.stack([SHAPES[s].loads(WIDTHS[w], HORIZON) for s, w in grid.kernels])
    prior = np.stack([(SHAPES[s].covariance(HORIZON) + WIDTHS[w] ** 2) for s, w in grid.kernels])
    variance = np.stack([prior[:, :h, :h].sum(axis=(1, 2)) for h in range(1, HORIZON + 1)], axis=1)
    variance -= np.einsum("khi,kij,khj->kh", loads, ops.state, loads)
    future = {e: box_cox(window.future, np.asarray(e)) for e in (0.0, 0.5, 1.0)}
    for h in range(HORIZON):
        load = loads[grid.kernel, h].astype(np.float32)
        location = np.einsum("sne,es->ne", found.state, load) + ((h + 1) * grid.drift).astype(np.float32)
        spread = scale * np.sqrt(variance[grid.kernel, h]).astype(np.float32)
        truth = np.empty(found.loglik.shape, np.float32)
        for exponent, values in future.items():
            truth[:, grid.exponent == exponent] = values[:, h : h + 1]
        z = (truth - location) / spread
        half = (0.5 * (dof + 1)).astype(np.float32)
        density[h] = (
            constant.astype(np.float32) - half * np.log1p(z * z / dof.astype(np.float32)) - np.log(spread)
        )
        density[h] += grid.exponent.astype(np.float32) * window.future[:, h : h + 1].astype(np.float32)
    return found.loglik, density, features(window.logs, gaps)


def collect(
    grid: Grid, cut: list[Window], limit: int | None, rng: np.random.Generator
) -> tuple[np.ndarray, ...]:
    """Evaluate windows in portions; densities relative to the best cell, as exponentials."""
    total = sum(len(w.logs) for w in cut)
    logliks, ratios, described = [], [], []
    for window in cut:
        keep = np.arange(len(window.logs))
        if limit is not None:
            keep = rng.permutation(keep)[: max(1, round(limit * len(keep) / total))]
        for start in range(0, len(keep), 500):
            rows = keep[start : start + 500]
            loglik, density, row = score_cells(grid, Window(window.logs[rows], window.future[rows]))
            logliks.append(loglik - loglik.max(axis=1, keepdims=True))
            ratios.append(np.exp(density - density.max(axis=2, keepdims=True)).transpose(1, 0, 2))
            described.append(row.astype(np.float32))
    return np.concatenate(logliks), np.concatenate(ratios), np.concatenate(described)


def learn(
    grid: Grid,
    loglik: np.ndarray,
    ratio: np.ndarray,
    described: np.ndarray,
    *,
    epochs: int,
    seed: int,
    batch: int = 2048,
) -> LearnedPrior:
    """Adam on minibatches of the mean log score by horizon, with a ridge."""
    levels = level_table(grid)
    rng = np.random.default_rng(seed)
    theta, log_eta = np.zeros((len(levels), described.shape[1])), np.log(0.5)
    first, second = np.zeros(theta.size + 1), np.zeros(theta.size + 1)
    penalty = np.ones_like(theta)
    penalty[:, 1:] = 3.0
    ridge, step, done = 1e-5, 0.03, 0
    steps = epochs * (len(loglik) // batch)
    for epoch in range(epochs):
        order, score = rng.permutation(len(loglik)), 0.0
        for start in range(0, len(order) - batch + 1, batch):
            rows = order[start : start + batch]
            x, likelihood, dense = described[rows], loglik[rows], ratio[rows]
            logits = np.float32(np.exp(log_eta)) * likelihood + (x @ theta.T.astype(np.float32)) @ levels
            weight = np.exp(logits - logits.max(axis=1, keepdims=True))
            weight /= weight.sum(axis=1, keepdims=True)
            mixed = np.matmul(dense, weight[:, :, None])[:, :, 0] + 1e-30
            score += float(np.log(mixed).mean())
            pull = weight * (np.matmul((1 / mixed)[:, None, :], dense)[:, 0] - HORIZON) / (batch * HORIZON)
            slope = np.append(
                ((pull @ levels.T).T @ x - 2 * ridge * penalty * theta).ravel(),
                np.exp(log_eta) * (pull * likelihood).sum(),
            )
            done += 1
            first = 0.9 * first + 0.1 * slope
            second = 0.999 * second + 0.001 * slope**2
            rate = step * 0.5 * (1 + np.cos(np.pi * done / steps))
            move = rate * (first / (1 - 0.9**done)) / (np.sqrt(second / (1 - 0.999**done)) + 1e-9)
            theta += move[:-1].reshape(theta.shape)
            log_eta += move[-1]
        mean = score / (len(order) // batch)
        print(f"epoch {epoch + 1}: relative log score {mean:.4f}, eta {np.exp(log_eta):.3f}", flush=True)
    return LearnedPrior(grid=grid, theta=theta, eta=float(np.exp(log_eta)), source="")


def main() -> None:
    """Select cells on a sample of windows, learn the weights on all of them, write them down."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("path", type=Path)
    parser.add_argument(
        "--holdout", type=int, default=0, help="years at the end of every series not to look at"
    )
    parser.add_argument("--series", type=int, default=None, help="use only the first so many series")
    parser.add_argument("--epochs", type=int, default=15)
    parser.add_argument("--out", type=Path, default=TARGET)
    asked = parser.parse_args()
    clock, rng = time.time(), np.random.default_rng(20261123)
    series = [s[: len(s) - asked.holdout] for s in read(asked.path)[: asked.series]]
    cut = windows(series, rng)
    print(f"{len(series)} series, {sum(len(w.logs) for w in cut)} windows", flush=True)
    full = Grid.full()
    chosen = learn(full, *collect(full, cut, 4000, rng), epochs=40, seed=1, batch=512)
    loglik, _, described = collect(full, cut, 2000, rng)
    mass = chosen.weights(loglik, described).mean(axis=0)
    grid = Grid(rows=full.rows[np.sort(np.argsort(-mass)[:KEPT])])
    share = np.sort(mass)[-KEPT:].sum()
    print(f"{KEPT} of {len(full)} cells: {share:.3f} of the mass, {time.time() - clock:.0f} s", flush=True)
    found = collect(grid, cut, None, rng)
    print(f"evaluated, {time.time() - clock:.0f} s", flush=True)
    prior = learn(grid, *found, epochs=asked.epochs, seed=2)
    digest = hashlib.sha256(asked.path.read_bytes()).hexdigest()
    source = (
        f"{asked.path.name} sha256 {digest}; {len(series)} series, {len(found[0])} windows, horizon {HORIZON}"
    )
    np.savez_compressed(
        asked.out,
        rows=grid.rows.astype(np.int8),
        theta=prior.theta.astype(np.float32),
        eta=prior.eta,
        source=source,
    )
    print(
        f"wrote {asked.out} ({asked.out.stat().st_size} bytes), {time.time() - clock:.0f} s, features {COUNT}"
    )


if __name__ == "__main__":
    main()
