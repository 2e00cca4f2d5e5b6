"""The floor: filling buffers with as many random numbers, and doing nothing with them."""

from __future__ import annotations

import numpy as np
from numpy.random import SFC64, Generator

from side_by_side.contender import Run
from side_by_side.work import NAMES, YEARS, Array

NORMALS = len(NAMES) * YEARS
UNIFORMS = 2 * len(NAMES)
WIDTH = 2048  # draws in a buffer: it stays in the cache of one core


def numpy_fill() -> Run:
    """Let numpy fill the buffer."""
    rng = Generator(SFC64(1))
    normal = np.empty(NORMALS * WIDTH)

    def fill(draws: int) -> None:
        for _ in range(draws // WIDTH):
            rng.standard_normal(out=normal)

    return fill


def compiled_fill(uniforms: int) -> Run:
    """Fill in a compiled loop over one numpy generator, three times as fast as numpy itself."""
    import numba

    rng = Generator(SFC64(1))
    normal, uniform = np.empty(NORMALS * WIDTH), np.empty(uniforms * WIDTH)

    @numba.njit
    def loop(rng: Generator, normal: Array, uniform: Array, times: int) -> None:
        for _ in range(times):
            for i in range(normal.size):
                normal[i] = rng.standard_normal()
            for i in range(uniform.size):
                uniform[i] = rng.random()

    return lambda draws: loop(rng, normal, uniform, draws // WIDTH)
