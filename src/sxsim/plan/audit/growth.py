"""Stated growth: whether it leads from the base to the target, and over how many years."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from sxsim.plan.audit.finding import Finding, FindingCode, Severity, figure, percent
from sxsim.plan.condition import Condition, Relation
from sxsim.plan.plan import Plan
from sxsim.plan.target import Target

_ALMOST = 1e-12


class _Promise(NamedTuple):
    """A target that states base, growth and a fixed level."""

    row: str
    unit: str
    base: float
    base_year: int
    growth: float
    half: float
    relation: Relation
    value: float
    year: int

    def end(self, periods: int, shift: float = 0.0) -> float:
        return self.base * (1.0 + self.growth + shift) ** periods

    def implied(self, periods: int) -> float:
        return float((self.value / self.base) ** (1.0 / periods) - 1.0)

    def code(self, periods: int) -> FindingCode:
        best = self.half if self.relation is Relation.AT_LEAST else -self.half
        if self._reached(self.end(periods)):
            return FindingCode.GROWTH_CLOSES
        if self._reached(self.end(periods, best)):
            return FindingCode.GROWTH_CLOSES_WITHIN_ROUNDING
        return FindingCode.GROWTH_FALLS_SHORT

    def _reached(self, value: float) -> bool:
        if self.relation is Relation.AT_LEAST:
            return value >= self.value * (1.0 - _ALMOST)
        return value <= self.value * (1.0 + _ALMOST)


def growth_findings(plan: Plan, target: Target) -> Iterator[Finding]:
    """Yield whether the growth closes, and whether it depends on how the years are counted."""
    promise = _promise(plan, target)
    if promise is not None:
        yield _closing(promise)
        yield from _period_count(plan, promise)


def unit_of(plan: Plan, target: Target) -> str:
    """Name the unit of a target's figures: its own words, or the indicator's units."""
    if target.unit or target.condition is None:
        return target.unit
    return plan.indicator(target.condition.indicators[0]).units


def half_last_digit(rate: float) -> float:
    """Half a unit of the last printed digit of a rate, printed in percent; never finer than it was written.

    Examples
    --------
    >>> half_last_digit(0.109), half_last_digit(0.1)
    (0.0005, 0.005)
    """
    return _half(Decimal(repr(rate)) * 100) / 100


def half_last_digit_of_value(value: float) -> float:
    """Half a unit of the last printed digit of a value.

    Examples
    --------
    >>> half_last_digit_of_value(124.16), half_last_digit_of_value(4383)
    (0.005, 0.5)
    """
    return _half(Decimal(repr(value)))


def _half(printed: Decimal) -> float:
    exponent = printed.normalize().as_tuple().exponent
    return float(Decimal(1).scaleb(min(int(exponent), 0)) / 2)


def _promise(plan: Plan, target: Target) -> _Promise | None:
    condition, base = target.condition, target.base
    if not isinstance(condition, Condition) or base is None or target.stated_growth is None:
        return None
    if target.number is None or base.value <= 0 or target.number <= 0:
        return None
    return _Promise(
        row=target.id, unit=unit_of(plan, target), base=base.value, base_year=base.year,
        growth=target.stated_growth, half=half_last_digit(target.stated_growth),
        relation=condition.relation, value=target.number, year=condition.years[-1],
    )  # fmt: skip


def _closing(promise: _Promise) -> Finding:
    periods = promise.year - promise.base_year
    code, end, implied = promise.code(periods), promise.end(periods), promise.implied(periods)
    low, high = promise.growth - promise.half, promise.growth + promise.half
    verdict = {
        FindingCode.GROWTH_CLOSES: f"which reaches {figure(promise.value, promise.unit)}; "
        f"{percent(implied)} a year would do",
        FindingCode.GROWTH_CLOSES_WITHIN_ROUNDING: f"which misses {figure(promise.value, promise.unit)}; "
        f"{percent(implied)} a year is needed, which is within the rounding of the stated rate "
        f"({percent(low)} to {percent(high)})",
        FindingCode.GROWTH_FALLS_SHORT: f"which misses {figure(promise.value, promise.unit)}; "
        f"{percent(implied)} a year is needed, which is outside the rounding of the stated rate "
        f"({percent(low)} to {percent(high)})",
    }[code]
    return Finding(
        row=promise.row,
        severity=Severity.ERROR if code is FindingCode.GROWTH_FALLS_SHORT else Severity.NOTE,
        code=code,
        sentence=f"{percent(promise.growth)} a year for {periods} years takes "
        f"{figure(promise.base, promise.unit)} in {promise.base_year} to {figure(end, promise.unit)} "
        f"in {promise.year}, {verdict}.",
        numbers={
            "base": promise.base, "periods": periods, "stated_growth": promise.growth, "end": end,
            "value": promise.value, "implied_growth": implied, "lowest_growth": low, "highest_growth": high,
        },
    )  # fmt: skip


def _period_count(plan: Plan, promise: _Promise) -> Iterator[Finding]:
    from_base = promise.year - promise.base_year
    whole = plan.end - plan.start + 1
    if from_base == whole:
        return
    others = {
        "plan": (whole, f"the plan's own {whole} years ({plan.start}-{plan.end})"),
        "steps": (whole - 1, f"the {whole - 1} steps between them"),
    }
    counts = {"base": (from_base, f"{from_base} years from {promise.base_year}"), **others}
    counts = {key: count for key, count in counts.items() if count[0] > 0}
    closes = {key: promise.code(n) is not FindingCode.GROWTH_FALLS_SHORT for key, (n, _) in counts.items()}
    told = "; ".join(
        f"over {words} it ends at {figure(promise.end(n), promise.unit)} "
        f"and {'closes' if closes[key] else 'does not'}"
        for key, (n, words) in counts.items()
    )
    only = closes["base"] and sum(closes.values()) == 1
    yield Finding(
        row=promise.row,
        severity=Severity.NOTE if only else Severity.WARNING,
        code=FindingCode.PERIOD_COUNT,
        sentence=f"How the years of the stated growth are counted matters: {told}.",
        numbers={f"periods_{key}": n for key, (n, _) in counts.items()}
        | {f"end_{key}": promise.end(n) for key, (n, _) in counts.items()},
    )
