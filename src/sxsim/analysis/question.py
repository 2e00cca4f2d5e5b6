"""A target put to a model: the half-spaces that decide it, or the piece that is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sxsim.analysis.event import Event, Leaf, Row, Settled, Several, held_by, leaves, several
from sxsim.analysis.promise import event_of
from sxsim.errors import RequestError
from sxsim.identities import needed
from sxsim.plan import Target
from sxsim.processes import GrowthModel, PathLaw
from sxsim.processes.model import Law

Array = NDArray[np.float64]
Masks = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A target that can be decided.

    Attributes
    ----------
    target
        What is asked.
    rows
        What paths have to clear in years to come, each once.
    kept
        Whether the years already observed leave it possible, ``(member,)``; without rows, whether it holds.
    indicators
        Fitted indicators the answer depends on.
    derived
        Names it speaks of that are computed from others.
    event
        How the rows decide it; None where all have to be cleared.
    """

    target: Target
    rows: tuple[Leaf, ...]
    kept: Masks
    indicators: frozenset[str] = frozenset()
    derived: frozenset[str] = frozenset()
    event: Several | None = None

    @property
    def whole(self) -> Event:
        """What decides it, of whatever shape."""
        if self.event:
            return self.event
        known = Settled(holds=tuple(self.kept.tolist()))
        return several(len(self.rows) + 1, [*self.rows, known])


def ask(target: Target, model: GrowthModel) -> Question | str:
    """Return the question, or the reason why it cannot be answered."""
    condition = target.condition
    if condition is None or target.not_assessable:
        return stated_reason(target)
    for name in condition.indicators:
        if name not in model and name not in model.derived:
            return _missing(name, model)
    check_batch(condition.indicators, model)
    event = event_of(condition, model)
    return event if isinstance(event, str) else question_of(target, event, model)


def question_of(target: Target, event: Event, model: GrowthModel) -> Question:
    """Return the question whether an event comes true, under the name of a target."""
    rows = tuple(dict.fromkeys(leaves(event)))
    names = tuple(dict.fromkeys(name for row in rows for name in row.names))
    asked = target.condition.indicators if target.condition else names
    plain = _conjunction(event)
    kept = held_by(event, lambda leaf: np.ones(1, bool))
    return Question(
        target=target,
        rows=rows,
        kept=np.broadcast_to(kept, (model.members(asked[0]),)).copy(),
        indicators=frozenset(needed(model.identities, names)).difference(model.derived),
        derived=frozenset(names).intersection(model.derived),
        event=event if isinstance(event, Several) and not plain else None,
    )


def _conjunction(event: Several | Leaf | Settled) -> bool:
    """Whether nothing but rows, and what is settled, have to hold all together."""
    if not isinstance(event, Several):
        return True
    return event.least == len(event.parts) and not any(isinstance(part, Several) for part in event.parts)


def merged(questions: Sequence[Question], model: GrowthModel) -> Question:
    """Return the question whether all hold, under the name of the first."""
    if len(questions) == 1:
        return questions[0]
    together = several(len(questions), [question.whole for question in questions])
    return question_of(questions[0].target, together, model)


def none_assessed(asked: Sequence[Question | str]) -> RequestError:
    """Return the refusal where none of what was asked is left to chance."""
    reasons = dict.fromkeys(reason.rstrip(".") for reason in asked if isinstance(reason, str))
    why = "; ".join(reasons) or "all years are past"
    return RequestError(f"No target can be assessed: {why}.", "Give others.")


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


def closed(row: Leaf, model: GrowthModel) -> bool:
    """Whether the law of that year decides the row, and has a closed form."""
    if not isinstance(row, Row) or not row.fixed or row.indicator not in model:
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


def check_sizes(questions: Sequence[Question], model: GrowthModel) -> None:
    """Refuse targets on different batches in one call."""
    batches = {tuple(model.batch(q.target.condition.indicators[0])) for q in questions if q.target.condition}
    if len(batches) > 1:
        dims = "; ".join(", ".join(batch) or "no batch" for batch in sorted(batches))
        raise RequestError(
            f"The targets lie on different dimensions ({dims}).", "Ask them in separate calls."
        )


def check_batch(names: Sequence[str], model: GrowthModel) -> None:
    """Refuse to compare series of different dimensions."""
    if len(names) > 1 and len({tuple(model.batch(name)) for name in names}) > 1:
        raise RequestError(
            f"{' and '.join(map(repr, names))} differ in their dimensions.", "Give both the same batch."
        )


def _missing(name: str, model: GrowthModel) -> str:
    if name in model.absent:
        return f"the series {name!r} cannot be used: {model.absent[name]}"
    return f"there is no series {name!r}"
