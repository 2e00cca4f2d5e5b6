"""Sectors, places, units in charge, and the clauses that put them in charge."""

from __future__ import annotations

from dataclasses import dataclass

from sxsim.plan.checks import check_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Sector:
    """An industry the plan names.

    Raises
    ------
    PlanError
        If the id is unusable.

    Examples
    --------
    >>> Sector(id="coal", label="Coal and coalbed methane", line=64).line
    64
    """

    id: str
    label: str
    label_zh: str = ""
    line: int | None = None

    def __post_init__(self) -> None:
        check_id("sector", self.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A place the plan names.

    Raises
    ------
    PlanError
        If the id is unusable.

    Examples
    --------
    >>> Place(id="taiyuan", label="Taiyuan").label
    'Taiyuan'
    """

    id: str
    label: str
    label_zh: str = ""

    def __post_init__(self) -> None:
        check_id("place", self.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """An office that can be in charge of something.

    Raises
    ------
    PlanError
        If the id is unusable.

    Examples
    --------
    >>> Unit(id="science", label="Department of Science and Technology").id
    'science'
    """

    id: str
    label: str
    label_zh: str = ""

    def __post_init__(self) -> None:
        check_id("unit", self.id)


@dataclass(frozen=True, kw_only=True, slots=True)
class Clause:
    """One lead-unit clause: the units in charge, and the ids of the rows in that line or paragraph.

    Examples
    --------
    >>> Clause(line=56, section="3.2", units=("science",), rows=("S4", "S5")).rows
    ('S4', 'S5')
    """

    line: int
    section: str = ""
    units: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
