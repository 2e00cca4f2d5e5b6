"""What readers of a plan may choose for it: at which precision it is judged, and what its words mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import overload

from sxsim.errors import RequestError, UnknownNameError, nearest
from sxsim.plan.condition import Combined, Condition, Promise, Relation, Total, single
from sxsim.plan.level import Between, Number, OwnPast, Worded
from sxsim.plan.measure import Aim
from sxsim.plan.plan import Plan
from sxsim.plan.target import Target

_Single = Condition | Total


@overload
def at_precision(subject: Target, step: float) -> Target: ...
@overload
def at_precision(subject: Sequence[Target], step: float) -> tuple[Target, ...]: ...
@overload
def at_precision(subject: Plan, step: float | None = None) -> Plan: ...
def at_precision(
    subject: Target | Sequence[Target] | Plan, step: float | None = None
) -> Target | tuple[Target, ...] | Plan:
    """Judge targets as their figures would be published: rounded to a step, half of it up.

    A figure of 2.496 reaches 2.5 at the step 0.01, because it would be published as 2.50; a figure of 2.494
    does not. Only what is held against numbers changes; levels that move are compared exactly. What was
    chosen is written into ``assumption``, and so stands wherever the probabilities do.

    Parameters
    ----------
    subject
        A target, several, or a plan.
    step
        Step of the published figures, in the indicator's units. For a plan it may be left out: then each
        indicator's own observed figures up to ``fit_until`` tell it, by the most decimals any of them has.

    Returns
    -------
    Target, tuple of Target, or Plan
        What was given, so judged. In a plan, and among several, targets that are held against no number
        stay as they are.

    Raises
    ------
    RequestError
        If the step is not above zero, is missing, or a single target is held against no number.

    Examples
    --------
    >>> import sxsim as sx
    >>> plan = sx.load_plan("shanxi-2014")
    >>> sx.at_precision(plan.target("H1"), 0.01).condition.precision
    0.01
    >>> sx.at_precision(plan).target("H2").condition.precision
    1.0
    """
    if step is not None and not step > 0:
        raise RequestError(f"step = {step!r} is not above zero.", "Give the step of published figures: 0.01.")
    if isinstance(subject, Plan):
        steps = _published_steps(subject)
        chosen = (lambda name: steps.get(name)) if step is None else (lambda name: step)
        return replace(subject, targets=tuple(_at_precision(one, chosen) for one in subject.targets))
    if step is None:
        raise RequestError(
            "step is missing.", "Give the step of published figures, or a whole plan, whose figures tell it."
        )
    if not isinstance(subject, Target):
        return tuple(_at_precision(one, lambda name: step) for one in subject)
    found = _at_precision(subject, lambda name: step)
    if found is subject:
        raise RequestError(
            f"Target {subject.id!r} is held against no number.",
            "Only fixed levels are judged at a precision.",
        )
    return found


@overload
def with_threshold(subject: Target, threshold: float, *, word: str | None = None) -> Target: ...
@overload
def with_threshold(subject: Plan, threshold: float, *, word: str | None = None) -> Plan: ...
def with_threshold(subject: Target | Plan, threshold: float, *, word: str | None = None) -> Target | Plan:
    """Say which number a word of the plan means ("basically replaced"), so that it can be judged.

    The choice is written into ``assumption``. When the last of a target's words has its number, the reason
    the plan gives for not assessing it falls; what is still missing is then said anew.

    Parameters
    ----------
    subject
        A target that has words where others have a level, or a plan: then every target that says the word.
    threshold
        The number, in the indicator's units.
    word
        Which word is meant; it may be left out where there is only one.

    Returns
    -------
    Target or Plan
        With the number in place.

    Raises
    ------
    RequestError
        If there are no words, or several and none is named.
    UnknownNameError
        If there are other words.

    Examples
    --------
    >>> import sxsim as sx
    >>> gas = sx.with_threshold(sx.load_plan("shanxi-2014").target("S14"), 80.0, word="基本替代")
    >>> gas.condition.parts[0].level.threshold
    80.0
    """
    targets = subject.targets if isinstance(subject, Plan) else (subject,)
    chosen = _chosen_word(subject, list(dict.fromkeys(said for one in targets for said in _words(one))), word)
    found = tuple(
        _with_threshold(one, chosen, threshold) if chosen in _words(one) else one for one in targets
    )
    return replace(subject, targets=found) if isinstance(subject, Plan) else found[0]


def direction_of(aim: Aim, *, since: int, year: int, relation: Relation = Relation.AT_LEAST) -> Target:
    """Read an aim that names a direction and no number as a target: no lower in one year than in another.

    Parameters
    ----------
    aim
        An aim of a plan, with an indicator.
    since, year
        The year it is held against, and the year that counts.
    relation
        ``AT_LEAST`` for what is to rise, ``AT_MOST`` for what is to fall.

    Returns
    -------
    Target
        Under the id of the aim, with what was chosen in ``assumption``.

    Raises
    ------
    RequestError
        If the aim names no indicator.
    PlanError
        If ``since`` is not before ``year``.

    Examples
    --------
    >>> import sxsim as sx
    >>> spending = next(one for one in sx.load_plan("shanxi-2014").aims if one.id == "A9")
    >>> direction_of(spending, since=2012, year=2020).condition.indicator
    'fiscal_st_expenditure'
    """
    if aim.indicator is None:
        raise RequestError(
            f"Aim {aim.id!r} names no indicator.", "Choose an aim with one, or make a Target of your own."
        )
    side = "above" if relation is Relation.AT_LEAST else "below"
    return Target(
        id=aim.id,
        label=aim.label,
        label_zh=aim.label_zh,
        text=aim.text,
        line=aim.line,
        lead_units=aim.lead_units,
        condition=Condition(
            indicator=aim.indicator, relation=relation, level=OwnPast(since=since), years=(year,)
        ),
        assumption=f"ASSUMPTION: a direction, read as {side} {since} in {year}",
    )


def _chosen_word(subject: Target | Plan, known: Sequence[str], word: str | None) -> str:
    owner = f"{type(subject).__name__} {subject.id!r}"
    if not known:
        raise RequestError(f"{owner} has no words for a level.", "It is judged as it stands.")
    if word is None and len(known) > 1:
        listed = ", ".join(map(repr, known))
        raise RequestError(f"{owner} has several words: {listed}.", "Say which with word=.")
    chosen = known[0] if word is None else word
    if chosen not in known:
        raise UnknownNameError(f"{owner} does not say {chosen!r}.", nearest(chosen, known))
    return chosen


def _with_threshold(target: Target, word: str, threshold: float) -> Target:
    def filled(one: _Single) -> _Single:
        if not (isinstance(one, Condition) and isinstance(one.level, Worded) and one.level.word == word):
            return one
        return replace(one, level=replace(one.level, threshold=threshold))

    found = _marked(target, filled, f"{word!r} is read as", f"{threshold:g}")
    open_still = any(isinstance(one.level, Worded) and one.level.threshold is None for one in _singles(found))
    return found if open_still else replace(found, not_assessable="")


def _words(target: Target) -> list[str]:
    levels = [one.level for one in _singles(target)]
    return list(dict.fromkeys(level.word for level in levels if isinstance(level, Worded)))


def _singles(target: Target) -> Sequence[_Single]:
    return tuple(single(target.condition)) if target.condition else ()


def _at_precision(target: Target, step_of: Callable[[str], float | None]) -> Target:
    """Return a target judged at steps by indicator; the same one where none applies."""
    steps = dict.fromkeys(
        step
        for one in _singles(target)
        if isinstance(one.level, Number | Between | Worded) and (step := step_of(one.indicator)) is not None
    )
    if not steps:
        return target

    def stepped(one: _Single) -> _Single:
        step = step_of(one.indicator)
        if step is None or not isinstance(one.level, Number | Between | Worded):
            return one
        return replace(one, precision=step)

    listed = " and ".join(f"{step:g}" for step in steps)
    return _marked(target, stepped, "compared as published, in steps of", listed)


def _marked(target: Target, change: Callable[[_Single], _Single], what: str, chosen: str) -> Target:
    """Change the conditions of a target, and say so where its assumptions stand, the last choice alone."""
    assert target.condition is not None
    mark = f"ASSUMPTION: {what} "
    told = target.assumption.rstrip(".。").split("; ")
    others = [said for said in told if said and not said.startswith(mark)]
    return replace(
        target,
        condition=_changed(target.condition, change),
        assumption="; ".join([*others, mark + chosen]),
    )


def _changed(promise: Promise, change: Callable[[_Single], _Single]) -> Promise:
    if isinstance(promise, Combined):
        return replace(promise, parts=tuple(_changed(part, change) for part in promise.parts))
    return change(promise)


def _published_steps(plan: Plan) -> Mapping[str, float]:
    """Return the step each indicator is published in: the last decimal that any figure so far has."""
    places: dict[str, int] = {}
    for one in plan.observations:
        if one.year <= plan.fit_until:
            exponent = Decimal(repr(one.value)).normalize().as_tuple().exponent
            places[one.indicator] = min(int(exponent), 0, places.get(one.indicator, 0))
    return {name: float(Decimal(1).scaleb(exponent)) for name, exponent in places.items()}
