"""Which shrinkage of a correlation from few years is best? Simulated tables of known correlation.

Tables have 2 to 8 columns and 8 to 25 rows; one third is complete, one third starts in different years, one
third has holes as well. Every estimate is scored by

- rmse: root mean squared error of a pair's correlation (posterior mean);
- KL: Kullback-Leibler loss of the posterior mean per column, 0 for the truth;
- year: expected log score of a new year per column that is lost against the truth;
- joint: root mean squared error of the probability that all columns are above their median.

    python benchmarks/correlation.py [tables per kind of truth, default 120]
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np

from sxsim.fitting.dependence import correlation_draws
from sxsim.fitting.expectation import expected_covariance
from sxsim.fitting.factorised import Belief
from sxsim.fitting.shrinkage import constant_target, oas_intensity, schafer_strimmer_intensity

Array = np.ndarray
COLUMNS, ROWS = (2, 3, 4, 6, 8), (8, 12, 18, 25)
NORMALS = np.random.default_rng(3).standard_normal((4000, max(COLUMNS)))
SCORES = ("rmse", "KL", "year", "joint")


def unit_diagonal(covariance: Array) -> Array:
    """Return the correlation of a covariance."""
    size = np.sqrt(np.diag(covariance))
    return covariance / np.outer(size, size)


def factor(loads: Array) -> Array:
    """Return the correlation of columns that share one factor."""
    return np.outer(loads, loads) + np.diag(1 - loads**2)


TRUTHS: dict[str, Callable[[np.random.Generator, int], Array]] = {
    "none": lambda rng, d: np.eye(d),
    "all .3": lambda rng, d: factor(np.full(d, 0.3**0.5)),
    "all .6": lambda rng, d: factor(np.full(d, 0.6**0.5)),
    "factor +": lambda rng, d: factor(rng.uniform(0.2, 0.9, d)),
    "factor +-": lambda rng, d: factor(rng.uniform(0.2, 0.9, d) * rng.choice([-1, 1], d)),
    "anything": lambda rng, d: unit_diagonal(np.linalg.inv((z := rng.standard_normal((d + 1, d))).T @ z)),
}


def table_of(rng: np.random.Generator, truth: Array, rows: int, kind: int) -> Array:
    """Draw innovations; kind 0 is complete, 1 starts in different years, 2 has holes as well."""
    table = rng.standard_normal((rows, len(truth))) @ np.linalg.cholesky(truth).T
    if kind:
        for column in range(1, len(truth)):
            table[: rng.integers(0, rows - 3), column] = np.nan
    if kind == 2:
        holes = rng.random(table.shape) < 0.15
        holes[-2:] = False
        table[holes] = np.nan
    return table / np.sqrt(np.nanmean(table**2, axis=0))


def shrunk(table: Array, strength: float, common: float) -> Array:
    """Estimate with a fixed belief, by expectation-maximisation over the holes."""
    columns = table.shape[1]
    common = float(np.clip(common, -0.5 / (columns - 1), 0.95))
    belief = Belief(strength=np.array([strength]), common=np.array([common]))
    return unit_diagonal(expected_covariance(table, belief))[None]


def estimates(table: Array) -> dict[str, Array]:
    """Return every candidate as equally likely matrices, ``(draw, column, column)``."""
    seen, filled = np.isfinite(table).astype(float), np.nan_to_num(table)
    power = (filled**2).T @ seen
    sample = filled.T @ filled / np.maximum(np.sqrt(power * power.T), 1e-12)
    upper = np.triu_indices(len(sample), 1)
    years = max(float((seen.T @ seen)[upper].mean()), 2.0)
    common = float(constant_target(sample)[0, 1])

    def worth(intensity: float) -> float:
        return float(np.clip(years * intensity / max(1 - intensity, 1e-3), 0.5, 200))

    towards_zero = schafer_strimmer_intensity(sample, np.eye(len(sample)), years)
    towards_common = schafer_strimmer_intensity(sample, constant_target(sample), years)
    oas = oas_intensity(sample, years)
    return {
        "8 years, common drawn to 0": shrunk(table, 8.0, common * years / (years + 8)),
        "8 years, identity": shrunk(table, 8.0, 0.0),
        "Schafer-Strimmer, identity": shrunk(table, worth(towards_zero), 0.0),
        "Schafer-Strimmer, constant": shrunk(table, worth(towards_common), common),
        "OAS, identity": shrunk(table, worth(oas), 0.0),
        "OAS, common drawn to 0": shrunk(table, worth(oas), common * years / (years + 8)),
        "learned, integrated": correlation_draws(table),
    }


def losses(draws: Array, truth: Array, rng: np.random.Generator) -> tuple[float, float, float, float]:
    """Return squared error, Kullback-Leibler loss, lost log score and squared error of the joint."""
    mean, columns = draws.mean(axis=0), len(truth)
    off = np.triu_indices(columns, 1)
    ratio = np.linalg.solve(mean, truth)
    new = rng.standard_normal((200, columns)) @ np.linalg.cholesky(truth).T
    score = np.logaddexp.reduce([log_density(new, matrix) for matrix in draws]) - np.log(len(draws))
    joint = np.mean([above(matrix) for matrix in draws[:32]]) - above(truth)
    return (
        float(((mean - truth)[off] ** 2).mean()),
        float(np.trace(ratio) - np.linalg.slogdet(ratio)[1] - columns) / columns,
        float((log_density(new, truth) - score).mean()) / columns,
        float(joint**2),
    )


def log_density(rows: Array, matrix: Array) -> Array:
    """Return the normal log density of each row, up to a constant."""
    return -0.5 * (np.linalg.slogdet(matrix)[1] + (rows * np.linalg.solve(matrix, rows.T).T).sum(axis=1))


def above(matrix: Array) -> float:
    """Return the probability that all columns are above zero, with the same normals for all matrices."""
    return float((NORMALS[:, : len(matrix)] @ np.linalg.cholesky(matrix).T > 0).all(axis=1).mean())


def main(tables: int) -> None:
    """Print one table per score."""
    rng, fresh = np.random.default_rng(7), np.random.default_rng(9)
    found: dict[str, dict[str, list[tuple[float, float, float, float]]]] = {}
    for name, truth_of in TRUTHS.items():
        for i in range(tables):
            truth = truth_of(rng, COLUMNS[i % 5])
            table = table_of(rng, truth, ROWS[i // 5 % 4], i // 20 % 3)
            for method, draws in estimates(table).items():
                found.setdefault(method, {}).setdefault(name, []).append(losses(draws, truth, fresh))
    for place, score in enumerate(SCORES):
        print(f"\n{score:27}", *[f"{name:>10}" for name in TRUTHS], "      mean")
        for method, by_truth in found.items():
            means = np.array([np.mean([row[place] for row in by_truth[name]]) for name in TRUTHS])
            means = np.sqrt(means) if score in ("rmse", "joint") else means
            print(f"{method:27}", *[f"{mean:10.4f}" for mean in means], f"{means.mean():10.4f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 120)
