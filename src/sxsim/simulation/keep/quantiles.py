"""Quantiles of every year from counts in narrow windows around where each must lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.errors import RequestError
from sxsim.processes import Grown, GrowthModel
from sxsim.simulation.keep.labelled import labelled
from sxsim.simulation.keep.windows import windows_of
from sxsim.simulation.record import Drawn, Setting
from sxsim.simulation.strand import Strand
from sxsim.simulation.world import Team

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

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
        levels = np.asarray(self.probabilities)
        windows, errors = {}, {}
        for grown in setting.model.indicators:
            windows[grown.name], errors[grown.name] = windows_of(grown, setting, levels)
        return QuantileRecorder(setting=setting, levels=levels, windows=windows, errors=errors)


@dataclass(frozen=True, kw_only=True, slots=True)
class QuantileRecorder:
    """Counts below each window and in its bins; a policy adds the same to all paths.

    ``windows`` holds the ends of every window by indicator, ``(end, probability, year, member)``, ``errors``
    the Monte Carlo error of each quantile; counts are ``(member, probability, year, bin)``, the first bin for
    what lies below.
    """

    setting: Setting
    levels: Array
    windows: dict[str, Array]
    errors: dict[str, Array]

    exact = True

    def blank(self, draws: int) -> dict[str, Whole]:
        """Return no draw."""
        del draws
        years = self.setting.years.size
        return {
            grown.name: np.zeros((grown.size, self.levels.size, years, BINS + 1), np.int64)
            for grown in self.setting.model.indicators
        }

    def part(self, team: Team, strand: Strand) -> dict[tuple[str, int], Whole]:
        """Return no draw."""
        shape = (self.levels.size, self.setting.years.size, BINS + 1)
        asked = (name for name in strand.names if name in self.windows)
        return {(name, strand.place): np.zeros(shape, np.int64) for name in asked}

    def add(self, part: dict[tuple[str, int], Whole], drawn: Drawn, state: object) -> None:
        """Count some blocks."""
        for (name, place), table in part.items():
            levels, (low, high) = drawn.world[name], self.windows[name][..., place]
            for counts, lows, highs in zip(table, low, high, strict=True):
                for count, values, bottom, top in zip(counts, levels, lows, highs, strict=True):
                    inside = values[(values >= bottom) & (values < top)]
                    count[0] += np.count_nonzero(values < bottom)
                    bins = ((inside - bottom) * (BINS / (top - bottom))).astype(np.int64)
                    count[1:] += np.bincount(np.minimum(bins, BINS - 1), minlength=BINS)

    def counting(self, part: dict[tuple[str, int], Whole], blocks: range) -> None:
        """More than hits is wanted."""

    def fold(self, state: dict[str, Whole], part: dict[tuple[str, int], Whole]) -> None:
        """Add the counts of one member."""
        for (name, place), counts in part.items():
            state[name][place] += counts

    def join(self, state: dict[str, Whole], later: dict[str, Whole]) -> None:
        """Add the counts of later draws."""
        for name, counts in later.items():
            state[name] += counts

    def result(self, state: dict[str, Whole]) -> xr.Dataset:
        """Quantiles in published units with their Monte Carlo error and the width of their bin."""
        setting, order = self.setting, (labels.SCENARIO, labels.QUANTILE, labels.YEAR)
        variables = {}
        for grown in setting.model.indicators:
            ends = np.moveaxis(self.windows[grown.name], -1, 1)
            middle, width = _located(state[grown.name], ends, self.levels, setting.draws)
            error = np.moveaxis(self.errors[grown.name], -1, 0)
            moved = np.stack([middle + _offset(grown, offsets) for offsets in setting.offsets])
            tables = {
                grown.name: grown.carrier.inverse(moved),
                f"{grown.name}_error": _spread(grown, moved, error),
                f"{grown.name}_width": _spread(grown, moved, width),
            }
            for name, table in tables.items():
                variables[name] = labelled(setting.model, grown.name, table, order[1:], order)
        coords = {
            labels.SCENARIO: list(setting.scenarios),
            labels.QUANTILE: self.levels,
            labels.YEAR: setting.years,
        }
        return xr.Dataset(variables, coords=coords)


def _located(counts: Whole, ends: Array, levels: Array, draws: int) -> tuple[Array, Array]:
    """Middle and width of the bin of each order statistic, link scale."""
    rank = np.ceil(levels * draws)[:, None]
    place = (np.cumsum(counts, axis=-1) < rank[..., None]).sum(axis=-1)
    resolved = (place > 0) & (place <= BINS)
    width = (ends[1] - ends[0]) / BINS
    middle = np.where(resolved, ends[0] + (place - 0.5) * width, np.nan)
    return middle, np.where(resolved, width, np.nan)


def _offset(grown: Grown, offsets: Mapping[str, Array]) -> Array | float:
    """What a policy adds, ``(member, 1, year)``."""
    return offsets[grown.name][:, None, :] if grown.name in offsets else 0.0


def _spread(grown: Grown, middle: Array, width: Array) -> Array:
    """Width on the link scale as one in published units around the middle."""
    return np.asarray(
        grown.carrier.inverse(middle + 0.5 * width) - grown.carrier.inverse(middle - 0.5 * width)
    )
