"""What a target asks for, read from a result: which series, against what, in which years."""

from __future__ import annotations

from dataclasses import dataclass

import xarray as xr

from sxsim.labels import TARGET
from sxsim.plan import Relation


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The question behind one probability.

    Attributes
    ----------
    indicator
        The series that is judged; empty where the result does not say.
    benchmark
        The series it is held against; empty where the level is a number.
    relation
        On which side it has to lie; None where the result does not say.
    first_year, year
        First and last year in which it has to.
    """

    indicator: str
    benchmark: str
    relation: Relation | None
    first_year: int
    year: int


NOT_SAID = Asked(indicator="", benchmark="", relation=None, first_year=0, year=0)


def asked(tree: xr.DataTree, target: str) -> Asked:
    """Return what a target asks for; nothing where it states no condition."""
    odds = tree["attainment"].to_dataset().sel({TARGET: target})
    if not odds["indicator"].item():
        return NOT_SAID
    return Asked(
        indicator=str(odds["indicator"].item()),
        benchmark=str(odds["benchmark"].item()),
        relation=Relation(str(odds["relation"].item())),
        first_year=int(odds["first_year"]),
        year=int(odds["last_year"]),
    )
