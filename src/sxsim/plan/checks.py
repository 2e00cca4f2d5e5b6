"""Small checks shared by the nouns of a plan: each raises one `PlanError` naming owner, key and value."""

from __future__ import annotations

import math
import re

from sxsim.errors import PlanError

_IDENTIFIER = re.compile(r"[A-Za-z0-9_:-]+")
FIRST_YEAR, LAST_YEAR = 1000, 2999


def check_id(kind: str, value: str) -> None:
    """Refuse an id that could not be used as a label of a dimension."""
    if not _IDENTIFIER.fullmatch(value):
        raise PlanError(
            f"{kind} {value!r}: id = {value!r} is not a usable name.",
            "Use letters, digits, '_', '-' and ':' only, at least one of them.",
        )


def check_finite(owner: str, key: str, value: float) -> None:
    """Refuse NaN and the infinities."""
    if not math.isfinite(value):
        raise PlanError(
            f"{owner}: {key} = {value!r} is not a finite number.", "Give a number, or leave it out."
        )


def check_growth(owner: str, key: str, value: float) -> None:
    """Refuse a yearly growth that would leave nothing, or less."""
    check_finite(owner, key, value)
    if value <= -1.0:
        raise PlanError(
            f"{owner}: {key} = {value!r} is not above -1.",
            "Growth is a fraction of the previous year: 0.109 means 10.9 percent a year.",
        )


def check_year(owner: str, key: str, value: int) -> None:
    """Refuse what cannot be a calendar year, such as 14 or 20014."""
    if not FIRST_YEAR <= value <= LAST_YEAR:
        raise PlanError(
            f"{owner}: {key} = {value!r} is not a calendar year.",
            f"Write years in full, from {FIRST_YEAR} to {LAST_YEAR}.",
        )


def check_order(owner: str, first: tuple[str, int], last: tuple[str, int]) -> None:
    """Refuse a first year that lies after the last one; each is given as (key, year)."""
    for key, year in (first, last):
        check_year(owner, key, year)
    if first[1] > last[1]:
        raise PlanError(
            f"{owner}: {first[0]} = {first[1]} lies after {last[0]} = {last[1]}.",
            "Give the first year first.",
        )
