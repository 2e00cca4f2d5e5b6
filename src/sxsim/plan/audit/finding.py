"""What an audit finds, and how figures are written for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Severity(Enum):
    """How much a finding matters: worth knowing, worth a second look, or contradictory."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


class FindingCode(Enum):
    """What a finding is about; the value says it in words."""

    GROWTH_CLOSES = "the stated growth reaches the target"
    GROWTH_CLOSES_WITHIN_ROUNDING = "the stated growth reaches the target only within its own rounding"
    GROWTH_FALLS_SHORT = "the stated growth does not reach the target"
    PERIOD_COUNT = "the plan's own years are not the years the growth needs"
    BASE_AGREES = "the base value is the observed one"
    BASE_DIFFERS = "the base value is not the observed one"
    BASE_UNOBSERVED = "the base value cannot be compared"
    NESTED_FEASIBLE = "the part fits into its whole"
    NESTED_INFEASIBLE = "the part is larger than its whole"
    NESTED_UNCOMPARABLE = "part and whole cannot be compared"
    STOCK_REACHED = "the yearly flow can bring the stock to its target"
    STOCK_SHORT = "the yearly flow cannot bring the stock to its target"
    STOCK_UNOBSERVED = "the stock at the start is not known"
    TOTAL_REACHED = "what the plan starts from adds up to the total"
    TOTAL_SHORT = "what the plan starts from does not add up to the total"
    CONTRADICTION = "what has to hold together excludes each other"
    INCOMPLETE = "the plan leaves something out"
    ASSUMED = "something had to be assumed"
    EFFECT_UNSTATED = "nobody has said what the levers do"
    COUNTED_TWICE = "levers come on top of growth that may count on them"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One fact about a plan's own arithmetic.

    Parameters
    ----------
    row
        Id of the row it is about.
    severity, code
        How much it matters, and what it is about.
    sentence
        The fact in one plain sentence, numbers included.
    numbers
        The same numbers unrounded, by name; levels in the row's unit, growth as yearly fractions.

    Examples
    --------
    >>> print(Finding(row="H1", severity=Severity.NOTE, code=FindingCode.ASSUMED, sentence="Assumed: 2020."))
    NOTE H1: Assumed: 2020.
    """

    row: str
    severity: Severity
    code: FindingCode
    sentence: str
    numbers: Mapping[str, float] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return f"{self.severity.name} {self.row}: {self.sentence}"


def figure(value: float, unit: str = "") -> str:
    """Write a number for people: about four digits that matter, thousands separated.

    Examples
    --------
    >>> figure(10027.8), figure(241.948), figure(2.4937, "%"), figure(25, "100 million yuan")
    ('10,028', '241.95', '2.494%', '25 x 100 million yuan')
    """
    size = abs(value)
    digits = 0 if size >= 1000 else 2 if size >= 100 else 3
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if unit.startswith("%"):
        return f"{text}{unit}"
    return f"{text} x {unit}" if unit[:1].isdigit() else f"{text} {unit}".rstrip()


def percent(fraction: float) -> str:
    """Write a yearly growth in percent, to a thousandth.

    Examples
    --------
    >>> percent(0.109), percent(0.109341)
    ('10.9%', '10.934%')
    """
    return f"{figure(100 * fraction)}%"
