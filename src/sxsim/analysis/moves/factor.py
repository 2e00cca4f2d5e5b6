"""Factors: what a probability depends on, and how each is moved to either side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

import numpy as np

from sxsim.analysis.moves.case import Case, slope_of_link, smooth_inverse
from sxsim.analysis.moves.scaled import scaled
from sxsim.errors import RequestError
from sxsim.links import Count, Linear
from sxsim.plan import (
    Benchmark,
    Change,
    Condition,
    CorrelationChange,
    Effect,
    EffectUnit,
    Lever,
    Number,
    Pull,
    Target,
    Total,
    VolatilityChange,
)

_PART = 0.25  # of the spread in the last year: how far a level is moved
_LOG = 0.2  # of a shock's size or a lever's strength, as a logarithm
_SHARE = 0.05  # of the way to other correlations
_ROOM = 0.5  # of the distance to a bound that may be used

_OWNER = "sensitivity"


class FactorKind(Enum):
    """What is moved; the value says what a derivative is taken of."""

    DRIFT = "yearly growth"
    VOLATILITY = "size of the yearly shocks"
    LAST_VALUE = "last figure"
    LEVEL = "level that is asked for"
    LEVER = "strength of a lever"
    TOGETHER = "correlation, towards moving as one"
    APART = "correlation, towards independence"


_UNITS = {
    FactorKind.DRIFT: "percentage point of yearly growth",
    FactorKind.VOLATILITY: "unit of the logarithm of sigma",
    FactorKind.LAST_VALUE: "unit of the logarithm of the last figure",
    FactorKind.LEVEL: "unit of the logarithm of the level",
    FactorKind.LEVER: "unit of the logarithm of the strength",
    FactorKind.TOGETHER: "whole way to moving as one",
    FactorKind.APART: "whole way to independence",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Factor:
    """One thing that can be moved.

    Attributes
    ----------
    kind, owner
        What, and of which indicator, target or lever; empty for the correlation.
    names
        Indicators whose correlation is meant.
    """

    kind: FactorKind
    owner: str = ""
    names: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called in results."""
        return f"{self.kind.value}: {self.owner}" if self.owner else self.kind.value

    @property
    def one_sided(self) -> bool:
        """Whether the two sides are different things, so that only one is moved to."""
        return self.kind in (FactorKind.TOGETHER, FactorKind.APART)

    def unit(self, case: Case) -> str:
        """Say what the derivative is taken by."""
        if self.kind is FactorKind.DRIFT and isinstance(case.model[self.owner].carrier, Linear):
            return "unit of yearly change"
        return _UNITS[self.kind]

    def targets(self, case: Case) -> tuple[Target, ...]:
        """Return the targets that it may decide."""
        match self.kind:
            case FactorKind.LEVEL:
                return tuple(target for target in case.targets if target.id == self.owner)
            case FactorKind.DRIFT | FactorKind.VOLATILITY | FactorKind.LAST_VALUE:
                return case.reading(self.owner)
            case FactorKind.TOGETHER | FactorKind.APART:
                return case.comparing()
        return case.targets

    def step(self, case: Case) -> float:
        """Return how far it is moved, in units of the derivative's denominator.

        Raises
        ------
        RequestError
            It cannot be moved.
        """
        step = self._step(case)
        if not step > 0:
            raise RequestError(f"{self.owner}: nothing there is uncertain, a probability jumps.")
        return step

    def _step(self, case: Case) -> float:
        match self.kind:
            case FactorKind.DRIFT:
                return _drift_step(case, self.owner)
            case FactorKind.LEVEL:
                return _level_step(case, next(one for one in case.targets if one.id == self.owner))
            case FactorKind.LAST_VALUE:
                _refuse_given(case)
                return _value_step(case, self.owner)
            case FactorKind.VOLATILITY | FactorKind.LEVER:
                return _LOG
        return _SHARE

    def moved(self, case: Case, amount: float) -> Case:
        """Return the case with the factor moved by an amount.

        Raises
        ------
        SxsimError
            The scenario, the model or the target does not allow it.
        """
        return _MOVES[self.kind](case, self, amount)


def factors_of(case: Case) -> tuple[Factor, ...]:
    """Return everything that may be moved in a case, in order of kind and name."""
    names = case.indicators
    owners = {
        FactorKind.DRIFT: names,
        FactorKind.VOLATILITY: names,
        FactorKind.LAST_VALUE: names,
        FactorKind.LEVEL: tuple(target.id for target in case.targets),
        FactorKind.LEVER: tuple(lever.id for lever in case.levers),
    }
    alone = (Factor(kind=kind, owner=name) for kind, some in owners.items() for name in some)
    together = tuple(name for name in names if case.model.together(names[0], name))
    kinds = (FactorKind.TOGETHER, FactorKind.APART) if len(together) > 1 else ()
    return (*alone, *(Factor(kind=kind, names=together) for kind in kinds))


def _drift_step(case: Case, name: str) -> float:
    _refuse_whole(case, name)
    grown = case.model[name]
    a_year = _PART * case.spread(name) / max(case.last_year(name) - case.model.last_year, 1)
    if isinstance(grown.carrier, Linear):
        return a_year * grown.carrier.scale
    middle = case.middle(name)
    relative = slope_of_link(grown, middle) / float(smooth_inverse(grown, np.array(middle)))
    return 100.0 * a_year * abs(relative)


def _value_step(case: Case, name: str) -> float:
    _refuse_whole(case, name)
    grown = case.model[name]
    level = float(np.nanmedian(grown.last_level()))
    value = float(smooth_inverse(grown, np.array(level)))
    return _relative(case, name, value, level)


def _level_step(case: Case, target: Target) -> float:
    """Part of a level by which it is moved; of counts whole steps to both sides, also after halving."""
    condition = _one_level(target)
    name, level = condition.indicator, condition.level
    _refuse_whole(case, name)
    grown = case.model[name]
    if not (isinstance(condition, Condition) and isinstance(level, Number)):
        return _relative(case, name, *_around(case, name))
    value = level.value
    step = _relative(case, name, value, float(grown.carrier.forward(np.array(value))))
    if isinstance(grown.carrier, Count):
        return max(round(0.5 * step * abs(value)), 1) * 2.0 / abs(value)
    return step


def _around(case: Case, name: str) -> tuple[float, float]:
    """Where an indicator will be in its last year, in published units and on the link scale."""
    middle = case.middle(name)
    return float(smooth_inverse(case.model[name], np.array(middle))), middle


def _one_level(target: Target) -> Condition | Total:
    """Return a condition with one level that can be moved.

    Raises
    ------
    RequestError
        It has none.
    """
    condition = target.condition
    if isinstance(condition, Condition | Total) and isinstance(condition.level, Number | Benchmark):
        return condition
    raise RequestError(f"{target.id} does not hold one indicator against one level that could be moved.")


def _relative(case: Case, name: str, value: float, level: float) -> float:
    """Part of a value by which it is moved: not nearer to a bound than half way."""
    if value == 0.0:
        raise RequestError(f"{name}: nothing can be a part of zero.")
    carrier = case.model[name].carrier
    step = _PART * case.spread(name) * slope_of_link(case.model[name], level)
    room = _ROOM * min(value - carrier.lower, carrier.upper - value)
    return min(step, room) / abs(value)


def _refuse_whole(case: Case, name: str) -> None:
    """Refuse what moves in whole steps."""
    if name in case.model and case.model[name].counts:
        raise RequestError(f"{name}: its levels are whole numbers, a little more of them is not defined.")


def _refuse_given(case: Case) -> None:
    if case.model.conditions:
        raise RequestError("Figures were given to the model for years to come: the last one is not free.")


def _drift(case: Case, factor: Factor, amount: float) -> Case:
    name, unit = factor.owner, EffectUnit.GROWTH
    if isinstance(case.model[name].carrier, Linear):
        unit = EffectUnit.UNITS_A_YEAR
    effect = Effect(indicator=name, size=amount, unit=unit, origin=_OWNER)
    lever = Lever(id=_OWNER, label=_OWNER, effects=(effect,))
    return _with(case, Pull(lever=lever, start=case.model.last_year + 1))


def _volatility(case: Case, factor: Factor, amount: float) -> Case:
    start = case.model.last_year + 1
    return _with(case, VolatilityChange(names=(factor.owner,), factor=float(np.exp(amount)), start=start))


def _together(case: Case, factor: Factor, amount: float) -> Case:
    return _with(case, CorrelationChange(names=factor.names, share=amount))


def _apart(case: Case, factor: Factor, amount: float) -> Case:
    return _together(case, factor, -amount)


def _with(case: Case, change: Change) -> Case:
    scenario = replace(case.scenario, changes=(*case.scenario.changes, change))
    return replace(case, scenario=scenario)


def _last_value(case: Case, factor: Factor, amount: float) -> Case:
    indicators = tuple(
        replace(grown, last_value=_grown_by(np.asarray(grown.last_value, float), amount))
        if grown.name == factor.owner
        else grown
        for grown in case.model.indicators
    )
    return replace(case, model=replace(case.model, indicators=indicators, correlation=None))


def _grown_by(values: np.ndarray, part: float) -> np.ndarray:
    return np.asarray(values + part * np.abs(values))


def _level(case: Case, factor: Factor, amount: float) -> Case:
    def moved(target: Target) -> Target:
        condition = _one_level(target)
        if isinstance(condition, Condition) and isinstance(condition.level, Benchmark):
            times = condition.level.times * (1.0 + amount)
            return replace(target, condition=replace(condition, level=replace(condition.level, times=times)))
        assert isinstance(condition.level, Number)
        value = condition.level.value
        exact = Number(value=float(f"{value + amount * abs(value):.12g}"))
        return replace(target, condition=replace(condition, level=exact))

    return case.with_targets([moved(one) if one.id == factor.owner else one for one in case.targets])


def _lever(case: Case, factor: Factor, amount: float) -> Case:
    def moved(change: Change) -> Change:
        if not isinstance(change, Pull) or change.lever.id != factor.owner:
            return change
        effects = tuple(
            replace(effect, size=scaled(effect.size, float(np.exp(amount))))
            for effect in change.lever.effects
        )
        return replace(change, lever=replace(change.lever, effects=effects))

    changes = tuple(moved(change) for change in case.scenario.changes)
    return replace(case, scenario=replace(case.scenario, changes=changes))


_MOVES: dict[FactorKind, Callable[[Case, Factor, float], Case]] = {
    FactorKind.DRIFT: _drift,
    FactorKind.VOLATILITY: _volatility,
    FactorKind.LAST_VALUE: _last_value,
    FactorKind.LEVEL: _level,
    FactorKind.LEVER: _lever,
    FactorKind.TOGETHER: _together,
    FactorKind.APART: _apart,
}
