"""Growth borrowed from a neighbouring series: what may be borrowed, and how far the two depart."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim.errors import HistoryError, UnknownNameError, nearest
from sxsim.fitting.reading import posterior_scale
from sxsim.fitting.series import Series
from sxsim.links import Linear

Array = NDArray[np.float64]

FEWEST_CHANGES = 2


def overlap_spread(own: Array, source: Array) -> tuple[float | None, int]:
    """Spread of the difference in yearly growth over common years, and from how many changes; None from one.

    Levels are ``(member, year)`` on the link scale. Differences ``d`` over consecutive common years, taken
    per year, scatter around zero; their posterior scale is ``sqrt(sum d^2 / (n - 1))``. It counts what comes
    and goes as if it stayed, which errs towards wider ranges.
    """
    differences: list[float] = []
    for mine, other in zip(own, source, strict=True):
        common = np.flatnonzero(np.isfinite(mine) & np.isfinite(other))
        apart = (mine - other)[common]
        differences += (np.diff(apart) / np.diff(common)).tolist()
    count = len(differences)
    return (posterior_scale(np.array(differences)) if count >= FEWEST_CHANGES else None), count


def check_bridges(series: list[Series], data: xr.Dataset) -> None:
    """Refuse bridges that lead nowhere, or between series that grow in different ways."""
    names: set[Hashable] = {s.name for s in series}
    for s in series:
        if s.bridge_from is None:
            continue
        if s.bridge_from not in data.data_vars:
            raise UnknownNameError(
                f"{s.name!r} learns its growth from {s.bridge_from!r}, which is not in the history.",
                nearest(s.bridge_from, map(str, data.data_vars)),
            )
        if s.bridge_from not in names:
            raise HistoryError(
                f"{s.name!r} learns its growth from {s.bridge_from!r}, which is not fitted.",
                "Choose another series, or remove bridge_from.",
            )
        source = next(t for t in series if t.name == s.bridge_from)
        if source.bridge_from is not None:
            raise HistoryError(
                f"{s.name!r} is bridged to {source.name!r}, itself bridged.", "Bridge to a fitted series."
            )
        if isinstance(source.carrier, Linear) != isinstance(s.carrier, Linear):
            raise HistoryError(
                f"{s.name!r} learns its growth from {source.name!r}, but only one of them is a balance.",
                "Bridge between series that grow in the same way.",
            )
        if source.batch != s.batch:
            raise HistoryError(
                f"{s.name!r} and {source.name!r} differ in their dimensions.", "Give both the same batch."
            )
        if s.bridge_sd is not None and not s.bridge_sd > 0:
            raise HistoryError(
                f"{s.name!r} is bridged to {s.bridge_from!r} with bridge_sd={s.bridge_sd:g}.",
                "State the extra standard deviation of yearly growth, above zero.",
            )


def with_spread(own: Series, series: list[Series]) -> Series:
    """Estimate the spread of a bridge for which none is stated."""
    if own.bridge_from is None or own.bridge_sd is not None:
        return own
    source = next(s for s in series if s.name == own.bridge_from)
    spread, changes = overlap_spread(own.levels, source.levels)
    if not spread:
        raise HistoryError(
            f"{own.name!r} is bridged to {own.bridge_from!r} without bridge_sd, and the two share "
            f"{changes} {'change' if changes == 1 else 'changes'} to estimate it from.",
            f"State bridge_sd, or give both figures for {FEWEST_CHANGES + 1} common years.",
        )
    return replace(own, bridge_sd=spread, bridge_changes=changes)
