"""Conjunctions of conditions by quasi-random integration: sigmas by inversion, the Gaussian rest by the orthant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.exact import Answer
from sxsim.analysis.orthant import orthant
from sxsim.analysis.question import Row
from sxsim.processes import GrowthModel, Mixture
from sxsim.processes.mixture import sigma_multiplier
from sxsim.simulation import Sobol
from sxsim.streams import Role, Seed

Array = NDArray[np.float64]


def allowed(rows: Sequence[Row], model: GrowthModel) -> bool:
    """Whether all conditions are linear on the link scale and every law has a single cell."""
    same = all(row.benchmark is None or _same_carrier(row, model) for row in rows)
    names = {name for row in rows for name in (row.indicator, row.benchmark) if name}
    return same and all(len(model[name].law.mixture(1).weights) == 1 for name in names)


def quasi_answer(
    rows: Sequence[Row],
    model: GrowthModel,
    offsets: Mapping[str, Array],
    *,
    method: Sobol,
    seed: Seed,
    split: bool = True,
) -> Answer:
    """P(all rows hold), its error from independent scrambles, and the part that comes from parameters."""
    size = model[rows[0].indicator].size
    single = [_system(rows, model, offsets, member) for member in range(size)]
    p, error = _integrate(single, method, seed)
    both = _integrate([s.with_twin() for s in single], method, seed)[0] if split else p**2
    return Answer(
        probability=p,
        standard_error=error,
        route="quasi-random",
        variance_parameter=np.clip(both - p**2, 0.0, p * (1.0 - p)),
        variance_model=np.zeros_like(p),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class System:
    """Linear conditions ``X >= 0`` of one member: Gaussian given the sigmas.

    Attributes
    ----------
    mean
        Margin of each row on the link scale, ``(row,)``.
    shock, drift
        Covariance per pair of unit sigmas, ``(row, row, indicator, indicator)``.
    scales, dof
        Law of each sigma, ``(indicator,)``.
    """

    mean: Array
    shock: Array
    drift: Array
    scales: Array
    dof: Array

    def with_twin(self) -> System:
        """Return the conditions in this world and in a second one with the same drifts and sigmas."""
        total, drift = self.shock + self.drift, self.drift
        upper = np.concatenate([total, drift], axis=1)
        lower = np.concatenate([drift, total], axis=1)
        return System(
            mean=np.concatenate([self.mean, self.mean]),
            shock=np.concatenate([upper, lower], axis=0),
            drift=np.zeros((1, 1, 1, 1)),
            scales=self.scales,
            dof=self.dof,
        )

    def hardest_first(self) -> System:
        """Order the rows so that the least likely stands first, which lowers the error."""
        typical = np.einsum("rrij,i,j->r", self.shock + self.drift, self.scales, self.scales)
        order = np.argsort(self.mean / np.sqrt(typical), kind="stable")
        square = np.ix_(order, order)
        drift = self.drift if self.drift.shape[0] == 1 else self.drift[square]
        return System(
            mean=self.mean[order], shock=self.shock[square], drift=drift, scales=self.scales, dof=self.dof
        )


def _integrate(systems: Sequence[System], method: Sobol, seed: Seed) -> tuple[Array, Array]:
    """Mean and standard error over the scrambles, ``(member,)``."""
    values = np.empty((len(systems), method.replicates))
    for replicate in range(method.replicates):
        points = _points(systems[0], method, seed, replicate)
        for member, system in enumerate(systems):
            values[member, replicate] = _value(system.hardest_first(), points)
    return values.mean(axis=1), values.std(axis=1, ddof=1) / np.sqrt(method.replicates)


def _points(system: System, method: Sobol, seed: Seed, replicate: int) -> Array:
    from scipy.stats import qmc

    dims = len(system.scales) + len(system.mean) - 1
    scramble = int(seed.generator(Role.REPLICATE, "sobol", str(dims), replicate).integers(2**63))
    points = qmc.Sobol(dims, scramble=True, rng=scramble).random(method.points)
    return np.clip(points, 2.0**-54, 1.0 - 2.0**-53)


def _value(system: System, points: Array) -> float:
    count = len(system.scales)
    sigma = np.stack(
        [s * sigma_multiplier(points[:, i], d) for i, (s, d) in enumerate(zip(system.scales, system.dof, strict=True))],
        axis=1,
    )
    pairs = sigma[:, :, None] * sigma[:, None, :]
    kernel = system.shock + system.drift
    rows = len(system.mean)
    covariance = (pairs.reshape(len(points), -1) @ kernel.reshape(rows * rows, -1).T).reshape(-1, rows, rows)
    mean = np.broadcast_to(system.mean, (len(points), rows))
    return float(orthant(mean, covariance, points[:, count:]).mean())


def _same_carrier(row: Row, model: GrowthModel) -> bool:
    return model[row.indicator].carrier == model[str(row.benchmark)].carrier


def _system(rows: Sequence[Row], model: GrowthModel, offsets: Mapping[str, Array], member: int) -> System:
    names = sorted({name for row in rows for name in (row.indicator, row.benchmark) if name})
    horizon = max(row.year for row in rows) - model.last_year
    gaps = [model.last_year - int(model[name].last_years()[member]) for name in names]
    laws = [model[name].law.mixture(gap + horizon, member) for name, gap in zip(names, gaps, strict=True)]
    parts = [_loadings(rows, n, law, gap, model.last_year) for n, law, gap in zip(names, laws, gaps, strict=True)]
    places = [model.names.index(name) for name in names]
    correlation = np.asarray(model.correlation)[np.ix_(places, places)]
    drift = np.stack([part[0] for part in parts], axis=1)
    years = np.stack([part[2] for part in parts], axis=1)
    shock = np.einsum("rit,qjt,ij->rqij", years, years, correlation)
    for i, (_, own, _) in enumerate(parts):
        shock[:, :, i, i] += own @ own.T
    return System(
        mean=np.array([_margin(row, model, laws, names, offsets, member) for row in rows]),
        shock=shock,
        drift=np.einsum("ri,qj,ij->rqij", drift, drift, correlation),
        scales=np.array([law.scales[0] for law in laws]),
        dof=np.array([law.dof[0] for law in laws]),
    )


def _loadings(rows: Sequence[Row], name: str, law: Mixture, gap: int, last_year: int) -> tuple[Array, Array, Array]:
    """Signed loadings of every row on one indicator's drift, unseen years and years to come."""
    factor = np.zeros((len(rows), law.factors.shape[2]))
    for r, row in enumerate(rows):
        side = row.sign * (float(row.indicator == name) - float(row.benchmark == name))
        factor[r] = side * law.factors[0, gap + row.year - last_year - 1]
    return factor[:, 0], factor[:, 1 : 1 + gap], factor[:, 1 + gap :]


def _margin(
    row: Row,
    model: GrowthModel,
    laws: Sequence[Mixture],
    names: Sequence[str],
    offsets: Mapping[str, Array],
    member: int,
) -> float:
    """Median distance to the level, positive where the condition holds."""

    def median(name: str) -> float:
        grown = model[name]
        step = row.year - model.last_year
        location = laws[names.index(name)].locations[0, row.year - int(grown.last_years()[member]) - 1]
        moved = offsets[name][min(member, len(offsets[name]) - 1), step - 1] if name in offsets else 0.0
        return float(grown.last_level()[member] + location + moved)

    carrier = model[row.indicator].carrier
    level = median(row.benchmark) if row.benchmark else float(carrier.forward(np.asarray(row.level, float)))
    return row.sign * (median(row.indicator) - level)
