"""All paths, or their values in chosen years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.errors import RequestError
from sxsim.processes import GrowthModel
from sxsim.simulation.keep.labelled import labelled
from sxsim.simulation.method import check_whole
from sxsim.simulation.record import Drawn, Setting
from sxsim.simulation.strand import Strand
from sxsim.simulation.world import Team

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Paths:
    """Keep every path in published units, in all years or in some.

    Memory grows with draws, years, indicators and scenarios: eight bytes for each value.

    Parameters
    ----------
    years
        Years to keep; None for all.

    Raises
    ------
    RequestError
        The years are empty or no whole numbers.

    Examples
    --------
    >>> Paths(years=(2015, 2020)).years
    (2015, 2020)
    """

    years: Sequence[int] | None = None

    def __post_init__(self) -> None:
        if self.years is None:
            return
        hint = "Give years such as (2015, 2020), or leave years= out for all."
        if not len(self.years):
            raise RequestError("Paths(years=()) keeps nothing.", hint)
        years = tuple(check_whole("years", year, hint, least=-(10**6)) for year in self.years)
        object.__setattr__(self, "years", tuple(sorted(set(years))))

    def names(self, model: GrowthModel) -> None:
        """All indicators are kept."""
        del model

    def until(self, model: GrowthModel) -> int | None:
        """Return the last of the years chosen."""
        del model
        return self.years[-1] if self.years else None

    def recorder(self, setting: Setting) -> PathRecorder:
        """Prepare to keep them."""
        years = setting.years
        chosen = years if self.years is None else np.asarray(self.years)
        if strange := sorted(set(chosen.tolist()) - set(years.tolist())):
            raise RequestError(
                f"Paths(years=...) asks for {strange[0]}; the run goes from {years[0]} to {years[-1]}.",
                "Choose years of the run.",
            )
        model = setting.model
        rows = {name: {place: place for place in range(model.members(name))} for name in setting.asked}
        return PathRecorder(
            setting=setting,
            years=chosen,
            places=np.searchsorted(years, chosen),
            rows=rows,
            slots=tuple(range(len(setting.policies))),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class PathRecorder:
    """Writes paths into arrays ``(scenario, member, year, draw)``, each block into its own place.

    ``years`` are kept, which are at these ``places`` among all; ``rows`` says for every indicator kept where
    each member of its batch goes, ``slots`` where each scenario does.
    """

    setting: Setting
    years: NDArray[np.int64]
    places: NDArray[np.int64]
    rows: Mapping[str, Mapping[int, int]]
    slots: tuple[int, ...]

    def replaying(self, slots: tuple[int, ...]) -> PathRecorder:
        """Write only the paths of some scenarios, each where it goes."""
        policies = tuple(self.setting.policies[slot] for slot in slots)
        return replace(self, setting=replace(self.setting, policies=policies), slots=slots)

    def only(self, names: Sequence[str], members: Sequence[int]) -> PathRecorder:
        """Keep some members of some indicators, in the order given."""
        rows = {member: row for row, member in enumerate(members)}
        return replace(self, rows=dict.fromkeys(names, rows))

    def names_of(self, team: Team) -> tuple[str, ...]:
        """Return what is kept of the indicators of one team, and of what is computed from them."""
        return tuple(name for name in self.setting.asked_of(team.names) if name in self.rows)

    def blank(self, draws: int) -> dict[str, Array]:
        """Return arrays without a value, NaN."""
        scenarios, years = len(self.setting.scenarios), len(self.years)
        return {
            name: np.full((scenarios, len(rows), years, draws), np.nan) for name, rows in self.rows.items()
        }

    def part(self, team: Team, strand: Strand) -> tuple[str, ...]:
        """Return the names that are kept: their values go straight to their places."""
        del strand
        return self.names_of(team)

    def add(self, part: tuple[str, ...], drawn: Drawn, state: dict[str, Array]) -> None:
        """Write some blocks under every scenario."""
        strand, here = drawn.strand, slice(drawn.place, drawn.place + drawn.width)
        as_drawn = dict[str, int]()
        for slot, policy in zip(self.slots, self.setting.policies, strict=True):
            played = drawn.under(policy)
            for name in part:
                out, row = state[name], self.rows[name][strand.place]
                if not policy.touches(name) and as_drawn.setdefault(name, slot) != slot:
                    out[slot, row, :, here] = out[as_drawn[name], row, :, here]
                else:
                    out[slot, row, :, here] = played.values(name, self.places)

    def counting(self, part: tuple[str, ...], blocks: range) -> None:
        """More than hits is wanted."""

    def fold(self, state: dict[str, Array], part: tuple[str, ...]) -> None:
        """Nothing is left to do."""

    def result(self, state: dict[str, Array]) -> xr.Dataset:
        """Paths in published units, ``(scenario, draw, year, *batch)``; memory stays draws last."""
        dims = (labels.YEAR, labels.DRAW)
        variables = {
            name: labelled(self.setting.model, name, array, dims, labels.PATH_DIMS)
            for name, array in state.items()
        }
        coords = {labels.SCENARIO: list(self.setting.scenarios), labels.YEAR: self.years}
        return xr.Dataset(variables, coords=coords)
