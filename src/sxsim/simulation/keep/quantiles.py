"""Quantiles of every year from counts in narrow windows around where each must lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.errors import RequestError
from sxsim.links import Carrier
from sxsim.processes import GrowthModel
from sxsim.scenarios import Policy
from sxsim.simulation.keep.labelled import labelled
from sxsim.simulation.keep.windows import windows_of
from sxsim.simulation.record import Drawn, Setting
from sxsim.simulation.strand import Strand
from sxsim.simulation.world import Team

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Key = tuple[str, int]

_WORLD = -1

BINS = 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Quantiles:
    """Keep the quantiles of every year; memory does not grow with the number of draws.

    Where a quantile of the paths will lie is known beforehand from the law of the year: within twelve Monte
    Carlo errors of its own. That window is cut into 1,024 bins in which draws are counted, so that the order
    statistic is known up to the width of one bin, about a fortieth of its Monte Carlo error, in the tails of
    few draws a tenth; counts add up exactly in any order. A quantile outside its window is NaN. Where figures
    are given for years to come the law is not known, and a fixed simulation of 16,384 paths says where.

    Parameters
    ----------
    probabilities
        Between 0 and 1, both excluded.

    Raises
    ------
    RequestError
        No probability, or one outside (0, 1).

    Examples
    --------
    >>> Quantiles(probabilities=(0.05, 0.5, 0.95)).probabilities
    (0.05, 0.5, 0.95)
    """

    probabilities: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95)

    def __post_init__(self) -> None:
        levels = np.asarray(self.probabilities, float)
        if levels.ndim != 1 or not levels.size or not ((levels > 0) & (levels < 1)).all():
            raise RequestError(
                f"Quantiles(probabilities={self.probabilities!r}).",
                "Give a list of probabilities between 0 and 1, both excluded.",
            )
        object.__setattr__(self, "probabilities", tuple(sorted(set(levels.tolist()))))

    def names(self, model: GrowthModel) -> None:
        """All indicators are kept."""
        del model

    def until(self, model: GrowthModel) -> None:
        """No year is asked for."""
        del model

    def recorder(self, setting: Setting) -> QuantileRecorder:
        """Prepare to keep them."""
        levels, windows, errors = np.asarray(self.probabilities), {}, {}
        for name in setting.asked:
            for s, policy in enumerate(setting.policies):
                key = (name, s) if _replayed(name, policy) else (name, _WORLD)
                if key not in windows:
                    of = policy if key[1] == s else replace(policy, offsets={}, moves=None)
                    windows[key], errors[key] = windows_of(name, of, setting, levels)
        return QuantileRecorder(setting=setting, levels=levels, windows=windows, errors=errors)


@dataclass(frozen=True, kw_only=True, slots=True)
class QuantileRecorder:
    """Counts below each window and in its bins, of the world where policies add the same to all its paths.

    What belongs to an indicator has its name and a scenario's place as key, or -1 for the world: ``windows``
    holds the ends of every window, ``(end, probability, year, member)``, ``errors`` the Monte Carlo error of
    each quantile; counts are ``(member, probability, year, bin)``, the first bin for what lies below.
    """

    setting: Setting
    levels: Array
    windows: dict[Key, Array]
    errors: dict[Key, Array]

    exact = True

    def blank(self, draws: int) -> dict[Key, Whole]:
        """Return no draw."""
        del draws
        shape = (self.levels.size, self.setting.years.size, BINS + 1)
        return {key: np.zeros((windows.shape[-1], *shape), np.int64) for key, windows in self.windows.items()}

    def part(self, team: Team, strand: Strand) -> dict[tuple[Key, int], Whole]:
        """Return no draw."""
        shape = (self.levels.size, self.setting.years.size, BINS + 1)
        here = self.setting.asked_of(team.names)
        return {(key, strand.place): np.zeros(shape, np.int64) for key in self.windows if key[0] in here}

    def add(self, part: dict[tuple[Key, int], Whole], drawn: Drawn, state: object) -> None:
        """Count some blocks."""
        scenarios = sorted({s for (_, s), _ in part if s != _WORLD})
        played = {s: drawn.under(self.setting.policies[s]) for s in scenarios}
        for ((name, s), place), table in part.items():
            if s == _WORLD:
                levels = drawn.world[name]
            else:
                derived = name in self.setting.model.derived
                levels = played[s].values(name) if derived else played[s].levels(name)
            _count(table, levels, *self.windows[name, s][..., place])

    def counting(self, part: dict[tuple[Key, int], Whole], blocks: range) -> None:
        """More than hits is wanted."""

    def fold(self, state: dict[Key, Whole], part: dict[tuple[Key, int], Whole]) -> None:
        """Add the counts of one member."""
        for (key, place), counts in part.items():
            state[key][place] += counts

    def join(self, state: dict[Key, Whole], later: dict[Key, Whole]) -> None:
        """Add the counts of later draws."""
        for key, counts in later.items():
            state[key] += counts

    def result(self, state: dict[Key, Whole]) -> xr.Dataset:
        """Quantiles in published units with their Monte Carlo error and the width of their bin."""
        setting, order = self.setting, (labels.SCENARIO, labels.QUANTILE, labels.YEAR)
        variables = {}
        for name in setting.asked:
            rows = [self._located(state, name, s) for s in range(len(setting.policies))]
            tables = dict(zip((name, f"{name}_error", f"{name}_width"), zip(*rows, strict=True), strict=True))
            for key, table in tables.items():
                variables[key] = labelled(setting.model, name, np.stack(table), order[1:], order)
        coords = {
            labels.SCENARIO: list(setting.scenarios),
            labels.QUANTILE: self.levels,
            labels.YEAR: setting.years,
        }
        return xr.Dataset(variables, coords=coords)

    def _located(self, state: dict[Key, Whole], name: str, s: int) -> tuple[Array, Array, Array]:
        """Quantiles under one scenario, their errors and widths, ``(member, probability, year)``."""
        policy, model = self.setting.policies[s], self.setting.model
        key = (name, s) if (name, s) in self.windows else (name, _WORLD)
        ends, error = np.moveaxis(self.windows[key], -1, 1), np.moveaxis(self.errors[key], -1, 0)
        middle, width = _located(state[key], ends, self.levels, self.setting.draws)
        if name in model.derived:
            return middle, error, width
        if key[1] == _WORLD and name in policy.offsets:
            middle = middle + policy.offsets[name][:, None, :]
        carrier = model[name].carrier
        return carrier.inverse(middle), _spread(carrier, middle, error), _spread(carrier, middle, width)


def _replayed(name: str, policy: Policy) -> bool:
    """Whether a policy has counts of its own."""
    return name in policy.model.derived or policy.differs((name,))


def _count(table: Whole, levels: Array, low: Array, high: Array) -> None:
    """Add levels ``(year, draw)`` to counts ``(probability, year, bin)``."""
    for counts, lows, highs in zip(table, low, high, strict=True):
        for count, values, bottom, top in zip(counts, levels, lows, highs, strict=True):
            inside = values[(values >= bottom) & (values < top)]
            count[0] += np.count_nonzero(values < bottom)
            bins = ((inside - bottom) * (BINS / (top - bottom))).astype(np.int64)
            count[1:] += np.bincount(np.minimum(bins, BINS - 1), minlength=BINS)


def _located(counts: Whole, ends: Array, levels: Array, draws: int) -> tuple[Array, Array]:
    """Middle and width of the bin of each order statistic, link scale."""
    rank = np.ceil(levels * draws)[:, None]
    place = (np.cumsum(counts, axis=-1) < rank[..., None]).sum(axis=-1)
    resolved = (place > 0) & (place <= BINS)
    width = (ends[1] - ends[0]) / BINS
    middle = np.where(resolved, ends[0] + (place - 0.5) * width, np.nan)
    return middle, np.where(resolved, width, np.nan)


def _spread(carrier: Carrier, middle: Array, width: Array) -> Array:
    """Width on the link scale as one in published units around the middle."""
    return np.asarray(carrier.inverse(middle + 0.5 * width) - carrier.inverse(middle - 0.5 * width))
