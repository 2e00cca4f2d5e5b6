"""Totals held against what the plan starts from, and conditions that cannot hold together."""

from __future__ import annotations

from collections.abc import Iterator

from sxsim.plan.audit.finding import Finding, FindingCode, Severity, figure, percent
from sxsim.plan.audit.growth import unit_of
from sxsim.plan.condition import Combined, Condition, Promise, Total, When
from sxsim.plan.judge import sides
from sxsim.plan.level import fixed
from sxsim.plan.plan import Plan
from sxsim.plan.target import Target

_Place = tuple[str, tuple[int, ...], bool]


def total_findings(plan: Plan, target: Target) -> Iterator[Finding]:
    """Yield whether the base, kept up or grown as stated, adds up to a total over years."""
    total, base = target.condition, target.base
    if not isinstance(total, Total) or base is None:
        return
    unit, growth = unit_of(plan, target), target.stated_growth or 0.0
    years = total.years
    sums = sum(base.value * (1.0 + growth) ** (year - base.year) for year in years)
    reached = all(sign * (sums - level) >= 0 for sign, level in sides(total.relation, total.level))
    span, course = (
        f"{len(years)} years ({years[0]}-{years[-1]})",
        f"growing by {percent(growth)} a year" if growth else "kept up",
    )
    yield Finding(
        row=target.id,
        severity=Severity.NOTE,
        code=FindingCode.TOTAL_REACHED if reached else FindingCode.TOTAL_SHORT,
        sentence=f"{_asked(total, unit)} in all is asked for over {span}; "
        f"{figure(base.value, unit)} of {base.year}, {course}, add up to {figure(sums, unit)}, "
        f"which {'meets' if reached else 'does not meet'} it.",
        numbers={"base": base.value, "years": len(years), "growth": growth, "sum": sums},
    )


def _asked(total: Total, unit: str) -> str:
    """Write what a sum is held against."""
    words = {1.0: "at least", -1.0: "at most"}
    ends = sides(total.relation, total.level)
    said = " and ".join(f"{words[sign]} {figure(level, unit)}" for sign, level in ends)
    return said[0].upper() + said[1:]


def contradiction_findings(plan: Plan, target: Target) -> Iterator[Finding]:
    """Yield where parts that all have to hold leave no value for an indicator in a year."""
    if not isinstance(target.condition, Combined):
        return
    lowest: dict[_Place, float] = {}
    highest: dict[_Place, float] = {}
    for one in _needed(target.condition):
        level = fixed(one.level)
        if level is None or (isinstance(one, Condition) and one.when is When.ANY_YEAR and len(one.years) > 1):
            continue
        for place in _places(one):
            for sign, value in sides(one.relation, level):
                if sign > 0:
                    lowest[place] = max(value, lowest.get(place, value))
                else:
                    highest[place] = min(value, highest.get(place, value))
    for place in sorted(lowest.keys() & highest.keys()):
        if lowest[place] > highest[place]:
            yield _contradiction(plan, target, place, lowest[place], highest[place])
            return


def _needed(promise: Promise) -> Iterator[Condition | Total]:
    """Yield what cannot be left out: parts of which all have to hold."""
    if not isinstance(promise, Combined):
        yield promise
    elif promise.least == len(promise.parts):
        for part in promise.parts:
            yield from _needed(part)


def _places(one: Condition | Total) -> list[_Place]:
    """Return what is compared: an indicator in each of its years, or its sum over all of them."""
    if isinstance(one, Total):
        return [(one.indicator, one.years, True)]
    return [(one.indicator, (year,), False) for year in one.years]


def _contradiction(plan: Plan, target: Target, place: _Place, low: float, high: float) -> Finding:
    name, years, added = place
    when = f"over {years[0]}-{years[-1]} in all" if added else f"in {years[0]}"
    least, most = (figure(value, plan.indicator(name).units) for value in (low, high))
    return Finding(
        row=target.id,
        severity=Severity.ERROR,
        code=FindingCode.CONTRADICTION,
        sentence=f"It takes at least {least} and at most {most} of {name} {when}: both cannot hold.",
        numbers={"lower": low, "upper": high},
    )
