"""What only the whole plan can know: ids used twice, references that lead nowhere, values outside bounds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from sxsim.errors import PlanError, nearest
from sxsim.identities import in_order
from sxsim.plan.changes import LinkedStrengths, Pull, TargetRevision, median
from sxsim.plan.checks import check_id, check_order, check_year
from sxsim.plan.condition import Condition, Total, single
from sxsim.plan.indicator import Indicator, Kind, bounds
from sxsim.plan.level import Benchmark, Between, Number, OwnPast, Worded, fixed
from sxsim.plan.scenario import Scenario, first_years
from sxsim.plan.target import Target

if TYPE_CHECKING:
    from sxsim.plan.plan import Plan


class _Reference(NamedTuple):
    """A name that stands in one row and has to be defined by another."""

    owner: str
    key: str
    name: str


def check_plan(plan: Plan) -> None:
    """Raise one `PlanError` for the first contradiction found; its text begins with table and row."""
    check_id("plan", plan.id)
    _check_years(plan)
    _check_ids(plan)
    _check_references(plan)
    _check_identities(plan)
    for target in plan.targets:
        _check_part_chain(plan, target)
        _check_bounds(plan, target)
    for scenario in plan.scenarios:
        _check_scenario(plan, scenario)
    _check_stock_flows(plan)


def _check_years(plan: Plan) -> None:
    owner = f"plan {plan.id}"
    check_order(owner, ("start", plan.start), ("end", plan.end))
    check_year(owner, "base_year", plan.base_year)
    check_year(owner, "fit_until", plan.fit_until)


def _check_ids(plan: Plan) -> None:
    rows = [
        (kind, row.id)
        for kind, group in (
            ("target", plan.targets), ("aim", plan.aims), ("lever", plan.levers),
            ("mechanism", plan.mechanisms), ("sector", plan.sectors), ("place", plan.places),
            ("unit", plan.units),
        )
        for row in group
    ]  # fmt: skip
    _check_unique(rows)
    _check_unique([("indicator", one.id) for one in plan.indicators])
    _check_unique([("scenario", one.id) for one in plan.scenarios])


def _check_unique(rows: Iterable[tuple[str, str]]) -> None:
    seen: dict[str, str] = {}
    for kind, name in rows:
        if name in seen:
            raise PlanError(
                f"{kind} {name}: id = {name!r} is already used by an earlier {seen[name]}.",
                "Give every row its own id.",
            )
        seen[name] = kind


def _check_references(plan: Plan) -> None:
    rows = plan.rows()
    targets = [one.id for one in plan.targets]
    for noun, known, references in (
        ("indicator", [one.id for one in plan.indicators], _to_indicators(plan)),
        ("target", targets, _to_targets(plan)),
        ("unit", [one.id for one in plan.units], _to_units(plan)),
        ("lever", [one.id for one in plan.levers], _to_levers(plan)),
        ("row", list(rows), _to_rows(plan)),
    ):
        for owner, key, name in references:
            if name not in known:
                remedy = nearest(name, known) if known else f"The plan defines no {noun}."
                raise PlanError(f"{owner}: {key} = {name!r} is not the id of any {noun}.", remedy)


def _companions(indicator: Indicator) -> Iterator[_Reference]:
    """Indicators whose figures say how those of another are to be read."""
    if indicator.reading is None:
        return
    owner = f"indicator {indicator.id}"
    if indicator.reading.restated is not None:
        yield _Reference(owner, "restated", indicator.reading.restated)
    for noise in indicator.reading.noise:
        if noise.variable is not None:
            yield _Reference(owner, "noise_variable", noise.variable)


def _to_indicators(plan: Plan) -> Iterator[_Reference]:
    for indicator in plan.indicators:
        if indicator.bridge:
            yield _Reference(f"indicator {indicator.id}", "bridge_from", indicator.bridge.source)
        yield from _companions(indicator)
    for target in plan.targets:
        for one in single(target.condition) if target.condition else ():
            yield _Reference(f"target {target.id}", "indicator", one.indicator)
            if isinstance(one.level, Benchmark):
                yield _Reference(f"target {target.id}", "benchmark", one.level.indicator)
    for aim in plan.aims:
        if aim.indicator:
            yield _Reference(f"aim {aim.id}", "indicator", aim.indicator)
    for lever in plan.levers:
        for effect in lever.effects:
            yield _Reference(f"lever {lever.id}", "effect", effect.indicator)
    for scenario in plan.scenarios:
        for change in scenario.changes:
            owner, reads = f"scenario {scenario.id}", getattr(change, "reads", ())
            for name in (*change.indicators, *reads):
                yield _Reference(owner, change.key[0], name)
    for identity in plan.identities:
        owner = f"identity {identity.indicator}"
        yield _Reference(owner, "indicator", identity.indicator)
        for name in identity.parts:
            yield _Reference(owner, "a name in expression", name)


def _check_identities(plan: Plan) -> None:
    """Refuse a quantity with two writers, and identities that need each other within a year."""
    derived = {one.indicator: one for one in in_order(plan.identities)}
    for name, identity in derived.items():
        if plan.indicator(name).bridge:
            raise PlanError(
                f"indicator {name}: it has bridge_from, and the identity {str(identity)!r} defines it.",
                "A quantity is fitted or derived: leave one of the two out.",
            )
    for scenario in plan.scenarios:
        for change in scenario.changes:
            for name in sorted(derived.keys() & set(change.indicators)):
                raise PlanError(
                    f"scenario {scenario.id}: it changes {name!r}, which the identity {str(derived[name])!r} "
                    "defines.",
                    "Change what it is computed from.",
                )


def _to_targets(plan: Plan) -> Iterator[_Reference]:
    for target in plan.targets:
        if target.part_of:
            yield _Reference(f"target {target.id}", "part_of", target.part_of)
        if target.proxy_for:
            yield _Reference(f"target {target.id}", "proxy_for", target.proxy_for)
    for lever in plan.levers:
        for name in lever.targets:
            yield _Reference(f"lever {lever.id}", "targets", name)
    for scenario in plan.scenarios:
        for change in scenario.changes:
            if isinstance(change, TargetRevision):
                yield _Reference(f"scenario {scenario.id}", change.key[0], change.target)
    for identity in plan.stock_flows:
        yield _Reference(f"stock_flow {identity.stock}", "stock", identity.stock)
        yield _Reference(f"stock_flow {identity.stock}", "flow", identity.flow)


def _to_units(plan: Plan) -> Iterator[_Reference]:
    for kind, group in (("target", plan.targets), ("aim", plan.aims), ("lever", plan.levers)):
        for row in group:
            for name in row.lead_units:
                yield _Reference(f"{kind} {row.id}", "lead_units", name)
    for clause in plan.clauses:
        for name in clause.units:
            yield _Reference(f"clause {clause.line}", "units", name)


def _to_levers(plan: Plan) -> Iterator[_Reference]:
    for scenario in plan.scenarios:
        for change in scenario.changes:
            if isinstance(change, Pull):
                yield _Reference(f"scenario {scenario.id}", change.key[0], change.lever.id)
            elif isinstance(change, LinkedStrengths):
                for name in change.levers:
                    yield _Reference(f"scenario {scenario.id}", change.key[0], name)


def _to_rows(plan: Plan) -> Iterator[_Reference]:
    for clause in plan.clauses:
        for name in clause.rows:
            yield _Reference(f"clause {clause.line}", "rows", name)


def _check_part_chain(plan: Plan, target: Target) -> None:
    by_id = {one.id: one for one in plan.targets}
    chain, whole = [target.id], target.part_of
    while whole:
        chain.append(whole)
        if whole == target.id:
            raise PlanError(
                f"target {target.id}: part_of = {target.part_of!r} leads back to the target itself "
                f"({' -> '.join(chain)}).",
                "A part cannot contain its whole.",
            )
        if whole in chain[:-1]:
            return
        whole = by_id[whole].part_of


def _check_bounds(plan: Plan, target: Target) -> None:
    if target.condition is None:
        return
    if target.base:
        _check_inside(plan, target, target.condition.indicators[0], ("base_value", target.base.value))
    for one in single(target.condition):
        if isinstance(one, Total):
            _check_adds_up(plan, target, one)
            continue
        match fixed(one.level):
            case Number(value=value):
                key = "threshold" if isinstance(one.level, Worded) else "value"
                _check_inside(plan, target, one.indicator, (key, value))
            case Between(lower=lower, upper=upper):
                _check_inside(plan, target, one.indicator, ("lower", lower))
                _check_inside(plan, target, one.indicator, ("upper", upper))
        _check_own_past(plan, target, one)


def _check_inside(plan: Plan, target: Target, name: str, given: tuple[str, float]) -> None:
    low, high = bounds(plan.indicator(name))
    key, value = given
    if not low <= value <= high:
        raise PlanError(
            f"target {target.id}: {key} = {value!r} lies outside the bounds of {name!r}, "
            f"{low:g} to {high:g}.",
            "Use the indicator's units; shares run to 100 when units start with '%', else to 1.",
        )


def _check_adds_up(plan: Plan, target: Target, one: Total) -> None:
    """Refuse to add up over the years what is no yearly quantity."""
    kind = plan.indicator(one.indicator).kind
    if kind in (Kind.SHARE, Kind.RATIO, Kind.STOCK):
        raise PlanError(
            f"target {target.id}: a total over {one.years[0]}-{one.years[-1]} is asked of {one.indicator!r}, "
            f"a {kind.value}.",
            "Only what is counted anew every year adds up: a flow, an amount, a count or a balance.",
        )


def _check_own_past(plan: Plan, target: Target, one: Condition) -> None:
    """Refuse growth where there may be nothing, or less, to grow from."""
    if not (isinstance(one.level, OwnPast) and one.level.growth):
        return
    if plan.indicator(one.indicator).kind is Kind.BALANCE:
        raise PlanError(
            f"target {target.id}: growth = {one.level.growth!r} is asked of {one.indicator!r}, a balance.",
            "What may be negative has no growth rate: give a value.",
        )


def _check_stock_flows(plan: Plan) -> None:
    for identity in plan.stock_flows:
        condition = plan.target(identity.stock).condition
        if condition and condition.years[-1] != identity.last_year:
            raise PlanError(
                f"stock_flow {identity.stock}: last_year = {identity.last_year} is not the target year "
                f"{condition.years[-1]} of {identity.stock!r}.",
                "The flow has to run up to the year the stock is promised for.",
            )


def _check_scenario(plan: Plan, scenario: Scenario) -> None:
    for change in scenario.changes:
        owner = f"scenario {scenario.id}: {' '.join(change.key)}"
        for key, first in first_years(change):
            if first > plan.end:
                raise PlanError(
                    f"{owner}: {key} = {first} lies after the plan's last year, {plan.end}.",
                    "It would do nothing: begin earlier, or leave it out.",
                )
        if isinstance(change, TargetRevision):
            _check_revision(plan, owner, change)


def _check_revision(plan: Plan, owner: str, change: TargetRevision) -> None:
    condition = plan.target(change.target).condition
    if condition is None or plan.target(change.target).number is None:
        raise PlanError(
            f"{owner}: the target has no fixed level that could be revised.",
            "Revise a target with a value, or leave it out.",
        )
    low, high = bounds(plan.indicator(condition.indicators[0]))
    if not low <= median(change.value) <= high:
        raise PlanError(
            f"{owner}: value = {change.value!r} lies outside the bounds of {condition.indicators[0]!r}, "
            f"{low:g} to {high:g}.",
            "Use the indicator's units.",
        )
