"""Who takes part, and which lines compare whom."""

from __future__ import annotations

from functools import partial

from side_by_side import arrays, cluster, floors, fresh, integrals, naive, ours, packages
from side_by_side.contender import Contender
from side_by_side.line import Ratio, Single
from side_by_side.work import Walks, walks

DRAWS = 2**20
BLOCK = 2**13  # torch and jax are fastest with 2^13 draws at a time, of 2^11 to 2^16

RATIOS = tuple(
    Ratio(key=key, above=above, below=below)
    for key, above, below in (
        ("floor_ratio_fixed", "sxsim", "fill"),
        ("numpy_fill", "numpy fill", "sxsim"),
        ("naive", "numpy", "sxsim"),
        ("naive_blocks", "numpy blocks", "sxsim"),
        ("torch", "torch", "sxsim"),
        ("torch_blocks", "torch blocks", "sxsim"),
        ("jax", "jax", "sxsim"),
        ("jax_blocks", "jax blocks", "sxsim"),
        ("statsmodels", "statsmodels", "sxsim"),
        ("quantlib", "QuantLib", "sxsim"),
        ("quantlib_read", "QuantLib read", "sxsim"),
        ("floor_ratio_mixture", "sxsim mixture", "fill mixture"),
        ("floor_ratio_fitted", "sxsim fitted", "fill mixture"),
        ("naive_mixture", "numpy mixture", "sxsim mixture"),
        ("threads2", "sxsim mixture", "sxsim two threads"),
        ("scenarios10", "sxsim ten scenarios", "sxsim mixture"),
    )
)

SINGLES = (
    Single(
        key="memory_growth_mb",
        what="MiB that counting 10^8 draws of the mixture needs more than 10^6, peaks of fresh processes",
        measure=fresh.memory_growth,
    ),
    Single(
        key="import_ratio",
        what="`import sxsim` / `import xarray, scipy.stats`, fresh interpreters",
        measure=fresh.import_ratio,
    ),
    Single(
        key="dask2",
        what="the mixture on a dask cluster of processes, 2^24 draws, one worker / two workers",
        measure=cluster.mixture,
        needs="distributed",
    ),
    Single(
        key="rqmc_efficiency",
        what="variance times time, counting draws / integration: joint of four targets, one cell whose drift "
        "and variance are unknown",
        measure=integrals.one_cell,
        needs="efficiency",
    ),
    Single(
        key="rqmc_mixture",
        what="the same for the mixture",
        measure=integrals.mixture,
        needs="efficiency",
    ),
)


def contenders(draws: int = DRAWS) -> tuple[Contender, ...]:
    """Return everybody, installed or not; slow ones draw fewer paths."""
    work = walks()
    return (*_floors(draws), *_scripts(work, draws), *_libraries(work, draws), *_mixtures(draws))


def _floors(draws: int) -> tuple[Contender, ...]:
    """Return the bare fills."""
    fill = partial(Contender, draws=draws)
    return (
        fill(
            name="fill",
            what="32 normals a draw into a buffer in the cache: compiled loop over one numpy generator",
            prepare=partial(floors.compiled_fill, uniforms=0),
            needs="numba",
        ),
        fill(
            name="fill mixture",
            what="32 normals and 8 uniforms, likewise",
            prepare=partial(floors.compiled_fill, uniforms=floors.UNIFORMS),
            needs="numba",
        ),
        fill(
            name="numpy fill",
            what="32 normals by numpy's own `standard_normal(out=)`",
            prepare=floors.numpy_fill,
        ),
    )


def _scripts(work: Walks, draws: int) -> tuple[Contender, ...]:
    """Return sxsim with known parameters, and scripts in numpy."""
    known = partial(Contender, draws=draws, truth=work.truth)
    return (
        known(
            name="sxsim",
            what="random walks with known parameters, `keep=sx.Hits(...)`",
            prepare=partial(ours.fixed, work),
        ),
        known(
            name="numpy",
            what="the script one writes first: all draws at once, exp of everything",
            prepare=partial(naive.whole_arrays, work),
        ),
        known(
            name="numpy blocks",
            what="a better script: blocks that fit the cache, a faster generator, no exp",
            prepare=partial(naive.blocks, work),
        ),
    )


def _libraries(work: Walks, draws: int) -> tuple[Contender, ...]:
    """Return the scripts in other libraries; the first word of the name is the library."""
    listed = (
        ("torch", 1, "float32, all draws at once", partial(arrays.torch_walks, work, draws)),
        ("torch blocks", 1, "float32, blocks that fit the cache", partial(arrays.torch_walks, work, BLOCK)),
        ("jax", 1, "float32, compiled, all draws at once", partial(arrays.jax_walks, work, draws)),
        ("jax blocks", 1, "float32, compiled loop over blocks", partial(arrays.jax_walks, work, BLOCK)),
        ("statsmodels", 4, "`VARProcess.simulate_var`", partial(packages.statsmodels_walks, work)),
        (
            "QuantLib",
            16,
            "`GaussianMultiPathGenerator`, paths drawn but left unread",
            partial(packages.quantlib_walks, work, read=False),
        ),
        (
            "QuantLib read",
            64,
            "the same, read into Python and counted",
            partial(packages.quantlib_walks, work, read=True),
        ),
    )
    return tuple(
        Contender(
            name=name,
            what=what,
            prepare=prepare,
            draws=draws // share,
            truth=work.truth,
            needs=name.split()[0],
        )
        for name, share, what, prepare in listed
    )


def _mixtures(draws: int) -> tuple[Contender, ...]:
    """Return sxsim with everything unknown, and the script that does the same."""
    mixture = partial(Contender, draws=draws, truth=ours.mixture_truth)
    return (
        mixture(
            name="sxsim mixture",
            what="the default fit of twelve figures: cell and sigma drawn for each path and indicator",
            prepare=ours.mixture,
        ),
        mixture(
            name="sxsim two threads",
            what="the same, `threads=2`",
            prepare=partial(ours.mixture, threads=2),
            cores=2,
        ),
        mixture(
            name="sxsim ten scenarios",
            what="the same under the trend and nine policies that move all indicators",
            prepare=partial(ours.mixture, scenarios=ours.ten_scenarios()),
        ),
        Contender(
            name="sxsim fitted",
            what="the same fit, its correlation unknown too",
            prepare=ours.fitted,
            draws=draws,
            truth=ours.fitted_truth,
        ),
        Contender(
            name="numpy mixture",
            what="a numpy script of the mixture, all draws at once",
            prepare=partial(naive.mixture, ours.laws, ours.reachable),
            draws=draws // 8,
            truth=ours.mixture_truth,
        ),
    )
