"""Conditions as linear functions of the normals behind each indicator, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.question import Row
from sxsim.processes import GrowthModel, Mixture, PathLaw
from sxsim.processes.transform import box_cox

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Factor:
    """One indicator's part in every condition; cells in order of how far they lie above the first level.

    Attributes
    ----------
    weights, scales, dof
        Of its cells.
    margins
        Its part of the median distance to the level, ``(cell, row)``.
    drift, years, unseen
        Signed loadings of the rows on its drift, on the years to come and on years of its own that are not
        known: ``(cell, row)``, ``(cell, row, year)``, ``(cell, row, gap)``.
    mix
        Its row of the triangular mix of all indicators, for each correlation that may be, ``(correlation,
        indicator)``.
    place, count, widest
        Its place among the indicators, their number, and the longest gap.
    """

    weights: Array
    scales: Array
    dof: Array
    margins: Array
    drift: Array
    years: Array
    unseen: Array
    mix: Array
    place: int
    count: int
    widest: int

    @property
    def rows(self) -> int:
        """Number of conditions."""
        return int(self.margins.shape[1])

    def pick(self, uniform: Array) -> NDArray[np.int64]:
        """Return the cell of each uniform by inversion."""
        return np.searchsorted(np.cumsum(self.weights)[:-1], uniform, side="right")

    def loads(
        self,
        cell: NDArray[np.int64],
        sigma: Array,
        mix: NDArray[np.int64],
        *,
        world: int,
        worlds: int,
        share_drift: bool,
    ) -> Array:
        """Loadings of the rows on all independent normals, ``(point, row, normal)``.

        Two worlds may share the normals of the drift; all others are their own.
        """
        points, rows, horizon = len(cell), self.rows, self.years.shape[2]
        out = np.zeros((points, rows, worlds, self.count, 1 + horizon + self.widest))
        scaled = sigma[:, None]
        home = 0 if share_drift else world
        for k in range(self.place + 1):
            mixed = self.mix[mix, k][:, None] * scaled
            out[:, :, home, k, 0] = mixed * self.drift[cell]
            out[:, :, world, k, 1 : 1 + horizon] = mixed[..., None] * self.years[cell]
        gap = self.unseen.shape[2]
        out[:, :, world, self.place, 1 + horizon : 1 + horizon + gap] = scaled[..., None] * self.unseen[cell]
        return out.reshape(points, rows, -1)


def system_of(
    rows: Sequence[Row], model: GrowthModel, offsets: Mapping[str, Array], number: int
) -> tuple[Factor, ...]:
    """Return every indicator's part in the conditions of one member, the least likely condition first."""
    names = sorted({name for row in rows for name in row.names})
    member = _Member(model, offsets, number, max(row.year for row in rows))
    laws = {name: member.law(name) for name in names}
    order = np.argsort([member.ease(row, laws) for row in rows], kind="stable")
    rows = [rows[i] for i in order]
    places = [model.names.index(name) for name in names]
    mix = model.dependence.select(places).ordered().factors()
    widest = max(member.gap(name) for name in names)
    return tuple(
        member.factor(name, laws[name], rows, mix=mix[:, i], place=i, count=len(names), widest=widest)
        for i, name in enumerate(names)
    )


@dataclass(frozen=True, slots=True)
class _Member:
    """One member of the model's batch, under one policy."""

    model: GrowthModel
    offsets: Mapping[str, Array]
    number: int
    last: int

    def gap(self, name: str) -> int:
        """Years to the model's last year that are not known."""
        return self.model.last_year - int(self.model[name].last_years()[self.number])

    def law(self, name: str) -> Mixture:
        law = self.model[name].law
        assert not isinstance(law, PathLaw)
        return law.mixture(self.gap(name) + self.last - self.model.last_year, self.number)

    def start(self, name: str, year: int) -> float:
        """Last level, with what the policy adds by that year."""
        moved = 0.0
        if name in self.offsets:
            offsets = np.broadcast_to(
                self.offsets[name], (self.model[name].size, self.offsets[name].shape[1])
            )
            moved = offsets[self.number, year - self.model.last_year - 1]
        return float(self.model[name].last_level()[self.number] + moved)

    def margin(self, row: Row, name: str, law: Mixture) -> Array:
        """Part of one indicator in the median distance of one row, ``(cell,)``."""
        location = law.locations[:, self.gap(name) + row.year - self.model.last_year - 1]
        if row.benchmark is None:
            carrier = self.model[name].carrier
            level = float(carrier.forward(np.asarray(row.level, float))) - self.start(name, row.year)
            return row.sign * (location - box_cox(np.full_like(location, level), law.exponents))
        return row.side(name) * (location + self.start(name, row.year))

    def ease(self, row: Row, laws: Mapping[str, Mixture]) -> float:
        """Typical distance of a row above its level, in units of its spread."""
        margin = sum(float(laws[n].weights @ self.margin(row, n, laws[n])) for n in row.names)
        variance = 0.0
        for n in row.names:
            factor = laws[n].factors[:, self.gap(n) + row.year - self.model.last_year - 1]
            variance += float(laws[n].weights @ (laws[n].scales ** 2 * (factor**2).sum(axis=1)))
        return float(margin / np.sqrt(variance))

    def factor(
        self, name: str, law: Mixture, rows: Sequence[Row], *, mix: Array, place: int, count: int, widest: int
    ) -> Factor:
        mine = [row for row in rows if name in row.names]
        key = self.margin(mine[0], name, law) / law.scales
        cells = np.argsort(key, kind="stable")
        gap = self.gap(name)
        margins = np.zeros((len(cells), len(rows)))
        loads = np.zeros((len(cells), len(rows), law.factors.shape[2]))
        for r, row in enumerate(rows):
            if name in row.names:
                margins[:, r] = self.margin(row, name, law)[cells]
                loads[:, r] = row.side(name) * law.factors[cells, gap + row.year - self.model.last_year - 1]
        return Factor(
            weights=law.weights[cells],
            scales=law.scales[cells],
            dof=law.dof[cells],
            margins=margins,
            drift=loads[:, :, 0],
            years=loads[:, :, 1 + gap :],
            unseen=loads[:, :, 1 : 1 + gap],
            mix=mix,
            place=place,
            count=count,
            widest=widest,
        )
