"""How long the joint probability of the bundled plan's headline targets takes to a given error.

Run ``python benchmarks/headline.py``: a Markdown table. For each error the integral that reaches it, from the
fitted model to the number with all its tables, beside counting as many paths as have that error by the
binomial formula: on one thread, with the compiled steps and in numpy alone. Medians of several rounds, one
after the other in one run; the counting of very many paths is scaled up from four million.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from statistics import median
from time import perf_counter
from unittest import mock

import sxsim as sx
from sxsim.analysis.question import Question, ask
from sxsim.analysis.routes import Desk, policies_for
from sxsim.simulation import choose
from sxsim.streams import Seed

HEADLINE = ("H1", "H2", "H3")
ERRORS = (1e-4, 1e-5, 1e-6)
MOST = 4_000_000


def seconds(work: Callable[[], object], rounds: int) -> float:
    """Median time of some rounds."""
    times = []
    for _ in range(rounds):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return median(times)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    plan = sx.load_plan("shanxi-2014")
    model = sx.fit(plan.history, until=2012)
    conditions = tuple(plan.target(name).condition for name in HEADLINE)
    target = sx.Target(id="all", label="all", condition=sx.AllOf(parts=conditions))
    question = ask(target, model)
    assert isinstance(question, Question)

    def integral(error: float) -> float:
        desk = Desk(method=sx.Exact(error=error), seed=Seed.of(0))
        policy = policies_for([question], model, [sx.TREND])[0]
        answer = desk.chance(question, policy)
        assert answer is not None
        return float(answer.probability.item())

    def count(draws: int) -> Callable[[], object]:
        return lambda: sx.simulate(model, until=2020, draws=draws, rng=0, keep=sx.Hits(target))

    print(
        "| error | probability | integral, ms | paths | compiled counting, s | as long | numpy, s | as long |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for error in ERRORS:
        p = integral(error)
        paths = int(p * (1.0 - p) / error**2)
        drawn = min(paths, MOST)
        one = seconds(lambda error=error: integral(error), rounds)  # type: ignore[misc]
        scale, few = paths / drawn, max(1, rounds // 3)
        times = []
        for steps in (choose.compiled_steps, lambda: None):
            with mock.patch.object(choose, "compiled_steps", steps):
                times.append(scale * seconds(count(drawn), few))
        shown = " | ".join(f"{time:.3g} | {time / one:,.0f} times" for time in times)
        print(f"| {error:g} | {p:.6f} | {1000 * one:.1f} | {paths:,} | {shown} |")


if __name__ == "__main__":
    main()
