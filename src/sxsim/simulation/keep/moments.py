"""Mean and standard deviation on the scale of growth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.errors import RequestError
from sxsim.processes import GrowthModel
from sxsim.simulation.keep.labelled import labelled
from sxsim.simulation.record import Drawn, Setting
from sxsim.simulation.strand import Strand
from sxsim.simulation.world import Team
from sxsim.streams import BLOCK

Array = NDArray[np.float64]
Spread = tuple[int, Array, Array]
Spreads = dict[tuple[str, int, int], Spread]


@dataclass(frozen=True, kw_only=True, slots=True)
class Moments:
    """Keep the mean and the standard deviation of every year, on the link scale; memory is flat.

    Published values have no mean where sigma is estimated: the exponential of a Student-t variable has an
    infinite one. Their logarithms, or log odds, have; a standard deviation too, where sigma is known or more
    than two degrees of freedom stand behind it. What is derived from others has no link scale and is left
    out.

    Raises
    ------
    RequestError
        Nothing but derived indicators is asked for.

    Examples
    --------
    >>> import sxsim as sx
    >>> walk = sx.RandomWalk(drift=0.1, sigma=0.2)
    >>> patents = sx.Grown(name="patents", carrier=sx.Log(), law=walk, last_value=1.0, last_year=2012)
    >>> model = sx.GrowthModel(indicators=(patents,), last_year=2012)
    >>> kept = sx.simulate(model, horizon=4, draws=10_000, rng=0, keep=Moments())
    >>> kept.patents.sel(scenario="trend", year=2016).round(1).values.tolist()
    [0.4, 0.4]
    """

    def names(self, model: GrowthModel) -> None:
        """All indicators are kept."""
        del model

    def until(self, model: GrowthModel) -> None:
        """No year is asked for."""
        del model

    def recorder(self, setting: Setting) -> MomentRecorder:
        """Prepare to keep them."""
        if not set(setting.asked) - set(setting.model.derived):
            raise RequestError(
                f"Moments of {', '.join(setting.asked)}: what is derived has no link scale.",
                "Take keep=sx.Quantiles(), or ask for what it is computed from.",
            )
        return MomentRecorder(setting=setting)


@dataclass(frozen=True, kw_only=True, slots=True)
class MomentRecorder:
    """Number of draws, mean and sum of squared deviations, merged block by block (Chan et al. 1979).

    Where a policy adds the same to all paths only the world is kept, under scenario -1.
    """

    setting: Setting
    exact = False

    def blank(self, draws: int) -> Spreads:
        """Return no draw."""
        del draws
        return {}

    def part(self, team: Team, strand: Strand) -> Spreads:
        """Return no draw."""
        return {}

    def add(self, part: Spreads, drawn: Drawn, state: Spreads) -> None:
        """Merge some blocks, one after the other."""
        asked, place = self.setting.asked, drawn.strand.place
        for name in (name for name in drawn.strand.names if name in asked):
            _merge_blocks(part, (name, place, -1), drawn.world[name])
        for s, policy in enumerate(self.setting.policies):
            if policy.moves is None:
                continue
            played = drawn.under(policy)
            for name in (name for name in played.moved if name in asked):
                _merge_blocks(part, (name, place, s), played.levels(name))

    def counting(self, part: Spreads, blocks: range) -> None:
        """More than hits is wanted."""

    def fold(self, state: Spreads, part: Spreads) -> None:
        """Merge a stretch with those before."""
        for key, spread in part.items():
            _merge(state, key, spread)

    def join(self, state: Spreads, later: Spreads) -> None:
        """Merge the state of one stretch as if it were its part."""
        self.fold(state, later)

    def result(self, state: Spreads) -> xr.Dataset:
        """Mean and standard deviation, ``(scenario, moment, year, *batch)``."""
        setting, years = self.setting, self.setting.years.size
        variables = {}
        for grown in (grown for grown in setting.model.indicators if grown.name in setting.asked):
            out = np.full((len(setting.scenarios), grown.size, 2, years), np.nan)
            for place in range(grown.size):
                for s, policy in enumerate(setting.policies):
                    differs, offsets = policy.differs((grown.name,)), policy.offsets
                    count, mean, squares = state[grown.name, place, s if differs else -1]
                    moved = offsets[grown.name][place] if grown.name in offsets and not differs else 0.0
                    out[s, place] = mean + moved, np.sqrt(squares / max(count - 1, 1))
            order = (labels.SCENARIO, labels.MOMENT, labels.YEAR)
            variables[grown.name] = labelled(setting.model, grown.name, out, order[1:], order)
            variables[grown.name].attrs |= {"scale": f"level on the link scale, {grown.carrier!r}"}
        coords = {
            labels.SCENARIO: list(setting.scenarios),
            labels.MOMENT: ["mean", "standard_deviation"],
            labels.YEAR: setting.years,
        }
        return xr.Dataset(variables, coords=coords)


def _merge_blocks(spreads: Spreads, key: tuple[str, int, int], levels: Array) -> None:
    """Merge some blocks, one after the other."""
    for start in range(0, levels.shape[1], BLOCK):
        _merge(spreads, key, _spread(levels[:, start : start + BLOCK]))


def _spread(values: Array) -> Spread:
    mean = values.mean(axis=1)
    return values.shape[1], mean, ((values - mean[:, None]) ** 2).sum(axis=1)


def _merge(spreads: Spreads, key: tuple[str, int, int], second: Spread) -> None:
    """Merge a spread with the one of its key, if there is one."""
    if key not in spreads:
        spreads[key] = second
        return
    first = spreads[key]
    count, step = first[0] + second[0], second[1] - first[1]
    mean = first[1] + step * (second[0] / count)
    spreads[key] = count, mean, first[2] + second[2] + step**2 * (first[0] * second[0] / count)
