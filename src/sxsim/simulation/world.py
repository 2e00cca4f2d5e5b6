"""The world: what nobody chooses, drawn once. Cell, sigma, drift and innovations per block and indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from sxsim.processes import Grown, GrowthModel, Mixture, PathLaw
from sxsim.processes.transform import inverse_box_cox
from sxsim.simulation.sigma import cell_multipliers
from sxsim.streams import BLOCK, Role, Seed

Array = NDArray[np.float64]

_SHARED = "\x1e"  # stands for all labels of a batch; no label is a control character


class Twin(Enum):
    """What a second world shares with the first; the value says it."""

    NONE = "it is the first"
    PARAMETERS = "cells, sigmas, drifts and correlation, not the yearly shocks"
    CELLS = "cells alone"


@dataclass(frozen=True, kw_only=True, slots=True)
class World:
    """The uncertain future of a model, block by block.

    Attributes
    ----------
    teams
        The indicators, prepared for drawing.
    horizon
        Years it goes on for.
    seed
        The number all streams follow from.
    """

    teams: tuple[Team, ...]
    horizon: int
    seed: Seed

    def block(self, number: int, twin: Twin = Twin.NONE) -> Mapping[str, Array]:
        """Return the levels ``(member, year, draw)`` of every indicator in one block, or in its twin."""
        levels: dict[str, Array] = {}
        for team in self.teams:
            mixed = replace(team, mix=np.take(team.mix, self._correlations(team, number, twin), axis=2))
            out = np.full((len(team.members), len(team.labels), self.horizon, BLOCK), np.nan)
            for member in range(len(team.labels)):
                self._draw(mixed, member, number, twin, out[:, member])
            for grown, change in zip(team.members, out, strict=True):
                change += grown.last_level()[:, None, None]
                levels[grown.name] = change
        return levels

    def _correlations(self, team: Team, number: int, twin: Twin) -> NDArray[np.int64]:
        """Return which correlation each draw has, the same for all teams and labels; one entry if known."""
        count = team.mix.shape[2]
        owner = "twin" if twin is Twin.CELLS else ""
        uniforms = self.seed.generator(Role.CORRELATION, owner, "", number).random(BLOCK if count > 1 else 1)
        return np.asarray(uniforms * count, np.int64)

    def _draw(self, team: Team, member: int, number: int, twin: Twin, out: Array) -> None:
        """Fill the change of every indicator of one team and batch label, ``(indicator, year, draw)``."""
        sources = [_Source(self.seed, grown.name, team.labels[member], number) for grown in team.members]
        gaps, laws = team.gaps[member], team.laws[member]
        role = Role.INNOVATIONS if twin is Twin.NONE else Role.REPLICATE
        normals = [
            self._innovations(grown.common, source, role, gap)
            for grown, source, gap in zip(team.members, sources, gaps, strict=True)
        ]
        sigmas, drifts = zip(*[s.parameters(twin) for s in sources], strict=True)
        for i, (grown, law) in enumerate(zip(team.members, laws, strict=True)):
            weights, gap = team.mix[i, : i + 1], gaps[i]
            years = _mix(weights, [normals[j][gaps[j] :] for j in range(i + 1)])
            shocks = [_mix(weights, drifts[: i + 1]), *normals[i][:gap], *years]
            if isinstance(law, Mixture):
                _fill_paths(law, _cells(law, sources[i]), sigmas[i], shocks, out[i])
            else:
                start = grown.last_level()[member]
                out[i] = law.paths(start, np.stack(shocks[1:]), sources[i].cells(), member)[gap:] - start

    def _innovations(self, common: float, source: _Source, role: Role, gap: int) -> Array:
        """Return shocks ``(year, draw)``; from the world's first year on members share a part."""
        own = source.innovations(role, gap + self.horizon)
        if common > 0:
            shared = replace(source, batch=_SHARED).innovations(role, self.horizon)
            own[gap:] = np.sqrt(1.0 - common) * own[gap:] + np.sqrt(common) * shared
        return own


@dataclass(frozen=True, kw_only=True, slots=True)
class Team:
    """Indicators that share batch labels.

    Attributes
    ----------
    members, labels
        The indicators in order of name, and the labels of their batch.
    mix
        Lower triangular mixes of their innovations, all as likely, ``(indicator, indicator, correlation)``.
    gaps, laws
        Unknown years before the world begins, and the law from the own last figure on, per label and
        indicator.
    """

    members: tuple[Grown, ...]
    labels: tuple[str, ...]
    mix: Array
    gaps: tuple[tuple[int, ...], ...]
    laws: tuple[tuple[Mixture | PathLaw, ...], ...]


def world_of(model: GrowthModel, horizon: int, seed: Seed) -> World:
    """Prepare the world of a model: everything that does not depend on the block."""

    def labels(grown: Grown) -> tuple[str, ...]:
        return batch_labels(model, grown)

    groups = groupby(sorted(model.indicators, key=labels), key=labels)
    teams = tuple(_team(model, tuple(group), names, horizon) for names, group in groups)
    return World(teams=teams, horizon=horizon, seed=seed)


def _team(model: GrowthModel, group: tuple[Grown, ...], labels: tuple[str, ...], horizon: int) -> Team:
    members = tuple(sorted(group, key=lambda grown: grown.name))
    rows = [model.names.index(grown.name) for grown in members]
    gaps = [tuple(int(model.last_year - g.last_years()[m]) for g in members) for m in range(len(labels))]
    laws = [
        tuple(
            g.law if isinstance(g.law, PathLaw) else g.law.mixture(gap + horizon, m)
            for g, gap in zip(members, gaps[m], strict=True)
        )
        for m in range(len(labels))
    ]
    mix = np.ascontiguousarray(model.dependence.select(rows).factors().transpose(1, 2, 0))
    return Team(members=members, labels=labels, mix=mix, gaps=tuple(gaps), laws=tuple(laws))


def batch_labels(model: GrowthModel, grown: Grown) -> tuple[str, ...]:
    """Return the labels of an indicator's batch members, one empty label without a batch."""
    coordinates = model.batch(grown.name)
    if not coordinates:
        return ("",)
    grids = np.meshgrid(*[c.to_numpy().astype(str) for c in coordinates.values()], indexing="ij")
    return tuple("\x1f".join(label) for label in zip(*[g.ravel().tolist() for g in grids], strict=True))


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

    def parameters(self, twin: Twin) -> tuple[Array, Array]:
        """Return the uniforms of sigma and the normals of the drift."""
        owner = f"{self.owner} twin" if twin is Twin.CELLS else self.owner
        stream = self.seed.generator(Role.PARAMETERS, owner, self.batch, self.number)
        return stream.random(BLOCK), stream.standard_normal(BLOCK)


def _mix(weights: Array, sources: Sequence[Array]) -> Array:
    """Weighted sum in a fixed order; no BLAS, whose bits depend on the machine."""
    total: Array = weights[0] * sources[0]
    for weight, source in zip(weights[1:], sources[1:], strict=True):
        total += weight * source
    return total


def _cells(law: Mixture, source: _Source) -> NDArray[np.int64]:
    """Return the cell of every draw; one entry where there is only one cell."""
    if len(law.weights) == 1:
        return np.zeros(1, int)
    return np.searchsorted(np.cumsum(law.weights)[:-1], source.cells(), side="right")


def _fill_paths(
    law: Mixture, cell: NDArray[np.int64], uniform: Array, shocks: Sequence[Array], out: Array
) -> None:
    """Apply each draw's cell: ``location + sigma * (factor @ shocks)``, years ascending, ``(year, draw)``."""
    sigma = law.scales[cell] * cell_multipliers(law.dof, cell, uniform)
    term = np.empty(BLOCK)
    years = law.locations.shape[1]
    for year, row in zip(range(years - len(out), years), out, strict=True):
        np.multiply(law.factors[cell, year, 0], shocks[0], out=row)
        for s in range(1, year + 2):
            np.multiply(law.factors[cell, year, s], shocks[s], out=term)
            row += term
        row *= sigma
        row += law.locations[cell, year]
    if law.exponents.any():
        out[:] = inverse_box_cox(out, law.exponents[cell])
