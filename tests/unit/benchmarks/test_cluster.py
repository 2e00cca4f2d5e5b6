from __future__ import annotations

from collections import Counter

import pytest
from side_by_side.cluster import workers_ratio

distributed = pytest.importorskip("distributed")


def test_one_worker_and_two_take_turns():
    """Once beforehand and once in each round; the clusters are closed at the end."""
    seen = []

    def run(draws):
        client = distributed.default_client()
        assert client.submit(abs, -draws).result() == draws
        seen.append(len(client.nthreads()))

    assert workers_ratio(run, 1, rounds=2) > 0
    assert Counter(seen) == {1: 3, 2: 3}
    with pytest.raises(ValueError, match="No clients found"):
        distributed.default_client()
