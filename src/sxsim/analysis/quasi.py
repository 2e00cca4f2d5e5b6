"""Conjunctions by quasi-random integration: cells, sigmas and correlation by inversion, then the orthant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.exact import Answer
from sxsim.analysis.orthant import orthant
from sxsim.analysis.question import Row
from sxsim.analysis.system import Factor, system_of
from sxsim.processes import GrowthModel, PathLaw
from sxsim.simulation import Sobol, Twin, cell_multipliers
from sxsim.streams import Role, Seed

Array = NDArray[np.float64]


def allowed(rows: Sequence[Row], model: GrowthModel) -> bool:
    """Whether all conditions are linear inside every Gaussian cell, and every sigma is above zero."""
    names = {name for row in rows for name in row.names}
    futures = {name: model[name].law for name in names}
    laws = {name: law.mixture(1) for name, law in futures.items() if not isinstance(law, PathLaw)}
    if len(laws) < len(names):
        return False
    for row in rows:
        if row.benchmark is None:
            continue
        curved = laws[row.indicator].exponents.any() or laws[row.benchmark].exponents.any()
        if curved or model[row.indicator].carrier != model[row.benchmark].carrier:
            return False
    return all((law.scales > 0).all() for law in laws.values())


def quasi_answer(
    rows: Sequence[Row],
    model: GrowthModel,
    offsets: Mapping[str, Array],
    *,
    method: Sobol,
    seed: Seed,
    split: bool = True,
) -> Answer:
    """P(all rows hold), its error from independent scrambles, and what comes from parameters and cells."""
    size = model[rows[0].indicator].size
    systems = [system_of(rows, model, offsets, member) for member in range(size)]
    p, error = _integrate(systems, Twin.NONE, method, seed)
    none = np.zeros_like(p)
    if not split:
        return Answer(
            probability=p,
            standard_error=error,
            route="quasi-random",
            variance_parameter=none,
            variance_model=none,
        )
    shared = np.clip(_integrate(systems, Twin.PARAMETERS, method, seed)[0] - p**2, 0.0, p * (1.0 - p))
    cells = max(len(factor.weights) for system in systems for factor in system) > 1
    between = _integrate(systems, Twin.CELLS, method, seed)[0] - p**2 if cells else none
    between = np.clip(between, 0.0, shared)
    return Answer(
        probability=p,
        standard_error=error,
        route="quasi-random",
        variance_parameter=shared - between,
        variance_model=between,
    )


def _integrate(
    systems: Sequence[tuple[Factor, ...]], twin: Twin, method: Sobol, seed: Seed
) -> tuple[Array, Array]:
    """Mean and standard error over the scrambles, ``(member,)``."""
    values = np.empty((len(systems), method.replicates))
    for replicate in range(method.replicates):
        for member, system in enumerate(systems):
            values[member, replicate] = _value(system, twin, _points(system, twin, method, seed, replicate))
    return values.mean(axis=1), values.std(axis=1, ddof=1) / np.sqrt(method.replicates)


def _points(system: tuple[Factor, ...], twin: Twin, method: Sobol, seed: Seed, replicate: int) -> Array:
    from scipy.stats import qmc

    worlds = 1 if twin is Twin.NONE else 2
    cells = sum(len(factor.weights) > 1 for factor in system)
    drawn = (len(system) + _doubtful(system)) * (2 if twin is Twin.CELLS else 1)
    dims = cells + drawn + worlds * system[0].rows - 1
    scramble = int(seed.generator(Role.REPLICATE, "sobol", str(dims), replicate).integers(2**63))
    points = qmc.Sobol(dims, scramble=True, rng=scramble).random(method.points)
    return np.asarray(np.clip(points, 2.0**-54, 1.0 - 2.0**-53))


def _doubtful(system: tuple[Factor, ...]) -> bool:
    """Whether the correlation matters and is not known: it is one more coordinate then."""
    return len(system) > 1 and len(system[0].mix) > 1


def _value(system: tuple[Factor, ...], twin: Twin, points: Array) -> float:
    """P(all conditions hold) averaged over the points, in one world or in two."""
    worlds = 1 if twin is Twin.NONE else 2
    columns = iter(points.T)
    cells = [f.pick(next(columns)) if len(f.weights) > 1 else np.zeros(len(points), int) for f in system]
    means, spreads = [], []
    first: list[Array] = []
    mix = np.zeros(len(points), int)
    for world in range(worlds):
        fresh = world == 0 or twin is Twin.CELLS
        if fresh:
            if _doubtful(system):
                mix = (next(columns) * len(system[0].mix)).astype(int)
            first = [
                f.scales[c] * cell_multipliers(f.dof, c, next(columns))
                for f, c in zip(system, cells, strict=True)
            ]
        means.append(sum(f.margins[c] for f, c in zip(system, cells, strict=True)))
        parts = [
            f.loads(c, s, mix, world=world, worlds=worlds, share_drift=twin is Twin.PARAMETERS)
            for f, c, s in zip(system, cells, first, strict=True)
        ]
        spreads.append(sum(parts))
    loads = np.concatenate(spreads, axis=1)
    covariance = loads @ loads.transpose(0, 2, 1)
    rest = np.stack(list(columns), axis=1) if loads.shape[1] > 1 else points[:, :0]
    return float(orthant(np.concatenate(means, axis=1), covariance, rest).mean())
