"""Levers nobody has given an effect, and scenarios that may count one thing twice."""

from __future__ import annotations

from collections.abc import Iterator

from sxsim.plan.audit.finding import Finding, FindingCode, Severity
from sxsim.plan.changes import PlannedGrowth, Pull
from sxsim.plan.plan import Plan
from sxsim.plan.scenario import Scenario


def effect_findings(plan: Plan) -> Iterator[Finding]:
    """Yield which levers cannot be pulled, because nobody has said what they do."""
    silent = [lever.id for lever in plan.levers if not lever.effects]
    if silent:
        yield Finding(
            row=plan.id,
            severity=Severity.NOTE,
            code=FindingCode.EFFECT_UNSTATED,
            sentence=f"It is not stated what {len(silent)} of {len(plan.levers)} levers do, so no scenario "
            f"can pull them: {', '.join(silent)}.",
            numbers={"levers": len(plan.levers), "without_effect": len(silent)},
        )


def twice_findings(scenario: Scenario) -> Iterator[Finding]:
    """Yield indicators that follow the plan's own growth and are moved by levers as well."""
    planned = [change.indicator for change in scenario.changes if isinstance(change, PlannedGrowth)]
    for name in planned:
        levers = [
            change.lever.id
            for change in scenario.changes
            if isinstance(change, Pull) and name in change.indicators
        ]
        if levers:
            yield Finding(
                row=scenario.id,
                severity=Severity.WARNING,
                code=FindingCode.COUNTED_TWICE,
                sentence=f"{name} follows the plan's own growth and is moved by {', '.join(levers)} as well; "
                "the plan's growth may count on them already.",
            )
