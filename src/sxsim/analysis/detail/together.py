"""Which targets are hit together: how many of them, one given another, and where all together fails."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from sxsim import labels
from sxsim.analysis.detail.chances import Chances
from sxsim.analysis.detail.shelf import Shelf, Variables
from sxsim.analysis.event import several
from sxsim.analysis.question import Question, question_of
from sxsim.processes import GrowthModel


def together_questions(joined: Sequence[Question], model: GrowthModel) -> list[Question]:
    """Return each target; both of each pair; at least so many; and all but each."""
    events = [question.whole for question in joined]
    count = len(events)
    pairs = [several(2, [events[i], events[j]]) for i, j in combinations(range(count), 2)]
    some = [several(k + 1, events) for k in range(count)]
    rest = [several(count - 1, [e for j, e in enumerate(events) if j != i]) for i in range(count)]
    return [question_of(joined[0].target, event, model) for event in (*events, *pairs, *some, *rest)]


def together(joined: Sequence[Question], found: Chances, shelf: Shelf) -> Variables:
    """Gather what the questions say.

    ``at_least`` counts the targets that enter the joint; ``given_hit`` and ``given_missed`` are the
    probabilities of one target where another is hit or missed; of the cases in which not all are hit,
    ``failure_share`` has the share in which a target is among the missed, ``only_failure`` the share in which
    it is the only one.
    """
    count, pairs = len(joined), list(combinations(range(len(joined)), 2))
    ends = np.cumsum([count, len(pairs), count, count])
    each, both, some, rest = (
        found.pick(slice(end - size, end))
        for end, size in zip(ends, (count, len(pairs), count, count), strict=True)
    )
    rows = [shelf.row(question.target) for question in joined]
    hit, missed = shelf.blank(rows), shelf.blank(rows)
    for p, (i, j) in enumerate(pairs):
        pair = both.pick([p])
        for own, other in ((i, j), (j, i)):
            one, condition = each.pick([own]), each.pick([other])
            hit.put(rows[own], pair.given(condition), [other])
            missed.put(rows[own], one.less(pair).given(_not(condition)), [other])
    all_hit = some.pick([count - 1])
    fails = _not(all_hit)
    share, only = shelf.blank(), shelf.blank()
    for i, row in enumerate(rows):
        share.put(row, _not(each.pick([i])).given(fails))
        only.put(row, rest.pick([i]).less(all_hit).given(fails))
    shape = tuple(c.size for c in shelf.batch.values())
    dims = (labels.SCENARIO, labels.COUNT, *shelf.batch)
    out: Variables = {
        "at_least": (dims, some.probability.reshape(shelf.scenarios, count, *shape)),
        "at_least_standard_error": (dims, some.error.reshape(shelf.scenarios, count, *shape)),
    }
    for name, table, more in (
        ("given_hit", hit, (labels.GIVEN,)),
        ("given_missed", missed, (labels.GIVEN,)),
        ("failure_share", share, ()),
        ("only_failure", only, ()),
    ):
        out |= table.variables(name, more)
    return out


def _not(found: Chances) -> Chances:
    return Chances(probability=1.0 - found.probability, error=found.error, draws=found.draws)
