"""A target put to a model: the half-spaces that decide it, or the piece that is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.errors import RequestError
from sxsim.identities import needed
from sxsim.labels import YEAR
from sxsim.links import Carrier, deciding
from sxsim.plan import Benchmark, Condition, Number, Relation, Target
from sxsim.processes import GrowthModel, PathLaw
from sxsim.processes.model import Law

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One year of one condition: ``sign * (indicator - level) >= 0``."""

    indicator: str
    year: int
    sign: float
    level: float | None
    benchmark: str | None

    @property
    def names(self) -> tuple[str, ...]:
        """Series the row compares."""
        return (self.indicator, self.benchmark) if self.benchmark else (self.indicator,)

    def side(self, name: str) -> float:
        """Return the sign with which one of them enters the margin."""
        return self.sign if name == self.indicator else -self.sign


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A target that can be decided.

    Attributes
    ----------
    target
        What is asked.
    rows
        Years still to come.
    kept
        Whether every year already observed was kept, ``(member,)``.
    indicators
        Fitted indicators the answer depends on.
    derived
        Names it speaks of that are computed from others.
    """

    target: Target
    rows: tuple[Row, ...]
    kept: NDArray[np.bool_]
    indicators: frozenset[str] = frozenset()
    derived: frozenset[str] = frozenset()


def ask(target: Target, model: GrowthModel) -> Question | str:
    """Return the question, or the reason why it cannot be answered."""
    condition = target.condition
    if condition is None or target.not_assessable:
        return stated_reason(target)
    for name in condition_names(target):
        if name not in model and name not in model.derived:
            return _missing(name, model)
    level = condition.level.value if isinstance(condition.level, Number) else None
    if condition.indicator in model:
        carrier = model[condition.indicator].carrier
        level = _deciding_level(condition, carrier)
        if level is not None and not carrier.lower < level < carrier.upper:
            return (
                f"its level {level:g} lies outside the range "
                f"({carrier.lower:g}, {carrier.upper:g}) of {condition.indicator!r}"
            )
    future = [year for year in condition.years if year > model.last_year]
    past = [year for year in condition.years if year <= model.last_year]
    kept = np.ones(model.members(condition.indicator), bool)
    for year in past:
        values, levels = _observed(condition, model, year)
        if not (np.isfinite(values) & np.isfinite(levels)).all():
            return f"{condition.indicator!r} or its level was not observed in {year}"
        kept &= holds(condition.relation, values, levels)
    _check_batch(target, model)
    names = condition_names(target) if future else ()
    return Question(
        target=target,
        rows=tuple(_row(condition, year, level) for year in future),
        kept=kept,
        indicators=frozenset(needed(model.identities, names)).difference(model.derived),
        derived=frozenset(names).intersection(model.derived),
    )


def merged(questions: Sequence[Question]) -> Question:
    """Return the question whether all hold, under the name of the first."""
    rows = tuple(dict.fromkeys(row for question in questions for row in question.rows))
    kept = np.logical_and.reduce([question.kept for question in questions])
    return Question(
        target=questions[0].target,
        rows=rows,
        kept=kept,
        indicators=frozenset[str]().union(*(question.indicators for question in questions)),
        derived=frozenset[str]().union(*(question.derived for question in questions)),
    )


def stated_reason(target: Target) -> str:
    """Return why the plan itself leaves a target open."""
    return target.not_assessable or "the plan states no condition that can be tested"


def joined(questions: Sequence[Question]) -> list[Question]:
    """Return the questions that enter the joint: all but proxies, or all where there are only proxies."""
    return [q for q in questions if q.target.proxy_for is None] or list(questions)


def asked_names(questions: Sequence[Question]) -> tuple[str, ...]:
    """Names whose paths decide some questions, fitted and derived."""
    return tuple(sorted({name for one in questions for name in one.indicators | one.derived}))


def known_members(
    questions: Sequence[Question], joined: Sequence[int], model: GrowthModel
) -> NDArray[np.bool_]:
    """Whether every series a question needs has a figure, then the joined ones, ``(member, question)``."""
    known = []
    for question in questions:
        levels = [model[name].last_level() for name in question.indicators]
        known.append(np.isfinite(np.sum([np.zeros(question.kept.size), *levels], axis=0)))
    return np.stack([*known, np.logical_and.reduce([known[q] for q in joined])], axis=1)


def offset_of(offsets: Mapping[str, Array], row: Row, model: GrowthModel) -> Array | float:
    """What a policy adds to the level in the year of a row, ``(member,)``."""
    step = row.year - model.last_year - 1
    return offsets[row.indicator][:, step] if row.indicator in offsets else 0.0


def closed(row: Row, model: GrowthModel) -> bool:
    """Whether the law of that year decides the row, and has a closed form."""
    if row.benchmark is not None or row.indicator not in model:
        return False
    law = model[row.indicator].law
    if model.concerned([row.indicator]):
        return False
    return not isinstance(law, PathLaw) or law.closed_form


def deciding_laws(question: Question, model: GrowthModel) -> list[Law | PathLaw]:
    """Laws of all indicators an answer depends on, those behind the ones asked for included."""
    told, names = model.conditions, set(question.indicators)
    if not told:
        return [model[name].law for name in sorted(names)]
    return [told.base[name].law for name in sorted(names.union(told.deciding(sorted(names))))]


def clears(row: Row, value: Array, bar: Array, carriers: tuple[Carrier, Carrier]) -> NDArray[np.bool_]:
    """Whether levels stand on the right side of a bar, each on its own link.

    Equal links are compared as they are, two different ones in published units.
    """
    one, other = carriers
    if one != other:
        value, bar = one.inverse(value), other.inverse(bar)
    return np.asarray(value >= bar if row.sign > 0 else value <= bar)


def check_sizes(questions: Sequence[Question], model: GrowthModel) -> None:
    """Refuse targets on different batches in one call."""
    batches = {tuple(model.batch(q.target.condition.indicator)) for q in questions if q.target.condition}
    if len(batches) > 1:
        dims = "; ".join(", ".join(batch) or "no batch" for batch in sorted(batches))
        raise RequestError(
            f"The targets lie on different dimensions ({dims}).", "Ask them in separate calls."
        )


def holds(relation: Relation, values: Array, levels: Array | float) -> NDArray[np.bool_]:
    """Whether values are on the right side; the level itself counts as reached."""
    return np.asarray(values >= levels if relation is Relation.AT_LEAST else values <= levels)


def condition_names(target: Target) -> tuple[str, ...]:
    """Names of the series a target speaks of."""
    condition = target.condition
    if condition is None:
        return ()
    level = condition.level
    return (condition.indicator, level.indicator) if isinstance(level, Benchmark) else (condition.indicator,)


def _missing(name: str, model: GrowthModel) -> str:
    if name in model.absent:
        return f"the series {name!r} cannot be used: {model.absent[name]}"
    return f"there is no series {name!r}"


def _sign(condition: Condition) -> float:
    return 1.0 if condition.relation is Relation.AT_LEAST else -1.0


def _deciding_level(condition: Condition, carrier: Carrier) -> float | None:
    """Return the fixed level a condition is decided at, if it has one; counts go in whole steps."""
    if not isinstance(condition.level, Number):
        return None
    return float(deciding(carrier, np.asarray(condition.level.value, float), _sign(condition)))


def _row(condition: Condition, year: int, level: float | None) -> Row:
    benchmark = condition.level.indicator if isinstance(condition.level, Benchmark) else None
    return Row(
        indicator=condition.indicator, year=year, sign=_sign(condition), level=level, benchmark=benchmark
    )


def _observed(condition: Condition, model: GrowthModel, year: int) -> tuple[Array, Array]:
    def figures(name: str) -> Array:
        size = model.members(name)
        if name not in model.history or year not in model.history[YEAR]:
            return np.full(size, np.nan)
        return np.asarray(model.history[name].sel({YEAR: year}).to_numpy(), float).reshape(size)

    level = condition.level
    values = figures(condition.indicator)
    return values, figures(level.indicator) if isinstance(level, Benchmark) else np.full_like(
        values, level.value
    )


def _check_batch(target: Target, model: GrowthModel) -> None:
    names = condition_names(target)
    if len(names) > 1 and len({tuple(model.batch(name)) for name in names}) > 1:
        raise RequestError(
            f"{' and '.join(map(repr, names))} differ in their dimensions.", "Give both the same batch."
        )
