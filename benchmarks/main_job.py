"""How long the main job takes, in multiples of something known on the same machine."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from time import perf_counter

import numpy as np

import sxsim as sx

DRAWS = 100_000


def smallest(work: Callable[[], object], repeat: int) -> float:
    """Seconds of the fastest of several repetitions."""
    seconds = []
    for _ in range(repeat):
        start = perf_counter()
        work()
        seconds.append(perf_counter() - start)
    return min(seconds)


def fresh(statement: str) -> Callable[[], object]:
    """Run one statement in an interpreter of its own."""
    return lambda: subprocess.run([sys.executable, "-c", statement], check=True)


def plain_simulation(indicators: int, years: int) -> None:
    """Do what a modeller would write first: correlated random walks, compared with a bound at the end."""
    rng = np.random.default_rng(0)
    mix = np.linalg.cholesky(0.5 * np.eye(indicators) + 0.5)
    shocks = rng.standard_normal((DRAWS, years, indicators)) @ mix.T
    levels = np.exp(np.cumsum(0.05 + 0.1 * shocks, axis=1))
    (levels[:, -1] >= 1.5).all(axis=1).mean()


def measure(plan_name: str, repeat: int) -> dict[str, float]:
    """Return seconds and ratios of the import and of the whole run."""
    plan = sx.load_plan(plan_name)
    shape = len(plan.indicators), plan.end - plan.fit_until
    seconds = {
        "import sxsim": smallest(fresh("import sxsim"), repeat),
        "import xarray, scipy.stats": smallest(fresh("import xarray, scipy.stats"), repeat),
        "sx.run(plan)": smallest(lambda: sx.run(plan, rng=0), repeat),
        "plain numpy": smallest(lambda: plain_simulation(*shape), repeat),
    }
    return seconds | {
        "ratio of import": seconds["import sxsim"] / seconds["import xarray, scipy.stats"],
        "ratio of run": seconds["sx.run(plan)"] / seconds["plain numpy"],
    }


def main() -> None:
    """Print the measurements, one a line or as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plan", default="shanxi-2014")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = measure(options.plan, options.repeat)
    if options.json:
        print(json.dumps(found, indent=2))
    else:
        for name, value in found.items():
            print(f"{name:28} {value:8.3f}" + ("" if name.startswith("ratio") else " s"))


if __name__ == "__main__":
    main()
