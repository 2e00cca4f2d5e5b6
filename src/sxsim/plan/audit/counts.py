"""Parts and wholes, stocks and flows: whether the counts of a plan fit together."""

from __future__ import annotations

from collections.abc import Iterator

from sxsim.plan.audit.finding import Finding, FindingCode, Severity, figure
from sxsim.plan.condition import Condition, Relation
from sxsim.plan.identity import StockFlow
from sxsim.plan.level import Benchmark
from sxsim.plan.plan import Plan
from sxsim.plan.target import Target


def nested_findings(plan: Plan, target: Target) -> Iterator[Finding]:
    """Yield whether a part is no larger than the whole it belongs to."""
    if target.part_of is None:
        return
    whole = plan.target(target.part_of)
    if (multiple := _multiple(target, whole)) is not None:
        yield _share_of_whole(target, whole, multiple)
        return
    part_value, whole_value = target.number, whole.number
    if part_value is None or whole_value is None or target.condition is None or whole.condition is None:
        return
    numbers = {"part": part_value, "whole": whole_value}
    pair = f"{figure(part_value, target.unit)} of the {figure(whole_value, whole.unit)} of {whole.id}"
    severity, code, sentence = Severity.NOTE, FindingCode.NESTED_FEASIBLE, f"It is {pair}, which is possible."
    if target.unit != whole.unit or target.condition.years[-1] != whole.condition.years[-1]:
        severity, code = Severity.WARNING, FindingCode.NESTED_UNCOMPARABLE
        sentence = f"It is {pair}, but the two differ in unit or year and cannot be compared."
    elif part_value > whole_value:
        severity, code = Severity.ERROR, FindingCode.NESTED_INFEASIBLE
        sentence = f"It is {pair}: a part cannot be larger than its whole."
    yield Finding(row=target.id, severity=severity, code=code, sentence=sentence, numbers=numbers)


def _multiple(target: Target, whole: Target) -> float | None:
    """Return how much of its whole a part asks for, where it is held against the whole itself."""
    part, of = target.condition, whole.condition
    if not isinstance(part, Condition) or of is None or part.relation is not Relation.AT_LEAST:
        return None
    level = part.level
    same = isinstance(level, Benchmark) and of.indicators[0] == level.indicator
    return level.times if isinstance(level, Benchmark) and same else None


def _share_of_whole(target: Target, whole: Target, multiple: float) -> Finding:
    possible = multiple <= 1
    said = ", which is possible" if possible else ": a part cannot be larger than its whole"
    return Finding(
        row=target.id,
        severity=Severity.NOTE if possible else Severity.ERROR,
        code=FindingCode.NESTED_FEASIBLE if possible else FindingCode.NESTED_INFEASIBLE,
        sentence=f"It is at least {figure(multiple)} times what {whole.id} is about{said}.",
        numbers={"times": multiple},
    )


def stock_finding(plan: Plan, identity: StockFlow) -> Finding | None:
    """Compare what the flow leaves to be filled with what was there; None without two fixed levels."""
    stock, flow = plan.target(identity.stock), plan.target(identity.flow)
    level, yearly = stock.number, flow.number
    if level is None or yearly is None:
        return None
    years = identity.last_year - identity.first_year + 1
    need = level - years * yearly
    seen = _observed_starts(plan, stock, identity.first_year - 1)
    severity, code = Severity.NOTE, FindingCode.STOCK_REACHED
    if need > 0 and not seen:
        code = FindingCode.STOCK_UNOBSERVED
    elif need > 0 and seen[max(seen)] < need:
        severity, code = Severity.WARNING, FindingCode.STOCK_SHORT
    sentence = (
        f"{figure(yearly)} a year for {years} years ({identity.first_year}-{identity.last_year}) add "
        f"{figure(years * yearly)}, so {figure(level)} in {identity.last_year} takes at least "
        f"{figure(max(need, 0.0))} before {identity.first_year}: {_compare(seen, need)}; "
        "losses only raise the need"
    )
    return Finding(
        row=stock.id,
        severity=severity,
        code=code,
        sentence=f"{sentence} ({identity.note.rstrip('.')})." if identity.note else f"{sentence}.",
        numbers={"flow": yearly, "years": years, "stock": level, "need": need}
        | {f"observed_{year}": value for year, value in seen.items()},
    )


def _observed_starts(plan: Plan, stock: Target, before: int) -> dict[int, float]:
    """Pick the last figure before the flow starts, and the one of the plan's base year."""
    name = stock.condition.indicators[0] if stock.condition else ""
    figures = {
        one.year: one.value for one in plan.observations if one.indicator == name and one.year <= before
    }
    keep = {max(figures, default=before), plan.base_year}
    return {year: figures[year] for year in sorted(keep & set(figures), reverse=True)}


def _compare(seen: dict[int, float], need: float) -> str:
    if need <= 0:
        return "the flow alone is enough"
    if not seen:
        return "no figure from before then is known"
    return ", ".join(
        f"the {figure(value)} of {year} {'are enough' if value >= need else 'would not be enough'}"
        for year, value in seen.items()
    )
