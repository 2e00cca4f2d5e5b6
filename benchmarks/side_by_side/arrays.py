"""The work in torch and jax: float32 on one core, with whole arrays or by blocks that fit the cache."""

from __future__ import annotations

import numpy as np

from side_by_side.contender import Run
from side_by_side.work import NAMES, YEARS, Counts, Walks


def torch_walks(work: Walks, block: int) -> Run:
    """Fill in place, mix by one matrix product, add year to year, count; no gradients."""
    import torch

    torch.set_num_threads(1)
    mix = torch.tensor(work.mix, dtype=torch.float32)
    bar = torch.tensor(work.driftless_bar, dtype=torch.float32)
    generator = torch.Generator().manual_seed(1)

    def run(draws: int) -> Counts:
        width = min(block, draws)
        normals = torch.empty(len(NAMES), YEARS * width)
        mixed = torch.empty_like(normals)
        paths = mixed.view(len(NAMES), YEARS, width)
        hits, joint = torch.zeros(len(NAMES), YEARS, dtype=torch.int64), torch.zeros((), dtype=torch.int64)
        with torch.inference_mode():
            for _ in range(draws // width):
                torch.mm(mix, normals.normal_(generator=generator), out=mixed)
                for year in range(1, YEARS):
                    paths[:, year] += paths[:, year - 1]
                hit = paths >= bar[..., None]
                hits += hit.sum(-1, dtype=torch.int32)
                joint += hit[:, -1].all(0).sum()
        return Counts(hits=hits.numpy(), joint=int(joint), draws=draws // width * width)

    return run


def jax_walks(work: Walks, block: int) -> Run:
    """One compiled function of the key; a scan over years inside a loop over blocks."""
    import jax
    from jax import lax, random
    from jax import numpy as jnp

    mix = jnp.asarray(work.mix, jnp.float32)
    bar = jnp.asarray((work.driftless_bar).T, jnp.float32)

    def one_block(key: jax.Array, width: int) -> tuple[jax.Array, jax.Array]:
        def year(level: jax.Array, given: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
            level = level + mix @ random.normal(given[0], (len(NAMES), width), jnp.float32)
            return level, (level >= given[1][:, None]).sum(-1)

        start = jnp.zeros((len(NAMES), width), jnp.float32)
        last, hits = lax.scan(year, start, (random.split(key, YEARS), bar))
        return hits, (last >= bar[-1][:, None]).all(0).sum()

    def count(key: jax.Array, width: int, times: int) -> tuple[jax.Array, jax.Array]:
        def add(i: int, total: tuple[jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array]:
            hits, joint = one_block(random.fold_in(key, i), width)
            return total[0] + hits, total[1] + joint

        return lax.fori_loop(0, times, add, (jnp.zeros((YEARS, len(NAMES)), int), jnp.zeros((), int)))

    compiled = jax.jit(count, static_argnums=(1, 2))

    def run(draws: int) -> Counts:
        width = min(block, draws)
        hits, joint = compiled(random.key(1), width, draws // width)
        return Counts(hits=np.asarray(hits).T, joint=int(joint), draws=draws // width * width)

    return run
