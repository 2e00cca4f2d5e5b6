"""The mixture on clusters of processes on this machine: one worker against two."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

import numpy as np

from side_by_side import ours
from side_by_side.rounds import timed

DRAWS, CHUNK = 2**24, 2**18


def mixture() -> float:
    """Return how many times faster two workers count the hits of the mixture than one."""
    return workers_ratio(ours.chunked(CHUNK), DRAWS)


def workers_ratio(run: Callable[[int], object], draws: int, rounds: int = 7) -> float:
    """Median over the rounds of the time of one worker over that of two; each has a process and one thread.

    Both clusters are there all the time, take turns in random order, and work once beforehand.
    """
    from distributed import Client, LocalCluster

    rng = np.random.default_rng(0)
    with ExitStack() as stack:

        def client(workers: int) -> Client:
            cluster = LocalCluster(
                n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0"
            )
            stack.enter_context(cluster)
            joined = stack.enter_context(Client(cluster, set_as_default=False))
            joined.wait_for_workers(workers)
            return joined

        clients = (client(1), client(2))

        def seconds(one: Client) -> float:
            with one.as_current():
                return timed(run, draws)

        for one in clients:
            seconds(one)
        ratios = []
        for _ in range(rounds):
            found = {place: seconds(clients[place]) for place in rng.permutation(2).tolist()}
            ratios.append(found[0] / found[1])
    return float(np.median(ratios))
