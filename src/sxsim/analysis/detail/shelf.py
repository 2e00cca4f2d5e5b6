"""Tables of details, filled target by target and labelled at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from sxsim import labels
from sxsim.analysis.detail.chances import Chances
from sxsim.plan import Target

Array = NDArray[np.float64]
Variables = dict[str, tuple[tuple[str, ...], Array]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Probabilities and errors, ``(scenario, target, [place,] member)``, NaN where nothing is put."""

    probability: Array
    error: Array
    batch: Mapping[str, xr.DataArray]

    def put(self, row: int, found: Chances, places: Sequence[int] = ()) -> None:
        """Write what was found of one target."""
        for table, values in ((self.probability, found.probability), (self.error, found.error)):
            if places:
                table[:, row, list(places)] = values
            else:
                table[:, row] = values[:, 0]

    def variables(self, name: str, dims: tuple[str, ...]) -> Variables:
        """Return both with their dimensions; further ones stand between target and batch."""
        shape = tuple(c.size for c in self.batch.values())
        full = (*labels.ODDS_DIMS, *dims, *self.batch)
        return {
            name: (full, self.probability.reshape(*self.probability.shape[:-1], *shape)),
            f"{name}_standard_error": (full, self.error.reshape(*self.error.shape[:-1], *shape)),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """What all tables have in common: scenarios, the rows of the odds, and the batch."""

    scenarios: int
    rows: tuple[str, ...]
    batch: Mapping[str, xr.DataArray]

    @property
    def members(self) -> int:
        """Members of the batch."""
        return int(np.prod([c.size for c in self.batch.values()], dtype=int))

    def row(self, target: Target) -> int:
        """Place of a target."""
        return self.rows.index(target.id)

    def blank(self, places: Sequence[object] | None = None) -> Table:
        """Return an empty table, with one more dimension for some places."""
        more = () if places is None else (len(places),)
        shape = (self.scenarios, len(self.rows), *more, self.members)
        return Table(probability=np.full(shape, np.nan), error=np.full(shape, np.nan), batch=self.batch)
