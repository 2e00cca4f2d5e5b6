"""Answers to inverse questions as labelled variables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.studies.goals.found import Found

Array = NDArray[np.float64]
Variables = dict[str, tuple[tuple[str, ...], object]]

_NAMES = {
    "lower": "lower",
    "upper": "upper",
    "standard_error": "error",
    "achieved": "achieved",
    "achieved_error": "achieved_error",
    "status": "status",
}
JOINT = "joint_"


def found_table(rows: Sequence[Sequence[Found]], batch: Mapping[str, xr.DataArray], name: str) -> Variables:
    """Variables ``(target, probability, *batch)`` of answers, by target and probability."""
    dims = (labels.TARGET, labels.PROBABILITY, *batch)
    shape = [c.size for c in batch.values()]

    def column(field: str) -> tuple[tuple[str, ...], object]:
        table = np.array([[getattr(one, field) for one in row] for row in rows])
        return dims, table.reshape(*table.shape[:2], *shape)

    out: Variables = {name: column("at")} | {key: column(field) for key, field in _NAMES.items()}
    out["route"] = (dims[:2], [[one.route for one in row] for row in rows])
    return out


def joint_table(row: Sequence[Found], batch: Mapping[str, xr.DataArray], name: str, reason: str) -> Variables:
    """Return the same of all targets together, without the dimension ``target``."""
    return together({**found_table([row], batch, name), "reason": ((labels.TARGET,), [reason])})


def together(table: Variables) -> Variables:
    """Return a table of one row, all targets together, without the dimension ``target``."""
    return {f"{JOINT}{key}": (dims[1:], np.asarray(values)[0]) for key, (dims, values) in table.items()}


def reshaped(values: Array, batch: Mapping[str, xr.DataArray]) -> Array:
    """Turn ``(target, member, more)`` into ``(target, more, *batch)``."""
    moved = np.moveaxis(values, 1, -1)
    return np.asarray(moved.reshape(*moved.shape[:-1], *[c.size for c in batch.values()]))
