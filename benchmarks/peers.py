"""The same work by sxsim, by a bare fill and by other libraries, side by side in one process.

    python benchmarks/peers.py [--only naive,torch] [--rounds 15 | --quick] [--json]
                               [--markdown docs/speed.md]

The work: 4 correlated indicators over 8 years, 2^20 draws; how often each level is reached, per indicator and
year, and how often all four of the last year are. Every contender's counts are compared with the closed form
before anything is timed. All contenders take their turn in every round, in random order; a line is the median
over the rounds of the ratio inside the round. One core, unless the line says otherwise. A library that is not
installed is left out. The page goes to the standard output; with ``--json`` its last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
) | {"XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1", "JAX_PLATFORMS": "cpu"}


def one_thread() -> None:
    """Start again with one thread in every library, which must be said before any of them is loaded."""
    if any(os.environ.get(name) != value for name, value in ONE_THREAD.items()):
        os.environ.update(ONE_THREAD)
        os.execv(sys.executable, [sys.executable, *sys.argv])


def compare(only: Collection[str], rounds: int, draws: int) -> tuple[str, dict[str, float]]:
    """Measure the lines asked for, all of them if none is named; return the page and the figures by key."""
    from side_by_side.everybody import RATIOS, SINGLES, contenders
    from side_by_side.machine import machine
    from side_by_side.rounds import interleaved
    from side_by_side.table import contenders_table, figures_table

    there = {one.name: one for one in contenders(draws) if one.installed}
    ratios = [r for r in RATIOS if chosen(r.key, only) and r.above in there and r.below in there]
    singles = [single for single in SINGLES if chosen(single.key, only) and single.installed]
    needed = [one for name, one in there.items() if any(name in (r.above, r.below) for r in ratios)]
    seconds = interleaved(needed, rounds if needed else 0)
    figures = [ratio.measured(seconds) for ratio in ratios] + [single.measured() for single in singles]
    parts = [f"{machine()}; {rounds} rounds.", figures_table(figures)]
    parts += [contenders_table(needed, seconds)] if needed else []
    return "\n\n".join(parts), {figure.key: round(figure.value, 4) for figure in figures}


def chosen(key: str, only: Collection[str]) -> bool:
    """Whether a line is asked for."""
    return not only or key in only


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the page."""
    from side_by_side.everybody import DRAWS, RATIOS, SINGLES
    from side_by_side.table import put_between_marks

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    keys = [line.key for line in (*RATIOS, *SINGLES)]
    parser.add_argument("--only", default="", help="lines, comma between them: " + ", ".join(keys))
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--quick", action="store_true", help="three rounds")
    parser.add_argument("--draws", type=int, default=DRAWS)
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    parser.add_argument(
        "--markdown", type=Path, help="also write the tables into this page, between its marks"
    )
    options = parser.parse_args(arguments)
    only = [key for key in options.only.split(",") if key]
    if unknown := sorted(set(only) - set(keys)):
        parser.error(f"no such line: {', '.join(unknown)}")
    page, figures = compare(only, 3 if options.quick else options.rounds, options.draws)
    print(page)
    if options.markdown:
        put_between_marks(options.markdown, page)
    if options.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    one_thread()
    main()
