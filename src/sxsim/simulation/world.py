"""The world: what nobody chooses, drawn once. Cell, sigma, drift and innovations per block and indicator."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from sxsim.processes import Figures, Grown, GrowthModel, PathLaw, Told, told
from sxsim.simulation.cells import CellTable
from sxsim.simulation.conditioning import Conditioning, Given
from sxsim.simulation.plain import Plain
from sxsim.simulation.strand import Strand, Streams, Twin, needs_of
from sxsim.streams import Role, Seed

Array = NDArray[np.float64]

_SHARED = "\x1e"  # stands for all labels of a batch; no label is a control character


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class World:
    """The uncertain future of a model, block by block.

    Attributes
    ----------
    teams
        Its indicators, those with the same batch together.
    horizon
        Years it goes on for.
    """

    teams: tuple[Team, ...]
    horizon: int

    @property
    def members(self) -> list[tuple[Team, int]]:
        """Every member of every team, with its place."""
        return [(team, place) for team in self.teams for place in range(len(team.labels))]

    @property
    def values(self) -> int:
        """Yearly values of one draw."""
        return self.horizon * sum(len(team.members) * len(team.labels) for team in self.teams)

    def block(self, number: int, twin: Twin = Twin.NONE) -> Mapping[str, Array]:
        """Return the levels ``(member, year, draw)`` of every indicator in one block, or in its twin."""
        levels: dict[str, list[Array]] = {}
        for team, place in self.members:
            strand = team.strand(place)
            strand.draw(range(number, number + 1), Plain(), into := strand.buffers(1), twin)
            for k, grown in enumerate(team.members):
                levels.setdefault(grown.name, []).append(strand.levels(k, into))
        return {name: np.stack(members) for name, members in levels.items()}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Team:
    """Indicators that share batch labels.

    Attributes
    ----------
    members, labels
        The indicators, those asked for first and in order of name, and the labels of their batch.
    mix
        Lower triangular mixes of their innovations, all as likely, ``(indicator, indicator, correlation)``.
    last_year, horizon
        Where the world begins, and how long it is.
    seed
        The number all streams follow from.
    figures
        What is given of some of them for years to come.
    ties
        Correlation of every indicator with the given ones, ``(indicator, given, correlation)``.
    """

    members: tuple[Grown, ...]
    labels: tuple[str, ...]
    mix: Array
    last_year: int
    horizon: int
    seed: Seed
    figures: Mapping[str, Figures]
    ties: Array

    @property
    def reach(self) -> int:
        """Years that are drawn: the world's, and those up to the last that is given."""
        given = [int(figures.years[-1]) - self.last_year for figures in self.figures.values()]
        return max(self.horizon, *given) if given else self.horizon

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the indicators."""
        return tuple(grown.name for grown in self.members)

    def strand(self, place: int) -> Strand:
        """Return one member of every indicator, ready to be drawn."""
        return _strand(self, place)


@lru_cache(maxsize=256)
def _strand(team: Team, place: int) -> Strand:
    gaps = np.array([team.last_year - int(grown.last_years()[place]) for grown in team.members])
    tables, given = [], []
    for k, (grown, gap) in enumerate(zip(team.members, gaps.tolist(), strict=True)):
        figures = team.figures.get(grown.name)
        said = None if figures is None else told(grown, figures, team.last_year, place)
        tables.append(_table(grown, gap, team.reach, place, said))
        if said is not None:
            given.append(Given.of(k, gap, tables[k], said))
    names, label, seed = [grown.name for grown in team.members], team.labels[place], team.seed
    known = [list(team.figures).index(names[one.place]) for one in given]
    return Strand(
        members=team.members,
        place=place,
        tables=tuple(tables),
        mix=team.mix,
        gaps=gaps,
        horizon=team.horizon,
        needs=needs_of(tables, gaps),
        seed=seed,
        streams={twin: tuple(_streams(seed, name, label, twin) for name in names) for twin in Twin},
        choices={
            twin: seed.stream(Role.CORRELATION, "twin" if twin is Twin.CELLS else "", "") for twin in Twin
        },
        reach=team.reach,
        conditioning=Conditioning(given=tuple(given), ties=team.ties[:, known]) if given else None,
    )


def _table(grown: Grown, gap: int, years: int, place: int, said: Told | None) -> CellTable | None:
    """Cells of one member, weighed by what figures say; None for a law that walks by itself."""
    if isinstance(grown.law, PathLaw):
        return None
    law = grown.law.mixture(gap + years, place)
    return CellTable.of(law if said is None else said.updated(law), gap)


def _streams(seed: Seed, name: str, label: str, twin: Twin) -> Streams:
    shocks = Role.INNOVATIONS if twin is Twin.NONE else Role.REPLICATE
    return Streams(
        cells=seed.stream(Role.CELLS, name, label),
        parameters=seed.stream(Role.PARAMETERS, f"{name} twin" if twin is Twin.CELLS else name, label),
        innovations=seed.stream(shocks, name, label),
        shared=seed.stream(shocks, name, _SHARED),
    )


def world_of(model: GrowthModel, horizon: int, seed: Seed, asked: Container[str] | None = None) -> World:
    """Prepare the world of a model: everything that does not depend on the block.

    Indicators that were not asked for, but decide others, are mixed last: they leave the others' bits alone.
    So are given ones that the model does not hold itself.
    """
    first = model.names if asked is None else asked
    told, base = model.conditions, model.conditions.base if model.conditions else model
    beside = [base[name] for name in (told.deciding(model.names) if told else ()) if name not in model]

    def labels(grown: Grown) -> tuple[str, ...]:
        return batch_labels(model, grown)

    def place(grown: Grown) -> tuple[bool, str]:
        return grown.name not in first, grown.name

    groups = groupby(sorted([*model.indicators, *beside], key=labels), key=labels)
    teams = [
        _team(tuple(sorted(group, key=place)), names, model, horizon=horizon, seed=seed)
        for names, group in groups
    ]
    kept = (team for team in teams if any(grown.name in first for grown in team.members))
    return World(teams=tuple(kept), horizon=horizon)


def _team(
    members: tuple[Grown, ...], labels: tuple[str, ...], model: GrowthModel, *, horizon: int, seed: Seed
) -> Team:
    """Indicators of one batch, and what figures given for years to come say about them."""
    names, told = [grown.name for grown in members], model.conditions
    figures = {name: told.figures[name] for name in told.deciding(names)} if told else {}
    base = told.base if told else model
    dependence = base.dependence.select([base.names.index(name) for name in names])
    given = [names.index(name) for name in figures]
    return Team(
        members=members,
        labels=labels,
        mix=np.ascontiguousarray(dependence.factors().transpose(1, 2, 0)),
        last_year=model.last_year,
        horizon=horizon,
        seed=seed,
        figures=figures,
        ties=np.ascontiguousarray(dependence.draws.transpose(1, 2, 0)[:, given]),
    )


def batch_labels(model: GrowthModel, grown: Grown) -> tuple[str, ...]:
    """Return the labels of an indicator's batch members, one empty label without a batch."""
    coordinates = model.batch(grown.name)
    if not coordinates:
        return ("",)
    grids = np.meshgrid(*[c.to_numpy().astype(str) for c in coordinates.values()], indexing="ij")
    return tuple("\x1f".join(label) for label in zip(*[g.ravel().tolist() for g in grids], strict=True))
