"""Single rows: whether the base is the observed figure, and what is left out."""

from __future__ import annotations

from collections.abc import Iterator

from sxsim.plan.audit.finding import Finding, FindingCode, Severity, figure
from sxsim.plan.audit.growth import half_last_digit_of_value, unit_of
from sxsim.plan.condition import Combined, Condition, single
from sxsim.plan.level import OwnPast, Worded
from sxsim.plan.plan import Plan
from sxsim.plan.target import Target


def base_findings(plan: Plan, target: Target) -> Iterator[Finding]:
    """Yield whether the stated base is the figure observed in that year."""
    base, condition = target.base, target.condition
    if base is None or condition is None:
        return
    name = condition.indicators[0]
    unit = unit_of(plan, target)
    stated = f"The stated base of {figure(base.value, unit)} in {base.year}"
    observed = {one.year: one.value for one in plan.observations if one.indicator == name}
    if base.year not in observed:
        yield Finding(
            row=target.id,
            severity=Severity.NOTE,
            code=FindingCode.BASE_UNOBSERVED,
            sentence=f"{stated} cannot be compared: the history has no figure for that year.",
            numbers={"base": base.value},
        )
        return
    value = observed[base.year]
    tolerance = max(half_last_digit_of_value(base.value), half_last_digit_of_value(value)) * (1 + 1e-9)
    agrees = abs(value - base.value) <= tolerance
    yield Finding(
        row=target.id,
        severity=Severity.NOTE if agrees else Severity.WARNING,
        code=FindingCode.BASE_AGREES if agrees else FindingCode.BASE_DIFFERS,
        sentence=f"{stated} {'agrees with' if agrees else 'differs from'} "
        f"the observed {figure(value, unit)}.",
        numbers={"base": base.value, "observed": value},
    )


def gap_findings(plan: Plan, target: Target) -> Iterator[Finding]:
    """Yield what a row leaves out, and what had to be assumed for it."""
    missing = _missing(plan, target)
    if missing:
        yield Finding(
            row=target.id,
            severity=Severity.NOTE,
            code=FindingCode.INCOMPLETE,
            sentence=f"The plan gives {_listed(missing)}.",
        )
    if target.assumption:
        yield Finding(
            row=target.id,
            severity=Severity.NOTE,
            code=FindingCode.ASSUMED,
            sentence=f"It rests on an assumption: {target.assumption.rstrip('.。')}.",
        )


def _missing(plan: Plan, target: Target) -> list[str]:
    """List what a row leaves out; what is combined has base and definition in its parts."""
    promise, missing = target.condition, []
    if promise is None:
        missing.append("no level and year that can be tested")
    for one in single(promise) if promise else ():
        if isinstance(one.level, Worded) and one.level.threshold is None:
            missing.append(f"no number for {one.level.word!r}")
    if isinstance(promise, Combined):
        return missing
    past = isinstance(promise, Condition) and isinstance(promise.level, OwnPast)
    if target.base is None and not past:
        missing.append("no base value")
    if not _definition(plan, target):
        missing.append("no definition")
    return missing


def _definition(plan: Plan, target: Target) -> str:
    if target.definition or target.condition is None:
        return target.definition
    return plan.indicator(target.condition.indicators[0]).definition


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
