"""A variable of the history as the fit sees it, and all of them together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim.fitting.reading import Measured
from sxsim.links import Carrier

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """One variable at the door: figures ``(member, year)`` and the same on the link scale."""

    name: str
    carrier: Carrier
    values: Array
    levels: Array
    batch: tuple[str, ...]
    bridge_from: str | None
    bridge_sd: float | None
    notes: tuple[str, ...]
    measured: Measured | None = None
    bridge_changes: int = 0
    judged: Array | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """All variables that can be fitted, and the reason for each that cannot."""

    years: NDArray[np.int64]
    series: tuple[Series, ...]
    absent: Mapping[str, str]
    data: xr.Dataset
