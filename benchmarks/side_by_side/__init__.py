"""The same work by different means, in one process: what ``benchmarks/peers.py`` compares."""
