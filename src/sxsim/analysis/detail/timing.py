"""When a target is hit: in which year, for the first time, and for good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sxsim import labels
from sxsim.analysis.detail.chances import Chances
from sxsim.analysis.detail.shelf import Shelf, Variables
from sxsim.analysis.event import Event, negated, several
from sxsim.analysis.promise import event_of
from sxsim.analysis.question import Question, question_of
from sxsim.plan import Condition, OwnPast, Target, Total
from sxsim.processes import GrowthModel


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """The years in which a target may be hit, and the questions they put.

    Attributes
    ----------
    target, years
        Whose years: from the first one ahead to the last one asked for.
    questions
        For each year whether it holds; whether it did in no year so far; and whether it does from then on.
    """

    target: Target
    years: tuple[int, ...]
    questions: tuple[Question, ...]


def span_of(target: Target, model: GrowthModel) -> Span | None:
    """Return the years of a target; None where no single year of it can be judged."""
    condition = target.condition
    if not isinstance(condition, Condition | Total):
        return None
    first = max(model.last_year + 1, condition.years[0] if isinstance(condition, Total) else 0)
    if isinstance(condition, Condition) and isinstance(condition.level, OwnPast) and condition.level.since:
        first = max(first, condition.level.since + 1)
    years = tuple(range(first, condition.years[-1] + 1))
    events = [event_of(_of_year(condition, year), model) for year in years]
    known = [event for event in events if not isinstance(event, str)]
    if not known or len(known) < len(years):
        return None
    return Span(target=target, years=years, questions=tuple(_questions(target, known, model)))


def _of_year(condition: Condition | Total, year: int) -> Condition | Total:
    """What has to hold for the target to count as hit in a year: of a total what is added up by then."""
    if isinstance(condition, Total):
        return condition.of_years(tuple(y for y in condition.years if y <= year))
    return condition.of_years((year,))


def _questions(target: Target, events: Sequence[Event], model: GrowthModel) -> list[Question]:
    misses = [negated(event) for event in events]
    until = [several(t + 1, misses[: t + 1]) for t in range(len(events))]
    after = [several(len(events) - t, events[t:]) for t in range(len(events))]
    return [question_of(target, event, model) for event in (*events, *until, *after)]


def timing(spans: Sequence[Span], found: Chances, shelf: Shelf) -> Variables:
    """Gather what the years say; ``found`` has the questions of all spans, one after the other."""
    years = sorted({year for span in spans for year in span.years})
    whole, hazards = shelf.blank(years), shelf.blank(years)
    stays, first, never = shelf.blank(years), shelf.blank(years), shelf.blank()
    start = 0
    for span in spans:
        count, row = len(span.years), shelf.row(span.target)
        at = [years.index(year) for year in span.years]
        holds, none, after = (found.pick(slice(start + k * count, start + (k + 1) * count)) for k in range(3))
        start += 3 * count
        none = replace(none, probability=np.minimum.accumulate(none.probability, axis=1))
        before = _shifted(none)
        now = before.less(none)
        for table, part in ((whole, holds), (first, now), (hazards, now.given(before)), (stays, after)):
            table.put(row, part, at)
        never.put(row, none.pick([count - 1]))
    dims = (labels.YEAR,)
    out: Variables = {}
    for name, table in (
        ("probability_by_year", whole),
        ("first_hit", first),
        ("hazard", hazards),
        ("stays_hit", stays),
    ):
        out |= table.variables(name, dims)
    return out | never.variables("never_hit", ())


def _shifted(none: Chances) -> Chances:
    """What was true a year before: nothing was hit before the first year."""

    def moved(values: np.ndarray, start: float) -> np.ndarray:
        return np.concatenate([np.full_like(values[:, :1], start), values[:, :-1]], axis=1)

    draws = np.concatenate([none.draws[:, :1], none.draws[:, :-1]], axis=1)
    return Chances(probability=moved(none.probability, 1.0), error=moved(none.error, 0.0), draws=draws)
