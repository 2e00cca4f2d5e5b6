"""The plan: everything a document promises, with the figures observed so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

import xarray as xr

from sxsim.errors import UnknownNameError, nearest
from sxsim.identities import Identity
from sxsim.plan.changes import Lever
from sxsim.plan.consistency import check_plan
from sxsim.plan.identity import StockFlow
from sxsim.plan.indicator import Indicator, Observation
from sxsim.plan.measure import Aim, Mechanism
from sxsim.plan.scenario import TREND, Scenario
from sxsim.plan.target import Target
from sxsim.plan.unit import Clause, Place, Sector, Unit

Row = Target | Aim | Lever | Mechanism | Sector | Place | Unit
_Named = TypeVar("_Named", Target, Indicator, Scenario)


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Plan:
    """A plan with numeric targets, as a noun: it holds, it does not compute.

    Parameters
    ----------
    id, title, title_zh, publisher, published, source
        What the document is, who issued it and when, and where it was read.
    start, end
        First and last year of the plan.
    base_year
        The year most of its base values belong to.
    fit_until
        Last year of history a model may learn from, if the plan is to be judged as it could be known then.
    indicators, observations, history
        What is measured, the figures with their sources, and the same figures as one variable per indicator
        over `year`.
    targets, aims, levers, mechanisms, sectors, places, units, clauses
        The rows of the document.
    scenarios
        Fully resolved.
    identities
        Indicators that are computed from others instead of being fitted.
    stock_flows
        Accounts between targets, for the audit.
    digest
        Fingerprint of the files the plan was read from; empty for a plan put together by hand.

    Raises
    ------
    PlanError
        If ids are used twice, a reference leads nowhere, or a value lies outside its indicator's bounds.

    Examples
    --------
    >>> Plan(id="demo", title="Demo", start=2014, end=2020, base_year=2012, fit_until=2012)
    Plan('demo', 2014-2020: 0 targets, 0 indicators, 0 levers, 1 scenario; fitted until 2012)
    """

    id: str
    title: str
    title_zh: str = ""
    publisher: str = ""
    published: str = ""
    start: int
    end: int
    base_year: int
    fit_until: int
    source: str = ""
    indicators: tuple[Indicator, ...] = ()
    targets: tuple[Target, ...] = ()
    aims: tuple[Aim, ...] = ()
    levers: tuple[Lever, ...] = ()
    mechanisms: tuple[Mechanism, ...] = ()
    sectors: tuple[Sector, ...] = ()
    places: tuple[Place, ...] = ()
    units: tuple[Unit, ...] = ()
    clauses: tuple[Clause, ...] = ()
    scenarios: tuple[Scenario, ...] = (TREND,)
    identities: tuple[Identity, ...] = ()
    stock_flows: tuple[StockFlow, ...] = ()
    observations: tuple[Observation, ...] = ()
    history: xr.Dataset = field(default_factory=xr.Dataset, compare=False, repr=False)
    digest: str = ""

    def __post_init__(self) -> None:
        check_plan(self)

    def target(self, name: str) -> Target:
        """Look up a target by its id.

        Raises
        ------
        UnknownNameError
            If the plan has no such target.
        """
        return _named("target", name, self.targets)

    def indicator(self, name: str) -> Indicator:
        """Look up an indicator by its id.

        Raises
        ------
        UnknownNameError
            If the plan has no such indicator.
        """
        return _named("indicator", name, self.indicators)

    def scenario(self, name: str) -> Scenario:
        """Look up a scenario by its id.

        Raises
        ------
        UnknownNameError
            If the plan has no such scenario.
        """
        return _named("scenario", name, self.scenarios)

    def rows(self) -> dict[str, Row]:
        """All rows by id: targets, aims, levers, mechanisms, sectors, places and units, in that order."""
        groups: tuple[tuple[Row, ...], ...] = (
            self.targets, self.aims, self.levers, self.mechanisms, self.sectors, self.places, self.units,
        )  # fmt: skip
        return {row.id: row for group in groups for row in group}

    def leads(self, unit: str) -> tuple[str, ...]:
        """Ids of the rows a unit is in charge of, by the row's own words or by a lead-unit clause.

        Raises
        ------
        UnknownNameError
            If the plan has no such unit.
        """
        known = [one.id for one in self.units]
        if unit not in known:
            raise UnknownNameError(f"Plan {self.id!r} has no unit {unit!r}.", nearest(unit, known))
        by_clause = {row for clause in self.clauses if unit in clause.units for row in clause.rows}
        rows = self.rows().items()
        return tuple(
            name for name, row in rows if name in by_clause or unit in getattr(row, "lead_units", ())
        )

    def __repr__(self) -> str:
        parts = ", ".join(
            f"{len(group)} {noun}{'' if len(group) == 1 else 's'}"
            for noun, group in (
                ("target", self.targets), ("indicator", self.indicators),
                ("lever", self.levers), ("scenario", self.scenarios),
            )
        )  # fmt: skip
        return f"Plan({self.id!r}, {self.start}-{self.end}: {parts}; fitted until {self.fit_until})"


def _named(noun: str, name: str, group: Iterable[_Named]) -> _Named:
    by_id = {one.id: one for one in group}
    if name not in by_id:
        raise UnknownNameError(f"The plan has no {noun} {name!r}.", nearest(name, by_id))
    return by_id[name]
