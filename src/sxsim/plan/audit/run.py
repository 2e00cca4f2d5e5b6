"""The audit itself: every question put to every row, in the order of the plan."""

from __future__ import annotations

from sxsim.plan.audit.counts import nested_findings, stock_finding
from sxsim.plan.audit.finding import Finding
from sxsim.plan.audit.growth import growth_findings
from sxsim.plan.audit.promises import contradiction_findings, total_findings
from sxsim.plan.audit.rows import base_findings, gap_findings
from sxsim.plan.audit.scenarios import effect_findings, twice_findings
from sxsim.plan.plan import Plan

_QUESTIONS = (
    growth_findings,
    total_findings,
    contradiction_findings,
    nested_findings,
    base_findings,
    gap_findings,
)


def audit(plan: Plan) -> list[Finding]:
    """Check whether a plan's own arithmetic closes; no model and no randomness is involved.

    Asked of every target: does the stated growth lead from the base to the level, exactly or only within
    the rounding of the stated rate; over how many years; does the base add up to a total over years; do
    conditions that have to hold together leave any value; does the base agree with the observed figure; does
    a part fit into its whole; what is left out or assumed. Asked of every stock and flow: what must have
    been there at the start. Asked of the levers: has anybody said what they do. Asked of every scenario: do
    levers come on top of the plan's own growth.

    Parameters
    ----------
    plan
        The plan, with whatever history it has.

    Returns
    -------
    list of Finding
        Target by target in the plan's order, then stocks and flows, levers, scenarios. An empty list means
        nothing to say.

    Examples
    --------
    >>> from sxsim.plan import Base, Condition, Indicator, Kind, Number, Relation, Target
    >>> goal = Condition(indicator="rd", relation=Relation.AT_LEAST, level=Number(value=2.5), years=(2020,))
    >>> plan = Plan(
    ...     id="demo", title="Demo", start=2014, end=2020, base_year=2012, fit_until=2012,
    ...     indicators=(Indicator(id="rd", label="R&D intensity", kind=Kind.SHARE, units="% of GDP"),),
    ...     targets=(Target(id="H1", label="R&D intensity", condition=goal, unit="%",
    ...                     base=Base(value=1.09, year=2012), stated_growth=0.109),),
    ... )
    >>> audit(plan)[0].code.name
    'GROWTH_CLOSES_WITHIN_ROUNDING'
    """
    findings = [found for target in plan.targets for ask in _QUESTIONS for found in ask(plan, target)]
    stocks = (stock_finding(plan, identity) for identity in plan.stock_flows)
    findings += [found for found in stocks if found is not None]
    findings += effect_findings(plan)
    return findings + [found for scenario in plan.scenarios for found in twice_findings(scenario)]
