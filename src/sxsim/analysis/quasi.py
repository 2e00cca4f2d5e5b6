"""Conjunctions of conditions by quasi-random integration: sigmas by inversion, the rest by the orthant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.exact import Answer
from sxsim.analysis.orthant import orthant
from sxsim.analysis.question import Row
from sxsim.processes import GrowthModel, Mixture
from sxsim.simulation import Sobol, tabled_multiplier
from sxsim.streams import Role, Seed

Array = NDArray[np.float64]


def allowed(rows: Sequence[Row], model: GrowthModel) -> bool:
    """Whether all conditions are linear on the link scale, and every law has one cell and a spread."""
    same = all(row.benchmark is None or _same_carrier(row, model) for row in rows)
    names = {name for row in rows for name in (row.indicator, row.benchmark) if name}
    laws = [model[name].law.mixture(1) for name in names]
    return same and all(len(law.weights) == 1 and law.scales[0] > 0 for law in laws)


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
    return np.asarray(np.clip(points, 2.0**-54, 1.0 - 2.0**-53))


def _value(system: System, points: Array) -> float:
    count = len(system.scales)
    sigma = np.stack(
        [
            s * tabled_multiplier(u, float(d))
            for s, d, u in zip(system.scales, system.dof, points.T, strict=False)
        ],
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


@dataclass(frozen=True, slots=True)
class _Member:
    """One member of the model's batch, under one policy."""

    model: GrowthModel
    offsets: Mapping[str, Array]
    number: int
    laws: Mapping[str, Mixture]

    def gap(self, name: str) -> int:
        """Years to the model's last year that are not known."""
        return self.model.last_year - int(self.model[name].last_years()[self.number])

    def median(self, name: str, year: int) -> float:
        """Median level on the link scale."""
        step = year - self.model.last_year
        moved = 0.0
        if name in self.offsets:
            offsets = np.broadcast_to(
                self.offsets[name], (self.model[name].size, self.offsets[name].shape[1])
            )
            moved = offsets[self.number, step - 1]
        change = self.laws[name].locations[0, self.gap(name) + step - 1]
        return float(self.model[name].last_level()[self.number] + change + moved)

    def margin(self, row: Row) -> float:
        """Median distance to the level, positive where the condition holds."""
        carrier = self.model[row.indicator].carrier
        fixed = float(carrier.forward(np.asarray(row.level, float))) if row.level is not None else 0.0
        level = self.median(row.benchmark, row.year) if row.benchmark else fixed
        return row.sign * (self.median(row.indicator, row.year) - level)

    def loadings(self, rows: Sequence[Row], name: str) -> tuple[Array, Array, Array]:
        """Signed loadings of every row on one indicator's drift, unknown years and years to come."""
        law, gap = self.laws[name], self.gap(name)
        side = [row.sign * (float(row.indicator == name) - float(row.benchmark == name)) for row in rows]
        place = [gap + row.year - self.model.last_year - 1 for row in rows]
        factor = np.array(side)[:, None] * law.factors[0, place]
        return factor[:, 0], factor[:, 1 : 1 + gap], factor[:, 1 + gap :]


def _system(rows: Sequence[Row], model: GrowthModel, offsets: Mapping[str, Array], number: int) -> System:
    names = sorted({name for row in rows for name in (row.indicator, row.benchmark) if name})
    last = max(row.year for row in rows)
    laws = {
        name: model[name].law.mixture(last - int(model[name].last_years()[number]), number) for name in names
    }
    member = _Member(model, offsets, number, laws)
    parts = [member.loadings(rows, name) for name in names]
    places = [model.names.index(name) for name in names]
    correlation = np.asarray(model.correlation)[np.ix_(places, places)]
    drift = np.stack([part[0] for part in parts], axis=1)
    years = np.stack([part[2] for part in parts], axis=1)
    shock = np.einsum("rit,qjt,ij->rqij", years, years, correlation)
    for i, (_, own, _) in enumerate(parts):
        shock[:, :, i, i] += own @ own.T
    return System(
        mean=np.array([member.margin(row) for row in rows]),
        shock=shock,
        drift=np.einsum("ri,qj,ij->rqij", drift, drift, correlation),
        scales=np.array([laws[name].scales[0] for name in names]),
        dof=np.array([laws[name].dof[0] for name in names]),
    )
