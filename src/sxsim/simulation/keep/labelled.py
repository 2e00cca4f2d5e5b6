"""Arrays of a run as labelled variables."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.processes import GrowthModel


def labelled(
    model: GrowthModel, name: str, array: NDArray[np.float64], dims: tuple[str, ...], order: tuple[str, ...]
) -> xr.DataArray:
    """Turn ``(scenario, member, *dims)`` into a variable of one indicator with its batch dimensions.

    The result is a view whose dimensions stand in the ``order`` given, the batch last.
    """
    batch = model.batch(name)
    shape = (array.shape[0], *[c.size for c in batch.values()], *array.shape[2:])
    variable = xr.DataArray(
        array.reshape(shape), dims=(labels.SCENARIO, *batch, *dims), coords=batch, attrs=words_of(model, name)
    )
    return variable.transpose(*order, *batch)


def words_of(model: GrowthModel, name: str) -> dict[Hashable, Any]:
    """Return what the history says of an indicator: its units, long name and so on."""
    return model.history[name].attrs if name in model.history else {}
