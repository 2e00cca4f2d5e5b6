"""Timing: all contenders in every round, in random order, so that what disturbs one disturbs all."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from side_by_side.contender import Contender, Run

Array = NDArray[np.float64]


def interleaved(contenders: Sequence[Contender], rounds: int, seed: int = 0) -> dict[str, Array]:
    """Seconds per draw of every contender in every round, after a first run that is checked and not timed."""
    rng, cores = np.random.default_rng(seed), allowed_cores()
    seconds = {contender.name: np.full(rounds, np.nan) for contender in contenders}
    runs: dict[str, Run] = {}
    try:
        for contender in contenders:
            say(f"check {contender.name}")
            keep_to(cores[: contender.cores])
            runs[contender.name] = contender.checked()
        for number in range(rounds):
            say(f"round {number + 1} of {rounds}")
            for place in rng.permutation(len(contenders)):
                one = contenders[place]
                keep_to(cores[: one.cores])
                seconds[one.name][number] = timed(runs[one.name], one.draws) / one.draws
    finally:
        keep_to(cores)
    return seconds


def timed(run: Callable[[int], object], draws: int) -> float:
    """Seconds of one run, without the garbage of the run before."""
    gc.collect()
    start = perf_counter()
    run(draws)
    return perf_counter() - start


def allowed_cores() -> list[int]:
    """Return the cores this process may use; empty where the system does not say."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def keep_to(cores: Sequence[int]) -> None:
    """Keep this thread, and those it starts, to some cores; some libraries start threads unasked."""
    if cores:
        os.sched_setaffinity(0, cores)


def say(what: str) -> None:
    """Tell whoever waits how far it is; the page goes to another stream."""
    print(what, file=sys.stderr, flush=True)
