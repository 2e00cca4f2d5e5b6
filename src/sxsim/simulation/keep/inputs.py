"""What decided each path: its cell, sigma, growth and shocks, and how strong levers were."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.processes import GrowthModel
from sxsim.scenarios import Sway
from sxsim.simulation.cells import CellTable
from sxsim.simulation.keep.labelled import labelled
from sxsim.simulation.record import Drawn, Setting
from sxsim.simulation.strand import Strand
from sxsim.simulation.world import Team

Array = NDArray[np.float64]
State = dict[str, Array]

INPUTS = ("cell", "sigma", "drift", "shocks")
_STRENGTH = "strength"


@dataclass(frozen=True, kw_only=True, slots=True)
class Inputs:
    """Keep what decided each path instead of the path: the same draws as with :class:`sxsim.Paths`.

    One variable per fitted indicator, and for what is derived those of what it is computed from, with the
    dims ``(scenario, draw, input, *batch)`` and the inputs

    - ``cell``, number of the cell among those of its law;
    - ``sigma``, standard deviation of a yearly shock;
    - ``drift``, yearly growth up to the last year of the run as the parameters alone would have it;
    - ``shocks``, what the shocks of all years add to the level of the last one.

    On the scale of its cell, the log or log odds unless that has an exponent, the change since the last
    figure is the number of years times drift, plus shocks. A law that is walked year by year has shocks
    alone: the sum of its normals. The variable ``strength`` ``(scenario, draw, lever)`` has the normal score
    of every lever or shock of uncertain strength, the higher the stronger, and for a random event how often
    it fell; NaN under scenarios without it.

    Examples
    --------
    >>> import sxsim as sx
    >>> walk = sx.RandomWalk(drift=0.1, sigma=0.2)
    >>> patents = sx.Grown(name="patents", carrier=sx.Log(), law=walk, last_value=1.0, last_year=2012)
    >>> model = sx.GrowthModel(indicators=(patents,), last_year=2012)
    >>> kept = sx.simulate(model, horizon=4, draws=1000, rng=0, keep=Inputs())
    >>> kept.patents.sel(input=["sigma", "drift"]).mean(["scenario", "draw"]).values.round(6).tolist()
    [0.2, 0.1]
    """

    def names(self, model: GrowthModel) -> None:
        """All indicators are kept."""
        del model

    def until(self, model: GrowthModel) -> None:
        """No year is asked for."""
        del model

    def recorder(self, setting: Setting) -> InputRecorder:
        """Prepare to keep them."""
        return InputRecorder(setting=setting, kept=setting.model.names)


@dataclass(frozen=True, kw_only=True, slots=True)
class InputRecorder:
    """Writes the inputs of fitted indicators into arrays ``(member, input, draw)``.

    Strengths stand under an empty name, ``(scenario, lever, draw)``.
    """

    setting: Setting
    kept: tuple[str, ...]

    def blank(self, draws: int) -> State:
        """Return arrays without a value, NaN."""
        model = self.setting.model
        arrays = {name: np.full((model.members(name), len(INPUTS), draws), np.nan) for name in self.kept}
        return arrays | {"": np.full((len(self.setting.policies), len(self.owners), draws), np.nan)}

    @property
    def owners(self) -> list[str]:
        """Levers, shocks and events that differ from draw to draw under some scenario, in order."""
        return sorted(
            {sway.owner for policy in range(len(self.setting.policies)) for sway in self._sways(policy)}
        )

    def part(self, team: Team, strand: Strand) -> list[str]:
        """Return the names that are kept: their values go straight to their places."""
        del strand
        return [name for name in team.names if name in self.kept]

    def add(self, part: list[str], drawn: Drawn, state: State) -> None:
        """Write some blocks."""
        here = slice(drawn.place, drawn.place + drawn.width)
        for name in part:
            state[name][drawn.strand.place, :, here] = _inputs(drawn, drawn.strand.names.index(name))
        for s in range(len(self.setting.policies)):
            for sway in self._sways(s):
                state[""][s, self.owners.index(sway.owner), here] = sway.drawn(drawn.numbers)

    def counting(self, part: list[str], blocks: range) -> None:
        """More than hits is wanted."""

    def fold(self, state: State, part: list[str]) -> None:
        """Nothing is left to do."""

    def result(self, state: State) -> xr.Dataset:
        """Inputs of every draw; the same under all scenarios of one world."""
        setting, dims = self.setting, (labels.INPUT, labels.DRAW)
        scenarios = len(setting.policies)
        variables = {
            name: labelled(
                setting.model,
                name,
                np.broadcast_to(state[name], (scenarios, *state[name].shape)),
                dims,
                (labels.SCENARIO, labels.DRAW, labels.INPUT),
            ).drop_attrs()
            for name in self.kept
        }
        coords = {labels.SCENARIO: setting.scenarios, labels.INPUT: list(INPUTS)}
        found = xr.Dataset(variables, coords=coords)
        if not self.owners:
            return found
        strength = xr.DataArray(
            state[""].transpose(0, 2, 1), dims=(labels.SCENARIO, labels.DRAW, labels.LEVER)
        )
        return found.assign({_STRENGTH: strength.assign_coords({labels.LEVER: self.owners})})

    def _sways(self, scenario: int) -> tuple[Sway, ...]:
        moves = self.setting.policies[scenario].moves
        return moves.sways if moves else ()


def _inputs(drawn: Drawn, k: int) -> Array:
    """Cell, sigma, drift and shocks of the draws that count, ``(input, draw)``."""
    into, width, strand = drawn.into, drawn.width, drawn.strand
    table, gap, years = strand.tables[k], int(strand.gaps[k]), strand.horizon
    out = np.full((len(INPUTS), width), np.nan)
    if table is None:
        out[3] = np.sum([row[:width] for row in into.in_time(k, gap)[1 : 1 + gap + years]], axis=0)
        return out
    cell = table.pick(into.uniforms[k, 0, :width])
    sigma = table.sigma(cell, into.uniforms[k, 1, :width])
    known = table.locations[years - 1].take(cell) + _doubt(
        table, cell, sigma, into.shocks[k, 0, :width], years
    )
    out[0], out[1], out[2] = cell, sigma, known / (gap + years)
    out[3] = into.change[k, years - 1, :width] - known
    return out


def _doubt(
    table: CellTable, cell: NDArray[np.int64], sigma: Array, normal: Array, years: int
) -> Array | float:
    """What not knowing the drift adds by the last year."""
    return sigma * table.factors[0, years - 1].take(cell) * normal if table.drifting else 0.0
