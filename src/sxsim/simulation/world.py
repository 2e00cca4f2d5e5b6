"""The world: what nobody chooses, drawn once. Cell, sigma, drift and innovations per block and indicator."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from sxsim.processes import Grown, GrowthModel, Mixture
from sxsim.simulation.sigma import tabled_multiplier
from sxsim.streams import BLOCK, Role, Seed

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """The uncertain future of a model, block by block.

    Attributes
    ----------
    model, horizon, seed
        What is simulated, how many years after the model's last, and from which number.
    """

    model: GrowthModel
    horizon: int
    seed: Seed

    def block(self, number: int, *, twin: bool = False) -> Mapping[str, Array]:
        """Link-scale levels ``(member, year, draw)`` of every indicator in one block of draws.

        A twin shares cells, sigmas and drifts with the block and has innovations of its own.
        """
        levels: dict[str, Array] = {}
        for team in teams(self.model):
            changes = np.stack([self._team_block(team, m, number, twin) for m in range(team.size)], axis=1)
            for grown, change in zip(team.members, changes, strict=True):
                levels[grown.name] = grown.last_level()[:, None, None] + change
        return levels

    def _team_block(self, team: Team, member: int, number: int, twin: bool) -> Array:
        """Change of every indicator of one team and batch label, ``(indicator, year, draw)``."""
        label = team.labels[member]
        sources = [_Source(self.seed, grown.name, label, number) for grown in team.members]
        gaps = [self.model.last_year - int(grown.last_years()[member]) for grown in team.members]
        role = Role.REPLICATE if twin else Role.INNOVATIONS
        normals = [s.innovations(role, gap + self.horizon) for s, gap in zip(sources, gaps, strict=True)]
        sigmas, drifts = zip(*[s.parameters() for s in sources], strict=True)
        out = np.full((len(team.members), self.horizon, BLOCK), np.nan)
        for i, grown in enumerate(team.members):
            gap, weights = gaps[i], team.mix[i, : i + 1]
            years = _mix(weights, [normals[j][gaps[j] :] for j in range(i + 1)])
            shocks = np.concatenate([_mix(weights, list(drifts[: i + 1]))[None], normals[i][:gap], years])
            law = grown.law.mixture(gap + self.horizon, member)
            out[i] = _paths(law, _cells(law, sources[i]), sigmas[i], shocks)[gap:]
        return out


@dataclass(frozen=True, kw_only=True, slots=True)
class Team:
    """Indicators that share batch labels, and the triangular mix of their innovations, ordered by name."""

    members: tuple[Grown, ...]
    labels: tuple[str, ...]
    mix: Array

    @property
    def size(self) -> int:
        """Number of batch labels."""
        return len(self.labels)


def teams(model: GrowthModel) -> Iterator[Team]:
    """Group the indicators by their batch; groups are independent of each other."""

    def key(grown: Grown) -> tuple[str, ...]:
        return batch_labels(model, grown)

    for labels, group in groupby(sorted(model.indicators, key=key), key=key):
        members = tuple(sorted(group, key=lambda grown: grown.name))
        rows = [model.names.index(grown.name) for grown in members]
        correlation = np.asarray(model.correlation)[np.ix_(rows, rows)]
        yield Team(members=members, labels=labels, mix=row_cholesky(correlation))


def batch_labels(model: GrowthModel, grown: Grown) -> tuple[str, ...]:
    """Return the labels of an indicator's batch members, one empty label without a batch."""
    coordinates = model.batch(grown.name)
    if not coordinates:
        return tuple(str(i) if grown.size > 1 else "" for i in range(grown.size))
    grids = np.meshgrid(*[c.to_numpy().astype(str) for c in coordinates.values()], indexing="ij")
    return tuple("\x1f".join(label) for label in zip(*[g.ravel().tolist() for g in grids], strict=True))


def row_cholesky(matrix: Array) -> Array:
    """Lower Cholesky factor row by row: unlike LAPACK, a longer matrix keeps the bits of the first rows."""
    n = len(matrix)
    lower = np.zeros((n, n))
    for i in range(n):
        for j in range(i + 1):
            rest = matrix[i, j]
            for k in range(j):
                rest = rest - lower[i, k] * lower[j, k]
            lower[i, j] = np.sqrt(rest) if i == j else rest / lower[j, j]
    return lower


@dataclass(frozen=True, slots=True)
class _Source:
    """The streams of one (indicator, batch label, block)."""

    seed: Seed
    owner: str
    batch: str
    number: int

    def innovations(self, role: Role, years: int) -> Array:
        return self.seed.generator(role, self.owner, self.batch, self.number).standard_normal((years, BLOCK))

    def cells(self) -> Array:
        return self.seed.generator(Role.CELLS, self.owner, self.batch, self.number).random(BLOCK)

    def parameters(self) -> tuple[Array, Array]:
        """Return the uniforms of sigma and the normals of the drift."""
        stream = self.seed.generator(Role.PARAMETERS, self.owner, self.batch, self.number)
        return stream.random(BLOCK), stream.standard_normal(BLOCK)


def _mix(weights: Array, sources: list[Array]) -> Array:
    """Weighted sum in a fixed order; no BLAS, whose bits depend on the machine."""
    total: Array = weights[0] * sources[0]
    for weight, source in zip(weights[1:], sources[1:], strict=True):
        total = total + weight * source
    return total


def _cells(law: Mixture, source: _Source) -> NDArray[np.int64]:
    """Return the cell of every draw; one entry where there is only one cell."""
    if len(law.weights) == 1:
        return np.zeros(1, int)
    return np.searchsorted(np.cumsum(law.weights)[:-1], source.cells(), side="right")


def _paths(law: Mixture, cell: NDArray[np.int64], uniform: Array, shocks: Array) -> Array:
    """Apply each draw's cell: ``location + sigma * (factor @ shocks)``, years ascending, ``(year, draw)``."""
    sigma = law.scales[cell] * _multipliers(law.dof, cell, uniform)
    out = np.empty((law.locations.shape[1], BLOCK))
    for year, row in enumerate(out):
        total = law.factors[cell, year, 0] * shocks[0]
        for s in range(1, year + 2):
            total = total + law.factors[cell, year, s] * shocks[s]
        row[:] = law.locations[cell, year] + sigma * total
    return out


def _multipliers(dof: Array, cell: NDArray[np.int64], uniform: Array) -> Array:
    values = np.unique(dof)
    if len(values) == 1:
        return tabled_multiplier(uniform, float(values[0]))
    out = np.empty_like(uniform)
    for value in values:
        chosen = dof[cell] == value
        out[chosen] = tabled_multiplier(uniform[chosen], float(value))
    return out
