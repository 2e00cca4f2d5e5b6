"""Conditions as linear functions of the normals behind each indicator, cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.event import Row, link_shift
from sxsim.processes import GrowthModel, Mixture, PathLaw
from sxsim.processes.transform import box_cox

Array = NDArray[np.float64]
Whole = NDArray[np.int64]


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
    touched
        The rows it takes part in.
    """

    weights: Array
    scales: Array
    dof: Array
    margins: Array
    drift: Array
    years: Array
    unseen: Array
    touched: tuple[int, ...]

    @property
    def mixed(self) -> bool:
        """Whether it has several cells."""
        return len(self.weights) > 1

    @property
    def uncertain(self) -> bool:
        """Whether its sigma is not known."""
        return bool(np.isfinite(self.dof).any())

    def pick(self, uniform: Array) -> Whole:
        """Return the cell of each uniform by inversion."""
        return np.searchsorted(np.cumsum(self.weights)[:-1], uniform, side="right")

    def shared(self, row: int) -> Array:
        """Loadings of one row on what other indicators share, drift and years, ``(cell, 1 + year)``."""
        return np.column_stack([self.drift[:, row], self.years[:, row]])


@dataclass(frozen=True, kw_only=True, slots=True)
class System:
    """The conditions of one member, ``mean + loads @ normals >= 0`` in every cell.

    Attributes
    ----------
    factors
        One part per indicator.
    correlations
        Of the drifts and of the shocks of one year, all as likely, ``(correlation, indicator, indicator)``.
    rows
        Number of conditions.
    """

    factors: tuple[Factor, ...]
    correlations: Array
    rows: int

    @property
    def doubtful(self) -> bool:
        """Whether the correlation matters and is not known."""
        return len(self.factors) > 1 and len(self.correlations) > 1

    @property
    def mixed(self) -> bool:
        """Whether any indicator has several cells."""
        return any(factor.mixed for factor in self.factors)


def system_of(rows: Sequence[Row], model: GrowthModel, offsets: Mapping[str, Array], number: int) -> System:
    """Return the conditions of one member, the least likely first."""
    names = sorted({name for row in rows for name in row.names})
    member = _Member(model, offsets, number, max(row.year for row in rows))
    laws = {name: member.law(name) for name in names}
    order = np.argsort([member.ease(row, laws) for row in rows], kind="stable")
    listed = [rows[i] for i in order]
    places = [model.names.index(name) for name in names]
    return System(
        factors=tuple(member.factor(name, laws[name], listed) for name in names),
        correlations=model.dependence.select(places).ordered().draws,
        rows=len(rows),
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

    def step(self, name: str, year: int) -> int:
        """Place of a year among all that the law of an indicator speaks of."""
        return self.gap(name) + year - self.model.last_year - 1

    def margin(self, row: Row, name: str, law: Mixture) -> Array:
        """Part of one indicator in the median distance of one row, ``(cell,)``."""
        if row.benchmark is None:
            location, carrier = law.locations[:, self.step(name, row.year)], self.model[name].carrier
            level = float(carrier.forward(np.asarray(row.level_of(self.number))))
            change = level - self.start(name, row.year)
            return row.sign * (location - box_cox(np.full_like(location, change), law.exponents))
        parts = [
            side * (law.locations[:, self.step(name, year)] + self.start(name, year))
            for own, year, side in row.terms
            if own == name
        ]
        return np.asarray(sum(parts) - self.shift(row, name))

    def shift(self, row: Row, name: str) -> float:
        """What a multiple of a moving level adds to it; it counts with the indicator itself."""
        if name != row.indicator or row.benchmark is None:
            return 0.0
        found = link_shift(self.model[name].carrier, self.model[row.benchmark].carrier, row.times)
        assert found is not None
        return row.sign * found

    def loads(self, row: Row, name: str, law: Mixture) -> Array:
        """Signed loadings of one row on the normals of an indicator, ``(cell, 1 + year)``."""
        return np.asarray(
            sum(side * law.factors[:, self.step(name, year)] for own, year, side in row.terms if own == name)
        )

    def ease(self, row: Row, laws: Mapping[str, Mixture]) -> float:
        """Typical distance of a row above its level, in units of its spread."""
        margin = sum(float(laws[n].weights @ self.margin(row, n, laws[n])) for n in row.names)
        variance = 0.0
        for n in row.names:
            squares = (self.loads(row, n, laws[n]) ** 2).sum(axis=1)
            variance += float(laws[n].weights @ (laws[n].scales ** 2 * squares))
        return float(margin / np.sqrt(variance))

    def factor(self, name: str, law: Mixture, rows: Sequence[Row]) -> Factor:
        gap = self.gap(name)
        margins = np.zeros((len(law.weights), len(rows)))
        loads = np.zeros((len(law.weights), len(rows), law.factors.shape[2]))
        touched = tuple(r for r, row in enumerate(rows) if name in row.names)
        for r in touched:
            margins[:, r] = self.margin(rows[r], name, law)
            loads[:, r] = self.loads(rows[r], name, law)
        first = touched[0]
        reach = margins[:, first] / (law.scales * np.linalg.norm(loads[:, first], axis=1))
        cells = np.argsort(reach, kind="stable")
        loads = loads[cells]
        return Factor(
            weights=law.weights[cells],
            scales=law.scales[cells],
            dof=law.dof[cells],
            margins=margins[cells],
            drift=loads[:, :, 0],
            years=loads[:, :, 1 + gap :],
            unseen=loads[:, :, 1 : 1 + gap],
            touched=touched,
        )
