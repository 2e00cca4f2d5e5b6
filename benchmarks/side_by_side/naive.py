"""Scripts in numpy as a modeller would write them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.random import SFC64, Generator

from side_by_side.contender import Run
from side_by_side.work import NAMES, YEARS, Array, Counts, Walks, correlation, walks
from sxsim.processes import Mixture

BLOCK = 4096


def whole_arrays(work: Walks) -> Run:
    """Draw all shocks, mix, add up, take exp, compare: the script one writes first."""

    def run(draws: int) -> Counts:
        rng = np.random.default_rng(1)
        shocks = rng.standard_normal((draws, YEARS, len(NAMES))) @ work.mix.T
        levels = work.last * np.exp(np.cumsum(work.drift + shocks, axis=1))
        hit = levels >= work.level.T
        return Counts(hits=hit.sum(axis=0).T, joint=int(hit[:, -1].all(axis=1).sum()), draws=draws)

    return run


def blocks(work: Walks) -> Run:
    """Do the same by somebody who knows the cache: a fast generator, draws last, reused buffers, no exp."""
    bar = work.driftless_bar

    def run(draws: int) -> Counts:
        rng, width = Generator(SFC64(1)), min(BLOCK, draws)
        normals = np.empty((len(NAMES), YEARS * width))
        mixed = np.empty_like(normals)
        paths = mixed.reshape(len(NAMES), YEARS, width)
        hits, joint = np.zeros((len(NAMES), YEARS), np.int64), 0
        for _ in range(draws // width):
            rng.standard_normal(out=normals)
            np.matmul(work.mix, normals, out=mixed)
            for year in range(1, YEARS):
                paths[:, year] += paths[:, year - 1]
            hit = paths >= bar[..., None]
            hits += np.count_nonzero(hit, axis=-1)
            joint += int(np.count_nonzero(hit[:, -1].all(axis=0)))
        return Counts(hits=hits, joint=joint, draws=draws // width * width)

    return run


def mixture(laws: Callable[[], Sequence[Mixture]], level: Callable[[], Array]) -> Run:
    """Draw a cell and a scale for each path and indicator, then its path."""
    cells, bar, last = laws(), level(), walks().last
    factor = np.linalg.cholesky(correlation())

    def run(draws: int) -> Counts:
        rng = np.random.default_rng(1)
        shocks = rng.standard_normal((draws, 1 + YEARS, len(NAMES))) @ factor.T
        paths = [changes(law, shocks[..., k], rng) for k, law in enumerate(cells)]
        hit = np.stack(paths, axis=1) * last[:, None] >= bar
        return Counts(hits=hit.sum(axis=0), joint=int(hit[..., -1].all(axis=1).sum()), draws=draws)

    return run


def changes(law: Mixture, shocks: Array, rng: Generator) -> Array:
    """Return what each path is multiplied by, ``(draw, year)``, from its shocks, the drift's first."""
    cell = rng.choice(len(law.weights), size=len(shocks), p=law.weights)
    sigma = law.scales[cell] * np.sqrt(law.dof[cell] / rng.chisquare(law.dof[cell]))
    moved = np.einsum("nts,ns->nt", law.factors[cell], shocks)
    bent = law.locations[cell] + sigma[:, None] * moved
    power = law.exponents[cell][:, None]
    straight = np.maximum(1 + power * bent, 0) ** (1 / np.where(power == 0, 1, power))
    return np.where(power == 0, np.exp(bent), straight)
