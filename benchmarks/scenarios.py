"""What the nine scenarios of the bundled plan cost beside a single one, with and without the one with rules.

Every round times the trend alone and all scenarios one after the other in one process; printed are medians of
the ratios. `python benchmarks/scenarios.py [--rounds 9] [--draws 100000]`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter

import sxsim as sx
from sxsim.plan import Scenario

Work = Callable[[Sequence[Scenario]], object]


def seconds(work: Work, scenarios: Sequence[Scenario]) -> float:
    """Return how long some scenarios take."""
    begin = perf_counter()
    work(scenarios)
    return perf_counter() - begin


def main() -> None:
    """Time all sets of scenarios, round by round, and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--draws", type=int, default=100_000)
    given = parser.parse_args()
    plan = sx.load_plan("shanxi-2014")
    model = sx.fit(plan.history, until=2012)
    targets = [target for target in plan.targets if target.id in ("H1", "H2", "H3", "H4-proxy", "S3", "S5")]
    method = sx.MonteCarlo(draws=given.draws)
    works: dict[str, Work] = {
        "hits": lambda s: sx.simulate(model, s, draws=given.draws, rng=0, keep=sx.Hits(targets)),
        "attainment": lambda s: sx.attainment(model, targets, scenarios=s, method=method, rng=0),
        "paths": lambda s: sx.simulate(model, s, until=2020, draws=given.draws, rng=0),
        "paths of 2020": lambda s: sx.simulate(
            model, s, until=2020, draws=given.draws, rng=0, keep=sx.Paths(years=(2020,))
        ),
    }
    ruled = [one for one in plan.scenarios if any(isinstance(c, sx.Review) for c in one.changes)]
    sets = {
        "one": plan.scenarios[:1],
        "without rules": [one for one in plan.scenarios if one not in ruled],
        "all": plan.scenarios,
    }
    print(f"{len(plan.scenarios)} scenarios, {len(ruled)} with rules, {given.draws:,} draws")
    for name, work in works.items():
        rounds = [
            {label: seconds(work, chosen) for label, chosen in sets.items()} for _ in range(given.rounds)
        ]
        one = median(each["one"] for each in rounds)
        ratios = {
            label: median(each[label] / each["one"] for each in rounds) for label in sets if label != "one"
        }
        told = ", ".join(f"{label} {ratio:.2f} times" for label, ratio in ratios.items())
        print(f"{name:>14}: trend alone {1000 * one:.0f} ms; {told}")


if __name__ == "__main__":
    main()
